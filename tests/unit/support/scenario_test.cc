// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario.h"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <cctype>
#include <map>
#include <sstream>
#include <stdexcept>
#include <tuple>

#include "tests/support/capture_writer.h"

namespace telltale::support {
namespace {

struct Made {
    std::vector<TimedFrame> frames;
    Truth truth;
};

Made make(std::string_view name, std::uint64_t seed, std::uint64_t packets = 9'000) {
    Made made;
    write_scenario(
        name, {seed, packets}, [&made](TimedFrame&& frame) { made.frames.push_back(std::move(frame)); }, made.truth);
    return made;
}

class ScenarioTest : public testing::TestWithParam<std::string_view> {};

TEST_P(ScenarioTest, IsTheSameForTheSameSeedAndAnotherForAnother) {
    const std::string one = capture_bytes(make(GetParam(), 5).frames);
    EXPECT_EQ(one, capture_bytes(make(GetParam(), 5).frames));
    EXPECT_NE(one, capture_bytes(make(GetParam(), 6).frames));
}

TEST_P(ScenarioTest, WritesInTheOrderOfTimeAndAboutAsMuchAsAsked) {
    for (const std::uint64_t packets : {20'000U, 60'000U}) {
        const Made made = make(GetParam(), 3, packets);
        EXPECT_EQ(made.frames.size(), made.truth.frames());
        EXPECT_NEAR(static_cast<double>(made.frames.size()), static_cast<double>(packets),
                    static_cast<double>(packets) * 0.2);
        for (std::size_t i = 1; i < made.frames.size(); ++i)
            ASSERT_GE(made.frames[i].time_ns, made.frames[i - 1].time_ns) << "frame " << i;
        EXPECT_GE(made.frames.front().time_ns, kScenarioStartNs);
    }
}

// Reads frames apart from the generator's own counting: what a device sent and got, by the kind of the other end.
class Recount {
  public:
    using Sums = std::map<std::pair<std::string, std::string>, std::pair<std::uint64_t, std::uint64_t>>;

    void add(const Bytes& frame) {
        const Mac source = mac_at(frame, 6);
        const std::uint32_t type = number(frame, 12, 2);
        if (type != 0x0800 && type != 0x86dd) return;
        const bool v6 = type == 0x86dd;
        const Ip from = ip_at(frame, v6 ? 22 : 26, v6), to = ip_at(frame, v6 ? 38 : 30, v6);
        const std::uint8_t protocol = frame.at(v6 ? 20 : 23);
        const std::uint64_t size = v6 ? number(frame, 18, 2) + 40U : number(frame, 16, 2);
        const std::size_t transport = v6 ? 54 : 34;
        const bool ports = protocol == 6 || protocol == 17;
        const std::uint32_t from_port = ports ? number(frame, transport, 2) : 0;
        const std::uint32_t to_port = ports ? number(frame, transport + 2, 2) : 0;
        const auto low = std::min(std::tie(from, from_port), std::tie(to, to_port));
        const auto high = std::max(std::tie(from, from_port), std::tie(to, to_port));
        // To a group there is no way back, and clients of DHCP share one pair of addresses: the sender is the device.
        const bool group = kind(from, to) == "multicast";
        const auto first = first_sender_.emplace(std::make_tuple(protocol, low, high), source).first;
        const Mac device = group ? source : first->second;
        auto& [up, down] = sums_[{device.text(), kind(from, to)}];
        (device == source ? up : down) += size;
    }
    const Sums& sums() const { return sums_; }

    static bool home(const Ip& ip) {
        if (ip.v6) return ip.octets[0] == 0xfd || (ip.octets[0] == 0xfe && ip.octets[1] == 0x80) || ip == Ip("::");
        return ip.octets[0] == 10 || (ip.octets[0] == 192 && ip.octets[1] == 168) || ip == Ip("0.0.0.0");
    }

  private:
    using End = std::tuple<Ip, std::uint32_t>;

    static std::string kind(const Ip& from, const Ip& to) {
        if (to.octets[0] == (to.v6 ? 0xff : 0xe0) || to.octets[0] == (to.v6 ? 0xff : 0xef)) return "multicast";
        if (to == Ip("255.255.255.255")) return "multicast";
        return home(from) && home(to) ? "internal" : "outside";
    }
    static std::uint32_t number(const Bytes& bytes, std::size_t at, std::size_t width) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < width; ++i) value = value << 8 | bytes.at(at + i);
        return value;
    }
    static Mac mac_at(const Bytes& bytes, std::size_t at) {
        Mac mac;
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), 6, mac.octets.begin());
        return mac;
    }
    static Ip ip_at(const Bytes& bytes, std::size_t at, bool v6) {
        Ip ip;
        ip.v6 = v6;
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), v6 ? 16 : 4, ip.octets.begin());
        return ip;
    }

    std::map<std::tuple<std::uint8_t, End, End>, Mac> first_sender_;
    Sums sums_;
};

