// SPDX-License-Identifier: Apache-2.0
// Walks the table of what a device says from a record to the event, row by row.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sensor/correlate/correlator.h"
#include "sensor/match/scanner.h"
#include "sensor/model/dns_answer.h"
#include "sensor/model/sentence.h"
#include "sensor/pipeline/match_stage.h"
#include "signatures/said_rows.h"

namespace telltale::pipeline {
namespace {

using model::DnsAnswer;
using model::Field;
using model::PackedDns;
using model::RecordKind;
using signatures::Reading;
using signatures::Role;
using signatures::Said;

constexpr std::string_view kHost = "broker.example.com";
constexpr std::string_view kText = "Example 1.0";
namespace dns_type = model::dns_type;

model::IpAddress ip(std::string_view text) { return model::parse_ip(text).value(); }

// A field's value for a row, and the text that signatures of its set are matched against.
struct Sample {
    std::string value;
    std::string text;
};

std::string packed(const DnsAnswer& answer) { return std::string(base::as_text(PackedDns(answer).bytes())); }

Sample sample_of(const Said& said) {
    const std::string plain(said.role == Role::destination ? kHost : kText);
    const bool wide = model::info(said.field).type == model::FieldType::wide_number_list;
    const DnsAnswer alias{.type = dns_type::cname, .ttl_s = 60, .name = "www.other.test", .target = kHost};
    const std::string strings = "\x0emd=" + std::string(kText);
    const DnsAnswer service{
        .type = dns_type::txt, .ttl_s = 60, .name = "Kitchen._cast._tcp.local", .strings = base::as_bytes(strings)};
    switch (said.reading) {
        case Reading::text: return {plain, plain};
        case Reading::numbers: return {wide ? std::string("\1\0\3\0\2\1", 6) : "\1\3", wide ? "1,3,258" : "1,3"};
        case Reading::question:
            return {std::string(base::as_text(PackedDns(model::DnsQuestion{dns_type::a, kHost}).bytes())), plain};
        case Reading::alias: return {packed(alias), plain};
        case Reading::site: return {"*." + plain, plain};
        case Reading::service_text: return {packed(service), "_cast._tcp md=" + plain};
    }
    return {};
}

std::shared_ptr<const signatures::Bundle> bundle_for(const Said& said, const std::string& text) {
    signatures::Bundle bundle;
    bundle.owners = {{"acme", "Acme", "Acme Inc.", "US", {}, {}}};
    bundle.makers = {{"acme", "Acme", {}, 0, {}, {}}};
    signatures::Signature& signature = bundle.signatures.emplace_back();
    signature.id = "acme.one";
    signature.set = said.set;
    signature.kind = signatures::PatternKind::exact;
    signature.pattern = text;
    if (said.role == Role::destination) signature.owner = 0;
    if (said.role == Role::device) {
        signature.claim.maker = "acme";
        signature.claim.weight = 0.9F;
    }
    return std::make_shared<const signatures::Bundle>(std::move(bundle));
}

// One flow of a device, its record, and what becomes of them.
class Trip {
  public:
    Trip(const Said& said, RecordKind kind)
        : said_(said),
          kind_(kind),
          sample_(sample_of(said)),
          bundle_(bundle_for(said, sample_.text)),
          correlator_({}, bundle_, nullptr, [this](model::Event&& event) { events.push_back(std::move(event)); }) {
        const auto compiled = match::compile(bundle_, {});
        auto scanner = match::Scanner::create(*compiled);
        stage_.emplace(std::move(*scanner), 1);
    }

