// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sensor/base/enumeration.h"

namespace telltale::model {

// Identifiers that must not leave in clear.
//   X(type, telltale.leak.identifier.type, in a sentence)
#define TELLTALE_IDENTIFIER_TYPES(X)                      \
    X(imei, "imei", "IMEI")                               \
    X(meid, "meid", "MEID")                               \
    X(imsi, "imsi", "IMSI")                               \
    X(iccid, "iccid", "ICCID")                            \
    X(phone_number, "phone_number", "telephone number")   \
    X(mac_address, "mac_address", "MAC address")          \
    X(serial_number, "serial_number", "serial number")    \
    X(android_id, "android_id", "Android id")             \
    X(advertising_id, "advertising_id", "advertising id") \
    X(account_id, "account_id", "account id")             \
    X(session_token, "session_token", "session token")    \
    X(email, "email", "e-mail address")                   \
    X(ssid, "ssid", "SSID")                               \
    X(position, "position", "position")                   \
    X(installed_apps, "installed_apps", "list of installed apps")

TELLTALE_ENUMERATION(IdentifierType, std::uint8_t, TELLTALE_IDENTIFIER_TYPES)

#define TELLTALE_IN_WORDS(type, word, in_words) std::string_view(in_words),
inline constexpr base::EnumArray<IdentifierType, std::string_view> kIdentifierInWords(
    {TELLTALE_IDENTIFIER_TYPES(TELLTALE_IN_WORDS)});
#undef TELLTALE_IN_WORDS

// The part of a message that holds an identifier.
//   X(location, telltale.leak.location)
#define TELLTALE_LEAK_LOCATIONS(X) \
    X(path, "path")                \
    X(query, "query")              \
    X(header, "header")            \
    X(cookie, "cookie")            \
    X(body, "body")                \
    X(name, "name")

TELLTALE_ENUMERATION(LeakLocation, std::uint8_t, TELLTALE_LEAK_LOCATIONS)

// A protected identifier that left in clear. Holds nothing from which the identifier can be read back.
struct Leak {
    std::string rule_id;  // what found it
    std::string rule_name;
    IdentifierType type = IdentifierType::imei;
    std::string hash;    // keyed, hexadecimal
    std::string masked;  // "86*********0123"
    LeakLocation location = LeakLocation::query;
    std::string parameter;  // the value's name, if it has one
    std::string domain;     // of the request; empty where there is no URL
    std::string path;       // matched spans are masked; never the query
    std::uint64_t count = 0;
};

}  // namespace telltale::model
