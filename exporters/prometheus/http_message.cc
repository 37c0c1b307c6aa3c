// SPDX-License-Identifier: Apache-2.0
#include "exporters/prometheus/http_message.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace telltale::prometheus_http {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

bool is_printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c == '\t' || (c >= ' ' && c != '\x7f') || c < 0; });
}

bool same_name(std::string_view name, std::string_view lower_case) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(name.begin(), name.end(), lower_case.begin(), lower_case.end(),
                      [&](char left, char right) { return lower(left) == right; });
}

std::string_view trimmed(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

// "sensor:9464" is sensor, "[::1]:9464" is [::1].
std::string_view without_port(std::string_view host) {
    const std::size_t colon = host.rfind(':');
    return colon == std::string_view::npos || host.find(']', colon) != std::string_view::npos ? host
                                                                                              : host.substr(0, colon);
}

std::optional<HttpResponse> read_request_line(std::string_view line, HttpRequest& request) {
    const std::size_t first = line.find(' ');
    const std::size_t second = line.rfind(' ');
    if (first == std::string_view::npos || first == second) return plain_answer(400, "not a request");
    const std::string_view target = line.substr(first + 1, second - first - 1);
    const std::string_view version = line.substr(second + 1);
    if (target.size() > kMaxTargetBytes) return plain_answer(414, "the address is too long");
    if (!version.starts_with("HTTP/1.")) return plain_answer(505, "HTTP/1.1 is spoken here");
    if (!is_token(line.substr(0, first)) || !target.starts_with('/') || !is_printable(target)) {
        return plain_answer(400, "not a request");
    }
    request.method = line.substr(0, first);
    request.path = target.substr(0, target.find('?'));
    return std::nullopt;
}

std::optional<HttpResponse> check_length(std::string_view value) {
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (error == std::errc::invalid_argument || end != value.data() + value.size()) {
        return plain_answer(400, "the length is not a number");
    }
    if (error != std::errc() || length > kMaxBodyBytes) return plain_answer(413, "no request here needs a body");
    return std::nullopt;
}

std::optional<HttpResponse> read_header(std::string_view line, HttpRequest& request) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)) || !is_printable(line)) {
        return plain_answer(400, "not a header");
    }
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (same_name(name, "range")) return plain_answer(416, "answers are given as a whole");
    if (same_name(name, "transfer-encoding")) return plain_answer(501, "no request here needs a body");
    if (same_name(name, "content-length")) return check_length(value);
    if (same_name(name, "host")) request.host = without_port(value);
    if (same_name(name, "origin")) request.from_web_page = true;
    if (same_name(name, "authorization")) request.authorization = value;
    return std::nullopt;
}

std::string_view reason(int status) {
    switch (status) {
        case 200: return "OK";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 413: return "Content Too Large";
        case 414: return "URI Too Long";
        case 416: return "Range Not Satisfiable";
        case 421: return "Misdirected Request";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 501: return "Not Implemented";
        case 503: return "Service Unavailable";
        case 505: return "HTTP Version Not Supported";
        default: return "Internal Server Error";
    }
}

}  // namespace

HttpResponse plain_answer(int status, std::string text) {
    text += '\n';
    return {status, "text/plain; charset=utf-8", std::make_shared<const std::string>(std::move(text)), {}};
}

HeadReading read_request(std::string_view received) {
    if (!received.empty() && (received.front() < 'A' || received.front() > 'Z'))
        return plain_answer(400, "not a request");
    const std::size_t end = received.find("\r\n\r\n");
    const std::size_t first_line = received.find(kLineEnd);
    if (std::min(first_line, received.size()) > kMaxTargetBytes + 64) {
        return plain_answer(414, "the address is too long");
    }
    if (std::min(end, received.size()) > kMaxHeadBytes) return plain_answer(431, "the headers are too long");
    if (end == std::string_view::npos) return MoreNeeded{};
    HttpRequest request;
    if (auto refusal = read_request_line(received.substr(0, first_line), request)) return *std::move(refusal);
    std::string_view left = received.substr(first_line + kLineEnd.size(), end - first_line);
    for (std::size_t headers = 0; left.size() > kLineEnd.size(); ++headers) {
        if (headers == kMaxHeaders) return plain_answer(431, "there are too many headers");
        const std::size_t line_end = std::min(left.find(kLineEnd), left.size());
        if (auto refusal = read_header(left.substr(0, line_end), request)) return *std::move(refusal);
        left.remove_prefix(std::min(left.size(), line_end + kLineEnd.size()));
    }
    return request;
}

std::string head_of(const HttpResponse& response) {
    std::string head = "HTTP/1.1 " + std::to_string(response.status) + ' ';
    head += reason(response.status);
    head += "\r\nContent-Type: ";
    head += response.content_type;
    head += "\r\nContent-Length: " + std::to_string(response.body->size()) + "\r\nConnection: close\r\n";
    if (!response.header.empty()) head.append(response.header).append(kLineEnd);
    return head.append(kLineEnd);
}

}  // namespace telltale::prometheus_http
