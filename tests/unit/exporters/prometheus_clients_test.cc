// SPDX-License-Identifier: Apache-2.0
// Clients that are silent, slow, hostile or many.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include "tests/unit/exporters/metrics_client.h"

namespace telltale::prometheus_http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

using MetricsClientsTest = PrometheusServerTest;

// How long a request of somebody else takes.
milliseconds time_of(const std::function<httplib::Result()>& request) {
    const auto begin = steady_clock::now();
    const httplib::Result result = request();
    EXPECT_TRUE(result && result->status == 200) << to_string(result.error());
    return std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin);
}

TEST_F(MetricsClientsTest, IsNotHeldUpByClientsThatDoNotAsk) {
    start();
    std::vector<std::unique_ptr<RawClient>> silent;
    for (int i = 0; i < 40; ++i) {
        silent.push_back(std::make_unique<RawClient>(server_->port()));
        if (i % 2 == 0) silent.back()->send("GET /met");
    }
    for (int i = 0; i < 20; ++i) {
        EXPECT_LT(time_of([&] { return client().Get("/metrics"); }), seconds(1));
    }
    silent[0]->send("rics HTTP/1.1\r\n\r\n");
    EXPECT_NE(silent[0]->receive().find("telltale_scrapes_total"), std::string::npos)
        << "one that asks late is answered";
}

TEST_F(MetricsClientsTest, GivesTheOldestClientsPlaceToANewOne) {
    start();
    std::vector<std::unique_ptr<RawClient>> silent;
    for (std::size_t i = 0; i < MetricsServer::kMaxConnections; ++i) {
        silent.push_back(std::make_unique<RawClient>(server_->port()));
    }
    EXPECT_LT(time_of([&] { return client().Get("/-/healthy"); }), seconds(1));
    EXPECT_NE(silent.front()->receive(), "timeout") << "it was closed";
    silent.back()->send("GET /-/healthy HTTP/1.1\r\n\r\n");
    EXPECT_NE(silent.back()->receive().find("200 OK"), std::string::npos);
}

TEST_F(MetricsClientsTest, IsNotHeldUpByClientsThatDoNotRead) {
    Hooks hooks;
    hooks.collect = [] {
        return std::vector<Family>{{"telltale_x", std::string(10U << 20U, 'h'), MetricType::gauge, {{{}, 1}}, {}}};
    };
    ServerConfig config;
    config.connection_limit = seconds(30);
    start(config, hooks);
    std::vector<std::unique_ptr<RawClient>> slow;
    for (std::size_t i = 0; i < 4 * MetricsServer::kThreads; ++i) {
        slow.push_back(std::make_unique<RawClient>(server_->port()));
        slow.back()->send("GET /metrics HTTP/1.1\r\n\r\n");
    }
    httplib::Client first = client();
    first.set_read_timeout(seconds(30));
    EXPECT_TRUE(first.Get("/-/healthy")) << "after it was collected for the slow ones";
    EXPECT_LT(time_of([&] { return client().Get("/-/healthy"); }), seconds(1));
    EXPECT_GT(slow.front()->receive().size(), 10U << 20U) << "who reads at last gets all";
}

TEST_F(MetricsClientsTest, ClosesOnClientsThatDawdle) {
    ServerConfig config;
    config.connection_limit = milliseconds(300);
    start(config);
    const auto begin = steady_clock::now();
    const RawClient slow(server_->port());
    slow.send("GET /met");
    for (int i = 0; i < 5; ++i) {  // a byte now and then does not stretch the limit
        std::this_thread::sleep_for(milliseconds(50));
        slow.send("r");
    }
    EXPECT_EQ(slow.receive(), "");
    EXPECT_LT(steady_clock::now() - begin, seconds(3));
}

TEST_F(MetricsClientsTest, BoundsRequests) {
    start();
    std::string ranges = "bytes=0-1";
    for (int i = 0; i < 2600; ++i) ranges += ",0-1";
    std::string many = "GET /metrics HTTP/1.1\r\n";
    for (int i = 0; i < 10'000; ++i) many += "X" + std::to_string(i) + ": y\r\n";
    const struct {
        const char* description;
        std::string request;
        const char* expected;
    } cases[] = {
        {"a long line", "GET /" + std::string(100'000, 'a') + " HTTP/1.1\r\n\r\n", "HTTP/1.1 414 "},
        {"a long header", "GET /metrics HTTP/1.1\r\nX: " + std::string(100'000, 'a') + "\r\n\r\n", "HTTP/1.1 431 "},
        {"many headers", many + "\r\n", "HTTP/1.1 431 "},
        {"no line end", std::string(100'000, 'a'), "HTTP/1.1 400 "},
        {"a large body", "POST /-/reload HTTP/1.1\r\nContent-Length: 10000000\r\n\r\n" + std::string(100'000, 'a'),
         "HTTP/1.1 413 "},
        {"chunks", "POST /-/reload HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n" + std::string(9'000, 'a'),
         "HTTP/1.1 501 "},
        {"many ranges", "GET /metrics HTTP/1.1\r\nRange: " + ranges + "\r\n\r\n", "HTTP/1.1 416 "},
        {"zero bytes", std::string(3000, '\0') + "\r\n\r\n", "HTTP/1.1 400 "},
        {"TLS on a plain port", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + std::string(500, 'r'),
         "HTTP/1.1 400 "},
        {"half a request", "GET /metrics HT", ""},
    };
    for (const auto& [description, request, expected] : cases) {
        const RawClient client(server_->port());
        client.send(request);
        client.end();
        const std::string answer = client.receive();
        EXPECT_EQ(answer.substr(0, 13), expected) << description;
        EXPECT_LT(answer.size(), 1'000) << description;
    }
    EXPECT_EQ(this->client().Get("/metrics")->status, 200) << "it still serves";
}

TEST_F(MetricsClientsTest, CollectsNoMoreOftenInAStorm) {
    start();
    std::atomic<int> answered = 0;
    const auto begin = steady_clock::now();
    std::vector<std::thread> storm;
    for (int i = 0; i < 8; ++i) {
        storm.emplace_back([&] {
            for (int j = 0; j < 40; ++j) {
                const httplib::Result result = client().Get("/metrics");
                if (result && result->status == 200) ++answered;
            }
        });
    }
    for (std::thread& thread : storm) thread.join();
    const auto intervals = (steady_clock::now() - begin) / kCollectInterval;
    EXPECT_EQ(answered, 320);
    EXPECT_LE(collected_, intervals + 1);
}

TEST_F(MetricsClientsTest, EndsWhileClientsAreThere) {
    start();
    std::vector<std::unique_ptr<RawClient>> idle;
    for (std::size_t i = 0; i < MetricsServer::kMaxConnections + 5; ++i) {
        idle.push_back(std::make_unique<RawClient>(server_->port()));
    }
    std::this_thread::sleep_for(milliseconds(50));
    const auto begin = steady_clock::now();
    server_.reset();
    EXPECT_LT(steady_clock::now() - begin, seconds(3)) << "the limit of a connection is longer";
}

}  // namespace
}  // namespace telltale::prometheus_http
