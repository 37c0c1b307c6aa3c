// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/inline_export.h"

#include <utility>

namespace telltale::exporters {

Drain::Drain(EventStore& store, std::string_view reader_name, EventSink& sink)
    : store_(store), sink_(sink), reader_(store.add_reader(reader_name)) {}

void Drain::run() {
    while (status_) {
        const base::Result<std::size_t> count = store_.read(reader_, done_, kBatchEvents, batch_);
        if (!count) {
            status_ = count.error();
        } else if (*count == 0) {
            return;
        } else if (status_ = sink_.consume(batch_); status_) {
            done_ = batch_.back().position;
            status_ = store_.acknowledge(reader_, done_);
        }
        batch_.clear();
    }
}

void Drain::flush() {
    if (status_) status_ = sink_.flush();
}

InlineExport::InlineExport(EventStore& store, std::size_t drain_every) : store_(store), drain_every_(drain_every) {}

void InlineExport::add_sink(std::string_view reader_name, EventSink& sink) {
    drains_.emplace_back(store_, reader_name, sink);
}

void InlineExport::append(model::Event&& event) {
    store_.append(std::move(event));
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

bool InlineExport::failed() const { return !status(); }

base::Status InlineExport::status() const {
    for (const Drain& drain : drains_) {
        if (!drain.status()) return drain.status();
    }
    return base::Done{};
}

}  // namespace telltale::exporters
