// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/dns/dns.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "sensor/extract/dns/name.h"

namespace telltale::extract::dns {
namespace {

using base::ByteReader;
using base::Bytes;
using model::Field;

constexpr std::uint16_t kPort = 53;
constexpr std::size_t kHeaderBytes = 12;
constexpr std::uint16_t kTypeA = 1, kTypeCname = 5, kTypeAaaa = 28;
constexpr std::uint8_t kQuery = 0, kUpdate = 5, kMaxOpcode = 6;  // opcodes
constexpr std::uint16_t kReservedFlag = 0x0040;
constexpr std::size_t kMaxFieldNameBytes = 255;  // of a name as text in an answer: its length is one byte

struct Header {
    std::uint16_t id = 0, flags = 0, questions = 0, answers = 0, authorities = 0, additionals = 0;

    [[nodiscard]] bool response() const { return (flags & 0x8000) != 0; }
    [[nodiscard]] std::uint8_t opcode() const { return (flags >> 11) & 0xf; }
    [[nodiscard]] std::uint8_t rcode() const { return flags & 0xf; }
};

bool read_header(ByteReader& reader, Header& header) {
    return reader.read_u16(header.id) && reader.read_u16(header.flags) && reader.read_u16(header.questions) &&
           reader.read_u16(header.answers) && reader.read_u16(header.authorities) &&
           reader.read_u16(header.additionals);
}

// A value as model::FieldType says: numbers little endian.
class PackedValue {
  public:
    void put_number(std::uint32_t value, unsigned bytes) {
        for (unsigned i = 0; i < bytes; ++i) raw_[size_++] = static_cast<std::uint8_t>(value >> (8 * i));
    }
    void put(Bytes bytes) {
        const std::size_t size = std::min(bytes.size(), raw_.size() - size_);
        if (size != 0) std::memcpy(raw_.data() + size_, bytes.data(), size);
        size_ += size;
    }
    [[nodiscard]] Bytes bytes() const { return Bytes(raw_).first(size_); }

