// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>

#include "exporters/kafka/kafka_config.h"
#include "exporters/kafka/kafka_figures.h"
#include "exporters/kafka/statistics.h"

namespace telltale::kafka {

// The figures between the exporter's threads, which write, and whoever reads. Each call is one step under one lock, so
// that the identity of TopicFigures holds for every reader.
class FiguresBoard {
  public:
    explicit FiguresBoard(const KafkaConfig& config);

    void taken(model::Topic topic);
    void delivered(model::Topic topic, std::int64_t since_ns, std::int64_t now_ns);
    void dead(model::Topic topic);
    void failed(model::Topic topic);
    void producer_made();
    void queue_full();
    // Replaces the statistics of the topic's producer.
    void statistics(model::Topic topic, Statistics statistics);

    // Without what Troubles knows.
    [[nodiscard]] KafkaFigures get() const;

  private:
    mutable std::mutex mutex_;
    KafkaFigures figures_;
    base::EnumArray<model::Topic, Statistics> statistics_;
};

}  // namespace telltale::kafka
