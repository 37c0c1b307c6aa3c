// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

#include "sensor/extract/protocol.h"

namespace telltale::extract {

// The length of the header that a load balancer puts in front of a client's stream to say who it is (HAProxy, "The
// PROXY protocol", versions 1 and 2): what the client says follows it. 0: there is no such header. nullopt: too few
// bytes to decide.
std::optional<std::size_t> proxy_header_bytes(const Message& message);

}  // namespace telltale::extract
