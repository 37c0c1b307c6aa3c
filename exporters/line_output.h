// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "sensor/base/result.h"

namespace telltale::exporters {

// Where lines of text go. One thread. The first call that meets an error returns it, with path and reason; later calls
// do nothing and succeed, so that an error is reported once: ask failed().
class LineOutput {
  public:
    virtual ~LineOutput() = default;
    // `line` without line feed. Lines are written whole or not at all.
    virtual base::Status write_line(std::string_view line) = 0;
    virtual base::Status flush() = 0;
    [[nodiscard]] virtual bool failed() const = 0;
};

}  // namespace telltale::exporters
