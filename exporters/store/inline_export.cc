// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/inline_export.h"

namespace telltale::exporters {

void Drain::run() {
    while (status_) {
        const base::Result<std::size_t> count = reader_.read(kBatchEvents, batch_);
        if (!count) {
            status_ = count.error();
        } else if (*count == 0) {
            return;
        } else if (status_ = sink_.consume(batch_); status_) {
            status_ = reader_.acknowledge();
        }
        batch_.clear();
    }
}

void Drain::flush() {
    if (status_) status_ = sink_.flush();
}

InlineExport::InlineExport(EventStore& store, std::size_t drain_every) : store_(store), drain_every_(drain_every) {
    store_.set_pull([this] { drain(); });
}

void InlineExport::count_append() {
    if (++since_drain_ >= drain_every_) drain();
}

void InlineExport::drain() {
    since_drain_ = 0;
    for (Drain& drain : drains_) drain.run();
}

base::Status InlineExport::finish() {
    drain();
    for (Drain& drain : drains_) drain.flush();
    return status();
}

base::Status InlineExport::status() const {
    for (const Drain& drain : drains_) {
        if (!drain.status()) return drain.status();
    }
    return base::Done{};
}

}  // namespace telltale::exporters
