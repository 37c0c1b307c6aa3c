// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/dns/message.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

#include "sensor/extract/dns/name.h"
#include "sensor/extract/dns/resource.h"
#include "sensor/model/dns_answer.h"

namespace telltale::extract::dns {
namespace {

using base::ByteReader;
using base::Bytes;
using model::Field;
namespace dns_type = model::dns_type;

// Answers leave so much of a record to the names behind them.
constexpr std::size_t kRoomForNames = 1024;

// Names of a message that the record has, by their hashes: a name is written once, as long as there are places.
class NamesWritten {
  public:
    bool is_new(std::string_view name) {
        const std::size_t hash = std::hash<std::string_view>{}(name);
        const auto end = hashes_.begin() + static_cast<std::ptrdiff_t>(count_);
        if (std::find(hashes_.begin(), end, hash) != end) return false;
        if (count_ < hashes_.size()) hashes_[count_++] = hash;
        return true;
    }

  private:
    std::array<std::size_t, 64> hashes_;
    std::size_t count_ = 0;
};

class MessageReader {
  public:
    MessageReader(Bytes message, const Dialect& dialect, model::RecordWriter& record)
        : message_(message), dialect_(dialect), record_(record), reader_(message) {}

    // Each turn of the loops eats bytes of the message or ends them. An update has a zone in the place of the question
    // (RFC 2136), and other opcodes than a query's put something else where the answers are.
    void read(const Header& header) {
        static_cast<void>(reader_.skip(kHeaderBytes));
        const unsigned questions = header.opcode() == kUpdate ? 0 : header.questions;
        for (unsigned i = 0; i < questions && goes_on(step); ++i) take(read_question());
        if (header.opcode() != kQuery) return;
        unsigned records = header.answers;
        if (dialect_.all_sections) records += unsigned{header.authorities} + header.additionals;
        for (unsigned i = 0; i < records && goes_on(step); ++i) take(read_record());
        if (header.response() && header.answers == 0 && !dialect_.all_sections) read_authorities(header.authorities);
    }

    Step step = Step::ok;
    bool bad_value = false;
    bool named = false;
    bool denied = false;  // the authority section has a SOA record: there is no such name, or no record of this type

  private:
    void take(Step taken) {
        step = taken;
        bad_value = bad_value || taken == Step::bad_value;
    }

    Step write_name(const NameText& name) {
        if (!dialect_.names || !names_.is_new(name.view())) return Step::ok;
        const bool whole = !record_.truncated();
        record_.put(Field::names, name.view());
        named = true;
        return whole && record_.truncated() ? Step::full : Step::ok;
    }

    Step read_question() {
        ByteReader start = reader_;
        const NameError end = skip_name(reader_);
        if (end != NameError::none) return step_of(end);
        std::uint16_t type = 0, question_class = 0;
        if (!reader_.read_u16(type) || !reader_.read_u16(question_class)) return Step::short_message;
        NameText name(dialect_.style);
        if (read_name(message_, start, name) != NameError::none) return Step::bad_value;
        record_.put(Field::dns_question, model::PackedDns(model::DnsQuestion{type, name.view()}).bytes());
        if (record_.truncated()) return Step::full;
        named = true;
        return write_name(name);
    }

    Step read_record() {
        Resource resource;
        const Step taken = read_resource(message_, reader_, resource);
        if (taken != Step::ok) return taken;
        if (resource.type == dns_type::opt || (!resource.is_recorded() && !dialect_.names)) return Step::ok;
        NameText owner(dialect_.style);
        if (read_name(message_, resource.owner, owner) != NameError::none) return Step::bad_value;
        const Step written = write_name(owner);
        if (written != Step::ok || !resource.is_recorded()) return written;
        if (dialect_.names && record_.room() < kRoomForNames) {
            record_.mark_truncated();
            return Step::ok;
        }
        return write_resource(message_, resource, owner, record_);
    }

    // RFC 2308 section 2: what is not there is denied with a SOA record.
    void read_authorities(unsigned count) {
        Resource resource;
        for (unsigned i = 0; i < count && goes_on(step); ++i) {
            take(read_resource(message_, reader_, resource));
            denied = denied || (step == Step::ok && resource.type == dns_type::soa);
        }
    }

    Bytes message_;
    const Dialect& dialect_;
    model::RecordWriter& record_;
    ByteReader reader_;
    NamesWritten names_;
};

}  // namespace

bool read_header(ByteReader& reader, Header& header) {
    return reader.read_u16(header.id) && reader.read_u16(header.flags) && reader.read_u16(header.questions) &&
           reader.read_u16(header.answers) && reader.read_u16(header.authorities) &&
           reader.read_u16(header.additionals);
}

Parsed parse_message(Bytes message, bool cut, const Dialect& dialect, model::RecordWriter& record) {
    ByteReader reader(message);
    Header header;
    if (!read_header(reader, header)) return malformed(Malformed::short_header);
    record.put_number(Field::dns_transaction, header.id);
    record.put_number(Field::dns_response, header.response() ? 1 : 0);
    record.put_number(Field::dns_opcode, header.opcode());
    record.put_number(Field::dns_rcode, header.rcode());

    MessageReader content(message, dialect, record);
    content.read(header);
    if (header.response() && (content.denied || header.rcode() == 3)) record.put_number(Field::dns_negative, 1);

    const Step step = content.step;
    const bool named = content.named && dialect.names_destination;
    const bool cut_here = step == Step::short_message && cut;
    if (cut_here || content.bad_value) record.mark_truncated();
    if (!content.bad_value && (step == Step::ok || step == Step::full || cut_here)) return done(message.size(), named);
    // A pointer that leads into what was cut off is not the sender's mistake.
    if (content.bad_value && cut && (goes_on(step) || cut_here)) return done(message.size(), named);
    const bool bad_name = content.bad_value || step == Step::bad_name;
    Parsed parsed = malformed(bad_name ? Malformed::bad_name : Malformed::bad_length);
    parsed.partial = content.named;
    parsed.named = named;
    record.mark_truncated();
    return parsed;
}

}  // namespace telltale::extract::dns