TEST_P(ScenarioTest, TruthEqualsARecountOfThePackets) {
    const Made made = make(GetParam(), 11);
    Recount recount;
    std::uint64_t not_ip = 0;
    for (const TimedFrame& frame : made.frames) {
        recount.add(frame.bytes);
        not_ip += frame.bytes[12] == 8 && frame.bytes[13] == 6 ? 1U : 0U;
    }
    Recount::Sums told;
    for (const Truth::Destination& row : made.truth.destinations()) {
        if (row.packets_up + row.packets_down == 0) continue;
        const bool reserved = row.owner == "internal" || row.owner == "multicast";
        auto& [up, down] = told[{made.truth.devices()[row.device].mac.text(), reserved ? row.owner : "outside"}];
        up += row.bytes_up;
        down += row.bytes_down;
    }
    EXPECT_EQ(told, recount.sums());
    EXPECT_EQ(made.truth.frames_not_ip(), not_ip);
}

TEST_P(ScenarioTest, NamesEveryAddressThatDevicesSpokeWith) {
    const Made made = make(GetParam(), 2);
    for (const Truth::Destination& row : made.truth.destinations()) {
        if (row.owner == "internal" || row.owner == "multicast" || row.packets_up == 0) continue;
        EXPECT_FALSE(row.addresses.empty()) << row.name << " of " << row.owner;
        EXPECT_EQ(row.name.empty(), row.named_by == "none") << row.name;
    }
}

std::string test_name(const testing::TestParamInfo<std::string_view>& info) {
    std::string name;
    for (const char character : info.param)
        name += std::isalnum(static_cast<unsigned char>(character)) ? character : '_';
    return name;
}

INSTANTIATE_TEST_SUITE_P(All, ScenarioTest, testing::Values("office-day", "handshake-poor", "hello-rich"), test_name);

TEST(Scenarios, AreListedByName) {
    std::size_t count = 0;
    for (const ScenarioInfo& info : scenarios()) {
        EXPECT_FALSE(info.summary.empty());
        EXPECT_NO_THROW(make(info.name, 1, 1'000));
        ++count;
    }
    EXPECT_EQ(count, 3U);
    EXPECT_THROW(make("nothing", 1), std::invalid_argument);
}

TEST(OfficeDay, LetsTheIdentifiersOfTheFirstBootLeaveInClear) {
    const Made made = make("office-day", 7);
    std::string traffic;
    for (const TimedFrame& frame : made.frames) traffic.append(frame.bytes.begin(), frame.bytes.end());
    std::map<std::string, int> kinds;
    for (const Truth::Leak& leak : made.truth.leaks()) {
        const std::string wire = leak.text[0] == '+' ? "%2B" + leak.text.substr(1) : leak.text;
        EXPECT_NE(traffic.find(leak.parameter + "=" + wire), std::string::npos) << leak.identifier;
        EXPECT_EQ(leak.host, "api.account.xiaomi.com");
        EXPECT_EQ(made.truth.devices()[leak.device].model, "Redmi 1S");
        ++kinds[leak.identifier];
    }
    EXPECT_EQ(kinds, (std::map<std::string, int>{{"imei", 1}, {"imsi", 1}, {"msisdn", 2}}));
}

TEST(OfficeDay, HasOnePhoneWithARandomAddress) {
    std::size_t random_addresses = 0;
    const Made made = make("office-day", 7);
    for (const Truth::Device& device : made.truth.devices())
        random_addresses += device.mac.locally_administered() ? 1U : 0U;
    EXPECT_EQ(random_addresses, 1U);
    EXPECT_EQ(made.truth.devices().size(), 11U);
}

TEST(Truth, IsWrittenAsJson) {
    const Made made = make("office-day", 7);
    std::ostringstream text;
    made.truth.write_json(text, "office-day", 7);
    rapidjson::Document json;
    json.Parse(text.str().c_str());
    ASSERT_FALSE(json.HasParseError());
    EXPECT_EQ(json["frames"].GetUint64(), made.frames.size());
    EXPECT_EQ(json["devices"].Size(), 11U);
    std::uint64_t bytes = 0;
    for (const TimedFrame& frame : made.frames) bytes += frame.ip_length;
    EXPECT_EQ(json["ip_bytes"].GetUint64(), bytes);
    EXPECT_STREQ(json["alerts"][0]["identifier"].GetString(), "imei");
}

TEST(Truth, RefusesPacketsThatBelongToNobody) {
    Truth truth;
    TimedFrame frame;
    frame.ip_length = 40;
    EXPECT_THROW(truth.count(frame), std::logic_error);
}

}  // namespace
}  // namespace telltale::support
