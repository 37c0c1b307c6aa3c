// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/dhcp/dhcp.h"

namespace telltale::extract::dhcp {

Sniff sniff(const Message&) { return Sniff::no; }
Parsed parse(const Message&, Progress&, Workspace&, model::RecordWriter&) { return {}; }

}  // namespace telltale::extract::dhcp
