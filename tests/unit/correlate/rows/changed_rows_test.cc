// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/rows/changed_rows.h"

#include <gtest/gtest.h>

#include <vector>

namespace telltale::correlate {
namespace {

std::vector<int> written(ChangedRows<int>& rows) {
    std::vector<int> keys;
    rows.write([&keys](int key) { return keys.push_back(key), true; });
    return keys;
}

TEST(ChangedRows, HaveEachThingOnceTheLongestAgoFirst) {
    ChangedRows<int> rows(true);
    bool one = false, two = false;
    rows.note(two, 2);
    rows.note(one, 1);
    rows.note(two, 2);
    EXPECT_EQ(written(rows), (std::vector<int>{2, 1}));
    EXPECT_EQ(written(rows), std::vector<int>{});
}

TEST(ChangedRows, GoOnWhereTheWriterStopped) {
    ChangedRows<int> rows(true);
    bool noted[3] = {};
    for (int i = 0; i < 3; ++i) rows.note(noted[i], i);
    EXPECT_FALSE(rows.write([](int) { return false; }));
    EXPECT_EQ(written(rows), (std::vector<int>{1, 2}));
}

TEST(ChangedRows, AreBoundedAndWhatFindsNoRoomIsNotNoted) {
    ChangedRows<int> rows(true, 2);
    bool noted[3] = {};
    for (int i = 0; i < 3; ++i) rows.note(noted[i], i);
    EXPECT_FALSE(noted[2]) << "its next change notes it";
    EXPECT_EQ(written(rows), (std::vector<int>{0, 1}));
    rows.note(noted[2], 2);
    EXPECT_EQ(written(rows), std::vector<int>{2});
}

TEST(ChangedRows, HoldNothingWhereNobodyWritesThem) {
    ChangedRows<int> rows(false);
    bool noted = false;
    rows.note(noted, 1);
    EXPECT_FALSE(noted);
    EXPECT_EQ(written(rows), std::vector<int>{});
}

}  // namespace
}  // namespace telltale::correlate
