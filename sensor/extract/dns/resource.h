// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sensor/base/byte_reader.h"
#include "sensor/extract/dns/name.h"
#include "sensor/model/record.h"

namespace telltale::extract::dns {

// How a question or record went. After a bad value the reader is after it all the same.
enum class Step : std::uint8_t { ok, bad_value, short_message, bad_name, full };

constexpr bool goes_on(Step step) { return step == Step::ok || step == Step::bad_value; }
constexpr Step step_of(NameError error) {
    return error == NameError::none            ? Step::ok
           : error == NameError::short_message ? Step::short_message
                                               : Step::bad_name;
}

// One resource record (RFC 1035 section 4.1.3), borrowed from its message.
struct Resource {
    std::uint16_t type = 0;
    std::uint32_t ttl_s = 0;
    base::ByteReader owner;      // at its owner's name
    std::size_t data_start = 0;  // in the message
    base::ByteReader data;

    // Whether records have the data of this type: A, AAAA, CNAME, PTR, SRV, TXT, HINFO, SVCB, HTTPS.
    [[nodiscard]] bool is_recorded() const;
};

// Reads the record at `reader`, without following pointers: ok, short_message or bad_name.
Step read_resource(base::Bytes message, base::ByteReader& reader, Resource& resource);

// Writes a resource that is_recorded() as a dns_answer, and the addresses in it as hints (RFC 9460 section 7.3).
Step write_resource(base::Bytes message, const Resource& resource, const NameText& owner, model::RecordWriter& record);

}  // namespace telltale::extract::dns
