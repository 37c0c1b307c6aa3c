// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/topic_exporter.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "exporters/kafka/producer_conf.h"
#include "exporters/kafka/statistics.h"
#include "sensor/base/clock.h"

namespace telltale::kafka {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kReportWait{20};       // also how late a new event is noticed while others are under way
constexpr milliseconds kIdleWait{100};        // for the store; librdkafka wants to be polled about as often
constexpr milliseconds kBackWait{1'000};      // for what is with a broker when something failed
constexpr std::chrono::seconds kSilence{10};  // of brokers that have events, before it is reported
constexpr std::size_t kSendsBetweenPolls = 128;
constexpr std::size_t kLeastBatchBytes = 16U << 10;
constexpr std::size_t kBatchShrink = 4;

// Not an outcome: the event came back because the producer ends.
bool is_taken_back(rd_kafka_resp_err_t error) {
    return error == RD_KAFKA_RESP_ERR__PURGE_QUEUE || error == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT ||
           error == RD_KAFKA_RESP_ERR__FATAL || error == RD_KAFKA_RESP_ERR__GAPLESS_GUARANTEE;
}

WindowLimits share_of(const KafkaConfig& config) {
    constexpr std::size_t kTopics = base::kCount<model::Topic>;
    return {config.max_queued_events / kTopics, config.max_queued_bytes / kTopics};
}

}  // namespace

TopicExporter::TopicExporter(model::Topic topic, const ExporterCommons& commons)
    : commons_(commons),
      delivery_(topic, commons.store, commons.reader, share_of(commons.config)),
      pause_(commons.config.retry_pause) {}

void TopicExporter::start() {
    assert(!thread_.joinable());
    thread_ = std::thread([this] { run(); });
}

void TopicExporter::begin_finish(Clock::time_point deadline, Clock::time_point end) {
    deadline_ = deadline;
    end_ = end;
    finishing_ = true;
    if (!started()) start();
}

std::uint64_t TopicExporter::end_finish() {
    thread_.join();
    return left_;
}

void TopicExporter::run() {
    while (!over()) {
        fill();
        if (have_producer()) send();
        wait();
        watch();
        acknowledge();
    }
    left_ = delivery_.left();
    if (producer_ == nullptr) return;
    producer_->close(std::max(kReportWait, std::chrono::ceil<milliseconds>(end_ - Clock::now())));
    producer_.reset();
}

bool TopicExporter::over() const {
    return finishing_ && (Clock::now() >= deadline_ || (caught_up_ && delivery_.window().size() == 0));
}

// Returns whether events may be handed over.
bool TopicExporter::have_producer() {
    const Clock::time_point now = Clock::now();
    if (producer_ != nullptr) {
        std::string text;
        const rd_kafka_resp_err_t fatal = producer_->fatal_error(text);
        if (fatal != RD_KAFKA_RESP_ERR_NO_ERROR) {
            // The reports of the batch that made the gap say why.
            const bool said_by_reports = fatal == RD_KAFKA_RESP_ERR__GAPLESS_GUARANTEE;
            if (!said_by_reports && !std::exchange(told_, true)) report(cause_of(fatal, text), text);
            break_off();
        }
        if (!broken_) return true;
        if (delivery_.window().count(Delivery::sent) > 0 && now < broken_since_ + kBackWait) return false;
        producer_.reset();
        broken_ = false;
        delivery_.window().restart();
        producer_at_ = now + rest_;
    }
    if (now < producer_at_) return false;
    base::Result<std::unique_ptr<Producer>> made =
        Producer::create(commons_.config, delivery_.topic(), commons_.headers, batch_bytes_, *this);
    if (!made) {
        report(Cause::other, made.error().text);
        producer_at_ = now + pause_.take();
        return false;
    }
    producer_ = std::move(*made);
    told_ = false;
    commons_.board.producer_made();
    silent_since_ = now;
    return true;
}

// Takes back what librdkafka has not sent; the rest may still be delivered.
void TopicExporter::break_off() {
    if (broken_) return;
    broken_ = true;
    broken_since_ = Clock::now();
    rest_ = pause_.take();
    if (producer_ != nullptr) producer_->take_back();
}

void TopicExporter::fill() {
    // Before the look: what is stored later is seen by the next one.
    const bool finishing = finishing_;
    seen_ = commons_.store.last_position();
    if (const base::Status filled = delivery_.fill(Clock::now(), commons_.board); !filled) {
        report(Cause::store, filled.error().text);
    }
    caught_up_ = finishing && delivery_.caught_up();
}

// Sends what is to be sent and the producer takes: up to a failure.
void TopicExporter::send() {
    const bool was_full = std::exchange(queue_full_, false);
    std::size_t sent = 0;
    for (WindowEntry* entry = nullptr; (entry = delivery_.window().next_to_send()) != nullptr;) {
        if (!send_one(*entry)) break;
        if (++sent % kSendsBetweenPolls == 0) producer_->poll(milliseconds{0});
    }
    if (queue_full_ && !was_full) commons_.board.queue_full();
}

// Returns whether the next one may follow.
bool TopicExporter::send_one(WindowEntry& entry) {
    const exporters::Envelope& envelope = *entry.envelope;
    const bool anew = envelope.position <= dated_anew_;
    const rd_kafka_resp_err_t error = producer_->send(envelope, anew ? base::wall_clock_ns() : envelope.created_ns);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
        if (delivery_.window().count(Delivery::sent) == 0) silent_since_ = Clock::now();
        delivery_.window().mark_sent(entry);
        return true;
    }
    if (is_taken_back(error)) return false;  // seen before the next turn sends
    const bool never =
        error == RD_KAFKA_RESP_ERR__QUEUE_FULL && envelope.json.size() > commons_.config.max_queued_bytes;
    if (never || is_final(error)) {
        bury(envelope, error);
        delivery_.window().mark_dead(entry);
        return true;
    }
    if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        queue_full_ = true;
        return false;
    }
    delivery_.window().mark_sent(entry);
    delivery_.window().failed(envelope.position);
    take_failure(error);
    return false;
}

