// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/tls/tls.h"

namespace telltale::extract::tls {

Sniff sniff(const Message&) { return Sniff::no; }
Parsed parse(const Message&, Progress&, Workspace&, model::RecordWriter&) { return {}; }

}  // namespace telltale::extract::tls