  private:
    std::array<std::uint8_t, 2048> raw_;
    std::size_t size_ = 0;
};

// How a question or answer went. After a bad value the reader stands behind it all the same.
enum class Step : std::uint8_t { ok, bad_value, short_message, bad_name, full };

constexpr bool goes_on(Step step) { return step == Step::ok || step == Step::bad_value; }

Step step_of(NameError error) {
    return error == NameError::none            ? Step::ok
           : error == NameError::short_message ? Step::short_message
                                               : Step::bad_name;
}

Step read_question(Bytes message, ByteReader& reader, model::RecordWriter& record, bool& named) {
    ByteReader start = reader;
    const NameError end = skip_name(reader);
    if (end != NameError::none) return step_of(end);
    std::uint16_t type = 0, question_class = 0;
    if (!reader.read_u16(type) || !reader.read_u16(question_class)) return Step::short_message;
    NameText name;
    if (read_name(message, start, name) != NameError::none) return Step::bad_value;
    PackedValue value;
    value.put_number(type, 2);
    value.put(base::as_bytes(name.view()));
    record.put(Field::dns_question, value.bytes());
    if (record.truncated()) return Step::full;
    named = true;
    return Step::ok;
}

Step read_answer(Bytes message, ByteReader& reader, model::RecordWriter& record) {
    ByteReader owner = reader;
    const NameError error = skip_name(reader);
    if (error != NameError::none) return step_of(error);
    std::uint16_t type = 0, answer_class = 0;
    std::uint32_t ttl = 0;
    ByteReader data;
    if (!reader.read_u16(type) || !reader.read_u16(answer_class) || !reader.read_u32(ttl)) return Step::short_message;
    const std::size_t data_start = message.size() - reader.remaining() + 2;
    if (!reader.read_sub_u16(data)) return Step::short_message;
    const bool address = (type == kTypeA && data.remaining() == 4) || (type == kTypeAaaa && data.remaining() == 16);
    if (!address && type != kTypeCname) return Step::ok;

    NameText name;
    NameText alias;
    if (read_name(message, owner, name) != NameError::none) return Step::bad_value;
    if (type == kTypeCname) {
        ByteReader target(message.subspan(data_start));
        if (read_name(message, target, alias) != NameError::none) return Step::bad_value;
    }
    const Bytes text = base::as_bytes(name.view().substr(0, kMaxFieldNameBytes));
    PackedValue value;
    value.put_number(type, 2);
    value.put_number(ttl, 4);
    value.put_number(static_cast<std::uint32_t>(text.size()), 1);
    value.put(text);
    value.put(address ? data.rest() : base::as_bytes(alias.view()));
    if (name.view().size() > kMaxFieldNameBytes) record.mark_truncated();
    record.put(Field::dns_answer, value.bytes());
    return record.truncated() ? Step::full : Step::ok;
}

bool on_port(const Message& message) { return message.source_port == kPort || message.destination_port == kPort; }

// Whether this can be a message's header and not some place inside a transfer. A message has one question, or none
// when it continues a transfer.
bool plausible(const Header& header) {
    return header.questions <= 1 && header.opcode() <= kMaxOpcode && (header.flags & kReservedFlag) == 0 &&
           (header.response() || header.questions == 1);
}

Parsed parse_message(Bytes message, bool cut, model::RecordWriter& record) {
    ByteReader reader(message);
    Header header;
    if (!read_header(reader, header)) return malformed(Malformed::short_header);
    record.put_number(Field::dns_transaction, header.id);
    record.put_number(Field::dns_response, header.response() ? 1 : 0);
    record.put_number(Field::dns_opcode, header.opcode());
    record.put_number(Field::dns_rcode, header.rcode());

    // Each turn eats bytes of the message or ends the loop. An update has a zone in the place of the question (RFC
    // 2136), and other opcodes than a query's put something else where the answers are.
    bool named = false;
    bool bad_value = false;
    Step step = Step::ok;
    const unsigned questions = header.opcode() == kUpdate ? 0 : header.questions;
    for (unsigned i = 0; i < questions && goes_on(step); ++i) {
        step = read_question(message, reader, record, named);
        bad_value = bad_value || step == Step::bad_value;
    }
    const unsigned answers = header.opcode() == kQuery ? header.answers : 0;
    for (unsigned i = 0; i < answers && goes_on(step); ++i) {
        step = read_answer(message, reader, record);
        bad_value = bad_value || step == Step::bad_value;
    }

    const bool cut_here = step == Step::short_message && cut;
    if (cut_here || bad_value) record.mark_truncated();
    if (!bad_value && (step == Step::ok || step == Step::full || cut_here)) return done(message.size(), named);
    // A pointer that leads into what was cut off is not the sender's mistake.
    if (bad_value && cut && (goes_on(step) || cut_here)) return done(message.size(), named);
    Parsed parsed = malformed(bad_value || step == Step::bad_name ? Malformed::bad_name : Malformed::bad_length);
    parsed.keep = parsed.named = named;
    record.mark_truncated();
    return parsed;
}

}  // namespace

Sniff sniff(const Message& message) { return on_port(message) ? Sniff::yes : Sniff::no; }

Parsed parse(const Message& message, Progress&, Workspace&, model::RecordWriter& record) {
    return parse_message(message.bytes, message.cut, record);
}

Sniff sniff_stream(const Message& message) {
    if (!on_port(message)) return Sniff::no;
    ByteReader reader(message.bytes);
    std::uint16_t length = 0;
    Header header;
    if (!reader.read_u16(length) || !read_header(reader, header)) return message.cut ? Sniff::no : Sniff::need_more;
    return length >= kHeaderBytes && plausible(header) ? Sniff::yes : Sniff::no;
}

Parsed parse_stream(const Message& message, Progress&, Workspace&, model::RecordWriter& record) {
    ByteReader reader(message.bytes);
    std::uint16_t length = 0;
    if (!reader.read_u16(length)) return malformed(Malformed::short_header);
    if (length > reader.remaining() && !message.cut) return need_more();
    const Bytes bytes = reader.rest().first(std::min<std::size_t>(length, reader.remaining()));
    Parsed parsed = parse_message(bytes, bytes.size() < length, record);
    if (parsed.outcome == Outcome::done) parsed.used = bytes.size() + sizeof length;
    return parsed;
}

}  // namespace telltale::extract::dns
