// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rte_mbuf.h>

#include <cstddef>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

namespace telltale::capture {

// Makes AddressSanitizer report reads beyond a borrowed frame. It does not know the buffers, which come from DPDK's
// pool, so guard_tail() poisons the rest of a frame's buffer. Call lift_guard() before the buffer is freed: drivers are
// not instrumented, but the functions of the C library that they call are. Other builds do nothing.
inline void guard_tail([[maybe_unused]] const rte_mbuf& buffer) {
#ifdef __SANITIZE_ADDRESS__
    if (buffer.nb_segs != 1) return;
    const char* const end = rte_pktmbuf_mtod_offset(&buffer, const char*, buffer.data_len);
    ASAN_POISON_MEMORY_REGION(end, std::size_t{rte_pktmbuf_tailroom(&buffer)});
#endif
}

inline void lift_guard([[maybe_unused]] const rte_mbuf& buffer) {
#ifdef __SANITIZE_ADDRESS__
    if (buffer.nb_segs == 1) ASAN_UNPOISON_MEMORY_REGION(buffer.buf_addr, buffer.buf_len);
#endif
}

}  // namespace telltale::capture
