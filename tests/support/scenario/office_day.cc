// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/support/announcements.h"
#include "tests/support/scenario/scenario_parts.h"

namespace telltale::support {
namespace {

constexpr std::uint64_t kDayNs = 12 * 3600 * kSecondNs;
constexpr std::uint64_t kDefaultPackets = 40'000;
constexpr std::uint64_t kPacketsOfOneOffice = 57'000;  // measured with the current intervals of the profiles
constexpr std::uint64_t kMostOffices = 22;             // that many sets of devices fit into a /24
constexpr std::uint64_t kMinuteNs = 60 * kSecondNs;
constexpr std::uint16_t kIppGetAttributes = 0x000b;
constexpr std::uint16_t kIppPrint = 0x0002;
const Ip kMdnsGroup = "224.0.0.251";
const Ip kSsdpGroup = "239.255.255.250";

// One day of one network. Lives until the timeline has run.
class OfficeDay {
  public:
    OfficeDay(Timeline& timeline, Truth& truth, const ScenarioOptions& options)
        : timeline_(timeline), network_(timeline, truth, options.seed, {}), random_(options.seed ^ 0x0ff1ce) {
        const std::uint64_t packets = options.packets == 0 ? kDefaultPackets : options.packets;
        offices_ = std::clamp<std::uint64_t>(packets / (2 * kPacketsOfOneOffice), 1, kMostOffices);
        per_thousand_ = std::max<std::uint64_t>(1, packets * 1000 / (kPacketsOfOneOffice * offices_));
    }

    void run() {
        gateway_duties();
        for (std::uint64_t office = 0; office < offices_; ++office) move_in();
        timeline_.run();
    }

  private:
    Ip next_address() { return Ip::v4(0xc0a80700U + next_host_++); }

    // Calls `action` from `first` on, about once per interval, until the day is over. `dense` intervals shrink with the
    // requested size.
    void repeat(std::uint64_t first, std::uint64_t interval_ns, std::uint32_t jitter, bool dense, LocalHost& host,
                Timeline::Task action) {
        if (first >= kScenarioStartNs + kDayNs) return;
        timeline_.at(first, [this, interval_ns, jitter, dense, &host, action = std::move(action)](std::uint64_t now) {
            action(now);
            const std::uint64_t mean = dense ? interval_ns * 1000 / per_thousand_ : interval_ns;
            repeat(now + std::max<std::uint64_t>(1, host.random.around(mean, jitter)), interval_ns, jitter, dense, host,
                   action);
        });
    }

    void gateway_duties() {
        LocalHost& gateway = network_.gateway();
        repeat(kScenarioStartNs + kSecondNs, 30 * kMinuteNs, 0, false, gateway, [this, &gateway](std::uint64_t now) {
            network_.announces(gateway, kSsdpGroup, 1900,
                               ssdp_notify("http://192.168.7.1:1900/rootDesc.xml", "upnp:rootdevice",
                                           "Linux UPnP/1.1 MiniUPnPd/2.1", "4d696e69-444c-164e-9d41-005f67000001"),
                               now);
        });
    }

    void move_in() {
        for (const DeviceProfile& profile : office_devices()) {
            LocalHost& host = network_.add(profile, next_address());
            const bool fixed = profile.device_class == "camera" || profile.device_class == "printer";
            const std::uint64_t arrival = random_.below((fixed ? 20 : 5400) * 1000) * kMillisecondNs;
            if (profile.device_class == "printer") printer_ = &host;
            arrive(host, kScenarioStartNs + 2 * kSecondNs + arrival);
        }
        LocalHost& phone = network_.add(first_boot_phone(), next_address());
        const std::uint64_t boot = kScenarioStartNs + (20 + random_.below(40)) * kMinuteNs;
        arrive(phone, boot);
        schedule_first_boot(network_, timeline_, phone, boot + 15 * kSecondNs);
    }

    void arrive(LocalHost& host, std::uint64_t time_ns) {
        timeline_.at(time_ns, [this, &host](std::uint64_t now) {
            const std::uint64_t ready = network_.joins(host, now);
            repeat(ready + 6 * 3600 * kSecondNs, 6 * 3600 * kSecondNs, 0, false, host,
                   [this, &host](std::uint64_t t) { network_.renews(host, t); });
            repeat(ready + 20 * kMinuteNs, 20 * kMinuteNs, 10, false, host,
                   [this, &host](std::uint64_t t) { network_.asks_for(host, network_.gateway(), t); });
            for (const Habit& habit : host.profile->habits) start(host, habit, ready);
            for (const PushHabit& push : host.profile->push) start(host, push, ready + 3 * kSecondNs);
            speciality(host, ready);
        });
    }

