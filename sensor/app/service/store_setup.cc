// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/service/store_setup.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstdlib>

#include "exporters/store/make_store.h"
#include "sensor/app/service/service.h"

namespace telltale::app {
namespace {

// Bytes bound it.
constexpr std::size_t kNoLimitOfEvents = 1'000'000'000;

std::uint64_t kept_bytes(const StoreOnDisk& store) {
    std::uint64_t bytes = 0;
    for (const exporters::outbox::Keep& keep : store.keep) bytes += keep.bytes;
    return bytes;
}

exporters::outbox::OutboxConfig outbox_config(const StoreOnDisk& store) {
    exporters::outbox::OutboxConfig config;
    config.limits = {kNoLimitOfEvents, store.max_bytes - kept_bytes(store)};
    config.keep = store.keep;
    return config;
}

}  // namespace

std::filesystem::path outbox_file(const Config& config) {
    if (!config.store_on_disk.file.empty()) return config.store_on_disk.file;
    const char* folder = std::getenv("STATE_DIRECTORY");  // systemd.exec(5)
    return folder == nullptr ? std::filesystem::path() : std::filesystem::path(folder) / "outbox.db";
}

base::Status check_store(const StoreOnDisk& store) {
    if (kept_bytes(store) <= store.max_bytes / 2) return base::Done{};
    return base::Error{
        fmt::format("what store.keep lets delivered events take is {} bytes in all, more than half of {}: "
                    "events that wait for delivery need the rest; raise store.disk_size or lower the "
                    "sizes of store.keep",
                    kept_bytes(store), store.max_bytes)};
}

base::Status open_store(Service& service) {
    const LoadedConfig& settings = service.setup.settings;
    const std::filesystem::path file = outbox_file(settings.config);
    const auto overflow =
        settings.config.store_when_full == "oldest" ? exporters::Overflow::evict : exporters::Overflow::drop;
    if (file.empty()) {
        service.store = exporters::make_store(settings.config.store, overflow);
        return base::Done{};
    }
    exporters::outbox::OutboxConfig config = outbox_config(settings.config.store_on_disk);
    config.file = file;
    config.overflow = overflow;
    config.sensor_id = service.setup.observer.sensor_id;
    config.log = [](std::string_view line, bool works) {
        works ? spdlog::info("outbox: {}", line) : spdlog::error("outbox: {}", line);
    };
    auto outbox = exporters::outbox::OutboxStore::open(std::move(config));
    if (!outbox) return base::Error{settings.where("store.path") + ": " + outbox.error().text};
    service.outbox = outbox->get();
    service.store = std::move(*outbox);
    return base::Done{};
}

}  // namespace telltale::app