    void run() {
        const bool by_answer = said_.method == model::AttributionMethod::dns_answer;
        const bool back = by_answer || kind_ == RecordKind::tls_server;
        const std::string far = by_answer ? "192.168.1.1" : "203.0.113.10";
        open(far, 1);
        put(kind_, back, [this](model::RecordWriter& record) { fill(record); });
        if (by_answer) open("203.0.113.10", 2);
        put(RecordKind::flow_unnamed, false, [](model::RecordWriter&) {});
        model::FlowDelta delta;
        delta.packets = delta.bytes = {1, 1};
        delta.final = true;
        put(RecordKind::flow_delta, false, [&](model::RecordWriter& record) { record.put_flow_delta(delta); });
        correlator_.finish(2'000'000'000);
    }

    [[nodiscard]] const std::string& text() const { return sample_.text; }
    std::vector<model::Event> events;

  private:
    void open(const std::string& far, std::uint32_t number) {
        header_ = {};
        header_.key.a = ip("192.168.1.5");
        header_.key.b = ip(far);
        header_.key.port_a = 40000;
        header_.key.port_b = 50000;
        header_.key.protocol = model::kProtocolUdp;
        header_.source_mac = model::parse_mac("0c:1d:af:00:00:05").value();
        header_.destination_mac = model::parse_mac("00:11:22:00:00:01").value();
        header_.flow = {0, number, number};
        header_.time_ns = 1'000'000'000;
        put(RecordKind::flow_start, false, [](model::RecordWriter&) {});
    }

    // Puts the field, and the others that make the message speak for its sender or name its destination.
    void fill(model::RecordWriter& record) const {
        const DnsAnswer own{.type = dns_type::a, .ttl_s = 60, .name = "kitchen.local", .address = ip("192.168.1.5")};
        const DnsAnswer placed{
            .type = dns_type::srv, .ttl_s = 60, .name = "Kitchen._cast._tcp.local", .target = "kitchen.local"};
        const DnsAnswer far{.type = dns_type::a, .ttl_s = 60, .name = "x", .address = ip("203.0.113.10")};
        const PackedDns question(model::DnsQuestion{dns_type::a, "www.other.test"});
        if (kind_ == RecordKind::dhcp) {
            record.put_number(Field::operation, 1).put(Field::client_mac, base::Bytes(header_.source_mac.bytes));
        }
        if (kind_ == RecordKind::dns || kind_ == RecordKind::mdns) record.put_number(Field::dns_response, 1);
        if (kind_ == RecordKind::nbns) record.put_number(Field::dns_opcode, 5);
        if (kind_ == RecordKind::dhcpv6) record.put_number(Field::dhcp_message_type, 1);
        if (said_.reading == Reading::alias) record.put(Field::dns_question, question.bytes());
        record.put(said_.field, sample_.value);
        if (kind_ == RecordKind::dns) record.put(Field::dns_answer, PackedDns(far).bytes());
        if (kind_ == RecordKind::mdns) {
            record.put(Field::dns_answer, PackedDns(placed).bytes()).put(Field::dns_answer, PackedDns(own).bytes());
        }
    }

    template <typename Fill>
    void put(RecordKind kind, bool back, Fill&& fill) {
        model::RecordHeader header = header_;
        header.kind = kind;
        header.order = model::Order::of_frame(++frames_);
        if (back) {
            header.direction = model::opposite(header.direction);
            std::swap(header.source_mac, header.destination_mac);
        }
        buffer_.clear();
        model::RecordWriter record(buffer_, header);
        fill(record);
        ASSERT_TRUE(record.commit());
        stage_->annotate(buffer_);
        buffer_.for_each([&](std::span<std::uint8_t> bytes) { correlator_.on_record(model::RecordView(bytes)); });
    }

    const Said& said_;
    RecordKind kind_;
    Sample sample_;
    std::shared_ptr<const signatures::Bundle> bundle_;
    correlate::Correlator correlator_;
    std::optional<MatchStage> stage_;
    model::RecordBuffer buffer_{2 * model::kMaxRecordBytes};
    model::RecordHeader header_;
    std::uint64_t frames_ = 0;
};

bool has_evidence(const model::Event& event, const Said& said, const std::string& text) {
    if (!event.device) return false;
    const auto& items = event.device->evidence;
    return std::any_of(items.begin(), items.end(), [&](const model::Evidence& item) {
        return item.source == to_string(said.source) && item.value == text && item.signature_id == "acme.one";
    });
}

bool is_named(const model::Event& event, const Said& said) {
    if (!event.destination || event.action != model::EventAction::destination_first_contact) return false;
    const model::DestinationView& to = *event.destination;
    const std::string words = "known by " + std::string(model::kMethodInWords[said.method]);
    std::string sentence;
    model::append_sentence(sentence, event);
    return to.owner_id == "acme" && to.method == said.method && to.confidence == said.confidence &&
           sentence.find(words) != std::string::npos;
}

TEST(SaidTable, EveryRowReachesTheEvents) {
    for (const Said& said : signatures::kSaid) {
        for (std::size_t kind = 0; kind < model::kRecordKindCount; ++kind) {
            if (!said.in(static_cast<RecordKind>(kind))) continue;
            Trip trip(said, static_cast<RecordKind>(kind));
            trip.run();
            const bool found = std::any_of(trip.events.begin(), trip.events.end(), [&](const model::Event& event) {
                return said.role == Role::device ? has_evidence(event, said, trip.text()) : is_named(event, said);
            });
            EXPECT_TRUE(found) << (said.role == Role::device ? to_string(said.source) : to_string(said.method))
                               << " of " << to_string(static_cast<RecordKind>(kind));
        }
    }
}

}  // namespace
}  // namespace telltale::pipeline
