// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/producer.h"

#include <future>
#include <thread>
#include <utility>

#include "exporters/kafka/producer_conf.h"

namespace telltale::kafka {
namespace {

constexpr std::size_t kReasonBytes = 512;

ProducerListener& listener_of(void* opaque) { return *static_cast<ProducerListener*>(opaque); }

void* as_opaque(std::uint64_t number) {
    return reinterpret_cast<void*>(static_cast<std::uintptr_t>(number));  // NOLINT(performance-no-int-to-ptr)
}

void set_callbacks(rd_kafka_conf_t& conf, ProducerListener& listener) {
    rd_kafka_conf_set_opaque(&conf, &listener);
    rd_kafka_conf_set_dr_msg_cb(&conf, [](rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
        const auto topic = reinterpret_cast<std::uintptr_t>(rd_kafka_topic_opaque(message->rkt));
        listener_of(opaque).on_report(static_cast<model::Topic>(topic),
                                      reinterpret_cast<std::uintptr_t>(message->_private), message->err);
    });
    rd_kafka_conf_set_error_cb(&conf, [](rd_kafka_t*, int error, const char* reason, void* opaque) {
        listener_of(opaque).on_error(static_cast<rd_kafka_resp_err_t>(error), reason);
    });
    rd_kafka_conf_set_log_cb(&conf, [](const rd_kafka_t* producer, int level, const char* facility, const char* line) {
        listener_of(rd_kafka_opaque(producer)).on_log(level, facility, line);
    });
    rd_kafka_conf_set_stats_cb(&conf, [](rd_kafka_t*, char* json, std::size_t size, void* opaque) {
        listener_of(opaque).on_statistics({json, size});
        return 0;  // librdkafka frees it
    });
}

rd_kafka_headers_t* make_headers(const Headers& headers) {
    rd_kafka_headers_t* made = rd_kafka_headers_new(headers.size());
    for (const auto& [name, value] : headers) {
        rd_kafka_header_add(made, name.c_str(), -1, value.data(), static_cast<ssize_t>(value.size()));
    }
    return made;
}

}  // namespace

base::Result<std::unique_ptr<Producer>> Producer::create(const KafkaConfig& config, const Headers& headers,
                                                         ProducerListener& listener) {
    base::Result<ProducerConf> conf = make_conf(config, true);
    if (!conf) return conf.error();
    set_callbacks(**conf, listener);
    std::array<char, kReasonBytes> reason{};
    rd_kafka_t* handle = rd_kafka_new(RD_KAFKA_PRODUCER, conf->get(), reason.data(), reason.size());
    if (handle == nullptr) return base::Error{std::string("kafka: ") + reason.data()};
    (void)conf->release();
    std::unique_ptr<Producer> producer(new Producer(handle));
    rd_kafka_set_log_queue(handle, nullptr);  // log lines come out of poll(), as everything else
    if (base::Status status = producer->open_topics(config, headers); !status) return status.error();
    return producer;
}

base::Status Producer::open_topics(const KafkaConfig& config, const Headers& headers) {
    for (const auto topic : base::enumerators<model::Topic>()) {
        const std::string name = topic_name(config, topic);
        topics_[topic].headers = make_headers(headers);
        rd_kafka_topic_conf_t* conf = rd_kafka_default_topic_conf_dup(producer_);
        rd_kafka_topic_conf_set_opaque(conf, as_opaque(base::index_of(topic)));
        topics_[topic].handle = rd_kafka_topic_new(producer_, name.c_str(), conf);
        if (topics_[topic].handle == nullptr) {
            return base::Error{"kafka: topic " + name + ": " + rd_kafka_err2str(rd_kafka_last_error())};
        }
    }
    return base::Done{};
}

Producer::~Producer() {
    if (producer_ != nullptr) close(kCloseBound);
}

void Producer::close(std::chrono::milliseconds bound) {
    for (const TopicHandle& topic : topics_) {
        if (topic.headers != nullptr) rd_kafka_headers_destroy(topic.headers);
        if (topic.handle != nullptr) rd_kafka_topic_destroy(topic.handle);
    }
    // Nothing of it calls back any more: callbacks only come out of poll().
    std::promise<void> ended;
    std::future<void> end = ended.get_future();
    std::thread([producer = std::exchange(producer_, nullptr), done = std::move(ended)]() mutable {
        rd_kafka_destroy(producer);
        done.set_value();
    }).detach();
    (void)end.wait_for(bound);
}

rd_kafka_resp_err_t Producer::send(const exporters::Envelope& envelope) {
    const TopicHandle& topic = topics_[envelope.topic()];
    const std::string_view dataset = to_string(envelope.dataset);
    rd_kafka_headers_t* headers = rd_kafka_headers_copy(topic.headers);
    rd_kafka_header_add(headers, "event.dataset", -1, dataset.data(), static_cast<ssize_t>(dataset.size()));
    std::array<rd_kafka_vu_t, 7> arguments{};
    arguments[0].vtype = RD_KAFKA_VTYPE_RKT;
    arguments[0].u.rkt = topic.handle;
    arguments[1].vtype = RD_KAFKA_VTYPE_KEY;
    arguments[1].u.mem = {const_cast<char*>(envelope.key.data()), envelope.key.size()};
    arguments[2].vtype = RD_KAFKA_VTYPE_VALUE;
    arguments[2].u.mem = {const_cast<char*>(envelope.json.data()), envelope.json.size()};
    arguments[3].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    arguments[3].u.i = RD_KAFKA_MSG_F_COPY;
    arguments[4].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
    arguments[4].u.i64 = envelope.created_ns / 1'000'000;
    arguments[5].vtype = RD_KAFKA_VTYPE_OPAQUE;
    arguments[5].u.ptr = as_opaque(envelope.position);
    arguments[6].vtype = RD_KAFKA_VTYPE_HEADERS;
    arguments[6].u.headers = headers;
    rd_kafka_error_t* error = rd_kafka_produceva(producer_, arguments.data(), arguments.size());
    if (error == nullptr) return RD_KAFKA_RESP_ERR_NO_ERROR;  // the headers are librdkafka's now
    const rd_kafka_resp_err_t code = rd_kafka_error_code(error);
    rd_kafka_error_destroy(error);
    rd_kafka_headers_destroy(headers);
    return code;
}

void Producer::poll(std::chrono::milliseconds timeout) { rd_kafka_poll(producer_, static_cast<int>(timeout.count())); }

void Producer::flush(std::chrono::milliseconds timeout) {
    (void)rd_kafka_flush(producer_, static_cast<int>(timeout.count()));
}

std::string Producer::fatal_error() const {
    std::array<char, kReasonBytes> reason{};
    const rd_kafka_resp_err_t error = rd_kafka_fatal_error(producer_, reason.data(), reason.size());
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
    return std::string(rd_kafka_err2name(error)) + ": " + reason.data();
}

}  // namespace telltale::kafka
