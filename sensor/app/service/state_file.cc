// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/service/state_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace telltale::app {
namespace {

namespace fs = std::filesystem;

std::string reason(int error_number) { return std::generic_category().message(error_number); }

// Returns whether all of it is on the disk.
bool write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(descriptor, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return ::fsync(descriptor) == 0;
}

// Syncs the folder, so that the new name is on the disk. Not every file system supports it.
void sync_folder_of(const fs::path& path) {
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    ::fsync(descriptor);
    ::close(descriptor);
}

}  // namespace

base::Result<std::string> StateFile::read() const {
    std::error_code error;
    if (!fs::exists(path_, error)) {
        const fs::path folder = path_.has_parent_path() ? path_.parent_path() : fs::path(".");
        if (::access(folder.c_str(), W_OK | X_OK) == 0) return std::string();
        return base::Error{folder.string() + ": the state cannot be saved here: " + reason(errno)};
    }
    const std::uintmax_t size = fs::file_size(path_, error);
    if (error || size > kLargest) return base::Error{path_.string() + ": is not a saved state"};
    std::ifstream stream(path_, std::ios::binary);
    std::string text(size, '\0');
    if (!stream || !stream.read(text.data(), static_cast<std::streamsize>(size))) {
        return base::Error{path_.string() + ": cannot be read"};
    }
    return text;
}

std::filesystem::path StateFile::put_aside() const {
    fs::path aside = path_.string() + ".unusable";
    std::error_code error;
    fs::rename(path_, aside, error);
    return error ? fs::path() : aside;
}

base::Status StateFile::write(std::string_view state) const {
    const fs::path beside = path_.string() + ".new";
    const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) return base::Error{beside.string() + ": cannot be written: " + reason(errno)};
    const bool written = write_all(descriptor, state);
    const int why = errno;
    ::close(descriptor);
    if (!written) return base::Error{beside.string() + ": writing failed: " + reason(why)};
    if (::rename(beside.c_str(), path_.c_str()) != 0) {
        return base::Error{path_.string() + ": cannot be replaced: " + reason(errno)};
    }
    sync_folder_of(path_);
    return base::Done{};
}

}  // namespace telltale::app
