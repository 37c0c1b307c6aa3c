// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace telltale::signatures {

// The parts of a service instance's name (RFC 6763 section 4.1): "Kitchen._googlecast._tcp.local" is the instance
// "Kitchen" of the type "_googlecast._tcp". A type's own name has no instance; other names have neither.
struct ServiceInstance {
    std::string_view instance;
    std::string_view type;
};
ServiceInstance service_instance(std::string_view name);

}  // namespace telltale::signatures
