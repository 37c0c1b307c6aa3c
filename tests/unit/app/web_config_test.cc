// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/config/web_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace telltale::app {
namespace {

namespace fs = std::filesystem;

// A hash by its shape; which password it is of does not matter here.
constexpr const char* kHash = "$2y$04$abcdefghijklmnopqrstuuMFpZAPgmTNr1hsKrFWSLI3uHMcvFLm.";

class WebConfig : public testing::Test {
  protected:
    WebConfig() { fs::create_directory(folder_); }
    ~WebConfig() override { fs::remove_all(folder_); }

    // The error's text, or "" if the file was read.
    std::string read(const std::string& text) {
        std::ofstream(folder_ / "web.yml", std::ios::binary) << text;
        server_ = {};
        const base::Status status = read_web_config(folder_ / "web.yml", server_);
        return status ? "" : status.error().text;
    }

    fs::path folder_ = fs::path(testing::TempDir()) / "telltale_web_config";
    prometheus_http::ServerConfig server_;
};

TEST_F(WebConfig, ReadsWhatExportersShare) {
    EXPECT_EQ(read("tls_server_config:\n  cert_file: s.pem\n  key_file: /etc/s.key\n  client_ca_file: ca.pem\n"
                   "  client_auth_type: RequireAndVerifyClientCert\nbasic_auth_users:\n  prometheus: " +
                   std::string(kHash) + "\n"),
              "");
    EXPECT_EQ(server_.tls_certificate, folder_ / "s.pem");
    EXPECT_EQ(server_.tls_key, "/etc/s.key");
    EXPECT_EQ(server_.tls_client_ca, folder_ / "ca.pem");
    EXPECT_THAT(server_.users, testing::ElementsAre(testing::Pair("prometheus", kHash)));
}

TEST_F(WebConfig, NamesTheLineOfAMistake) {
    const struct {
        const char* description;
        const char* text;
        const char* expected;
    } cases[] = {
        {"a password in clear", "basic_auth_users:\n  prometheus: secret\n", ":2: a user's password is given as"},
        {"a key that is not known", "http_server_config: {http2: false}\n", ":1: unknown key 'http_server_config'"},
        {"no key file", "tls_server_config:\n  cert_file: s.pem\n", "'key_file'"},
        {"CAs that nobody needs",
         "tls_server_config:\n  cert_file: s\n  key_file: k\n  client_ca_file: c\n"
         "  client_auth_type: NoClientCert\n",
         ":5: "},
        {"clients' certificates of no CA",
         "tls_server_config:\n  cert_file: s\n  key_file: k\n  client_auth_type: RequireAndVerifyClientCert\n", ":4: "},
        {"no YAML", "a: [\n", "web.yml:"},
    };
    for (const auto& [description, text, expected] : cases) {
        EXPECT_THAT(read(text), testing::HasSubstr(expected)) << description;
    }
    EXPECT_FALSE(read_web_config(folder_ / "missing", server_));
}

}  // namespace
}  // namespace telltale::app
