// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/half_configs.h"

#include <gtest/gtest.h>

namespace telltale::correlate {
namespace {

CorrelateConfig small() {
    CorrelateConfig config;
    config.threads = 3;
    config.max_devices = 10;
    config.max_addresses = 20;
    config.max_flow_slots = 30;
    config.max_names = 10;
    config.max_dns_names = 11;
    config.max_ledger_rows = 12;
    config.max_contacts = 13;
    config.max_alerts = 1;
    config.max_evidence_per_device = 5;
    config.max_dns_names_per_device = 6;
    config.max_contacts_per_device = 7;
    return config;
}

TEST(HalfConfigs, DivideTheTablesOfThePartitionsRoundedUp) {
    const Partition::Config partition = partition_config(small(), 2);
    EXPECT_EQ(partition.number, 2U);
    EXPECT_EQ(partition.partitions, 3U);
    EXPECT_EQ(partition.max_names, 4U);
    EXPECT_EQ(partition.destinations.dns_names.max_total, 4U);
    EXPECT_EQ(partition.destinations.ledger.max_rows, 4U);
    EXPECT_EQ(partition.watch.contacts.max_total, 5U);
    EXPECT_EQ(partition.watch.alerts.max_open, 1U);
}

TEST(HalfConfigs, DoNotDivideWhatIsPerDeviceOrOfWho) {
    const Partition::Config partition = partition_config(small(), 0);
    EXPECT_EQ(partition.identification.max_evidence_per_device, 5U);
    EXPECT_EQ(partition.destinations.dns_names.max_per_device, 6U);
    EXPECT_EQ(partition.watch.contacts.max_per_device, 7U);
    const Who::Config who = who_config(small());
    EXPECT_EQ(who.devices.max_devices, 10U);
    EXPECT_EQ(who.devices.max_addresses, 20U);
    EXPECT_EQ(who.flows.max_slots, 30U);
    EXPECT_EQ(who.flows.partitions, 3U);
}

}  // namespace
}  // namespace telltale::correlate
