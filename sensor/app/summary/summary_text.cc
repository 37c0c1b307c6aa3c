// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>

#include "sensor/app/setup/utc_text.h"
#include "sensor/app/summary/summary_state.h"
#include "sensor/app/summary/text_table.h"
#include "sensor/base/clock.h"

namespace telltale::app {
namespace {

using State = Summary::State;

// Rows that a person reads at a glance; the JSON format has all of them.
constexpr std::size_t kMaxDeviceRows = 40;
constexpr std::size_t kMaxOwnerRows = 40;
constexpr std::size_t kMaxAlertRows = 30;
constexpr std::size_t kMaxUnknownNames = 12;
constexpr std::string_view kNoteIndent = "    ";
constexpr std::size_t kMaxWarnings = 20;

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
    return grouped(number) + " " + std::string(number == 1 ? one : many);
}

std::string span_of_time(std::int64_t span_ns) {
    const std::int64_t seconds = span_ns / base::kSecondNs;
    char text[64];
    if (seconds < 1) {
        std::snprintf(text, sizeof text, "%lld ms", static_cast<long long>(span_ns / 1'000'000));
    } else if (seconds < 120) {
        std::snprintf(text, sizeof text, "%.1f s", static_cast<double>(span_ns) / 1e9);
    } else if (seconds < 2 * 3600) {
        std::snprintf(text, sizeof text, "%lld min", static_cast<long long>((seconds + 30) / 60));
    } else if (seconds < 48 * 3600) {
        std::snprintf(text, sizeof text, "%.1f h", static_cast<double>(seconds) / 3600);
    } else {
        std::snprintf(text, sizeof text, "%.1f days", static_cast<double>(seconds) / 86400);
    }
    return text;
}

void heading(std::string& out, std::string_view title, std::string_view remark = {}) {
    if (!out.empty()) out += '\n';
    out += title;
    if (!remark.empty()) {
        out += "  ";
        out += remark;
    }
    out += '\n';
}

// Returns "    with a, b, c, +4 more": as many items as fit, at least one. Empty without items.
std::string list_note(std::string_view lead, const std::vector<std::string>& items, std::size_t width) {
    if (items.empty()) return {};
    std::string note = std::string(kNoteIndent) + std::string(lead) + items.front();
    for (std::size_t i = 1; i < items.size(); ++i) {
        const std::string rest = ", +" + grouped(items.size() - i) + " more";
        const std::size_t room = i + 1 < items.size() ? std::string(", +999 more").size() : 0;
        if (display_width(note) + 2 + display_width(items[i]) + room > width) return note + rest;
        note += ", " + items[i];
    }
    return note;
}

void paragraph(std::string& out, std::string_view text, std::size_t width, std::string_view indent = "  ") {
    for (const std::string& line : wrap(text, width - indent.size())) {
        out += indent;
        out += line;
        out += '\n';
    }
}

std::uint64_t owner_count(const State& state) {
    std::uint64_t count = 0;
    for (const auto& [id, row] : state.owners) count += model::is_reserved_owner(id) ? 0U : 1U;
    return count;
}

void write_headline(std::string& out, const State& state, const SessionFigures& figures, std::size_t width) {
    std::string title = "TELLTALE";
    if (figures.inputs.size() == 1) title += "  " + shown(figures.inputs.front());
    if (figures.inputs.size() > 1) title += "  " + counted(figures.inputs.size(), "file", "files");
    out += fit(title, width);
    out += '\n';
    if (figures.last_ns != 0) {
        const std::string first = utc_text(figures.first_ns);
        std::string last = utc_text(figures.last_ns);
        constexpr std::size_t kDate = 11;
        if (first.compare(0, kDate, last, 0, kDate) == 0) last.erase(0, kDate);
        out += "  " + first + " to " + last + " UTC, " + span_of_time(figures.last_ns - figures.first_ns) + "\n";
    }
    const Traffic outside = state.outside();
    const Traffic unattributed = state.owner_traffic(model::kOwnerUnattributed);
    std::string answer = counted(state.devices.size(), "device", "devices") + " sent " + byte_size(outside.up) +
                         " out of the network and received " + byte_size(outside.down) + ".";
    if (outside.both() > 0) {
        answer += " " + share(outside.both() - unattributed.both(), outside.both()) + " of that is attributed to " +
                  counted(owner_count(state), "owner", "owners") + ".";
    }
    if (!state.alerts.empty()) answer += " " + counted(state.alerts.size(), "alert", "alerts") + ".";
    paragraph(out, answer, width);
}

void write_alerts(std::string& out, const State& state, std::size_t width) {
    if (state.alerts.empty()) return;
    heading(out, "ALERTS", "(" + grouped(state.alerts.size()) + ")");
    const std::vector<const AlertRow*> rows = sorted(state.alerts);
    for (std::size_t i = 0; i < rows.size() && i < kMaxAlertRows; ++i) {
        const model::Alert& alert = rows[i]->alert;
        std::string severity(to_string(alert.severity));
        severity.resize(10, ' ');
        const std::string times = alert.count > 1 ? "  x" + grouped(alert.count) : "";
        const std::string_view name = alert.policy_name.empty() ? alert.policy_id : alert.policy_name;
        out += "  " + severity + fit(shown(name), width - 12 - times.size()) + times + "\n";
        const std::string& reason = alert.reason.empty() ? alert.description : alert.reason;
        paragraph(out, shown(reason), width, std::string(12, ' '));
    }
    if (rows.size() > kMaxAlertRows) {
        out += "  and " + counted(rows.size() - kMaxAlertRows, "more alert", "more alerts") + "\n";
    }
}

std::string maker_cell(const model::DeviceView& device) {
    if (device.maker_name.empty()) return "unknown";
    char number[16];
    std::snprintf(number, sizeof number, "%.2f", device.confidence);
    return shown(device.maker_name) + ", " + std::string(confidence_word(device.confidence)) + " (" + number + ")";
}

std::string system_cell(const model::DeviceView& device) {
    std::string cell;
    const auto add = [&](const std::string& text) {
        if (!text.empty()) cell += (cell.empty() ? "" : ", ") + shown(text);
    };
    if (device.model != device.host_name) add(device.model);
    const std::string os = os_name(device.os);
    add(os.empty() || device.os_version.empty() ? os : os + " " + device.os_version);
    if (cell.empty()) add(device.device_class);
    return cell.empty() ? "-" : cell;
}

void add_device_notes(TextTable& table, const State& state, const DeviceRow& row, std::size_t width) {
    const model::DeviceView& device = *row.device;
    std::vector<std::string> items;
    for (const model::IpAddress& ip : device.addresses) items.push_back(model::to_string(ip));
    if (!device.macs.empty()) {
        items.insert(items.begin(), model::to_string(device.macs.front()) + (device.mac_randomized ? " (random)" : ""));
    }
    table.add_note(list_note("", items, width));
    items.clear();
    for (const model::Evidence& evidence : device.evidence) {
        std::string source = evidence_words(evidence.source);
        if (std::find(items.begin(), items.end(), source) == items.end()) items.push_back(std::move(source));
    }
    table.add_note(list_note("known by ", items, width));
    items.clear();
    for (const auto& [owner_id, traffic] : sorted(row.owners)) {
        items.push_back(owner_label(state, owner_id) + " " + byte_size(traffic->both()));
    }
    table.add_note(list_note("with ", items, width));
}

void write_devices(std::string& out, const State& state, std::size_t width) {
    if (state.devices.size() == 0) return;
    heading(out, "DEVICES", "(" + grouped(state.devices.size()) + ", most bytes first)");
    TextTable table({{"name", Align::left, 10},
                     {"maker", Align::left, 10},
                     {"model, system", Align::left, 8},
                     {"sent", Align::right},
                     {"received", Align::right}});
    const auto rows = sorted(state.devices);
    for (std::size_t i = 0; i < rows.size() && i < kMaxDeviceRows; ++i) {
        const DeviceRow& row = *rows[i].second;
        table.add_row({device_name(*row.device), maker_cell(*row.device), system_cell(*row.device),
                       byte_size(row.traffic.up), byte_size(row.traffic.down)});
        add_device_notes(table, state, row, width);
    }
    table.render(width, out);
    if (rows.size() <= kMaxDeviceRows) return;
    Traffic rest;
    for (std::size_t i = kMaxDeviceRows; i < rows.size(); ++i) rest += rows[i].second->traffic;
    out += "  and " + counted(rows.size() - kMaxDeviceRows, "more device", "more devices") + " that sent " +
           byte_size(rest.up) + " and received " + byte_size(rest.down) + "\n";
}

void add_owner_notes(TextTable& table, const OwnerRow& row, std::size_t width) {
    std::vector<std::string> items;
    for (const auto& [category, traffic] : sorted(row.categories)) {
        std::string name = shown(category);
        std::replace(name.begin(), name.end(), '_', ' ');
        items.push_back(name + " " + byte_size(traffic->both()));
    }
    table.add_note(list_note("for ", items, width));
    items.clear();
    for (const std::string_view name : sorted(row.names)) items.push_back(shown(name));
    table.add_note(list_note("at ", items, width));
}

std::string hosting_cell(const OwnerRow& row) {
    std::string cell;
    if (row.hosting_countries.size() == 1) return country_name(*row.hosting_countries.begin());
    for (const std::string& country : row.hosting_countries) cell += (cell.empty() ? "" : " ") + shown(country);
    return cell;
}

void write_owners(std::string& out, const State& state, std::size_t width) {
    std::vector<std::pair<std::string_view, const OwnerRow*>> rows;
    bool hosted = false;
    for (const auto& row : sorted(state.owners)) {
        if (model::is_reserved_owner(row.first)) continue;
        rows.push_back(row);
        hosted |= !row.second->hosting_countries.empty();
    }
    if (rows.empty()) return;
    heading(out, "OWNERS", "who gets the data (" + grouped(rows.size()) + ", most bytes first)");
    std::vector<TextTable::Column> columns = {{"owner", Align::left, 8},
                                              {"controlled from", Align::left, 7},
                                              {"devices", Align::right},
                                              {"sent to", Align::right},
                                              {"got from", Align::right}};
    if (hosted) columns.insert(columns.begin() + 2, {"hosted in", Align::left, 6});
    TextTable table(std::move(columns));
    Traffic rest;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& [id, row] = rows[i];
        if (i >= kMaxOwnerRows) {
            rest += row->traffic;
            continue;
        }
        std::vector<std::string> cells = {owner_label(state, id), country_name(row->country),
                                          grouped(row->devices.size()), byte_size(row->traffic.up),
                                          byte_size(row->traffic.down)};
        if (hosted) cells.insert(cells.begin() + 2, hosting_cell(*row));
        table.add_row(std::move(cells));
        add_owner_notes(table, *row, width);
    }
    table.render(width, out);
    if (rows.size() <= kMaxOwnerRows) return;
    out += "  and " + counted(rows.size() - kMaxOwnerRows, "more owner", "more owners") + " that got " +
           byte_size(rest.up) + " and sent " + byte_size(rest.down) + "\n";
}

