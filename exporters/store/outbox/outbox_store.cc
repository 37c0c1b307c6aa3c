// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/outbox_store.h"

#include <system_error>

#include "sensor/base/clock.h"

namespace telltale::exporters::outbox {

using model::Topic;

namespace {

// For a disk that does not answer.
constexpr std::chrono::seconds kPatience{2};

std::filesystem::path folder_of(const std::filesystem::path& file) {
    return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

}  // namespace

OutboxStore::OutboxStore(OutboxConfig config, FileLock lock)
    : BookedStore(config.limits, config.overflow),
      config_(std::move(config)),
      lock_(std::move(lock)),
      queue_(config_.commit_delay) {
    books().set_source(this, config_.waiting_page);
}

base::Result<std::unique_ptr<OutboxStore>> OutboxStore::open(OutboxConfig config) {
    auto lock = FileLock::take(config.file);
    if (!lock) return lock.error();
    std::unique_ptr<OutboxStore> store(new OutboxStore(std::move(config), std::move(*lock)));
    base::Status opened = store->open_file(Opening::at_start);
    if (!opened && store->damaged_ && store->move_damaged_file()) opened = store->open_file(Opening::at_start);
    if (!opened) return opened.error();
    store->lost_ = false;  // nothing was in the books yet
    store->thread_ = std::thread([self = store.get()] { self->run(); });
    return store;
}

OutboxStore::~OutboxStore() {
    queue_.close();
    if (thread_.joinable()) thread_.join();
}

void OutboxStore::File::close() {
    for (auto& log : logs) log.reset();
    requests.reset();
    writer.reset();
    reading.reset();
    writing.reset();
}

base::Status OutboxStore::open_file(Opening opening) {
    auto opened = open_database(config_.file, config_.sensor_id, config_.durability);
    if (!opened) return opened.error();
    auto reading = open_for_reading(config_.file);
    if (!reading) return reading.error();
    try {
        const Remembered remembered = remember(*opened->database);
        // The same file, once its disk is there again: the boot goes on.
        const bool goes_on = opening == Opening::again && remembered.boot == boot_;
        if (!goes_on) boot_ = std::max(boot_, remembered.boot + 1);
        file_.writing = std::move(opened->database);
        file_.reading = std::move(*reading);
        file_.writer = std::make_unique<ChangeWriter>(*file_.writing, boot_, config_.keep);
        file_.requests = std::make_unique<ReplayRequests>(*file_.writing);
        for (const auto topic : base::enumerators<Topic>()) {
            file_.logs[topic] = std::make_unique<EventLog>(*file_.reading, topic);
        }
        in_file_ = 0;
        for (const auto& log : file_.logs) in_file_ = std::max(in_file_, goes_on ? log->last() : 0);
        file_.identity = FileIdentity::of(config_.file);
        file_.folder = FileIdentity::of(folder_of(config_.file));
        if (opening == Opening::at_start && remembered.boot != 0) {
            boot_before_ = remembered.boot;
            restore(remembered);
        }
    } catch (const SQLite::Exception& exception) {
        file_.close();
        const Failure failure = failure_of(exception);
        damaged_ = failure.cause == FailureCause::damaged;
        return base::Error{config_.file.string() + ": " + failure.sentence()};
    }
    if (!opened->set_aside.empty()) note_set_aside(opened->set_aside);
    return base::Done{};
}

void OutboxStore::restore(const Remembered& remembered) {
    Position last = 0;
    for (const auto& log : file_.logs) last = std::max(last, log->last());
    for (const auto& [name, places] : remembered.readers) books().restore_reader(name, places);
    for (const DropRange& range : remembered.drops) books().drop(range);
    books().restore_end(last);
    for (const auto& [copy, reader] : remembered.replays) books().restore_replay(books().id_of(reader), copy);
    books().begin_boot(*remembered.last_boot);
    for (const DeadRow& row : remembered.dead) {
        dead_before_.insert({row.envelope->topic(), row.envelope->position});
        books().bury({books().id_of(row.reader), row.envelope, row.reason});
    }
}

// Takes what waits for a reader into the books: without readers nothing waits.
void OutboxStore::note_reader(ReaderId reader) {
    for (const auto topic : base::enumerators<Topic>()) {
        note_place(reader, topic, books().place(reader, topic));
        restore_waiting(reader, topic);
    }
}

void OutboxStore::restore_waiting(ReaderId reader, Topic topic) {
    WaitingSpan rest{books().place(reader, topic), books().oldest_waiting(topic) - 1, 0, 0};
    if (rest.after >= rest.upto) return;
    const auto first = page(topic, rest, config_.waiting_page);
    if (!first || first->empty()) return;
    rest.after = first->back().position;
    try {
        const std::lock_guard lock(reading_);
        const Sums upto = file_.logs[topic]->sums_at(rest.upto);
        const Sums after = file_.logs[topic]->sums_at(rest.after);
        rest.events = upto.events - after.events;
        rest.bytes = upto.bytes - after.bytes;
    } catch (const SQLite::Exception&) {
        return found_damage();
    }
    if (rest.events != 0) return books().add_older(topic, *first, rest);
    for (auto event = first->rbegin(); event != first->rend(); ++event) books().add_older(topic, *event);
}

std::optional<std::vector<WaitingEvent>> OutboxStore::page(Topic topic, const WaitingSpan& span, std::size_t max) {
    const std::lock_guard lock(reading_);
    if (!file_.logs[topic]) return std::nullopt;
    std::vector<WaitingEvent> events;
    const auto add = [&](const LogPlace& place) {
        const bool of_last_boot = place.boot == boot_before_ && !books().is_replay(place.position);
        events.push_back({place.position, place.bytes, place.created_ns, dead_before_.contains({topic, place.position}),
                          of_last_boot, of_last_boot ? place.sequence : 0});
    };
    try {
        file_.logs[topic]->each_place(span.after, span.upto, max, add);
    } catch (const SQLite::Exception&) {
        found_damage();
        return std::nullopt;
    }
    return events;
}

std::optional<std::uint64_t> OutboxStore::count(Topic topic, Position after, Position upto) {
    const std::lock_guard lock(reading_);
    if (!file_.logs[topic]) return std::nullopt;
    try {
        return file_.logs[topic]->sums_at(upto).events - file_.logs[topic]->sums_at(after).events;
    } catch (const SQLite::Exception&) {
        found_damage();
        return std::nullopt;
    }
}

void OutboxStore::found_damage() {
    damage_read_.store(true, std::memory_order_relaxed);
    queue_.set_drops_changed();
}

AppendResult OutboxStore::append(Envelope envelope, const Render& render) {
    const AppendResult result = BookedStore::append(std::move(envelope), render);
    if (config_.commit_delay.count() == 0) sync(kPatience);
    return result;
}

BookedStore::Kept OutboxStore::keep(const StoredEnvelope& envelope) {
    return queue_.add(envelope, std::move(rows_)) ? Kept::later : Kept::no;
}

base::Status OutboxStore::load(Topic topic, Position after, std::size_t max, std::vector<StoredEnvelope>& batch) {
    const std::lock_guard lock(reading_);
    // Without a file there is nothing to read: the writer tries to open one.
    if (!file_.logs[topic]) return base::Done{};
    try {
        file_.logs[topic]->read(after, max, batch);
        return base::Done{};
    } catch (const SQLite::Exception& exception) {
        const Failure failure = failure_of(exception);
        if (failure.cause != FailureCause::damaged) {
            return base::Error{config_.file.string() + ": " + failure.sentence()};
        }
        // The writer sets the file aside; until then there is nothing to read.
        found_damage();
        batch.clear();
        return base::Done{};
    }
}

void OutboxStore::note_place(ReaderId reader, Topic topic, Position up_to) {
    queue_.set_place(books().name(reader), topic, up_to);
}

void OutboxStore::note_dead(const DeadEvent& dead) {
    queue_.add({books().name(dead.reader), dead.envelope, dead.reason});
}

void OutboxStore::close() {
    sync(kPatience);
    BookedStore::close();
}

void OutboxStore::run() {
    Changes changes;
    bool drops_changed = false;
    while (queue_.wait()) {
        {
            // At one moment: a range is marked as reported once its event is appended, and both belong to one
            // transaction.
            const auto lock = hold_still();
            queue_.take(changes, drops_changed);
            if (drops_changed) changes.drops = books().drops();
        }
        handle(changes, drops_changed, changes.empty() || write(changes));
        changes = {};
        replay_requested();
    }
}

// Their copies are written by the next transaction, which also takes the requests away.
void OutboxStore::replay_requested() {
    if (!file_.requests || replays_under_way_) return;
    std::size_t replayed = 0;
    try {
        for (const DeadRow& row : file_.requests->look()) {
            const std::optional<Position> copy = replay(row.reader, *row.envelope);
            if (!copy) {
                file_.requests->keep_some();
                continue;
            }
            queue_.note_replay(*copy, {row.reader, row.envelope->topic(), row.envelope->position});
            ++replayed;
        }
    } catch (const SQLite::Exception&) {
        file_.requests->keep_some();  // the next transaction reports what is wrong
    }
    if (replayed == 0) return;
    replays_under_way_ = true;
    if (config_.log) config_.log(std::to_string(replayed) + " dead events wait again, as was asked for", true);
}

void OutboxStore::handle(Changes& changes, bool drops_changed, bool written) {
    if (written) {
        settle(changes.events);
        if (!changes.replays.empty()) replays_under_way_ = false;
    } else if (queue_.closed()) {
        give_up(changes.events);
    } else {
        queue_.put_back(std::move(changes), drops_changed);
    }
    queue_.settled(written);
}

bool OutboxStore::write(const Changes& changes) {
    if (damage_read_.exchange(false)) damaged_ = true;
    if ((damaged_ || !file_.writer || is_elsewhere()) && !reopen()) return false;
    try {
        file_.writer->write(changes, base::wall_clock_ns());
        report(nullptr);
        return true;
    } catch (const SQLite::Exception& exception) {
        const Failure failure = failure_of(exception);
        report(&failure);
        damaged_ = failure.cause == FailureCause::damaged;
        return false;
    }
}

void OutboxStore::report(const Failure* failure) {
    bool changed = false;
    {
        const std::lock_guard lock(figures_mutex_);
        if (failure == nullptr) {
            ++figures_.commits;
        } else {
            ++figures_.failures[failure->cause];
        }
        changed = std::exchange(figures_.works, failure == nullptr) != (failure == nullptr);
    }
    if (!changed || !config_.log) return;
    const std::string name = config_.file.string();
    if (failure == nullptr) {
        config_.log(name + " takes events again", true);
    } else {
        config_.log(name + ": " + failure->sentence(), false);
    }
}

// Opens the file again, once a damaged one is out of the way. The events that waited in it are lost, and reported as
// ranges. Everything else is written anew.
bool OutboxStore::reopen() {
    {
        const std::lock_guard lock(reading_);
        if (file_.writer && !damaged_) {
            lost_ = true;
            if (config_.log) config_.log(config_.file.string() + " was deleted or replaced: it is opened anew", false);
        }
        file_.close();
        const base::Status moved = damaged_ ? move_damaged_file() : base::Done{};
        const base::Status opened = moved ? open_file(Opening::again) : moved;
        if (!opened) {
            const Failure failure{FailureCause::other, opened.error().text};
            report(&failure);
            return false;
        }
    }
    if (std::exchange(lost_, false)) {
        lose_waiting(in_file_);
        rows_gone_.store(true);
        queue_.set_drops_changed();
    }
    return true;
}

// The file was deleted or replaced. If its folder is another one, its disk is away: then nothing is known.
bool OutboxStore::is_elsewhere() const {
    const std::optional<FileIdentity> now = FileIdentity::of(config_.file);
    if (now) return now != file_.identity;
    return FileIdentity::of(folder_of(config_.file)) == file_.folder;
}

base::Status OutboxStore::move_damaged_file() {
    std::error_code error;
    if (std::filesystem::exists(config_.file, error)) {
        const std::filesystem::path aside = set_aside(config_.file);
        if (aside.empty()) return base::Error{config_.file.string() + ": is damaged and cannot be renamed"};
        note_set_aside(aside);
    }
    damaged_ = false;
    lost_ = true;
    return base::Done{};
}

void OutboxStore::note_set_aside(const std::filesystem::path& aside) {
    lost_ = true;
    {
        const std::lock_guard lock(figures_mutex_);
        ++figures_.set_aside;
    }
    if (!config_.log) return;
    config_.log(config_.file.string() + " is damaged: it is kept as " + aside.string() +
                    " and a new file is begun; what waited in it is not delivered",
                false);
}

OutboxFigures OutboxStore::outbox_figures() const {
    OutboxFigures figures;
    {
        const std::lock_guard lock(figures_mutex_);
        figures = figures_;
    }
    figures.uncommitted = queue_.events();
    figures.rows_lost = queue_.rows_lost();
    for (const char* suffix : {"", "-wal"}) {
        std::error_code error;
        const std::uintmax_t size = std::filesystem::file_size(config_.file.string() + suffix, error);
        if (!error) figures.file_bytes += size;
    }
    return figures;
}

}  // namespace telltale::exporters::outbox
