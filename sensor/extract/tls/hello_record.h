// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/tls/client_hello.h"
#include "sensor/model/record.h"

namespace telltale::extract::tls {

// What a ClientHello says, as the fields of its record; the same whatever it came in. `transport` as in write_ja4. A
// hello that is not complete has no fingerprints, and the record is marked truncated.
void write_hello(const ClientHello& hello, char transport, Workspace& workspace, model::RecordWriter& record);

}  // namespace telltale::extract::tls
