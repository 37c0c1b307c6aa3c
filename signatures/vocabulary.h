// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "sensor/base/enumeration.h"

// The words that a bundle's entries may use: closed lists.
namespace telltale::signatures {

// The purposes of destinations.
#define TELLTALE_CATEGORIES(X)                  \
    X(other, "other")                           \
    X(telemetry, "telemetry")                   \
    X(ads, "ads")                               \
    X(push, "push")                             \
    X(account, "account")                       \
    X(cloud_sync, "cloud_sync")                 \
    X(update, "update")                         \
    X(browser, "browser")                       \
    X(store, "store")                           \
    X(location, "location")                     \
    X(crash, "crash")                           \
    X(connectivity_check, "connectivity_check") \
    X(content, "content")

TELLTALE_ENUMERATION(Category, std::uint8_t, TELLTALE_CATEGORIES)

// How a pattern is written.
#define TELLTALE_PATTERN_KINDS(X)                                                                   \
    X(suffix, "suffix") /* host names: the name itself and every name below it, on label borders */ \
    X(exact, "exact")   /* the whole text */                                                        \
    X(regex, "regex")   /* what Hyperscan and PCRE2 share: no look-around, no back references */

TELLTALE_ENUMERATION(PatternKind, std::uint8_t, TELLTALE_PATTERN_KINDS)

// Operating systems, as ECS host.os.family has them. Systems of one family pass for each other: a DHCP client says
// "linux" where a user agent says "android".
//   X(system, its word, in words, its family)
#define TELLTALE_SYSTEMS(X)                                     \
    X(android, "android", "Android", "linux")                   \
    X(ios, "ios", "iOS", "apple")                               \
    X(ipados, "ipados", "iPadOS", "apple")                      \
    X(macos, "macos", "macOS", "apple")                         \
    X(tvos, "tvos", "tvos", "apple")                            \
    X(watchos, "watchos", "watchos", "apple")                   \
    X(windows, "windows", "Windows", "windows")                 \
    X(linux_, "linux", "Linux", "linux")                        \
    X(chromeos, "chromeos", "ChromeOS", "linux")                \
    X(tizen, "tizen", "Tizen", "linux")                         \
    X(webos, "webos", "webOS", "linux")                         \
    X(harmonyos, "harmonyos", "harmonyos", "linux")             \
    X(fireos, "fireos", "Fire OS", "linux")                     \
    X(freebsd, "freebsd", "freebsd", "freebsd")                 \
    X(openbsd, "openbsd", "openbsd", "openbsd")                 \
    X(rtos, "rtos", "rtos", "rtos")                             \
    X(roku, "roku", "roku", "roku")                             \
    X(playstation, "playstation", "playstation", "playstation") \
    X(kaios, "kaios", "kaios", "kaios")

TELLTALE_ENUMERATION(System, std::uint8_t, TELLTALE_SYSTEMS)

#define TELLTALE_IN_WORDS(system, word, in_words, family) std::string_view(in_words),
#define TELLTALE_FAMILY(system, word, in_words, family) std::string_view(family),
inline constexpr base::EnumArray<System, std::string_view> kSystemInWords({TELLTALE_SYSTEMS(TELLTALE_IN_WORDS)});
inline constexpr base::EnumArray<System, std::string_view> kSystemFamily({TELLTALE_SYSTEMS(TELLTALE_FAMILY)});
#undef TELLTALE_IN_WORDS
#undef TELLTALE_FAMILY

#define TELLTALE_DEVICE_CLASSES(X)  \
    X(phone, "phone")               \
    X(tablet, "tablet")             \
    X(laptop, "laptop")             \
    X(desktop, "desktop")           \
    X(computer, "computer")         \
    X(server, "server")             \
    X(tv, "tv")                     \
    X(media_player, "media_player") \
    X(speaker, "speaker")           \
    X(camera, "camera")             \
    X(printer, "printer")           \
    X(watch, "watch")               \
    X(router, "router")             \
    X(iot, "iot")                   \
    X(console, "console")           \
    X(voip, "voip")                 \
    X(nas, "nas")                   \
    X(ereader, "ereader")           \
    X(vr, "vr")                     \
    X(car, "car")

TELLTALE_ENUMERATION(DeviceClass, std::uint8_t, TELLTALE_DEVICE_CLASSES)

// The fields that a policy's conditions ask for.
//   X(field, its key, what it is asked of)
#define TELLTALE_POLICY_FIELDS(X)                                                             \
    X(device_maker, "device.maker", device)                                                   \
    X(device_class, "device.class", device)                                                   \
    X(device_os, "device.os", device)                                                         \
    X(destination_owner, "destination.owner", destination)                                    \
    X(destination_country, "destination.country", destination) /* of control */               \
    X(destination_category, "destination.category", destination)                              \
    X(destination_domain, "destination.domain", destination)   /* the name or one above it */ \
    X(transport_cleartext, "transport.cleartext", destination) /* "true" or "false" */

TELLTALE_ENUMERATION(PolicyField, std::uint8_t, TELLTALE_POLICY_FIELDS)

// The part of an event that a policy's field looks at.
enum class PolicySubject : std::uint8_t { device, destination };
#define TELLTALE_SUBJECT(field, key, subject) PolicySubject::subject,
inline constexpr base::EnumArray<PolicyField, PolicySubject> kPolicySubject({TELLTALE_POLICY_FIELDS(TELLTALE_SUBJECT)});
#undef TELLTALE_SUBJECT

}  // namespace telltale::signatures
