// SPDX-License-Identifier: Apache-2.0
// The contract of every store: what outlives a restart.
#include "exporters/store/ordered_reader.h"
#include "tests/unit/exporters/store_contract.h"

namespace telltale::exporters {

using model::Dataset;
using model::Topic;
using std::chrono::milliseconds;
using Texts = std::vector<std::string>;

TEST_P(StoreContract, AfterARestart) {
    {
        const auto store = open(kMany);
        EXPECT_EQ(store->last_boot(), std::nullopt) << "the first boot";
        const ReaderId reader = store->add_reader("r");
        for (int i = 0; i < 5; ++i) append_one(*store, Dataset::device);
        append_one(*store, Dataset::alert);
        ASSERT_TRUE(store->reject(reader, Topic::device, 1, "too large"));
        ASSERT_TRUE(store->acknowledge(reader, Topic::device, 3));
    }
    const auto store = open(kMany);
    const ReaderId reader = store->add_reader("r");
    const std::uint64_t next = append_one(*store, Dataset::device).sequence;
    EXPECT_EQ(next, 1U) << "sequences are by boot";
    if (!GetParam().survives_restarts) {
        EXPECT_EQ(store->last_boot(), std::nullopt);
        EXPECT_EQ(texts(*store, reader, Topic::device), Texts{"telltale.device 1"});
        return;
    }
    ASSERT_TRUE(store->last_boot());
    EXPECT_EQ((*store->last_boot())[Topic::device], 5U);
    EXPECT_EQ((*store->last_boot())[Topic::alert], 1U);
    EXPECT_EQ((*store->last_boot())[Topic::health], 0U);
    EXPECT_EQ(texts(*store, reader, Topic::device),
              (Texts{"telltale.device 4", "telltale.device 5", "telltale.device 1"}))
        << "what was not acknowledged is the same event, byte for byte";
    EXPECT_EQ(texts(*store, reader, Topic::alert), Texts{"telltale.alert 1"});
    EXPECT_EQ(store->last_position(), 7U) << "positions go on";
    EXPECT_EQ(store->lag(reader, Topic::device), 3U);
    ASSERT_EQ(store->dead_events().size(), 1U);
    EXPECT_EQ(store->dead_events()[0].reason, "too large");
    EXPECT_EQ(store->dead_events()[0].envelope->json, "telltale.device 1");
    ASSERT_TRUE(store->acknowledge(reader, Topic::device, 7));
    ASSERT_TRUE(store->acknowledge(reader, Topic::alert, 7));
    EXPECT_EQ(store->figures().total().waiting, 0U);
    expect_identities(*store);
}

// It would keep a processor busy until the next event.
TEST_P(StoreContract, AReaderOfAllTopicsWaitsAlsoAfterARestart) {
    {
        const auto store = open(kMany);
        OrderedReader reader(*store, "r");
        for (int i = 0; i < 3; ++i) append_one(*store, Dataset::device);
        std::vector<StoredEnvelope> batch;
        ASSERT_EQ(*reader.read(9, batch), 3U);
        ASSERT_TRUE(reader.acknowledge());
    }
    const auto store = open(kMany);
    OrderedReader reader(*store, "r");
    std::vector<StoredEnvelope> batch;
    ASSERT_EQ(*reader.read(9, batch), 0U);
    EXPECT_FALSE(reader.wait(milliseconds(1))) << "there is nothing to read";
    append_one(*store, Dataset::alert);
    EXPECT_TRUE(reader.wait(milliseconds(0)));
    ASSERT_EQ(*reader.read(9, batch), 1U);
    EXPECT_EQ(batch.front()->json, "telltale.alert 1");
    reader.rewind();
    ASSERT_EQ(*reader.read(9, batch), 1U) << "it was not acknowledged";
    ASSERT_TRUE(reader.acknowledge());
    EXPECT_EQ(store->figures().total().waiting, 0U);
}

TEST_P(StoreContract, AReaderThatIsNotAddedAgainHoldsUpNothing) {
    {
        const auto store = open(kMany);
        const ReaderId reader = store->add_reader("r");
        store->add_reader("gone");
        for (int i = 0; i < 3; ++i) append_one(*store, Dataset::alert);
        ASSERT_TRUE(store->acknowledge(reader, Topic::alert, 2));
        EXPECT_EQ(store->figures().total().waiting, 3U);
    }
    const auto store = open(kMany);
    const ReaderId reader = store->add_reader("r");
    append_one(*store, Dataset::alert);
    ASSERT_TRUE(store->acknowledge(reader, Topic::alert, store->last_position()));
    EXPECT_EQ(store->figures().total().waiting, 0U);
    EXPECT_GE(store->figures().total().acknowledged, GetParam().survives_restarts ? 2U : 1U);
    expect_identities(*store);
}

TEST_P(StoreContract, DropsThatAreNotToldOutliveARestart) {
    {
        const auto store = open(4);
        store->add_reader("r");
        for (int i = 0; i < 6; ++i) append_one(*store, Dataset::alert);
        EXPECT_EQ(store->drops(), (std::vector<DropRange>{{Topic::alert, 5, 6, false}}));
    }
    const auto store = open(4);
    store->add_reader("r");
    if (!GetParam().survives_restarts) {
        EXPECT_EQ(store->drops(), std::vector<DropRange>{});
        return;
    }
    const std::vector<DropRange> before{{Topic::alert, 5, 6, true}};
    EXPECT_EQ(store->drops(), before);
    EXPECT_EQ((*store->last_boot())[Topic::alert], 4U);
    append_one(*store, Dataset::alert);
    EXPECT_EQ(store->drops(), (std::vector<DropRange>{{Topic::alert, 5, 6, true}, {Topic::alert, 1, 1, false}}));
    store->mark_drops_told(before);
    EXPECT_EQ(store->drops(), (std::vector<DropRange>{{Topic::alert, 1, 1, false}}));
}

}  // namespace telltale::exporters
