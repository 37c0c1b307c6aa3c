// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "exporters/prometheus/metric_family.h"

namespace telltale::prometheus_http {

// The sensor's figures for prometheus-cpp, created anew for every collection, without empty families. Any thread that
// `collect` may be called on.
class FamilyCollectable final : public prometheus::Collectable {
  public:
    explicit FamilyCollectable(std::function<std::vector<Family>()> collect) : collect_(std::move(collect)) {}

    [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override;

  private:
    std::function<std::vector<Family>()> collect_;  // may be empty
};

// Returns text exposition format 0.0.4, by prometheus-cpp.
std::string to_text(const prometheus::Collectable& source);

}  // namespace telltale::prometheus_http
