// SPDX-License-Identifier: Apache-2.0
#include "sensor/privacy/privacy_stage.h"

#include <gtest/gtest.h>

#include <utility>

namespace telltale::privacy {
namespace {

TEST(PrivacyStage, LeavesAnEventAsItCameInModeIdentity) {
    PrivacyStage stage(Mode::identity);
    model::Event event;
    event.kind = model::EventKind::alert;
    event.message = "a sentence";
    event.device.edit().host_name = "Redmi-1S";
    event.alert.edit().policy_id = "account-in-clear";
    const model::Event out = stage(std::move(event));
    EXPECT_EQ(out.kind, model::EventKind::alert);
    EXPECT_EQ(out.message, "a sentence");
    ASSERT_TRUE(out.device && out.alert);
    EXPECT_EQ(out.device->host_name, "Redmi-1S");
    EXPECT_EQ(out.alert->policy_id, "account-in-clear");
}

TEST(PrivacyStage, CountsWhatPasses) {
    PrivacyStage stage(Mode::identity);
    for (int i = 0; i < 3; ++i) static_cast<void>(stage(model::Event{}));
    EXPECT_EQ(stage.events(), 3U);
}

}  // namespace
}  // namespace telltale::privacy
