// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/evidence.h"

#include <gtest/gtest.h>

#include "tests/unit/correlate/record_feed.h"

namespace telltale::correlate {
namespace {

EvidenceItem says(EvidenceSource source, std::string value, signatures::DeviceClaim claim) {
    return {source, std::move(value), "sig", std::move(claim), 0};
}
signatures::DeviceClaim maker(std::string id, float weight) { return {std::move(id), "", "", "", "", weight}; }

TEST(Evidence, ConfidenceOfAMaker) {
    struct Case {
        const char* description;
        std::vector<EvidenceItem> items;
        const char* maker;
        double confidence;
    };
    const std::vector<Case> cases = {
        {"nothing is known", {}, "", 0},
        {"a prefix alone names nobody",
         {says(EvidenceSource::mac_prefix, "Xiaomi", maker("xiaomi", 0.9F))},
         "xiaomi",
         0.45},
        {"distinct sources add up",
         {says(EvidenceSource::user_agent, "a", maker("xiaomi", 0.8F)),
          says(EvidenceSource::destination, "b", maker("xiaomi", 0.5F))},
         "xiaomi",
         0.9},
        {"one source counts once, with its strongest",
         {says(EvidenceSource::user_agent, "a", maker("xiaomi", 0.6F)),
          says(EvidenceSource::user_agent, "b", maker("xiaomi", 0.8F))},
         "xiaomi",
         0.8},
        {"a contradiction takes off half of its strength",
         {says(EvidenceSource::user_agent, "a", maker("xiaomi", 0.8F)),
          says(EvidenceSource::mac_prefix, "b", maker("oneplus", 0.4F))},
         "xiaomi",
         0.8 * 0.8},
        {"a tie goes to the smaller text",
         {says(EvidenceSource::user_agent, "a", maker("b", 0.5F)),
          says(EvidenceSource::destination, "b", maker("a", 0.5F))},
         "a",
         0.5 * 0.75},
    };
    for (const Case& c : cases) {
        EvidenceCounters counters;
        EvidenceSet forward, backward;
        for (auto item = c.items.begin(); item != c.items.end(); ++item) forward.add(*item, 32, counters);
        for (auto item = c.items.rbegin(); item != c.items.rend(); ++item) backward.add(*item, 32, counters);
        EXPECT_EQ(forward.identity().maker.value, c.maker) << c.description;
        EXPECT_NEAR(forward.identity().maker.confidence, c.confidence, 1e-6) << c.description;
        EXPECT_EQ(forward.identity(), backward.identity()) << c.description << ": order matters";
    }
}

TEST(Evidence, AUserAgentOfAnotherSystemThanDhcpNamesCountsLittle) {
    EvidenceCounters counters;
    EvidenceSet laptop;
    laptop.add(says(EvidenceSource::mac_prefix, "Dell", maker("dell", 0.4F)), 32, counters);
    laptop.add(says(EvidenceSource::dhcp_vendor_class, "MSFT 5.0", {"", "", "windows", "", "desktop", 0.75F}), 32,
               counters);
    laptop.add(says(EvidenceSource::user_agent, "Redmi", {"xiaomi", "Redmi 1S", "android", "4.3", "phone", 0.8F}), 32,
               counters);
    const Identity identity = laptop.identity();
    EXPECT_EQ(identity.maker.value, "dell");
    EXPECT_EQ(identity.os.value, "windows");
    EXPECT_EQ(identity.device_class.value, "desktop");
    EXPECT_EQ(identity.model, "");
    EXPECT_EQ(identity.os_version, "");
}

TEST(Evidence, SystemsOfOneFamilyDoNotContradict) {
    EvidenceCounters counters;
    EvidenceSet phone;
    phone.add(says(EvidenceSource::dhcp_vendor_class, "dhcpcd", {"", "", "linux", "", "", 0.6F}), 32, counters);
    phone.add(says(EvidenceSource::user_agent, "ua", {"", "", "android", "9", "", 0.8F}), 32, counters);
    EXPECT_EQ(phone.identity().os, (Belief{"android", static_cast<double>(0.8F)}));
    EXPECT_EQ(phone.identity().os_version, "9");
}

TEST(Evidence, ARepeatChangesNothingAndTheSetIsBounded) {
    EvidenceCounters counters;
    EvidenceSet set;
    EXPECT_TRUE(set.add(says(EvidenceSource::user_agent, "a", maker("x", 0.5F)), 2, counters));
    EXPECT_FALSE(set.add(says(EvidenceSource::user_agent, "a", maker("x", 0.5F)), 2, counters));
    EXPECT_TRUE(set.add(says(EvidenceSource::user_agent, "b", maker("x", 0.3F)), 2, counters));
    EXPECT_FALSE(set.add(says(EvidenceSource::user_agent, "c", maker("x", 0.2F)), 2, counters)) << "weaker than all";
    EXPECT_TRUE(set.add(says(EvidenceSource::user_agent, "d", maker("x", 0.9F)), 2, counters)) << "stronger than one";
    EXPECT_EQ(set.items().size(), 2U);
    EXPECT_EQ(counters.evidence_over_limit, 2U);
}

TEST(ClaimFiller, FillsGroupsAndLeavesOutWhatHasNone) {
    const signatures::Bundle bundle = testing::small_bundle();
    const auto& redmi = bundle.signatures[5];
    ClaimFiller filler;
    const auto claim = filler.fill(redmi, "Dalvik/1.6.0 (Linux; U; Android 4.3; Redmi 1S Build/JLS36C)");
    EXPECT_EQ(claim.model, "Redmi 1S");
    EXPECT_EQ(claim.os_version, "4.3");
    EXPECT_EQ(claim.maker, "xiaomi");
    EXPECT_EQ(filler.fill(redmi, "something else").model, "");
}

}  // namespace
}  // namespace telltale::correlate