void write_unattributed(std::string& out, const State& state, std::size_t width) {
    const OwnerRow* row = state.owner(model::kOwnerUnattributed);
    const std::int64_t outside = state.outside().both();
    if (row == nullptr || row->traffic.both() <= 0) return;
    const std::int64_t all = row->traffic.both();
    heading(out, "NOT ATTRIBUTED", byte_size(all) + ", " + share(all, outside) + " of outside traffic");
    TextTable table({{"", Align::left, 20}, {"", Align::right}, {"", Align::right}});
    std::vector<std::pair<std::int64_t, model::UnattributedCause>> causes;
    std::int64_t told = 0;
    for (const auto cause : base::enumerators<model::UnattributedCause>()) {
        if (cause == model::UnattributedCause::none) continue;
        if (state.causes[cause] != 0) causes.emplace_back(-state.causes[cause], cause);
        told += state.causes[cause];
    }
    std::sort(causes.begin(), causes.end());
    if (told < all) causes.emplace_back(told - all, model::UnattributedCause::none);
    for (const auto& [bytes, cause] : causes) {
        table.add_row({std::string(model::kCauseHeading[cause]), byte_size(-bytes), share(-bytes, outside)});
    }
    table.render(width, out);
    const std::vector<std::string_view> names = sorted(row->names);
    if (names.empty()) return;
    std::string text = "names without a known owner: ";
    for (std::size_t i = 0; i < names.size() && i < kMaxUnknownNames; ++i) {
        text += (i == 0 ? "" : ", ") + fit(shown(names[i]), 60);
    }
    if (names.size() > kMaxUnknownNames) text += " and " + grouped(names.size() - kMaxUnknownNames) + " more";
    paragraph(out, text, width);
}

