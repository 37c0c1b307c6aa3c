// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/correlate/record_feed.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "sensor/base/packet_clock.h"
#include "sensor/model/sentence.h"
#include "signatures/regex.h"

namespace telltale::correlate::testing {
namespace {

using model::Field;
using model::RecordKind;
using signatures::PatternKind;
using signatures::PatternSet;
using signatures::PolicyField;
using signatures::Signature;

Signature host(std::string suffix, std::int32_t owner, signatures::Category category, float maker_weight = 0) {
    Signature out;
    out.id = "host." + suffix;
    out.pattern = std::move(suffix);
    out.owner = owner;
    out.category = category;
    out.maker_only = maker_weight > 0;
    if (out.maker_only) out.claim.maker = "xiaomi";
    out.claim.weight = maker_weight;
    return out;
}

Signature fingerprint(std::string id, PatternSet set, std::string regex, signatures::DeviceClaim claim) {
    Signature out;
    out.id = std::move(id);
    out.set = set;
    out.kind = PatternKind::regex;
    out.pattern = std::move(regex);
    out.claim = std::move(claim);
    return out;
}

signatures::Policy policy(std::string id, std::vector<signatures::Condition> when) {
    signatures::Policy out;
    out.name = "Policy " + id;
    out.id = std::move(id);
    out.when = std::move(when);
    out.severity = 3;
    return out;
}

std::string dns_answer(std::uint16_t type, std::uint32_t ttl, std::string_view name, std::string_view data) {
    std::string out;
    for (unsigned i = 0; i < 2; ++i) out += static_cast<char>((type >> (8 * i)) & 0xff);
    for (unsigned i = 0; i < 4; ++i) out += static_cast<char>((ttl >> (8 * i)) & 0xff);
    out += static_cast<char>(name.size());
    out += name;
    out += data;
    return out;
}

}  // namespace

model::IpAddress ip(std::string_view text) {
    const auto address = model::parse_ip(text);
    if (!address) throw std::invalid_argument("not an address: " + std::string(text));
    return *address;
}

model::MacAddress mac(std::string_view text) {
    const auto address = model::parse_mac(text);
    if (!address) throw std::invalid_argument("not a MAC address: " + std::string(text));
    return *address;
}

signatures::Bundle small_bundle() {
    using signatures::Category;
    signatures::Bundle bundle;
    bundle.version = "test";
    bundle.owners = {{"xiaomi", "Xiaomi", "Xiaomi Inc.", "CN", {}, {}},
                     {"google", "Google", "Google LLC", "US", {}, {}}};
    bundle.makers = {{"xiaomi", "Xiaomi", {"Xiaomi Communications Co Ltd"}, 0.5F, {}, {}},
                     {"apple", "Apple", {"Apple, Inc."}, 0.5F, {}, {}},
                     {"dell", "Dell", {"Dell Inc."}, 0.4F, {}, {}}};
    bundle.signatures = {
        host("xiaomi.com", 0, Category::other),
        host("account.xiaomi.com", 0, Category::account),
        host("tracking.miui.com", 0, Category::telemetry, 0.6F),
        host("google.com", 1, Category::other),
        host("cloudflare-ech.com", 1, Category::other),
        fingerprint("ua.redmi", PatternSet::user_agent, R"(Android (\d+(?:\.\d+)*).*; (Redmi[^;/)]*) Build)",
                    {"xiaomi", "$2", "android", "$1", "phone", 0.8F}),
        fingerprint("ua.windows", PatternSet::user_agent, "Windows NT 10", {"", "", "windows", "10", "desktop", 0.6F}),
        fingerprint("dhcp.android", PatternSet::dhcp_vendor_class, R"(^android-dhcp-(\d+))",
                    {"", "", "android", "$1", "", 0.8F}),
        fingerprint("dhcp.windows", PatternSet::dhcp_vendor_class, "^MSFT 5\\.0$",
                    {"", "", "windows", "", "desktop", 0.75F}),
        fingerprint("dhcp.redmi", PatternSet::dhcp_host_name, "^Redmi", {"xiaomi", "", "android", "", "phone", 0.55F}),
    };
    bundle.resolvers = {host("dns.google", -1, Category::other), host("dns.nextdns.io", -1, Category::other),
                        host("cloudflare-dns.com", -1, Category::other)};
    bundle.policies = {
        policy("own-telemetry", {{PolicyField::device_maker, {"xiaomi"}, false},
                                 {PolicyField::destination_owner, {"xiaomi"}, false},
                                 {PolicyField::destination_category, {"telemetry"}, false}}),
        policy("account-in-clear", {{PolicyField::destination_category, {"account"}, false},
                                    {PolicyField::transport_cleartext, {"true"}, false}}),
    };
    return bundle;
}

std::optional<signatures::SignatureId> destination(const signatures::Bundle& bundle, std::string_view name) {
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    for (std::string_view rest = lower; !rest.empty();) {
        for (std::size_t i = 0; i < bundle.signatures.size(); ++i) {
            if (bundle.signatures[i].set == PatternSet::host_name && bundle.signatures[i].pattern == rest) {
                return static_cast<signatures::SignatureId>(i);
            }
        }
        const auto dot = rest.find('.');
        rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
    }
    return std::nullopt;
}

std::vector<signatures::SignatureId> fingerprints(const signatures::Bundle& bundle, PatternSet set,
                                                  std::string_view text) {
    std::vector<signatures::SignatureId> out;
    for (std::size_t i = 0; i < bundle.signatures.size(); ++i) {
        const Signature& signature = bundle.signatures[i];
        if (signature.set != set || text.empty()) continue;
        const auto regex = signatures::Regex::compile(signature.pattern, signature.caseless);
        if (!regex) throw std::invalid_argument(regex.error().text);
        const bool matches = regex->search(text) == signatures::Regex::Outcome::match;
        if (matches) out.push_back(static_cast<signatures::SignatureId>(i));
    }
    return out;
}

RecordFeed::RecordFeed(CorrelateConfig config, signatures::Bundle bundle, unsigned workers)
    : bundle_(std::make_shared<const signatures::Bundle>(std::move(bundle))),
      workers_(workers),
      correlator_(std::make_unique<Correlator>(std::move(config), bundle_, nullptr,
                                               [this](model::Event&& event) { events_.push_back(std::move(event)); })),
      buffer_(2 * model::kMaxRecordBytes) {}

template <typename Fill>
void RecordFeed::send(const model::RecordHeader& header, Fill&& fill) {
    buffer_.clear();
    model::RecordWriter writer(buffer_, header);
    fill(writer);
    if (!writer.commit()) throw std::runtime_error("no room for a record");
    buffer_.for_each([&](std::span<std::uint8_t> bytes) { correlator_->on_record(model::RecordView(bytes)); });
}

Flow RecordFeed::open(const Packet& packet) {
    Flow flow;
    model::RecordHeader& header = flow.header;
    const model::IpAddress from = ip(packet.source);
    const model::IpAddress to = ip(packet.destination);
    const bool forward = std::make_pair(from, packet.source_port) < std::make_pair(to, packet.destination_port);
    header.key.a = forward ? from : to;
    header.key.b = forward ? to : from;
    header.key.port_a = forward ? packet.source_port : packet.destination_port;
    header.key.port_b = forward ? packet.destination_port : packet.source_port;
    header.key.protocol = packet.protocol;
    header.direction = forward ? model::Direction::a_to_b : model::Direction::b_to_a;
    if (!packet.source_mac.empty()) header.source_mac = mac(packet.source_mac);
    if (!packet.destination_mac.empty()) header.destination_mac = mac(packet.destination_mac);
    ++flows_;
    header.flow = {static_cast<std::uint16_t>(flows_ % workers_), flows_ / workers_, flows_};
    send(header_of(flow, RecordKind::flow_start), [](model::RecordWriter&) {});
    return flow;
}

model::RecordHeader RecordFeed::header_of(const Flow& flow, RecordKind kind, bool back) {
    model::RecordHeader header = flow.header;
    header.kind = kind;
    header.order = model::Order::of_frame(++frames_);
    header.time_ns = now_ns_;
    header.generation = static_cast<std::uint32_t>(1 + now_ns_ / (100 * kSecond));
    if (back) {
        header.direction = model::opposite(header.direction);
        std::swap(header.source_mac, header.destination_mac);
    }
    return header;
}

void RecordFeed::add_signatures(model::RecordHeader& header, const std::vector<signatures::SignatureId>& ids) {
    for (signatures::SignatureId id : ids) {
        if (header.signature_count < header.signatures.size()) header.signatures[header.signature_count++] = id;
    }
}

void RecordFeed::add_destination(model::RecordHeader& header, std::string_view name) const {
    if (const auto id = destination(*bundle_, name)) add_signatures(header, {*id});
}

void RecordFeed::tls(const Flow& flow, const Hello& hello) {
    model::RecordHeader header = header_of(flow, RecordKind::tls);
    header.truncated = hello.truncated;
    add_destination(header, hello.server_name);
    send(header, [&](model::RecordWriter& writer) {
        if (!hello.server_name.empty()) writer.put(Field::tls_server_name, hello.server_name);
        writer.put(Field::tls_ja3, std::string_view("0123456789abcdef0123456789abcdef"));
        writer.put(Field::tls_ja4, std::string_view("t13d1516h2_8daaf6152771_02713d6af862"));
        if (hello.ech) writer.put_number(Field::tls_ech, 1);
    });
}

void RecordFeed::tls_server(const Flow& flow, const std::vector<std::string>& certificate) {
    model::RecordHeader header = header_of(flow, RecordKind::tls_server, true);
    for (const std::string& name : certificate) add_destination(header, name.substr(name.starts_with("*.") ? 2 : 0));
    send(header, [&](model::RecordWriter& writer) {
        writer.put_number(Field::tls_version, 0x0303);
        for (std::size_t i = 0; i < certificate.size(); ++i) {
            writer.put(i == 0 ? Field::certificate_subject : Field::certificate_names, certificate[i]);
        }
    });
}

void RecordFeed::http(const Flow& flow, std::string_view host_name, std::string_view user_agent) {
    model::RecordHeader header = header_of(flow, RecordKind::http);
    add_destination(header, host_name.substr(0, host_name.find(':')));
    add_signatures(header, fingerprints(*bundle_, PatternSet::user_agent, user_agent));
    send(header, [&](model::RecordWriter& writer) {
        writer.put(Field::method, std::string_view("GET"));
        if (!host_name.empty()) writer.put(Field::service_name, host_name);
        if (!user_agent.empty()) writer.put(Field::user_agent, user_agent);
    });
}

void RecordFeed::service(const Flow& flow, RecordKind kind, std::string_view name, std::string_view second) {
    model::RecordHeader header = header_of(flow, kind);
    add_destination(header, name);
    send(header, [&](model::RecordWriter& writer) {
        writer.put(Field::service_name, name);
        if (!second.empty()) writer.put(Field::service_name, second);
    });
}

void RecordFeed::record(const Flow& flow, RecordKind kind, const std::vector<signatures::SignatureId>& ids,
                        const std::function<void(model::RecordWriter&)>& fill) {
    model::RecordHeader header = header_of(flow, kind);
    add_signatures(header, ids);
    send(header, fill);
}

void RecordFeed::unnamed(const Flow& flow, bool truncated) {
    model::RecordHeader header = header_of(flow, RecordKind::flow_unnamed);
    header.truncated = truncated;
    send(header, [](model::RecordWriter&) {});
}

void RecordFeed::delta(const Flow& flow, std::uint64_t bytes_out, std::uint64_t bytes_back, bool final) {
    model::FlowDelta delta;
    const auto out = static_cast<std::size_t>(flow.header.direction);
    delta.bytes[out] = bytes_out;
    delta.bytes[1 - out] = bytes_back;
    delta.packets[out] = bytes_out == 0 ? 0 : 1;
    delta.packets[1 - out] = bytes_back == 0 ? 0 : 1;
    delta.first_ns = delta.last_ns = now_ns_;
    delta.interval_start_ns = base::floor_to(now_ns_, 60 * kSecond);
    delta.final = final;
    send(header_of(flow, RecordKind::flow_delta), [&](model::RecordWriter& writer) { writer.put_flow_delta(delta); });
}

void RecordFeed::resolve(const std::string& client, const std::string& client_mac, const std::string& name,
                         const std::vector<AddressAnswer>& answers, const std::string& alias) {
    const auto port = static_cast<std::uint16_t>(20000 + flows_ % 30000);
    const Flow flow = open({client, "192.168.1.1", port, 53, model::kProtocolUdp, client_mac, "00:11:22:00:00:01"});
    const std::string question = std::string("\x01\x00", 2) + name;
    stay_in_frame();
    send(header_of(flow, RecordKind::dns),
         [&](model::RecordWriter& writer) { writer.put(Field::dns_question, question); });
    model::RecordHeader header = header_of(flow, RecordKind::dns, true);
    add_destination(header, name);
    if (header.signature_count == 0 && !alias.empty()) add_destination(header, alias);
    send(header, [&](model::RecordWriter& writer) {
        writer.put_number(Field::dns_response, 1).put(Field::dns_question, question);
        if (!alias.empty()) writer.put(Field::dns_answer, dns_answer(5, 60, name, alias));
        for (const AddressAnswer& answer : answers) {
            const model::IpAddress address = ip(answer.address);
            const std::uint16_t type = address.is_v4() ? 1 : 28;
            writer.put(Field::dns_answer, dns_answer(type, answer.ttl_s, name, base::as_text(address.raw())));
        }
    });
    delta(flow, 60, 120, true);
}

void RecordFeed::answer(const std::string& client, const std::string& name, const std::string& address) {
    const Flow flow = open({"192.168.1.1", client, 53, 53, model::kProtocolUdp, {}, {}});
    stay_in_frame();
    model::RecordHeader header = header_of(flow, RecordKind::dns);
    add_destination(header, name);
    send(header, [&](model::RecordWriter& writer) {
        writer.put_number(Field::dns_response, 1).put(Field::dns_question, std::string("\x01\x00", 2) + name);
        writer.put(Field::dns_answer, dns_answer(1, 60, name, base::as_text(ip(address).raw())));
    });
    delta(flow, 120, 0, true);
}

void RecordFeed::arp(const std::string& address, const std::string& its_mac) {
    Flow none;
    model::RecordHeader header = header_of(none, RecordKind::arp);
    header.source_mac = mac(its_mac);
    const model::IpAddress sender_ip = ip(address);
    send(header, [&](model::RecordWriter& writer) {
        writer.put(Field::client_mac, base::Bytes(header.source_mac.bytes)).put(Field::ip_address, sender_ip.raw());
    });
}

void RecordFeed::sender(const std::string& its_mac) {
    Flow none;
    model::RecordHeader header = header_of(none, RecordKind::sender);
    header.source_mac = mac(its_mac);
    send(header, [](model::RecordWriter&) {});
}

void RecordFeed::dhcp_request(const std::string& client_mac, const std::string& vendor_class,
                              const std::string& host_name, const std::string& parameters) {
    const Flow flow =
        open({"0.0.0.0", "255.255.255.255", 68, 67, model::kProtocolUdp, client_mac, "ff:ff:ff:ff:ff:ff"});
    stay_in_frame();
    model::RecordHeader header = header_of(flow, RecordKind::dhcp);
    add_signatures(header, fingerprints(*bundle_, PatternSet::dhcp_vendor_class, vendor_class));
    add_signatures(header, fingerprints(*bundle_, PatternSet::dhcp_host_name, host_name));
    const model::MacAddress client = mac(client_mac);
    send(header, [&](model::RecordWriter& writer) {
        writer.put_number(Field::operation, 1).put(Field::client_mac, base::Bytes(client.bytes));
        writer.put_number(Field::dhcp_message_type, 3);
        if (!vendor_class.empty()) writer.put(Field::dhcp_vendor_class, vendor_class);
        if (!host_name.empty()) writer.put(Field::dhcp_host_name, host_name);
        if (!parameters.empty()) writer.put(Field::dhcp_parameters, parameters);
    });
    delta(flow, 300, 0, true);
}

void RecordFeed::dhcp_ack(const std::string& client_mac, const std::string& given) {
    const Flow flow = open({"192.168.1.1", given, 67, 68, model::kProtocolUdp, "00:11:22:00:00:01", client_mac});
    const model::MacAddress client = mac(client_mac);
    const model::IpAddress address = ip(given);
    stay_in_frame();
    send(header_of(flow, RecordKind::dhcp), [&](model::RecordWriter& writer) {
        writer.put_number(Field::operation, 2).put(Field::client_mac, base::Bytes(client.bytes));
        writer.put_number(Field::dhcp_message_type, 5).put(Field::dhcp_given_ip, address.raw());
    });
    delta(flow, 300, 0, true);
}

}  // namespace telltale::correlate::testing
