// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sensor/base/enumeration.h"

namespace telltale::exporters::outbox {

// Fields that kept events are looked up by.
//   X(field, its word, what it takes)
#define TELLTALE_LOOKUP_FIELDS(X)                                                \
    X(dataset, "dataset", "this event.dataset, with or without telltale.")       \
    X(device, "device", "a device of this id, name, MAC or IP address")          \
    X(owner, "owner", "an owner of this id")                                     \
    X(domain, "domain", "a destination of this name, or below it (example.com)") \
    X(severity, "severity", "this event.severity: info, low, medium, high, critical, or the number")

TELLTALE_ENUMERATION(LookupField, std::uint8_t, TELLTALE_LOOKUP_FIELDS)

#define TELLTALE_LOOKUP_HELP(field, word, help) std::string_view(help),
inline constexpr base::EnumArray<LookupField, std::string_view> kLookupHelp(
    {TELLTALE_LOOKUP_FIELDS(TELLTALE_LOOKUP_HELP)});
#undef TELLTALE_LOOKUP_HELP

// Returns the term under which events with this value are indexed. Names and addresses are compared in lower case, MAC
// addresses without separators, datasets without "telltale.".
std::string term(LookupField field, std::string_view value);

// An event with more is found by its first ones alone.
inline constexpr std::size_t kMostTerms = 64;

// Gives `visit` the terms of a rendered event; one may come several times. Text that is no JSON in UTF-8
// has none. Each thread keeps room for the largest event that it has read.
void each_term(std::string_view json, const std::function<void(std::string_view)>& visit);
// Returns them, each once, sorted.
std::vector<std::string> terms_of(std::string_view json);

// Returns a rendered event over several lines, for people; text that is no JSON as it is.
std::string indented(std::string_view json);

// Returns the text at a path of a rendered event ("message", "telltale.owner.id"); empty if nothing is there.
std::string text_of(std::string_view json, std::string_view path);

}  // namespace telltale::exporters::outbox
