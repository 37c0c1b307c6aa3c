// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/exporter_loop.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "exporters/kafka/producer_conf.h"

namespace telltale::kafka {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kReadBatch = 512;
constexpr milliseconds kReportWait{20};     // also how late a new event is noticed while others are under way
constexpr milliseconds kIdleWait{100};      // for the store; librdkafka wants to be polled about as often
constexpr milliseconds kStorePause{1'000};  // after the store failed

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
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED: return text + "; allow the user to write to the topic";
        default: return text;
    }
}

std::int64_t wall_clock_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

}  // namespace

ExporterLoop::ExporterLoop(KafkaConfig config, exporters::EventStore& store, exporters::EventFormat format,
                           std::string sensor_id, LogHook log)
    : config_(std::move(config)),
      store_(store),
      format_(std::move(format)),
      sensor_id_(std::move(sensor_id)),
      reader_(store.add_reader(kReaderName)),
      board_(config_),
      limiter_(std::move(log)),
      producer_backoff_(config_.retry_backoff),
      retry_backoff_(config_.retry_backoff) {}

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
    return finishing_ && (Clock::now() >= deadline_ || (caught_up_ && window_.size() == 0));
}

bool ExporterLoop::have_producer() {
    if (producer_ != nullptr) {
        const std::string fatal = producer_->fatal_error();
        if (fatal.empty()) return true;
        log(LogLevel::error, "the producer ended with " + fatal + "; what is not acknowledged is sent by a new one");
        board_.error(fatal);
        producer_->poll(milliseconds{0});
        producer_.reset();
        window_.resend_all();
        retry_at_ = {};
        producer_at_ = Clock::now() + producer_backoff_.take();
    }
    if (Clock::now() < producer_at_) return false;
    base::Result<std::unique_ptr<Producer>> made = Producer::create(config_, sensor_id_, *this);
    if (!made) {
        log(LogLevel::error, made.error().text);
        board_.error(made.error().text);
        producer_at_ = Clock::now() + producer_backoff_.take();
        return false;
    }
    producer_ = std::move(*made);
    board_.producer_made();
    return true;
}

void ExporterLoop::fill() {
    const bool finishing = finishing_;
    more_there_ = false;
    if (window_.size() >= config_.max_queued_events || Clock::now() < read_at_) return;
    const std::size_t room = std::min(kReadBatch, config_.max_queued_events - window_.size());
    const base::Result<std::size_t> read = store_.read(reader_, last_read_, room, batch_);
    if (!read) {
        log(LogLevel::error, read.error().text);
        board_.error(read.error().text);
        read_at_ = Clock::now() + kStorePause;
        return;
    }
    for (exporters::StoredEvent& stored : batch_) {
        last_read_ = stored.position;
        board_.taken(stored.event->topic());
        window_.add(std::move(stored));
    }
    more_there_ = *read == room;
    caught_up_ = finishing && *read == 0;
}

void ExporterLoop::send() {
    if (retry_at_ != Clock::time_point{} && Clock::now() >= retry_at_) {
        retry_at_ = {};
        window_.retry_failed();
    }
    for (WindowEntry* entry = window_.next_to_send(); entry != nullptr; entry = window_.next_to_send()) {
        const rd_kafka_resp_err_t error = send_one(entry->stored);
        if (error == RD_KAFKA_RESP_ERR__FATAL) return;  // seen before the next turn sends
        if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            if (!std::exchange(queue_full_, true)) board_.queue_full();
            return;
        }
        queue_full_ = false;
        if (refused_for_good(error)) {
            bury(entry->stored, error);
            window_.mark_dead(*entry);
            continue;
        }
        window_.mark_sent(*entry);
        if (error == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
        const exporters::StoredEvent stored = entry->stored;
        window_.failed(stored.position);
        take_failure(*stored.event, error);
    }
}

rd_kafka_resp_err_t ExporterLoop::send_one(const exporters::StoredEvent& stored) {
    const model::Event& event = *stored.event;
    payload_.clear();
    format_(event, payload_);
    const bool by_device = event.topic() != model::Topic::health && event.device && !event.device->id.empty();
    return producer_->send({stored.position, event.topic(), model::to_string(event.dataset()),
                            by_device ? event.device->id : sensor_id_, payload_, event.created_ns});
}

