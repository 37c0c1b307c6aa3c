// SPDX-License-Identifier: Apache-2.0
#include "exporters/jsonl/line_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace telltale::jsonl {
namespace {

std::string reason(int error_number) { return std::generic_category().message(error_number); }

// Whether a regular file's last line was not finished.
bool ends_within_a_line(int descriptor) {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0) return false;
    char last = '\n';
    return ::pread(descriptor, &last, 1, status.st_size - 1) == 1 && last != '\n';
}

}  // namespace

base::Result<std::unique_ptr<LineFile>> LineFile::open(const std::string& path, Existing existing) {
    if (path == "-") return std::make_unique<LineFile>(STDOUT_FILENO, "standard output", false);
    int flags = O_CREAT | O_CLOEXEC;
    // To read its last byte, a file that is added to is opened for reading, too; a pipe then has a reader of its own.
    flags |= existing == Existing::append ? O_RDWR | O_APPEND : O_WRONLY;
    if (existing == Existing::replace) flags |= O_TRUNC;
    const int descriptor = ::open(path.c_str(), flags, 0600);
    if (descriptor < 0) return base::Error{path + ": cannot be written: " + reason(errno)};
    auto file = std::make_unique<LineFile>(descriptor, path, true);
    if (existing == Existing::append && ends_within_a_line(descriptor)) file->buffer_ += '\n';
    return file;
}

LineFile::LineFile(int descriptor, std::string name, bool owned)
    : descriptor_(descriptor), name_(std::move(name)), owned_(owned) {
    buffer_.reserve(kBufferBytes);
}

LineFile::~LineFile() {
    (void)flush();
    if (owned_) ::close(descriptor_);
}

base::Status LineFile::start_over() {
    struct stat status {};
    const bool regular = ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
    if (!owned_ || !regular || ::ftruncate(descriptor_, 0) == 0) return base::Done{};
    return base::Error{name_ + ": cannot be emptied: " + reason(errno)};
}

base::Status LineFile::write_line(std::string_view line) {
    if (failed_) return base::Done{};
    if (!buffer_.empty() && buffer_.size() + line.size() + 1 > kBufferBytes) {
        if (base::Status flushed = flush(); !flushed) return flushed;
    }
    buffer_.append(line);
    buffer_ += '\n';
    return base::Done{};
}

base::Status LineFile::flush() {
    if (failed_) return base::Done{};
    std::size_t written = 0;
    while (written < buffer_.size()) {
        const ssize_t count = ::write(descriptor_, buffer_.data() + written, buffer_.size() - written);
        if (count > 0) {
            written += static_cast<std::size_t>(count);
        } else if (count < 0 && errno == EAGAIN) {
            // A pipe that its other end has made non-blocking.
            pollfd ready{descriptor_, POLLOUT, 0};
            ::poll(&ready, 1, 1000);
        } else if (count == 0 || errno != EINTR) {
            return fail(count == 0 ? EIO : errno, written);
        }
    }
    buffer_.clear();
    return base::Done{};
}

base::Status LineFile::fail(int error_number, std::size_t written) {
    failed_ = true;
    const std::size_t whole = written == 0 ? 0 : buffer_.rfind('\n', written - 1) + 1;
    struct stat status {};
    if (written > whole && ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode)) {
        const off_t end = ::lseek(descriptor_, 0, SEEK_CUR);
        // Best effort: the error that is reported matters more.
        if (end >= 0) (void)!::ftruncate(descriptor_, end - static_cast<off_t>(written - whole));
    }
    buffer_.clear();
    return base::Error{name_ + ": writing failed: " + reason(error_number)};
}

}  // namespace telltale::jsonl
