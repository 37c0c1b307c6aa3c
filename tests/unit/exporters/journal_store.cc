// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/exporters/journal_store.h"

#include <algorithm>
#include <fstream>
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

std::size_t part_of(std::size_t limit, unsigned share_percent, bool emptied) {
    const std::size_t share = limit / 100 * share_percent + limit % 100 * share_percent / 100;
    return emptied ? share / 8 * 7 + share % 8 * 7 / 8 : share;
}

}  // namespace

// Records: "B" begins a boot, "A <envelope>" is an event, "R <reader>", "D <topic> <sequence>" a drop, "T <topic>
// <of the last boot> <first> <last>" reported drops, "K <topic> <position> <reader>" an acknowledgement, "X <topic>
// <position> <reader's number> <reason>" a rejection. Each begins with its length.
JournalStore::JournalStore(const fs::path& folder, StoreLimits limits, Overflow overflow)
    : file_(folder / "journal"), limits_(limits), overflow_(overflow) {
    if (std::ifstream journal(file_, std::ios::binary); journal) replay(journal);
    journal_.open(file_, std::ios::binary | std::ios::app);
    begin_boot();
    write("B");
    for (const auto topic : base::enumerators<model::Topic>()) {
        Position done = last_position_;
        for (const auto& [name, cursors] : known_readers_) done = std::min(done, cursors[topic]);
        Log& log = logs_[topic];
        if (!known_readers_.empty()) log.events.erase(log.events.begin(), log.events.upper_bound(done));
        log.figures = {};
        log.figures.created = log.figures.stored = log.figures.waiting = log.events.size();
        for (const auto& [position, kept] : log.events) log.figures.waiting_bytes += kept.bytes;
    }
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
        const std::streamoff at = end_;
        journal.ignore(1);
        record.resize(size);
        journal.read(record.data(), static_cast<std::streamsize>(size));
        std::istringstream text(record.substr(std::min<std::size_t>(2, size)));
        std::string word;
        const auto read_topic = [&] {
            text >> word;
            return base::from_word<model::Topic>(word).value_or(model::Topic::health);
        };
        switch (record[0]) {
            case 'B': begin_boot(); break;
            case 'A': keep(*read_envelope(text), at); break;
            case 'R': known_readers_[text.str()]; break;
            case 'D': {
                DropRange range{read_topic(), 0, 0, false};
                text >> range.first;
                note_drop(range.topic, range.first);
                break;
            }
            case 'T': {
                DropRange range{read_topic(), 0, 0, false};
                text >> range.of_last_boot >> range.first >> range.last;
                forget_drops(range);
                break;
            }
            case 'K': {
                const model::Topic topic = read_topic();
                Position up_to = 0;
                text >> up_to >> std::ws;
                std::getline(text, word);
                known_readers_[word][topic] = up_to;
                break;
            }
            default: {
                const model::Topic topic = read_topic();
                Position position = 0;
                DeadEvent dead;
                text >> position >> dead.reader >> std::ws;
                std::getline(text, dead.reason);
                bury(topic, position, std::move(dead));
            }
        }
    }
}

void JournalStore::begin_boot() {
    if (boots_++ > 0) last_boot_.emplace();
    for (const auto topic : base::enumerators<model::Topic>()) {
        if (last_boot_) (*last_boot_)[topic] = logs_[topic].last_stored;
        logs_[topic].last_stored = logs_[topic].last_sequence = 0;
        logs_[topic].dropping = false;
    }
    // Nobody asks about the boot before the last one any more.
    std::erase_if(drops_, [](const DropRange& range) { return range.of_last_boot; });
    for (DropRange& range : drops_) range.of_last_boot = true;
}

void JournalStore::keep(const Envelope& envelope, std::streamoff at) {
    Log& log = logs_[envelope.topic()];
    log.events[envelope.position] = {at, envelope.bytes(), envelope.created_ns, false};
    log.last_stored = envelope.sequence;
    log.dropping = false;
    last_position_ = envelope.position;
    ++log.figures.created;
    ++log.figures.stored;
    ++log.figures.waiting;
    log.figures.waiting_bytes += envelope.bytes();
}

