// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "sensor/base/siphash.h"
#include "signatures/bundle.h"

namespace telltale::match {

// Results of recent texts: the devices of a network ask for the same names all day. Whole texts are compared, so that
// the result is that of a scan; a new text replaces another. Texts that are long or match often are not stored. Fixed
// size, one per scanner, allocates nothing after construction. Places are by a hash without a secret, so that the same
// texts are scanned in every run: who makes texts share a place costs each a scan, as if there were no memory.
class ScanMemo {
  public:
    static constexpr std::size_t kMaxTextBytes = 116;
    static constexpr std::size_t kMaxSignatures = 4;

    explicit ScanMemo(std::size_t entries = 4096) : entries_(entries) {}

    // Returns the place of the text; valid until the next call. Only for texts of at most kMaxTextBytes.
    struct Entry {
        std::array<signatures::SignatureId, kMaxSignatures> signatures{};
        std::uint8_t count = 0;
        std::uint8_t set = 0;
        std::uint8_t size = 0;  // of the text; 0: the place is free
        std::array<char, kMaxTextBytes> text{};

        [[nodiscard]] bool holds(signatures::PatternSet of, std::string_view wanted) const {
            return size == wanted.size() && set == static_cast<std::uint8_t>(of) &&
                   std::memcmp(text.data(), wanted.data(), wanted.size()) == 0;
        }
        [[nodiscard]] std::span<const signatures::SignatureId> matches() const {
            return std::span(signatures).first(count);
        }
        void remember(signatures::PatternSet of, std::string_view seen,
                      std::span<const signatures::SignatureId> matches) {
            set = static_cast<std::uint8_t>(of);
            size = static_cast<std::uint8_t>(seen.size());
            count = static_cast<std::uint8_t>(matches.size());
            std::copy(seen.begin(), seen.end(), text.begin());
            std::copy(matches.begin(), matches.end(), signatures.begin());
        }
    };
    [[nodiscard]] Entry& place_of(std::string_view text) {
        const std::uint64_t hash = base::siphash13({}, text.data(), text.size());
        return entries_[static_cast<std::size_t>((hash >> 32) * entries_.size() >> 32)];
    }

  private:
    std::vector<Entry> entries_;
};

}  // namespace telltale::match
