// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "sensor/correlate/rows/line_writer.h"
#include "sensor/model/state_row.h"

namespace telltale::correlate {

// Makes rows of what is kept and hands them on. Single-threaded.
class RowWriter {
  public:
    // `take` must outlive it.
    explicit RowWriter(const model::TakeRow& take) : take_(take) {}

    // `device_id`: of the device that the row names, if it names one. Returns whether more rows are wanted now.
    template <typename Saved>
    bool write(std::string_view kind, std::string key, std::string_view device_id, Saved& saved) {
        return take_({kind, std::move(key), line_.row(kind, device_id, saved), reports(kind)});
    }
    // The row is gone.
    bool erase(std::string_view kind, std::string key) { return take_({kind, std::move(key), {}, false}); }

  private:
    static bool reports(std::string_view kind) { return kind == "report" || kind == "contact" || kind == "alert"; }

    const model::TakeRow& take_;
    LineWriter line_;
};

}  // namespace telltale::correlate
