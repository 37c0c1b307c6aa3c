// SPDX-License-Identifier: Apache-2.0
#include "sensor/privacy/privacy_stage.h"

#include <gtest/gtest.h>

namespace telltale::privacy {
namespace {

TEST(PrivacyStage, LeavesAnEventAsItCameInModeIdentity) {
    PrivacyStage stage(Mode::identity);
    model::Event event;
    event.action = model::EventAction::policy_alert;
    event.message = "a sentence";
    event.device.edit().host_name = "Redmi-1S";
    event.alert.edit().policy_id = "account-in-clear";
    stage(event);
    EXPECT_EQ(event.dataset(), model::Dataset::alert);
    EXPECT_EQ(event.message, "a sentence");
    ASSERT_TRUE(event.device && event.alert);
    EXPECT_EQ(event.device->host_name, "Redmi-1S");
    EXPECT_EQ(event.alert->policy_id, "account-in-clear");
}

TEST(PrivacyStage, CountsWhatPasses) {
    PrivacyStage stage(Mode::identity);
    for (int i = 0; i < 3; ++i) {
        model::Event event;
        stage(event);
    }
    EXPECT_EQ(stage.events(), 3U);
}

}  // namespace
}  // namespace telltale::privacy
