// SPDX-License-Identifier: Apache-2.0
// Fills an outbox with made events, to ask it questions: bench_outbox_fill FILE EVENTS [waiting]. A file that is there
// is added to. With `waiting`, a reader "events" has acknowledged none.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "exporters/store/outbox/change_writer.h"
#include "exporters/store/outbox/database.h"
#include "exporters/store/outbox/ledger.h"
#include "sensor/base/clock.h"
#include "tests/bench/outbox/made_events.h"

namespace telltale {
namespace {

namespace outbox = exporters::outbox;

constexpr std::int64_t kSpanNs = 30 * 86'400 * base::kSecondNs;
constexpr std::uint64_t kBatch = 16'384;

int fill(const std::filesystem::path& file, std::uint64_t count, bool waiting) {
    auto opened = outbox::open_database(file, "s1", outbox::Durability::system);
    if (!opened) return std::fprintf(stderr, "%s\n", opened.error().text.c_str()), EXIT_FAILURE;
    outbox::KeepByTopic keep;
    for (outbox::Keep& one : keep) one = {std::int64_t{1} << 60, std::uint64_t{1} << 50};
    exporters::Position last = 0;
    for (const auto topic : base::enumerators<model::Topic>()) {
        last = std::max(last, outbox::EventLog(*opened->database, topic).last());
    }
    outbox::ChangeWriter writer(*opened->database, outbox::remember(*opened->database).boot + 1, keep);
    bench::MadeEvents events(count, kSpanNs, base::wall_clock_ns());
    base::EnumArray<model::Topic, std::uint64_t> sequences;
    for (std::uint64_t number = 1; number <= count;) {
        outbox::Changes changes;
        for (; changes.events.size() < kBatch && number <= count; ++number) {
            const auto topic = model::kTopicOf[bench::MadeEvents::dataset_of(number)];
            exporters::Envelope envelope = events.make(number, ++sequences[topic]);
            envelope.position = last + number;
            changes.events.push_back(std::make_shared<const exporters::Envelope>(std::move(envelope)));
        }
        if (waiting && number > count) changes.places[{"events", model::Topic::health}] = 0;
        writer.write(changes, base::wall_clock_ns());
        if (number % (kBatch * 64) < kBatch) std::fprintf(stderr, "\r%lu events", static_cast<unsigned long>(number));
    }
    std::fprintf(stderr, "\n");
    return EXIT_SUCCESS;
}

}  // namespace
}  // namespace telltale

int main(int argc, char** argv) {
    if (argc < 3) return std::fprintf(stderr, "usage: bench_outbox_fill FILE EVENTS [waiting]\n"), EXIT_FAILURE;
    const bool waiting = argc > 3 && std::string(argv[3]) == "waiting";
    return telltale::fill(argv[1], std::strtoull(argv[2], nullptr, 10), waiting);
}
