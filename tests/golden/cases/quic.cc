// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/cases/cases.h"
#include "tests/support/quic_initial.h"
#include "tests/support/tls_hello.h"

namespace telltale::support::golden {

static Frames quic_case() {
    Random random(6);
    const Bytes record = client_hello(HelloStyle::chrome, "api.ad.intl.xiaomi.com", random).records();
    const Bytes hello(record.begin() + 5, record.end());
    const auto pieces = crypto_pieces(hello.size(), 2);
    Frames frames;
    const auto send = [&](std::uint16_t port, const Bytes& datagram, std::uint64_t at) {
        frames.push_back(Packet()
                             .ethernet(kPhone, kRouter)
                             .ip(kPhoneIp, kServerIp)
                             .udp(port, 443)
                             .payload(datagram)
                             .at(kStart + at * kMs)
                             .frame());
    };
    send(50000, QuicInitial{.number = 1}.packet(hello, {pieces[1]}), 0);
    send(50000, QuicInitial{}.packet(hello, {pieces[0]}), 1);
    send(50001, google_hello("Q043", "www.youtube.com", "Chrome/72"), 50);
    return frames;
}
static const Case kQuic{"quic", quic_case};

}  // namespace telltale::support::golden
