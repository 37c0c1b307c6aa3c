// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/extract/tls/client_hello.h"
#include "sensor/extract/tls/hello_scratch.h"
#include "sensor/model/record.h"

namespace telltale::extract::tls {

// Writes the fields of a ClientHello's record, the same for every transport. `transport` as in write_ja4. A hello that
// is not complete has no fingerprints, and its record is marked truncated.
void write_hello(const ClientHello& hello, char transport, HelloScratch& scratch, model::RecordWriter& record);

}  // namespace telltale::extract::tls
