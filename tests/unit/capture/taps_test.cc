// SPDX-License-Identifier: Apache-2.0
// Taps on devices that need neither a network card nor root nor hugepages.
#include "sensor/capture/taps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "sensor/capture/tap_source.h"
#include "tests/support/capture_writer.h"
#include "tests/unit/capture/scratch_files.h"

namespace telltale::capture {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kStart = 1'700'000'000 * kSecond;

support::TimedFrame frame_at(std::uint64_t time_ns, std::string content) {
    content.resize(std::max<std::size_t>(content.size(), 60), '.');
    support::TimedFrame frame;
    frame.time_ns = time_ns;
    frame.bytes = support::to_bytes(content);
    frame.wire_length = static_cast<std::uint32_t>(content.size());
    return frame;
}

TapConfig tap(std::string name, std::vector<std::string> devices) {
    TapConfig made;
    made.name = std::move(name);
    for (std::string& device : devices) made.ports.push_back({std::move(device)});
    return made;
}

std::unique_ptr<Taps> open(const std::vector<TapConfig>& taps, std::size_t workers = 1) {
    auto opened = Taps::open({}, taps, workers);
    if (!opened) throw std::runtime_error(opened.error().text);
    return std::move(*opened);
}

struct Got {
    std::string start;  // of its bytes
    std::int64_t time_ns;
    std::int64_t clock_ns;
    std::uint32_t length;
    std::uint16_t port;
    std::uint8_t tap;
    model::Order order;
};

// Polls until nothing comes; the last batch's clock and order into `last`.
std::vector<Got> take(FrameSource& source, model::FrameBatch* last = nullptr) {
    std::vector<Got> all;
    model::FrameBatch batch;
    for (int polls = 0; polls < 10'000; ++polls) {
        const PollStatus status = source.poll(batch);
        for (std::size_t i = 0; i < batch.count; ++i) {
            const model::Frame& frame = batch.frames[i];
            all.push_back({std::string(frame.data, frame.data + std::min<std::uint32_t>(frame.captured_length, 4)),
                           frame.timestamp_ns, batch.clock_ns, frame.captured_length, frame.port.value(),
                           frame.tap.value(), frame.order});
        }
        if (last != nullptr) {
            last->clock_ns = batch.clock_ns;
            last->done = batch.done;
        }
        source.release(batch);
        if (status != PollStatus::frames) return all;
    }
    return all;
}

TEST(Taps, GiveAFilesPacketsTheirOwnTimes) {
    const ScratchFolder folder;
    std::vector<support::TimedFrame> frames;
    for (std::uint64_t i = 0; i < 100; ++i) frames.push_back(frame_at(kStart + i * 100'000'000 + 123'456'000, "f"));
    const std::string file = folder.write("a.pcap", support::capture_bytes(frames));
    const auto taps = open({tap("a", {"net_pcap0,rx_pcap=" + file})});
    EXPECT_TRUE(taps->can_wait());
    model::FrameBatch last;
    const std::vector<Got> got = take(taps->source(0), &last);
    ASSERT_EQ(got.size(), frames.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
        EXPECT_EQ(got[i].time_ns, static_cast<std::int64_t>(frames[i].time_ns)) << i;
        EXPECT_EQ(got[i].clock_ns, base::floor_to(got[i].time_ns, base::kSecondNs)) << "a batch is of one second";
        EXPECT_GT(got[i].order, i == 0 ? model::Order() : got[i - 1].order);
    }
    EXPECT_EQ(last.clock_ns, got.back().clock_ns) << "the clock stops where the file ends";
    EXPECT_GE(last.done, got.back().order);

    const PortFigures figures = taps->figures(true).front();
    EXPECT_EQ(figures.received, frames.size());
    EXPECT_EQ(figures.driver_received, frames.size());
    EXPECT_EQ(figures.received_bytes, frames.size() * 60);
    EXPECT_EQ(figures.first_frame_ns, got.front().time_ns);
    EXPECT_EQ(figures.last_frame_ns, got.back().time_ns);
    EXPECT_EQ(figures.time_source, TimeSource::packet);
    EXPECT_EQ(figures.tap, "a");
    EXPECT_FALSE(figures.extended.empty());
    EXPECT_FALSE(figures.blind);
}

TEST(Taps, MergePortsByPacketTime) {
    const ScratchFolder folder;
    std::vector<support::TimedFrame> left;
    std::vector<support::TimedFrame> right;
    std::vector<std::string> order;
    for (std::uint64_t i = 0; i < 300; ++i) {
        // Bursts of one side, then of the other, so that looks at both overlap.
        const bool to_left = (i / 70) % 2 == 0;
        const std::string name = std::to_string(1000 + i);
        (to_left ? left : right).push_back(frame_at(kStart + i * 10'000'000, name));
        order.push_back(name);
    }
    const auto taps = open({tap("a", {"net_pcap0,rx_pcap=" + folder.write("l", support::capture_bytes(left)),
                                      "net_pcap1,rx_pcap=" + folder.write("r", support::capture_bytes(right))})});
    const std::vector<Got> got = take(taps->source(0));
    ASSERT_EQ(got.size(), order.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
        ASSERT_EQ(got[i].start, order[i]) << i;
        EXPECT_EQ(got[i].port, (i / 70) % 2);
        EXPECT_EQ(got[i].tap, 0U) << "both ports are one tap";
    }
}

TEST(Taps, JoinFramesThatComeInPieces) {
    const ScratchFolder folder;
    std::vector<support::TimedFrame> frames;
    for (const std::size_t size : {60U, 2047U, 2049U, 9000U, 65'000U}) {
        frames.push_back(frame_at(kStart, std::string(size, 'x')));
    }
    const auto taps = open({tap("a", {"net_pcap0,rx_pcap=" + folder.write("a", support::capture_bytes(frames))})});
    model::FrameBatch batch;
    ASSERT_EQ(taps->source(0).poll(batch), PollStatus::frames);
    ASSERT_EQ(batch.count, frames.size());
    for (std::size_t i = 0; i < batch.count; ++i) {
        const support::Bytes bytes(batch.frames[i].data, batch.frames[i].data + batch.frames[i].captured_length);
        EXPECT_EQ(bytes, frames[i].bytes) << i;
    }
    taps->source(0).release(batch);
    EXPECT_EQ(taps->figures().front().unreadable, 0U);
}

// A net_ring port, which receives the frames that are sent into it.
class Loop {
  public:
    explicit Loop(const char* name) {
        if (rte_eth_dev_get_port_by_name(name, &port_) != 0) throw std::runtime_error(name);
        pool_ = rte_pktmbuf_pool_create(("sent" + std::to_string(made_++)).c_str(), 1023, 0, 0, 1024, SOCKET_ID_ANY);
        if (pool_ == nullptr) throw std::runtime_error("no buffers");
    }
    ~Loop() { rte_mempool_free(pool_); }
    void send(const support::Bytes& bytes) {
        rte_mbuf* buffer = rte_pktmbuf_alloc(pool_);
        if (buffer == nullptr) throw std::runtime_error("no buffer");
        std::memcpy(rte_pktmbuf_append(buffer, static_cast<std::uint16_t>(bytes.size())), bytes.data(), bytes.size());
        if (rte_eth_tx_burst(port_, 0, &buffer, 1) != 1) throw std::runtime_error("not sent");
    }
    void send(std::size_t frames, std::size_t pieces, std::uint16_t piece_bytes = 60) {
        for (std::size_t i = 0; i < frames; ++i) {
            rte_mbuf* head = nullptr;
            for (std::size_t piece = 0; piece < pieces; ++piece) {
                rte_mbuf* buffer = rte_pktmbuf_alloc(pool_);
                if (buffer == nullptr) throw std::runtime_error("no buffer");
                std::memset(rte_pktmbuf_append(buffer, piece_bytes), 'a' + static_cast<int>(piece % 26), piece_bytes);
                if (head == nullptr) {
                    head = buffer;
                } else if (rte_pktmbuf_chain(head, buffer) != 0) {
                    throw std::runtime_error("no chain");
                }
            }
            if (rte_eth_tx_burst(port_, 0, &head, 1) != 1) throw std::runtime_error("not sent");
        }
    }

  private:
    static inline int made_ = 0;
    std::uint16_t port_ = 0;
    rte_mempool* pool_ = nullptr;
};

TEST(Taps, TakeTheWallClockWhereTheDriverTellsNoTime) {
    auto taps = open({tap("a", {"net_ring0", "net_ring1"}), tap("b", {"net_ring2"})});
    EXPECT_FALSE(taps->can_wait());
    {
        Loop first("net_ring0");
        Loop third("net_ring2");
        first.send(40, 1);
        third.send(5, 1);
        const std::vector<Got> got = take(taps->source(0));
        ASSERT_EQ(got.size(), 45U);
        std::set<std::pair<int, int>> places;
        for (const Got& frame : got) places.insert({frame.tap, frame.port});
        EXPECT_EQ(places, (std::set<std::pair<int, int>>{{0, 0}, {1, 2}}));
        const std::vector<PortFigures> figures = taps->figures();
        EXPECT_EQ(figures[0].received, 40U);
        EXPECT_EQ(figures[1].received, 0U);
        EXPECT_EQ(figures[2].received, 5U);
        EXPECT_EQ(figures[0].time_source, TimeSource::wall_clock);
    }
    taps.reset();
}

// Both directions wait when they are looked at: the answer's port is the first one.
TEST(Taps, TakeQuestionsBeforeAnswersOfOneLook) {
    auto taps = open({tap("a", {"net_ring0", "net_ring1"})});
    {
        const auto datagram = [](const char* from, const char* to, std::uint16_t source, std::uint16_t destination) {
            return support::Packet()
                .ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4(support::Ip(from), support::Ip(to))
                .udp(source, destination)
                .payload("a message that is long enough")
                .bytes();
        };
        Loop answers("net_ring0");
        Loop questions("net_ring1");
        answers.send(datagram("192.0.2.7", "10.0.0.1", 53, 4000));
        answers.send(datagram("192.0.2.7", "10.0.0.1", 53, 4001));
        questions.send(datagram("10.0.0.1", "192.0.2.7", 4000, 53));
        questions.send(datagram("10.0.0.1", "192.0.2.7", 4001, 53));
        std::vector<int> ports;
        for (const Got& frame : take(taps->source(0))) ports.push_back(frame.port);
        EXPECT_EQ(ports, (std::vector<int>{1, 1, 0, 0}));
    }
    taps.reset();
}

TEST(Taps, CountFramesThatCannotBeJoined) {
    auto taps = open({tap("a", {"net_ring0"})});
    {
        Loop loop("net_ring0");
        loop.send(1, 90, 800);  // longer than any frame
        loop.send(2, 3, 800);
        const std::vector<Got> got = take(taps->source(0));
        ASSERT_EQ(got.size(), 2U);
        EXPECT_EQ(got[0].length, 2400U);
        const PortFigures figures = taps->figures().front();
        EXPECT_EQ(figures.received, 3U);
        EXPECT_EQ(figures.unreadable, 1U);
    }
    taps.reset();
}

#ifdef __SANITIZE_ADDRESS__
TEST(Taps, GuardWhatStandsBehindAFrame) {
    auto taps = open({tap("a", {"net_ring0"})});
    {
        Loop loop("net_ring0");
        loop.send(1, 1, 61);
        FrameSource& source = taps->source(0);
        model::FrameBatch batch;
        ASSERT_EQ(source.poll(batch), PollStatus::frames);
        const std::uint8_t* const data = batch.frames[0].data;
        EXPECT_FALSE(__asan_address_is_poisoned(data + 60));
        EXPECT_TRUE(__asan_address_is_poisoned(data + 61));
        source.release(batch);
        EXPECT_FALSE(__asan_address_is_poisoned(data + 61)) << "the driver may use it again";
    }
    taps.reset();
}
#endif

TEST(Taps, HandOutWhatIsHereAndNoMoreWhenReceivingEnds) {
    auto taps = open({tap("a", {"net_null0,size=60"})});
    FrameSource& source = taps->source(0);
    model::FrameBatch batch;
    for (int i = 0; i < 10; ++i) {
        ASSERT_EQ(source.poll(batch), PollStatus::frames) << "it never ends of itself";
        source.release(batch);
    }
    source.stop_receiving();
    take(source);
    EXPECT_EQ(source.poll(batch), PollStatus::nothing);
    source.release(batch);
}

TEST(Taps, TellBlindAndOneSidedPorts) {
    TapConfig two = tap("two", {"net_null0,size=60", "net_ring0"});
    two.blind_after_s = 1;
    TapConfig never = tap("never", {"net_ring1"});
    never.blind_after_s = 0;
    const auto taps = open({two, never});
    EXPECT_FALSE(taps->figures()[1].blind) << "it has only just been opened";
    rte_delay_us_sleep(1'300'000);
    model::FrameBatch batch;
    (void)taps->source(0).poll(batch);
    taps->source(0).release(batch);
    const std::vector<PortFigures> figures = taps->figures();
    EXPECT_FALSE(figures[0].blind);
    EXPECT_FALSE(figures[0].one_sided);
    EXPECT_TRUE(figures[1].blind);
    EXPECT_TRUE(figures[1].one_sided) << "the other side is seen";
    EXPECT_FALSE(figures[2].blind) << "nobody asked";
}

TEST(Taps, LeaveSpreadingToSoftwareWhereDriversCannot) {
    const auto taps = open({tap("a", {"net_ring0"})}, 3);
    EXPECT_EQ(taps->steering(), Steering::dispatcher);
    EXPECT_EQ(taps->source_count(), 1U);
    EXPECT_THAT(taps->steering_reason(), HasSubstr("net_ring"));
}

TEST(Taps, ThatDoNotOpenSayWhy) {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"net_null0,size=abc", "net_null0"},
        {"net_pcap0,rx_pcap=/dev/null", "cannot create a port"},
        {"nosuch0", "ip link"},
    };
    for (const auto& [device, said] : cases) {
        const auto taps = Taps::open({}, {tap("a", {device})}, 1);
        ASSERT_FALSE(taps) << device;
        EXPECT_THAT(taps.error().text, HasSubstr(said));
    }
    EXPECT_FALSE(Taps::open({}, {tap("a", {"net_null0"})}, 0)) << "no worker";
}

}  // namespace
}  // namespace telltale::capture
