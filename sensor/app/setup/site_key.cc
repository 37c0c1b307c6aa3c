// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/setup/site_key.h"

#include <fmt/format.h>

#include <fstream>

namespace telltale::app {
namespace {

constexpr std::size_t kMinSiteKeyBytes = 16;
constexpr std::size_t kMaxSiteKeyBytes = 4096;

}  // namespace

base::Result<std::string> read_site_key(const std::filesystem::path& file, std::string_view option) {
    std::string key;
    if (file.empty()) return key;
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return base::Error{fmt::format("{}: cannot read {}", option, file.string())};
    key.resize(kMaxSiteKeyBytes + 1);
    stream.read(key.data(), static_cast<std::streamsize>(key.size()));
    key.resize(static_cast<std::size_t>(stream.gcount()));
    if (key.size() < kMinSiteKeyBytes || key.size() > kMaxSiteKeyBytes) {
        return base::Error{
            fmt::format("{}: {} must contain {} to {} bytes; create one with: head -c 32 /dev/urandom > {}", option,
                        file.string(), kMinSiteKeyBytes, kMaxSiteKeyBytes, file.string())};
    }
    return key;
}

}  // namespace telltale::app
