// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/exporter_loop.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "exporters/kafka/producer_conf.h"
#include "sensor/base/clock.h"

namespace telltale::kafka {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kReportWait{20};  // also how late a new event is noticed while others are under way
constexpr milliseconds kIdleWait{100};   // for the store; librdkafka wants to be polled about as often

// Sending the same event again would not help.
bool refused_for_good(rd_kafka_resp_err_t error) {
    switch (error) {
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
        case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
        case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
        case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
        case RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT:
        case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
        case RD_KAFKA_RESP_ERR_INVALID_RECORD: return true;
        default: return false;
    }
}

std::string describe(rd_kafka_resp_err_t error) {
    std::string text = std::string(rd_kafka_err2name(error)) + ": " + rd_kafka_err2str(error);
    switch (error) {
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART: return text + "; create the topic";
        case RD_KAFKA_RESP_ERR__QUEUE_FULL: return text + "; the event alone is larger than kafka.queue_size";
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED: return text + "; allow the user to write to the topic";
        default: return text;
    }
}

}  // namespace

ExporterLoop::ExporterLoop(KafkaConfig config, exporters::EventStore& store, Headers headers, LogHook log)
    : config_(std::move(config)),
      store_(store),
      headers_(std::move(headers)),
      board_(config_),
      limiter_(std::move(log)),
      producer_pause_(config_.retry_pause) {
    constexpr std::size_t kTopics = base::kCount<model::Topic>;
    const WindowLimits limits{config_.max_queued_events / kTopics, config_.max_queued_bytes / kTopics};
    const exporters::ReaderId reader = store.add_reader(kReaderName);
    for (const auto topic : base::enumerators<model::Topic>()) {
        deliveries_.emplace_back(topic, store, reader, limits, config_.retry_pause);
    }
}

ExporterLoop::~ExporterLoop() {
    if (thread_.joinable()) (void)finish(milliseconds{0});
}

void ExporterLoop::start() {
    assert(!thread_.joinable());
    thread_ = std::thread([this] { run(); });
}

base::Status ExporterLoop::finish(milliseconds bound) {
    assert(!finishing_);
    end_ = Clock::now() + bound;
    deadline_ = end_ - std::min(bound / 4, Producer::kCloseBound);
    finishing_ = true;
    if (!thread_.joinable()) start();
    thread_.join();
    return outcome_;
}

void ExporterLoop::run() {
    while (!over()) {
        fill();
        if (have_producer()) send();
        wait();
        acknowledge();
    }
    conclude();
}

bool ExporterLoop::over() const {
    const auto idle = [](const TopicDelivery& delivery) { return delivery.window().size() == 0; };
    return finishing_ &&
           (Clock::now() >= deadline_ || (caught_up_ && std::all_of(deliveries_.begin(), deliveries_.end(), idle)));
}

bool ExporterLoop::have_producer() {
    if (producer_ != nullptr) {
        const std::string fatal = producer_->fatal_error();
        if (fatal.empty()) return true;
        log(LogLevel::error, "the producer ended with " + fatal + "; what is not acknowledged is sent by a new one");
        board_.error(fatal);
        producer_->poll(milliseconds{0});
        producer_.reset();
        for (TopicDelivery& delivery : deliveries_) delivery.resend_all();
        producer_at_ = Clock::now() + producer_pause_.take();
    }
    if (Clock::now() < producer_at_) return false;
    base::Result<std::unique_ptr<Producer>> made = Producer::create(config_, headers_, *this);
    if (!made) {
        log(LogLevel::error, made.error().text);
        board_.error(made.error().text);
        producer_at_ = Clock::now() + producer_pause_.take();
        return false;
    }
    producer_ = std::move(*made);
    board_.producer_made();
    return true;
}

void ExporterLoop::fill() {
    // Before the look: what is stored later is seen by the next one.
    const bool finishing = finishing_;
    seen_ = store_.last_position();
    bool caught_up = true;
    for (TopicDelivery& delivery : deliveries_) {
        if (const base::Status filled = delivery.fill(Clock::now(), board_); !filled) {
            tell_store_error(delivery, filled.error());
        }
        caught_up = caught_up && delivery.caught_up();
    }
    caught_up_ = finishing && caught_up;
}

void ExporterLoop::send() {
    const bool was_full = std::exchange(queue_full_, false);
    for (std::size_t i = 0; i < deliveries_.size(); ++i) send(deliveries_[(first_to_send_ + i) % deliveries_.size()]);
    first_to_send_ = (first_to_send_ + 1) % deliveries_.size();
    if (queue_full_ && !was_full) board_.queue_full();
}

