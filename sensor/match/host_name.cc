// SPDX-License-Identifier: Apache-2.0
#include "sensor/match/host_name.h"

#include <algorithm>

namespace telltale::match {

std::string_view normalise_host_name(std::string_view text, std::span<char, kMaxHostNameBytes> buffer) {
    constexpr std::size_t kMaxPortBytes = 6;  // ":65535"
    if (text.empty() || text.front() == '[' || text.size() > kMaxHostNameBytes + 1 + kMaxPortBytes) return {};
    if (const auto colon = text.find(':'); colon != std::string_view::npos) {
        const auto port = text.substr(colon + 1);
        if (!std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; })) return {};
        text = text.substr(0, colon);
    }
    if (text.ends_with('.')) text.remove_suffix(1);
    if (text.size() > kMaxHostNameBytes) return {};
    std::transform(text.begin(), text.end(), buffer.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return {buffer.data(), text.size()};
}

}  // namespace telltale::match
