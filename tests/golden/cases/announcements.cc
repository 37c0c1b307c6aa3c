// SPDX-License-Identifier: Apache-2.0
// What the phone says of itself in single packets.
#include "tests/golden/cases/cases.h"
#include "tests/support/dhcpv6_message.h"

namespace telltale::support::golden {
namespace {

const Mac kAllNodes = "33:33:00:00:00:01";
const Ip kPhoneLinkLocal = "fe80::66cc:2eff:fe10:2030";
const Bytes kPhoneMac = {0x64, 0xcc, 0x2e, 0x10, 0x20, 0x30};

TimedFrame datagram(const Ip& to, std::uint16_t source, std::uint16_t destination, const Bytes& message) {
    return Packet()
        .ethernet(kPhone, kAllNodes)
        .ip(kPhoneLinkLocal, to)
        .udp(source, destination)
        .payload(message)
        .at(kStart)
        .frame();
}

}  // namespace

static Frames dhcpv6_case() {
    Dhcpv6Message message(1, 0x1234);
    message.client(kPhoneMac).wants({23, 24, 39, 31}).vendor_class(311, "MSFT 5.0");
    return {datagram("ff02::1:2", 546, 547, message.bytes()), datagram("ff02::1:2", 546, 547, message.relayed())};
}
static const Case kDhcpv6{"dhcpv6", dhcpv6_case};

static Frames ssdp_case() {
    return {
        datagram("ff02::c", 50000, 1900,
                 to_bytes("M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\nUSER-AGENT: Android/13 UPnP/1.1 MiShare/2\r\n\r\n")),
        datagram("ff02::c", 1900, 1900,
                 to_bytes("NOTIFY * HTTP/1.1\r\nSERVER: Linux/4.4 UPnP/1.0 MiTV/1\r\nNTS: ssdp:alive\r\n"
                          "NT: upnp:rootdevice\r\nUSN: uuid:7\r\nLOCATION: http://192.168.7.20:49152/d.xml\r\n\r\n"))};
}
static const Case kSsdp{"ssdp", ssdp_case};

// Two equal SYNs, of which one is reported.
static Frames tcp_syn_case() {
    Frames frames;
    Random random(5);
    talk(frames, 5222, kStart, random).handshake().close();
    talk(frames, 5222, kStart + 2000 * kMs, random).handshake().close();
    return frames;
}
static const Case kTcpSyn{"tcp_syn", tcp_syn_case};

static Frames ndp_case() {
    const Bytes advertisement = ByteWriter()
                                    .u8(136)
                                    .u8(0)
                                    .u16(0)
                                    .u32(0x20000000)
                                    .raw(from_hex("fe8000000000000066cc2efffe102030"))
                                    .u8(2)
                                    .u8(1)
                                    .raw(kPhoneMac)
                                    .take();
    return {Packet()
                .ethernet(kPhone, kAllNodes)
                .ip(kPhoneLinkLocal, "ff02::1")
                .ttl(255)
                .ip_protocol(58)
                .payload(advertisement)
                .at(kStart)
                .frame()};
}
static const Case kNdp{"ndp", ndp_case};

}  // namespace telltale::support::golden