// Sends what the topic has to send and the producer takes: up to a failure.
void ExporterLoop::send(TopicDelivery& delivery) {
    delivery.end_pause(Clock::now());
    DeliveryWindow& window = delivery.window();
    for (WindowEntry* entry = nullptr; !delivery.paused() && (entry = window.next_to_send()) != nullptr;) {
        const rd_kafka_resp_err_t error = producer_->send(*entry->envelope);
        if (error == RD_KAFKA_RESP_ERR__FATAL) return;  // seen before the next turn sends
        const bool full = error == RD_KAFKA_RESP_ERR__QUEUE_FULL;
        const bool always = full && entry->envelope->json.size() > config_.max_queued_bytes;
        if (full && !always) {
            queue_full_ = true;  // another topic's next event may be smaller
            return;
        }
        if (always || refused_for_good(error)) {
            bury(delivery, *entry->envelope, error);
            window.mark_dead(*entry);
            continue;
        }
        window.mark_sent(*entry);
        if (error == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
        window.failed(entry->envelope->position);
        take_failure(delivery, error);
    }
}

// For whatever comes first: a report, an event, the end of a pause.
void ExporterLoop::wait() {
    bool more_there = false;
    bool probing = false;
    std::size_t sent = 0;
    std::size_t under_way = 0;
    bool store_rests = false;
    for (const TopicDelivery& delivery : deliveries_) {
        store_rests = store_rests || delivery.store_rests(Clock::now());
        more_there = more_there || delivery.more_there();
        probing = probing || delivery.window().probing();
        sent += delivery.window().count(Delivery::sent);
        under_way += delivery.window().size();
    }
    if (producer_ == nullptr) {
        std::this_thread::sleep_for(kReportWait);
    } else if (more_there && !queue_full_) {
        producer_->poll(milliseconds{0});
    } else if (sent > 0 && (finishing_ || probing)) {
        producer_->flush(kReportWait);
    } else if (under_way > 0 || finishing_ || store_rests) {
        producer_->poll(kReportWait);
    } else {
        const bool there = store_.wait(seen_, kIdleWait);
        producer_->poll(there ? milliseconds{0} : kReportWait);  // a closed store does not wait
    }
}

void ExporterLoop::acknowledge() {
    for (TopicDelivery& delivery : deliveries_) {
        if (const base::Status done = delivery.acknowledge(Clock::now()); !done) {
            tell_store_error(delivery, done.error());
        }
    }
}

void ExporterLoop::conclude() {
    const KafkaFigures figures = board_.get();
    std::uint64_t left = 0;
    std::string why = figures.last_error;
    for (const TopicDelivery& delivery : deliveries_) {
        const std::uint64_t of_topic = delivery.left();
        left += of_topic;
        if (of_topic > 0 && why.empty()) why = figures.topics[delivery.topic()].last_error;
    }
    if (left > 0) {
        outcome_ = base::Error{"kafka: " + std::to_string(left) + " events were not delivered in time" +
                               (why.empty() ? std::string() : " (" + why + ")") + "; they are not acknowledged"};
    }
    if (producer_ == nullptr) return;
    producer_->close(std::max(kReportWait, std::chrono::ceil<milliseconds>(end_ - Clock::now())));
    producer_.reset();
}

void ExporterLoop::on_report(model::Topic topic, exporters::Position position, rd_kafka_resp_err_t error) {
    TopicDelivery& delivery = deliveries_[base::index_of(topic)];
    const exporters::StoredEnvelope envelope = delivery.window().find(position);
    if (envelope == nullptr) return;
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
        delivery.window().delivered(position);
        producer_pause_.reset();
        if (board_.delivered(topic, envelope->delayed_since_ns(), base::wall_clock_ns()))
            log(LogLevel::info, topic_name(config_, topic) + ": delivering again");
    } else if (refused_for_good(error)) {
        if (delivery.window().refused(position)) {
            bury(delivery, *envelope, error);
        } else {
            board_.failed(topic);
        }
    } else {
        delivery.window().failed(position);
        take_failure(delivery, error);
    }
}

void ExporterLoop::take_failure(TopicDelivery& delivery, rd_kafka_resp_err_t error) {
    board_.failed(delivery.topic());
    const std::optional<milliseconds> pause = delivery.begin_pause(Clock::now());
    if (!pause) return;
    const std::string text = topic_name(config_, delivery.topic()) + ": " + describe(error);
    board_.error(delivery.topic(), text);
    log(LogLevel::warning, text + "; tried again in " + std::to_string(pause->count()) + " ms");
}

void ExporterLoop::bury(TopicDelivery& delivery, const exporters::Envelope& envelope, rd_kafka_resp_err_t error) {
    const std::string reason = describe(error);
    if (base::Status status = delivery.reject(envelope.position, reason); !status) {
        log(LogLevel::error, status.error().text);
    }
    board_.dead(delivery.topic());
    log(LogLevel::error, "event " + std::to_string(envelope.sequence) + " for " +
                             topic_name(config_, delivery.topic()) + " was refused for good: " + reason);
}

void ExporterLoop::tell_store_error(const TopicDelivery& delivery, const base::Error& error) {
    log(LogLevel::error, error.text);
    board_.error(delivery.topic(), error.text);
}

void ExporterLoop::on_error(rd_kafka_resp_err_t error, std::string_view reason) {
    if (error == RD_KAFKA_RESP_ERR__FATAL) return;  // have_producer() asks for the cause
    board_.error(std::string(rd_kafka_err2name(error)) + ": " + std::string(reason));
    // An error of one broker comes as a log line too.
    if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) log(LogLevel::error, reason);
}

void ExporterLoop::on_log(int syslog_level, std::string_view facility, std::string_view line) {
    const LogLevel level = syslog_level <= 3 ? LogLevel::error : syslog_level <= 4 ? LogLevel::warning : LogLevel::info;
    log(level, std::string(facility) + ": " + std::string(line));
}

void ExporterLoop::log(LogLevel level, std::string_view line) {
    if (!limiter_.log(level, line)) board_.log_line_dropped();
}

base::Result<std::unique_ptr<KafkaExporter>> KafkaExporter::create(KafkaConfig config, exporters::EventStore& store,
                                                                   Headers headers, LogHook log) {
    if (base::Status status = check(config); !status) return status.error();
    return std::unique_ptr<KafkaExporter>(
        std::make_unique<ExporterLoop>(std::move(config), store, std::move(headers), std::move(log)));
}

}  // namespace telltale::kafka
