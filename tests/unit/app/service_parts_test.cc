// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include "exporters/prometheus/metric_family.h"
#include "exporters/store/make_store.h"
#include "exporters/store/memory_store.h"
#include "sensor/app/service/event_file.h"
#include "sensor/app/service/reload_desk.h"
#include "sensor/app/service/sensor_figures.h"
#include "sensor/app/service/service_log.h"
#include "sensor/app/service/service_manager.h"
#include "sensor/app/service/state_file.h"
#include "sensor/app/service/store_health.h"

namespace telltale::app {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

TEST(ServiceLog, LetsNoTextForgeALine) {
    struct Case {
        const char* description;
        std::string text;
        std::string shown;
    };
    const Case cases[] = {
        {"plain", "tap uplink: é", "tap uplink: é"},      {"line ends", "a\nb\rc", "a\\x0ab\\x0dc"},
        {"a terminal's commands", "\x1b[2J", "\\x1b[2J"}, {"C1 controls", "\xc2\x9b", "\\x9b"},
        {"direction of text", "\xe2\x80\xae", "\\u202e"}, {"no UTF-8", "a\xff", "a\xef\xbf\xbd"},
    };
    for (const Case& c : cases) EXPECT_EQ(harmless(c.text), c.shown) << c.description;
    EXPECT_EQ(harmless(std::string(3 * kMaxLogLine, 'x')), std::string(kMaxLogLine, 'x') + "...");
}

TEST(Heartbeats, MoveWhenOneHeartDoes) {
    Heartbeats hearts;
    EXPECT_TRUE(hearts.moved({0, 0})) << "workers that are new";
    EXPECT_FALSE(hearts.moved({0, 0}));
    EXPECT_TRUE(hearts.moved({0, 1}));
    EXPECT_FALSE(hearts.moved({0, 1}));
    EXPECT_TRUE(hearts.moved({1, 1}));
    EXPECT_FALSE(Heartbeats().moved({}));
}

TEST(ReloadDesk, AnswersWhoAsks) {
    ReloadDesk desk;
    desk.serve([] { return ADD_FAILURE() << "nobody asked", prometheus_http::Answer{}; });
    prometheus_http::Answer answer;
    std::atomic<bool> done{false};
    std::thread asking([&] {
        answer = desk.ask();
        done = true;
    });
    while (!done) desk.serve([] { return prometheus_http::Answer{false, "rejected"}; });
    asking.join();
    EXPECT_FALSE(answer.ok);
    EXPECT_EQ(answer.text, "rejected");
    desk.close();
    EXPECT_THAT(desk.ask().text, HasSubstr("stopping"));
}

class ServiceFolder : public testing::Test {
  protected:
    ServiceFolder() {
        folder_ = fs::path(testing::TempDir()) /
                  (std::string("telltale_service_") + testing::UnitTest::GetInstance()->current_test_info()->name());
        fs::remove_all(folder_);
        fs::create_directory(folder_);
    }
    ~ServiceFolder() override { fs::remove_all(folder_); }

    static std::string content(const fs::path& file) {
        std::ostringstream text;
        text << std::ifstream(file, std::ios::binary).rdbuf();
        return text.str();
    }

    fs::path folder_;
};

TEST_F(ServiceFolder, KeepsState) {
    const StateFile file(folder_ / "state");
    ASSERT_TRUE(file.read());
    EXPECT_EQ(*file.read(), "") << "nothing was kept yet";
    ASSERT_TRUE(file.write("what was known"));
    EXPECT_EQ(*file.read(), "what was known");
    ASSERT_TRUE(file.write("more"));
    EXPECT_EQ(*file.read(), "more");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1) << "nothing stays beside it";
    const StateFile nowhere(folder_ / "missing" / "state");
    EXPECT_FALSE(nowhere.read());
    EXPECT_FALSE(nowhere.write("x"));
    EXPECT_FALSE(StateFile(folder_).read()) << "a folder";
}

