// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>

#include "exporters/store/outbox/outbox_stats.h"
#include "exporters/store/outbox/outbox_store.h"

namespace telltale::exporters::outbox {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

// An outbox that writes each event at once, and does not wait for the disk.
inline OutboxConfig config_in(const fs::path& folder) {
    OutboxConfig config;
    config.file = folder / "outbox.db";
    config.sensor_id = "sensor-1";
    config.limits = {1'000'000, 1U << 30};
    config.commit_delay = milliseconds(0);
    config.durability = Durability::system;
    return config;
}

// A test with an outbox in a folder of its own, and the lines that it logs.
class OutboxTest : public testing::Test {
  protected:
    OutboxTest() {
        std::string name = (fs::temp_directory_path() / "telltale-outbox-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        config_ = config_in(folder_);
        config_.log = [this](std::string_view line, bool) {
            const std::lock_guard lock(mutex_);
            log_ += std::string(line) + "\n";
        };
    }
    ~OutboxTest() override {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }

    std::unique_ptr<OutboxStore> open() {
        auto store = OutboxStore::open(config_);
        EXPECT_TRUE(store) << store.error().text;
        return store ? std::move(*store) : nullptr;
    }
    std::string refusal() {
        const auto store = OutboxStore::open(config_);
        return store ? std::string() : store.error().text;
    }
    std::string log() {
        const std::lock_guard lock(mutex_);
        return log_;
    }
    OutboxStats stats() { return read_stats(**open_for_reading(config_.file)); }

    fs::path folder_;
    OutboxConfig config_;

  private:
    std::mutex mutex_;
    std::string log_;
};

}  // namespace telltale::exporters::outbox
