// SPDX-License-Identifier: Apache-2.0
// Options for the analysis of traffic.
#include "sensor/app/config/option_binding.h"

namespace telltale::app {

std::vector<Option> tracking_options() {
    using enum OptionType;
    using enum Applies;
    return {
        number("tracking.flows", count, {1024, 4'194'304}, at_start,
               "Flows tracked per worker, about 300 bytes each. When the table is full, an idle flow is closed early.",
               TELLTALE_FIELD(tracking.flows)),
        number("tracking.interval", duration, {kSecond, kHour}, at_start,
               "How often bytes are reported per device and owner. Intervals start at multiples of this value.",
               TELLTALE_FIELD(tracking.interval_ns)),
        number("tracking.tcp_idle", duration, {kSecond, kDay}, at_start, "Idle time after which a TCP flow is closed.",
               TELLTALE_FIELD(tracking.tcp_idle_ns)),
        number("tracking.tcp_over_idle", duration, {kSecond, kDay}, at_start,
               "Idle time after which a TCP flow is closed once both sides sent FIN, or one sent RST.",
               TELLTALE_FIELD(tracking.tcp_over_idle_ns)),
        number("tracking.udp_idle", duration, {kSecond, kDay}, at_start, "Idle time after which a UDP flow is closed.",
               TELLTALE_FIELD(tracking.udp_idle_ns)),
        number("tracking.other_idle", duration, {kSecond, kDay}, at_start,
               "Idle time after which a flow of another protocol is closed.", TELLTALE_FIELD(tracking.other_idle_ns)),
        number("tracking.tunnels", count, {0, 8}, at_start,
               "How many nested tunnels are decoded: devices and bytes are those of the innermost packet. 0: the "
               "outermost "
               "addresses are the devices.",
               TELLTALE_FIELD(tracking.tunnels)),
        number("tracking.stream_buffers", count, {16, 65'534}, at_start,
               "TCP messages that a worker can reassemble at the same time.", TELLTALE_FIELD(tracking.stream_buffers)),
        number("tracking.stream_buffer_size", size, {4 * kKiB, 64 * kKiB}, at_start,
               "Memory per message. Longer messages are not read.", TELLTALE_FIELD(tracking.stream_buffer_bytes)),

        number("fragments.datagrams", count, {1, 4096}, at_start,
               "Incomplete datagrams kept at the same time, 67 KiB each. When all are in use, the oldest is dropped.",
               TELLTALE_FIELD(defragmenting.datagrams)),
        number("fragments.timeout", duration, {kSecond, 10 * kMinute}, at_start,
               "Time allowed between a datagram's first fragment and its last.",
               TELLTALE_FIELD(defragmenting.timeout_ns)),
    };
}

std::vector<Option> correlating_options() {
    using enum OptionType;
    using enum Applies;
    return {
        number("alerts.update_interval", duration, {kMinute, kDay}, on_reload,
               "Minimum time between two updates of an open alert whose count grows.",
               TELLTALE_FIELD(correlating.alert_update_ns)),

        number("limits.devices", count, {16, kMillion}, at_start, "Devices.", TELLTALE_FIELD(correlating.max_devices)),
        number("limits.addresses", count, {16, 8 * kMillion}, at_start, "Addresses of devices.",
               TELLTALE_FIELD(correlating.max_addresses)),
        number("limits.addresses_per_device", count, {1, 1024}, at_start, "Addresses per device; the newest are kept.",
               TELLTALE_FIELD(correlating.max_addresses_per_device)),
        number("limits.evidence_per_device", count, {4, 1024}, at_start,
               "Observations kept per device as evidence of its identity.",
               TELLTALE_FIELD(correlating.max_evidence_per_device)),
        number("limits.names", count, {1024, 8 * kMillion}, at_start, "Distinct host names.",
               TELLTALE_FIELD(correlating.max_names)),
        number("limits.dns_names", count, {1024, 8 * kMillion}, at_start,
               "Addresses that DNS answers named, counted per device.", TELLTALE_FIELD(correlating.max_dns_names)),
        number("limits.dns_names_per_device", count, {16, kMillion}, at_start,
               "The same per device; the newest are kept.", TELLTALE_FIELD(correlating.max_dns_names_per_device)),
        number("limits.ledger_rows", count, {1024, 8 * kMillion}, at_start,
               "Rows of the ledger per interval: device, owner and category. Bytes beyond that are added to rows "
               "without a device.",
               TELLTALE_FIELD(correlating.max_ledger_rows)),
        number("limits.contacts", count, {1024, 8 * kMillion}, at_start, "Pairs of a device and a destination.",
               TELLTALE_FIELD(correlating.max_contacts)),
        number("limits.contacts_per_device", count, {16, kMillion}, at_start, "Destinations per device.",
               TELLTALE_FIELD(correlating.max_contacts_per_device)),
        number("limits.alerts", count, {16, kMillion}, at_start, "Open alerts.",
               TELLTALE_FIELD(correlating.max_alerts)),
    };
}

}  // namespace telltale::app