std::unique_ptr<exporters::EventStore> make_store() { return exporters::make_store({}, exporters::Overflow::drop); }

// Events of two topics in turn, whose text is their position.
void append(exporters::EventStore& store, int count) {
    for (int i = 0; i < count; ++i) {
        exporters::Envelope envelope;
        envelope.dataset = store.last_position() % 2 == 0 ? model::Dataset::transfer : model::Dataset::alert;
        store.append(envelope,
                     [&store](std::uint64_t, std::string& json) { json = std::to_string(store.last_position() + 1); });
    }
}

TEST_F(ServiceFolder, EventFileWritesWhatIsStoredAndMoreAfterARotation) {
    const auto store = make_store();
    auto file = EventFile::open((folder_ / "events").string(), *store);
    ASSERT_TRUE(file) << file.error().text;
    (*file)->start();
    const auto appended = [&](int count) {
        append(*store, count);
        const Clock::time_point latest = Clock::now() + std::chrono::seconds(20);
        while (store->figures().total().waiting != 0 && Clock::now() < latest)
            std::this_thread::sleep_for(milliseconds(1));
        return store->figures().total().waiting;
    };
    EXPECT_EQ(appended(2), 0u);
    EXPECT_EQ(content(folder_ / "events"), "1\n2\n");
    fs::rename(folder_ / "events", folder_ / "events.1");
    (*file)->reopen();
    EXPECT_EQ(appended(1), 0u);
    EXPECT_EQ(content(folder_ / "events.1") + content(folder_ / "events"), "1\n2\n3\n");
    append(*store, 1000);
    EXPECT_TRUE((*file)->finish(Clock::now() + std::chrono::seconds(20)));
    EXPECT_EQ(store->figures().total().waiting, 0u);
    EXPECT_EQ((*file)->figures().written, 1003u);
    EXPECT_THAT(content(folder_ / "events"), testing::EndsWith("1002\n1003\n"));
}

TEST_F(ServiceFolder, EventFileEndsInTimeWhereItCannotWrite) {
    const auto store = make_store();
    auto file = EventFile::open((folder_ / "events").string(), *store);
    ASSERT_TRUE(file) << file.error().text;
    // As root everything can be written: a folder in its place cannot.
    fs::remove(folder_ / "events");
    fs::create_directory(folder_ / "events");
    (*file)->reopen();
    (*file)->start();
    append(*store, 1);
    const Clock::time_point begin = Clock::now();
    const base::Status ended = (*file)->finish(begin + std::chrono::seconds(20));
    EXPECT_FALSE(ended);
    EXPECT_LT(Clock::now() - begin, std::chrono::seconds(10));
    EXPECT_EQ(store->figures().total().waiting, 1u);
    EXPECT_GE((*file)->figures().failures, 1u);
}

// A store that knows how the boot before ended.
class SecondBootStore final : public exporters::MemoryStore {
  public:
    SecondBootStore() : MemoryStore({}, exporters::Overflow::drop) {}
    [[nodiscard]] std::optional<exporters::LastSequences> last_boot() const override {
        exporters::LastSequences last;
        last[model::Topic::transfer] = 1712;
        return last;
    }
    [[nodiscard]] std::vector<exporters::DropRange> drops() const override {
        return {{model::Topic::alert, 3, 4, true}, {model::Topic::alert, 1, 2, false}};
    }
};

TEST(StoreHealth, SaysOnceWhereTheBootBeforeEnded) {
    SecondBootStore store;
    StoreHealth told(store);
    const auto figures = [&] {
        model::Health health;
        told.add_to(health);
        return std::map<std::string, std::uint64_t>(health.figures.begin(), health.figures.end());
    };
    auto first = figures();
    EXPECT_EQ(first.count("store.transfer.created"), 1u);
    EXPECT_EQ(first.at("last_boot.transfer"), 1712u);
    EXPECT_EQ(first.at("last_boot.device"), 0u);
    EXPECT_EQ(first.at("last_boot.drops.alert.0.first"), 3u);
    EXPECT_EQ(first.at("drops.alert.0.last"), 2u);
    EXPECT_EQ(figures().count("last_boot.transfer"), 1u) << "the event was not stored: it says so again";
    told.note_stored();
    EXPECT_EQ(figures().count("last_boot.transfer"), 0u);
}

