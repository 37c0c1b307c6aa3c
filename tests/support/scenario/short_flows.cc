// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "tests/support/scenario/scenario_parts.h"

namespace telltale::support {
namespace {

constexpr std::uint64_t kDefaultPackets = 200'000;
constexpr std::uint64_t kPacketsOfADevice = 1'000;
constexpr std::uint64_t kMostDevices = 4'000;
constexpr std::uint64_t kPacketsOfASession = 15;  // measured: DNS and one of TLS and HTTP in turn
constexpr std::uint64_t kPacketsOfAJoin = 13;
constexpr std::array kServers{"tracking.intl.miui.com",
                              "graph.facebook.com",
                              "play.googleapis.com",
                              "data.mistat.intl.xiaomi.com",
                              "xp.apple.com",
                              "bigdata.ssp.samsung.com",
                              "metrics-dra.dt.dbankcloud.cn",
                              "v10.vortex-win.data.microsoft.com",
                              "www.google.com",
                              "en.wikipedia.org",
                              "news.example.org",
                              "is1-ssl.mzstatic.com"};

void session(LocalNetwork& network, LocalHost& host, std::uint64_t index, std::uint64_t time_ns) {
    const RemoteHost& remote = remote_host(kServers[host.random.below(kServers.size())]);
    host.resolved_until_ns.clear();  // every session asks
    if (index % 2 == 0) {
        const std::array<Exchange, 1> exchange{Exchange{host.random.between(200, 900), host.random.between(200, 1200)}};
        network.tls_session(host, remote, time_ns, exchange);
        return;
    }
    HttpRequest request;
    request.target = "/v1/event?n=" + std::to_string(index);
    request.host = remote.name;
    request.user_agent = host.profile->user_agent.empty() ? "Dalvik/2.1.0" : host.profile->user_agent;
    const std::array<HttpRequest, 1> requests{request};
    network.http_session(host, remote, time_ns, requests, host.random.between(100, 900));
}

}  // namespace

void run_hello_rich(Timeline& timeline, Truth& truth, const ScenarioOptions& options) {
    const std::uint64_t packets = options.packets == 0 ? kDefaultPackets : options.packets;
    const std::uint64_t devices = std::clamp<std::uint64_t>(packets / kPacketsOfADevice, 4, kMostDevices);
    const std::uint64_t sessions =
        std::max<std::uint64_t>(2, (packets - std::min(packets, devices * kPacketsOfAJoin)) / kPacketsOfASession);
    LocalNetwork network(timeline, truth, options.seed, {"10.20.0.1", "fd07:7e11:7a1e:20::", false});
    std::vector<LocalHost*> hosts;
    for (std::uint32_t i = 0; i < devices; ++i) {
        LocalHost& host = network.add(office_devices()[i % 7], Ip::v4(0x0a140100U + i));
        timeline.at(kScenarioStartNs + i * 500'000, [&network, &host](std::uint64_t now) { network.joins(host, now); });
        hosts.push_back(&host);
    }
    const std::uint64_t begin = kScenarioStartNs + 2 * kSecondNs + devices * 500'000;
    // At most about 10,000 sessions per second, each device in turn.
    for (std::uint64_t i = 0; i < sessions; ++i) {
        LocalHost& host = *hosts[i % hosts.size()];
        timeline.at(begin + i * 300'000, [&network, &host, i](std::uint64_t now) { session(network, host, i, now); });
    }
    timeline.run();
}

}  // namespace telltale::support
