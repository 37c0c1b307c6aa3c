// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/Exception.h>

#include <string>

#include "exporters/store/outbox/outbox_figures.h"

namespace telltale::exporters::outbox {

// A refusal by SQLite. A value.
struct Failure {
    FailureCause cause = FailureCause::other;
    std::string text;  // SQLite's words

    // One sentence: what is wrong and what to do.
    [[nodiscard]] std::string sentence() const;
};

// Reads SQLite's primary and extended result codes (https://www.sqlite.org/rescode.html).
Failure failure_of(const SQLite::Exception& exception);

}  // namespace telltale::exporters::outbox
