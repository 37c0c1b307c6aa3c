// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "sensor/base/result.h"
#include "sensor/model/frame.h"

struct bpf_program;

namespace telltale::capture {

// A capture filter as tcpdump takes it (pcap-filter(7)), compiled for every link type that frames can have. Bounded
// work a frame: a filter has no loops. Made on one thread, then read by any number.
class PacketFilter {
  public:
    // The error has libpcap's own words. Names of hosts are refused by libpcap where they cannot be looked up.
    static base::Result<PacketFilter> compile(const std::string& expression);
    ~PacketFilter();
    PacketFilter(PacketFilter&&) noexcept;
    PacketFilter& operator=(PacketFilter&&) noexcept;

    [[nodiscard]] bool fits(const model::Frame& frame) const;

  private:
    struct Programs;
    explicit PacketFilter(std::unique_ptr<Programs> programs);

    std::unique_ptr<Programs> programs_;
};

}  // namespace telltale::capture
