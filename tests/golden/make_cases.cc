// SPDX-License-Identifier: Apache-2.0
// Makes the captures of the golden cases, one small conversation each: telltale-golden-cases FOLDER writes
// FOLDER/<case>/capture.pcap. The same bytes every time. Each case has a README.md.
#include <filesystem>
#include <iostream>

#include "tests/golden/cases/cases.h"

namespace telltale::support::golden {

TcpConversation talk(Frames& frames, std::uint16_t server_port, std::uint64_t at, Random& random) {
    return {[&frames](TimedFrame&& frame) { frames.push_back(std::move(frame)); }, TcpEnd{kPhone, kPhoneIp, 50000},
            TcpEnd{kRouter, kServerIp, server_port}, at, random};
}

}  // namespace telltale::support::golden

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: telltale-golden-cases FOLDER\n";
        return 2;
    }
    for (const auto* one : telltale::support::golden::Case::all()) {
        const std::filesystem::path folder = std::filesystem::path(argv[1]) / one->name;
        std::filesystem::create_directories(folder);
        telltale::support::write_capture_file((folder / "capture.pcap").string(), one->make());
    }
    return 0;
}
