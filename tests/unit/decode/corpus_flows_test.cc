// SPDX-License-Identifier: Apache-2.0
// Real captures against what tshark saw in them: packets and IP bytes of every TCP and UDP conversation. Needs the
// corpus (TELLTALE_CORPUS, or ../shared/corpus beside the repository); skipped without it.
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "sensor/capture/capture_files.h"
#include "sensor/decode/decode.h"

namespace telltale::decode {
namespace {

namespace fs = std::filesystem;

fs::path corpus() {
    const char* named = std::getenv("TELLTALE_CORPUS");
    return named != nullptr ? fs::path(named) : fs::path(TELLTALE_SOURCE_DIR) / ".." / "shared" / "corpus";
}

// Protocol, the two ends in order.
using Conversation = std::tuple<std::string, std::string, unsigned, std::string, unsigned>;
// Frames and IP bytes from the first end, then from the second.
using Totals = std::array<std::uint64_t, 4>;
using Conversations = std::map<Conversation, Totals>;

void add(Conversations& all, const std::string& protocol, const std::string& source, unsigned source_port,
         const std::string& destination, unsigned destination_port, const Totals& totals) {
    const bool forward = std::tie(source, source_port) <= std::tie(destination, destination_port);
    Totals& sum = all[forward ? Conversation{protocol, source, source_port, destination, destination_port}
                              : Conversation{protocol, destination, destination_port, source, source_port}];
    for (std::size_t i = 0; i < totals.size(); ++i) sum[i] += totals[forward ? i : (i + 2) % 4];
}

std::string to_text(const Conversation& conversation) {
    const auto& [protocol, a, a_port, b, b_port] = conversation;
    return protocol + " " + a + " " + std::to_string(a_port) + " " + b + " " + std::to_string(b_port);
}

std::string to_text(const Totals& totals) {
    std::string text;
    for (const std::uint64_t total : totals) text += " " + std::to_string(total);
    return text;
}

std::string normal_address(const char* text) {
    const auto address = model::parse_ip(text);
    return address ? model::to_string(*address) : text;
}

// False where the truth has tunnels.
bool read_truth(const fs::path& path, Conversations& all) {
    std::ifstream file(path);
    std::string line;
    while (std::getline(file, line)) {
        rapidjson::Document record;
        record.Parse(line.c_str());
        if (record.HasParseError() || !record.IsObject() || !record.HasMember("proto")) continue;
        if (record["proto"] != "conv") continue;
        if (record.HasMember("encap")) return false;
        const std::string protocol = record["l4"].GetString();
        if ((protocol != "tcp" && protocol != "udp") || !record.HasMember("aport")) continue;
        const auto number = [&](const char* name) { return record.HasMember(name) ? record[name].GetUint64() : 0; };
        add(all, protocol, normal_address(record["a"].GetString()), record["aport"].GetUint(),
            normal_address(record["b"].GetString()), record["bport"].GetUint(),
            {number("frames_ab"), number("ip_bytes_ab"), number("frames_ba"), number("ip_bytes_ba")});
    }
    return true;
}

// False where the capture cannot be read to its end.
bool read_capture(const fs::path& path, Conversations& all, DecodeCounters& counters) {
    auto source = capture::CaptureFiles::open({path.string()}, {});
    if (!source) return false;
    model::FrameBatch batch(model::kFileBatchBytes);
    std::array<model::PacketView, model::kBatchFrames> views;
    while (source.value()->poll(batch) == capture::PollStatus::frames) {
        decode_batch(std::span(batch.frames).first(batch.count), views, counters);
        for (std::size_t i = 0; i < batch.count; ++i) {
            const model::PacketView& view = views[i];
            if (!view.has_ip() || !view.has_ports) continue;
            add(all, view.protocol == model::kProtocolTcp ? "tcp" : "udp", model::to_string(view.source),
                view.source_port, model::to_string(view.destination), view.destination_port, {1, view.ip_length, 0, 0});
        }
        source.value()->release(batch);
    }
    EXPECT_EQ(source.value()->frames(), counters.frames()) << path << ": a frame without an outcome";
    return source.value()->statistics().front().warnings.empty();
}

TEST(CorpusFlows, PacketsAndIpBytesAreThoseOfTheTruth) {
    if (!fs::is_directory(corpus() / "pcap")) GTEST_SKIP() << "no corpus at " << corpus();
    std::vector<std::string> misses;
    std::size_t captures = 0, wanted = 0, found = 0, equal = 0, ours = 0;
    for (const fs::directory_entry& entry : fs::directory_iterator(corpus() / "pcap")) {
        const std::string name = entry.path().filename().string();
        Conversations truth, seen;
        DecodeCounters counters;
        if (!read_truth(corpus() / "truth" / (name + ".jsonl"), truth)) continue;
        if (!read_capture(entry.path(), seen, counters)) continue;
        ++captures;
        wanted += truth.size();
        ours += seen.size();
        for (const auto& [key, totals] : truth) {
            const auto match = seen.find(key);
            if (match == seen.end()) {
                misses.push_back(name + ": " + to_text(key) + ": missing");
                continue;
            }
            ++found;
            if (match->second == totals) {
                ++equal;
            } else {
                misses.push_back(name + ": " + to_text(key) + ":" + to_text(totals) + " expected," +
                                 to_text(match->second) + " seen");
            }
        }
    }
    for (const std::string& miss : misses) std::puts(miss.c_str());
    std::printf("%zu captures, %zu conversations, %zu of ours: found %.3f %%, equal %.3f %%\n", captures, wanted, ours,
                100.0 * static_cast<double>(found) / static_cast<double>(wanted),
                100.0 * static_cast<double>(equal) / static_cast<double>(wanted));
    EXPECT_GT(captures, 100U);
    EXPECT_GT(static_cast<double>(equal), 0.995 * static_cast<double>(wanted));
}

}  // namespace
}  // namespace telltale::decode
