// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "sensor/base/result.h"
#include "sensor/model/frame.h"

struct bpf_program;

namespace telltale::capture {

// A capture filter in tcpdump's language (pcap-filter(7)), compiled for every link type. Work per frame is bounded,
// because a filter has no loops. Compiled on one thread, then usable by any number.
class PacketFilter {
  public:
    // The error quotes libpcap. libpcap rejects host names that it cannot resolve.
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
