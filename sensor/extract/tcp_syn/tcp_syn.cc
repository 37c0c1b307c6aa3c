// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/tcp_syn/tcp_syn.h"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>

namespace telltale::extract::tcp_syn {
namespace {

using base::ByteReader;
using model::Field;

constexpr std::uint8_t kEnd = 0, kNothing = 1, kSegmentSize = 2, kWindowScale = 3;  // IANA, TCP option kinds
constexpr std::size_t kMaxOptionBytes = 40;

struct Options {
    std::array<std::uint8_t, kMaxOptionBytes> kinds;
    std::size_t count = 0;
    std::optional<std::uint16_t> segment_size;
    std::optional<std::uint8_t> window_scale;
};

// Each turn eats an option. How the header is padded after the end of options differs between systems, too. An option
// whose length is not sound is the last one.
Options read_options(ByteReader reader) {
    Options options;
    std::uint8_t kind = 0, length = 0;
    while (options.count < options.kinds.size() && reader.read_u8(kind)) {
        options.kinds[options.count++] = kind;
        if (kind == kEnd || kind == kNothing) continue;
        ByteReader value;
        if (!reader.read_u8(length) || length < 2 || !reader.read_sub(length - 2U, value)) break;
        std::uint16_t size = 0;
        std::uint8_t shift = 0;
        if (kind == kSegmentSize && value.read_u16(size)) options.segment_size = size;
        if (kind == kWindowScale && value.read_u8(shift)) options.window_scale = shift;
    }
    return options;
}

class Text {
  public:
    Text& number(unsigned value) {
        size_ = static_cast<std::size_t>(std::to_chars(&letters_[size_], &letters_[letters_.size()], value).ptr -
                                         letters_.data());
        return *this;
    }
    Text& letter(char value) {
        letters_[size_++] = value;
        return *this;
    }
    [[nodiscard]] std::string_view view() const { return {letters_.data(), size_}; }

  private:
    std::array<char, 32 + 4 * kMaxOptionBytes> letters_;
    std::size_t size_ = 0;
};

template <typename Value>
void put_option(Text& text, const std::optional<Value>& value) {
    if (value) {
        text.number(*value);
    } else {
        text.letter('*');
    }
    text.letter(':');
}

}  // namespace

Sniff sniff(const Message&) { return Sniff::yes; }

Parsed parse(const Message& message, MessageProgress&, model::RecordWriter& record) {
    const model::PacketView& packet = *message.packet;
    const Options options = read_options(ByteReader(packet.tcp_options));
    Text text;
    text.number(packet.ttl).letter(':').number(packet.tcp_window).letter(':');
    put_option(text, options.segment_size);
    put_option(text, options.window_scale);
    for (std::size_t i = 0; i < options.count; ++i) {
        if (i != 0) text.letter(',');
        text.number(options.kinds[i]);
    }
    text.letter(':').letter(packet.dont_fragment ? '1' : '0');
    record.put(Field::syn_signature, text.view());
    record.put_number(Field::syn_ttl, packet.ttl);
    record.put_number(Field::syn_window, packet.tcp_window);
    if (options.segment_size) record.put_number(Field::syn_segment_size, *options.segment_size);
    if (options.window_scale) record.put_number(Field::syn_window_scale, *options.window_scale);
    if (options.count != 0) record.put(Field::syn_options, base::Bytes(options.kinds).first(options.count));
    return done(1, false);
}

}  // namespace telltale::extract::tcp_syn
