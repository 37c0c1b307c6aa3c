// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/extractors.h"

#include <algorithm>
#include <array>

#include "sensor/extract/proxy_header.h"
#include "sensor/extract/workspace.h"

namespace telltale::extract {
namespace {

// Starts in a row that no protocol knows, after which a direction is given up. Mail, chat and remote desktop protocols
// talk a few segments before they start TLS.
constexpr unsigned kMaxMisses = 32;
constexpr unsigned kMaxDatagramMisses = 4;

// Upper bound on messages read per call: pipelined requests are tens of bytes long.
constexpr std::size_t kMaxMessagesPerCall = 512;

// The protocols over a transport, in the registry's order.
struct Candidates {
    std::array<std::uint8_t, kProtocolCount> protocols{};
    std::size_t count = 0;
};
constexpr base::EnumArray<Transport, Candidates> kCandidates = [] {
    base::EnumArray<Transport, Candidates> all;
    for (std::size_t i = 0; i < kProtocolCount; ++i) {
        Candidates& its = all[kProtocols[i].transport];
        its.protocols[its.count++] = static_cast<std::uint8_t>(i);
    }
    return all;
}();

}  // namespace

Extractors::Extractors() : workspace_(std::make_unique<Workspace>()) {}
Extractors::~Extractors() = default;
Extractors::Extractors(Extractors&&) noexcept = default;

Extractors::Found Extractors::find(Transport transport, const Message& message) const {
    Found found;
    const Candidates& candidates = kCandidates[transport];
    for (std::size_t i = 0; i < candidates.count; ++i) {
        const std::size_t protocol = candidates.protocols[i];
        const Sniff sniff = kProtocols[protocol].sniff(message);
        if (sniff == Sniff::no) continue;
        found = {sniff, protocol};
        if (sniff != Sniff::need_more) break;
    }
    return found;
}

Parsed Extractors::read(std::size_t protocol, const Message& message, MessageProgress& progress,
                        const model::RecordHeader& origin, model::RecordBuffer& out) {
    ProtocolCounters& counters = counters_.protocols[protocol];
    model::RecordHeader header = origin;
    header.kind = kProtocols[protocol].kind;
    model::RecordWriter record(out, header);
    Parsed parsed = kProtocols[protocol].parse(message, progress, *workspace_, record);
    switch (parsed.outcome) {
        case Outcome::done:
            ++counters.done;
            if (message.cut && record.truncated()) ++counters.cut;
            break;
        case Outcome::need_more: ++counters.need_more; break;
        case Outcome::not_mine: ++counters.not_mine; break;
        case Outcome::malformed: ++counters.malformed[parsed.reason]; break;
    }
    const bool worth =
        (parsed.outcome == Outcome::done && !parsed.silent) || (parsed.outcome == Outcome::malformed && parsed.partial);
    parsed.recorded = worth && record.commit();
    if (worth && !parsed.recorded) ++counters.lost;
    parsed.named = parsed.named && parsed.recorded;
    if (parsed.own != nullptr) counters_.count_own(protocol, *parsed.own);
    return parsed;
}

DatagramVerdict Extractors::datagram(const model::RecordHeader& origin, const model::PacketView& packet,
                                     ExtractState& state, model::RecordBuffer& out) {
    ExtractState::Side& side = state.sides[static_cast<std::size_t>(origin.direction)];
    if (side.finished != 0 || !packet.has_ports || packet.payload.empty()) return {};
    // The rest of a fragmented datagram is in frames of their own.
    const Message message{packet.payload, packet.payload_cut() || packet.fragment, packet.source_port,
                          packet.destination_port, &packet};
    if (side.protocol == 0) {
        const Found found = find(Transport::udp, message);
        if (found.sniff != Sniff::yes) {
            if (found.sniff == Sniff::no) return leave(side, {});
            side.finished = 1;
            ++counters_.protocols[found.protocol].finished;
            return {};
        }
        side.protocol = static_cast<std::uint8_t>(found.protocol + 1);
        side.progress = {};
    }
    const Parsed parsed = read(side.protocol - 1U, message, side.progress, origin, out);
    if (parsed.outcome == Outcome::need_more) return {};
    side.protocol = 0;
    side.progress = {};
    if (parsed.last) side.finished = 1;
    if (parsed.silent) return {};
    if (!parsed.recorded) return leave(side, {});
    side.known = 1;
    return {.record = true, .named = parsed.named};
}

// A flow may begin with a datagram that is broken; what several are not, the later ones are not either.
DatagramVerdict Extractors::leave(ExtractState::Side& side, DatagramVerdict verdict) {
    verdict.unknown = side.misses == 0;
    if (++side.misses == kMaxDatagramMisses) side.finished = 1;
    return verdict;
}

bool Extractors::knows(Transport transport, const model::PacketView& packet) const {
    const Message message{packet.payload, packet.payload_cut(), 0, 0, &packet};
    return find(transport, message).sniff == Sniff::yes;
}

bool Extractors::packet(const model::RecordHeader& origin, Transport transport, const model::PacketView& packet,
                        model::RecordBuffer& out) {
    const Message message{packet.payload, packet.payload_cut() || packet.fragment, packet.source_port,
                          packet.destination_port, &packet};
    const Found found = find(transport, message);
    if (found.sniff != Sniff::yes) return false;
    MessageProgress progress;
    return read(found.protocol, message, progress, origin, out).recorded;
}

StreamVerdict Extractors::leave(ExtractState::Side& side, bool missed, bool named) {
    side.protocol = 0;
    side.start = 0;
    side.progress = {};
    if (missed && side.known == 0 && ++side.misses >= kMaxMisses) {
        side.finished = 1;
        ++counters_.dispatch.unknown_streams;
        return {StreamVerdict::Demand::finished, named};
    }
    return {StreamVerdict::Demand::next_message, named};
}

StreamVerdict Extractors::stream(const model::RecordHeader& origin, base::Bytes contiguous, bool cut,
                                 ExtractState& state, model::RecordBuffer& out) {
    using Demand = StreamVerdict::Demand;
    ExtractState::Side& side = state.sides[static_cast<std::size_t>(origin.direction)];
    if (side.finished != 0) return {Demand::finished, false};
    if (contiguous.size() >= kMaxStreamBytes) {
        contiguous = contiguous.first(kMaxStreamBytes);
        cut = true;
    }
    bool named = false;
    for (std::size_t messages = 0; messages < kMaxMessagesPerCall; ++messages) {
        const std::size_t start = std::min<std::size_t>(side.start, contiguous.size());
        const Message message{contiguous.subspan(start), cut, origin.source_port(), origin.destination_port(), nullptr};
        if (message.bytes.empty()) break;
        if (side.protocol == 0 && start == 0 && side.known == 0 && side.misses == 0) {
            const auto header = proxy_header_bytes(message);
            if (!header) return {Demand::more, named};
            side.start = static_cast<std::uint16_t>(*header);
            if (*header != 0) continue;
        }
        if (side.protocol == 0) {
            const Found found = find(Transport::tcp, message);
            if (found.sniff == Sniff::need_more) return {Demand::more, named};
            if (found.sniff == Sniff::no) return leave(side, start == 0, named);
            if (found.sniff == Sniff::finished) {
                side.finished = 1;
                ++counters_.protocols[found.protocol].finished;
                return {Demand::finished, named};
            }
            side.protocol = static_cast<std::uint8_t>(found.protocol + 1);
            side.progress = {};
        }
        const Parsed parsed = read(side.protocol - 1U, message, side.progress, origin, out);
        if (parsed.outcome == Outcome::need_more) return {Demand::more, named};
        named = named || parsed.named;
        if (parsed.outcome != Outcome::done) return leave(side, true, named);
        side.known = 1;
        side.protocol = 0;
        side.progress = {};
        side.start = static_cast<std::uint16_t>(start + parsed.used);
        if (!parsed.last) continue;
        side.finished = 1;
        return {Demand::finished, named};
    }
    return leave(side, false, named);
}

}  // namespace telltale::extract