    void start(LocalHost& host, const Habit& habit, std::uint64_t ready) {
        const std::uint64_t interval = habit.interval_s * kSecondNs;
        const std::uint64_t first =
            habit.until_first_s != 0 ? habit.until_first_s * kSecondNs : host.random.below(interval);
        repeat(ready + first, interval, habit.jitter_percent, true, host, [this, &host, &habit](std::uint64_t now) {
            const RemoteHost& remote = remote_host(habit.host);
            if (habit.wire == Wire::http) {
                HttpRequest request;
                request.target = habit.target;
                request.host = habit.host;
                request.user_agent = host.profile->user_agent;
                request.headers = {{"Accept", "*/*"}, {"Connection", "close"}};
                const std::vector<HttpRequest> requests(habit.exchanges, request);
                network_.http_session(host, remote, now, requests, host.random.around(habit.bytes_down, 30));
                return;
            }
            std::vector<Exchange> exchanges(habit.exchanges);
            for (Exchange& exchange : exchanges)
                exchange = {host.random.around(habit.bytes_up, 30), host.random.around(habit.bytes_down, 30)};
            network_.tls_session(host, remote, now, exchanges);
        });
    }

    void start(LocalHost& host, const PushHabit& push, std::uint64_t ready) {
        timeline_.at(ready, [this, &host, &push](std::uint64_t now) {
            const auto tcp = network_.opens(host, remote_host(push.host), push.port, push.tls, now);
            if (!push.tls) {
                tcp->client_sends(mi_push_hello(host.profile->model, "V12.0.3.0.QJZMIXM",
                                                "a-0000000000000000000000000000000000000001", "wifi",
                                                push.host + ":" + std::to_string(push.port), "en_IN"));
                tcp->server_sends(from_hex("c2fe0005 00000004 00020016 00000000"));
            }
            tcp->wait(0);
            repeat(now + push.interval_s * kSecondNs, push.interval_s * kSecondNs, 5, false, host,
                   [&host, &push, tcp](std::uint64_t t) {
                       const Bytes beat = push.tls ? application_data(28, host.random) : from_hex("c2fe0005 00000000");
                       tcp->resume_at(t).client_sends(beat).server_sends(beat).wait(0);
                   });
        });
    }

    // Duties of this kind of device.
    void speciality(LocalHost& host, std::uint64_t ready) {
        const DeviceProfile& profile = *host.profile;
        if (profile.device_class == "printer") printer_duties(host, ready);
        if (profile.device_class == "camera") camera_duties(host, ready);
        if (profile.model == "Redmi Note 9 Pro") redmi_duties(host, ready);
        if (profile.os == "Windows 11") windows_duties(host, ready);
        if (profile.os == "macOS 13") macbook_duties(host, ready);
        if (profile.maker == "apple" || profile.maker == "google") {
            repeat(ready + 2 * kSecondNs, 60 * kMinuteNs, 10, false, host, [this, &host](std::uint64_t now) {
                network_.announces(host, kMdnsGroup, 5353, mdns_query("_airplay._tcp.local"), now);
            });
        }
    }

    void printer_duties(LocalHost& host, std::uint64_t ready) {
        repeat(ready, 30 * kMinuteNs, 5, false, host, [this, &host](std::uint64_t now) {
            network_.announces(host, kMdnsGroup, 5353,
                               mdns_announcement("HP LaserJet [B00A12]", "_ipp._tcp.local", "HPB00A12.local", 631,
                                                 {"txtvers=1", "ty=HP LaserJet", "rp=ipp/print"}, host.ip),
                               now);
        });
    }

    void camera_duties(LocalHost& host, std::uint64_t ready) {
        repeat(ready + 30 * kSecondNs, 60 * kMinuteNs, 10, false, host,
               [this, &host](std::uint64_t now) { network_.asks_time(host, remote_host("pool.ntp.org"), now); });
        // Straight to an address: nothing on the wire names the owner.
        repeat(ready + 5 * kMinuteNs, 40 * kMinuteNs, 20, false, host, [this, &host](std::uint64_t now) {
            network_.nameless_session(host, "198.51.100.77", 8800, now, {900, 1400});
        });
    }

