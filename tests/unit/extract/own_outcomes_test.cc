// SPDX-License-Identifier: Apache-2.0
// Outcomes that only one protocol has, each counted when it is due and only then.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "sensor/extract/extractors.h"
#include "tests/support/device_messages.h"
#include "tests/support/quic_initial.h"
#include "tests/support/random.h"
#include "tests/support/tls_hello.h"

namespace telltale::extract {
namespace {

using support::Bytes;

Bytes hello(std::string_view name) {
    support::Random random(3);
    return support::client_hello(support::HelloStyle::iot_openssl, name, random).records();
}

Bytes quic_initial() {
    Bytes message = hello("q.example");
    message.erase(message.begin(), message.begin() + 5);
    return support::QuicInitial{}.packet(message, {{0, message.size()}});
}

Bytes damaged(Bytes bytes, std::size_t from) {
    for (std::size_t i = from; i + 8 < bytes.size(); ++i) bytes[i] ^= 0x5a;
    return bytes;
}

// One direction of a flow: datagrams, or a stream that the capture cuts at its end.
struct Case {
    const char* description;
    std::uint16_t port;
    std::vector<Bytes> datagrams;
    Bytes stream;
    std::vector<std::string> counted;  // own outcomes, as "protocol.outcome"
};

std::vector<std::string> own_outcomes(const Case& c) {
    Extractors extractors;
    model::RecordBuffer out(8 * model::kMaxRecordBytes);
    ExtractState state;
    for (const Bytes& datagram : c.datagrams) {
        model::PacketView packet;
        packet.has_ports = true;
        packet.source_port = 40000;
        packet.destination_port = c.port;
        packet.payload = datagram;
        packet.payload_length = static_cast<std::uint32_t>(datagram.size());
        extractors.datagram({}, packet, state, out);
    }
    model::RecordHeader origin;
    origin.key.port_a = 40000;
    origin.key.port_b = c.port;
    if (!c.stream.empty()) extractors.stream(origin, c.stream, true, state, out);
    std::vector<std::string> counted;
    for (std::size_t protocol = 0; protocol < kProtocolCount; ++protocol) {
        const Protocol& one = kProtocols[protocol];
        for (std::size_t i = 0; i < one.own_outcomes.size(); ++i) {
            const std::uint64_t count = extractors.counters().own[own_outcomes_before(protocol) + i];
            counted.insert(counted.end(), count, std::string(one.name) + "." + std::string(one.own_outcomes[i].name));
        }
    }
    return counted;
}

TEST(OwnOutcomes, AreCountedForTheirProtocol) {
    const auto client = [](const Bytes& tls) { return support::openvpn_client(tls, 1200, 20); };
    const Bytes sealed = support::tuya_announcement("bf1234", "keyabc", support::TuyaSecrecy::blocks);
    const Bytes encrypted = support::openvpn_stream(support::openvpn_encrypted_client());
    const Bytes whole = support::openvpn_stream(client(hello("vpn.example.com")));
    const Bytes cut(whole.begin(), whole.begin() + 80);  // in the reset's successor
    const std::vector<Case> cases = {
        {"Tuya, opened", 6667, {sealed}, {}, {}},
        {"Tuya, not opened", 6667, {damaged(sealed, 20)}, {}, {"tuya.not_opened"}},
        {"QUIC, opened", 443, {quic_initial()}, {}, {}},
        {"QUIC, not opened", 443, {damaged(quic_initial(), 100)}, {}, {"quic.not_opened"}},
        {"OpenVPN, a hello", 1194, client(hello("vpn.example.com")), {}, {}},
        {"OpenVPN, a hello without a name", 1194, client(hello("")), {}, {}},
        {"OpenVPN, encrypted", 1194, support::openvpn_encrypted_client(), {}, {"openvpn.without_hello"}},
        {"OpenVPN, no hello", 1194, client(Bytes(300, 0)), {}, {"openvpn.without_hello"}},
        {"OpenVPN over TCP, a hello", 1194, {}, whole, {}},
        {"OpenVPN over TCP, a hello without a name", 1194, {}, support::openvpn_stream(client(hello(""))), {}},
        {"OpenVPN over TCP, encrypted", 1194, {}, encrypted, {"openvpn_tcp.without_hello"}},
        {"OpenVPN over TCP, cut", 1194, {}, cut, {"openvpn_tcp.without_hello"}},
    };
    std::vector<std::string> all;
    for (const Case& c : cases) {
        EXPECT_EQ(own_outcomes(c), c.counted) << c.description;
        all.insert(all.end(), c.counted.begin(), c.counted.end());
    }
    for (const Protocol& protocol : kProtocols) {
        for (const OwnOutcome& own : protocol.own_outcomes) {
            const std::string name = std::string(protocol.name) + "." + std::string(own.name);
            EXPECT_NE(std::count(all.begin(), all.end(), name), 0) << name << " has no case";
        }
    }
}

TEST(OwnOutcomes, HaveARowInTheReadme) {
    std::ifstream file(TELLTALE_SOURCE_DIR "/sensor/extract/README.md");
    const std::string readme((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    for (const Protocol& protocol : kProtocols) {
        for (const OwnOutcome& own : protocol.own_outcomes) {
            bool found = false;
            std::istringstream lines(readme);
            for (std::string line; std::getline(lines, line);) {
                found = found || (line.find("`" + std::string(protocol.name) + "`") != std::string::npos &&
                                  line.find("| `" + std::string(own.name) + "` | " + std::string(own.help)) !=
                                      std::string::npos);
            }
            EXPECT_TRUE(found) << protocol.name << ": " << own.name;
        }
    }
}

}  // namespace
}  // namespace telltale::extract
