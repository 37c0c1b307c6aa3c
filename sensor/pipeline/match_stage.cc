// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/match_stage.h"

#include <algorithm>
#include <bit>
#include <span>
#include <string_view>

#include "signatures/said_rows.h"

namespace telltale::pipeline {
namespace {

using signatures::Role;
using signatures::Said;

// The places for signatures in one record's header. Each row of the record's kind keeps one place until its first text
// is scanned, so that what a device says of itself cannot push out the destination, or the other way round.
class Places {
  public:
    explicit Places(model::RecordHeader& header)
        : header_(header), waiting_(signatures::kRowsOfKind[base::index_of(header.kind)]) {}

    [[nodiscard]] bool none_taken() const { return header_.signature_count == 0; }

    // Returns the places that a text of this row may take.
    [[nodiscard]] std::span<std::uint32_t> open_to(const Said& said) {
        waiting_ &= ~(std::uint64_t{1} << (&said - signatures::kSaid.data()));
        const std::size_t spoken_for = header_.signature_count + static_cast<std::size_t>(std::popcount(waiting_));
        if (spoken_for >= header_.signatures.size()) return {};
        // A name has one owner: its most specific signature is enough.
        const std::size_t most = said.role == Role::destination ? 1 : kMaxTextSignatures;
        const std::size_t room = std::min(most, header_.signatures.size() - spoken_for);
        return std::span(header_.signatures).subspan(header_.signature_count, room);
    }
    // Keeps those of the `count` signatures in the next places that no text before has.
    void take(std::size_t count) {
        const auto begin = header_.signatures.begin();
        const auto end = begin + header_.signature_count;
        const auto kept = std::remove_if(end, end + static_cast<std::ptrdiff_t>(count), [&](std::uint32_t signature) {
            return std::find(begin, end, signature) != end;
        });
        header_.signature_count = static_cast<std::uint8_t>(kept - begin);
    }

  private:
    static constexpr std::size_t kMaxTextSignatures = 4;

    model::RecordHeader& header_;
    std::uint64_t waiting_;
};

}  // namespace

void MatchStage::annotate(model::RecordBuffer& records, std::size_t start) {
    records.for_each([this](std::span<std::uint8_t> bytes) { annotate(bytes); }, start);
}

void MatchStage::annotate(std::span<std::uint8_t> bytes) {
    auto& header = *reinterpret_cast<model::RecordHeader*>(bytes.data());
    if (signatures::kRowsOfKind[base::index_of(header.kind)] == 0) return;
    header.signature_count = 0;
    header.generation = generation_;
    Places places(header);
    signatures::for_each_text(model::RecordView(bytes), [&](const Said& said, base::Bytes, std::string_view text) {
        if (!scanner_.has_patterns(said.set)) return;
        // An alias counts only while the question itself, and the aliases before, have no owner.
        if (said.reading == signatures::Reading::alias && !places.none_taken()) return;
        const std::span<std::uint32_t> open = places.open_to(said);
        if (!open.empty()) places.take(scanner_.scan(said.set, text, open));
    });
}

}  // namespace telltale::pipeline
