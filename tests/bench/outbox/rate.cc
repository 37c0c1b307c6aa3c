// SPDX-License-Identifier: Apache-2.0
// How many events per second the outbox stores, and a loop around SQLite alone with the same records, batches and
// syncs: bench_outbox_rate [FOLDER] [EVENTS] [ROUNDS]. They take turns; medians are compared.
#include <SQLiteCpp/SQLiteCpp.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <vector>

#include "exporters/store/outbox/outbox_store.h"
#include "sensor/base/clock.h"
#include "tests/bench/outbox/made_events.h"

namespace telltale {
namespace {

namespace fs = std::filesystem;
namespace outbox = exporters::outbox;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::uint64_t kBatch = 4'096;  // the outbox's own

struct Run {
    double events_per_second = 0;
    double cpu_us_per_event = 0;  // of all threads: does not depend on what else runs on the machine
    std::uint64_t commits = 0;
};

// From its construction on.
class Stopwatch {
  public:
    [[nodiscard]] Run run(std::size_t events, std::uint64_t commits) const {
        const double count = static_cast<double>(events);
        return {count / std::chrono::duration<double>(Clock::now() - begun_).count(), (cpu_us() - cpu_us_) / count,
                commits};
    }

  private:
    static double cpu_us() {
        timespec used{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
        return static_cast<double>(used.tv_sec) * 1e6 + static_cast<double>(used.tv_nsec) / 1e3;
    }

    Clock::time_point begun_ = Clock::now();
    double cpu_us_ = cpu_us();
};

void remove_files(const fs::path& file) {
    for (const char* suffix : {"", "-wal", "-shm", ".lock"}) fs::remove(file.string() + suffix);
}

Run run_outbox(const fs::path& file, const std::vector<exporters::Envelope>& events, bool with_reader) {
    remove_files(file);
    outbox::OutboxConfig config;
    config.file = file;
    config.sensor_id = "bench";
    config.limits = {1'000'000'000, std::size_t{1} << 40};
    for (outbox::Keep& keep : config.keep) keep = {std::int64_t{1} << 62, std::uint64_t{1} << 40};
    auto store = std::move(*outbox::OutboxStore::open(std::move(config)));
    std::atomic<bool> over = false;
    std::thread reading;
    if (with_reader) {
        const exporters::ReaderId reader = store->add_reader("bench");
        reading = std::thread([&store, &over, reader] {
            std::vector<exporters::StoredEnvelope> batch;
            exporters::Position seen = 0;
            while (!over) {
                store->wait(seen, milliseconds(10));
                for (const auto topic : base::enumerators<model::Topic>()) {
                    if (*store->read(reader, topic, 0, 1000, batch) == 0) continue;
                    seen = std::max(seen, batch.back()->position);
                    static_cast<void>(store->acknowledge(reader, topic, batch.back()->position));
                }
            }
        });
    }
    const Stopwatch watch;
    std::uint64_t appended = 0;
    for (const exporters::Envelope& event : events) {
        exporters::Envelope envelope;
        envelope.dataset = event.dataset;
        envelope.created_ns = event.created_ns;
        envelope.received_ns = event.received_ns;
        envelope.key = event.key;
        store->append(std::move(envelope), [&event](std::uint64_t, std::string& json) { json = event.json; });
        // No more than the next batch waits, so that the batches are those of the loop.
        if (++appended % (kBatch / 4) != 0) continue;
        while (store->outbox_figures().uncommitted > 2 * kBatch)
            std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
    store->sync(std::chrono::minutes(1));
    const Run run = watch.run(events.size(), store->outbox_figures().commits);
    if (store->figures().total().stored != events.size()) std::fprintf(stderr, "not all events were stored\n");
    over = true;
    if (reading.joinable()) reading.join();
    store.reset();
    remove_files(file);
    return run;
}

Run run_sqlite(const fs::path& file, const std::vector<exporters::Envelope>& events, std::uint64_t batch) {
    remove_files(file);
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    database.exec("CREATE TABLE event(position INTEGER PRIMARY KEY, key TEXT NOT NULL, json TEXT NOT NULL)");
    SQLite::Statement insert(database, "INSERT INTO event VALUES(?, ?, ?)");
    const Stopwatch watch;
    std::uint64_t commits = 0;
    for (std::size_t first = 0; first < events.size(); first += batch) {
        SQLite::Transaction transaction(database);
        for (std::size_t i = first; i < std::min(events.size(), first + batch); ++i) {
            insert.bind(1, static_cast<std::int64_t>(i + 1));
            insert.bindNoCopy(2, events[i].key);
            insert.bindNoCopy(3, events[i].json);
            insert.exec();
            insert.reset();
        }
        transaction.commit();
        ++commits;
    }
    return watch.run(events.size(), commits);
}

double median(std::vector<Run> runs, double Run::*value) {
    std::sort(runs.begin(), runs.end(),
              [value](const Run& left, const Run& right) { return left.*value < right.*value; });
    return runs[runs.size() / 2].*value;
}

int measure(const fs::path& folder, std::uint64_t count, int rounds) {
    bench::MadeEvents made(count, 3'600 * base::kSecondNs, base::wall_clock_ns());
    std::vector<exporters::Envelope> events;
    std::size_t bytes = 0;
    for (std::uint64_t number = 1; number <= count; ++number) {
        events.push_back(made.make(number, number));
        bytes += events.back().bytes();
    }
    const fs::path file = folder / ("bench-outbox-" + std::to_string(getpid()) + ".db");
    std::printf("%lu events of %lu bytes\n", static_cast<unsigned long>(count),
                static_cast<unsigned long>(bytes / count));
    std::vector<Run> all[3];
    const char* const names[] = {"stored", "stored and read", "SQLite alone"};
    for (int round = 0; round < rounds; ++round) {
        all[0].push_back(run_outbox(file, events, false));
        const std::uint64_t commits = std::max<std::uint64_t>(all[0].back().commits, 1);
        all[2].push_back(run_sqlite(file, events, (count + commits - 1) / commits));
        all[1].push_back(run_outbox(file, events, true));
        remove_files(file);
    }
    const double alone = median(all[2], &Run::events_per_second);
    const double alone_us = median(all[2], &Run::cpu_us_per_event);
    for (int kind = 0; kind < 3; ++kind) {
        const double rate = median(all[kind], &Run::events_per_second);
        const double cpu_us = median(all[kind], &Run::cpu_us_per_event);
        std::printf("%-16s %8.0f events/s  ratio %.2f   %5.1f us of processor time each, ratio %.2f   %lu commits\n",
                    names[kind], rate, rate / alone, cpu_us, alone_us / cpu_us,
                    static_cast<unsigned long>(all[kind].back().commits));
    }
    return EXIT_SUCCESS;
}

}  // namespace
}  // namespace telltale

int main(int argc, char** argv) {
    const std::filesystem::path folder = argc > 1 ? argv[1] : std::filesystem::temp_directory_path().string();
    const std::uint64_t events = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 200'000;
    const int rounds = argc > 3 ? std::atoi(argv[3]) : 5;
    return telltale::measure(folder, events, rounds);
}