    void redmi_duties(LocalHost& host, std::uint64_t ready) {
        // The range of the report of 2014: addresses without a name.
        repeat(ready + 7 * kMinuteNs, 55 * kMinuteNs, 20, false, host, [this, &host](std::uint64_t now) {
            const auto last = static_cast<std::uint32_t>(host.random.between(1, 254));
            network_.nameless_session(host, Ip::v4(0x2a3e3000U + last), 14000, now, {600, 300});
        });
        // A DNS question over HTTP: the real name is in the query; the BSSID is the placeholder, so nothing leaks.
        static const RemoteHost http_dns{"203.107.1.65", "unattributed", "", {}, {"203.107.1.65"}, 210};
        host.resolved_until_ns[http_dns.name] = UINT64_MAX;
        repeat(ready + 9 * kMinuteNs, 90 * kMinuteNs, 20, false, host, [this, &host](std::uint64_t now) {
            HttpRequest request;
            request.target =
                "/164566/sign_d?host=appmarket.micloud.xiaomi.net&sdk=android_1.3.3&t=1772530000"
                "&s=5c1d3bb7a3d2e6a8f0b94c17e2d8a6f1&net=wifi&bssid=02:00:00:00:00:00";
            request.host = http_dns.name;
            request.user_agent = host.profile->user_agent;
            network_.http_session(host, http_dns, now, std::vector<HttpRequest>{request}, 160);
        });
        repeat(ready + 3 * kMinuteNs, 60 * kMinuteNs, 10, false, host, [this, &host](std::uint64_t now) {
            Bytes hello = from_hex("21310020");
            hello.resize(32, 0xff);  // miIO: who is there?
            network_.announces(host, "255.255.255.255", 54321, hello, now);
        });
    }

    void windows_duties(LocalHost& host, std::uint64_t ready) {
        repeat(ready + 5 * kSecondNs, 20 * kMinuteNs, 10, false, host, [this, &host](std::uint64_t now) {
            network_.announces(
                host, kSsdpGroup, 1900,
                ssdp_search("urn:schemas-upnp-org:device:InternetGatewayDevice:1", "Microsoft-Windows/10.0 UPnP/1.0"),
                now);
        });
        repeat(ready + 11 * kMinuteNs, 180 * kMinuteNs, 20, false, host, [this, &host](std::uint64_t now) {
            const std::uint64_t over = network_.pings(host, network_.gateway().ip, now, 4);
            network_.pings(host, "8.8.8.8", over, 4);
        });
        print_now_and_then(host, ready);
    }

    void macbook_duties(LocalHost& host, std::uint64_t ready) {
        // A browser that asks its own resolver over HTTPS and hides the name of the site: the hello shows the outer
        // one.
        const RemoteHost& outer = remote_host("cloudflare-ech.com");
        host.resolved_until_ns[outer.name] = UINT64_MAX;
        repeat(ready + 6 * kMinuteNs, 30 * kMinuteNs, 40, true, host, [this, &host, &outer](std::uint64_t now) {
            const std::vector<Exchange> questions(2, {120, 180});
            const RemoteHost& resolver = remote_host("mozilla.cloudflare-dns.com");
            const std::uint64_t known = network_.tls_session(host, resolver, now, questions);
            const std::vector<Exchange> page(3, {900, 8000});
            network_.tls_session(host, outer, known, page, {{}, true});
            network_.truth().expect("ech_hellos");
        });
        print_now_and_then(host, ready + 17 * kMinuteNs);
    }

    void print_now_and_then(LocalHost& host, std::uint64_t ready) {
        LocalHost& printer = *printer_;
        repeat(ready + 25 * kMinuteNs, 120 * kMinuteNs, 40, false, host, [this, &host, &printer](std::uint64_t now) {
            network_.asks_for(host, printer, now);
            const auto tcp = network_.inside(host, printer, 631, now + 5 * kMillisecondNs);
            for (const std::uint16_t operation : {kIppGetAttributes, kIppPrint}) {
                HttpRequest request;
                request.method = "POST";
                request.target = "/ipp/print";
                request.host = "HPB00A12.local:631";
                request.user_agent = "CUPS/2.4.2 IPP/2.0";
                request.headers = {{"Content-Type", "application/ipp"}};
                request.body = ipp_request(operation, operation, "ipp://HPB00A12.local/ipp/print");
                if (operation == kIppPrint) request.body = std::move(request.body) + host.random.bytes(40'000);
                tcp->client_sends(request.bytes());
                HttpResponse response;
                response.content_type = "application/ipp";
                response.body = from_hex("0200 0000 00000001 03");
                response.body[7] = static_cast<std::uint8_t>(operation);
                tcp->server_sends(response.bytes());
                network_.truth().expect("http_requests");
            }
            tcp->close();
        });
    }

    Timeline& timeline_;
    LocalNetwork network_;
    Random random_;
    LocalHost* printer_ = nullptr;
    std::uint64_t offices_ = 1;
    std::uint64_t per_thousand_ = 1000;
    std::uint32_t next_host_ = 20;
};

}  // namespace

void run_office_day(Timeline& timeline, Truth& truth, const ScenarioOptions& options) {
    OfficeDay(timeline, truth, options).run();
}

}  // namespace telltale::support
