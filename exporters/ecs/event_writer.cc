// SPDX-License-Identifier: Apache-2.0
#include "exporters/ecs/event_writer.h"

#include <cmath>

#include "exporters/ecs/notation.h"

namespace telltale::ecs {

static_assert(kTimeTextBytes <= EventWriter::kMaxShortText);
static_assert(kMacTextBytes <= EventWriter::kMaxShortText);
static_assert(AddressTexts::kRoom <= EventWriter::kMaxShortText);

void EventWriter::time(std::int64_t time_ns) {
    short_text([&](char* at) { return calendar_.put(time_ns, at); });
}

void EventWriter::ip(const model::IpAddress& address) {
    short_text([&](char* at) { return addresses_.put(address, at); });
}

void EventWriter::mac(const model::MacAddress& address) {
    short_text([&](char* at) { return put_mac(address, at); });
}

void JsonObject::share(const json::Key& name, double value) {
    if (!std::isfinite(value)) return;
    writer_.key(name);
    if (std::signbit(value) || value >= 1000) return writer_.real(std::round(value * 1000) / 1000);
    writer_.thousandths(static_cast<std::uint32_t>(std::lround(value * 1000)));
}

void JsonObject::time(const json::Key& name, std::int64_t time_ns) {
    writer_.key(name);
    writer_.time(time_ns);
}

void JsonObject::ip(const json::Key& name, const model::IpAddress& address) {
    if (!address.specified()) return;
    writer_.key(name);
    writer_.ip(address);
}

void JsonObject::mac(const json::Key& name, const model::MacAddress& address) {
    if (!address.known()) return;
    writer_.key(name);
    writer_.mac(address);
}

}  // namespace telltale::ecs
