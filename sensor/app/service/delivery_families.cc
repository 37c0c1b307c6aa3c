// SPDX-License-Identifier: Apache-2.0
// Metrics of the delivery of events, and of the sensor itself.
#include <algorithm>

#include "sensor/app/service/family_builder.h"
#include "sensor/app/service/sensor_figures.h"
#include "sensor/app/service/service_log.h"

namespace telltale::app {
namespace {

using exporters::LogFigures;
using prometheus_http::Family;

void add_store_families(const SensorFigures& figures, FamilyBuilder& family) {
    const auto by_kind = [&](std::uint64_t LogFigures::*field) {
        for (const auto topic : base::enumerators<model::Topic>()) {
            family.value(figures.store.topics[topic].*field, {{"kind", std::string(to_string(topic))}});
        }
    };
    family.counter("events_created", "Events created.");
    by_kind(&LogFigures::created);
    family.counter("events_stored", "Events that the store accepted.");
    by_kind(&LogFigures::stored);
    family.counter("events_dropped", "Events dropped because the store was full.");
    by_kind(&LogFigures::dropped);
    family.counter("events_acknowledged", "Events that every reader of the store delivered.");
    by_kind(&LogFigures::acknowledged);
    family.counter("events_dead", "Events that a destination rejected permanently.");
    by_kind(&LogFigures::dead);
    family.counter("events_evicted", "Events that the store lost, or threw away, before every reader had them.");
    by_kind(&LogFigures::evicted);
    family.counter("events_replayed", "Dead events that were stored once more, to be delivered again.");
    by_kind(&LogFigures::replayed);
    family.counter("events_dead_forgotten", "Dead events that left their list because it was full.");
    family.value(figures.store.dead_forgotten);
    family.gauge("events_waiting", "Events that wait in the store.");
    by_kind(&LogFigures::waiting);
    const LogFigures all = figures.store.total();
    family.gauge("outbox_events", "Events in the store.").value(all.waiting);
    family.gauge("outbox_events_limit", "Capacity of the store in events.").value(figures.limits.max_events);
    family.gauge("outbox_bytes", "Bytes of the events in the store, as they are rendered.").value(all.waiting_bytes);
    family.gauge("outbox_bytes_limit", "Capacity of the store in bytes.").value(figures.limits.max_bytes);
    const std::int64_t oldest_ns = all.oldest_created_ns;
    const std::int64_t age_ns = oldest_ns == 0 || oldest_ns > figures.now_ns ? 0 : figures.now_ns - oldest_ns;
    family.gauge("outbox_oldest_seconds", "Age of the oldest event in the store.");
    family.value(static_cast<double>(age_ns) / 1e9);
}

void add_outbox_families(const exporters::outbox::OutboxFigures& outbox, FamilyBuilder& family) {
    using exporters::outbox::FailureCause;
    family.gauge("outbox_works", "Whether the last transaction of the outbox was written (1) or failed (0).");
    family.value(outbox.works ? 1 : 0);
    family.gauge("outbox_uncommitted_events", "Events in memory that wait for their transaction of the outbox.");
    family.value(outbox.uncommitted);
    family.gauge("outbox_file_bytes", "Size of the outbox's file and its log.").value(outbox.file_bytes);
    family.counter("outbox_commits", "Transactions that the outbox committed.").value(outbox.commits);
    family.counter("outbox_failures", "Transactions of the outbox that failed, by cause; they are repeated.");
    for (const auto cause : base::enumerators<FailureCause>()) {
        family.value(outbox.failures[cause], {{"cause", std::string(to_string(cause))}});
    }
    family.counter("outbox_set_aside", "Damaged files of the outbox that were set aside.").value(outbox.set_aside);
    family.counter("outbox_state_rows_lost",
                   "Rows of what the sensor knows that found no room while the outbox did not work.");
    family.value(outbox.rows_lost);
}

void add_kafka_families(const kafka::KafkaFigures& kafka, FamilyBuilder& family) {
    const auto by_topic = [&](std::uint64_t kafka::TopicFigures::*field) {
        for (const kafka::TopicFigures& topic : kafka.topics) family.value(topic.*field, {{"topic", topic.topic}});
    };
    family.counter("kafka_taken", "Events read from the store for Kafka.");
    by_topic(&kafka::TopicFigures::taken);
    family.counter("kafka_delivered", "Events that Kafka's brokers acknowledged.");
    by_topic(&kafka::TopicFigures::delivered);
    family.counter("kafka_failed", "Failed attempts to deliver events to Kafka; they are retried.");
    by_topic(&kafka::TopicFigures::failed);
    family.counter("kafka_dead", "Events that Kafka's brokers rejected permanently.");
    by_topic(&kafka::TopicFigures::dead);
    family.gauge("kafka_waiting", "Events read for Kafka that are neither delivered nor rejected yet.");
    by_topic(&kafka::TopicFigures::waiting);
    family.counter("kafka_errors", "Errors on the way to Kafka, by cause.");
    for (const auto cause : base::enumerators<kafka::Cause>()) {
        family.value(kafka.errors[cause], {{"cause", std::string(to_string(cause))}});
    }
    family.counter("kafka_producers", "Kafka producers created: one per topic, and one more after each failure.");
    family.value(kafka.producers_made);
    family.gauge("kafka_brokers_known", "Kafka brokers that are known.").value(kafka.brokers_known);
    family.gauge("kafka_brokers_up", "Kafka brokers with a connection.").value(kafka.brokers_up);
}

void add_delay_family(const SensorFigures& figures, FamilyBuilder& family) {
    Family& delay = family.histogram("event_delay_seconds",
                                     "Time from the receipt of an event's packet to the event's acknowledgement.");
    const auto add = [&delay](const char* output, const exporters::DelayHistogram& histogram) {
        delay.histograms.push_back({{{"output", output}},
                                    {histogram.kUpperBounds.begin(), histogram.kUpperBounds.end()},
                                    {histogram.counts.begin(), histogram.counts.end()},
                                    histogram.sum_seconds});
    };
    if (figures.kafka) add("kafka", figures.kafka->delay);
    if (figures.file) add("file", figures.file->delay);
}

}  // namespace

void add_delivery_families(const SensorFigures& figures, std::vector<Family>& families) {
    FamilyBuilder family(families);
    add_store_families(figures, family);
    if (figures.outbox) add_outbox_families(*figures.outbox, family);
    if (figures.kafka) add_kafka_families(*figures.kafka, family);
    add_delay_family(figures, family);
    if (figures.file) {
        family.counter("file_events_written", "Events written to the events' file.").value(figures.file->written);
        family.counter("file_failures", "Failed attempts to write to the events' file.").value(figures.file->failures);
    }
    family.gauge("config_last_reload_success", "Whether the last reload of the configuration succeeded.");
    family.value(figures.reload.success ? 1 : 0);
    family.gauge("config_last_reload_timestamp_seconds", "Time of the last reload of the configuration.");
    family.value(static_cast<double>(figures.reload.time_ns) / 1e9);
    family.counter("config_reloads", "Reloads of the configuration, successful or not.").value(figures.reload.reloads);
    family.counter("log_lines_dropped", "Log lines left out because there were too many at once.")
        .value(log_lines_left_out());
    family.gauge("start_time_seconds", "Time of the sensor's start.");
    family.value(static_cast<double>(figures.started_ns) / 1e9);
    family.gauge("clock_offset_seconds", "How far the wall clock was set since the start, forward positive.");
    family.value(static_cast<double>(figures.clock_offset_ns) / 1e9);
    family.gauge("signatures_released_timestamp_seconds", "Day on which the signatures were released.");
    if (figures.signatures_released_s != 0) family.value(figures.signatures_released_s);
    family.gauge("build_info", "Versions of program and signatures.");
    family.value(1, {{"version", figures.version}, {"signatures", figures.signatures_version}});
}

std::vector<Family> metric_families(const SensorFigures& figures) {
    std::vector<Family> families;
    add_counter_families(figures, families);
    add_port_families(figures, families);
    add_worker_families(figures, families);
    add_traffic_families(figures, families);
    add_delivery_families(figures, families);
    return families;
}

bool store_is_full(const exporters::StoreFigures& store, const exporters::StoreLimits& limits) {
    // The dataset with the smallest share is dropped first: report before that happens.
    const unsigned percent = *std::min_element(model::kStoreShare.begin(), model::kStoreShare.end());
    const exporters::StoreLimits share = limits.part(percent, 100);
    const LogFigures all = store.total();
    return all.waiting != 0 && (all.waiting >= share.max_events || all.waiting_bytes >= share.max_bytes);
}

}  // namespace telltale::app
