// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/event_store.h"

namespace telltale::exporters {

// One kind of store, as the contract's tests open it.
struct StoreKind {
    std::string name;
    // Opens the store in a folder of its own; a store that survives restarts finds there what it kept.
    std::function<std::unique_ptr<EventStore>(const std::filesystem::path& folder, StoreLimits limits,
                                              Overflow overflow)>
        open;
    bool survives_restarts = false;
};

inline void PrintTo(const StoreKind& kind, std::ostream* out) { *out << kind.name; }

inline constexpr std::size_t kMany = 1'000'000;  // events: more than any test appends

// The suite that every store must pass (exporters/event_store.h): store_contract*.cc. A store registers itself in its
// own test file:
//
//   INSTANTIATE_TEST_SUITE_P(MyStore, StoreContract, testing::Values(StoreKind{"MyStore", open_my_store}),
//   name_of_kind);
class StoreContract : public testing::TestWithParam<StoreKind> {
  protected:
    StoreContract();
    ~StoreContract() override;

    // Opens the store; again: after a restart.
    std::unique_ptr<EventStore> open(std::size_t max_events, Overflow overflow = Overflow::drop,
                                     std::size_t max_bytes = 1U << 30) const;

    std::filesystem::path folder_;
};

inline std::string name_of_kind(const testing::TestParamInfo<StoreKind>& info) { return info.param.name; }

// An event whose text is its dataset and its sequence, followed by `filling` further bytes.
AppendResult append_one(EventStore& store, model::Dataset dataset, std::size_t filling = 0);
std::string text_of(model::Dataset dataset, std::uint64_t sequence);

// Everything of a topic after a position, as texts.
std::vector<std::string> texts(EventStore& store, ReaderId reader, model::Topic topic, Position after = 0);

// The identities of LogFigures.
void expect_identities(const EventStore& store);

}  // namespace telltale::exporters