void JournalStore::note_drop(model::Topic topic, std::uint64_t sequence) {
    Log& log = logs_[topic];
    ++log.figures.created;
    ++log.figures.dropped;
    log.dropping = true;
    const auto grown = std::find_if(drops_.begin(), drops_.end(), [&](const DropRange& range) {
        return range.topic == topic && !range.of_last_boot && range.last + 1 == sequence;
    });
    if (grown != drops_.end()) {
        grown->last = sequence;
        return;
    }
    drops_.push_back({topic, sequence, sequence, false});
    std::stable_sort(drops_.begin(), drops_.end(),
                     [](const DropRange& left, const DropRange& right) { return left.topic < right.topic; });
}

void JournalStore::forget_drops(const DropRange& reported) {
    const auto range = std::find_if(drops_.begin(), drops_.end(), [&](const DropRange& other) {
        return other.topic == reported.topic && other.of_last_boot == reported.of_last_boot &&
               other.first == reported.first;
    });
    if (range == drops_.end()) return;
    range->first = reported.last + 1;
    if (range->first > range->last) drops_.erase(range);
}

void JournalStore::bury(model::Topic topic, Position position, DeadEvent dead) {
    Kept& kept = logs_[topic].events.at(position);
    kept.dead = true;
    dead.envelope = read_at(kept.at);
    dead_.push_back(std::move(dead));
    if (dead_.size() > kMaxDeadEvents) dead_.pop_front();
}

bool JournalStore::has_room(std::size_t bytes, unsigned share_percent, bool emptied) const {
    std::uint64_t events = 0;
    std::uint64_t all_bytes = 0;
    for (const Log& log : logs_) {
        events += log.figures.waiting;
        all_bytes += log.figures.waiting_bytes;
    }
    if (events == 0) return limits_.max_events > 0;
    return events < part_of(limits_.max_events, share_percent, emptied) &&
           all_bytes + bytes <= part_of(limits_.max_bytes, share_percent, emptied);
}

bool JournalStore::make_room(std::unique_lock<std::mutex>& lock, const Log& log, model::Dataset dataset,
                             std::size_t bytes) {
    if (overflow_ == Overflow::drop) return has_room(bytes, model::kStoreShare[dataset], log.dropping);
    if (has_room(bytes, 100, false)) return true;
    if (pull_) {
        lock.unlock();
        pull_();
        lock.lock();
    } else {
        changed_.wait(lock, [&] { return closed_ || names_.empty() || has_room(bytes, 100, false); });
    }
    return has_room(bytes, 100, false);
}

AppendResult JournalStore::append(Envelope envelope, const Render& render) {
    const model::Topic topic = envelope.topic();
    Log& log = logs_[topic];
    envelope.sequence = log.last_sequence + 1;
    render(envelope.sequence, envelope.json);
    std::unique_lock lock(mutex_);
    log.last_sequence = envelope.sequence;
    const auto ranges = std::count_if(drops_.begin(), drops_.end(), [topic](const DropRange& range) {
        return range.topic == topic && !range.of_last_boot;
    });
    const bool ranges_full = log.dropping && static_cast<std::size_t>(ranges) >= kMaxDropRanges;
    if (ranges_full || !make_room(lock, log, envelope.dataset, envelope.bytes())) {
        note_drop(topic, envelope.sequence);
        write("D " + std::string(to_string(topic)) + " " + std::to_string(envelope.sequence));
        return {false, envelope.sequence};
    }
    envelope.position = last_position_ + 1;
    std::ostringstream record;
    record << "A ";
    write_envelope(record, envelope);
    keep(envelope, end_);
    write(record.str());
    lock.unlock();
    changed_.notify_all();
    return {true, envelope.sequence};
}

ReaderId JournalStore::add_reader(std::string_view name) {
    const std::lock_guard lock(mutex_);
    names_.emplace_back(name);
    cursors_.push_back(known_readers_[names_.back()]);
    write("R " + names_.back());
    return names_.size() - 1;
}

