// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/ssh/ssh.h"

#include <algorithm>
#include <string_view>

namespace telltale::extract::ssh {
namespace {

constexpr std::string_view kMark = "SSH-";
constexpr std::size_t kMaxLineBytes = 255;  // with CR LF

}  // namespace

Sniff sniff(const Message& message) {
    const std::string_view text = base::as_text(message.bytes);
    const std::size_t there = std::min(text.size(), kMark.size());
    if (there == 0 || text.substr(0, there) != kMark.substr(0, there)) return Sniff::no;
    if (there == kMark.size()) return Sniff::yes;
    return message.cut ? Sniff::no : Sniff::need_more;
}

Parsed parse(const Message& message, MessageProgress&, model::RecordWriter& record) {
    const std::string_view text = base::as_text(message.bytes).substr(0, kMaxLineBytes);
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
        if (text.size() == kMaxLineBytes) return malformed(Malformed::too_long);
        if (!message.cut) return need_more();
        record.mark_truncated();
        return {.outcome = Outcome::done, .last = true, .used = message.bytes.size()};
    }
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t version_end = line.find('-', kMark.size());
    if (version_end == std::string_view::npos) return malformed(Malformed::bad_syntax);
    record.put(model::Field::protocol_version, line.substr(kMark.size(), version_end - kMark.size()));
    record.put(model::Field::software, line.substr(version_end + 1));
    return {.outcome = Outcome::done, .last = true, .used = end + 1};
}

}  // namespace telltale::extract::ssh
