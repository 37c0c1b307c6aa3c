// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/topic_admin.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <map>
#include <utility>

#include "exporters/kafka/cause.h"
#include "exporters/kafka/certificate_watch.h"
#include "exporters/kafka/producer_conf.h"

namespace telltale::kafka {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kTry{1'000};  // of one request for metadata, so that errors are seen meanwhile
constexpr std::size_t kReasonBytes = 512;

struct Destroy {
    void operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }
    void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
    void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
    void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
    void operator()(rd_kafka_AdminOptions_t* options) const { rd_kafka_AdminOptions_destroy(options); }
    void operator()(rd_kafka_NewTopic_t* topic) const { rd_kafka_NewTopic_destroy(topic); }
    void operator()(rd_kafka_ConfigResource_t* resource) const { rd_kafka_ConfigResource_destroy(resource); }
    void operator()(const rd_kafka_metadata_t* metadata) const { rd_kafka_metadata_destroy(metadata); }
};
template <typename Handle>
using Owned = std::unique_ptr<Handle, Destroy>;

template <typename Handle>
std::vector<Handle*> borrowed(const std::vector<Owned<Handle>>& owned) {
    std::vector<Handle*> handles;
    for (const Owned<Handle>& one : owned) handles.push_back(one.get());
    return handles;
}

std::string sentence(Cause cause, std::string_view detail) {
    return std::string(kWrong[cause]) + ": " + std::string(kToDo[cause]) + " (" + std::string(detail) + ")";
}

// The last error that librdkafka's threads met while a request waited.
struct Found {
    Cause cause = Cause::no_answer;
    std::string detail;
};

class Admin final : public TopicAdmin {
  public:
    explicit Admin(rd_kafka_conf_t& conf) { rd_kafka_conf_set_opaque(&conf, this); }

    // Owns the client from now on.
    void use(rd_kafka_t* client) { client_.reset(client); }
    void note(rd_kafka_resp_err_t error, std::string_view reason) {
        // That all brokers are down comes with every cause, and says less.
        if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && !found_.detail.empty()) return;
        found_ = {cause_of(error, reason, certificate_error), std::string(reason)};
    }

    std::atomic<int> certificate_error{0};

    base::Result<int> count_brokers() override {
        const Clock::time_point deadline = Clock::now() + kBound;
        rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
        while (Clock::now() < deadline) {
            const rd_kafka_metadata_t* metadata = nullptr;
            // Without a topic of its own it lists none.
            error = rd_kafka_metadata(client_.get(), 0, nullptr, &metadata, static_cast<int>(kTry.count()));
            const Owned<const rd_kafka_metadata_t> owned(metadata);
            if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return metadata->broker_cnt;
            rd_kafka_poll(client_.get(), 0);
            // A broker that is away may come back, or another one be there.
            const bool passes = found_.cause == Cause::brokers_away || found_.cause == Cause::no_answer;
            if (!passes) break;
        }
        if (found_.detail.empty()) return base::Error{sentence(cause_of(error, {}), describe(error))};
        return base::Error{sentence(found_.cause, found_.detail)};
    }

    std::vector<TopicState> look(const std::vector<TopicPlan>& plans) override {
        std::vector<TopicState> states;
        std::vector<std::string> existing;
        for (const TopicPlan& plan : plans) {
            states.push_back(partitions_of(plan.name));
            if (states.back().exists) existing.push_back(plan.name);
        }
        std::map<std::string, TopicSettings> settings = settings_of(existing);
        for (std::size_t i = 0; i < plans.size(); ++i) {
            for (const auto& [name, proposed] : plans[i].settings) {
                const auto is = settings[plans[i].name].find(name);
                if (is != settings[plans[i].name].end()) states[i].settings.insert(*is);
            }
        }
        return states;
    }

    std::vector<std::string> make(const std::vector<TopicPlan>& plans) override;

  private:
    TopicState partitions_of(const std::string& name);
    std::map<std::string, TopicSettings> settings_of(const std::vector<std::string>& names);
    // Waits for the answer to a request of the Admin API that was sent to the queue.
    static Owned<rd_kafka_event_t> answer(rd_kafka_queue_t* queue) {
        return Owned<rd_kafka_event_t>(rd_kafka_queue_poll(queue, static_cast<int>(milliseconds(kBound).count())));
    }

    Found found_;
    Owned<rd_kafka_t> client_;
};

TopicState Admin::partitions_of(const std::string& name) {
    TopicState state;
    const Owned<rd_kafka_topic_t> topic(rd_kafka_topic_new(client_.get(), name.c_str(), nullptr));
    const rd_kafka_metadata_t* metadata = nullptr;
    rd_kafka_resp_err_t error =
        rd_kafka_metadata(client_.get(), 0, topic.get(), &metadata, static_cast<int>(milliseconds(kBound).count()));
    const Owned<const rd_kafka_metadata_t> owned(metadata);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR && metadata->topic_cnt == 1) error = metadata->topics[0].err;
    if (error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) return state;
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR || metadata->topic_cnt != 1) {
        state.error = sentence(cause_of(error, {}), describe(error));
        return state;
    }
    state.exists = true;
    state.partitions = metadata->topics[0].partition_cnt;
    state.replication = state.partitions == 0 ? 0 : std::numeric_limits<int>::max();
    for (int i = 0; i < state.partitions; ++i) {
        state.replication = std::min(state.replication, metadata->topics[0].partitions[i].replica_cnt);
    }
    return state;
}

