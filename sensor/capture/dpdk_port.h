// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "sensor/base/packet_clock.h"
#include "sensor/base/result.h"
#include "sensor/capture/eal.h"
#include "sensor/capture/frame_source.h"
#include "sensor/capture/interface.h"

struct rte_mempool;

namespace telltale::capture {

// Since the port was opened. The kernel's figures stand beside the driver's, which does not know what the kernel lost.
struct PortStatistics {
    std::uint64_t frames = 0;      // handed out
    std::uint64_t cut_frames = 0;  // of these: longer than the ring's frames, handed out in part
    std::uint64_t unreadable = 0;  // in pieces that could not be joined: not handed out
    std::uint64_t driver_received = 0;
    std::uint64_t driver_missed = 0;  // no room in the driver's queue
    std::uint64_t driver_errors = 0;
    std::uint64_t driver_no_buffer = 0;
    InterfaceCounters kernel;
    std::int64_t first_ns = 0;  // wall clock of the first and the last frame; 0: there was none
    std::int64_t last_ns = 0;
};

// A network interface of the kernel as a frame source, by DPDK's af_packet driver: one queue, promiscuous, both what
// the interface receives and what it sends. Needs no hugepages and no network card that DPDK knows. Frames are DPDK's
// buffers, borrowed until release(). Packet time is the wall clock at the burst. One thread, but for open().
class DpdkPort final : public FrameSource {
  public:
    // The kernel's ring is large, since it does not say what it lost when a small one was full.
    static constexpr std::uint64_t kBlockBytes = 1'048'576;
    static constexpr std::uint64_t kRingFrameBytes = 2048;
    static constexpr std::uint64_t kRingFrames = 65'536;
    // While nothing arrives, the clock stays so far behind the wall clock: what is on its way is not overtaken.
    static constexpr std::int64_t kIdleWindowNs = base::kSecondNs / 5;

    // Starts DPDK. Once a process.
    static base::Result<std::unique_ptr<DpdkPort>> open_interface(const std::string& name);
    ~DpdkPort() override;

    // Also when there is nothing, sets the batch's clock, and its done_order.
    PollStatus poll(model::FrameBatch& batch) override;
    void release(model::FrameBatch& batch) override;

    [[nodiscard]] PortStatistics statistics() const;

  private:
    explicit DpdkPort(std::string name) : name_(std::move(name)) {}
    base::Status start();

    std::string name_;
    std::unique_ptr<Eal> eal_;
    rte_mempool* pool_ = nullptr;
    std::uint16_t port_ = 0;
    bool started_ = false;
    bool made_promiscuous_ = false;
    base::PacketClock clock_;
    std::uint64_t last_order_ = 0;
    InterfaceCounters kernel_at_start_;
    PortStatistics counted_;
};

}  // namespace telltale::capture
