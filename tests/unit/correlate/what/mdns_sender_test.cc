// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/mdns_sender.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sensor/model/dns_answer.h"
#include "tests/unit/correlate/record_feed.h"

namespace telltale::correlate {
namespace {

using model::DnsAnswer;
using testing::ip;
namespace dns_type = model::dns_type;

DnsAnswer host(std::string_view name, std::string_view address) {
    return {.type = dns_type::a, .name = name, .address = ip(address)};
}
DnsAnswer service(std::string_view name, std::string_view target) {
    return {.type = dns_type::srv, .name = name, .target = target};
}

// A message of 192.168.1.5.
class Message {
  public:
    explicit Message(const std::vector<DnsAnswer>& answers) {
        model::RecordHeader header;
        header.kind = model::RecordKind::mdns;
        header.key.a = ip("192.168.1.5");
        header.key.b = ip("224.0.0.251");
        model::RecordWriter writer(buffer_, header);
        for (const DnsAnswer& answer : answers) {
            writer.put(model::Field::dns_answer, model::PackedDns(answer).bytes());
        }
        EXPECT_TRUE(writer.commit());
        buffer_.for_each([&](std::span<std::uint8_t> bytes) { bytes_ = bytes; });
    }
    [[nodiscard]] model::RecordView record() const { return model::RecordView(bytes_); }

  private:
    model::RecordBuffer buffer_{2 * model::kMaxRecordBytes};
    std::span<std::uint8_t> bytes_;
};

TEST(MdnsSender, SpeaksOnlyForWhatItPlacesOnItself) {
    struct Case {
        const char* description;
        std::vector<DnsAnswer> answers;
        const char* name;
        bool offers;
    };
    const DnsAnswer own = host("Kitchen.local", "192.168.1.5"), other = host("Hall.local", "192.168.1.6");
    const Case cases[] = {
        {"its own", {service("K._cast._tcp.local", "Kitchen.local"), own}, "K._cast._tcp.local", true},
        {"in another case", {service("k._Cast._tcp.local", "kitchen.local"), own}, "K._cast._tcp.local", true},
        {"without its address", {service("K._cast._tcp.local", "Kitchen.local")}, "K._cast._tcp.local", false},
        {"without SRV", {own}, "K._cast._tcp.local", false},
        {"on another host", {service("H._cast._tcp.local", "Hall.local"), own, other}, "H._cast._tcp.local", false},
        {"another instance beside its own",
         {service("K._cast._tcp.local", "Kitchen.local"), service("H._cast._tcp.local", "Hall.local"), own, other},
         "H._cast._tcp.local",
         false},
        {"another instance, without SRV",
         {service("K._cast._tcp.local", "Kitchen.local"), own},
         "H._cast._tcp.local",
         false},
        {"another service of the instance",
         {service("K._cast._tcp.local", "Kitchen.local"), own},
         "K._hap._tcp.local",
         false},
        {"what it is, of an instance of its own",
         {service("K._smb._tcp.local", "Kitchen.local"), own},
         "K._device-info._tcp.local",
         true},
        {"what another one is",
         {service("K._smb._tcp.local", "Kitchen.local"), own},
         "H._device-info._tcp.local",
         false},
        {"what it is, without a service", {own}, "K._device-info._tcp.local", false},
        {"no instance", {service("_smb._tcp.local", "Kitchen.local"), own}, "_device-info._tcp.local", false},
        {"a name that is no service", {service("Kitchen.local", "Kitchen.local"), own}, "Hall.local", false},
        {"an alias is no place",
         {{.type = dns_type::ptr, .name = "K._cast._tcp.local", .target = "Kitchen.local"}, own},
         "K._cast._tcp.local",
         false},
    };
    for (const Case& c : cases) {
        const Message message(c.answers);
        EXPECT_EQ(MdnsSender(message.record()).offers(c.name), c.offers) << c.description;
    }
}

TEST(MdnsSender, ItsHostsHaveItsAddress) {
    const Message message({host("a.local", "192.168.1.5"), host("b.local", "192.168.1.6"),
                           host("c.example", "192.168.1.5"), host("d.local", "192.168.1.5")});
    const MdnsSender sender(message.record());
    EXPECT_EQ(std::vector<std::string_view>(sender.hosts().begin(), sender.hosts().end()),
              (std::vector<std::string_view>{"a.local", "d.local"}));
}

TEST(MdnsSender, WhatGoesBeyondTheCapsIsNobodys) {
    std::vector<DnsAnswer> answers(MdnsSender::kMaxHosts, host("a.local", "192.168.1.5"));
    answers.push_back(host("b.local", "192.168.1.5"));
    for (std::size_t i = 1; i < MdnsSender::kMaxInstances; ++i)
        answers.push_back(service("x._a._tcp.local", "a.local"));
    answers.push_back(service("last._a._tcp.local", "a.local"));
    answers.push_back(service("y._a._tcp.local", "a.local"));
    const Message message(answers);
    const MdnsSender sender(message.record());
    EXPECT_EQ(sender.hosts().size(), MdnsSender::kMaxHosts);
    EXPECT_TRUE(sender.offers("last._a._tcp.local"));
    EXPECT_FALSE(sender.offers("y._a._tcp.local"));
}

}  // namespace
}  // namespace telltale::correlate
