// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstddef>
#include <memory>
#include <string>

#include "exporters/kafka/kafka_config.h"
#include "sensor/base/result.h"
#include "sensor/model/dataset.h"

namespace telltale::kafka {

struct DestroyConf {
    void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};
using ProducerConf = std::unique_ptr<rd_kafka_conf_t, DestroyConf>;

// Our defaults, then the configuration; reads the secrets' files. Without brokers when `connect` is false, so that a
// producer made from it reaches out to nothing.
base::Result<ProducerConf> make_conf(const KafkaConfig& config, bool connect);

// Lowers the size of batches, not raises it.
base::Status bound_batches(rd_kafka_conf_t& conf, std::size_t bytes);

// "telltale.device.v1".
std::string topic_name(const KafkaConfig& config, model::Topic topic);

}  // namespace telltale::kafka
