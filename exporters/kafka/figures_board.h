// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "exporters/kafka/kafka_config.h"
#include "exporters/kafka/kafka_figures.h"

namespace telltale::kafka {

// The figures between the exporter's thread, which writes, and whoever reads. Each call is one step under one lock, so
// that the identity of TopicFigures holds for every reader.
class FiguresBoard {
  public:
    explicit FiguresBoard(const KafkaConfig& config);

    void taken(model::Topic topic);
    // Returns whether it is the first one after an error of the topic, or after one of no topic.
    bool delivered(model::Topic topic, std::int64_t since_ns, std::int64_t now_ns);
    void dead(model::Topic topic);
    void failed(model::Topic topic);
    void error(std::string text);
    void error(model::Topic topic, std::string text);
    void producer_made();
    void queue_full();
    void log_line_dropped();
    // librdkafka's statistics (STATISTICS.md); what is not as expected changes nothing.
    void statistics(std::string_view json);

    [[nodiscard]] KafkaFigures get() const;

  private:
    mutable std::mutex mutex_;
    KafkaFigures figures_;
};

}  // namespace telltale::kafka
