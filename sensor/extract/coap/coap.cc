// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/coap/coap.h"

#include <array>
#include <cstring>

#include "sensor/extract/values.h"

namespace telltale::extract::coap {
namespace {

using base::ByteReader;
using base::Bytes;
using model::Field;

constexpr std::uint16_t kPort = 5683;
constexpr std::size_t kMaxTokenBytes = 8, kMaxOptions = 64, kMaxPathBytes = 255;
constexpr std::uint32_t kUriHost = 3, kUriPath = 11;
constexpr std::uint8_t kPayloadMarker = 0xff;

// An option's delta or length: 13 and 14 say that one or two bytes follow, 15 is reserved.
bool extend(ByteReader& reader, std::uint32_t nibble, std::uint32_t& value) {
    std::uint8_t one = 0;
    std::uint16_t two = 0;
    value = nibble;
    if (nibble < 13) return true;
    if (nibble == 13) {
        if (!reader.read_u8(one)) return false;
        value = one + 13U;
        return true;
    }
    if (nibble == 15 || !reader.read_u16(two)) return false;
    value = two + 269U;
    return true;
}

// Segments with a slash before each.
class Path {
  public:
    void add(Bytes segment) {
        if (size_ + 1 + segment.size() > text_.size()) {
            cut_ = true;
            return;
        }
        text_[size_++] = '/';
        if (!segment.empty()) std::memcpy(text_.data() + size_, segment.data(), segment.size());
        size_ += segment.size();
    }
    [[nodiscard]] bool cut() const { return cut_; }
    [[nodiscard]] std::string_view text() const { return {text_.data(), size_}; }

  private:
    std::array<char, kMaxPathBytes> text_{};
    std::size_t size_ = 0;
    bool cut_ = false;
};

}  // namespace

// Version 1, a token of at most eight bytes, and a request's code (0.01 to 0.07), sent to CoAP's port.
Sniff sniff(const Message& message) {
    const Bytes bytes = message.bytes;
    if (message.destination_port != kPort || bytes.size() < 4 || bytes[0] >> 6 != 1) return Sniff::no;
    return (bytes[0] & 0x0fU) <= kMaxTokenBytes && bytes[1] >= 1 && bytes[1] <= 7 ? Sniff::yes : Sniff::no;
}

Parsed parse(const Message& message, MessageProgress&, model::RecordWriter& record) {
    ByteReader reader(message.bytes);
    std::uint8_t head = 0, code = 0;
    if (!reader.read_u8(head) || !reader.read_u8(code) || !reader.skip(2U + (head & 0x0fU))) {
        return malformed(Malformed::short_header);
    }
    record.put_number(Field::operation, code);
    Path path;
    std::uint32_t number = 0;
    bool named = false;
    for (std::size_t i = 0; i < kMaxOptions && !reader.empty() && reader.peek() != kPayloadMarker; ++i) {
        std::uint8_t option = 0;
        std::uint32_t delta = 0, size = 0;
        Bytes value;
        const bool sound = reader.read_u8(option) && extend(reader, option >> 4U, delta) &&
                           extend(reader, option & 0x0fU, size) && reader.read_bytes(size, value);
        if (!sound) {
            if (!message.cut) return malformed(Malformed::bad_length);
            record.mark_truncated();
            break;
        }
        number += delta;
        // A second Uri-Host counts as an option that nobody knows (section 5.4.5).
        if (number == kUriHost && delta != 0) named = put_service_name(base::as_text(value), record);
        if (number == kUriPath) path.add(value);
    }
    if (!path.text().empty()) record.put(Field::target, path.text());
    if (path.cut()) record.mark_truncated();
    return done(message.bytes.size(), named);
}

}  // namespace telltale::extract::coap
