// SPDX-License-Identifier: Apache-2.0
#include "signatures/said_rows.h"

#include <algorithm>
#include <utility>

#include "sensor/model/numbers_text.h"
#include "signatures/service_instance.h"

namespace telltale::signatures {
namespace {

static_assert(std::all_of(kSaid.begin(), kSaid.end(),
                          [](const Said& said) {
                              return said.role == Role::device || said.confidence == confidence_of(said.method);
                          }),
              "the rows of a method have one confidence");
static_assert(
    [] {
        for (const model::AttributionMethod method : base::enumerators<model::AttributionMethod>()) {
            const bool by_name =
                method != model::AttributionMethod::none && method != model::AttributionMethod::reserved;
            if (by_name != (confidence_of(method) > 0)) return false;
        }
        return true;
    }(),
    "each method that is a name has a row");
static_assert(std::all_of(kRowsOfKind.begin(), kRowsOfKind.end(),
                          [](std::uint64_t rows) {
                              return static_cast<std::size_t>(std::popcount(rows)) <= model::kMaxRecordSignatures;
                          }),
              "a record keeps a place for a signature of each row");

}  // namespace

SaidTexts::SaidTexts(const Said& said, base::Bytes value) : said_(said), value_(value) {
    if (said.reading != Reading::service_text) return;
    model::DnsAnswer answer;
    value_ = {};
    if (!read(value, answer) || answer.type != model::dns_type::txt) return;
    const std::string_view service = service_instance(answer.name).type;
    if (service.empty() || service.size() >= room_.size() / 2) return;
    service_size_ = service.size() + 1;
    *std::copy(service.begin(), service.end(), room_.begin()) = ' ';
    strings_ = model::DnsStrings(answer.strings);
}

std::string_view SaidTexts::next() {
    if (said_.reading == Reading::service_text) return next_service_text();
    const base::Bytes value = std::exchange(value_, {});
    if (value.empty()) return {};
    switch (said_.reading) {
        case Reading::text: return base::as_text(value);
        case Reading::numbers: {
            const bool wide = model::info(said_.field).type == model::FieldType::wide_number_list;
            return wide ? model::wide_numbers_text(value, room_) : model::numbers_text(value, room_);
        }
        case Reading::question: {
            model::DnsQuestion question;
            return read(value, question) ? question.name : std::string_view();
        }
        case Reading::alias: {
            model::DnsAnswer answer;
            const bool is_alias = read(value, answer) && answer.type == model::dns_type::cname;
            return is_alias ? answer.target : std::string_view();
        }
        case Reading::site: {
            const std::string_view name = base::as_text(value);
            return name.starts_with("*.") ? name.substr(2) : name;
        }
        case Reading::service_text: break;
    }
    return {};
}

// Each string that has a key and a value (RFC 6763 section 6.4).
std::string_view SaidTexts::next_service_text() {
    for (std::string_view text; strings_.next(text);) {
        if (text.find('=') == std::string_view::npos || service_size_ + text.size() > room_.size()) continue;
        std::copy(text.begin(), text.end(), room_.begin() + static_cast<std::ptrdiff_t>(service_size_));
        return {room_.data(), service_size_ + text.size()};
    }
    return {};
}

}  // namespace telltale::signatures
