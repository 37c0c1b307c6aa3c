// SPDX-License-Identifier: Apache-2.0
#include "sensor/decode/defragmenter.h"

#include <algorithm>
#include <cstring>

#include "sensor/decode/checksum.h"
#include "sensor/decode/layers.h"

namespace telltale::decode {
namespace {

constexpr std::uint32_t kIpv4HeaderBytes = 20;
constexpr std::uint32_t kIpv6HeaderBytes = 40;
constexpr std::uint16_t kMoreFragments = 0x2000;
constexpr std::uint16_t kOffsetMask = 0x1fff;

std::uint16_t be16_at(const std::uint8_t* at) { return be16<0>(Header<2>(at, 2)); }
std::uint32_t be32_at(const std::uint8_t* at) { return be32<0>(Header<4>(at, 4)); }
void put_be16(std::uint8_t* at, std::uint32_t value) {
    at[0] = static_cast<std::uint8_t>(value >> 8);
    at[1] = static_cast<std::uint8_t>(value);
}

// Calls visit(word, mask) for the words of a bit table that contain bits [first, last); the mask has these bits.
template <typename Words, typename Visit>
void for_each_word(Words& words, std::uint32_t first, std::uint32_t last, Visit&& visit) {
    for (std::uint32_t word = first / 64; word * 64 < last; ++word) {
        const std::uint32_t low = std::max(first, word * 64) - word * 64;
        const std::uint32_t count = std::min(last, word * 64 + 64) - word * 64 - low;
        const std::uint64_t ones = count == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
        visit(words[word], ones << low);
    }
}

bool may_be_fragment_at(base::Bytes bytes, std::size_t offset, bool ipv4) {
    if (bytes.size() < offset + kIpv4HeaderBytes) return false;
    const std::uint8_t* header = bytes.data() + offset;
    return ipv4 ? (be16_at(header + 6) & (kMoreFragments | kOffsetMask)) != 0 : is_ipv6_extension(header[6]);
}

}  // namespace

bool may_be_fragment_in(const model::Frame& frame) {
    const base::Bytes bytes = frame.bytes();
    model::NetworkStart start;
    switch (frame.link) {
        case model::LinkType::raw_ip: return !bytes.empty() && may_be_fragment_at(bytes, 0, bytes[0] >> 4 == 4);
        case model::LinkType::null_loopback:
            return bytes.size() > 4 && may_be_fragment_at(bytes, 4, bytes[4] >> 4 == 4);
        case model::LinkType::ethernet: start = model::network_start(bytes); break;
        case model::LinkType::linux_cooked_v1: start = model::skip_tags(bytes, {base::u16_at(bytes, 14), 16}); break;
        case model::LinkType::linux_cooked_v2: start = model::skip_tags(bytes, {base::u16_at(bytes, 0), 20}); break;
        default: return true;  // link types of capture files: decoded whole
    }
    if (bytes.size() < start.offset) return false;
    if (start.is_ip()) return may_be_fragment_at(bytes, start.offset, start.is_ipv4());
    // Types that may lead to IP after more headers, as LLC does. They are rare enough to be decoded whole.
    return start.ether_type < 0x0600 || start.ether_type == model::kEtherTypeMpls ||
           start.ether_type == model::kEtherTypeMplsMulticast || start.ether_type == model::kEtherTypePppoe ||
           start.ether_type == model::kEtherTypeEthernet || start.ether_type == model::kEtherTypeBackbone;
}

Defragmenter::Defragmenter(const DefragmenterConfig& config)
    : config_(config),
      datagrams_(std::size_t{std::max(config.datagrams, 1U)} + kMaxCompleted),
      storage_(new std::uint8_t[datagrams_.size() * kSlotBytes]),
      lists_(static_cast<std::uint32_t>(datagrams_.size()), kListCount),
      index_(static_cast<std::uint32_t>(datagrams_.size())) {
    config_.datagrams = std::max(config.datagrams, 1U);
    for (std::uint32_t i = 0; i < datagrams_.size(); ++i) lists_.push_back(kFree, i);
}

bool Defragmenter::offer(const model::Frame& frame, model::Frame& whole) {
    Fragment fragment;
    const Reading reading = read(frame, fragment);
    if (reading == Reading::no_fragment) return false;
    ++counters_.fragments;
    if (reading != Reading::sound) {
        ++(reading == Reading::cut ? counters_.fragments_cut : counters_.fragments_malformed);
        return false;
    }
    expire(frame.timestamp_ns);
    const std::uint32_t index = find_or_open(fragment.key, frame.timestamp_ns);
    if (index == base::kNoIndex) {
        ++counters_.fragments_without_room;
        return false;
    }
    Datagram& datagram = datagrams_[index];
    if (!place(datagram, fragment)) return false;
    if (fragment.offset == 0 && datagram.header_bytes == 0) keep_headers(datagram, frame, fragment);
    if (datagram.size == 0 || datagram.received != datagram.size) return false;
    if (datagram.header_bytes - datagram.network_offset + datagram.size >
        kMaxDatagramBytes + (datagram.key.version == 6 ? kIpv6HeaderBytes : 0)) {
        ++counters_.datagrams_too_long;
        drop(index, kFree);
        return false;
    }
    mend_headers(datagram);
    ++counters_.datagrams_completed;
    whole = frame;
    whole.data = headers(datagram);
    whole.captured_length = whole.wire_length = datagram.header_bytes + datagram.size;
    whole.order = frame.order.reassembled();
    whole.handle = nullptr;
    whole.reassembled = true;
    drop(index, kCompleted);
    return true;
}

void Defragmenter::recycle() { lists_.splice(kFree, kCompleted); }

bool Defragmenter::too_old(const Datagram& datagram, std::int64_t now_ns) const {
    // Packet time may also jump back.
    const std::int64_t age_ns = now_ns - datagram.started_ns;
    return age_ns > config_.timeout_ns || age_ns < -base::PacketClock::kToleranceNs;
}

void Defragmenter::expire(std::int64_t now_ns) {
    for (std::uint32_t index = lists_.front(kPending); index != base::kNoIndex && too_old(datagrams_[index], now_ns);
         index = lists_.front(kPending)) {
        if (!datagrams_[index].discarded) ++counters_.datagrams_timed_out;
        drop(index, kFree);
    }
}

std::uint32_t Defragmenter::find_or_open(const Key& key, std::int64_t now_ns) {
    std::uint64_t words[sizeof(Key) / 8];
    std::memcpy(words, &key, sizeof words);
    const std::uint32_t tag = base::HashIndex::tag(base::siphash13(config_.hash_key, words));
    const auto equal = [&](std::uint32_t at) { return std::memcmp(&datagrams_[at].key, &key, sizeof key) == 0; };
    std::uint32_t index = index_.find(tag, equal);
    if (index != base::kNoIndex && too_old(datagrams_[index], now_ns)) {
        if (!datagrams_[index].discarded) ++counters_.datagrams_timed_out;
        drop(index, kFree);
        index = base::kNoIndex;
    }
    if (index != base::kNoIndex) return index;

    if (counters_.datagrams_pending == config_.datagrams) {
        const std::uint32_t oldest = lists_.front(kPending);
        if (!datagrams_[oldest].discarded) ++counters_.datagrams_reclaimed;
        drop(oldest, kFree);
    }
    index = lists_.front(kFree);
    if (index == base::kNoIndex) return index;
    lists_.remove(index);
    Datagram& datagram = datagrams_[index];
    datagram = Datagram{};
    datagram.there.fill(0);
    datagram.key = key;
    datagram.tag = tag;
    datagram.started_ns = now_ns;
    lists_.push_back(kPending, index);
    index_.insert(tag, index);
    ++counters_.datagrams_pending;
    return index;
}

// Removes a pending datagram from the table.
void Defragmenter::drop(std::uint32_t index, List to) {
    index_.erase(datagrams_[index].tag, index);
    lists_.remove(index);
    lists_.push_back(to, index);
    --counters_.datagrams_pending;
}

// Marks a datagram as discarded. It stays in the table, so that its later fragments are recognised.
void Defragmenter::discard(Datagram& datagram) {
    datagram.discarded = true;
    ++counters_.datagrams_discarded;
}

// Returns false if the fragment added no bytes and no end.
bool Defragmenter::place(Datagram& datagram, const Fragment& fragment) {
    if (datagram.discarded) {
        ++counters_.fragments_discarded;
        return false;
    }
    const auto size = static_cast<std::uint32_t>(fragment.data.size());
    const std::uint32_t end = fragment.offset + size;
    const bool another_end = fragment.more ? datagram.size != 0 && end > datagram.size
                                           : (datagram.size != 0 && end != datagram.size) || end < datagram.highest;
    if (another_end) {
        ++counters_.fragments_contradicting;
        if (datagram.key.version == 6) discard(datagram);
        return false;
    }
    const std::uint32_t first = fragment.offset / kBlockBytes;
    const std::uint32_t last = (end + kBlockBytes - 1) / kBlockBytes;
    bool any = false;
    bool all = true;
    for_each_word(datagram.there, first, last, [&](std::uint64_t word, std::uint64_t mask) {
        any = any || (word & mask) != 0;
        all = all && (word & mask) == mask;
    });
    const bool same = all && std::memcmp(payload(datagram) + fragment.offset, fragment.data.data(), size) == 0;
    if (any && datagram.key.version == 6 && !same) {
        ++counters_.overlaps;
        discard(datagram);
        return false;
    }
    if (all) {
        ++counters_.fragments_repeated;
        if (!same) ++counters_.overlaps_different;
    } else if (any) {
        ++counters_.overlaps;
        fill_gaps(datagram, fragment);
    } else {
        std::memcpy(payload(datagram) + fragment.offset, fragment.data.data(), size);
        datagram.received += size;
    }
    for_each_word(datagram.there, first, last, [](std::uint64_t& word, std::uint64_t mask) { word |= mask; });
    datagram.highest = std::max(datagram.highest, end);
    if (!fragment.more) datagram.size = end;
    return true;
}

// Copies the blocks that are missing; the first copy of the others stays.
void Defragmenter::fill_gaps(Datagram& datagram, const Fragment& fragment) {
    const auto size = static_cast<std::uint32_t>(fragment.data.size());
    bool different = false;
    for (std::uint32_t at = 0; at < size; at += kBlockBytes) {
        const std::uint32_t block = (fragment.offset + at) / kBlockBytes;
        const std::uint32_t bytes = std::min(kBlockBytes, size - at);
        std::uint8_t* place = payload(datagram) + fragment.offset + at;
        if ((datagram.there[block / 64] >> (block % 64) & 1) != 0) {
            different = different || std::memcmp(place, fragment.data.data() + at, bytes) != 0;
            continue;
        }
        std::memcpy(place, fragment.data.data() + at, bytes);
        datagram.received += bytes;
    }
    if (different) ++counters_.overlaps_different;
}

void Defragmenter::keep_headers(Datagram& datagram, const model::Frame& frame, const Fragment& fragment) {
    datagram.header_bytes = fragment.header_bytes;
    datagram.network_offset = fragment.network_offset;
    std::memcpy(headers(datagram), frame.data, fragment.header_bytes);
    if (fragment.key.version == 6) headers(datagram)[fragment.next_header_at] = fragment.next_header;
}

void Defragmenter::mend_headers(Datagram& datagram) {
    std::uint8_t* header = headers(datagram) + datagram.network_offset;
    const std::uint32_t header_bytes = datagram.header_bytes - datagram.network_offset;
    if (datagram.key.version == 6) {
        put_be16(header + 4, header_bytes - kIpv6HeaderBytes + datagram.size);
        return;
    }
    put_be16(header + 2, header_bytes + datagram.size);
    put_be16(header + 6, be16_at(header + 6) & ~std::uint32_t{kMoreFragments | kOffsetMask});
    std::memset(header + 10, 0, 2);
    const auto checksum = static_cast<std::uint16_t>(~checksum_fold(checksum_words({header, header_bytes})));
    std::memcpy(header + 10, &checksum, 2);  // in the machine's byte order, as it was summed
}

std::uint8_t* Defragmenter::payload(const Datagram& datagram) {
    const auto index = static_cast<std::size_t>(&datagram - datagrams_.data());
    return storage_.get() + index * kSlotBytes + kMaxHeaderBytes;
}

std::uint8_t* Defragmenter::headers(const Datagram& datagram) { return payload(datagram) - datagram.header_bytes; }

Defragmenter::Reading Defragmenter::read(const model::Frame& frame, Fragment& fragment) {
    model::PacketView view;
    DecodeCounters uncounted;
    decode(frame, view, uncounted, 0);  // fragments inside a tunnel are left to its ends
    if (!view.fragment || frame.reassembled) return Reading::no_fragment;
    fragment.key.source = view.source;
    fragment.key.destination = view.destination;
    fragment.key.segment = view.segment();
    fragment.key.link = frame.link;
    fragment.network_offset = view.network_offset;
    return view.network == model::Network::ipv4 ? read_ipv4(frame, fragment) : read_ipv6(frame, fragment);
}

// Takes bytes [begin, end) of the frame as the fragment's data. Returns false if they were not captured or do not fit:
// `room` is the size of the largest payload.
bool Defragmenter::place_data(const model::Frame& frame, std::uint32_t begin, std::uint32_t end, std::uint32_t room,
                              Fragment& fragment) {
    if (begin >= end || end > frame.captured_length) return false;
    fragment.data = frame.bytes().subspan(begin, end - begin);
    const std::uint32_t size = end - begin;
    return fragment.header_bytes <= kMaxHeaderBytes && fragment.offset + size <= room &&
           (!fragment.more || size % kBlockBytes == 0);
}

Defragmenter::Reading Defragmenter::read_ipv4(const model::Frame& frame, Fragment& fragment) {
    const std::uint8_t* header = frame.data + fragment.network_offset;
    const std::uint32_t header_bytes = (header[0] & 0x0fU) * 4;
    const std::uint32_t total_length = be16_at(header + 2);
    const std::uint16_t flags_and_offset = be16_at(header + 6);
    fragment.key.version = 4;
    fragment.key.protocol = header[9];
    fragment.key.identification = be16_at(header + 4);
    fragment.more = (flags_and_offset & kMoreFragments) != 0;
    fragment.offset = (flags_and_offset & kOffsetMask) * kBlockBytes;
    fragment.header_bytes = fragment.network_offset + header_bytes;
    const std::uint32_t end = fragment.network_offset + total_length;
    if (header_bytes < kIpv4HeaderBytes || total_length <= header_bytes) return Reading::malformed;
    if (end > frame.captured_length) return Reading::cut;
    const std::uint32_t room = kMaxDatagramBytes - header_bytes;
    return place_data(frame, fragment.header_bytes, end, room, fragment) ? Reading::sound : Reading::malformed;
}

// decode() has read these headers up to the fragment header and found them complete.
Defragmenter::Reading Defragmenter::read_ipv6(const model::Frame& frame, Fragment& fragment) {
    const std::uint8_t* bytes = frame.data;
    std::uint32_t next_at = fragment.network_offset + 6;
    std::uint32_t at = fragment.network_offset + kIpv6HeaderBytes;
    for (unsigned count = 0; count < kMaxIpv6Extensions && at + 8 <= frame.captured_length; ++count) {
        const std::uint8_t type = bytes[next_at];
        const std::uint16_t offset_and_more = be16_at(bytes + at + 2) & 0xfff9U;
        if (type == kIpv6FragmentHeader && offset_and_more != 0) {
            fragment.key.version = 6;
            fragment.key.identification = be32_at(bytes + at + 4);
            fragment.more = (offset_and_more & 1) != 0;
            fragment.offset = offset_and_more & 0xfff8U;
            fragment.header_bytes = at;
            fragment.next_header_at = next_at;
            fragment.next_header = bytes[at];
            const std::uint32_t payload_length = be16_at(bytes + fragment.network_offset + 4);
            const std::uint32_t end = fragment.network_offset + kIpv6HeaderBytes + payload_length;
            if (payload_length == 0 || end <= at + 8) return Reading::malformed;
            if (end > frame.captured_length) return Reading::cut;
            const std::uint32_t extensions = at - fragment.network_offset - kIpv6HeaderBytes;
            if (extensions > kMaxHeaderBytes) return Reading::malformed;
            return place_data(frame, at + 8, end, kMaxDatagramBytes - extensions, fragment) ? Reading::sound
                                                                                            : Reading::malformed;
        }
        // The header of an atomic fragment (RFC 6946) is skipped like the others.
        const std::uint32_t length = bytes[at + 1];
        next_at = at;
        at += type == kIpv6FragmentHeader ? 8 : type == kAuthenticationHeader ? (length + 2) * 4 : (length + 1) * 8;
    }
    return Reading::malformed;
}

}  // namespace telltale::decode
