// SPDX-License-Identifier: Apache-2.0
// That a test of prefixes can fail, for each of its reasons.
#include "tests/unit/extract/reading.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <vector>

namespace telltale::extract {
namespace {

using model::Field;
using support::Bytes;

// Reads a message of two bytes. Its first byte gives these records, if it is cut, or if the sender ended there.
ReadPart reader(std::vector<Read> if_cut, std::vector<Read> if_not = {}) {
    return [=](const Bytes& part, bool cut) {
        if (part.empty()) return std::vector<Read>();
        return cut ? if_cut : if_not;
    };
}
void check(const ReadPart& read, const std::vector<WholeValue>& values, const PrefixRules& rules = {}) {
    expect_whole_values(read, Bytes{1, 2}, values, rules);
}

const Read kWhole{model::RecordKind::mqtt, true, {{Field::software, "whole"}}};
const Read kHalf{model::RecordKind::mqtt, true, {{Field::software, "who"}}};

TEST(Reading, ATestOfPrefixesPassesWhenEachGivesAWholeValueOrNone) {
    check(reader({kWhole}), {{Field::software, "whole"}});
    check(reader({kWhole}, {kWhole}), {{Field::software, "whole"}}, {.uncut = Uncut::what_is_sound});
    check(reader({kWhole}, {kHalf}), {{Field::software, "whole"}}, {.uncut = Uncut::shorter_values});
    check(reader({}), {}, {.nothing = true});
}

TEST(Reading, ATestOfPrefixesFails) {
    const std::vector<WholeValue> value = {{Field::software, "whole"}};
    EXPECT_NONFATAL_FAILURE(check(reader({}), {}), "records of all prefixes");
    EXPECT_NONFATAL_FAILURE(check(reader({kWhole}), {}, {.nothing = true}), "records of all prefixes");
    EXPECT_NONFATAL_FAILURE(check(reader({kWhole}), {{Field::software, "whole"}, {Field::realm, "r"}}),
                            "no prefix shows r");
    EXPECT_NONFATAL_FAILURE(check(reader({kHalf}), value), "1 bytes");
    EXPECT_NONFATAL_FAILURE(check(reader({kWhole}, {kHalf}), value, {.uncut = Uncut::what_is_sound}), "1 bytes");
    EXPECT_NONFATAL_FAILURE(check(reader({kWhole, kWhole}), value), "1 bytes");
    EXPECT_NONFATAL_FAILURE(check(reader({kWhole}, {kWhole}), value), "1 bytes");
}

}  // namespace
}  // namespace telltale::extract
