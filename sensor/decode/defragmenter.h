// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sensor/base/counters.h"
#include "sensor/base/hash_index.h"
#include "sensor/base/index_lists.h"
#include "sensor/base/packet_clock.h"
#include "sensor/base/siphash.h"
#include "sensor/model/addresses.h"
#include "sensor/model/flow_key.h"
#include "sensor/model/frame.h"

namespace telltale::decode {

#define TELLTALE_DEFRAGMENT_COUNTERS(X)                                                                             \
    X(fragments, counter, "IP fragments seen")                                                                      \
    X(fragments_cut, counter, "IP fragments not used because the capture cut them")                                 \
    X(fragments_malformed, counter, "IP fragments not used because of an impossible length or offset")              \
    X(fragments_repeated, counter, "IP fragments whose bytes were all there already")                               \
    X(fragments_contradicting, counter, "IP fragments not used because they give their datagram another end")       \
    X(fragments_discarded, counter, "IP fragments of IPv6 datagrams that had been discarded")                       \
    X(fragments_without_room, counter, "IP fragments not used because too many datagrams were still being read")    \
    X(overlaps, counter, "IP fragments that overlap earlier ones; of IPv4 the first copy of a byte is kept")        \
    X(overlaps_different, counter, "IPv4 fragments that repeat bytes with other content")                           \
    X(datagrams_pending, gauge, "Datagrams of which only some fragments have arrived")                              \
    X(datagrams_completed, counter, "Datagrams put together from fragments")                                        \
    X(datagrams_discarded, counter, "IPv6 datagrams discarded because their fragments overlap or contradict")       \
    X(datagrams_too_long, counter, "Fragmented datagrams discarded because they would be longer than 65,535 bytes") \
    X(datagrams_timed_out, counter, "Fragmented datagrams given up because they were not whole in time")            \
    X(datagrams_reclaimed, counter, "Fragmented datagrams given up because the table was full: the oldest goes first")

// Counters of one defragmenter, written by its thread alone.
struct DefragmentCounters {
    TELLTALE_COUNTERS(DefragmentCounters, TELLTALE_DEFRAGMENT_COUNTERS)
};

// Limits of a Defragmenter: its memory is 67 KiB per datagram, allocated at start.
struct DefragmenterConfig {
    base::HashKey hash_key;                          // secret
    std::uint32_t datagrams = 64;                    // the most incomplete ones at a time; at least 1
    std::int64_t timeout_ns = 30 * base::kSecondNs;  // from a datagram's first fragment, in packet time
};

// Reassembles datagrams from IPv4 fragments (RFC 791 section 3.2, with its table of 8-byte blocks) and IPv6 fragments
// (RFC 8200 section 4.5). One per frame source, before frames are distributed to workers. Single-threaded. Only the
// constructor allocates: 67 KiB per datagram, touched as datagrams fill. Fragments belong together if their link type,
// segment, addresses, identification and, for IPv4, protocol are equal.
//
// Overlaps: for IPv4, the first copy of a byte stays, whatever follows. IPv6 datagrams with overlaps are discarded with
// all of their later fragments (RFC 5722), but a fragment that repeats bytes as they are counts as a duplicate. A
// fragment that contradicts the datagram's end is not used. The cost is linear in the bytes, however many the pieces.
class Defragmenter {
  public:
    // The most bytes of link and IP headers; a fragment with more before its data counts as malformed.
    static constexpr std::uint32_t kMaxHeaderBytes = 256;
    static constexpr std::uint32_t kMaxDatagramBytes = 65'535;
    // How many datagrams can be complete at a time: one per frame of a batch.
    static constexpr std::uint32_t kMaxCompleted = model::kBatchFrames;

    explicit Defragmenter(const DefragmenterConfig& config);

    // Takes a frame that may be a fragment, and ignores others. Returns true if it completes its datagram. `whole` is
    // then that datagram as a frame: with the headers of the first fragment, without fragmentation and with lengths and
    // checksum corrected, and with the time, port and link of the completing fragment, which it follows in the order.
    // Its bytes are borrowed until recycle().
    bool offer(const model::Frame& frame, model::Frame& whole);
    // Releases the datagrams that were completed.
    void recycle();

    [[nodiscard]] const DefragmentCounters& counters() const { return counters_; }

