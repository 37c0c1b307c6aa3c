// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/proxy_header.h"

#include <string_view>

namespace telltale::extract {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view kLine = "PROXY ";
constexpr std::size_t kMaxLineBytes = 107;                         // section 2.1
constexpr std::string_view kSignature = "\r\n\r\n\0\r\nQUIT\n"sv;  // section 2.2
constexpr std::size_t kFixedBytes = 16;
constexpr std::size_t kMaxVersion2Bytes = 1024;

}  // namespace

std::optional<std::size_t> proxy_header_bytes(const Message& message) {
    const std::string_view text = base::as_text(message.bytes);
    const std::optional<std::size_t> unclear = message.cut ? std::optional<std::size_t>(0) : std::nullopt;
    if (text.starts_with(kLine)) {
        const std::size_t end = text.substr(0, kMaxLineBytes).find('\n');
        if (end != std::string_view::npos) return end + 1;
        return text.size() < kMaxLineBytes ? unclear : 0;
    }
    if (text.starts_with(kSignature)) {
        if (text.size() < kFixedBytes) return unclear;
        const std::size_t size = kFixedBytes + base::u16_at(message.bytes, 14);
        if (size > kMaxVersion2Bytes) return 0;
        return size <= text.size() ? size : unclear;
    }
    if (!text.empty() && (kLine.starts_with(text) || kSignature.starts_with(text))) return unclear;
    return 0;
}

}  // namespace telltale::extract
