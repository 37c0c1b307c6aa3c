// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "sensor/app/config/config.h"
#include "sensor/base/result.h"

namespace telltale::app {

struct Service;

// Returns the file of the outbox: the configured one, else one in systemd's state directory; empty: events are kept in
// memory.
std::filesystem::path outbox_file(const Config& config);

// Checks that what is kept after its delivery leaves room for what waits.
base::Status check_store(const StoreOnDisk& store);

// Opens the service's store, on disk or in memory.
base::Status open_store(Service& service);

}  // namespace telltale::app
