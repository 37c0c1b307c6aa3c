// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/bytes.h"

namespace telltale::support {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// HTTP/1.1 messages (RFC 9112). An empty host or user agent is left out. A body adds Content-Length.
struct HttpRequest {
    std::string method = "GET";
    std::string target = "/";
    std::string host;
    std::string user_agent;
    HttpHeaders headers = {};
    Bytes body = {};

    Bytes bytes() const;
};

struct HttpResponse {
    int status = 200;
    std::string reason = "OK";
    std::string content_type = "application/octet-stream";
    HttpHeaders headers = {};
    Bytes body = {};

    Bytes bytes() const;
};

}  // namespace telltale::support
