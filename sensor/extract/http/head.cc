// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/http/head.h"

#include <algorithm>
#include <charconv>

namespace telltale::extract::http {
namespace {

constexpr std::string_view kVersion = "HTTP/1.";
constexpr std::string_view kChunked = "chunked";

bool is_blank(char letter) { return letter == ' ' || letter == '\t'; }

std::string_view trim(std::string_view text) {
    const auto outer = [](char letter) { return is_blank(letter) || letter == '\r' || letter == '\n'; };
    while (!text.empty() && outer(text.front())) text.remove_prefix(1);
    while (!text.empty() && outer(text.back())) text.remove_suffix(1);
    return text;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
    return text.size() == lower.size() && std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) {
               return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
           });
}

// method SP target SP HTTP/1.x (RFC 9112 section 3). Targets of careless clients have spaces in them.
bool read_request_line(std::string_view line, bool whole, Head& head) {
    line = trim(line);
    const std::size_t first = line.find(' ');
    if (first == std::string_view::npos) return !whole && !line.empty() && (head.method = line, true);
    head.method = line.substr(0, first);
    const std::size_t last = line.rfind(' ');
    const std::string_view version = line.substr(last + 1);
    if (last > first && version.starts_with(kVersion)) {
        head.target = trim(line.substr(first, last - first));
        return !head.target.empty();
    }
    head.target = trim(line.substr(first));
    return !whole;
}

// The authority of an absolute target or of CONNECT's (RFC 9112 sections 3.2.2 and 3.2.3).
std::string_view target_authority(const Head& head) {
    std::string_view target = head.target;
    if (head.method != "CONNECT") {
        const std::size_t scheme = target.find("://");
        if (scheme == std::string_view::npos || scheme > 5) return {};
        target.remove_prefix(scheme + 3);
        target = target.substr(0, target.find_first_of("/?#"));
    }
    const std::size_t user = target.rfind('@');
    return user == std::string_view::npos ? target : target.substr(user + 1);
}

std::uint64_t read_length(std::string_view digits) {
    std::uint64_t length = 0;
    for (const char digit : digits.substr(0, 18)) {
        if (digit < '0' || digit > '9') break;
        length = length * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    return length;
}

// name=value pairs with semicolons (RFC 6265 section 4.2.1); values are not looked at.
void read_cookies(std::string_view pairs, NameList& names) {
    while (!pairs.empty()) {
        const std::string_view pair = pairs.substr(0, pairs.find(';'));
        pairs.remove_prefix(std::min(pair.size() + 1, pairs.size()));
        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos) names.add(trim(pair.substr(0, equals)));
    }
}

void read_field(std::string_view field, Head& head) {
    const std::size_t colon = field.find(':');
    if (colon == std::string_view::npos) return;
    const std::string_view name = trim(field.substr(0, colon));
    const auto set = [&](Value& value) {
        if (!value.found) value = {trim(field.substr(colon + 1)), true};
    };
    head.field_names.add(name);
    switch (name.size()) {
        case 6:
            if (equals_ignoring_case(name, "cookie")) read_cookies(trim(field.substr(colon + 1)), head.cookie_names);
            break;
        case 16:
            if (equals_ignoring_case(name, "x-requested-with")) set(head.requested_with);
            break;
        case 4:
            if (equals_ignoring_case(name, "host")) set(head.host);
            break;
        case 10:
            if (equals_ignoring_case(name, "user-agent")) set(head.user_agent);
            break;
        case 14:
            if (equals_ignoring_case(name, "content-length")) {
                head.content_length = read_length(trim(field.substr(colon + 1)));
                head.has_length = true;
            }
            break;
        case 17:
            // "chunked" is the last coding where there are several (RFC 9112 section 6.1).
            if (equals_ignoring_case(name, "transfer-encoding")) {
                const std::string_view codings = trim(field.substr(colon + 1));
                const std::size_t last = codings.size() - std::min(codings.size(), kChunked.size());
                head.chunked = equals_ignoring_case(codings.substr(last), kChunked);
            }
            break;
        default: break;
    }
}

