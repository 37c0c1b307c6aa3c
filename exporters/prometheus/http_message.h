// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace telltale::prometheus_http {

// A request, as far as this server needs it. A value.
struct HttpRequest {
    std::string method;
    std::string path;            // without the query
    std::string host;            // of the Host header, without its port; empty: it has none
    bool from_web_page = false;  // has an Origin
    std::string authorization;
};

// An answer. A value; answers may share a body.
struct HttpResponse {
    int status = 200;
    std::string_view content_type;
    std::shared_ptr<const std::string> body;
    std::string_view header{};  // one more, without line end
};

// Returns an answer of one line.
HttpResponse plain_answer(int status, std::string text);

inline constexpr std::size_t kMaxHeadBytes = 16 * 1024;
inline constexpr std::size_t kMaxTargetBytes = 1024;
inline constexpr std::size_t kMaxHeaders = 100;
inline constexpr std::size_t kMaxBodyBytes = 4096;  // no request here needs one

// More bytes are needed; a request; or the answer that refuses it.
struct MoreNeeded {};
using HeadReading = std::variant<MoreNeeded, HttpRequest, HttpResponse>;

// Reads a request's head (RFC 9112, sections 2 to 5) from what has been received so far. Refuses what no scraper sends:
// ranges, chunks, long targets, many headers. Bodies are not read.
HeadReading read_request(std::string_view received);

// Returns the head of an answer that ends its connection.
std::string head_of(const HttpResponse& response);

}  // namespace telltale::prometheus_http
