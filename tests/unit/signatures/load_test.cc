// SPDX-License-Identifier: Apache-2.0
#include "signatures/load.h"

#include <gtest/gtest.h>

namespace telltale::signatures {
namespace {

TEST(LoadTest, LoadsTheShippedBundle) {
    const auto bundle = load_bundle(TELLTALE_SOURCE_DIR "/signatures");
    ASSERT_TRUE(bundle) << bundle.error().text;
    EXPECT_FALSE(bundle->signatures.empty());
    EXPECT_EQ(bundle->digest.size(), 64U);
}

}  // namespace
}  // namespace telltale::signatures
