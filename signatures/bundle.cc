// SPDX-License-Identifier: Apache-2.0
#include "signatures/bundle.h"

namespace telltale::signatures {
namespace {

constexpr std::array<std::string_view, kPatternSetCount> kPatternSetNames = {
    "host_name", "user_agent", "dhcp_vendor_class", "dhcp_fingerprint", "dhcp_host_name"};

constexpr std::array<std::string_view, kCategoryCount> kCategoryNames = {
    "other", "telemetry",          "ads",    "push", "account", "cloud_sync", "update", "browser", "store", "location",
    "crash", "connectivity_check", "content"};

}  // namespace

std::string_view to_string(PatternSet set) {
    const auto index = static_cast<std::size_t>(set);
    return index < kPatternSetNames.size() ? kPatternSetNames.at(index) : std::string_view{"unknown"};
}

std::string_view to_string(Category category) {
    const auto index = static_cast<std::size_t>(category);
    return index < kCategoryNames.size() ? kCategoryNames.at(index) : std::string_view{"unknown"};
}

}  // namespace telltale::signatures