// For whatever comes first: a report, an event, the end of a pause.
void ExporterLoop::wait() {
    if (producer_ == nullptr) {
        std::this_thread::sleep_for(kReportWait);
    } else if (more_there_ && !queue_full_) {
        producer_->poll(milliseconds{0});
    } else if (window_.count(Delivery::sent) > 0 && (finishing_ || window_.probing())) {
        producer_->flush(kReportWait);
    } else if (window_.size() > 0 || finishing_ || Clock::now() < read_at_) {
        producer_->poll(kReportWait);
    } else {
        const bool there = store_.wait(reader_, last_read_, kIdleWait);
        producer_->poll(there ? milliseconds{0} : kReportWait);  // a closed store does not wait
    }
}

void ExporterLoop::acknowledge() {
    const exporters::Position done = window_.take_done();
    if (done != 0) {
        to_acknowledge_ = done;
        retry_backoff_.reset();
    }
    if (to_acknowledge_ == 0 || Clock::now() < read_at_) return;
    if (base::Status status = store_.acknowledge(reader_, to_acknowledge_); !status) {
        log(LogLevel::error, status.error().text);
        board_.error(status.error().text);
        read_at_ = Clock::now() + kStorePause;
        return;
    }
    to_acknowledge_ = 0;
}

void ExporterLoop::conclude() {
    const std::uint64_t stored = store_.figures().last_position;
    const std::uint64_t unread = stored - std::min(stored, last_read_);
    const std::uint64_t left = unread + window_.size() - window_.count(Delivery::done);
    if (!caught_up_ || left > 0) {
        const std::string why = board_.get().last_error;
        outcome_ = base::Error{"kafka: " + std::to_string(left) + " events were not delivered in time" +
                               (why.empty() ? std::string() : " (" + why + ")") + "; they are not acknowledged"};
    }
    if (producer_ == nullptr) return;
    producer_->close(std::max(kReportWait, std::chrono::ceil<milliseconds>(end_ - Clock::now())));
    producer_.reset();
}

void ExporterLoop::on_report(exporters::Position position, rd_kafka_resp_err_t error) {
    const exporters::StoredEvent* found = window_.find(position);
    if (found == nullptr) return;
    const exporters::StoredEvent stored = *found;
    const model::Event& event = *stored.event;
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
        window_.delivered(position);
        producer_backoff_.reset();
        if (board_.delivered(event.topic(), event.created_ns, wall_clock_ns())) log(LogLevel::info, "delivering again");
    } else if (refused_for_good(error)) {
        if (window_.refused(position)) {
            bury(stored, error);
        } else {
            board_.failed(event.topic());
        }
    } else {
        window_.failed(position);
        take_failure(event, error);
    }
}

void ExporterLoop::take_failure(const model::Event& event, rd_kafka_resp_err_t error) {
    board_.failed(event.topic());
    if (retry_at_ != Clock::time_point{}) return;
    const milliseconds pause = retry_backoff_.take();
    retry_at_ = Clock::now() + pause;
    const std::string text = topic_name(config_, event.topic()) + ": " + describe(error);
    board_.error(text);
    log(LogLevel::warning, text + "; tried again in " + std::to_string(pause.count()) + " ms");
}

void ExporterLoop::bury(const exporters::StoredEvent& stored, rd_kafka_resp_err_t error) {
    const std::string reason = describe(error);
    if (base::Status status = store_.reject(reader_, stored.position, reason); !status) {
        log(LogLevel::error, status.error().text);
    }
    board_.dead(stored.event->topic());
    log(LogLevel::error, "event " + std::to_string(stored.event->sequence) + " for " +
                             topic_name(config_, stored.event->topic()) + " was refused for good: " + reason);
}

void ExporterLoop::on_error(rd_kafka_resp_err_t error, std::string_view reason) {
    if (error == RD_KAFKA_RESP_ERR__FATAL) return;  // have_producer() asks for the cause
    board_.error(std::string(rd_kafka_err2name(error)) + ": " + std::string(reason));
    // What concerns one broker comes as a log line too.
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
                                                                   exporters::EventFormat format, std::string sensor_id,
                                                                   LogHook log) {
    if (base::Status status = check(config); !status) return status.error();
    if (sensor_id.empty()) return base::Error{"kafka: the sensor's id is empty"};
    return std::unique_ptr<KafkaExporter>(std::make_unique<ExporterLoop>(std::move(config), store, std::move(format),
                                                                         std::move(sensor_id), std::move(log)));
}

}  // namespace telltale::kafka
