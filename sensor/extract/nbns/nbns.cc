// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/nbns/nbns.h"

#include <algorithm>
#include <array>

#include "sensor/extract/dns/message.h"
#include "sensor/extract/dns/name.h"
#include "sensor/extract/dns/resource.h"

namespace telltale::extract::nbns {
namespace {

using base::ByteReader;
using base::Bytes;
using dns::NameError;
using model::Field;

constexpr std::uint16_t kPort = 137;
constexpr std::uint16_t kTypeName = 0x20, kTypeStatus = 0x21;
constexpr std::size_t kNameBytes = 16;  // 15 of the name, filled up with spaces, and the suffix
constexpr std::size_t kMaxNames = 64;   // of one message
constexpr std::size_t kMaxAddresses = 16;

using Name = std::array<std::uint8_t, kNameBytes>;

// First-level encoding (RFC 1001 section 14.1): each half octet is a letter from A on.
bool decode(Bytes letters, Name& name) {
    if (letters.size() != 2 * kNameBytes) return false;
    for (std::size_t i = 0; i < kNameBytes; ++i) {
        const unsigned high = letters[2 * i] - unsigned{'A'};
        const unsigned low = letters[2 * i + 1] - unsigned{'A'};
        if (high > 15 || low > 15) return false;
        name[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return true;
}

class NameWriter {
  public:
    explicit NameWriter(model::RecordWriter& record) : record_(record) {}

    void put(const Name& name) {
        if (count_ == kMaxNames) return record_.mark_truncated();
        Bytes text = Bytes(name).first(kNameBytes - 1);
        while (!text.empty() && (text.back() == ' ' || text.back() == 0)) text = text.first(text.size() - 1);
        record_.put(Field::names, text);
        suffixes_[count_++] = name.back();
    }
    void finish() {
        if (count_ != 0) record_.put(Field::netbios_suffix, Bytes(suffixes_).first(count_));
    }
    [[nodiscard]] bool empty() const { return count_ == 0; }

  private:
    model::RecordWriter& record_;
    std::array<std::uint8_t, kMaxNames> suffixes_;
    std::size_t count_ = 0;
};

// The first label of a name, without the scope labels, which say nothing about a device. A pointer leads back to the
// name of the question, which is written already.
bool put_name(ByteReader reader, NameWriter& names) {
    if ((reader.peek() & 0xc0) == 0xc0) return true;
    ByteReader label;
    Name name;
    if (!reader.read_sub_u8(label) || !decode(label.rest(), name)) return false;
    names.put(name);
    return true;
}

// RFC 1002 section 4.2.18: what a node is called.
void put_status(ByteReader data, NameWriter& names) {
    std::uint8_t count = 0;
    if (!data.read_u8(count)) return;
    for (unsigned i = 0; i < count; ++i) {
        Bytes raw;
        if (!data.read_bytes(kNameBytes, raw) || !data.skip(2)) return;
        Name name;
        std::copy(raw.begin(), raw.end(), name.begin());
        names.put(name);
    }
}

// RFC 1002 section 4.2.13: flags and an address, as often as it has them.
void put_addresses(ByteReader data, model::RecordWriter& record) {
    Bytes address;
    for (std::size_t i = 0; i < kMaxAddresses && data.skip(2) && data.read_bytes(4, address); ++i) {
        record.put(Field::netbios_address, address);
    }
}

enum class BodyOutcome : std::uint8_t { whole, short_message, bad_name };

BodyOutcome read_body(Bytes message, const dns::Header& header, NameWriter& names, model::RecordWriter& record) {
    ByteReader reader(message.subspan(dns::kHeaderBytes));
    for (unsigned i = 0; i < header.questions; ++i) {  // each turn eats a name
        const ByteReader start = reader;
        const NameError end = dns::skip_name(reader);
        if (end == NameError::short_message || !reader.skip(4)) return BodyOutcome::short_message;
        if (end != NameError::none || !put_name(start, names)) return BodyOutcome::bad_name;
    }
    const unsigned records = unsigned{header.answers} + header.authorities + header.additionals;
    for (unsigned i = 0; i < records; ++i) {
        dns::Resource resource;
        const dns::Step step = dns::read_resource(message, reader, resource);
        if (step == dns::Step::short_message) return BodyOutcome::short_message;
        if (step != dns::Step::ok) return BodyOutcome::bad_name;
        // A redirect to another name server names that one, in a form of its own (RFC 1002 section 4.2.15).
        if (resource.type != kTypeName && resource.type != kTypeStatus) continue;
        if (!put_name(resource.owner, names)) return BodyOutcome::bad_name;
        if (resource.type == kTypeStatus) put_status(resource.data, names);
        if (resource.type == kTypeName) put_addresses(resource.data, record);
    }
    return BodyOutcome::whole;
}

}  // namespace

Sniff sniff(const Message& message) {
    return message.source_port == kPort || message.destination_port == kPort ? Sniff::yes : Sniff::no;
}

Parsed parse(const Message& message, MessageProgress&, model::RecordWriter& record) {
    ByteReader reader(message.bytes);
    dns::Header header;
    if (!dns::read_header(reader, header)) return malformed(Malformed::short_header);
    record.put_number(Field::dns_transaction, header.id);
    record.put_number(Field::dns_response, header.response() ? 1 : 0);
    record.put_number(Field::dns_opcode, header.opcode());
    record.put_number(Field::dns_rcode, header.rcode());
    NameWriter names(record);
    const BodyOutcome reading = read_body(message.bytes, header, names, record);
    names.finish();
    const bool cut = reading == BodyOutcome::short_message && message.cut;
    if (reading == BodyOutcome::whole || cut) {
        if (cut) record.mark_truncated();
        return done(message.bytes.size(), false);
    }
    Parsed parsed = malformed(reading == BodyOutcome::bad_name ? Malformed::bad_name : Malformed::bad_length);
    parsed.partial = !names.empty();
    record.mark_truncated();
    return parsed;
}

}  // namespace telltale::extract::nbns
