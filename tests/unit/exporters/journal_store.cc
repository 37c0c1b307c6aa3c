// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/exporters/journal_store.h"

#include <algorithm>
#include <sstream>
#include <utility>

namespace telltale::exporters {
namespace {

namespace fs = std::filesystem;

// "<dataset> <sequence> <position> <created> <length of the key> <key><json>"
void write_envelope(std::ostream& out, const Envelope& envelope) {
    out << to_string(envelope.dataset) << ' ' << envelope.sequence << ' ' << envelope.position << ' '
        << envelope.created_ns << ' ' << envelope.key.size() << ' ' << envelope.key << envelope.json;
}

StoredEnvelope read_envelope(std::istream& in) {
    Envelope envelope;
    std::string dataset;
    std::size_t key_bytes = 0;
    in >> dataset >> envelope.sequence >> envelope.position >> envelope.created_ns >> key_bytes;
    in.get();
    envelope.dataset = base::from_word<model::Dataset>(dataset).value_or(model::Dataset::health);
    envelope.key.resize(key_bytes);
    in.read(envelope.key.data(), static_cast<std::streamsize>(key_bytes));
    std::ostringstream rest;
    if (in.peek() != std::istream::traits_type::eof()) rest << in.rdbuf();
    envelope.json = rest.str();
    return std::make_shared<const Envelope>(std::move(envelope));
}

model::Topic read_topic(std::istream& in) {
    std::string word;
    in >> word;
    return base::from_word<model::Topic>(word).value_or(model::Topic::health);
}

std::string rest_of(std::istream& in) {
    std::string rest;
    std::getline(in >> std::ws, rest);
    return rest;
}

}  // namespace

// Records: "B" begins a boot, "A <envelope>" is an event, "R <reader>", "D <topic> <sequence>" a drop, "E <topic>" an
// eviction, "T <topic> <of the last boot> <evicted> <first> <last>" reported drops, "K <topic> <position> <reader's
// number>" an acknowledgement, "X <topic> <position> <reader's number> <reason>" a rejection. Each begins with its
// length.
JournalStore::JournalStore(const fs::path& folder, StoreLimits limits, Overflow overflow)
    : BookedStore(limits, overflow), file_(folder / "journal") {
    if (std::ifstream journal(file_, std::ios::binary); journal) replay(journal);
    journal_.open(file_, std::ios::binary | std::ios::app);
    if (boots_ > 0) books().begin_boot(books().last_stored());
    write("B");
}

void JournalStore::write(const std::string& record) {
    const std::string head = std::to_string(record.size()) + " ";
    journal_ << head << record << std::flush;
    end_ += static_cast<std::streamoff>(head.size() + record.size());
}

StoredEnvelope JournalStore::read_at(std::streamoff at) const {
    std::ifstream journal(file_, std::ios::binary);
    journal.seekg(at);
    std::size_t size = 0;
    journal >> size;
    std::string record(size, '\0');
    journal.ignore(1);
    journal.read(record.data(), static_cast<std::streamsize>(size));
    std::istringstream text(record.substr(2));
    return read_envelope(text);
}

void JournalStore::replay(std::istream& journal) {
    std::string record;
    for (std::size_t size = 0; end_ = journal.tellg(), journal >> size;) {
        journal.ignore(1);
        record.resize(size);
        journal.read(record.data(), static_cast<std::streamsize>(size));
        std::istringstream rest(record.substr(std::min<std::size_t>(2, size)));
        replay(record[0], rest, end_);
    }
}

void JournalStore::replay(char letter, std::istream& record, std::streamoff at) {
    if (letter == 'B') {
        if (boots_++ > 0) books().begin_boot(books().last_stored());
    } else if (letter == 'R') {
        books().add_reader(rest_of(record));
    } else if (letter == 'A') {
        const StoredEnvelope event = read_envelope(record);
        places_[event->topic()][event->position] = at;
        const WaitingEvent waiting{event->position, event->bytes(), event->created_ns, false};
        if (!books().add(event->topic(), event->sequence, waiting)) release(event->topic(), event->position);
    } else {
        const model::Topic topic = read_topic(record);
        DropRange range{topic, 0, 0, false};
        Position position = 0;
        ReaderId reader = 0;
        if (letter == 'D') {
            record >> range.first;
            range.last = range.first;
            books().drop(range);
        } else if (letter == 'E') {
            books().evict_oldest(topic);
        } else if (letter == 'T') {
            record >> range.of_last_boot >> range.evicted >> range.first >> range.last;
            books().mark_told(range);
        } else if (letter == 'K') {
            record >> position >> reader;
            if (books().acknowledge(reader, topic, position)) release(topic, books().released(topic));
        } else {
            record >> position >> reader;
            books().bury({reader, read_at(places_[topic].at(position)), rest_of(record)});
        }
    }
}

BookedStore::Kept JournalStore::keep(const StoredEnvelope& envelope) {
    std::ostringstream record;
    record << "A ";
    write_envelope(record, *envelope);
    places_[envelope->topic()][envelope->position] = end_;
    write(record.str());
    return journal_.good() ? Kept::now : Kept::no;
}

base::Status JournalStore::load(model::Topic topic, Position after, std::size_t max,
                                std::vector<StoredEnvelope>& batch) {
    const auto& places = places_[topic];
    for (auto place = places.upper_bound(after); place != places.end() && batch.size() < max; ++place) {
        batch.push_back(read_at(place->second));
        if (batch.back()->position != place->first) return base::Error{file_.string() + ": is damaged"};
    }
    return base::Done{};
}

void JournalStore::release(model::Topic topic, Position up_to) {
    places_[topic].erase(places_[topic].begin(), places_[topic].upper_bound(up_to));
}

void JournalStore::note_reader(ReaderId reader) { write("R " + books().name(reader)); }

void JournalStore::note_drop(const DropRange& range) {
    write("D " + std::string(to_string(range.topic)) + " " + std::to_string(range.first));
}

void JournalStore::note_evicted(model::Topic topic) { write("E " + std::string(to_string(topic))); }

void JournalStore::note_told(const DropRange& range) {
    write("T " + std::string(to_string(range.topic)) + (range.of_last_boot ? " 1" : " 0") +
          (range.evicted ? " 1 " : " 0 ") + std::to_string(range.first) + " " + std::to_string(range.last));
}

void JournalStore::note_place(ReaderId reader, model::Topic topic, Position up_to) {
    write("K " + std::string(to_string(topic)) + " " + std::to_string(up_to) + " " + std::to_string(reader));
}

void JournalStore::note_dead(const DeadEvent& dead) {
    write("X " + std::string(to_string(dead.envelope->topic())) + " " + std::to_string(dead.envelope->position) + " " +
          std::to_string(dead.reader) + " " + dead.reason);
}

}  // namespace telltale::exporters
