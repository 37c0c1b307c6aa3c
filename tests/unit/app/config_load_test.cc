// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "sensor/app/config/load_config.h"
#include "sensor/app/config/option.h"

namespace telltale::app {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

constexpr std::int64_t kSecond = 1'000'000'000;

struct BadCase {
    const char* description;
    std::string text;
    std::string errors;
};

std::string nested(int depth) { return std::string(static_cast<std::size_t>(depth), '['); }

std::string networks(int count) {
    std::string text = "networks: {home: [";
    for (int i = 0; i < count; ++i) text += "10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256) + ",";
    return text + "]}";
}

std::vector<BadCase> bad_values() {
    return {
        BadCase{"nothing", "", "c.yaml:1: the file is empty"},
        BadCase{"only comments", "# workers: 2\n", "c.yaml:1: the file is empty"},
        BadCase{"no map", "- workers\n", "c.yaml:1: configuration must be a map, found a list"},
        BadCase{"unknown key", "\nworkrs: 2\n", "c.yaml:2: unknown key 'workrs', did you mean 'workers'?"},
        BadCase{"unknown section", "trakcing: {flows: 2000}\n",
                "c.yaml:1: unknown key 'trakcing', did you mean 'tracking'?"},
        BadCase{"unknown key of a section", "tracking:\n  flow: 2000\n",
                "c.yaml:2: unknown key 'flow', did you mean 'flows'?"},
        BadCase{"unknown key without a near one", "postgres: {host: h}\n", "c.yaml:1: unknown key 'postgres'"},
        BadCase{"repeated key", "workers: 1\nworkers: 2\n", "c.yaml:2: key 'workers' is repeated in one configuration"},
        BadCase{"repeated key of a section", "tracking:\n  flows: 2000\n  flows: 3000\n",
                "c.yaml:3: key 'flows' is repeated in one section 'tracking'"},
        BadCase{"repeated section", "store: {events: 1000}\nstore: {size: 1MiB}\n",
                "c.yaml:2: key 'store' is repeated in one configuration"},
        BadCase{"section that is no map", "tracking: 5\n",
                "c.yaml:1: section 'tracking' must be a map, found a single value"},
        BadCase{"key that is no word", "[a, b]: 1\n", "c.yaml:1: a key of configuration must be a single word"},
        BadCase{"count: a word", "workers: two\n",
                "c.yaml:1: 'workers' must be a whole number from 1 to 64, found 'two'"},
        BadCase{"count: below", "workers: 0\n", "c.yaml:1: 'workers' must be a whole number from 1 to 64, found '0'"},
        BadCase{"count: above", "workers: 65\n", "c.yaml:1: 'workers' must be a whole number from 1 to 64, found '65'"},
        BadCase{"count: negative", "workers: -1\n",
                "c.yaml:1: 'workers' must be a whole number from 1 to 64, found '-1'"},
        BadCase{"count: a fraction", "workers: 1.5\n",
                "c.yaml:1: 'workers' must be a whole number from 1 to 64, found '1.5'"},
        BadCase{"count: beyond 64 bits", "workers: 18446744073709551617\n",
                "c.yaml:1: 'workers' must be a whole number from 1 to 64, found '18446744073709551617'"},
        BadCase{"count: nothing", "workers:\n",
                "c.yaml:1: 'workers' must be a whole number from 1 to 64, found nothing"},
        BadCase{"count: a list", "workers: [1]\n",
                "c.yaml:1: 'workers' must be a whole number from 1 to 64, found a list"},
        BadCase{"count: a map", "workers: {n: 1}\n",
                "c.yaml:1: 'workers' must be a whole number from 1 to 64, found a map"},
        BadCase{
            "duration: no unit", "tracking: {interval: 60}\n",
            "c.yaml:1: 'tracking.interval' must be a duration from 1s to 1h (a whole number and s, m, h or d), found "
            "'60'"},
        BadCase{
            "duration: unknown unit", "tracking: {interval: 500ms}\n",
            "c.yaml:1: 'tracking.interval' must be a duration from 1s to 1h (a whole number and s, m, h or d), found "
            "'500ms'"},
        BadCase{
            "duration: above", "tracking:\n  interval: 61m\n",
            "c.yaml:2: 'tracking.interval' must be a duration from 1s to 1h (a whole number and s, m, h or d), found "
            "'61m'"},
        BadCase{
            "duration: beyond 63 bits", "fragments: {timeout: 9999999999d}\n",
            "c.yaml:1: 'fragments.timeout' must be a duration from 1s to 10m (a whole number and s, m, h or d), found "
            "'9999999999d'"},
        BadCase{
            "size: no unit", "store: {size: 268435456}\n",
            "c.yaml:1: 'store.size' must be a size from 1MiB to 64GiB (a whole number and B, KiB, MiB or GiB), found "
            "'268435456'"},
        BadCase{
            "size: a decimal unit", "store: {size: 64MB}\n",
            "c.yaml:1: 'store.size' must be a size from 1MiB to 64GiB (a whole number and B, KiB, MiB or GiB), found "
            "'64MB'"},
        BadCase{
            "size: below", "tracking: {stream_buffer_size: 1KiB}\n",
            "c.yaml:1: 'tracking.stream_buffer_size' must be a size from 4KiB to 64KiB (a whole number and B, KiB, MiB "
            "or GiB), found '1KiB'"},
        BadCase{"flag: another word", "networks: {learn_ipv6: yes}\n",
                "c.yaml:1: 'networks.learn_ipv6' must be true or false, found 'yes'"},
        BadCase{"path: a list", "site_key_file: [a]\n", "c.yaml:1: 'site_key_file' must be a path, found a list"},
        BadCase{"path: empty", "signatures: {path: ''}\n", "c.yaml:1: 'signatures.path' must be a path, found nothing"},
    };
}

std::vector<BadCase> bad_lists() {
    return {
        BadCase{"networks: no list", "networks: {home: 10.0.0.0/8}\n",
                "c.yaml:1: 'networks.home' must be a list of networks, found '10.0.0.0/8'"},
        BadCase{"networks: an empty list", "networks: {home: []}\n",
                "c.yaml:1: 'networks.home': the list is empty: leave it out for the private (RFC 1918), unique local, "
                "link-local and loopback networks"},
        BadCase{"networks: none, and one twice",
                "networks:\n  home:\n    - 10.0.0.0/33\n    - ::1\n    - [a]\n    - ::1\n",
                "c.yaml:3: 'networks.home': '10.0.0.0/33' is not a network: write it as 10.0.0.0/8 or 2001:db8::/32\n"
                "c.yaml:5: 'networks.home': '' is not a network: write it as 10.0.0.0/8 or 2001:db8::/32\n"
                "c.yaml:6: 'networks.home': '::1' occurs twice"},
        BadCase{"networks: too many", networks(257), "c.yaml:1: 'networks.home': more than 256 networks"},
        BadCase{"MAC addresses", "ignore: {macs: [00:1a:2b:3c:4d, '00:1a:2b:3c:4d:5e']}\n",
                "c.yaml:1: 'ignore.macs': '00:1a:2b:3c:4d' is not a MAC address: write it as '00:1a:2b:3c:4d:5e'"},
        BadCase{"numbers: out of range", "ignore:\n  vlans: [1, 4095]\n",
                "c.yaml:2: 'ignore.vlans': '4095' must be a whole number from 1 to 4094"},
        BadCase{"numbers: no list", "ignore:\n  vlans: 7\n",
                "c.yaml:2: 'ignore.vlans' must be a list of whole numbers from 1 to 4094, found '7'"},
        BadCase{"numbers: twice", "ignore:\n  vlans: [7, 7]\n", "c.yaml:2: 'ignore.vlans': '7' occurs twice"},
        BadCase{"text: a list", "sensor_id: [a]\n",
                "c.yaml:1: 'sensor_id' must be text of at most 128 characters, found a list"},
        BadCase{"text: control characters", "sensor_id: \"a\\nb\"\n",
                "c.yaml:1: 'sensor_id' must be text of at most 128 characters, found 'a?b'"},
        BadCase{
            "text: too long", "sensor_id: " + std::string(129, 'x') + "\n",
            "c.yaml:1: 'sensor_id' must be text of at most 128 characters, found '" + std::string(80, 'x') + "...'"},
        BadCase{"list of text: one text", "kafka: {brokers: b:9092}\n",
                "c.yaml:1: 'kafka.brokers' must be a list of text, found 'b:9092'"},
        BadCase{"list of text: a map in it", "kafka:\n  brokers:\n    - b: 1\n",
                "c.yaml:3: 'kafka.brokers': '' must be text of at most 255 characters"},
        BadCase{"word: another", "kafka: {security.protocol: tls}\n",
                "c.yaml:1: 'kafka.security.protocol' must be plaintext, ssl, sasl_plaintext or sasl_ssl, found 'tls'"},
        BadCase{"a key with dots that is unknown", "kafka: {security.protocl: ssl}\n",
                "c.yaml:1: unknown key 'security.protocl', did you mean 'security.protocol'?"},
        BadCase{"map: a list", "kafka: {properties: [a]}\n",
                "c.yaml:1: 'kafka.properties' must be a map of names to text, found a list"},
        BadCase{"map: a list in it, and a name twice", "kafka:\n  properties:\n    a: [1]\n    b: 1\n    b: 2\n",
                "c.yaml:3: 'kafka.properties': 'a' must be text, found a list\n"
                "c.yaml:5: 'kafka.properties': 'b' occurs twice"},
        BadCase{"list of maps: a map", "taps: {name: a}\n", "c.yaml:1: 'taps' must be a list of maps"},
        BadCase{"list of maps: text in it", "taps:\n  - eth0\n",
                "c.yaml:2: an entry of 'taps' must be a map, found a single value"},
        BadCase{"list of maps: what is missing, and an unknown key",
                "taps:\n  - name: a\n    ports: [eth0]\n  - port: [eth1]\n",
                "c.yaml:4: 'taps[].name' is missing\n"
                "c.yaml:4: 'taps[].ports' is missing\n"
                "c.yaml:4: unknown key 'port', did you mean 'ports'?"},
        BadCase{"list of maps: too many ports", "taps:\n  - name: a\n    ports: [a, b, c]\n",
                "c.yaml:3: 'taps[].ports': more than 2 entries"},
        BadCase{"list of maps: no port", "taps:\n  - name: a\n    ports: []\n",
                "c.yaml:3: 'taps[].ports': the list is empty"},
    };
}

std::vector<BadCase> bad_files() {
    return {
        BadCase{"several at once", "workers: 0\ntracking: {flows: x}\nlimit: {}\n",
                "c.yaml:1: 'workers' must be a whole number from 1 to 64, found '0'\n"
                "c.yaml:2: 'tracking.flows' must be a whole number from 1024 to 4194304, found 'x'\n"
                "c.yaml:3: unknown key 'limit', did you mean 'limits'?"},
        BadCase{"control characters are not repeated", "workers: \"\\e[2J\"\n",
                "c.yaml:1: 'workers' must be a whole number from 1 to 64, found '?[2J'"},
        BadCase{"an anchor", "workers: &w 2\n",
                "c.yaml:1: not valid here: an anchor is not allowed: write the value out"},
        BadCase{"an alias", "workers: *w\n", "c.yaml:1: not valid here: the referenced anchor is not defined"},
        BadCase{"a tag", "workers: !!int 2\n", "c.yaml:1: not valid here: a tag is not allowed"},
        BadCase{"two documents", "workers: 2\n---\nworkers: 3\n",
                "c.yaml:3: a second document in one file is not allowed"},
        BadCase{"nesting", nested(40), "c.yaml:1: not valid here: nested deeper than 16"},
        BadCase{"no YAML", "workers: 2\n  - x: [\n", "c.yaml:2: not valid here: illegal map value"},
        BadCase{"a NUL byte", std::string("workers: 2\0", 11),
                "c.yaml:1: a NUL byte at offset 10: this is not a text file"},
    };
}

TEST(LoadConfig, TellsWhatIsWrongWithFileAndLine) {
    for (const auto& cases : {bad_values(), bad_lists(), bad_files()}) {
        for (const BadCase& bad : cases) {
            const auto loaded = parse_config(bad.text, "c.yaml");
            EXPECT_EQ(loaded ? "no error" : loaded.error().text, bad.errors) << bad.description;
        }
    }
}

TEST(LoadConfig, NamesThePresentKeyOfAFormerOne) {
    const auto loaded = parse_config("service:\n  log_level: info\n  snapshot_interval: 1m\n", "c.yaml");
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().text, "c.yaml:3: 'snapshot_interval' is now called 'service.state_interval'");
}

