// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <optional>

namespace telltale::exporters::outbox {

// Which file a name leads to: another one after a deletion, or after a file system was mounted anew. A value.
struct FileIdentity {
    dev_t device = 0;
    ino_t inode = 0;

    bool operator==(const FileIdentity&) const = default;

    // Nullopt if there is no file.
    static std::optional<FileIdentity> of(const std::filesystem::path& file) {
        struct stat status {};
        if (::stat(file.c_str(), &status) != 0) return std::nullopt;
        return FileIdentity{status.st_dev, status.st_ino};
    }
};

}  // namespace telltale::exporters::outbox
