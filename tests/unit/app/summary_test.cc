// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/summary/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sensor/app/summary/text_table.h"

namespace telltale::app {
namespace {

using model::DestinationView;
using model::DeviceView;
using model::Event;
using model::EventAction;
using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kStart = 1'404'166'502'000'000'000;  // 2014-06-30 22:15:02 UTC

DeviceView phone() {
    DeviceView device;
    device.id = "a1";
    device.number = 1;
    for (const char* ip : {"192.168.1.20", "fe80::1", "192.168.1.21"}) device.addresses.push_back(*model::parse_ip(ip));
    device.macs = {*model::parse_mac("64:cc:2e:00:00:01")};
    device.host_name = "HM-1S";
    device.maker_id = "xiaomi";
    device.maker_name = "Xiaomi";
    device.model = "Redmi 1S";
    device.os = "android";
    device.os_version = "4.3";
    device.device_class = "phone";
    device.confidence = 0.95;
    device.evidence = {{"mac_prefix", "64:cc:2e", 0.6, "mac-xiaomi", kStart},
                       {"dhcp_host_name", "HM-1S", 0.7, "hostname-xiaomi", kStart},
                       {"user_agent", "Dalvik/1.6.0", 0.9, "ua-redmi", kStart}};
    return device;
}

DeviceView camera() {
    DeviceView device;
    device.id = "b2";
    device.number = 2;
    device.addresses = {*model::parse_ip("192.168.1.161")};
    device.macs = {*model::parse_mac("78:8b:2a:00:00:02")};
    device.device_class = "camera";
    device.confidence = 0;
    return device;
}

DestinationView to_owner(std::string id, std::string name, std::string country, std::string domain) {
    DestinationView to;
    to.owner_id = std::move(id);
    to.owner_name = std::move(name);
    to.owner_country = std::move(country);
    to.domain = std::move(domain);
    return to;
}

Event transfer(model::SharedPart<DeviceView> device, DestinationView to, std::int64_t up, std::int64_t down,
               std::vector<std::string> domains) {
    Event event;
    event.action = EventAction::transfer_summary;
    event.device = std::move(device);
    event.destination = std::move(to);
    event.transfer.edit();
    event.transfer.edit().bytes_up = static_cast<std::uint64_t>(up);
    event.transfer.edit().bytes_down = static_cast<std::uint64_t>(down);
    event.transfer.edit().domains = std::move(domains);
    return event;
}

Event alert(std::string id, std::string name, model::Severity severity, std::string reason, std::uint64_t count) {
    Event event;
    event.action = EventAction::policy_alert;
    event.device = phone();
    event.alert.edit();
    event.alert.edit().id = std::move(id);
    event.alert.edit().policy_id = "policy-" + event.alert->id;
    event.alert.edit().policy_name = std::move(name);
    event.alert.edit().severity = severity;
    event.alert.edit().reason = std::move(reason);
    event.alert.edit().count = count;
    return event;
}

// A morning of a phone and a camera.
std::vector<Event> morning() {
    std::vector<Event> events;
    events.push_back(transfer(
        phone(), to_owner("xiaomi", "Xiaomi", "CN", ""), 1'258'291, 31'457'280,
        {"account.xiaomi.com", "api.account.xiaomi.com", "data.mistat.xiaomi.com", "resolver.msg.xiaomi.net"}));
    events.back().destination.edit().category = "cloud_sync";
    events.push_back(transfer(phone(), to_owner("google", "Google", "US", ""), 30'720, 512'000,
                              {"connectivitycheck.gstatic.com", "mtalk.google.com"}));
    events.push_back(transfer(camera(), to_owner("xiaomi", "Xiaomi", "CN", ""), 88'000, 12'000, {"ots.io.mi.com"}));
    events.back().destination.edit().category = "telemetry";
    Event unknown = transfer(camera(), to_owner("unattributed", "", "", ""), 40'000, 5'600, {"p2p.example.net"});
    unknown.transfer.edit().unattributed = {{model::UnattributedCause::no_name, 33'000, 2},
                                            {model::UnattributedCause::unknown_name, 12'600, 1}};
    events.push_back(std::move(unknown));
    events.push_back(transfer(phone(), to_owner("internal", "", "", ""), 9'000, 14'000, {}));
    events.push_back(transfer(camera(), to_owner("multicast", "", "", ""), 700, 0, {}));
    events.push_back(transfer({}, to_owner("transit", "", "", ""), 1'500, 0, {}));
    Event contact;
    contact.action = EventAction::destination_first_contact;
    contact.device = phone();
    contact.destination = to_owner("xiaomi", "Xiaomi", "CN", "api.account.xiaomi.com");
    contact.destination.edit().hosting = model::Hosting{45102, "Alibaba Cloud", "SG"};
    events.push_back(std::move(contact));
    events.push_back(alert("1", "Telemetry to the phone's own maker", model::Severity::medium,
                           "HM-1S (Xiaomi) sent telemetry to data.mistat.xiaomi.com, which Xiaomi controls", 12));
    events.push_back(alert("2", "Identifier in clear", model::Severity::high,
                           "HM-1S (Xiaomi) sent its IMEI in clear to api.account.xiaomi.com, which Xiaomi controls",
                           1));
    return events;
}

SessionFigures figures() {
    SessionFigures run;
    run.frames = 43'210;
    run.packets = 43'007;
    run.flows = 312;
    run.bytes = 33'417'091;
    run.malformed = 3;
    run.first_ns = kStart;
    run.last_ns = kStart + 3'605'000'000'000;
    run.elapsed_s = 0.42;
    run.inputs = {"morning.pcap"};
    run.warnings = {"morning.pcap: the file ends in the middle of a frame; read up to frame 43210"};
    return run;
}

std::string text_of(const std::vector<Event>& events, const SessionFigures& run, std::size_t width = 100) {
    Summary summary;
    for (const Event& event : events) summary.add(event);
    return summary.text(run, width);
}

std::size_t widest_line(const std::string& text) {
    std::size_t widest = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        widest = std::max(widest, display_width(std::string_view(text).substr(at, end - at)));
        at = end + 1;
    }
    return widest;
}

TEST(Summary, TellsTheMorning) {
    EXPECT_EQ(text_of(morning(), figures()), R"(TELLTALE  morning.pcap
  2014-06-30 22:15:02 to 23:15:07 UTC, 60 min
  2 devices sent 1.4 MiB out of the network and received 30.5 MiB. 99.9 % of that is attributed to 2
  owners. 2 alerts.

ALERTS  (2)
  high      Identifier in clear
            HM-1S (Xiaomi) sent its IMEI in clear to api.account.xiaomi.com, which Xiaomi controls
  medium    Telemetry to the phone's own maker  x12
            HM-1S (Xiaomi) sent telemetry to data.mistat.xiaomi.com, which Xiaomi controls

DEVICES  (2, most bytes first)
  name            maker                   model, system               sent  received
  HM-1S           Xiaomi, certain (0.95)  Redmi 1S, Android 4.3    1.2 MiB  30.5 MiB
    64:cc:2e:00:00:01, 192.168.1.20, fe80::1, 192.168.1.21
    known by MAC prefix, DHCP host name, User-Agent
    with Xiaomi 31.2 MiB, Google 530.0 KiB, inside the network 22.5 KiB
  unnamed camera  unknown                 camera                 125.7 KiB  17.2 KiB
    78:8b:2a:00:00:02, 192.168.1.161
    with Xiaomi 97.7 KiB, not attributed 44.5 KiB, multicast and broadcast 700 B

OWNERS  who gets the data (2, most bytes first)
  owner   controlled from  hosted in  devices   sent to   got from
  Xiaomi  China            Singapore        2   1.3 MiB   30.0 MiB
    for cloud sync 31.2 MiB, telemetry 97.7 KiB
    at account.xiaomi.com, api.account.xiaomi.com, data.mistat.xiaomi.com, +2 more
  Google  United States                     1  30.0 KiB  500.0 KiB
    at connectivitycheck.gstatic.com, mtalk.google.com

NOT ATTRIBUTED  44.5 KiB, 0.1 % of outside traffic
  no name: neither connection nor DNS names the address  32.2 KiB    0.1 %
  name known, but no signature says whose it is          12.3 KiB  < 0.1 %
  names without a known owner: p2p.example.net

DID NOT LEAVE, OR IS NOT OURS
                              sent  received
  inside the network       8.8 KiB  13.7 KiB
  multicast and broadcast    700 B       0 B
  passing through          1.5 KiB       0 B

TOTALS
  43,210 frames, 43,007 with IP, 312 flows, 31.9 MiB of IP, 3 malformed, read in 420 ms

WARNINGS  (1)
  morning.pcap: the file ends in the middle of a frame; read up to frame 43210
)");
}

TEST(Summary, KeepsWithinTheWidth) {
    constexpr std::size_t kWidths[] = {1, 60, 70, 120, 999};
    for (const std::size_t width : kWidths) {
        const std::string text = text_of(morning(), figures(), width);
        EXPECT_LE(widest_line(text), std::clamp(width, Summary::kMinWidth, Summary::kMaxWidth)) << text;
    }
}

TEST(Summary, DoesNotDependOnTheOrderOfDevicesOwnersAndAlerts) {
    std::vector<Event> events = morning();
    const std::string text = text_of(events, figures());
    std::reverse(events.begin(), events.end());
    EXPECT_EQ(text_of(events, figures()), text);
}

TEST(Summary, LateAttributionMovesBytes) {
    Event reported = transfer(phone(), to_owner("unattributed", "", "", ""), 1000, 2000, {});
    reported.transfer.edit().unattributed = {{model::UnattributedCause::no_name, 3000, 1}};
    Event taken_back = transfer(phone(), to_owner("unattributed", "", "", ""), -1000, -2000, {});
    taken_back.transfer.edit().unattributed = {
        {model::UnattributedCause::no_name, static_cast<std::uint64_t>(-3000), 0}};
    const Event late = transfer(phone(), to_owner("xiaomi", "Xiaomi", "CN", ""), 1000, 2000, {});
    const std::string text = text_of({reported, taken_back, late}, {});
    EXPECT_THAT(text, Not(HasSubstr("NOT ATTRIBUTED")));
    EXPECT_THAT(text, HasSubstr("1 device sent 1000 B out of the network and received 2.0 KiB. 100 % of that"));
}

TEST(Summary, BytesWithoutACauseAreTold) {
    const std::string text = text_of({transfer(camera(), to_owner("", "", "", ""), 500, 0, {})}, {});
    EXPECT_THAT(text, HasSubstr("no reason told  500 B  100 %"));
}

TEST(Summary, ShowsHostileTextHarmlessly) {
    DeviceView device = phone();
    device.host_name = "x\n\x1b[2J\xff\xe2\x80\xae";
    device.evidence = {{"a\rb", "v", 1, "", 0}};
    Event event = transfer(device, to_owner("o\x07", "O\x9b", "C\n", ""), 10, 10, {"a\nFORGED LINE.example"});
    event.destination.edit().category = "c\n";
    Event bad = alert("3", "n\n", model::Severity::critical, "r\n\x1b]0;t\x07", 1);
    bad.alert.edit().policy_id = "p\n";
    bad.device = device;
    SessionFigures run = figures();
    run.inputs = {"in\nput.pcap"};
    run.warnings = {"w\nw"};
    const std::string text = text_of({event, bad}, run);
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, Not(HasSubstr("\nFORGED")));
    EXPECT_THAT(text, HasSubstr("x\\x0a\\x1b[2J\uFFFD\\u202e"));
    EXPECT_EQ(std::count_if(text.begin(), text.end(), [](char c) { return c != '\n' && c >= 0 && c < 0x20; }), 0);
}

TEST(Summary, SaysLittleAboutNothing) {
    EXPECT_EQ(text_of({}, {}), "TELLTALE\n  0 devices sent 0 B out of the network and received 0 B.\n");
}

TEST(Summary, ShortensLongListsButCountsThem) {
    std::vector<Event> events;
    for (int i = 0; i < 50; ++i) {
        DeviceView device = camera();
        device.id = "d" + std::to_string(100 + i);
        device.number = static_cast<std::uint32_t>(i + 1);
        events.push_back(transfer(device, to_owner("o" + std::to_string(100 + i), "", "", ""), 1000 - i, 0, {}));
    }
    const std::string text = text_of(events, {});
    EXPECT_THAT(text, HasSubstr("and 10 more devices that sent 9.3 KiB and received 0 B"));
    EXPECT_THAT(text, HasSubstr("and 10 more owners"));
}

TEST(Summary, JsonHoldsTheSame) {
    Summary summary;
    for (const Event& event : morning()) summary.add(event);
    const std::string json = summary.json(figures());
    EXPECT_THAT(json, HasSubstr(R"("totals":{"bytes_up":1428211,"bytes_down":32000880,"devices":2,"alerts":2)"));
    EXPECT_THAT(json, HasSubstr(R"({"id":"xiaomi","name":"Xiaomi","country":"CN","bytes_up":1346291)"));
    EXPECT_THAT(
        json,
        HasSubstr(R"("causes":{"no_name":33000,"unknown_name":12600,"hidden_name":0,"cut_name":0,"encrypted_dns":0})"));
    EXPECT_THAT(json, HasSubstr(R"("severity":"high")"));
    EXPECT_EQ(json.find('\n'), std::string::npos);
}

TEST(TextTable, SizesAndShares) {
    const std::pair<std::int64_t, const char*> sizes[] = {{0, "0 B"},
                                                          {1023, "1023 B"},
                                                          {1024, "1.0 KiB"},
                                                          {1'048'575, "1.0 MiB"},
                                                          {1'048'500, "1023.9 KiB"},
                                                          {-2048, "-2.0 KiB"},
                                                          {5'497'558'138'880, "5.0 TiB"}};
    for (const auto& [bytes, expected] : sizes) EXPECT_EQ(byte_size(bytes), expected);
    EXPECT_EQ(share(0, 10), "0 %");
    EXPECT_EQ(share(10, 10), "100 %");
    EXPECT_EQ(share(1, 100'000), "< 0.1 %");
    EXPECT_EQ(share(99'999, 100'000), "> 99.9 %");
    EXPECT_EQ(share(1, 3), "33.3 %");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(1'234'567), "1,234,567");
}

TEST(TextTable, CutsAndWrapsByColumns) {
    EXPECT_EQ(fit("phone", 5), "phone");
    EXPECT_EQ(fit("phones", 5), "phon…");
    EXPECT_EQ(display_width("小米"), 4U);
    EXPECT_EQ(fit("小米手机", 5), "小米…");
    EXPECT_EQ(wrap("one two three", 7), (std::vector<std::string>{"one two", "three"}));
    EXPECT_EQ(wrap("abcdefghij", 4), (std::vector<std::string>{"abcd", "efgh", "ij"}));
    EXPECT_EQ(wrap("", 4), std::vector<std::string>{});
}

}  // namespace
}  // namespace telltale::app