// One value of every type, always another than the default.
TEST(LoadConfig, TakesOverWhatTheFileSays) {
    const auto loaded = parse_config(
        "workers: 3\n"
        "site_key_file: keys/site.key\n"
        "networks:\n"
        "  home: [192.0.2.0/24, 2001:db8::/32]\n"
        "  learn_ipv6: false\n"
        "signatures: {path: /srv/bundle, cache: ../cache}\n"
        "tracking: {flows: 2048, interval: 10s, tcp_idle: 2h, stream_buffer_size: 32KiB}\n"
        "fragments: {datagrams: 7}\n"
        "alerts: {update_interval: 1d}\n"
        "limits: {devices: 100}\n"
        "store: {events: 5000, size: 2GiB}\n"
        "taps:\n"
        "  - {name: up, ports: [eth0, eth1], blind_after: 2m}\n"
        "  - name: card\n"
        "    ports: ['0000:03:00.0']\n"
        "    promiscuous: false\n"
        "ignore: {networks: [198.51.100.0/24], vlans: [7, 8], macs: ['00:1a:2b:3c:4d:5e'], all_but: not port 5060}\n"
        "kafka:\n"
        "  brokers: [a:9092, b:9092]\n"
        "  sasl.mechanism: PLAIN\n"
        "  ssl.ca.location: ca.pem\n"
        "  properties: {linger.ms: 50, client.id: sensor one}\n"
        "metrics: {port: 0}\n"
        "service: {log_level: warning}\n",
        "/etc/telltale/c.yaml");
    ASSERT_TRUE(loaded) << loaded.error().text;
    const Config& config = loaded->config;
    EXPECT_EQ(config.workers, 3u);
    EXPECT_EQ(config.site_key_file, "/etc/telltale/keys/site.key");
    EXPECT_THAT(config.correlating.home_networks,
                ElementsAre(*model::parse_prefix("192.0.2.0/24"), *model::parse_prefix("2001:db8::/32")));
    EXPECT_FALSE(config.correlating.learn_ipv6_prefixes);
    EXPECT_EQ(config.signatures, "/srv/bundle");
    EXPECT_EQ(config.cache_dir, "/etc/cache");
    EXPECT_EQ(config.tracking.flows, 2048u);
    EXPECT_EQ(config.tracking.interval_ns, 10 * kSecond);
    EXPECT_EQ(config.correlating.interval_ns, 10 * kSecond) << "the ledger's interval is that of the workers";
    EXPECT_EQ(config.tracking.tcp_idle_ns, 7200 * kSecond);
    EXPECT_EQ(config.tracking.udp_idle_ns, Config{}.tracking.udp_idle_ns) << "what is left out has its default";
    EXPECT_EQ(config.tracking.stream_buffer_bytes, 32u * 1024);
    EXPECT_EQ(config.defragmenting.datagrams, 7u);
    EXPECT_EQ(config.correlating.alert_update_ns, 86'400 * kSecond);
    EXPECT_EQ(config.correlating.max_devices, 100u);
    EXPECT_EQ(config.store.max_events, 5000u);
    EXPECT_EQ(config.store.max_bytes, std::size_t{2} << 30);
    ASSERT_EQ(config.taps.size(), 2u);
    EXPECT_EQ(config.taps[0].name, "up");
    ASSERT_EQ(config.taps[0].ports.size(), 2u);
    EXPECT_EQ(config.taps[0].ports[1].device, "eth1");
    EXPECT_EQ(config.taps[0].blind_after_s, 120);
    EXPECT_TRUE(config.taps[0].promiscuous);
    EXPECT_EQ(config.taps[1].ports[0].device, "0000:03:00.0");
    EXPECT_FALSE(config.taps[1].promiscuous);
    EXPECT_THAT(config.filter.networks, ElementsAre(*model::parse_prefix("198.51.100.0/24")));
    EXPECT_THAT(config.filter.vlans, ElementsAre(7, 8));
    EXPECT_THAT(config.filter.macs, ElementsAre(*model::parse_mac("00:1a:2b:3c:4d:5e")));
    EXPECT_EQ(config.filter.capture_filter, "not port 5060");
    EXPECT_THAT(config.kafka.brokers, ElementsAre("a:9092", "b:9092"));
    EXPECT_EQ(config.kafka.sasl_mechanism, "PLAIN");
    EXPECT_EQ(config.kafka.ssl_ca_location, "/etc/telltale/ca.pem");
    EXPECT_EQ(config.kafka.properties, (TextMap{{"client.id", "sensor one"}, {"linger.ms", "50"}}));
    EXPECT_EQ(config.metrics.server.port, 0);
    EXPECT_EQ(config.service.log_level, "warning");
    EXPECT_EQ(loaded->where("taps[1].name"), "/etc/telltale/c.yaml:14: 'taps[1].name'");
    EXPECT_EQ(loaded->where("site_key_file"), "/etc/telltale/c.yaml:2: 'site_key_file'");
    EXPECT_EQ(loaded->where("signatures.path"), "/etc/telltale/c.yaml:6: 'signatures.path'");
    EXPECT_EQ(loaded->where("tracking.udp_idle"), "'tracking.udp_idle'");
}

TEST(LoadConfig, TakesASectionOfWhichOnlyCommentsAreLeft) {
    const auto loaded = parse_config("networks:\n  #home: [192.0.2.0/24]\nworkers: 2\n", "c.yaml");
    ASSERT_TRUE(loaded) << loaded.error().text;
    EXPECT_EQ(loaded->config.workers, 2u);
}

class ConfigFile : public testing::Test {
  protected:
    ConfigFile() {
        const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
        path_ = fs::path(testing::TempDir()) / ("telltale_config_" + name + ".yaml");
        fs::remove_all(path_);
    }
    ~ConfigFile() override { fs::remove_all(path_); }
    void write(const std::string& text) const { std::ofstream(path_, std::ios::binary) << text; }

    fs::path path_;
};

TEST_F(ConfigFile, IsRead) {
    write("workers: 5\n");
    const auto loaded = load_config(path_);
    ASSERT_TRUE(loaded) << loaded.error().text;
    EXPECT_EQ(loaded->config.workers, 5u);
    EXPECT_EQ(loaded->file, path_);
}

TEST_F(ConfigFile, ThatIsMissingIsNamed) {
    const auto loaded = load_config(path_);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().text, path_.string() + ": cannot be read: No such file or directory");
}

TEST_F(ConfigFile, ThatIsAFolderIsRefused) {
    fs::create_directory(path_);
    const auto loaded = load_config(path_);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().text, path_.string() + ": is a folder, not a configuration file");
}

TEST_F(ConfigFile, ThatIsTooLargeIsRefused) {
    const std::size_t largest = std::size_t{1} << 20;
    const std::string text = "workers: 5\n#";
    write(text + std::string(largest - text.size(), 'x'));
    EXPECT_TRUE(load_config(path_));
    write(text + std::string(largest - text.size() + 1, 'x'));
    const auto loaded = load_config(path_);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().text, path_.string() + ": is larger than 1 MiB");
}

}  // namespace
}  // namespace telltale::app
