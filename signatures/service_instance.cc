// SPDX-License-Identifier: Apache-2.0
#include "signatures/service_instance.h"

namespace telltale::signatures {

ServiceInstance service_instance(std::string_view name) {
    constexpr std::string_view kLocal = ".local";
    for (const std::string_view transport : {"._tcp.local", "._udp.local"}) {
        if (!name.ends_with(transport)) continue;
        const std::string_view before = name.substr(0, name.size() - transport.size());
        const std::size_t dot = before.rfind('.');
        const std::size_t start = dot == std::string_view::npos ? 0 : dot + 1;
        if (!before.substr(start).starts_with('_')) continue;
        return {before.substr(0, start == 0 ? 0 : dot), name.substr(start, name.size() - start - kLocal.size())};
    }
    return {};
}

}  // namespace telltale::signatures
