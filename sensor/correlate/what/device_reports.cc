// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/device_reports.h"

#include <utility>

#include "sensor/model/readable.h"
#include "sensor/model/sentence.h"

namespace telltale::correlate {
namespace {

// Adopts what is newly known. True for the first value; a later one is added to the changes.
bool take(std::string& known, const std::string& now, std::string_view what, std::vector<std::string>& changes) {
    if (now.empty() || now == known) return false;
    const bool first = known.empty();
    if (!first)
        changes.push_back(std::string(what) + " " + model::readable(now) + " instead of " + model::readable(known));
    known = now;
    return first;
}

}  // namespace

void DeviceReports::note(Profile& profile, std::uint64_t sequence) {
    Profile::Reported& reported = profile.reported;
    if (reported.pending) return;
    reported.pending = true;
    reported.first_change = sequence;
    pending_.push_back(&profile);
}

void DeviceReports::flush(Profile& profile, std::int64_t time_ns) {
    if (!profile.reported.pending) return;
    profile.reported.pending = false;
    report(profile, time_ns);
}

void DeviceReports::flush_all(std::int64_t time_ns) {
    for (Profile* const profile : pending_) flush(*profile, time_ns);
    pending_.clear();
}

void DeviceReports::report(Profile& profile, std::int64_t time_ns) {
    Profile::Reported& reported = profile.reported;
    if (!reported.announced) {
        reported.announced = true;
        emit(model::EventAction::device_first_seen, {}, profile, time_ns);
    }
    const KnownIdentity now = known_identity(profile.identity, identified_confidence_);
    bool identified = take(reported.known.maker, now.maker, "maker", reported.changes);
    identified = take(reported.known.os, now.os, "system", reported.changes) || identified;
    identified = take(reported.known.device_class, now.device_class, "class", reported.changes) || identified;
    const bool certain = !reported.known.maker.empty() || !reported.known.os.empty();
    if (certain && !profile.identity.model.empty() && profile.identity.model != reported.model) {
        if (!identified) reported.changes.push_back("model " + model::readable(profile.identity.model));
        reported.model = profile.identity.model;
    }
    if (identified) {
        emit(model::EventAction::device_identified, {}, profile, time_ns);
    }
    if (reported.changes.empty()) return;
    std::string message = model::label_of(*parts_.device(profile)) + " has changed: ";
    for (std::size_t i = 0; i < reported.changes.size(); ++i) message += (i == 0 ? "" : ", ") + reported.changes[i];
    reported.changes.clear();
    emit(model::EventAction::device_changed, std::move(message), profile, time_ns);
}

void DeviceReports::emit(model::EventAction action, std::string message, Profile& profile, std::int64_t time_ns) {
    model::Event event;
    event.action = action;
    event.time_ns = time_ns;
    event.message = std::move(message);
    event.device = parts_.device(profile);
    event.device_last_seen_ns = profile.last_seen_ns;
    rows_.report(profile, event);
    outlet_.emit(profile.reported.first_change, std::move(event));
}

}  // namespace telltale::correlate
