// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/http/http.h"

namespace telltale::extract::http {

Sniff sniff(const Message&) { return Sniff::no; }
Parsed parse(const Message&, Progress&, Workspace&, model::RecordWriter&) { return {}; }

}  // namespace telltale::extract::http
