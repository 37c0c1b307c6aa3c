// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sensor/base/result.h"

namespace telltale::signatures {

// A compiled pattern of a signature, for its own examples and for the groups that a claim refers to. Never on a worker:
// workers scan with Hyperscan, which reports that a pattern matched, but not its groups. Bytes, not UTF; '.'
// excludes newline; unanchored search. Movable, one thread at a time (it owns its match block). The cost of one search
// is bounded by a match limit: a search that reaches it counts as no match and says so.
class Regex {
  public:
    static constexpr std::size_t kMaxPatternLength = 1024;
    static constexpr std::size_t kMaxGroups = 9;

    enum class Outcome : std::uint8_t { match, no_match, limit_reached };
    // [0] is the whole match, [1]..[9] the groups; views into the searched text, empty where a group took no part.
    using Groups = std::array<std::string_view, kMaxGroups + 1>;

    // Refuses what PCRE2 refuses and what Hyperscan does not know (look-around, back references, atomic groups...).
    static base::Result<Regex> compile(std::string_view pattern, bool caseless);

    Regex(Regex&&) noexcept;
    Regex& operator=(Regex&&) noexcept;
    Regex(const Regex&) = delete;
    Regex& operator=(const Regex&) = delete;
    ~Regex();

    Outcome search(std::string_view text) const;
    Outcome search(std::string_view text, Groups& groups) const;
    std::size_t group_count() const;

  private:
    struct State;
    explicit Regex(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// `text` with "$1".."$9" replaced by the groups.
std::string fill_groups(std::string_view text, const Regex::Groups& groups);

}  // namespace telltale::signatures
