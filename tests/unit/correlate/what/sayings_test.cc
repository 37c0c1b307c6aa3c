// SPDX-License-Identifier: Apache-2.0
// For whom a message speaks: the device that sends it, another one, or nobody.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sensor/model/dns_answer.h"
#include "tests/unit/correlate/record_feed.h"

namespace telltale::correlate {
namespace {

using model::DnsAnswer;
using model::Field;
using model::RecordKind;
using signatures::PatternSet;
using testing::ip;
using testing::RecordFeed;
namespace dns_type = model::dns_type;

signatures::Bundle bundle_with(PatternSet set, const char* pattern) {
    signatures::Bundle bundle = testing::small_bundle();
    signatures::Signature& signature = bundle.signatures.emplace_back();
    signature.id = "the one";
    signature.set = set;
    signature.kind = signatures::PatternKind::regex;
    signature.pattern = pattern;
    signature.claim.maker = "xiaomi";
    signature.claim.weight = 0.6F;
    return bundle;
}

// Whether a record of 192.168.1.5 that matched the signature becomes its evidence.
template <typename Fill>
bool is_evidence(const signatures::Bundle& bundle, RecordKind kind, std::uint16_t port, Fill&& fill) {
    RecordFeed feed({}, bundle);
    const testing::Flow flow = feed.open({.destination_port = port, .protocol = model::kProtocolUdp});
    feed.record(flow, kind, {static_cast<signatures::SignatureId>(bundle.signatures.size() - 1)}, fill);
    feed.finish(60);
    return std::any_of(feed.events().begin(), feed.events().end(), [](const model::Event& event) {
        if (!event.device) return false;
        const auto& items = event.device->evidence;
        return std::any_of(items.begin(), items.end(), [](const auto& item) { return item.signature_id == "the one"; });
    });
}

TEST(Sayings, ANetbiosNameSpeaksForWhoOwnsIt) {
    struct Case {
        const char* description;
        bool response;
        unsigned opcode;
        unsigned rcode;
        const char* address;
        bool evidence;
    };
    const Case cases[] = {
        {"a registration", false, 5, 0, "192.168.1.5", true},
        {"a refresh", false, 8, 0, "192.168.1.5", true},
        {"a registration that is cut", false, 5, 0, "", true},
        {"a registration for another host", false, 5, 0, "192.168.1.6", false},
        {"a query", false, 0, 0, "", false},
        {"an answer with its own address", true, 0, 0, "192.168.1.5", true},
        {"a status", true, 0, 0, "", true},
        {"an answer with another host's address", true, 0, 0, "192.168.1.6", false},
        {"that a name is not there", true, 0, 3, "", false},
        {"that a registration is accepted", true, 5, 0, "192.168.1.6", false},
        {"that a registration is accepted, without address", true, 5, 0, "", false},
        {"wait for acknowledgement", true, 7, 0, "", false},
    };
    const signatures::Bundle bundle = bundle_with(PatternSet::netbios_name, "^REDMI$");
    for (const Case& c : cases) {
        const bool found = is_evidence(bundle, RecordKind::nbns, 137, [&](model::RecordWriter& writer) {
            writer.put_number(Field::dns_response, c.response ? 1 : 0).put_number(Field::dns_opcode, c.opcode);
            writer.put_number(Field::dns_rcode, c.rcode).put(Field::names, std::string_view("REDMI"));
            if (*c.address != '\0') writer.put(Field::netbios_address, base::Bytes(ip(c.address).bytes));
        });
        EXPECT_EQ(found, c.evidence) << c.description;
    }
}

TEST(Sayings, AClientOfDhcpv6SpeaksForItself) {
    struct Case {
        const char* description;
        unsigned type;
        bool relayed;
        bool evidence;
    };
    const Case cases[] = {
        {"SOLICIT", 1, false, true},
        {"REQUEST", 3, false, true},
        {"INFORMATION-REQUEST", 11, false, true},
        {"ADVERTISE", 2, false, false},
        {"REPLY", 7, false, false},
        {"RECONFIGURE", 10, false, false},
        {"SOLICIT by relay", 1, true, false},
        {"REPLY by relay", 7, true, false},
    };
    const signatures::Bundle bundle = bundle_with(PatternSet::dhcp_vendor_class, "^MSFT");
    for (const Case& c : cases) {
        const bool found = is_evidence(bundle, RecordKind::dhcpv6, 547, [&](model::RecordWriter& writer) {
            writer.put_number(Field::dhcp_message_type, c.type).put(Field::dhcp_vendor_class, std::string_view("MSFT"));
            if (c.relayed) writer.put(Field::dhcp_relay_ip, base::Bytes(ip("2001:db8::1").bytes));
        });
        EXPECT_EQ(found, c.evidence) << c.description;
    }
}

TEST(Sayings, AServiceSpeaksForTheHostItIsOn) {
    const std::string strings = "\x04md=A";
    const DnsAnswer text{.type = dns_type::txt, .name = "K._cast._tcp.local", .strings = base::as_bytes(strings)};
    const DnsAnswer own{.type = dns_type::a, .name = "k.local", .address = ip("192.168.1.5")};
    const DnsAnswer other{.type = dns_type::a, .name = "h.local", .address = ip("192.168.1.6")};
    const auto placed = [](std::string_view host) {
        return DnsAnswer{.type = dns_type::srv, .name = "K._cast._tcp.local", .target = host};
    };
    struct Case {
        const char* description;
        std::vector<DnsAnswer> answers;
        bool response;
        bool evidence;
    };
    const Case cases[] = {
        {"its own", {placed("k.local"), text, own}, true, true},
        {"in another order", {own, text, placed("k.local")}, true, true},
        {"a question with known answers", {placed("k.local"), text, own}, false, false},
        {"relayed", {placed("h.local"), text, other}, true, false},
        {"relayed beside its own host", {placed("h.local"), text, other, own}, true, false},
        {"cached beside its own host", {text, own}, true, false},
    };
    const signatures::Bundle bundle = bundle_with(PatternSet::mdns_txt, "^_cast\\._tcp md=");
    for (const Case& c : cases) {
        const bool found = is_evidence(bundle, RecordKind::mdns, 5353, [&](model::RecordWriter& writer) {
            writer.put_number(Field::dns_response, c.response ? 1 : 0);
            for (const DnsAnswer& answer : c.answers) writer.put(Field::dns_answer, model::PackedDns(answer).bytes());
        });
        EXPECT_EQ(found, c.evidence) << c.description;
    }
}

}  // namespace
}  // namespace telltale::correlate
