// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/attribution.h"

#include <gtest/gtest.h>

#include "sensor/correlate/what/policies.h"
#include "tests/unit/correlate/record_feed.h"

namespace telltale::correlate {
namespace {

using model::AttributionMethod;
using model::UnattributedCause;

struct Given {
    const char* tls = "";
    const char* http = "";
    const char* broker = "";  // of MQTT
    const char* dns = "";
    const char* dns_alias = "";
    const char* certificate = "";
    bool ech = false;
    bool cut = false;
};

struct Case {
    const char* description;
    Given given;
    std::string_view owner;
    AttributionMethod method;
    UnattributedCause cause;
    std::string_view name;
};

constexpr auto kTls = AttributionMethod::tls_server_name;
constexpr auto kHttp = AttributionMethod::http_host;
constexpr auto kDns = AttributionMethod::dns_answer;
constexpr auto kCertificate = AttributionMethod::tls_certificate;
constexpr auto kNone = AttributionMethod::none;

const Case kCases[] = {
    {"nothing", {}, "unattributed", kNone, UnattributedCause::no_name, ""},
    {"the TLS name wins over DNS",
     {.tls = "api.account.xiaomi.com", .dns = "www.google.com"},
     "xiaomi",
     kTls,
     UnattributedCause::none,
     "api.account.xiaomi.com"},
    {"the HTTP Host wins over DNS",
     {.http = "www.google.com", .dns = "api.account.xiaomi.com"},
     "google",
     kHttp,
     UnattributedCause::none,
     "www.google.com"},
    {"DNS alone", {.dns = "tracking.miui.com"}, "xiaomi", kDns, UnattributedCause::none, "tracking.miui.com"},
    {"a TLS name without owner",
     {.tls = "example.org"},
     "unattributed",
     kNone,
     UnattributedCause::unknown_name,
     "example.org"},
    {"a TLS name without owner is not overruled by another DNS name",
     {.tls = "example.org", .dns = "www.google.com"},
     "unattributed",
     kNone,
     UnattributedCause::unknown_name,
     "example.org"},
    {"its own DNS name may have an owner by alias",
     {.tls = "example.org", .dns = "example.org", .dns_alias = "cdn.google.com"},
     "google",
     kDns,
     UnattributedCause::none,
     "example.org"},
    {"an HTTP name without owner",
     {.http = "example.org"},
     "unattributed",
     kNone,
     UnattributedCause::unknown_name,
     "example.org"},
    {"an HTTP name without owner is not overruled by another DNS name",
     {.http = "example.org", .dns = "www.google.com"},
     "unattributed",
     kNone,
     UnattributedCause::unknown_name,
     "example.org"},
    {"a service's name without owner does not hide DNS's owner",
     {.broker = "broker.example.net", .dns = "tracking.miui.com"},
     "xiaomi",
     kDns,
     UnattributedCause::none,
     "tracking.miui.com"},
    {"nor the certificate's",
     {.broker = "broker.example.net", .certificate = "account.xiaomi.com"},
     "xiaomi",
     kCertificate,
     UnattributedCause::none,
     "account.xiaomi.com"},
    {"of two names without owner the service's",
     {.http = "example.org", .dns = "example.net"},
     "unattributed",
     kNone,
     UnattributedCause::unknown_name,
     "example.org"},
    {"a DNS name without owner",
     {.dns = "example.org"},
     "unattributed",
     kNone,
     UnattributedCause::unknown_name,
     "example.org"},
    {"the server's certificate where nothing else names it",
     {.certificate = "account.xiaomi.com"},
     "xiaomi",
     kCertificate,
     UnattributedCause::none,
     "account.xiaomi.com"},
    {"the certificate where the DNS name has no owner",
     {.dns = "example.org", .certificate = "www.google.com"},
     "google",
     kCertificate,
     UnattributedCause::none,
     "www.google.com"},
    {"DNS wins over the certificate",
     {.dns = "tracking.miui.com", .certificate = "www.google.com"},
     "xiaomi",
     kDns,
     UnattributedCause::none,
     "tracking.miui.com"},
    {"what the client asked for is not overruled by the certificate",
     {.tls = "example.org", .certificate = "www.google.com"},
     "unattributed",
     kNone,
     UnattributedCause::unknown_name,
     "example.org"},
    {"a certificate without owner",
     {.certificate = "example.org"},
     "unattributed",
     kNone,
     UnattributedCause::unknown_name,
     "example.org"},
    {"ECH: the outer name's owner is used",
     {.tls = "www.google.com", .ech = true},
     "google",
     kTls,
     UnattributedCause::none,
     "www.google.com"},
    {"ECH: an outer name without owner hides",
     {.tls = "example.org", .ech = true},
     "unattributed",
     kNone,
     UnattributedCause::hidden_name,
     "example.org"},
    {"ECH: what the client itself asked for is not hidden",
     {.tls = "example.org", .dns = "example.org", .ech = true},
     "unattributed",
     kNone,
     UnattributedCause::unknown_name,
     "example.org"},
    {"ECH: a name that stands in for a provider is no owner",
     {.tls = "cloudflare-ech.com", .ech = true},
     "unattributed",
     kNone,
     UnattributedCause::hidden_name,
     "cloudflare-ech.com"},
    {"ECH: DNS sees behind the stand-in",
     {.tls = "cloudflare-ech.com", .dns = "tracking.miui.com", .ech = true},
     "xiaomi",
     kDns,
     UnattributedCause::none,
     "tracking.miui.com"},
    {"without ECH the stand-in's name is a name like others",
     {.tls = "cloudflare-ech.com"},
     "google",
     kTls,
     UnattributedCause::none,
     "cloudflare-ech.com"},
    {"the capture is cut", {.cut = true}, "unattributed", kNone, UnattributedCause::cut_name, ""},
    {"the capture is cut, but DNS knows",
     {.dns = "tracking.miui.com", .cut = true},
     "xiaomi",
     kDns,
     UnattributedCause::none,
     "tracking.miui.com"},
    {"ECH without outer name", {.ech = true}, "unattributed", kNone, UnattributedCause::hidden_name, ""},
};

TEST(Attribution, Precedence) {
    const signatures::Bundle bundle = testing::small_bundle();
    NameTable texts(100);
    const auto named = [&](const char* name, const char* by) {
        const auto id = testing::destination(bundle, *by != '\0' ? by : name);
        return NamedBy{texts.intern_host(name), id.value_or(signatures::kNoSignature)};
    };
    for (const Case& c : kCases) {
        FlowNames names;
        names.tls = named(c.given.tls, "");
        const bool http = *c.given.broker == '\0';
        names.service = named(http ? c.given.http : c.given.broker, "");
        names.service_method = http ? AttributionMethod::http_host : AttributionMethod::mqtt_server;
        names.dns = named(c.given.dns, c.given.dns_alias);
        names.certificate = named(c.given.certificate, "");
        names.ech = c.given.ech;
        names.cut = c.given.cut;
        const Attribution result = attribute(names, bundle, texts);
        EXPECT_EQ(owner_id(bundle, result.owner), c.owner) << c.description;
        EXPECT_EQ(result.method, c.method) << c.description;
        EXPECT_EQ(result.cause, c.cause) << c.description;
        EXPECT_EQ(texts.text(result.name), c.name) << c.description;
        EXPECT_EQ(result.confidence > 0, result.attributed()) << c.description;
    }
}

TEST(Policies, Conditions) {
    struct PolicyCase {
        const char* description;
        signatures::Condition condition;
        bool holds;
    };
    const std::vector<PolicyCase> cases = {
        {"maker is", {signatures::PolicyField::device_maker, {"apple", "xiaomi"}, false}, true},
        {"maker is not", {signatures::PolicyField::device_maker, {"apple"}, false}, false},
        {"maker is not one of", {signatures::PolicyField::device_maker, {"apple"}, true}, true},
        {"class is not known", {signatures::PolicyField::device_class, {"phone"}, false}, false},
        {"what is not known does not hold negated either",
         {signatures::PolicyField::device_class, {"phone"}, true},
         false},
        {"system", {signatures::PolicyField::device_os, {"android"}, false}, true},
        {"owner", {signatures::PolicyField::destination_owner, {"xiaomi"}, false}, true},
        {"country of control", {signatures::PolicyField::destination_country, {"CN"}, false}, true},
        {"category", {signatures::PolicyField::destination_category, {"account"}, false}, true},
        {"the name itself", {signatures::PolicyField::destination_domain, {"api.account.xiaomi.com"}, false}, true},
        {"a name above it", {signatures::PolicyField::destination_domain, {"xiaomi.com"}, false}, true},
        {"not on a label border", {signatures::PolicyField::destination_domain, {"aomi.com"}, false}, false},
        {"in clear", {signatures::PolicyField::transport_cleartext, {"true"}, false}, true},
        {"not in clear", {signatures::PolicyField::transport_cleartext, {"false"}, false}, false},
    };
    const KnownIdentity device{"xiaomi", "android", ""};
    const DestinationFacts to{"xiaomi", "CN", "account", "api.account.xiaomi.com", Clear::yes};
    for (const PolicyCase& c : cases) {
        signatures::Bundle bundle;
        bundle.policies.emplace_back().when = {c.condition};
        EXPECT_EQ(Policies(bundle).holds(0, device, to), c.holds) << c.description;
    }
}

TEST(Policies, AllConditionsMustHoldAndNoneIsNoPolicy) {
    signatures::Bundle bundle;
    bundle.policies.emplace_back().when = {{signatures::PolicyField::device_maker, {"xiaomi"}, false},
                                           {signatures::PolicyField::destination_owner, {"google"}, false}};
    bundle.policies.emplace_back();
    const Policies policies(bundle);
    const DestinationFacts to{"xiaomi", "CN", "account", "x", Clear::yes};
    EXPECT_FALSE(policies.holds(0, {"xiaomi", "", ""}, to));
    EXPECT_FALSE(policies.holds(1, {"xiaomi", "", ""}, to));
    EXPECT_TRUE(policies.asks_for_device(0));
    EXPECT_FALSE(policies.asks_for_device(1));
}

}  // namespace
}  // namespace telltale::correlate
