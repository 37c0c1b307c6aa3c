// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/cases/cases.h"
#include "tests/support/tls_hello.h"

namespace telltale::support::golden {

// The same conversation in two networks of VXLAN, between the same two tunnel ends.
static Frames tunnel_case() {
    Frames frames;
    Random random(9);
    for (const char* header : {"08 00 00 00 00 00 07 00", "08 00 00 00 00 00 08 00"}) {
        Frames inside;
        talk(inside, 443, kStart, random)
            .handshake()
            .client_sends(client_hello(HelloStyle::android_modern, "tracking.miui.com", random).records())
            .close();
        for (const TimedFrame& frame : inside) {
            const bool sent = frame.side == Side::client;
            frames.push_back(Packet()
                                 .ethernet(sent ? "02:00:00:00:00:01" : "02:00:00:00:00:02",
                                           sent ? "02:00:00:00:00:02" : "02:00:00:00:00:01")
                                 .ip(sent ? "198.51.100.1" : "198.51.100.2", sent ? "198.51.100.2" : "198.51.100.1")
                                 .udp(50000, 4789)
                                 .payload(from_hex(header) + frame.bytes)
                                 .at(frame.time_ns)
                                 .frame());
        }
    }
    return frames;
}
static const Case kTunnel{"tunnel", tunnel_case};

}  // namespace telltale::support::golden