  private:
    static constexpr std::uint32_t kBlockBytes = 8;  // offsets of fragments are multiples of it
    static constexpr std::uint32_t kBlocks = (kMaxDatagramBytes + 1) / kBlockBytes;
    static constexpr std::size_t kSlotBytes = kMaxHeaderBytes + kMaxDatagramBytes + 1;
    enum List : std::uint32_t { kFree, kPending, kCompleted, kListCount };

    struct Key {
        model::IpAddress source;
        model::IpAddress destination;
        std::uint32_t identification = 0;
        model::Segment segment;
        std::uint8_t version = 0;
        std::uint8_t protocol = 0;  // IPv4 only: in IPv6, only the first fragment's is valid
        model::LinkType link{};     // of the stored headers
        std::uint8_t zero[5] = {};
    };
    static_assert(sizeof(Key) == 48);
    struct Fragment {
        Key key;
        std::uint32_t network_offset = 0;  // of the IP header in the frame
        std::uint32_t header_bytes = 0;    // link and IP headers, up to the data or IPv6's fragment header
        std::uint32_t next_header_at = 0;  // IPv6: the field that announces the fragment header
        std::uint8_t next_header = 0;      // IPv6: the value of that field in the whole datagram
        bool more = false;
        std::uint32_t offset = 0;  // of the data in the datagram's payload
        base::Bytes data;
    };
    struct Datagram {
        Key key;
        std::uint32_t tag = 0;
        bool discarded = false;
        std::int64_t started_ns = 0;
        std::uint32_t header_bytes = 0;  // 0: no first fragment yet
        std::uint32_t network_offset = 0;
        std::uint32_t size = 0;     // of the payload; 0: no last fragment yet
        std::uint32_t highest = 0;  // the highest end of a fragment
        std::uint32_t received = 0;
        std::array<std::uint64_t, kBlocks / 64> there;  // one bit per block
    };

    enum class Reading : std::uint8_t { no_fragment, sound, cut, malformed };
    [[nodiscard]] static Reading read(const model::Frame& frame, Fragment& fragment);
    [[nodiscard]] static Reading read_ipv4(const model::Frame& frame, Fragment& fragment);
    [[nodiscard]] static Reading read_ipv6(const model::Frame& frame, Fragment& fragment);
    [[nodiscard]] static bool place_data(const model::Frame& frame, std::uint32_t begin, std::uint32_t end,
                                         std::uint32_t room, Fragment& fragment);

    void expire(std::int64_t now_ns);
    [[nodiscard]] bool too_old(const Datagram& datagram, std::int64_t now_ns) const;
    [[nodiscard]] std::uint32_t find_or_open(const Key& key, std::int64_t now_ns);
    void drop(std::uint32_t index, List to);
    void discard(Datagram& datagram);
    [[nodiscard]] bool place(Datagram& datagram, const Fragment& fragment);
    void fill_gaps(Datagram& datagram, const Fragment& fragment);
    void keep_headers(Datagram& datagram, const model::Frame& frame, const Fragment& fragment);
    void mend_headers(Datagram& datagram);
    [[nodiscard]] std::uint8_t* payload(const Datagram& datagram);
    [[nodiscard]] std::uint8_t* headers(const Datagram& datagram);

    DefragmenterConfig config_;
    std::vector<Datagram> datagrams_;
    std::unique_ptr<std::uint8_t[]> storage_;  // one slot per datagram: headers, up to the payload's start
    base::IndexLists lists_;                   // pending: in the order of arrival
    base::HashIndex index_;
    DefragmentCounters counters_;
};

// Returns false if offer() would ignore the frame, as far as a few bytes show: for nearly all frames that are not
// fragments, and never for a fragment. may_be_fragment_in() handles everything but plain Ethernet with IPv4.
[[nodiscard]] bool may_be_fragment_in(const model::Frame& frame);
[[nodiscard]] inline bool may_be_fragment(const model::Frame& frame) {
    if (frame.link == model::LinkType::ethernet && frame.captured_length >= 34) [[likely]] {
        const std::uint8_t* bytes = frame.data;
        if (bytes[12] == 0x08 && bytes[13] == 0x00) return ((bytes[20] & 0x3f) | bytes[21]) != 0;
    }
    return may_be_fragment_in(frame);
}

}  // namespace telltale::decode
