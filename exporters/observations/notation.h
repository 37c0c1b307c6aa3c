// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sensor/base/byte_reader.h"
#include "sensor/model/flow_key.h"

namespace telltale::observations {

// Returns `l4`: tcp, udp, icmp, icmpv6, igmp, else protoN; "fragment" for the parts of datagrams that carry no ports.
std::string l4_name(const model::FlowKey& key);
// Returns "A", "AAAA", ...; TYPEn for types without a name here (RFC 3597 section 5).
std::string dns_type_name(std::uint16_t type);
// Returns seconds since 1970 with nine decimals, which a double could not represent.
std::string seconds(std::int64_t time_ns);
std::string hexadecimal(base::Bytes bytes);

}  // namespace telltale::observations