// A report of drops that is dropped itself reports nothing: the next one has to repeat it, and to add its own loss.
TEST(StoreHealth, RepeatsDropsUntilAnEventThatNamesThemIsStored) {
    exporters::MemoryStore store({2, 1U << 20}, exporters::Overflow::drop);
    const exporters::ReaderId reader = store.add_reader("r");
    StoreHealth health(store);
    // Appends a health event; returns the last sequence that it reports as dropped, or 0.
    const auto report = [&] {
        model::Health figures;
        health.add_to(figures);
        exporters::Envelope envelope;
        envelope.dataset = model::Dataset::health;
        if (store.append(envelope, [](std::uint64_t, std::string&) {}).stored) health.note_stored();
        const std::map<std::string, std::uint64_t> named(figures.figures.begin(), figures.figures.end());
        const auto last = named.find("drops.health.0.last");
        return last == named.end() ? 0 : last->second;
    };
    EXPECT_EQ(report(), 0u);
    EXPECT_EQ(report(), 0u) << "there is no room: it is dropped";
    EXPECT_EQ(report(), 2u);
    EXPECT_EQ(report(), 3u) << "the one before was dropped, too";
    ASSERT_TRUE(store.acknowledge(reader, model::Topic::health, store.last_position()));
    EXPECT_EQ(report(), 4u) << "this one is stored";
    EXPECT_EQ(report(), 0u);
}

TEST(StoreHealth, TellsOnceWhatADestinationRefused) {
    exporters::MemoryStore store({100, 1U << 20}, exporters::Overflow::drop);
    const exporters::ReaderId reader = store.add_reader("r");
    StoreHealth health(store);
    exporters::Envelope envelope;
    envelope.dataset = model::Dataset::transfer;
    for (int i = 0; i < 9; ++i) store.append(envelope, [](std::uint64_t, std::string&) {});
    const auto told = [&] {
        model::Health figures;
        health.add_to(figures);
        std::map<std::string, std::uint64_t> named;
        for (const auto& [name, value] : figures.figures) {
            if (name.starts_with("refused.")) named.emplace(name, value);
        }
        return named;
    };
    for (const exporters::Position position : std::initializer_list<exporters::Position>{3, 4, 8}) {
        ASSERT_TRUE(store.reject(reader, model::Topic::transfer, position, "too large"));
    }
    const std::map<std::string, std::uint64_t> expected = {{"refused.transfer.0.first", 3},
                                                           {"refused.transfer.0.last", 4},
                                                           {"refused.transfer.1.first", 8},
                                                           {"refused.transfer.1.last", 8}};
    EXPECT_EQ(told(), expected);
    EXPECT_EQ(told(), expected) << "the event was not stored: it says so again";
    health.note_stored();
    EXPECT_TRUE(told().empty());
    ASSERT_TRUE(store.reject(reader, model::Topic::transfer, 9, "too large"));
    EXPECT_EQ(told().at("refused.transfer.0.first"), 9u);
}

TEST(StoreHealth, SaysNothingOfABootThatTheStoreDoesNotKnow) {
    const auto store = make_store();
    model::Health health;
    StoreHealth(*store).add_to(health);
    for (const auto& [name, value] : health.figures) EXPECT_THAT(name, testing::StartsWith("store.")) << value;
}

