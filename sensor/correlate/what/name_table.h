// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "sensor/base/counters.h"
#include "sensor/base/hash_index.h"
#include "sensor/base/keyed_hash.h"

struct psl_ctx_st;

namespace telltale::correlate {

// A text that the table keeps once. 0: no text, or one that found no room.
using NameId = std::uint32_t;
inline constexpr NameId kNoName = 0;

#define TELLTALE_NAME_TABLE_COUNTERS(X)                              \
    X(names, counter, "Distinct host names, per correlating thread") \
    X(names_over_limit, counter, "Host names that found no room and were left out")

// Counted by the NameTable.
struct NameTableCounters {
    TELLTALE_COUNTERS(NameTableCounters, TELLTALE_NAME_TABLE_COUNTERS)
};

// Interns host names and fingerprints: flows and contacts carry ids. Never forgets; at most `max_names`. The registered
// domain of a name (public suffix list, by libpsl's built-in copy) is looked up once, when it is first asked for.
class NameTable {
  public:
    explicit NameTable(std::size_t max_names);

    NameId intern(std::string_view text);
    // As `intern` for what a host wrote: lower case, without port and final dot, at most kMaxTextBytes. No name for IP
    // literals ("10.0.0.1:8080", "[::1]"), for what has a user in it ("joe@example.org"), and for the empty text.
    NameId intern_host(std::string_view host);

    [[nodiscard]] const std::string& text(NameId id) const { return names_[id].text; }
    const std::string& registered_domain(NameId id);
    [[nodiscard]] const NameTableCounters& counters() const { return counters_; }

  private:
    struct Name {
        std::string text;
        std::string registered_domain;
        bool looked_up = false;
    };

    std::size_t max_names_;
    NameTableCounters counters_;
    const psl_ctx_st* suffixes_;  // built in: lives as long as the process
    std::deque<Name> names_;      // stable addresses; [0] is the empty text
    base::HashIndex index_{63};   // of the texts in names_
};

}  // namespace telltale::correlate
