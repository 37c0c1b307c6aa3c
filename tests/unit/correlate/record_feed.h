// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sensor/correlate/correlator.h"
#include "sensor/model/event.h"
#include "sensor/model/record.h"
#include "signatures/bundle.h"

namespace telltale::correlate::testing {

inline constexpr std::int64_t kSecond = 1'000'000'000;

model::IpAddress ip(std::string_view text);
model::MacAddress mac(std::string_view text);

// Owners xiaomi (CN), google (US); makers xiaomi, apple, dell; names, fingerprints and policies for them.
signatures::Bundle small_bundle();

// The host-name signature of a bundle that is most specific for a name, by walking its suffixes.
std::optional<signatures::SignatureId> destination(const signatures::Bundle& bundle, std::string_view name);
std::vector<signatures::SignatureId> fingerprints(const signatures::Bundle& bundle, signatures::PatternSet set,
                                                  std::string_view text);

// The first packet of a flow.
struct Packet {
    std::string source = "192.168.1.5";
    std::string destination = "203.0.113.10";
    std::uint16_t source_port = 40000;
    std::uint16_t destination_port = 443;
    std::uint8_t protocol = model::kProtocolTcp;
    std::string source_mac = "0c:1d:af:00:00:05";
    std::string destination_mac = "00:11:22:00:00:01";
};

// An open flow as the feed remembers it.
struct Flow {
    model::RecordHeader header;  // of the first packet
};

struct Hello {
    std::string server_name = {};
    bool ech = false;
    bool truncated = false;
};

struct AddressAnswer {
    std::string address;
    std::uint32_t ttl_s = 60;
};

// Feeds a correlator with records as workers and match make them, and keeps its events. Each call is a frame of its own
// at `time_s`; flows are spread over `workers`.
class RecordFeed {
  public:
    explicit RecordFeed(CorrelateConfig config = {}, signatures::Bundle bundle = small_bundle(), unsigned workers = 1);

    void at(double time_s) { now_ns_ = static_cast<std::int64_t>(time_s * 1e9); }
    // The next record is of the same frame as the last one.
    void stay_in_frame() { --frames_; }

    Flow open(const Packet& packet);
    void tls(const Flow& flow, const Hello& hello);
    // With a certificate for these names, the first its subject.
    void tls_server(const Flow& flow, const std::vector<std::string>& certificate = {});
    void http(const Flow& flow, std::string_view host, std::string_view user_agent = {});
    // A message of a kind that names its service in clear; the second name is one too many.
    void service(const Flow& flow, model::RecordKind kind, std::string_view name, std::string_view second = {});
    // Any record of the flow, with these signatures.
    void record(const Flow& flow, model::RecordKind kind, const std::vector<signatures::SignatureId>& ids,
                const std::function<void(model::RecordWriter&)>& fill);
    void unnamed(const Flow& flow, bool truncated = false);
    void delta(const Flow& flow, std::uint64_t bytes_out, std::uint64_t bytes_back, bool final = false);
    // The answer of a resolver at home; ends its flow, of which nothing was seen before.
    void answer(const std::string& client, const std::string& name, const std::string& address);
    // Query and answer of a flow to a resolver; ends it.
    void resolve(const std::string& client, const std::string& client_mac, const std::string& name,
                 const std::vector<AddressAnswer>& answers, const std::string& alias = {});
    void arp(const std::string& address, const std::string& mac);
    void sender(const std::string& mac);
    void dhcp_request(const std::string& client_mac, const std::string& vendor_class, const std::string& host_name,
                      const std::string& parameters = {});
    void dhcp_ack(const std::string& client_mac, const std::string& given);
    void close_interval(double end_s) { correlator_->close_interval(static_cast<std::int64_t>(end_s * 1e9)); }
    void flush() { correlator_->flush(); }
    void finish(double time_s) { correlator_->finish(static_cast<std::int64_t>(time_s * 1e9)); }

    [[nodiscard]] Correlator& correlator() { return *correlator_; }
    [[nodiscard]] std::string save() const { return correlator_->save(); }
    base::Status restore(std::string_view saved) { return correlator_->restore(saved, "state.jsonl"); }

    [[nodiscard]] const std::vector<model::Event>& events() const { return events_; }
    [[nodiscard]] std::vector<model::Event> events(model::EventAction action) const;
    [[nodiscard]] Counters counters() const { return correlator_->counters(); }
    [[nodiscard]] const signatures::Bundle& bundle() const { return *bundle_; }
    // All events as text, without created_ns.
    [[nodiscard]] std::vector<std::string> in_order() const;
    // The same, sorted.
    [[nodiscard]] std::vector<std::string> lines() const;

  private:
    [[nodiscard]] model::RecordHeader header_of(const Flow& flow, model::RecordKind kind, bool back = false);
    static void add_signatures(model::RecordHeader& header, const std::vector<signatures::SignatureId>& ids);
    void add_destination(model::RecordHeader& header, std::string_view name) const;
    template <typename Fill>
    void send(const model::RecordHeader& header, Fill&& fill);

    std::shared_ptr<const signatures::Bundle> bundle_;
    unsigned workers_;
    std::vector<model::Event> events_;
    std::unique_ptr<Correlator> correlator_;
    model::RecordBuffer buffer_;
    std::int64_t now_ns_ = 0;
    std::uint64_t frames_ = 0;
    std::uint32_t flows_ = 0;
};

// Adds up the transfers: bytes up and down by owner.
std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> sums(const RecordFeed& feed);

}  // namespace telltale::correlate::testing