SensorFigures sample_figures() {
    SensorFigures figures;
    figures.version = "1";
    figures.taps = {"up", "down"};
    figures.live.workers.resize(2);
    for (const char* tap : {"up", "up", "down"}) {
        pipeline::PortAccount account;
        account.port.tap = tap;
        account.port.device = "eth0";
        account.port.received = 10;
        account.counts.analysed = 7;
        account.counts.dropped[pipeline::PortDrop::unreadable] = 1;
        account.in_flight = 2;
        account.port.has_interface = true;
        figures.accounts.push_back(account);
    }
    figures.fleet.owners = {{"xiaomi", {3, 4}}};
    figures.fleet.countries = {{"CN", {3, 4}}, {"", {1, 2}}};
    figures.fleet.devices_by_maker = {{"", 2}, {"xiaomi", 3}};
    figures.fleet.devices_by_class["phone"] = 5;
    figures.fleet.alerts[{"cleartext", model::Severity::high}] = 1;
    figures.kafka.emplace();
    for (const auto topic : base::enumerators<model::Topic>()) {
        figures.kafka->topics[topic].topic = model::to_string(topic);
    }
    figures.kafka->delay.add(0, 20'000'000);
    figures.file.emplace();
    figures.file->delay.add(5, 0);
    figures.clock_offset_ns = -1'500'000'000;
    figures.signatures_released_s = 86'400;
    return figures;
}

TEST(MetricFamilies, AreValidWhateverTheFiguresAre) {
    const auto status = prometheus_http::check(metric_families(sample_figures()));
    EXPECT_TRUE(status) << status.error().text;
    const auto empty = prometheus_http::check(metric_families({}));
    EXPECT_TRUE(empty) << empty.error().text;
}

TEST(MetricFamilies, ShowWhatTheFiguresSay) {
    const std::string text = prometheus_http::to_text(metric_families(sample_figures()));
    for (const char* line : {
             "telltale_port_packets_total{port=\"up:1\"} 10\n",
             "telltale_packets_analysed_total{port=\"down:0\"} 7\n",
             "telltale_packets_dropped_total{port=\"up:0\",reason=\"unreadable\"} 1\n",
             "telltale_packets_in_flight{port=\"up:0\"} 2\n",
             "telltale_owner_bytes_total{owner=\"xiaomi\",direction=\"down\"} 4\n",
             "telltale_country_bytes_total{country=\"CN\",direction=\"up\"} 3\n",
             "telltale_country_bytes_total{country=\"unknown\",direction=\"down\"} 2\n",
             "telltale_devices_by_maker{maker=\"unknown\"} 2\n",
             "telltale_devices_by_maker{maker=\"xiaomi\"} 3\n",
             "telltale_devices_by_class{class=\"phone\"} 5\n",
             "telltale_clock_offset_seconds -1.5\n",
             "telltale_signatures_released_timestamp_seconds 86400\n",
             "telltale_alerts_total{policy=\"cleartext\",severity=\"high\"} 1\n",
             "telltale_event_delay_seconds_bucket{output=\"kafka\",le=\"0.01\"} 0\n",
             "telltale_event_delay_seconds_bucket{output=\"kafka\",le=\"0.025\"} 1\n",
             "telltale_event_delay_seconds_bucket{output=\"file\",le=\"0.01\"} 1\n",
             "telltale_kafka_delivered_total{topic=\"device\"} 0\n",
             "telltale_config_last_reload_success 1\n",
             "telltale_flow_evictions_total{reason=\"table_full\"} 0\n",
         }) {
        EXPECT_THAT(text, HasSubstr(line));
    }
}

TEST(Store, IsFullBeforeItDrops) {
    exporters::StoreLimits limits;
    limits.max_events = 1000;
    exporters::StoreFigures figures;
    EXPECT_FALSE(store_is_full(figures, limits));
    exporters::LogFigures& log = figures.topics[model::Topic::transfer];
    log.waiting = 749;
    EXPECT_FALSE(store_is_full(figures, limits));
    log.waiting = 750;
    EXPECT_TRUE(store_is_full(figures, limits));
    log.waiting = 1;
    log.waiting_bytes = limits.max_bytes;
    EXPECT_TRUE(store_is_full(figures, limits));
}

}  // namespace
}  // namespace telltale::app
