// SPDX-License-Identifier: Apache-2.0
#include <crypt.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <chrono>

#include "exporters/prometheus/credentials.h"
#include "tests/unit/exporters/metrics_client.h"

namespace telltale::prometheus_http {
namespace {

using Verdict = Credentials::Verdict;
using std::chrono::steady_clock;

std::string hash_of(const std::string& password, unsigned long cost = 4) {
    std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> salt{};
    crypt_gensalt_rn("$2y$", cost, nullptr, 0, salt.data(), salt.size());
    crypt_data room{};
    return crypt_r(password.c_str(), salt.data(), &room);
}

std::string header(const std::string& user, const std::string& password) {
    return httplib::make_basic_authentication_header(user, password).second;
}

TEST(Credentials, KnowUsersAndTheirPasswords) {
    Credentials credentials({{"prometheus", hash_of("se:cret")}, {"anna", hash_of("")}});
    const struct {
        const char* description;
        std::string authorization;
        Verdict verdict;
    } cases[] = {
        {"the right one", header("prometheus", "se:cret"), Verdict::accepted},
        {"once more", header("prometheus", "se:cret"), Verdict::accepted},
        {"another user's", header("anna", "se:cret"), Verdict::refused},
        {"a wrong one", header("prometheus", "secret"), Verdict::refused},
        {"an unknown user", header("eve", "se:cret"), Verdict::refused},
        {"an empty password that is right", header("anna", ""), Verdict::accepted},
        {"no header", "", Verdict::refused},
        {"another scheme", "Bearer abcd", Verdict::refused},
        {"no base64", "Basic !!!!", Verdict::refused},
        {"base64 that is cut", "Basic YWJ", Verdict::refused},
        {"only padding", "Basic ====", Verdict::refused},
        {"no colon", "Basic YWJj", Verdict::refused},
        {"a long one", "Basic " + std::string(100'000, 'A'), Verdict::refused},
    };
    for (const auto& [description, authorization, verdict] : cases) {
        EXPECT_EQ(credentials.check(authorization), verdict) << description;
    }
}

TEST(Credentials, HashAnAcceptedPasswordOnce) {
    Credentials credentials({{"prometheus", hash_of("secret", 10)}});
    const std::string right = header("prometheus", "secret");
    ASSERT_EQ(credentials.check(right), Verdict::accepted);
    const auto begin = steady_clock::now();
    for (int i = 0; i < 100; ++i) EXPECT_EQ(credentials.check(right), Verdict::accepted);
    EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(1)) << "each hash takes some 50 ms";
}

TEST(Credentials, KnowHashes) {
    EXPECT_TRUE(is_password_hash(hash_of("x")));
    for (const char* text : {"", "secret", "$1$abc$def", "$2y$10$short"}) EXPECT_FALSE(is_password_hash(text)) << text;
}

TEST_F(PrometheusServerTest, AnswersOnlyUsers) {
    ServerConfig config;
    config.users = {{"prometheus", hash_of("secret")}};
    start(config);
    httplib::Result result = client().Get("/metrics");
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, 401);
    EXPECT_EQ(result->get_header_value("WWW-Authenticate"), "Basic realm=\"telltale\"");
    httplib::Client known = client();
    known.set_basic_auth("prometheus", "secret");
    EXPECT_EQ(known.Get("/metrics")->status, 200);
    EXPECT_EQ(known.Get("/-/ready")->status, 200);
}

}  // namespace
}  // namespace telltale::prometheus_http
