// SPDX-License-Identifier: Apache-2.0
// The generator against a dissector of others: every packet must be understood, and as often as the truth says.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/capture_writer.h"
#include "tests/support/scenario.h"

namespace telltale::support {
namespace {

std::string output_of(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), &pclose);
    std::string text;
    std::array<char, 4096> buffer{};
    std::size_t size = 0;
    while (pipe != nullptr && (size = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0)
        text.append(buffer.data(), size);
    return text;
}

class DissectionTest : public testing::TestWithParam<std::string_view> {
  protected:
    void SetUp() override {
        if (output_of("command -v tshark").empty()) GTEST_SKIP() << "tshark is not installed";
        path_ = testing::TempDir() + "dissection-" + std::string(GetParam()) + "-" + std::to_string(getpid()) + ".pcap";
        std::ofstream file(path_, std::ios::binary);
        CaptureWriter writer(file, {});
        write_scenario(
            GetParam(), {7, 12'000}, [&writer](TimedFrame&& frame) { writer.write(frame); }, truth_);
    }
    void TearDown() override {
        if (!path_.empty()) std::remove(path_.c_str());
    }

    std::string tshark(const std::string& arguments) const {
        return output_of(
            "tshark -n -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE -r '" + path_ +
            "' " + arguments + " 2>/dev/null");
    }

    std::string path_;
    Truth truth_;
};

TEST_P(DissectionTest, FindsNothingMalformedAndNoWrongChecksum) {
    EXPECT_EQ(tshark("-Y '_ws.malformed or ip.checksum.status == 0 or tcp.checksum.status == 0 or "
                     "udp.checksum.status == 0 or icmp.checksum.status == 0 or icmpv6.checksum.status == 0'"),
              "");
}

TEST_P(DissectionTest, CountsWhatTheTruthSaysAndNoOtherTcpWarnings) {
    std::istringstream lines(
        tshark("-T fields -e frame.protocols -e tls.handshake.type -e dns.flags.response -e dhcp.type -e "
               "http.request.method -e tcp.flags -e tcp.analysis.flags -e tcp.analysis.retransmission"));
    enum Column : std::size_t { protocols, handshake, dns_response, dhcp, method, tcp_flags, tcp_warning, again };
    std::map<std::string, std::uint64_t> seen;
    for (std::string line; std::getline(lines, line);) {
        std::vector<std::string> columns(again + 1);
        std::istringstream fields(line);
        for (std::string& column : columns) std::getline(fields, column, '\t');
        const auto speaks = [&columns](const char* name) { return columns[protocols].find(name) != std::string::npos; };
        ++seen["frames"];
        if (columns[handshake].substr(0, 2) == "1") ++seen["tls_client_hellos"];
        if (!columns[dns_response].empty() && !speaks(":mdns"))
            ++seen[columns[dns_response] == "0" ? "dns_queries" : "dns_responses"];
        if (!columns[dhcp].empty()) ++seen["dhcp_messages"];
        if (!columns[method].empty() && !speaks(":ssdp")) ++seen["http_requests"];
        if (columns[tcp_flags] == "0x0002") ++seen["tcp_connections"];
        if (!columns[tcp_warning].empty()) ++seen["warnings"];
        if (!columns[again].empty()) ++seen["retransmissions"];
    }
    EXPECT_EQ(seen["frames"], truth_.frames());
    for (const char* what : {"tls_client_hellos", "dns_queries", "dns_responses", "dhcp_messages", "http_requests",
                             "tcp_connections", "retransmissions"})
        EXPECT_EQ(seen[what], truth_.expected(what)) << what;
    EXPECT_EQ(seen["warnings"], truth_.expected("retransmissions"));
    EXPECT_GT(seen["tls_client_hellos"], 0U);
}

std::string test_name(const testing::TestParamInfo<std::string_view>& info) {
    std::string name(info.param);
    for (char& character : name) character = character == '-' ? '_' : character;
    return name;
}

INSTANTIATE_TEST_SUITE_P(All, DissectionTest, testing::Values("office-day", "handshake-poor", "hello-rich"), test_name);

}  // namespace
}  // namespace telltale::support