void write_elsewhere(std::string& out, const State& state, std::size_t width) {
    TextTable table({{"", Align::left, 12}, {"sent", Align::right}, {"received", Align::right}});
    bool any = false;
    for (const auto reserved : base::enumerators<model::ReservedOwner>()) {
        if (reserved == model::ReservedOwner::unattributed) continue;  // has a section of its own
        const std::string_view id = to_string(reserved);
        const OwnerRow* row = state.owner(id);
        if (row == nullptr || row->traffic.both() == 0) continue;
        table.add_row({owner_label(state, id), byte_size(row->traffic.up), byte_size(row->traffic.down)});
        any = true;
    }
    if (!any) return;
    heading(out, "DID NOT LEAVE, OR IS NOT OURS");
    table.render(width, out);
}

void write_footer(std::string& out, const State& state, const SessionFigures& figures, std::size_t width) {
    std::string text;
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    if (figures.frames != 0) add(counted(figures.frames, "frame", "frames"));
    if (figures.packets != 0) add(grouped(figures.packets) + " with IP");
    if (figures.flows != 0) add(counted(figures.flows, "flow", "flows"));
    if (figures.bytes != 0) add(byte_size(static_cast<std::int64_t>(figures.bytes)) + " of IP");
    if (figures.malformed != 0) add(grouped(figures.malformed) + " malformed");
    if (figures.snapped != 0) add(grouped(figures.snapped) + " cut by the capture");
    if (figures.records_dropped != 0) add(grouped(figures.records_dropped) + " records dropped");
    if (figures.elapsed_s > 0) add("read in " + span_of_time(static_cast<std::int64_t>(figures.elapsed_s * 1e9)));
    if (!text.empty()) {
        heading(out, "TOTALS");
        paragraph(out, text, width);
    }
    if (figures.warnings.empty() && state.not_listed == 0) return;
    heading(out, "WARNINGS", "(" + grouped(figures.warnings.size() + (state.not_listed != 0 ? 1 : 0)) + ")");
    for (std::size_t i = 0; i < figures.warnings.size() && i < kMaxWarnings; ++i) {
        paragraph(out, shown(figures.warnings[i]), width);
    }
    if (figures.warnings.size() > kMaxWarnings) {
        out += "  and " + grouped(figures.warnings.size() - kMaxWarnings) + " more\n";
    }
    if (state.not_listed != 0) {
        paragraph(out, counted(state.not_listed, "event", "events") + " beyond what this summary can list", width);
    }
}

}  // namespace

std::string Summary::text(const SessionFigures& figures, std::size_t width) const {
    width = std::clamp(width, kMinWidth, kMaxWidth);
    std::string out;
    write_headline(out, *state_, figures, width);
    write_alerts(out, *state_, width);
    write_devices(out, *state_, width);
    write_owners(out, *state_, width);
    write_unattributed(out, *state_, width);
    write_elsewhere(out, *state_, width);
    write_footer(out, *state_, figures, width);
    return out;
}

}  // namespace telltale::app