base::Result<std::size_t> JournalStore::read(ReaderId reader, model::Topic topic, Position after, std::size_t max,
                                             std::vector<StoredEnvelope>& batch) {
    batch.clear();
    const std::lock_guard lock(mutex_);
    const auto& events = logs_[topic].events;
    auto event = events.upper_bound(std::max(after, cursors_[reader][topic]));
    for (; event != events.end() && batch.size() < max; ++event) {
        batch.push_back(read_at(event->second.at));
        if (batch.back()->position != event->first) return base::Error{file_.string() + ": is damaged"};
    }
    return batch.size();
}

bool JournalStore::wait(Position after, std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, timeout, [&] { return closed_ || last_position_ > after; });
    return last_position_ > after;
}

base::Status JournalStore::acknowledge(ReaderId reader, model::Topic topic, Position up_to) {
    {
        const std::lock_guard lock(mutex_);
        if (up_to > last_position_) return base::Error{names_[reader] + " acknowledges what is not stored"};
        Position& cursor = cursors_[reader][topic];
        if (up_to <= cursor) return base::Done{};
        cursor = up_to;
        write("K " + std::string(to_string(topic)) + " " + std::to_string(up_to) + " " + names_[reader]);
        release(topic);
    }
    changed_.notify_all();
    return base::Done{};
}

void JournalStore::release(model::Topic topic) {
    Position done = last_position_;
    for (const Cursors& cursors : cursors_) done = std::min(done, cursors[topic]);
    Log& log = logs_[topic];
    while (!log.events.empty() && log.events.begin()->first <= done) {
        const Kept& kept = log.events.begin()->second;
        --log.figures.waiting;
        log.figures.waiting_bytes -= kept.bytes;
        ++(kept.dead ? log.figures.dead : log.figures.acknowledged);
        log.events.erase(log.events.begin());
    }
}

base::Status JournalStore::reject(ReaderId reader, model::Topic topic, Position position, std::string_view reason) {
    const std::lock_guard lock(mutex_);
    const auto kept = logs_[topic].events.find(position);
    if (kept == logs_[topic].events.end() || position <= cursors_[reader][topic]) {
        return base::Error{names_[reader] + " rejects an event that does not wait for it"};
    }
    bury(topic, position, {reader, nullptr, std::string(reason)});
    write("X " + std::string(to_string(topic)) + " " + std::to_string(position) + " " + std::to_string(reader) + " " +
          std::string(reason));
    return base::Done{};
}

std::uint64_t JournalStore::lag(ReaderId reader, model::Topic topic) const {
    const std::lock_guard lock(mutex_);
    const auto& events = logs_[topic].events;
    return static_cast<std::uint64_t>(std::distance(events.upper_bound(cursors_[reader][topic]), events.end()));
}

std::vector<DropRange> JournalStore::drops() const {
    const std::lock_guard lock(mutex_);
    return drops_;
}

void JournalStore::mark_drops_told(std::span<const DropRange> ranges) {
    const std::lock_guard lock(mutex_);
    for (const DropRange& range : ranges) {
        forget_drops(range);
        write("T " + std::string(to_string(range.topic)) + (range.of_last_boot ? " 1 " : " 0 ") +
              std::to_string(range.first) + " " + std::to_string(range.last));
    }
}

std::vector<DeadEvent> JournalStore::dead_events() const {
    const std::lock_guard lock(mutex_);
    return {dead_.begin(), dead_.end()};
}

StoreFigures JournalStore::figures() const {
    const std::lock_guard lock(mutex_);
    StoreFigures figures;
    for (const auto topic : base::enumerators<model::Topic>()) {
        figures.topics[topic] = logs_[topic].figures;
        if (const auto& events = logs_[topic].events; !events.empty()) {
            figures.topics[topic].oldest_created_ns = events.begin()->second.created_ns;
        }
    }
    return figures;
}

Position JournalStore::last_position() const {
    const std::lock_guard lock(mutex_);
    return last_position_;
}

void JournalStore::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
}

}  // namespace telltale::exporters
