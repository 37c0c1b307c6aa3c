// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/memory_store.h"

#include <gtest/gtest.h>

#include "exporters/store/inline_export.h"
#include "tests/unit/exporters/store_contract.h"

namespace telltale::exporters {
namespace {

using model::Dataset;

INSTANTIATE_TEST_SUITE_P(MemoryStore, StoreContract,
                         testing::Values(StoreKind{
                             "MemoryStore",
                             [](const std::filesystem::path&, StoreLimits limits, Overflow overflow) {
                                 return std::make_unique<MemoryStore>(limits, overflow);
                             },
                             false}),
                         name_of_kind);

TEST(MemoryStore, RendersNothingThatItHasNoRoomFor) {
    MemoryStore store({10, 1U << 20}, Overflow::drop);
    store.add_reader("r");
    std::size_t rendered = 0;
    for (int i = 0; i < 20; ++i) {
        Envelope envelope;
        envelope.dataset = Dataset::alert;
        store.append(std::move(envelope), [&](std::uint64_t, std::string&) { ++rendered; });
    }
    EXPECT_EQ(rendered, 10U);
}

class CountingSink final : public EnvelopeSink {
  public:
    base::Status consume(std::span<const StoredEnvelope> batch) override {
        if (fail) return base::Error{"out.jsonl: writing failed: No space left on device"};
        for (const StoredEnvelope& envelope : batch) EXPECT_EQ(envelope->position, ++count);
        return base::Done{};
    }
    std::size_t count = 0;
    bool fail = false;
};

TEST(InlineExport, DrainsEverySinkInOrderAndLosesNothingInASmallStore) {
    MemoryStore store({10, 1U << 20}, Overflow::wait);
    InlineExport inline_export(store);
    CountingSink a;
    CountingSink b;
    inline_export.add_sink("a", a);
    inline_export.add_sink("b", b);
    for (std::size_t i = 0; i < 1000; ++i) {
        append_one(store, static_cast<Dataset>(i % base::kCount<Dataset>));
        inline_export.count_append();
    }
    EXPECT_TRUE(inline_export.finish());
    EXPECT_EQ(a.count, 1000U);
    EXPECT_EQ(b.count, 1000U);
    EXPECT_EQ(store.figures().total().acknowledged, 1000U);
}

TEST(InlineExport, AFailingSinkIsReportedAndDoesNotBlock) {
    MemoryStore store({10, 1U << 20}, Overflow::wait);
    InlineExport inline_export(store, 4);
    CountingSink good;
    CountingSink bad;
    bad.fail = true;
    inline_export.add_sink("good", good);
    inline_export.add_sink("bad", bad);
    for (int i = 0; i < 100; ++i) {
        append_one(store, Dataset::device);
        inline_export.count_append();
    }
    const base::Status status = inline_export.finish();
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().text, "out.jsonl: writing failed: No space left on device");
    EXPECT_EQ(good.count, 10U) << "what was stored before the store was full";
    EXPECT_EQ(store.figures().total().dropped, 90U) << "the rest is counted, not lost in silence";
    expect_identities(store);
}

}  // namespace
}  // namespace telltale::exporters
