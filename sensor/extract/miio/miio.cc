// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/miio/miio.h"

namespace telltale::extract::miio {
namespace {

constexpr std::uint16_t kPort = 54321, kMagic = 0x2131;
constexpr std::size_t kHeaderBytes = 32;
constexpr std::uint32_t kNoDevice = 0xffffffff;

}  // namespace

Sniff sniff(const Message& message) {
    base::ByteReader reader(message.bytes);
    std::uint16_t magic = 0, size = 0;
    if (message.source_port != kPort && message.destination_port != kPort) return Sniff::no;
    if (!reader.read_u16(magic) || magic != kMagic || !reader.read_u16(size) || size < kHeaderBytes) return Sniff::no;
    return message.cut || size == message.bytes.size() ? Sniff::yes : Sniff::no;
}

Parsed parse(const Message& message, MessageProgress&, model::RecordWriter& record) {
    base::ByteReader reader(message.bytes);
    std::uint16_t size = 0;
    std::uint32_t device = 0;
    if (!reader.skip(2) || !reader.read_u16(size) || !reader.skip(4) || !reader.read_u32(device)) {
        return malformed(Malformed::short_header);
    }
    record.put_number(model::Field::hello, size == kHeaderBytes ? 1 : 0);
    if (device != kNoDevice) record.put_number(model::Field::device_number, device);
    return done(message.bytes.size(), false);
}

}  // namespace telltale::extract::miio
