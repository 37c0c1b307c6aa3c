// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/dns/dns.h"

namespace telltale::extract::dns {

Sniff sniff(const Message&) { return Sniff::no; }
Parsed parse(const Message&, Progress&, Workspace&, model::RecordWriter&) { return {}; }

}  // namespace telltale::extract::dns
