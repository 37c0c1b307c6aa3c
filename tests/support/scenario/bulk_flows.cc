// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "tests/support/scenario/scenario_parts.h"

namespace telltale::support {
namespace {

constexpr std::uint64_t kDefaultPackets = 200'000;
constexpr std::uint64_t kPacketsOfAFlow = 5'000;
constexpr std::size_t kHosts = 24;
constexpr std::array kServers{"rr3---sn-cvh7knes.googlevideo.com",
                              "i.instagram.com",
                              "capi.samsungcloud.com",
                              "www.youtube.com",
                              "api.device.xiaomi.net",
                              "p42-contacts.icloud.com"};

// A download or an upload in turns of some tens of kilobytes, until its share of packets is written.
struct BulkFlow {
    LocalHost* host;
    LocalNetwork::Conversation tcp;
    bool upload;
};

void next_turn(Timeline& timeline, BulkFlow flow, std::uint64_t time_ns) {
    timeline.at(time_ns, [&timeline, flow](std::uint64_t now) {
        Random& random = flow.host->random;
        const Bytes bulk = application_data(random.between(16'000, 48'000), random);
        const Bytes small = application_data(random.between(60, 300), random);
        flow.tcp->resume_at(now).client_sends(flow.upload ? bulk : small);
        flow.tcp->server_sends(flow.upload ? small : bulk).wait(0);
        if (flow.tcp->frames() < kPacketsOfAFlow) {
            next_turn(timeline, flow, flow.tcp->now_ns() + random.between(1, 40) * kMillisecondNs);
        } else {
            flow.tcp->close();
        }
    });
}

}  // namespace

void run_handshake_poor(Timeline& timeline, Truth& truth, const ScenarioOptions& options) {
    const std::uint64_t packets = options.packets == 0 ? kDefaultPackets : options.packets;
    const std::uint64_t flows = std::max<std::uint64_t>(1, packets / kPacketsOfAFlow);
    LocalNetwork network(timeline, truth, options.seed, {"192.168.7.1", "fd07:7e11:7a1e:7::", false});
    std::vector<LocalHost*> hosts;
    for (std::uint32_t i = 0; i < std::min<std::uint64_t>(kHosts, flows); ++i)
        hosts.push_back(&network.add(office_devices()[i % 7], Ip::v4(0xc0a80714U + i)));
    for (std::uint64_t i = 0; i < flows; ++i) {
        LocalHost& host = *hosts[i % hosts.size()];
        const std::uint64_t start = kScenarioStartNs + i / kHosts * 2 * kSecondNs + host.random.below(kSecondNs);
        timeline.at(start, [&network, &timeline, &host, i](std::uint64_t now) {
            const RemoteHost& remote = remote_host(kServers[i % kServers.size()]);
            BulkFlow flow{&host, network.opens(host, remote, 443, true, now), i % 5 == 4};
            flow.tcp->wait(0);
            // Some paths have small segments, so that packets are not all of one size.
            if (i % 2 == 1) flow.tcp->mss(536);
            next_turn(timeline, flow, flow.tcp->now_ns());
        });
    }
    timeline.run();
}

}  // namespace telltale::support
