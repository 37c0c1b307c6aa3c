// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "sensor/app/commands/check_command.h"
#include "sensor/app/commands/command_line.h"
#include "sensor/app/config/option_documents.h"

namespace telltale::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const std::string kSignatures = std::string(TELLTALE_SOURCE_DIR) + "/signatures";

// A folder for a configuration and what it names, and what `telltale check` says of it.
class CheckCommand : public testing::Test {
  protected:
    CheckCommand() {
        folder_ = fs::path(testing::TempDir()) /
                  (std::string("telltale_check_") + testing::UnitTest::GetInstance()->current_test_info()->name());
        fs::remove_all(folder_);
        fs::create_directory(folder_);
    }
    ~CheckCommand() override { fs::remove_all(folder_); }

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ / name, std::ios::binary) << text;
    }
    [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }

    int check(const CheckOptions& options) {
        testing::internal::CaptureStdout();
        testing::internal::CaptureStderr();
        const int status = run_check(options);
        output_ = testing::internal::GetCapturedStdout();
        problems_ = testing::internal::GetCapturedStderr();
        return status;
    }
    int check(const std::string& configuration) {
        write("c.yaml", configuration);
        CheckOptions options;
        options.config = path("c.yaml");
        return check(options);
    }

    fs::path folder_;
    std::string output_;
    std::string problems_;
};

TEST_F(CheckCommand, SaysThatAFileIsRight) {
    write("site.key", std::string(16, 'k'));
    EXPECT_EQ(check("site_key_file: site.key\nsignatures: {path: " + kSignatures + "}\n"), kExitDone);
    EXPECT_EQ(output_, path("c.yaml") + ": ok\n");
    EXPECT_THAT(problems_, IsEmpty());
}

TEST_F(CheckCommand, TellsEveryMistakeOfAFile) {
    EXPECT_EQ(check("workers: 0\ntracing: {}\n"), kExitBadInput);
    EXPECT_THAT(output_, IsEmpty());
    EXPECT_EQ(problems_, path("c.yaml") + ":1: 'workers' must be a whole number from 1 to 64, found '0'\n" +
                             path("c.yaml") + ":2: unknown key 'tracing', did you mean 'tracking'?\n");
}

TEST_F(CheckCommand, ReadsTheKeyAndTheSignaturesThatAFileNames) {
    write("short.key", "short");
    EXPECT_EQ(check("site_key_file: short.key\nsignatures:\n  path: none\n"), kExitBadInput);
    EXPECT_THAT(output_, IsEmpty());
    EXPECT_THAT(problems_, StartsWith(path("c.yaml") + ":1: 'site_key_file': " + path("short.key") +
                                      " must contain 16 to 4096 bytes"));
    EXPECT_THAT(problems_,
                HasSubstr("\n" + path("c.yaml") + ":3: 'signatures.path': the signatures in " + path("none") +
                          " cannot be used:\n" + path("none/manifest.yaml") + ": no such file\n"));
}

TEST_F(CheckCommand, HoldsAgainstRealityWhatTheServiceNeeds) {
    struct Case {
        const char* description;
        std::string text;
        const char* problem;
    };
    const Case cases[] = {
        {"two taps of one name", "taps: [{name: a, ports: [eth0]}, {name: a, ports: [eth1]}]\n", ":1: 'taps': "},
        {"a filter that does not compile", "ignore:\n  all_but: port or\n", ":1: 'ignore': "},
        {"a property that Kafka does not know", "kafka:\n  brokers: [b:1]\n  properties: {linger.msec: 5}\n",
         ":3: 'kafka.properties': "},
        {"a secret that is missing",
         "kafka: {brokers: [b:1], security.protocol: sasl_ssl, sasl.mechanism: PLAIN, sasl.username: u, "
         "sasl.password_file: none}\n",
         ":1: 'kafka.sasl.password_file': "},
        {"a CA that nothing would use", "kafka:\n  brokers: [b:1]\n  ssl.ca.location: ca.pem\n",
         ":3: 'kafka.ssl.ca.location': needs kafka.security.protocol ssl or sasl_ssl; it is not set"},
        {"a user that nothing would use", "kafka:\n  brokers: [b:1]\n  sasl.username: u\n",
         ":3: 'kafka.sasl.username': needs kafka.security.protocol"},
        {"a certificate without its key", "metrics: {tls_certificate: c.pem}\n", ":1: 'metrics.tls_certificate': "},
        {"clients' CAs without TLS", "metrics: {tls_client_ca: c.pem}\n", ":1: 'metrics.tls_client_ca': needs "},
    };
    for (const Case& c : cases) {
        EXPECT_EQ(check(c.text + "signatures: {path: " + kSignatures + "}\n"), kExitBadInput) << c.description;
        EXPECT_THAT(problems_, StartsWith(path("c.yaml") + c.problem)) << c.description;
    }
}

TEST_F(CheckCommand, PrintsSampleAndReference) {
    CheckOptions sample;
    sample.sample = true;
    EXPECT_EQ(check(sample), kExitDone);
    EXPECT_EQ(output_, sample_configuration());
    CheckOptions reference;
    reference.reference = true;
    EXPECT_EQ(check(reference), kExitDone);
    EXPECT_EQ(output_, option_reference());
}

// Parses `telltale ARGUMENTS`, without what that prints.
CommandLine parsed(const std::vector<const char*>& words) {
    std::vector<const char*> arguments{"telltale"};
    for (const char* word : words) arguments.push_back(word);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    CommandLine command = parse_command_line(static_cast<int>(arguments.size()), arguments.data());
    (void)testing::internal::GetCapturedStdout();
    (void)testing::internal::GetCapturedStderr();
    return command;
}

TEST(CheckCommandLine, WantsExactlyOneQuestion) {
    for (const std::vector<const char*>& arguments :
         std::vector<std::vector<const char*>>{{"check"},
                                               {"check", "--sample", "--reference"},
                                               {"check", "-c", "a.yaml", "--sample"},
                                               {"check", "a.yaml"}}) {
        const CommandLine command = parsed(arguments);
        ASSERT_TRUE(std::holds_alternative<int>(command)) << arguments.back();
        EXPECT_EQ(std::get<int>(command), kExitBadInput) << arguments.back();
    }
    const CommandLine command = parsed({"check", "-c", "a.yaml"});
    ASSERT_TRUE(std::holds_alternative<CheckOptions>(command));
    EXPECT_EQ(std::get<CheckOptions>(command).config, "a.yaml");
}

// Options that the command line does not give must not hide those of the configuration.
TEST(ReadCommandLine, SetsOnlyWhatItWasGiven) {
    const CommandLine command = parsed({"read", "-c", "a.yaml", "x.pcap"});
    ASSERT_TRUE(std::holds_alternative<ReadOptions>(command));
    const SessionOptions& options = std::get<ReadOptions>(command).session;
    EXPECT_EQ(options.config, "a.yaml");
    EXPECT_FALSE(options.workers);
    EXPECT_THAT(options.home_networks, IsEmpty());
    EXPECT_TRUE(options.signatures.empty() && options.site_key_file.empty() && options.cache_dir.empty());
    const CommandLine more = parsed({"read", "-c", "a.yaml", "--workers", "2", "x.pcap"});
    ASSERT_TRUE(std::holds_alternative<ReadOptions>(more));
    EXPECT_EQ(std::get<ReadOptions>(more).session.workers, 2u);
}

}  // namespace
}  // namespace telltale::app
