// SPDX-License-Identifier: Apache-2.0
#include "exporters/jsonl/jsonl_writer.h"

namespace telltale::jsonl {

base::Status JsonlWriter::consume(std::span<const exporters::StoredEnvelope> batch) {
    for (const exporters::StoredEnvelope& envelope : batch) {
        if (base::Status written = output_.write_line(envelope->json); !written) return written;
    }
    return base::Done{};
}

}  // namespace telltale::jsonl
