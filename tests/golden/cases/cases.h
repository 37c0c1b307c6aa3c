// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "tests/support/capture_writer.h"
#include "tests/support/packet_builder.h"
#include "tests/support/random.h"
#include "tests/support/tcp_conversation.h"

// The conversations of the golden cases, and who takes part in them.
namespace telltale::support::golden {

inline constexpr std::uint64_t kStart = 1'772'000'000'000'000'000;  // 2026-02-25 06:13:20 UTC
inline constexpr std::uint64_t kMs = 1'000'000;
inline const Mac kPhone = "64:cc:2e:10:20:30";  // a prefix registered to Xiaomi
inline const Mac kRouter = "00:5f:67:00:00:01";
inline const Ip kPhoneIp = "192.168.7.20", kRouterIp = "192.168.7.1", kServerIp = "47.74.139.176";

using Frames = std::vector<TimedFrame>;

// A conversation of the phone with kServerIp, whose frames go to `frames`.
TcpConversation talk(Frames& frames, std::uint16_t server_port, std::uint64_t at, Random& random);

// A golden case: the folder's name, and the frames of its capture. Constructed, it is registered; a case is declared
// beside the function that makes it and nowhere else.
class Case {
  public:
    Case(const char* folder, Frames (*frames)()) : name(folder), make(frames) { all().push_back(this); }
    static std::vector<const Case*>& all() {
        static std::vector<const Case*> cases;
        return cases;
    }

    const char* name;
    Frames (*make)();
};

}  // namespace telltale::support::golden
