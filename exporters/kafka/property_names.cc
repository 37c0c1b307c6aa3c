// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/property_names.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <utility>

namespace telltale::kafka {
namespace {

struct Refusal {
    std::string_view name;
    std::string_view why;
};

constexpr std::string_view kPromise = "is fixed: that no event is lost rests on it";
constexpr std::string_view kOrder = "is fixed: the order of a device's events rests on it";
constexpr std::string_view kNoSecrets = "would put a secret into the configuration: use PEM files";
constexpr std::array kRefusals = {
    Refusal{"bootstrap.servers", "has an option of its own: kafka.brokers"},
    Refusal{"metadata.broker.list", "has an option of its own: kafka.brokers"},
    Refusal{"security.protocol", "has an option of its own: kafka.security.protocol"},
    Refusal{"sasl.mechanism", "has an option of its own: kafka.sasl.mechanism"},
    Refusal{"sasl.mechanisms", "has an option of its own: kafka.sasl.mechanism"},
    Refusal{"sasl.username", "has an option of its own: kafka.sasl.username"},
    Refusal{"sasl.password", "is a secret: name its file with kafka.sasl.password_file"},
    Refusal{"ssl.ca.location", "has an option of its own: kafka.ssl.ca.location"},
    Refusal{"ssl.certificate.location", "has an option of its own: kafka.ssl.certificate.location"},
    Refusal{"ssl.key.location", "has an option of its own: kafka.ssl.key.location"},
    Refusal{"ssl.key.password", "is a secret: name its file with kafka.ssl.key.password_file"},
    Refusal{"ssl.key.pem", kNoSecrets},
    Refusal{"ssl.keystore.password", kNoSecrets},
    Refusal{"sasl.oauthbearer.client.secret", "is not supported"},
    Refusal{"queue.buffering.max.messages", "has an option of its own: kafka.queue_events"},
    Refusal{"queue.buffering.max.kbytes", "has an option of its own: kafka.queue_size"},
    Refusal{"acks", kPromise},
    Refusal{"request.required.acks", kPromise},
    Refusal{"enable.idempotence", kPromise},
    Refusal{"enable.gapless.guarantee", kOrder},
    Refusal{"max.in.flight", kOrder},
    Refusal{"max.in.flight.requests.per.connection", kOrder},
    Refusal{"message.timeout.ms", kPromise},
    Refusal{"delivery.timeout.ms", kPromise},
    Refusal{"message.send.max.retries", kPromise},
    Refusal{"retries", kPromise},
    Refusal{"delivery.report.only.error", kPromise},
    Refusal{"transactional.id", "is not supported: repeats are recognised by event.id"},
    Refusal{"plugin.library.paths", "is not supported: it would load foreign code"},
    Refusal{"log.queue", "is used by the exporter itself"},
};

}  // namespace

std::string_view why_not_passed_through(std::string_view name) {
    const auto* refusal =
        std::find_if(kRefusals.begin(), kRefusals.end(), [&](const Refusal& other) { return other.name == name; });
    return refusal == kRefusals.end() ? std::string_view{} : refusal->why;
}

// librdkafka has no other list that also names what is unset by default. Lines are "name |  *  | range | ...", where
// the side is C for consumers, P for producers, * for both.
std::vector<std::string> producer_property_names() {
    char* text = nullptr;
    std::size_t size = 0;
    std::FILE* stream = open_memstream(&text, &size);
    if (stream == nullptr) return {};
    rd_kafka_conf_properties_show(stream);
    std::fclose(stream);
    std::vector<std::string> names;
    std::string_view rest(text, size);
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size() - 1);
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end + 1);
        const std::size_t name_end = line.find_first_of(" |");
        const std::size_t bar = line.find('|');
        if (name_end == 0 || bar == std::string_view::npos) continue;
        const std::string_view side = line.substr(bar + 1, line.find('|', bar + 1) - bar - 1);
        if (side.find_first_not_of(" *P") != std::string_view::npos) continue;
        names.emplace_back(line.substr(0, name_end));
    }
    std::free(text);
    return names;
}

std::string closest_name(std::string_view mistyped, const std::vector<std::string>& names) {
    constexpr std::size_t kMaxLength = 100;  // no name of librdkafka is longer
    if (mistyped.size() > kMaxLength) return {};
    std::size_t best = std::max<std::size_t>(2, mistyped.size() / 3) + 1;
    std::string closest;
    std::vector<std::size_t> row(mistyped.size() + 1);
    for (const std::string& name : names) {
        std::iota(row.begin(), row.end(), std::size_t{0});
        for (const char letter : name) {
            std::size_t diagonal = std::exchange(row[0], row[0] + 1);
            for (std::size_t i = 1; i < row.size(); ++i) {
                const std::size_t replaced = diagonal + (mistyped[i - 1] == letter ? 0 : 1);
                diagonal = std::exchange(row[i], std::min({row[i] + 1, row[i - 1] + 1, replaced}));
            }
        }
        if (row.back() < best) {
            best = row.back();
            closest = name;
        }
    }
    return closest;
}

}  // namespace telltale::kafka
