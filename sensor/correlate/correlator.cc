// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/correlator.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "sensor/base/clock.h"
#include "sensor/correlate/half_configs.h"
#include "sensor/correlate/rows/row_writer.h"
#include "sensor/correlate/save/fields.h"
#include "sensor/correlate/save/text.h"
#include "sensor/correlate/save/transfer.h"
#include "sensor/correlate/what/partitions.h"

namespace telltale::correlate {
namespace {

std::string site_of(const CorrelateConfig& config) { return SiteHash(config.site_key)("state"); }

}  // namespace

class Correlator::Halves {
  public:
    Halves(CorrelateConfig config, std::shared_ptr<const signatures::Bundle> bundle,
           const signatures::OuiRegistry* registry, model::EventSink sink)
        : config_(std::move(config)), bundle_(std::move(bundle)), sink_(std::move(sink)) {
        std::vector<Partition::Config> configs;
        for (std::size_t i = 0; i < std::max<std::size_t>(1, config_.threads); ++i) {
            configs.push_back(partition_config(config_, i));
        }
        what_ =
            make_partitions(config_.rounds, configs, bundle_, registry,
                            [this](const EventPlace& place, model::Event&& event) { emit(place, std::move(event)); });
        who_ = std::make_unique<Who>(who_config(config_), what_->receiver());
    }

    Who& who() { return *who_; }

    void flush() { what_->flush(); }

    void close_interval(std::int64_t end_ns, bool last) { what_->close_interval(who_->begin_step(end_ns), last); }

    [[nodiscard]] std::string save() {
        SavedState state = take_state(*who_, what_->at_rest());
        state.site = site_of(config_);
        state.segments = config_.segments;
        return write_state(state);
    }

    bool write_changes(const model::TakeRow& take) {
        RowWriter rows(take);
        write_head(rows);
        if (!who_->write_changes(rows)) return false;
        for (const auto& partition : what_->at_rest()) {
            if (!partition->write_changes(rows)) return false;
        }
        return true;
    }

    void note_all() {
        head_written_ = false;
        who_->note_all();
        for (const auto& partition : what_->at_rest()) partition->note_all();
    }

    base::Status restore_rows(const model::ReadRows& read, std::string_view source) {
        auto state = read_rows(read, source);
        return state ? restore(std::move(*state), source) : base::Status(state.error());
    }

    base::Status restore(std::string_view saved, std::string_view source) {
        auto state = read_state(saved, source);
        return state ? restore(std::move(*state), source) : base::Status(state.error());
    }

    void set_alert_update(std::int64_t update_ns) {
        if (update_ns == alert_update_ns_) return;
        alert_update_ns_ = update_ns;
        for (const auto& partition : what_->at_rest()) partition->set_alert_update(update_ns);
    }

    [[nodiscard]] Counters counters() const {
        Counters sum;
        sum.add(*who_);
        sum.add(what_->counters());
        sum.events = events_;
        return sum;
    }

  private:
    base::Status restore(SavedState&& state, std::string_view source) {
        if (state.site != site_of(config_)) {
            return base::Error{std::string(source) +
                               ": the saved state was made with another site key: its ids are not ours"};
        }
        if (state.segments != config_.segments) {
            return base::Error{std::string(source) + ": the saved state was made with other taps (" + state.segments +
                               "; now " + config_.segments + ")"};
        }
        give_state(state, *who_, what_->at_rest(), *bundle_);
        return base::Done{};
    }

    void write_head(RowWriter& rows) {
        if (std::exchange(head_written_, true)) return;
        StateHead head{kStateVersion, site_of(config_), config_.segments};
        rows.write("state", "", {}, head);
    }

    // Adds what the event's rows need to be read again: the head, and the device that they name.
    void add_rows(model::Event& event) {
        if (!config_.keep_rows || !event.device) return;
        const model::TakeRow take = [&event](model::StateRow&& row) {
            event.rows.push_back(std::move(row));
            return true;
        };
        RowWriter rows(take);
        write_head(rows);
        who_->write_device(event.device->number, rows);
    }

    void emit(const EventPlace& place, model::Event&& event) {
        add_rows(event);
        event.generation = who_->generation_at(place.frame);
        event.created_ns = config_.wall_clock_ns ? config_.wall_clock_ns() : base::wall_clock_ns();
        ++events_[event.topic()];
        if (sink_) sink_(std::move(event));
    }

    const CorrelateConfig config_;
    const std::shared_ptr<const signatures::Bundle> bundle_;
    const model::EventSink sink_;
    base::EnumArray<model::Topic, std::uint64_t> events_;
    std::int64_t alert_update_ns_ = config_.alert_update_ns;
    bool head_written_ = false;
    std::unique_ptr<Partitions> what_;
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
std::string Correlator::save() { return halves_->save(); }
base::Status Correlator::restore(std::string_view saved, std::string_view source) {
    return halves_->restore(saved, source);
}
bool Correlator::write_changes(const model::TakeRow& take) { return halves_->write_changes(take); }
void Correlator::note_all() { halves_->note_all(); }
base::Status Correlator::restore_rows(const model::ReadRows& read, std::string_view source) {
    return halves_->restore_rows(read, source);
}
void Correlator::set_alert_update(std::int64_t update_ns) { halves_->set_alert_update(update_ns); }
Counters Correlator::counters() const { return halves_->counters(); }

}  // namespace telltale::correlate