std::map<std::string, TopicSettings> Admin::settings_of(const std::vector<std::string>& names) {
    std::map<std::string, TopicSettings> settings;
    if (names.empty()) return settings;
    std::vector<Owned<rd_kafka_ConfigResource_t>> asked;
    for (const std::string& name : names) {
        asked.emplace_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str()));
    }
    std::vector<rd_kafka_ConfigResource_t*> resources = borrowed(asked);
    const Owned<rd_kafka_queue_t> queue(rd_kafka_queue_new(client_.get()));
    rd_kafka_DescribeConfigs(client_.get(), resources.data(), resources.size(), nullptr, queue.get());
    const Owned<rd_kafka_event_t> event = answer(queue.get());
    const auto* result = event ? rd_kafka_event_DescribeConfigs_result(event.get()) : nullptr;
    if (result == nullptr) return settings;
    std::size_t count = 0;
    const rd_kafka_ConfigResource_t** described = rd_kafka_DescribeConfigs_result_resources(result, &count);
    for (std::size_t i = 0; i < count; ++i) {
        std::size_t entries = 0;
        const rd_kafka_ConfigEntry_t** entry = rd_kafka_ConfigResource_configs(described[i], &entries);
        for (std::size_t j = 0; j < entries; ++j) {
            const char* value = rd_kafka_ConfigEntry_value(entry[j]);
            if (value == nullptr) continue;
            settings[rd_kafka_ConfigResource_name(described[i])][rd_kafka_ConfigEntry_name(entry[j])] = value;
        }
    }
    return settings;
}

std::vector<std::string> Admin::make(const std::vector<TopicPlan>& plans) {
    std::vector<std::string> errors(plans.size());
    std::vector<Owned<rd_kafka_NewTopic_t>> wanted;
    std::array<char, kReasonBytes> reason{};
    for (const TopicPlan& plan : plans) {
        wanted.emplace_back(
            rd_kafka_NewTopic_new(plan.name.c_str(), plan.partitions, plan.replication, reason.data(), reason.size()));
        if (wanted.back() == nullptr) return std::vector<std::string>(plans.size(), plan.name + ": " + reason.data());
        for (const auto& [name, value] : plan.settings) {
            rd_kafka_NewTopic_set_config(wanted.back().get(), name.c_str(), value.c_str());
        }
    }
    std::vector<rd_kafka_NewTopic_t*> topics = borrowed(wanted);
    const Owned<rd_kafka_AdminOptions_t> options(
        rd_kafka_AdminOptions_new(client_.get(), RD_KAFKA_ADMIN_OP_CREATETOPICS));
    // Until they are known to all brokers.
    rd_kafka_AdminOptions_set_operation_timeout(options.get(), static_cast<int>(milliseconds(kBound).count()) / 2,
                                                reason.data(), reason.size());
    const Owned<rd_kafka_queue_t> queue(rd_kafka_queue_new(client_.get()));
    rd_kafka_CreateTopics(client_.get(), topics.data(), topics.size(), options.get(), queue.get());
    const Owned<rd_kafka_event_t> event = answer(queue.get());
    const auto* result = event ? rd_kafka_event_CreateTopics_result(event.get()) : nullptr;
    if (result == nullptr || rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        const std::string why = event ? rd_kafka_event_error_string(event.get()) : "the brokers do not answer";
        return std::vector<std::string>(plans.size(), why);
    }
    std::size_t count = 0;
    const rd_kafka_topic_result_t** made = rd_kafka_CreateTopics_result_topics(result, &count);
    for (std::size_t i = 0; i < count; ++i) {
        const rd_kafka_resp_err_t error = rd_kafka_topic_result_error(made[i]);
        if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) continue;
        const auto plan = std::find_if(plans.begin(), plans.end(), [&](const TopicPlan& one) {
            return one.name == rd_kafka_topic_result_name(made[i]);
        });
        const char* text = rd_kafka_topic_result_error_string(made[i]);
        if (plan == plans.end()) continue;
        errors[static_cast<std::size_t>(plan - plans.begin())] =
            std::string(rd_kafka_err2name(error)) + ": " + (text != nullptr ? text : rd_kafka_err2str(error));
    }
    return errors;
}

}  // namespace

base::Result<std::unique_ptr<TopicAdmin>> TopicAdmin::create(const KafkaConfig& config) {
    if (base::Status status = check(config); !status) return status.error();
    base::Result<ProducerConf> conf = make_conf(config, true);
    if (!conf) return conf.error();
    auto admin = std::make_unique<Admin>(**conf);
    watch_certificates<Admin>(**conf);
    rd_kafka_conf_set_log_cb(conf->get(), [](const rd_kafka_t*, int, const char*, const char*) {});
    rd_kafka_conf_set_error_cb(conf->get(), [](rd_kafka_t*, int error, const char* reason, void* opaque) {
        static_cast<Admin*>(opaque)->note(static_cast<rd_kafka_resp_err_t>(error), reason);
    });
    std::array<char, kReasonBytes> reason{};
    rd_kafka_t* client = rd_kafka_new(RD_KAFKA_PRODUCER, conf->get(), reason.data(), reason.size());
    if (client == nullptr) return base::Error{std::string("kafka: ") + reason.data()};
    (void)conf->release();
    admin->use(client);
    return std::unique_ptr<TopicAdmin>(std::move(admin));
}

}  // namespace telltale::kafka
