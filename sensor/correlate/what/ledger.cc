// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/ledger.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "sensor/base/packet_clock.h"

namespace telltale::correlate {

Ledger::Party Ledger::party_of(const FlowState& flow, const Attribution& attribution) {
    return {flow.device, attribution.owner, static_cast<std::uint64_t>(attribution.category)};
}

void Ledger::add(FlowState& flow, const model::FlowDelta& delta) {
    const Attribution& attribution = flow.attribution;
    const Party party = party_of(flow, attribution);
    // Counted from its first delta to its final one; not at all when that is the same.
    const bool joins = !flow.in_open_count && !delta.final;
    if (flow.in_open_count && delta.final) leave_open(flow, party);
    const std::uint64_t packets = delta.packets[0] + delta.packets[1];
    const std::uint64_t bytes = delta.bytes[0] + delta.bytes[1];
    if (packets == 0 && bytes == 0) {
        if (joins) join_open(flow, open_flows_[party]);
        return;
    }
    counters_.bytes += bytes;

    Row& row =
        row_of({delta.interval_start_ns, party.device, party.owner, static_cast<std::uint32_t>(party.category), 0});
    if (joins) join_open(flow, row.party == party ? *row.open : open_flows_[party]);
    const auto up = static_cast<std::size_t>(flow.up);
    row.figures.bytes_up += delta.bytes[up];
    row.figures.bytes_down += delta.bytes[1 - up];
    row.figures.packets_up += delta.packets[up];
    row.figures.packets_down += delta.packets[1 - up];
    if (kClearOf[flow.application] == Clear::yes) row.figures.cleartext_bytes += bytes;
    note_name(row, flow, attribution.name);

    const bool counted = flow.counted_interval_ns == delta.interval_start_ns && flow.counted_owner == attribution.owner;
    flow.counted_interval_ns = delta.interval_start_ns;
    flow.counted_owner = attribution.owner;
    if (!counted) {
        ++row.figures.flows;
        if (flow.names.ech) ++row.figures.ech_flows;
    }
    if (!attribution.attributed()) {
        auto& cause = row.causes[attribution.cause];
        cause.bytes += bytes;
        if (!counted) ++cause.flows;
        for (std::size_t way = 0; way < 2; ++way) {
            flow.unnamed_packets[way] += delta.packets[way];
            flow.unnamed_bytes[way] += delta.bytes[way];
        }
    }
}

void Ledger::reattribute(FlowState& flow, const Attribution& before, std::int64_t now_ns) {
    if (flow.in_open_count) {
        leave_open(flow, party_of(flow, before));
        join_open(flow, open_flows_[party_of(flow, flow.attribution)]);
    }
    const std::uint64_t bytes = flow.unnamed_bytes[0] + flow.unnamed_bytes[1];
    if (bytes == 0 && flow.unnamed_packets[0] + flow.unnamed_packets[1] == 0) return;
    ++counters_.flows_late;
    const auto up = static_cast<std::size_t>(flow.up);
    auto move = [&](const Attribution& attribution, std::uint64_t sign) -> Row& {
        Row& row = row_of({base::floor_to(now_ns, config_.interval_ns), flow.device, attribution.owner,
                           static_cast<std::uint32_t>(attribution.category), 1});
        row.figures.late = true;
        row.figures.bytes_up += sign * flow.unnamed_bytes[up];
        row.figures.bytes_down += sign * flow.unnamed_bytes[1 - up];
        row.figures.packets_up += sign * flow.unnamed_packets[up];
        row.figures.packets_down += sign * flow.unnamed_packets[1 - up];
        note_name(row, flow, attribution.name);
        return row;
    };
    constexpr std::uint64_t kMinusOne = ~std::uint64_t{0};
    move(before, kMinusOne).causes[before.cause].bytes -= bytes;
    move(flow.attribution, 1);
    flow.unnamed_bytes = {};
    flow.unnamed_packets = {};
}

void Ledger::note_name(Row& row, const FlowState& flow, NameId name) const {
    row.applications |= 1U << static_cast<unsigned>(flow.application);
    if (name == kNoName) return;
    // The smallest ones: which they are does not depend on the order of the deltas.
    row.domains.insert(names_.text(name));
    if (row.domains.size() > model::kMaxTransferDomains) row.domains.erase(std::prev(row.domains.end()));
}

void Ledger::join_open(FlowState& flow, std::uint64_t& open) {
    if (open++ == 0) ++parties_open_;
    flow.in_open_count = true;
    flow.open = &open;
    flow.open_epoch = epoch_;
}

void Ledger::leave_open(FlowState& flow, const Party& party) {
    std::uint64_t& open = flow.open_epoch == epoch_ ? *flow.open : open_flows_[party];
    if (open != 0 && --open == 0) --parties_open_;
    flow.in_open_count = false;
}

// Parties whose flows have all ended stay where they are: most come back. When they are most of the table they go.
void Ledger::forget_closed() {
    constexpr std::size_t kWorthIt = 4096;
    if (open_flows_.size() < kWorthIt + 4 * parties_open_) return;
    std::vector<std::pair<Party, std::uint64_t>> open;
    for (const auto& [party, flows] : open_flows_) {
        if (flows != 0) open.emplace_back(party, flows);
    }
    open_flows_.clear();
    ++epoch_;
    for (const auto& [party, flows] : open) open_flows_[party] = flows;
    for (auto& [key, row] : rows_) row.open = &open_flows_[row.party];
}

Ledger::Row& Ledger::row_of(RowKey key) {
    if (Row* const found = rows_.find(key); found != nullptr) return *found;
    if (rows_.size() >= config_.max_rows && key.device != kNoDevice) {
        // Rows without a device are as many as owners and categories: these are not capped.
        ++counters_.ledger_rows_folded;
        key.device = kNoDevice;
    }
    Row& row = rows_[key];
    row.party = {key.device, key.owner, key.category};
    row.open = &open_flows_[row.party];
    return row;
}

model::Transfer Ledger::finished(const RowKey& key, Row& row, std::int64_t end_ns, bool last) const {
    model::Transfer transfer = std::move(row.figures);
    transfer.start_ns = key.interval_ns;
    transfer.end_ns = key.interval_ns + config_.interval_ns;
    if (last) transfer.end_ns = std::clamp(end_ns, transfer.start_ns, transfer.end_ns);
    transfer.domains.assign(row.domains.begin(), row.domains.end());
    for (const Application application : base::enumerators<Application>()) {
        const bool seen = (row.applications & (1U << base::index_of(application))) != 0;
        if (seen) transfer.protocols.emplace_back(to_string(application));
    }
    std::sort(transfer.protocols.begin(), transfer.protocols.end());
    for (const auto cause : base::enumerators<model::UnattributedCause>()) {
        model::Transfer::Unattributed& why = row.causes[cause];
        if (why.bytes == 0 && why.flows == 0) continue;
        why.cause = cause;
        transfer.unattributed.push_back(why);
    }
    transfer.final = last || *row.open == 0;
    return transfer;
}

void Ledger::close(std::int64_t end_ns, bool last, const Report& report) {
    std::vector<std::pair<RowKey, Row*>> due;
    for (auto& [key, row] : rows_) {
        if (last || key.interval_ns < end_ns) due.emplace_back(key, &row);
    }
    std::sort(due.begin(), due.end(), [this](const auto& left, const auto& right) {
        const RowKey& l = left.first;
        const RowKey& r = right.first;
        return std::make_tuple(l.interval_ns, l.device, owner_id(bundle_, l.owner), l.category, l.late) <
               std::make_tuple(r.interval_ns, r.device, owner_id(bundle_, r.owner), r.category, r.late);
    });
    for (auto& [key, row] : due) {
        ++counters_.ledger_rows;
        report(key, finished(key, *row, end_ns, last));
    }
    if (due.size() == rows_.size()) {
        rows_.clear();
    } else if (!due.empty()) {
        std::vector<std::pair<RowKey, Row>> later;
        for (auto& [key, row] : rows_) {
            if (key.interval_ns >= end_ns) later.emplace_back(key, std::move(row));
        }
        rows_.clear();
        for (auto& [key, row] : later) rows_.try_emplace(key, std::move(row));
    }
    forget_closed();
}

}  // namespace telltale::correlate
