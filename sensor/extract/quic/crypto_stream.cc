// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/quic/crypto_stream.h"

#include <algorithm>
#include <cstring>

namespace telltale::extract::quic {

void CryptoStream::place(std::uint64_t offset, base::Bytes piece) {
    if (piece.empty() || offset >= kMaxBytes) return;
    piece = piece.first(std::min<std::size_t>(piece.size(), kMaxBytes - offset));
    const auto begin = static_cast<std::uint32_t>(offset);
    const auto end = static_cast<std::uint32_t>(offset + piece.size());
    // The ranges [first, last) overlap or touch the piece and become one with it.
    std::size_t first = 0;
    while (first < range_count_ && ranges_[first].end < begin) ++first;
    std::size_t last = first;
    while (last < range_count_ && ranges_[last].begin <= end) ++last;
    if (first == last && range_count_ == kMaxRanges) return;

    std::uint32_t at = begin;
    const auto fill = [&](std::uint32_t until) {
        if (at < until) std::memcpy(bytes_.data() + at, piece.data() + (at - begin), until - at);
    };
    for (std::size_t i = first; i < last; ++i) {
        fill(std::min(ranges_[i].begin, end));
        at = std::clamp(ranges_[i].end, at, end);
    }
    fill(end);

    Range merged{begin, end};
    const auto ranges = ranges_.begin();
    const auto place_of = [](std::size_t index) { return static_cast<std::ptrdiff_t>(index); };
    if (first == last) {
        std::copy_backward(ranges + place_of(first), ranges + place_of(range_count_),
                           ranges + place_of(range_count_ + 1));
        ++range_count_;
    } else {
        merged = {std::min(begin, ranges_[first].begin), std::max(end, ranges_[last - 1].end)};
        std::copy(ranges + place_of(last), ranges + place_of(range_count_), ranges + place_of(first + 1));
        range_count_ -= last - first - 1;
    }
    ranges_[first] = merged;
}

base::Bytes CryptoStream::in_order() const {
    const bool from_start = range_count_ != 0 && ranges_[0].begin == 0;
    return base::Bytes(bytes_).first(from_start ? ranges_[0].end : 0);
}

void CryptoStream::remember_key_id(base::Bytes id) {
    key_id_bytes_ = std::min(id.size(), key_id_.size());
    std::copy_n(id.begin(), key_id_bytes_, key_id_.begin());
}

CryptoStream* CryptoStreams::find(const MessageProgress& progress) {
    const std::size_t index = progress.scanned;
    if (index == 0 || index > kStreams || tags_[index - 1] != progress.gathered) return nullptr;
    return &streams_[index - 1];
}

CryptoStream& CryptoStreams::take(MessageProgress& progress) {
    const std::size_t index = next_;
    next_ = (next_ + 1) % kStreams;
    if (++last_tag_ == 0) ++last_tag_;  // 0 is nobody's
    tags_[index] = last_tag_;
    progress.scanned = static_cast<std::uint16_t>(index + 1);
    progress.gathered = last_tag_;
    streams_[index].clear();
    return streams_[index];
}

}  // namespace telltale::extract::quic
