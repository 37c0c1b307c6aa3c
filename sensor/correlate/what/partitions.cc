// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/partitions.h"

#include <utility>

#include "sensor/correlate/what/partition_threads.h"

namespace telltale::correlate {
namespace {

// Works on the caller's thread.
class OnePartition final : public Partitions {
  public:
    OnePartition(const Partition::Config& config, const std::shared_ptr<const signatures::Bundle>& bundle,
                 const signatures::OuiRegistry* registry, PlacedSink sink)
        : partition_(std::make_unique<Partition>(config, bundle, registry, std::move(sink))) {}

    Receiver& receiver() override { return *partition_; }
    void flush() override { partition_->end_frame(); }
    void close_interval(const Moment& at, bool last) override { partition_->close_interval(at, last); }
    std::span<const std::unique_ptr<Partition>> at_rest() override {
        partition_->end_frame();
        return {&partition_, 1};
    }
    [[nodiscard]] WhatCounters counters() const override { return partition_->counters(); }

  private:
    const std::unique_ptr<Partition> partition_;
};

}  // namespace

std::unique_ptr<Partitions> make_partitions(const Rounds& rounds, std::span<const Partition::Config> configs,
                                            const std::shared_ptr<const signatures::Bundle>& bundle,
                                            const signatures::OuiRegistry* registry, PlacedSink sink) {
    if (configs.size() == 1) return std::make_unique<OnePartition>(configs[0], bundle, registry, std::move(sink));
    return std::make_unique<PartitionThreads>(rounds, configs, bundle, registry, std::move(sink));
}

}  // namespace telltale::correlate
