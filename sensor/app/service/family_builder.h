// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporters/prometheus/metric_family.h"

namespace telltale::app {

// Builds metric families. Returned references are valid until the next family is added.
class FamilyBuilder {
  public:
    explicit FamilyBuilder(std::vector<prometheus_http::Family>& families) : families_(families) {}

    // Adds a counter: "flows" becomes telltale_flows_total.
    FamilyBuilder& counter(std::string_view name, std::string_view help) {
        return family("telltale_" + std::string(name) + "_total", help, prometheus_http::MetricType::counter);
    }
    FamilyBuilder& gauge(std::string_view name, std::string_view help) {
        return family("telltale_" + std::string(name), help, prometheus_http::MetricType::gauge);
    }

    // Adds a value to the family that was added last.
    template <typename Number>
    requires std::integral<Number> || std::floating_point<Number> FamilyBuilder& value(
        Number number, prometheus_http::Labels labels = {}) {
        families_.back().samples.push_back({std::move(labels), static_cast<double>(number)});
        return *this;
    }

    prometheus_http::Family& histogram(std::string_view name, std::string_view help) {
        family("telltale_" + std::string(name), help, prometheus_http::MetricType::histogram);
        return families_.back();
    }

  private:
    FamilyBuilder& family(std::string name, std::string_view help, prometheus_http::MetricType type) {
        prometheus_http::Family& added = families_.emplace_back();
        added.name = std::move(name);
        added.help = help;
        added.type = type;
        return *this;
    }

    std::vector<prometheus_http::Family>& families_;
};

}  // namespace telltale::app
