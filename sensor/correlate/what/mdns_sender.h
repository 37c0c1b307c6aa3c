// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "sensor/model/record.h"

namespace telltale::correlate {

// Which parts of a message of multicast DNS are about the host that sent it: the host names that have its address, and
// the service instances on these hosts by their SRV record (RFC 6763 section 4.1, RFC 2782). Sleep proxies, reflectors
// and caches send records of other hosts beside their own. Borrows the record. What goes beyond the caps is nobody's.
class MdnsSender {
  public:
    static constexpr std::string_view kLocal = ".local";
    static constexpr std::size_t kMaxHosts = 8, kMaxInstances = 64;

    explicit MdnsSender(const model::RecordView& record);

    // Names that end with kLocal, in the order of the message, one as often as it has an address.
    [[nodiscard]] std::span<const std::string_view> hosts() const { return std::span(hosts_).first(host_count_); }
    // Whether a TXT record of this name describes the sender: an instance of its own, or "device-info" of the same
    // instance name, which is no service and has no SRV record.
    [[nodiscard]] bool offers(std::string_view name) const;

  private:
    std::array<std::string_view, kMaxHosts> hosts_;
    std::array<std::string_view, kMaxInstances> instances_;
    std::size_t host_count_ = 0;
    std::size_t instance_count_ = 0;
};

}  // namespace telltale::correlate
