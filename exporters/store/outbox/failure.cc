// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/failure.h"

#include <sqlite3.h>

namespace telltale::exporters::outbox {
namespace {

#define TELLTALE_ADVICE(cause, word, advice) std::string_view(advice),
constexpr base::EnumArray<FailureCause, std::string_view> kAdvice({TELLTALE_OUTBOX_FAILURES(TELLTALE_ADVICE)});
#undef TELLTALE_ADVICE

FailureCause cause_of(int code) {
    switch (code) {
        case SQLITE_FULL: return FailureCause::full;
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_CANTOPEN: return FailureCause::read_only;
        case SQLITE_IOERR: return FailureCause::io;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return FailureCause::damaged;
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return FailureCause::busy;
        default: return FailureCause::other;
    }
}

}  // namespace

std::string Failure::sentence() const { return text + ": " + std::string(kAdvice[cause]); }

Failure failure_of(const SQLite::Exception& exception) {
    return {cause_of(exception.getErrorCode() & 0xFF), exception.what()};
}

}  // namespace telltale::exporters::outbox
