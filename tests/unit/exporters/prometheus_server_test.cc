// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "exporters/prometheus/metrics_server.h"

namespace telltale::prometheus_http {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// A socket that speaks no HTTP by itself.
class RawClient {
  public:
    explicit RawClient(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
        const timeval limit{20, 0};
        setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    }
    ~RawClient() { close(socket_); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    bool send(const std::string& text) const {
        return ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
    }
    void end() const { shutdown(socket_, SHUT_WR); }
    // Until the server closes; "timeout" when it does not.
    std::string receive() const {
        std::string all;
        std::array<char, 4096> buffer{};
        while (true) {
            const ssize_t got = recv(socket_, buffer.data(), buffer.size(), 0);
            if (got > 0) {
                all.append(buffer.data(), static_cast<std::size_t>(got));
            } else {
                return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? "timeout" : all;
            }
        }
    }

  private:
    int socket_;
};

// A certificate for localhost, signed by itself, and its key.
class Certificate {
  public:
    Certificate() {
        std::string pattern = (fs::temp_directory_path() / "metrics-tls-XXXXXX").string();
        folder_ = mkdtemp(pattern.data());
        EVP_PKEY* key = EVP_EC_gen("P-256");
        X509* x509 = X509_new();
        ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
        X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
        X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
        X509_NAME* name = X509_get_subject_name(x509);
        const unsigned char host[] = "localhost";
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, host, -1, -1, 0);
        X509_set_issuer_name(x509, name);
        X509_set_pubkey(x509, key);
        X509_sign(x509, key, EVP_sha256());
        std::FILE* file = std::fopen(certificate().c_str(), "w");
        PEM_write_X509(file, x509);
        std::fclose(file);
        file = std::fopen(this->key().c_str(), "w");
        PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
        std::fclose(file);
        X509_free(x509);
        EVP_PKEY_free(key);
    }
    ~Certificate() { fs::remove_all(folder_); }
    Certificate(const Certificate&) = delete;
    Certificate& operator=(const Certificate&) = delete;

    [[nodiscard]] fs::path certificate() const { return folder_ / "cert.pem"; }
    [[nodiscard]] fs::path key() const { return folder_ / "key.pem"; }

  private:
    fs::path folder_;
};

class PrometheusServerTest : public testing::Test {
  protected:
    // cpp-httplib, which is compiled without ThreadSanitizer, fills a static variable of a function at its first
    // request; that a second one waits for it would not be seen. The first one ends before all others here.
    static void SetUpTestSuite() {
        ServerConfig config;
        config.port = 0;
        const auto started = MetricsServer::start(config, {});
        ASSERT_TRUE(started) << started.error().text;
        ASSERT_TRUE(httplib::Client("127.0.0.1", started.value()->port()).Get("/-/healthy"));
    }

    void start(ServerConfig config = {}, Hooks hooks = {}) {
        config.port = 0;
        if (!hooks.collect) {
            hooks.collect = [this] {
                const double count = ++collected_;
                return std::vector<Family>{
                    {"telltale_scrapes_total", "Scrapes.", MetricType::counter, {{{}, count}}, {}}};
            };
        }
        base::Result<std::unique_ptr<MetricsServer>> started = MetricsServer::start(config, std::move(hooks));
        ASSERT_TRUE(started) << started.error().text;
        server_ = std::move(*started);
    }
    [[nodiscard]] httplib::Client client() const { return httplib::Client("127.0.0.1", server_->port()); }

