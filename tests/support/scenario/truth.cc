// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario/truth.h"

#include <stdexcept>
#include <utility>

namespace telltale::support {

std::size_t Truth::add_device(Device device) {
    devices_.push_back(std::move(device));
    return devices_.size() - 1;
}

std::uint32_t Truth::row(std::size_t device, std::string_view owner, std::string_view name, std::string_view category,
                         std::string_view named_by) {
    auto key = std::make_tuple(device, std::string(owner), std::string(name));
    const auto known = labels_.find(key);
    if (known != labels_.end()) return known->second;
    Destination row;
    row.device = device;
    row.owner = owner;
    row.name = name;
    row.category = category;
    row.named_by = named_by;
    rows_.push_back(std::move(row));
    const auto label = static_cast<std::uint32_t>(rows_.size());
    labels_.emplace(std::move(key), label);
    return label;
}

void Truth::add_address(std::uint32_t label, const Ip& ip) { rows_.at(label - 1).addresses.insert(ip.text()); }

void Truth::add_leak(std::size_t device, std::string_view identifier, std::string_view parameter, std::string_view text,
                     std::string_view host) {
    for (Leak& leak : leaks_) {
        if (leak.device == device && leak.identifier == identifier && leak.text == text && leak.host == host) {
            ++leak.count;
            return;
        }
    }
    leaks_.push_back(
        {device, std::string(identifier), std::string(parameter), std::string(text), std::string(host), 1});
}

std::uint64_t Truth::expected(std::string_view what) const {
    const auto found = expected_.find(std::string(what));
    return found == expected_.end() ? 0 : found->second;
}

void Truth::count(const TimedFrame& frame) {
    if (frames_ == 0) first_ns_ = frame.time_ns;
    last_ns_ = frame.time_ns;
    ++frames_;
    if (frame.ip_length == 0) {
        ++frames_not_ip_;
        return;
    }
    if (frame.label == 0) throw std::logic_error("Truth: an IP packet that belongs to no row");
    Destination& row = rows_.at(frame.label - 1);
    if (frame.side == Side::client) {
        row.bytes_up += frame.ip_length;
        ++row.packets_up;
    } else {
        row.bytes_down += frame.ip_length;
        ++row.packets_down;
    }
}

}  // namespace telltale::support
