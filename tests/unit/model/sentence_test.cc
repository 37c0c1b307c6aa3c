// SPDX-License-Identifier: Apache-2.0
#include "sensor/model/sentence.h"

#include <gtest/gtest.h>

#include <string>

#include "sensor/model/readable.h"

namespace telltale::model {
namespace {

TEST(Readable, EscapesWhatCouldForgeALine) {
    EXPECT_EQ(readable("Redmi-1S"), "Redmi-1S");
    EXPECT_EQ(readable("a\nb\x1b[31m\xff\\"), "a\\x0ab\\x1b[31m\\xff\\x5c");
    EXPECT_EQ(readable(std::string(100, 'a'), 5), "aaaaa...");
}

std::string sentence_of(const Event& event) {
    std::string out;
    append_sentence(out, event);
    return out;
}

DeviceView phone() {
    DeviceView device;
    device.addresses = {*parse_ip("192.168.1.5"), *parse_ip("192.168.1.6"), *parse_ip("fe80::1")};
    device.macs = {*parse_mac("64:09:80:00:00:01")};
    return device;
}

Event about(EventAction action, DeviceView device) {
    Event event;
    event.action = action;
    event.device = std::move(device);
    return event;
}

TEST(Sentence, LabelsADeviceByWhatSaysMost) {
    DeviceView device = phone();
    EXPECT_EQ(label_of(device), "192.168.1.6");
    device.model = "Redmi\n1S";
    EXPECT_EQ(label_of(device), "Redmi\\x0a1S 192.168.1.6");
    device.host_name = "HM-1S";
    EXPECT_EQ(label_of(device), "HM-1S");
    device = phone();
    device.addresses = {*parse_ip("fe80::1")};
    EXPECT_EQ(label_of(device), "fe80::1");
    device.addresses.clear();
    EXPECT_EQ(label_of(device), "64:09:80:00:00:01");
}

TEST(Sentence, SaysWhatIsKnownOfADevice) {
    DeviceView device = phone();
    EXPECT_EQ(sentence_of(about(EventAction::device_first_seen, device)), "New device 192.168.1.6");
    device.maker_name = "Xiaomi";
    device.os = "android";
    device.os_version = "4.3";
    device.device_class = "phone";
    device.identity_confidence = 0.934;
    device.mac_randomized = true;
    EXPECT_EQ(sentence_of(about(EventAction::device_first_seen, device)),
              "New device 192.168.1.6 with a private MAC address (Xiaomi, android 4.3, phone, confidence 0.93)");
    EXPECT_EQ(sentence_of(about(EventAction::device_identified, device)),
              "192.168.1.6 is identified: Xiaomi, android 4.3, phone, confidence 0.93");
}

TEST(Sentence, SaysWhomADeviceMeetsAndWhatItSends) {
    Event event = about(EventAction::destination_first_contact, phone());
    DestinationView& to = event.destination.edit();
    to.address = *parse_ip("192.0.2.1");
    to.owner_id = kOwnerUnattributed;
    to.owner_name = "not attributed";
    to.cause = UnattributedCause::hidden_name;
    EXPECT_EQ(sentence_of(event), "192.168.1.6 contacts 192.0.2.1 (owner not known: hidden name)");
    to.domain = "api.account.xiaomi.com";
    to.owner_id = "xiaomi";
    to.owner_name = "Xiaomi";
    to.owner_country = "CN";
    to.category = "account";
    to.method = AttributionMethod::dns_answer;
    EXPECT_EQ(
        sentence_of(event),
        "192.168.1.6 contacts api.account.xiaomi.com (Xiaomi, CN), category account, known by its own DNS answer");

    event.action = EventAction::transfer_summary;
    Transfer& transfer = event.transfer.edit();
    transfer.bytes_up = 100;
    transfer.bytes_down = 20;
    EXPECT_EQ(sentence_of(event), "192.168.1.6 sent 100 bytes to Xiaomi (account) and got 20");
    transfer.late = true;
    transfer.bytes_up = ~std::uint64_t{0};
    to.owner_id = kOwnerTransit;
    to.owner_name = "transit";
    event.device.reset();
    EXPECT_EQ(
        sentence_of(event),
        "a host that is not ours sent -1 bytes to transit and got 20 (corrects what was reported as unattributed)");
}

TEST(Sentence, AnEventsOwnMessageStands) {
    Event event = about(EventAction::device_first_seen, phone());
    event.message = "as it is";
    EXPECT_EQ(sentence_of(event), "as it is");
    EXPECT_EQ(sentence_of(Event{}), "");
}

}  // namespace
}  // namespace telltale::model
