// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/device_reports.h"

#include <utility>

#include "sensor/correlate/saved_state.h"
#include "sensor/model/readable.h"
#include "sensor/model/sentence.h"

namespace telltale::correlate {
namespace {

// Takes over what is newly known. True for the first value ever; a later one is a change.
bool take(std::string& known, const std::string& now, std::string_view what, std::vector<std::string>& changes) {
    if (now.empty() || now == known) return false;
    const bool first = known.empty();
    if (!first)
        changes.push_back(std::string(what) + " " + model::readable(now) + " instead of " + model::readable(known));
    known = now;
    return first;
}

}  // namespace

KnownIdentity known_identity(const Device& device, const CorrelateConfig& config) {
    const auto certain = [&](const Belief& belief) {
        return belief.confidence >= config.identified_confidence ? belief.value : std::string();
    };
    const Identity& identity = device.identity;
    return {certain(identity.maker), certain(identity.os), certain(identity.device_class)};
}

DeviceReports::Told& DeviceReports::told(const Device& device) {
    while (told_.size() <= device.index) told_.emplace_back();
    Told& told = told_[device.index];
    if (!told.pending) {
        told.pending = true;
        pending_.push_back(device.index);
    }
    return told;
}

void DeviceReports::note(const Device& device) { told(device); }

void DeviceReports::flush(std::int64_t time_ns, DeviceTable& devices) {
    for (std::size_t i = 0; i < pending_.size(); ++i) {
        Told& told = told_[pending_[i]];
        told.pending = false;
        tell(told, devices[pending_[i]], time_ns);
    }
    pending_.clear();
}

void DeviceReports::save(SavedState& state) const {
    for (std::size_t i = 0; i < state.devices.size() && i + 1 < told_.size(); ++i) {
        const Told& told = told_[i + 1];
        SavedDevice& device = state.devices[i];
        device.announced = told.announced;
        device.known = told.known;
        device.known_model = told.model;
    }
}

void DeviceReports::restore(const SavedState& state) {
    while (told_.size() <= state.devices.size()) told_.emplace_back();
    for (std::size_t i = 0; i < state.devices.size(); ++i) {
        const SavedDevice& device = state.devices[i];
        told_[i + 1] = {false, device.announced, device.known, device.known_model, {}};
    }
}

void DeviceReports::tell(Told& told, const Device& device, std::int64_t time_ns) {
    if (!told.announced) {
        told.announced = true;
        emit(model::EventAction::device_first_seen, {}, device, time_ns);
    }
    const KnownIdentity now = known_identity(device, config_);
    bool identified = take(told.known.maker, now.maker, "maker", told.changes);
    identified = take(told.known.os, now.os, "system", told.changes) || identified;
    identified = take(told.known.device_class, now.device_class, "class", told.changes) || identified;
    const bool certain = !told.known.maker.empty() || !told.known.os.empty();
    if (certain && !device.identity.model.empty() && device.identity.model != told.model) {
        if (!identified) told.changes.push_back("model " + model::readable(device.identity.model));
        told.model = device.identity.model;
    }
    if (identified) {
        emit(model::EventAction::device_identified, {}, device, time_ns);
    }
    if (told.changes.empty()) return;
    std::string message = model::label_of(*snapshots_.device(device)) + " has changed: ";
    for (std::size_t i = 0; i < told.changes.size(); ++i) message += (i == 0 ? "" : ", ") + told.changes[i];
    told.changes.clear();
    emit(model::EventAction::device_changed, std::move(message), device, time_ns);
}

void DeviceReports::emit(model::EventAction action, std::string message, const Device& device, std::int64_t time_ns) {
    model::Event event;
    event.action = action;
    event.time_ns = time_ns;
    event.message = std::move(message);
    event.device = snapshots_.device(device);
    event.device_last_seen_ns = device.last_seen_ns;
    outlet_.emit(std::move(event));
}

}  // namespace telltale::correlate
