// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <httplib.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "exporters/prometheus/metrics_server.h"
#include "tests/unit/exporters/metrics_client.h"

namespace telltale::prometheus_http {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// A certificate for localhost, signed by itself, and its key.
class Certificate {
  public:
    Certificate() {
        std::string pattern = (fs::temp_directory_path() / "metrics-tls-XXXXXX").string();
        folder_ = mkdtemp(pattern.data());
        EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
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

constexpr const char* kSecret = "0123456789abcdef";
const httplib::Headers kWithSecret{{"Authorization", std::string("Bearer ") + kSecret}};

TEST_F(PrometheusServerTest, AnswersWhatThereIs) {
    std::atomic<bool> well = true;
    int reloads = 0;
    Hooks hooks;
    hooks.healthy = [&] { return Answer{well, well ? "fine" : "a worker hangs"}; };
    hooks.ready = [&] { return Answer{well, "ready?"}; };
    hooks.reload = [&] { return Answer{++reloads == 1, "reloaded " + std::to_string(reloads)}; };
    ServerConfig config;
    config.reload_interval = milliseconds(0);
    config.reload_secret = kSecret;
    start(config, hooks);
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
        {"DELETE", "/metrics", true, 405, "use GET\n"},
        {"POST", "/-/ready", true, 405, "use GET\n"},
        {"HEAD", "/-/ready", true, 200, ""},
    };
    for (const auto& [method, path, is_well, status, body] : cases) {
        well = is_well;
        httplib::Request request;
        request.method = method;
        request.path = path;
        request.headers = kWithSecret;
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
    ServerConfig config;
    config.reload_secret = kSecret;
    start(config, hooks);
    const RawClient client(server_->port());
    const auto begin = steady_clock::now();
    client.send("POST /-/reload HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + std::string(kSecret) +
                "\r\n\r\n");
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
    ServerConfig config;
    config.reload_secret = kSecret;
    start(config, hooks);
    httplib::Headers headers = kWithSecret;
    headers.emplace("Origin", "http://evil.example");
    EXPECT_EQ(client().Post("/-/reload", headers, "", "text/plain")->status, 403);
    EXPECT_EQ(reloads, 0);
}

TEST_F(PrometheusServerTest, LetsNobodyReloadWithoutTheSecret) {
    int reloads = 0;
    Hooks hooks;
    hooks.reload = [&] { return ++reloads, Answer{}; };
    start({}, hooks);
    EXPECT_EQ(client().Post("/-/reload", kWithSecret, "", "text/plain")->status, 403) << "no secret is set";
    server_.reset();
    ServerConfig config;
    config.reload_secret = kSecret;
    config.users = {{"reader", "$2y$04$abcdefghijklmnopqrstuuuVwKgdKyBAFJzSrU3gqYjjIbA4FHOmK"}};
    start(config, hooks);
    const std::string secret(kSecret);
    for (const std::string& value :
         std::vector<std::string>{"", secret, "Bearer", "Bearer ", "Bearer " + secret + "x",
                                  "Bearer " + secret.substr(1), "bearer " + secret, "Basic cmVhZGVyOng="}) {
        EXPECT_EQ(client().Post("/-/reload", {{"Authorization", value}}, "", "text/plain")->status, 401) << value;
    }
    EXPECT_EQ(reloads, 0);
    EXPECT_EQ(client().Get("/metrics", kWithSecret)->status, 401) << "it is no right to read";
    EXPECT_EQ(client().Post("/-/reload", kWithSecret, "", "text/plain")->status, 200) << "and needs no password";
    EXPECT_EQ(reloads, 1);
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

TEST_F(PrometheusServerTest, IsReachedByNoNameOfAWebPage) {
    start();
    for (const char* host : {"localhost:9464", "127.0.0.1", "[::1]:1", ""}) {
        EXPECT_EQ(client().Get("/metrics", {{"Host", host}})->status, 200) << host;
    }
    for (const char* host : {"evil.example:9464", "localhost.evil.example", "127.0.0.1.evil.example"}) {
        EXPECT_EQ(client().Get("/metrics", {{"Host", host}})->status, 421) << host;
    }
}

TEST_F(PrometheusServerTest, ReloadsNotTooOften) {
    int reloads = 0;
    Hooks hooks;
    hooks.reload = [&] { return ++reloads, Answer{}; };
    ServerConfig config;
    config.reload_interval = milliseconds(300);
    config.reload_secret = kSecret;
    start(config, hooks);
    EXPECT_EQ(client().Post("/-/reload", kWithSecret, "", "text/plain")->status, 200);
    EXPECT_EQ(client().Post("/-/reload", kWithSecret, "", "text/plain")->status, 429);
    std::this_thread::sleep_for(config.reload_interval);
    EXPECT_EQ(client().Post("/-/reload", kWithSecret, "", "text/plain")->status, 200);
    EXPECT_EQ(reloads, 2);
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
    for (const auto& [cipher, accepted] :
         {std::pair{"ECDHE-ECDSA-AES128-GCM-SHA256", true}, std::pair{"ECDHE-ECDSA-AES128-SHA256", false}}) {
        httplib::SSLClient old("127.0.0.1", server_->port());
        old.enable_server_certificate_verification(false);
        SSL_CTX_set_max_proto_version(old.ssl_context(), TLS1_2_VERSION);
        SSL_CTX_set_cipher_list(old.ssl_context(), cipher);
        EXPECT_EQ(static_cast<bool>(old.Get("/-/healthy")), accepted) << cipher;
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

TEST_F(PrometheusServerTest, AnswersOnlyClientsWithACertificate) {
    const Certificate server;
    const Certificate known;
    const Certificate stranger;
    ServerConfig config;
    config.tls_certificate = server.certificate();
    config.tls_key = server.key();
    config.tls_client_ca = known.certificate();
    start(config);
    const auto answers = [&](const std::string& certificate, const std::string& key) {
        httplib::SSLClient client("127.0.0.1", server_->port(), certificate, key);
        client.enable_server_certificate_verification(false);
        return static_cast<bool>(client.Get("/metrics"));
    };
    EXPECT_TRUE(answers(known.certificate(), known.key()));
    EXPECT_FALSE(answers(stranger.certificate(), stranger.key()));
    EXPECT_FALSE(answers("", ""));
}

TEST_F(PrometheusServerTest, KnowsWhetherOnlyThisMachineReachesIt) {
    start();
    EXPECT_TRUE(server_->on_loopback());
    ServerConfig config;
    config.address = "0.0.0.0";
    start(config);
    EXPECT_FALSE(server_->on_loopback());
    EXPECT_EQ(client().Get("/metrics", {{"Host", "sensor.example"}})->status, 200) << "it has names there";
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
