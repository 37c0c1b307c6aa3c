// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>

#include "sensor/base/enumeration.h"

namespace telltale::base {

// Whether a figure only grows, or is the value of this moment.
enum class CounterKind : std::uint8_t { counter, gauge };

// One counter of the struct S, as its list names it.
template <typename S>
struct Counter {
    std::string_view name;
    CounterKind kind;
    std::string_view help;  // no full stop
    std::uint64_t S::*member;
};

// Counters of S by enumerator, such as frames by outcome. `label` names the kind of word; without a `name`, the words
// are names of their own.
template <typename S, typename Enum>
struct CounterArray {
    std::string_view name;
    std::string_view label;
    std::string_view help;
    EnumArray<Enum, std::uint64_t> S::*member;
};
// Stated for compilers that do not deduce aggregates (clang 14).
template <typename S, typename Enum>
CounterArray(std::string_view, std::string_view, std::string_view, EnumArray<Enum, std::uint64_t> S::*)
    -> CounterArray<S, Enum>;

// One counter with its value, as visit() reports it.
struct CounterValue {
    std::string_view name;
    CounterKind kind = CounterKind::counter;
    std::string_view help;
    std::string_view label;  // of an array: the kind of word, and this value's word; else empty
    std::string_view word;
    std::uint64_t value = 0;
};

// Declares the counters of a struct. LIST(X) is a macro of X(name, counter|gauge, help), one line per counter; arrays
// follow as members of their own and are listed in `kArrays`:
//
//     struct DecodeCounters {
//         TELLTALE_COUNTERS(DecodeCounters, TELLTALE_DECODE_COUNTERS)
//         base::EnumArray<DecodeOutcome, std::uint64_t> outcomes;
//         static constexpr std::tuple kArrays{
//             base::CounterArray{"frames", "outcome", "Frames by outcome", &DecodeCounters::outcomes}};
//     };
//
// Counters are plain fields with one writer. add() and visit() do not compile for a struct with a member that is in
// neither list, or in a list twice.
#define TELLTALE_COUNTERS(S, LIST) \
    LIST(TELLTALE_COUNTER_MEMBER)  \
    using CounterOwner = S;        \
    static constexpr auto kCounters = std::to_array<::telltale::base::Counter<S>>({LIST(TELLTALE_COUNTER_ENTRY)});
#define TELLTALE_COUNTER_MEMBER(name, kind, help) std::uint64_t name = 0;
#define TELLTALE_COUNTER_ENTRY(name, kind, help) \
    {#name, ::telltale::base::CounterKind::kind, help, &CounterOwner::name},

namespace counters_detail {

template <typename S>
constexpr auto arrays() {
    if constexpr (requires { S::kArrays; }) {
        return S::kArrays;
    } else {
        return std::tuple<>{};
    }
}

template <typename S, typename Take>
constexpr void for_each_array([[maybe_unused]] Take&& take) {
    std::apply([&](const auto&... array) { (take(array), ...); }, arrays<S>());
}

// Returns whether the lists of S name each of its 64-bit words once.
template <typename S>
constexpr bool complete() {
    for (std::size_t i = 0; i < S::kCounters.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (S::kCounters[i].member == S::kCounters[j].member || S::kCounters[i].name == S::kCounters[j].name) {
                return false;
            }
        }
    }
    std::size_t in_arrays = 0;
    for_each_array<S>([&]<typename Enum>(const CounterArray<S, Enum>&) { in_arrays += kCount<Enum>; });
    return sizeof(S) == (S::kCounters.size() + in_arrays) * sizeof(std::uint64_t);
}

}  // namespace counters_detail

// Adds each counter of `one` to that of `sum`; also gauges, for sums over threads.
template <typename S>
constexpr void add(S& sum, const S& one) {
    static_assert(counters_detail::complete<S>(),
                  "a member of the struct is missing from its lists, or is listed twice");
    for (const Counter<S>& counter : S::kCounters) sum.*counter.member += one.*counter.member;
    counters_detail::for_each_array<S>([&](const auto& array) {
        auto from = (one.*array.member).begin();
        for (std::uint64_t& to : sum.*array.member) to += *from++;
    });
}

// Calls report(const CounterValue&) for every counter of `counters`.
template <typename S, typename Report>
constexpr void visit(const S& counters, Report&& report) {
    static_assert(counters_detail::complete<S>(),
                  "a member of the struct is missing from its lists, or is listed twice");
    for (const Counter<S>& counter : S::kCounters) {
        report(CounterValue{counter.name, counter.kind, counter.help, {}, {}, counters.*counter.member});
    }
    counters_detail::for_each_array<S>([&]<typename Enum>(const CounterArray<S, Enum>& array) {
        for (const Enum one : enumerators<Enum>()) {
            report(CounterValue{array.name, CounterKind::counter, array.help, array.label, word_of(one),
                                (counters.*array.member)[one]});
        }
    });
}

}  // namespace telltale::base
