// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rte_mbuf.h>

#include <cstddef>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

namespace telltale::capture {

// Buffers come from a pool that AddressSanitizer knows nothing of: in its builds what stands behind a frame in its
// buffer is forbidden ground while the frame is borrowed, so that a read beyond the frame is seen. Else nothing is
// done. Drivers are not instrumented, but the C library's functions that they call are: lift it before a buffer goes
// back.
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
