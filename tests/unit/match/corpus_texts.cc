// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/match/corpus_texts.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>

namespace telltale::match::testing {
namespace {

// The JSON string whose opening quote is before `at`. Code points over 255 become one byte: any bytes will do here.
std::string json_string(std::string_view json, std::size_t at) {
    std::string out;
    for (; at < json.size() && json[at] != '"'; ++at) {
        if (json[at] != '\\' || at + 1 == json.size()) {
            out += json[at];
            continue;
        }
        const char c = json[++at];
        if (c == 'u' && at + 4 < json.size()) {
            out += static_cast<char>(std::strtoul(std::string(json.substr(at + 1, 4)).c_str(), nullptr, 16) & 0xff);
            at += 4;
        } else {
            out += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
        }
    }
    return out;
}

}  // namespace

std::filesystem::path corpus_folder() {
    const char* const given = std::getenv("TELLTALE_CORPUS");
    const std::filesystem::path folder = given != nullptr
                                             ? std::filesystem::path(given)
                                             : std::filesystem::path(TELLTALE_SOURCE_DIR) / "../shared/corpus";
    return std::filesystem::is_directory(folder / "truth") ? folder : std::filesystem::path();
}

namespace {

std::map<std::string, std::set<std::string>> read_corpus() {
    constexpr std::pair<std::string_view, const char*> kFields[] = {
        {"sni", "host_name"},           {"host", "host_name"},      {"name", "host_name"},
        {"user_agent", "user_agent"},   {"fp", "dhcp_fingerprint"}, {"vendor_class", "dhcp_vendor_class"},
        {"hostname", "dhcp_host_name"},
    };
    constexpr std::string_view kAfterName = "\":\"";
    std::map<std::string, std::set<std::string>> texts;
    const auto folder = corpus_folder();
    if (folder.empty()) return texts;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "truth")) {
        if (entry.path().extension() != ".jsonl") continue;
        std::ifstream file(entry.path(), std::ios::binary);
        std::ostringstream bytes;
        bytes << file.rdbuf();
        const std::string json = bytes.str();
        for (auto at = json.find(kAfterName); at != std::string::npos; at = json.find(kAfterName, at + 1)) {
            const auto quote = json.rfind('"', at == 0 ? 0 : at - 1);
            const auto name = std::string_view(json).substr(quote + 1, at - quote - 1);
            const auto* const field =
                std::find_if(std::begin(kFields), std::end(kFields), [name](auto& one) { return one.first == name; });
            if (field != std::end(kFields)) texts[field->second].insert(json_string(json, at + kAfterName.size()));
        }
    }
    return texts;
}

}  // namespace

const std::map<std::string, std::set<std::string>>& corpus_texts() {
    static const auto texts = read_corpus();
    return texts;
}

}  // namespace telltale::match::testing
