// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string_view>
#include <tuple>

#include "sensor/base/counters.h"
#include "sensor/extract/registry.h"

namespace telltale::extract {

#define TELLTALE_MESSAGE_COUNTERS(X)                                                                       \
    X(done, counter, "Messages read; also those that were cut")                                            \
    X(cut, counter, "Messages read as far as the capture or a limit allowed")                              \
    X(need_more, counter, "Times that a message had to wait for more of its stream")                       \
    X(not_mine, counter, "Message starts that looked like the protocol's and were not")                    \
    X(finished, counter, "Directions of a stream that were left because nothing of interest would follow") \
    X(lost, counter, "Records that found no room in the batch's buffer")

// Outcomes of the messages of one protocol.
struct ProtocolCounters {
    TELLTALE_COUNTERS(ProtocolCounters, TELLTALE_MESSAGE_COUNTERS)
    base::EnumArray<Malformed, std::uint64_t> malformed;

    static constexpr std::tuple kArrays{
        base::CounterArray{"", "reason", "Messages that are malformed", &ProtocolCounters::malformed}};

    [[nodiscard]] std::uint64_t malformed_messages() const {
        return std::accumulate(malformed.begin(), malformed.end(), std::uint64_t{0});
    }
};

#define TELLTALE_DISPATCH_COUNTERS(X) \
    X(unknown_streams, counter, "Directions of TCP streams whose first bytes no protocol recognised")

// Where a protocol's own outcomes begin among all of them; behind the last protocol, how many there are.
constexpr std::size_t own_outcomes_before(std::size_t protocol) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < protocol; ++i) sum += kProtocols[i].own_outcomes.size();
    return sum;
}

// Counters of one worker's extractors, written by its thread alone. `protocols` is indexed as kProtocols.
struct ExtractCounters {
    struct Dispatch {
        TELLTALE_COUNTERS(Dispatch, TELLTALE_DISPATCH_COUNTERS)
    };
    std::array<ProtocolCounters, kProtocolCount> protocols{};
    std::array<std::uint64_t, own_outcomes_before(kProtocolCount)> own{};
    Dispatch dispatch;

    // `outcome` is of the list of kProtocols[protocol].
    void count_own(std::size_t protocol, const OwnOutcome& outcome) {
        ++own[own_outcomes_before(protocol) +
              static_cast<std::size_t>(&outcome - kProtocols[protocol].own_outcomes.data())];
    }
    [[nodiscard]] std::uint64_t records_lost() const {
        std::uint64_t lost = 0;
        for (const ProtocolCounters& protocol : protocols) lost += protocol.lost;
        return lost;
    }
};

inline void add(ExtractCounters& sum, const ExtractCounters& one) {
    for (std::size_t i = 0; i < kProtocolCount; ++i) base::add(sum.protocols[i], one.protocols[i]);
    for (std::size_t i = 0; i < one.own.size(); ++i) sum.own[i] += one.own[i];
    base::add(sum.dispatch, one.dispatch);
}

// Calls report(std::string_view protocol, const base::CounterValue&) for every counter; the protocol is empty for those
// that belong to none.
template <typename Report>
void visit(const ExtractCounters& counters, Report&& report) {
    for (std::size_t i = 0; i < kProtocolCount; ++i) {
        const Protocol& protocol = kProtocols[i];
        base::visit(counters.protocols[i], [&](const base::CounterValue& value) { report(protocol.name, value); });
        for (std::size_t j = 0; j < protocol.own_outcomes.size(); ++j) {
            const OwnOutcome& own = protocol.own_outcomes[j];
            report(
                protocol.name,
                base::CounterValue{
                    own.name, base::CounterKind::counter, own.help, {}, {}, counters.own[own_outcomes_before(i) + j]});
        }
    }
    base::visit(counters.dispatch, [&](const base::CounterValue& value) { report(std::string_view(), value); });
}

}  // namespace telltale::extract
