// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>

#include "exporters/store/memory_store.h"
#include "sensor/correlate/config.h"
#include "sensor/decode/defragmenter.h"
#include "sensor/track/tracker.h"

namespace telltale::app {

inline constexpr std::size_t kMaxWorkers = 64;

// What a site decides of the sensor: the values behind the options of options.h. A value; as constructed it holds the
// defaults, which stand nowhere else but here and in the stages' own structs.
struct Config {
    std::size_t workers = 1;
    std::filesystem::path site_key_file;  // empty: the public key of CorrelateConfig
    std::filesystem::path signatures;     // empty: what find_signatures() finds
    std::filesystem::path cache_dir;      // of compiled signatures; empty: user_cache_folder()

    track::TrackerConfig tracking;             // worker and hash key are the pipeline's to set
    decode::DefragmenterConfig defragmenting;  // so is its hash key
    correlate::CorrelateConfig correlating;    // the site key is the content of site_key_file
    exporters::MemoryStoreLimits store;
};

}  // namespace telltale::app
