// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/database.h"

#include <SQLiteCpp/Statement.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include "exporters/store/outbox/failure.h"
#include "exporters/store/outbox/schema.h"

namespace telltale::exporters::outbox {
namespace {

namespace fs = std::filesystem;

constexpr int kWaitForOthersMs = 5'000;

int pragma(SQLite::Database& database, const char* name) {
    return database.execAndGet(std::string("PRAGMA ") + name).getInt();
}

// SQLite gives the mode of this file to those it makes beside it. Others than the owner's group must not read events.
base::Status make_file(const fs::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (descriptor < 0) return base::Error{file.string() + ": cannot be opened: " + std::strerror(errno)};
    ::close(descriptor);
    return base::Done{};
}

std::unique_ptr<SQLite::Database> connect(const fs::path& file, Durability durability) {
    auto database = std::make_unique<SQLite::Database>(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE,
                                                       kWaitForOthersMs);
    // Events of some kilobytes: large pages waste less of their ends. It applies to new files.
    database->exec("PRAGMA page_size = 16384");
    database->exec("PRAGMA journal_mode = WAL");
    database->exec(durability == Durability::disk ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF");
    // The log's own file is given back after a burst.
    database->exec("PRAGMA journal_size_limit = 67108864");
    return database;
}

bool is_empty(SQLite::Database& database) {
    return database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0;
}

void name_owner(SQLite::Database& database, std::string_view sensor_id) {
    create_schema(database);
    SQLite::Statement insert(database, "INSERT INTO sensor VALUES(?)");
    insert.bind(1, std::string(sensor_id));
    insert.exec();
}

base::Status check_owner(SQLite::Database& database, const std::string& file, std::string_view sensor_id) {
    if (pragma(database, "application_id") != kApplicationId) {
        return base::Error{file + ": is a database, but no outbox of Telltale: name another file"};
    }
    const int version = pragma(database, "user_version");
    if (version < kOldestSchemaVersion || version > kSchemaVersion) {
        return base::Error{file + ": is of version " + std::to_string(version) + ", and this Telltale knows version " +
                           std::to_string(kSchemaVersion) + ": use a newer Telltale, or name another file"};
    }
    const std::string owner = database.execAndGet("SELECT id FROM sensor").getString();
    if (owner == sensor_id) return base::Done{};
    return base::Error{file + ": belongs to the sensor " + owner + ", not to " + std::string(sensor_id) +
                       ": set sensor_id to " + owner + ", or name another file"};
}

base::Result<OpenedDatabase> try_open(const fs::path& file, std::string_view sensor_id, Durability durability) {
    OpenedDatabase opened{connect(file, durability), {}};
    if (is_empty(*opened.database)) {
        name_owner(*opened.database, sensor_id);
    } else if (base::Status owned = check_owner(*opened.database, file.string(), sensor_id); !owned) {
        return owned.error();
    }
    add_tables(*opened.database);
    return opened;
}

}  // namespace

fs::path set_aside(const fs::path& file) {
    constexpr int kMost = 1000;
    std::error_code error;
    for (int number = 1; number <= kMost; ++number) {
        const fs::path name = file.string() + ".damaged-" + std::to_string(number);
        if (fs::exists(name, error)) continue;
        fs::rename(file, name, error);
        if (error) return {};
        for (const char* suffix : {"-wal", "-shm"}) {
            fs::rename(file.string() + suffix, name.string() + suffix, error);
        }
        return name;
    }
    return {};
}

base::Result<OpenedDatabase> open_database(const fs::path& file, std::string_view sensor_id, Durability durability) {
    if (base::Status made = make_file(file); !made) return made.error();
    try {
        return try_open(file, sensor_id, durability);
    } catch (const SQLite::Exception& exception) {
        const Failure failure = failure_of(exception);
        if (failure.cause != FailureCause::damaged) return base::Error{file.string() + ": " + failure.sentence()};
    }
    const fs::path aside = set_aside(file);
    if (aside.empty()) return base::Error{file.string() + ": is damaged and cannot be renamed: move it away"};
    if (base::Status made = make_file(file); !made) return made.error();
    try {
        auto opened = try_open(file, sensor_id, durability);
        if (opened) opened->set_aside = aside;
        return opened;
    } catch (const SQLite::Exception& exception) {
        return base::Error{file.string() + ": " + failure_of(exception).sentence()};
    }
}

namespace {

base::Result<std::unique_ptr<SQLite::Database>> open_existing(const fs::path& file, int flags) {
    std::error_code error;
    if (!fs::exists(file, error)) return base::Error{file.string() + ": there is no such file"};
    try {
        auto database = std::make_unique<SQLite::Database>(file.string(), flags, kWaitForOthersMs);
        if (pragma(*database, "application_id") != kApplicationId) {
            return base::Error{file.string() + ": is no outbox of Telltale"};
        }
        const int version = pragma(*database, "user_version");
        if (version < kOldestSchemaVersion || version > kSchemaVersion) {
            return base::Error{file.string() + ": is of another version than this Telltale"};
        }
        if (flags == SQLite::OPEN_READWRITE) add_tables(*database);
        return database;
    } catch (const SQLite::Exception& exception) {
        return base::Error{file.string() + ": cannot be " + (flags == SQLite::OPEN_READWRITE ? "written: " : "read: ") +
                           exception.what()};
    }
}

}  // namespace

base::Result<std::unique_ptr<SQLite::Database>> open_for_reading(const fs::path& file) {
    return open_existing(file, SQLite::OPEN_READONLY);
}

base::Result<std::unique_ptr<SQLite::Database>> open_for_writing(const fs::path& file) {
    return open_existing(file, SQLite::OPEN_READWRITE);
}

}  // namespace telltale::exporters::outbox
