// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "sensor/base/enumeration.h"

namespace telltale::model {

// The ways that events are delivered: each is a Kafka topic and a log of the store, with sequence numbers of its own.
//   X(topic, its word)
#define TELLTALE_TOPICS(X)        \
    X(device, "device")           \
    X(destination, "destination") \
    X(transfer, "transfer")       \
    X(alert, "alert")             \
    X(health, "health")

TELLTALE_ENUMERATION(Topic, std::uint8_t, TELLTALE_TOPICS)

// The subjects of events: the closed list of event.dataset.
//   X(dataset, event.dataset, topic, share of a full store)
// The share is the percentage of the store's limits up to which a store that drops takes in an event of the dataset:
// first contacts are the first to be refused, alerts the last.
#define TELLTALE_DATASETS(X)                                \
    X(device, "telltale.device", device, 85)                \
    X(destination, "telltale.destination", destination, 75) \
    X(transfer, "telltale.transfer", transfer, 95)          \
    X(alert, "telltale.alert", alert, 100)                  \
    X(health, "telltale.health", health, 97)                \
    X(leak, "telltale.leak", alert, 100)                    \
    X(config, "telltale.config", health, 97)

TELLTALE_ENUMERATION(Dataset, std::uint8_t, TELLTALE_DATASETS)

#define TELLTALE_TOPIC_OF(dataset, word, topic, share) Topic::topic,
#define TELLTALE_SHARE_OF(dataset, word, topic, share) share,
inline constexpr base::EnumArray<Dataset, Topic> kTopicOf({TELLTALE_DATASETS(TELLTALE_TOPIC_OF)});
inline constexpr base::EnumArray<Dataset, unsigned> kStoreShare({TELLTALE_DATASETS(TELLTALE_SHARE_OF)});
#undef TELLTALE_TOPIC_OF
#undef TELLTALE_SHARE_OF

}  // namespace telltale::model
