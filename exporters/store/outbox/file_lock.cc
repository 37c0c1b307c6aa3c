// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace telltale::exporters::outbox {

base::Result<FileLock> FileLock::take(const std::filesystem::path& file) {
    const std::string name = file.string() + ".lock";
    const int descriptor = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (descriptor < 0) return base::Error{name + ": cannot be opened: " + std::strerror(errno)};
    FileLock lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        char holder[32] = {};
        const ssize_t length = ::pread(descriptor, holder, sizeof holder - 1, 0);
        const std::string who = length > 0 ? " with process id " + std::string(holder) : "";
        return base::Error{file.string() + ": another sensor" + who +
                           " uses this file: end it, or give each sensor a file of its own"};
    }
    const std::string self = std::to_string(::getpid());
    // The number is for people alone: a lock without it is as good.
    if (::ftruncate(descriptor, 0) == 0) static_cast<void>(::pwrite(descriptor, self.data(), self.size(), 0) == 0);
    return lock;
}

FileLock::~FileLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace telltale::exporters::outbox
