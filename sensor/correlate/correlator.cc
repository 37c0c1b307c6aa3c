// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/correlator.h"

#include <chrono>
#include <utility>
#include <vector>

#include "sensor/correlate/half_configs.h"
#include "sensor/correlate/save/text.h"
#include "sensor/correlate/save/transfer.h"

namespace telltale::correlate {
namespace {

std::string site_of(const CorrelateConfig& config) { return SiteHash(config.site_key)("state"); }

std::int64_t system_time_ns() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

}  // namespace

class Correlator::Halves {
  public:
    Halves(CorrelateConfig config, std::shared_ptr<const signatures::Bundle> bundle,
           const signatures::OuiRegistry* registry, model::EventSink sink)
        : config_(std::move(config)), bundle_(std::move(bundle)), sink_(std::move(sink)) {
        for (std::size_t i = 0; i < config_.threads; ++i) {
            partitions_.push_back(std::make_unique<Partition>(
                partition_config(config_, i), bundle_, registry,
                [this](const EventPlace&, model::Event&& event) { emit(std::move(event)); }));
        }
        who_ = std::make_unique<Who>(who_config(config_), *partitions_.front());
    }

    Who& who() { return *who_; }

    void flush() {
        for (const auto& partition : partitions_) partition->end_frame();
    }

    void close_interval(std::int64_t end_ns, bool last) {
        const Moment at = who_->begin_step(end_ns);
        for (const auto& partition : partitions_) partition->close_interval(at, last);
    }

    [[nodiscard]] std::string save() const {
        SavedState state = take_state(*who_, partitions_);
        state.site = site_of(config_);
        state.segments = config_.segments;
        return write_state(state);
    }

    base::Status restore(std::string_view saved, std::string_view source) {
        auto state = read_state(saved, source);
        if (!state) return state.error();
        if (state->site != site_of(config_)) {
            return base::Error{std::string(source) +
                               ": the saved state was made with another site key: its ids are not ours"};
        }
        if (state->segments != config_.segments) {
            return base::Error{std::string(source) + ": the saved state was made with other taps (" + state->segments +
                               "; now " + config_.segments + ")"};
        }
        give_state(*state, *who_, partitions_, *bundle_);
        return base::Done{};
    }

    void set_alert_update(std::int64_t update_ns) {
        for (const auto& partition : partitions_) partition->set_alert_update(update_ns);
    }

    [[nodiscard]] Counters counters() const {
        Counters sum;
        sum.add(*who_);
        for (const auto& partition : partitions_) sum.add(partition->counters());
        sum.events = events_;
        return sum;
    }

  private:
    void emit(model::Event&& event) {
        event.created_ns = config_.wall_clock_ns ? config_.wall_clock_ns() : system_time_ns();
        ++events_[event.topic()];
        if (sink_) sink_(std::move(event));
    }

    const CorrelateConfig config_;
    const std::shared_ptr<const signatures::Bundle> bundle_;
    const model::EventSink sink_;
    base::EnumArray<model::Topic, std::uint64_t> events_;
    std::vector<std::unique_ptr<Partition>> partitions_;
    std::unique_ptr<Who> who_;
};

Correlator::Correlator(CorrelateConfig config, std::shared_ptr<const signatures::Bundle> bundle,
                       const signatures::OuiRegistry* registry, model::EventSink sink)
    : halves_(std::make_unique<Halves>(std::move(config), std::move(bundle), registry, std::move(sink))) {}
Correlator::~Correlator() = default;

void Correlator::on_record(const model::RecordView& record) { halves_->who().on_record(record); }
void Correlator::expect(const model::RecordView& record) { halves_->who().expect(record); }
void Correlator::flush() { halves_->flush(); }
void Correlator::close_interval(std::int64_t end_ns) { halves_->close_interval(end_ns, false); }
void Correlator::finish(std::int64_t time_ns) { halves_->close_interval(time_ns, true); }
std::string Correlator::save() const { return halves_->save(); }
base::Status Correlator::restore(std::string_view saved, std::string_view source) {
    return halves_->restore(saved, source);
}
void Correlator::set_alert_update(std::int64_t update_ns) { halves_->set_alert_update(update_ns); }
Counters Correlator::counters() const { return halves_->counters(); }

}  // namespace telltale::correlate