// Takes the next field with its folds off `text`; empty when no whole line is left.
std::string_view take_field(std::string_view& text) {
    std::size_t end = 0;
    do {
        const std::size_t line = text.find('\n', end);
        if (line == std::string_view::npos) break;
        end = line + 1;
    } while (end < text.size() && is_blank(text[end]));
    const std::string_view field = text.substr(0, end);
    text.remove_prefix(end);
    return field;
}

}  // namespace

void NameList::add(std::string_view name) {
    const std::size_t comma = size_ == 0 ? 0 : 1;
    if (name.empty()) return;
    if (cut_ || size_ + comma + name.size() > kMaxBytes) {
        cut_ = true;
        return;
    }
    if (comma != 0) text_[size_++] = ',';
    size_ += name.copy(text_.data() + size_, name.size());
}

HeadEnd find_head_end(std::string_view text, MessageProgress& progress) {
    std::size_t at = progress.scanned;
    while (at < text.size()) {
        const std::size_t line_end = text.find('\n', at);
        if (line_end == std::string_view::npos) {
            at = text.size();
            break;
        }
        if (progress.gathered == 0) {  // the first line
            Head head;
            if (!read_request_line(text.substr(0, line_end), true, head)) return {false, 0};
            progress.gathered = 1;
        }
        const std::string_view next = text.substr(line_end + 1, 2);
        if (next.starts_with('\n')) return {true, line_end + 2};
        if (next == "\r\n") return {true, line_end + 3};
        if (next.empty() || next == "\r") {  // may become an empty line
            at = line_end;
            break;
        }
        at = line_end + 1;
    }
    progress.scanned = static_cast<std::uint16_t>(at);
    return {true, 0};
}

bool read_head(std::string_view text, Head& head) {
    const std::size_t line_end = text.find('\n');
    const bool whole = line_end != std::string_view::npos;
    if (!read_request_line(text.substr(0, line_end), whole, head)) return false;
    text = whole ? text.substr(line_end + 1) : std::string_view();
    while (!text.empty()) {
        const std::string_view field = take_field(text);
        if (field.empty()) break;
        read_field(field, head);
    }
    if (whole) head.authority = target_authority(head);
    // Half a User-Agent still speaks of its device; half a host name is another host's.
    constexpr std::string_view kUserAgent = "user-agent:";
    if (!head.user_agent.found && equals_ignoring_case(text.substr(0, kUserAgent.size()), kUserAgent)) {
        head.user_agent = {trim(text.substr(kUserAgent.size())), true};
    }
    return true;
}

std::size_t chunked_body_bytes(std::string_view text) {
    const auto line_at = [&text](std::size_t at) {
        const std::size_t end = text.find('\n', at);
        return end == std::string_view::npos ? std::string_view() : text.substr(at, end + 1 - at);
    };
    std::size_t at = 0;
    while (at < text.size()) {  // each turn eats a line
        const std::string_view line = line_at(at);
        std::uint64_t size = 0;
        const auto [end, problem] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
        if (line.empty() || problem != std::errc()) return text.size();
        at += line.size();
        if (size == 0) break;
        if (size >= text.size() - at) return text.size();
        at += size;
        const std::string_view break_behind = line_at(at);
        if (!trim(break_behind).empty() || break_behind.empty()) return text.size();
        at += break_behind.size();
    }
    while (at < text.size()) {  // trailers, a line each
        const std::string_view line = line_at(at);
        if (line.empty()) return text.size();
        at += line.size();
        if (trim(line).empty()) return at;
    }
    return text.size();
}

std::string_view unfold(std::string_view value, std::span<char> joined) {
    if (value.find('\n') == std::string_view::npos) return value.substr(0, joined.size());
    std::size_t size = 0;
    for (std::size_t at = 0; at < value.size() && size < joined.size();) {
        std::size_t end = at;  // of a run of white space
        bool fold = false;
        for (; end < value.size() && (is_blank(value[end]) || value[end] == '\r' || value[end] == '\n'); ++end) {
            fold = fold || value[end] == '\n';
        }
        if (end == at) {
            joined[size++] = value[at++];
            continue;
        }
        const std::string_view run = fold ? std::string_view(" ") : value.substr(at, end - at);
        size += run.copy(joined.data() + size, joined.size() - size);
        at = end;
    }
    return {joined.data(), size};
}

}  // namespace telltale::extract::http