// For whatever comes first: a report, an event, the end of a pause.
void TopicExporter::wait() {
    const DeliveryWindow& window = delivery_.window();
    if (producer_ == nullptr) {
        std::this_thread::sleep_for(kReportWait);
    } else if (delivery_.more_there() && !queue_full_ && !broken_) {
        producer_->poll(milliseconds{0});
    } else if (window.count(Delivery::sent) > 0 && (finishing_ || window.probing())) {
        producer_->flush(kReportWait);
    } else if (window.size() > 0 || finishing_ || delivery_.store_rests(Clock::now())) {
        producer_->poll(kReportWait);
    } else {
        const bool there = commons_.store.wait(seen_, kIdleWait);
        // Events of other topics wake it too, and a closed store does not wait.
        producer_->poll(there && delivery_.moved() ? milliseconds{0} : kReportWait);
    }
}

// Reports what no callback does: brokers that accept connections and do not answer, and the end of troubles.
void TopicExporter::watch() {
    if (std::exchange(delivered_, false)) commons_.troubles.delivered(delivery_.topic());
    commons_.troubles.look();
    const Clock::time_point now = Clock::now();
    if (producer_ == nullptr || delivery_.window().count(Delivery::sent) == 0) {
        silent_since_ = now;
    } else if (now - silent_since_ >= kSilence) {
        silent_since_ = now;
        if (!commons_.troubles.known_for(delivery_.topic())) {
            report(Cause::no_answer, "for " + std::to_string(kSilence.count()) + " s");
        }
    }
}

void TopicExporter::acknowledge() {
    if (const base::Status done = delivery_.acknowledge(Clock::now()); !done) report(Cause::store, done.error().text);
}

void TopicExporter::on_report(exporters::Position position, rd_kafka_resp_err_t error) {
    DeliveryWindow& window = delivery_.window();
    const exporters::StoredEnvelope envelope = window.find(position);
    if (envelope == nullptr) return;
    silent_since_ = Clock::now();
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
        window.delivered(position);
        pause_.reset();
        delivered_ = true;
        commons_.board.delivered(delivery_.topic(), envelope->delayed_since_ns(), base::wall_clock_ns());
    } else if (is_taken_back(error)) {
        window.failed(position);
        break_off();
    } else if (is_final(error)) {
        take_refusal(*envelope, error);
    } else {
        window.failed(position);
        take_failure(error);
    }
}

void TopicExporter::take_failure(rd_kafka_resp_err_t error) {
    commons_.board.failed(delivery_.topic());
    if (std::exchange(told_, true)) return;
    const Cause cause = cause_of(error, {});
    if (cause == Cause::wrong_time) dated_anew_ = commons_.store.last_position();
    report(cause, describe(error));
    break_off();
}

// The broker refuses a batch: what is to blame is found by sending its events in smaller ones.
void TopicExporter::take_refusal(const exporters::Envelope& envelope, rd_kafka_resp_err_t error) {
    const bool by_size = cause_of(error, {}) == Cause::too_large;
    const bool first = !told_;
    if (delivery_.window().refused(envelope.position, by_size)) {
        bury(envelope, error);
        if (by_size) batch_bytes_ = std::min(batch_bytes_ * kBatchShrink, Producer::kMostBatchBytes);
    } else {
        commons_.board.failed(delivery_.topic());
        // The batch may have been too large, and not one of its events.
        if (by_size && first) batch_bytes_ = std::max(batch_bytes_ / kBatchShrink, kLeastBatchBytes);
    }
    told_ = true;
    break_off();
    rest_ = milliseconds{0};  // the search goes on at once
}

void TopicExporter::bury(const exporters::Envelope& envelope, rd_kafka_resp_err_t error) {
    const std::string reason = describe(error);
    if (base::Status status = delivery_.reject(envelope.position, reason); !status) {
        report(Cause::store, status.error().text);
    }
    commons_.board.dead(delivery_.topic());
    report(cause_of(error, {}), "event " + std::to_string(envelope.sequence) + " of " +
                                    std::to_string(envelope.json.size()) + " bytes, kept as dead: " + reason);
}

void TopicExporter::on_error(rd_kafka_resp_err_t error, std::string_view reason) {
    if (error == RD_KAFKA_RESP_ERR__FATAL) return;  // have_producer() asks for the cause
    const int certificate_error = producer_ == nullptr ? 0 : producer_->certificate_error();
    report(cause_of(error, reason, certificate_error),
           std::string(rd_kafka_err2name(error)) + ": " + std::string(reason));
}

void TopicExporter::on_log(std::string_view facility, std::string_view line) {
    if (facility == "CONFWARN") return;  // the same at every start, and meant
    commons_.troubles.note(std::string(facility) + ": " + std::string(line));
}

void TopicExporter::on_statistics(std::string_view json) {
    std::optional<Statistics> statistics = parse_statistics(json);
    if (!statistics) return;
    if (!statistics->leaderless.empty()) {
        report(Cause::no_leader, "partition " + std::to_string(statistics->leaderless.front()));
    }
    commons_.board.statistics(delivery_.topic(), std::move(*statistics));
}

void TopicExporter::on_throttle(std::string_view broker, milliseconds pause) {
    report(Cause::throttled, std::string(broker) + ", " + std::to_string(pause.count()) + " ms");
}

}  // namespace telltale::kafka
