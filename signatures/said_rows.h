// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sensor/base/byte_reader.h"
#include "sensor/base/enumeration.h"
#include "sensor/model/dns_answer.h"
#include "sensor/model/event_words.h"
#include "sensor/model/record.h"
#include "signatures/said.h"

// The rows of said.h, by kind of record and field.
namespace telltale::signatures {

// Whom a text is about.
enum class Role : std::uint8_t {
    device,       // speaks for the device that sends it
    destination,  // names the destination of the flow
};

// A row. `source` is a device's; `method` and `confidence` are a destination's.
struct Said {
    Role role;
    PatternSet set;
    EvidenceSource source;
    model::AttributionMethod method;
    double confidence;
    model::Field field;
    Reading reading;
    std::uint64_t kinds;  // bits by RecordKind

    [[nodiscard]] constexpr bool in(model::RecordKind kind) const { return (kinds >> base::index_of(kind) & 1) != 0; }
    // Whether a record may have several texts of the row.
    [[nodiscard]] constexpr bool several() const {
        switch (model::info(field).type) {
            case model::FieldType::text_list:
            case model::FieldType::dns_question:
            case model::FieldType::dns_answer: return true;
            default: return false;
        }
    }
};

constexpr auto said_rows() {
    using enum model::RecordKind;
    static_assert(model::kRecordKindCount <= 64);
    const auto bits = [](auto... kinds) { return ((std::uint64_t{1} << base::index_of(kinds)) | ...); };
#define TELLTALE_DEVICE_ROW(source, word, in_words, speaker, field, reading, ...)                            \
    Said{Role::device,        PatternSet::source, EvidenceSource::source, model::AttributionMethod::none, 1, \
         model::Field::field, Reading::reading,   bits(__VA_ARGS__)},
#define TELLTALE_DESTINATION_ROW(method, confidence, field, reading, ...) \
    Said{Role::destination,                                               \
         PatternSet::host_name,                                           \
         EvidenceSource::destination,                                     \
         model::AttributionMethod::method,                                \
         confidence,                                                      \
         model::Field::field,                                             \
         Reading::reading,                                                \
         bits(__VA_ARGS__)},
    return std::to_array<Said>(
        {TELLTALE_DEVICE_TEXTS(TELLTALE_DEVICE_ROW) TELLTALE_DESTINATION_NAMES(TELLTALE_DESTINATION_ROW)});
#undef TELLTALE_DEVICE_ROW
#undef TELLTALE_DESTINATION_ROW
}
inline constexpr auto kSaid = said_rows();
static_assert(kSaid.size() <= 64, "a set of rows is 64 bits");

// A row's number in kSaid, by kind of record and field; kNoRow: the field says nothing there.
using RowNumber = std::uint8_t;
inline constexpr RowNumber kNoRow = 0xff;
using RowsByField = std::array<RowNumber, model::kFieldCount>;

constexpr auto rows_by_kind() {
    std::array<RowsByField, model::kRecordKindCount> table{};
    for (RowsByField& rows : table) rows.fill(kNoRow);
    for (std::size_t row = 0; row < kSaid.size(); ++row) {
        for (std::size_t kind = 0; kind < table.size(); ++kind) {
            if (!kSaid[row].in(static_cast<model::RecordKind>(kind))) continue;
            RowNumber& place = table[kind][static_cast<std::size_t>(kSaid[row].field)];
            if (place != kNoRow) throw "a field of a kind of records has two rows";  // does not compile
            place = static_cast<RowNumber>(row);
        }
    }
    return table;
}
inline constexpr auto kRowsByKind = rows_by_kind();

// Returns the rows of a kind of records, as bits by row number.
constexpr std::uint64_t rows_of(model::RecordKind kind) {
    std::uint64_t rows = 0;
    for (std::size_t row = 0; row < kSaid.size(); ++row) rows |= std::uint64_t{kSaid[row].in(kind)} << row;
    return rows;
}
constexpr auto rows_of_kinds() {
    std::array<std::uint64_t, model::kRecordKindCount> table{};
    for (std::size_t kind = 0; kind < table.size(); ++kind) table[kind] = rows_of(static_cast<model::RecordKind>(kind));
    return table;
}
inline constexpr auto kRowsOfKind = rows_of_kinds();

// Returns how far a name is believed that was found by this method; 0 for a method that no row has.
constexpr double confidence_of(model::AttributionMethod method) {
    for (const Said& said : kSaid) {
        if (said.role == Role::destination && said.method == method) return said.confidence;
    }
    return 0;
}

// Calls visit(const Said&, base::Bytes value) for each field of the record that a row is for, in order. Of a row that
// has one text only the first is visited, so that a signature and the text beside it are of the same value.
template <typename Visit>
void for_each_said(const model::RecordView& record, Visit&& visit) {
    const std::size_t kind = base::index_of(record.header().kind);
    if (kRowsOfKind[kind] == 0) return;
    const RowsByField& rows = kRowsByKind[kind];
    std::uint64_t visited = 0;
    record.for_each([&](model::Field field, base::Bytes value) {
        const RowNumber row = rows[static_cast<std::size_t>(field)];
        if (row == kNoRow) return;
        const bool again = (visited >> row & 1) != 0;
        visited |= std::uint64_t{1} << row;
        if (!again || kSaid[row].several()) visit(kSaid[row], value);
    });
}

// The texts of one field's value, one after the other. Borrows the row and the value; a text is valid until the next.
class SaidTexts {
  public:
    SaidTexts(const Said& said, base::Bytes value);

    // Returns the next text that is not empty; an empty one at the end.
    std::string_view next();

  private:
    std::string_view next_service_text();

    const Said& said_;
    base::Bytes value_;
    model::DnsStrings strings_;
    std::size_t service_size_ = 0;
    std::array<char, 1536> room_;
};

// The most texts of one record that are read: more is no device's, and each costs a scan.
inline constexpr std::size_t kMaxTextsOfRecord = 128;

// Calls visit(const Said&, base::Bytes value, std::string_view text) for each text of the record, in order, at most
// kMaxTextsOfRecord times. Who matches a record and who reads the matches walk the same texts.
template <typename Visit>
void for_each_text(const model::RecordView& record, Visit&& visit) {
    std::size_t left = kMaxTextsOfRecord;
    for_each_said(record, [&](const Said& said, base::Bytes value) {
        SaidTexts texts(said, value);
        for (std::string_view text; left > 0 && !(text = texts.next()).empty(); --left) visit(said, value, text);
    });
}

}  // namespace telltale::signatures