    std::atomic<int> collected_ = 0;
    std::unique_ptr<MetricsServer> server_;
};

TEST_F(PrometheusServerTest, AnswersWhatThereIs) {
    std::atomic<bool> well = true;
    int reloads = 0;
    Hooks hooks;
    hooks.healthy = [&] { return Answer{well, well ? "fine" : "a worker hangs"}; };
    hooks.ready = [&] { return Answer{well, "ready?"}; };
    hooks.reload = [&] { return Answer{++reloads == 1, "reloaded " + std::to_string(reloads)}; };
    start({}, hooks);
    const struct {
        const char* method;
        const char* path;
        bool well;
        int status;
        const char* body;
    } cases[] = {
        {"GET", "/-/healthy", true, 200, "fine\n"},
        {"GET", "/-/ready", true, 200, "ready?\n"},
        {"GET", "/-/healthy", false, 503, "a worker hangs\n"},
        {"GET", "/-/ready", false, 503, "ready?\n"},
        {"POST", "/-/reload", true, 200, "reloaded 1\n"},
        {"POST", "/-/reload", true, 500, "reloaded 2\n"},
        {"GET", "/-/reload", true, 405, "reload with POST, as in: curl -X POST .../-/reload\n"},
        {"GET", "/", true, 404, "there are GET /metrics, GET /-/healthy, GET /-/ready and POST /-/reload\n"},
        {"GET", "/metricsx", true, 404, "there are GET /metrics, GET /-/healthy, GET /-/ready and POST /-/reload\n"},
        {"DELETE", "/metrics", true, 404, "there are GET /metrics, GET /-/healthy, GET /-/ready and POST /-/reload\n"},
    };
    for (const auto& [method, path, is_well, status, body] : cases) {
        well = is_well;
        httplib::Request request;
        request.method = method;
        request.path = path;
        const httplib::Result result = client().send(request);
        ASSERT_TRUE(result) << method << " " << path;
        EXPECT_EQ(result->status, status) << method << " " << path;
        EXPECT_EQ(result->body, body) << method << " " << path;
    }
    EXPECT_EQ(reloads, 2) << "GET must not reload";
}

TEST_F(PrometheusServerTest, ReloadsOnARequestWithoutBodyAndLength) {
    Hooks hooks;
    hooks.reload = [] { return Answer{true, "reloaded"}; };
    start({}, hooks);
    const RawClient client(server_->port());
    const auto begin = steady_clock::now();
    client.send("POST /-/reload HTTP/1.1\r\nHost: sensor\r\n\r\n");
    EXPECT_NE(client.receive().find("200 OK"), std::string::npos);
    EXPECT_LT(steady_clock::now() - begin, seconds(5));
}

TEST_F(PrometheusServerTest, ShowsMetrics) {
    start();
    const httplib::Result result = client().Get("/metrics");
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, 200);
    EXPECT_EQ(result->get_header_value("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_NE(result->body.find("\ntelltale_scrapes_total 1\n"), std::string::npos) << result->body;
}

TEST_F(PrometheusServerTest, WithoutHooksIsWellAndReloadsNothing) {
    start();
    EXPECT_EQ(client().Get("/-/healthy")->status, 200);
    EXPECT_EQ(client().Get("/-/ready")->status, 200);
    EXPECT_EQ(client().Post("/-/reload")->status, 404);
}

TEST_F(PrometheusServerTest, LetsNoWebPageReload) {
    int reloads = 0;
    Hooks hooks;
    hooks.reload = [&] { return ++reloads, Answer{}; };
    start({}, hooks);
    EXPECT_EQ(client().Post("/-/reload", {{"Origin", "http://evil.example"}}, "", "text/plain")->status, 403);
    EXPECT_EQ(reloads, 0);
}

TEST_F(PrometheusServerTest, SurvivesAHookThatThrows) {
    Hooks hooks;
    hooks.ready = []() -> Answer { throw std::runtime_error("secret"); };
    start({}, hooks);
    const httplib::Result result = client().Get("/-/ready");
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, 500);
    EXPECT_EQ(result->body, "internal error\n");
}

TEST_F(PrometheusServerTest, SaysThatAPortIsTaken) {
    start();
    ServerConfig config;
    config.port = server_->port();
    const auto second = MetricsServer::start(config, {});
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().text.find("another program has it"), std::string::npos) << second.error().text;
    EXPECT_NE(second.error().text.find(std::to_string(config.port)), std::string::npos) << second.error().text;
    const std::uint16_t port = server_->port();
    server_.reset();
    config.port = port;
    EXPECT_TRUE(MetricsServer::start(config, {})) << "the port is free again at once";
}

TEST_F(PrometheusServerTest, SaysThatAnAddressIsNotThere) {
    ServerConfig config;
    config.address = "192.0.2.77";
    const auto started = MetricsServer::start(config, {});
    ASSERT_FALSE(started);
    EXPECT_NE(started.error().text.find("does not have the address"), std::string::npos) << started.error().text;
}

TEST_F(PrometheusServerTest, ClosesOnClientsThatDawdle) {
    ServerConfig config;
    config.connection_limit = milliseconds(300);
    start(config);
    const auto begin = steady_clock::now();
    std::vector<std::unique_ptr<RawClient>> slow;
    for (std::size_t i = 0; i < MetricsServer::kThreads; ++i) {
        slow.push_back(std::make_unique<RawClient>(server_->port()));
        slow.back()->send("GET /met");
    }
    // A byte now and then does not stretch the limit.
    for (int i = 0; i < 5; ++i) {
        std::this_thread::sleep_for(milliseconds(50));
        slow[0]->send("r");
    }
    httplib::Client quick = client();
    quick.set_read_timeout(seconds(20));
    EXPECT_EQ(quick.Get("/-/healthy")->status, 200) << "its turn comes";
    EXPECT_GE(steady_clock::now() - begin, milliseconds(250)) << "all threads were taken";
    for (const auto& one : slow) EXPECT_EQ(one->receive().find("200 OK"), std::string::npos);
}

