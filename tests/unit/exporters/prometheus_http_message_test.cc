// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "exporters/prometheus/http_message.h"

namespace telltale::prometheus_http {
namespace {

std::string get(const std::string& target, const std::string& headers = "") {
    return "GET " + target + " HTTP/1.1\r\n" + headers + "\r\n";
}

TEST(HttpMessage, ReadsRequests) {
    struct Case {
        const char* description;
        std::string text;
        const char* method;
        const char* path;
        const char* host;
        bool from_web_page;
    };
    const Case cases[] = {
        {"Prometheus", get("/metrics", "Host: 127.0.0.1:9464\r\nAccept: text/plain\r\n"), "GET", "/metrics",
         "127.0.0.1", false},
        {"a query", get("/metrics?name[]=up", "host:\tlocalhost \r\n"), "GET", "/metrics", "localhost", false},
        {"IPv6", get("/", "HOST: [::1]:9464\r\n"), "GET", "/", "[::1]", false},
        {"IPv6 without port", get("/", "Host: [::1]\r\n"), "GET", "/", "[::1]", false},
        {"HTTP/1.0", "HEAD /metrics HTTP/1.0\r\n\r\n", "HEAD", "/metrics", "", false},
        {"a page that posts", "POST /-/reload HTTP/1.1\r\nOrigin: null\r\nContent-Length: 4096\r\n\r\nbody", "POST",
         "/-/reload", "", true},
    };
    for (const Case& c : cases) {
        const HeadReading reading = read_request(c.text);
        const auto* const request = std::get_if<HttpRequest>(&reading);
        ASSERT_NE(request, nullptr) << c.description;
        EXPECT_EQ(request->method, c.method) << c.description;
        EXPECT_EQ(request->path, c.path) << c.description;
        EXPECT_EQ(request->host, c.host) << c.description;
        EXPECT_EQ(request->from_web_page, c.from_web_page) << c.description;
    }
}

TEST(HttpMessage, NeedsTheWholeHead) {
    const std::string whole = get("/metrics", "Host: a\r\nX: y\r\n");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_TRUE(std::holds_alternative<MoreNeeded>(read_request(whole.substr(0, size)))) << size;
    }
    EXPECT_TRUE(std::holds_alternative<HttpRequest>(read_request(whole)));
}

TEST(HttpMessage, RefusesWhatNoScraperSends) {
    std::string many;
    for (std::size_t i = 0; i <= kMaxHeaders; ++i) many += "X: y\r\n";
    const struct {
        const char* description;
        std::string text;
        int status;
    } cases[] = {
        {"one range", get("/metrics", "Range: bytes=0-1\r\n"), 416},
        {"a long address", get("/" + std::string(kMaxTargetBytes, 'a')), 414},
        {"an address without end", "GET /" + std::string(kMaxTargetBytes + 100, 'a'), 414},
        {"headers without end", get("/", "X: " + std::string(kMaxHeadBytes, 'a')), 431},
        {"many headers", get("/", many), 431},
        {"chunks", "POST /-/reload HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 501},
        {"a long body", "POST /-/reload HTTP/1.1\r\nContent-Length: 4097\r\n\r\n", 413},
        {"a length beyond all numbers", get("/", "Content-Length: 99999999999999999999\r\n"), 413},
        {"a length that is no number", get("/", "Content-Length: 1x\r\n"), 400},
        {"a length of nothing", get("/", "Content-Length:\r\n"), 400},
        {"a name with a blank", get("/", "Content-Length : 1\r\n"), 400},
        {"a folded header", get("/", "X: y\r\n z\r\n"), 400},
        {"a control character", get("/", std::string("X: \x01\r\n")), 400},
        {"a zero byte in the address", get(std::string("/a\0b", 4)), 400},
        {"a proxy's request", get("http://elsewhere/"), 400},
        {"no address", "GET HTTP/1.1\r\n\r\n", 400},
        {"no version", "GET /\r\n\r\n", 400},
        {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        {"TLS", "\x16\x03\x01", 400},
        {"an empty line first", "\r\n" + get("/"), 400},
    };
    for (const auto& [description, text, status] : cases) {
        const HeadReading reading = read_request(text);
        const auto* const refusal = std::get_if<HttpResponse>(&reading);
        ASSERT_NE(refusal, nullptr) << description;
        EXPECT_EQ(refusal->status, status) << description;
        EXPECT_FALSE(refusal->body->empty()) << description;
    }
}

TEST(HttpMessage, WritesHeads) {
    HttpResponse response = plain_answer(405, "use GET");
    response.header = "Allow: GET, HEAD";
    EXPECT_EQ(head_of(response),
              "HTTP/1.1 405 Method Not Allowed\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 8\r\n"
              "Connection: close\r\nAllow: GET, HEAD\r\n\r\n");
}

}  // namespace
}  // namespace telltale::prometheus_http
