// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/arp/arp.h"

namespace telltale::extract::arp {

using model::Field;

Sniff sniff(const Message& message) {
    const model::PacketView& packet = *message.packet;
    return packet.source.specified() && packet.arp_sender_mac.known() ? Sniff::yes : Sniff::no;
}

Parsed parse(const Message& message, MessageProgress&, model::RecordWriter& record) {
    const model::PacketView& packet = *message.packet;
    record.put(Field::client_mac, base::Bytes(packet.arp_sender_mac.bytes));
    record.put(Field::ip_address, packet.source.raw());
    record.put_number(Field::operation, packet.arp_operation);
    return done(1, false);
}

}  // namespace telltale::extract::arp