TEST_F(PrometheusServerTest, BoundsRequests) {
    start();
    std::string ranges = "bytes=0-1";
    for (int i = 0; i < 1900; ++i) ranges += ",0-1";
    const struct {
        const char* description;
        std::string request;
    } cases[] = {
        {"a long line", "GET /" + std::string(100'000, 'a') + " HTTP/1.1\r\n\r\n"},
        {"a long header", "GET /metrics HTTP/1.1\r\nX: " + std::string(100'000, 'a') + "\r\n\r\n"},
        {"no line end", std::string(100'000, 'a')},
        {"a large body", "POST /-/reload HTTP/1.1\r\nContent-Length: 10000000\r\n\r\n" + std::string(100'000, 'a')},
        {"a claimed body", "POST /-/reload HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n"},
        {"chunks",
         "POST /-/reload HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n" + std::string(100'000, 'a')},
        {"many ranges", "GET /metrics HTTP/1.1\r\nRange: " + ranges + "\r\n\r\n"},
        {"zero bytes", std::string(3000, '\0') + "\r\n\r\n"},
        {"TLS on a plain port",
         std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + std::string(500, 'r')},
    };
    std::string many = "GET /metrics HTTP/1.1\r\n";
    for (int i = 0; i < 10'000; ++i) many += "X" + std::to_string(i) + ": y\r\n";
    for (const auto& [description, request] : cases) {
        const RawClient client(server_->port());
        client.send(request);
        client.end();
        const std::string answer = client.receive();
        EXPECT_NE(answer, "timeout") << description;
        EXPECT_LT(answer.size(), 600'000) << description;
    }
    const RawClient client(server_->port());
    client.send(many + "\r\n");
    EXPECT_EQ(client.receive().find("telltale_scrapes_total"), std::string::npos) << "more headers than are read";
    EXPECT_EQ(this->client().Get("/metrics")->status, 200) << "it still serves";
}

TEST_F(PrometheusServerTest, CollectsNoMoreOftenInAStorm) {
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

TEST_F(PrometheusServerTest, EndsWhileClientsAreThere) {
    start();
    std::vector<std::unique_ptr<RawClient>> idle;
    for (std::size_t i = 0; i < MetricsServer::kThreads + MetricsServer::kQueuedConnections + 5; ++i) {
        idle.push_back(std::make_unique<RawClient>(server_->port()));
    }
    std::this_thread::sleep_for(milliseconds(50));
    const auto begin = steady_clock::now();
    server_.reset();
    EXPECT_LT(steady_clock::now() - begin, seconds(3)) << "the limit of a connection is longer";
}

TEST_F(PrometheusServerTest, SpeaksTls) {
    const Certificate certificate;
    ServerConfig config;
    config.tls_certificate = certificate.certificate();
    config.tls_key = certificate.key();
    config.connection_limit = milliseconds(2000);
    start(config);
    httplib::SSLClient client("127.0.0.1", server_->port());
    client.enable_server_certificate_verification(false);
    for (int i = 0; i < 3; ++i) {
        const httplib::Result result = client.Get("/metrics");
        ASSERT_TRUE(result) << to_string(result.error());
        EXPECT_EQ(result->status, 200);
    }
    httplib::SSLClient distrustful("127.0.0.1", server_->port());
    EXPECT_FALSE(distrustful.Get("/metrics"));
    const RawClient plain(server_->port());
    plain.send("GET /metrics HTTP/1.1\r\n\r\n");
    EXPECT_EQ(plain.receive().find("telltale"), std::string::npos);
    const RawClient silent(server_->port());
    EXPECT_NE(silent.receive(), "timeout");
    EXPECT_TRUE(client.Get("/-/healthy"));
}

TEST_F(PrometheusServerTest, SaysWhatIsWrongWithTls) {
    const Certificate one;
    const Certificate other;
    const struct {
        fs::path certificate;
        fs::path key;
        std::string expected;
    } cases[] = {
        {one.certificate(), "", "must both be set, or neither"},
        {"", one.key(), "must both be set, or neither"},
        {"/nonexistent.pem", one.key(), "tls_certificate /nonexistent.pem cannot be used"},
        {one.certificate(), "/nonexistent.pem", "tls_key /nonexistent.pem cannot be used"},
        {one.key(), one.key(), "cannot be used (PEM is expected)"},
        {one.certificate(), other.key(), "tls_key " + other.key().string()},
    };
    for (const auto& [certificate, key, expected] : cases) {
        ServerConfig config;
        config.port = 0;
        config.tls_certificate = certificate;
        config.tls_key = key;
        const auto started = MetricsServer::start(config, {});
        ASSERT_FALSE(started) << expected;
        EXPECT_NE(started.error().text.find(expected), std::string::npos) << started.error().text;
    }
}

}  // namespace
}  // namespace telltale::prometheus_http
