// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/match_stage.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sensor/model/dns_answer.h"
#include "signatures/said_rows.h"

namespace telltale::pipeline {
namespace {

using model::Field;
using model::RecordKind;
using signatures::PatternKind;
using signatures::PatternSet;

MatchStage stage_of(const std::vector<std::pair<PatternSet, const char*>>& patterns) {
    auto bundle = std::make_shared<signatures::Bundle>();
    for (const auto& [set, pattern] : patterns) {
        signatures::Signature& signature = bundle->signatures.emplace_back();
        signature.id = signature.pattern = pattern;
        signature.set = set;
        signature.kind = PatternKind::regex;
    }
    const auto compiled = match::compile(std::shared_ptr<const signatures::Bundle>(std::move(bundle)), {});
    return MatchStage(std::move(*match::Scanner::create(*compiled)), 1);
}

// A TXT answer whose data is these strings.
std::string txt(const std::vector<std::string>& strings) {
    std::string data;
    for (const std::string& one : strings) data += static_cast<char>(one.size()) + one;
    const model::DnsAnswer answer{
        .type = model::dns_type::txt, .name = "a._b._tcp.local", .strings = base::as_bytes(data)};
    return std::string(base::as_text(model::PackedDns(answer).bytes()));
}

std::vector<std::uint32_t> annotated(MatchStage& stage, RecordKind kind,
                                     const std::vector<std::pair<Field, std::string>>& fields) {
    model::RecordBuffer buffer(2 * model::kMaxRecordBytes);
    model::RecordHeader header;
    header.kind = kind;
    model::RecordWriter writer(buffer, header);
    for (const auto& [field, value] : fields) writer.put(field, value);
    EXPECT_TRUE(writer.commit());
    stage.annotate(buffer);
    std::vector<std::uint32_t> ids;
    buffer.for_each([&](std::span<std::uint8_t> bytes) {
        const model::RecordHeader& out = model::RecordView(bytes).header();
        ids.assign(out.signatures.begin(), out.signatures.begin() + out.signature_count);
    });
    return ids;
}

TEST(MatchStage, ASignatureTakesOnePlaceOfARecord) {
    MatchStage stage = stage_of({{PatternSet::mdns_txt, "md="}, {PatternSet::mdns_txt, "fn="}});
    std::vector<std::string> strings(model::kMaxRecordSignatures + 3, "md=A");
    strings.emplace_back("fn=B");
    EXPECT_EQ(annotated(stage, RecordKind::mdns, {{Field::dns_answer, txt(strings)}}),
              (std::vector<std::uint32_t>{0, 1}));
}

// Each text costs a scan, and 4 KB hold a thousand of them.
TEST(MatchStage, TextsOfARecordAreBounded) {
    MatchStage stage = stage_of({{PatternSet::mdns_txt, "md="}, {PatternSet::mdns_txt, "last="}});
    std::vector<std::string> strings;
    for (std::size_t i = 0; i < 400; ++i) strings.push_back("a=" + std::to_string(i % 10));
    const std::string many = txt(strings);
    annotated(stage, RecordKind::mdns, {{Field::dns_answer, many}, {Field::dns_answer, many}});
    EXPECT_EQ(stage.counters().scans, signatures::kMaxTextsOfRecord);

    strings.resize(signatures::kMaxTextsOfRecord - 1);
    strings.emplace_back("last=1");
    strings.emplace_back("md=A");
    EXPECT_EQ(annotated(stage, RecordKind::mdns, {{Field::dns_answer, txt(strings)}}), std::vector<std::uint32_t>{1});
}

// A record names one destination: the second name's signature would belong to the first one's text.
TEST(MatchStage, ASecondNameIsNotLookedUp) {
    MatchStage stage = stage_of({{PatternSet::host_name, "^b\\.test$"}});
    EXPECT_TRUE(
        annotated(stage, RecordKind::coap, {{Field::service_name, "a.test"}, {Field::service_name, "b.test"}}).empty());
    EXPECT_EQ(annotated(stage, RecordKind::coap, {{Field::service_name, "b.test"}}), std::vector<std::uint32_t>{0});
}

}  // namespace
}  // namespace telltale::pipeline
