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

}  // namespace

base::Result<std::unique_ptr<LineFile>> LineFile::open(const std::string& path) {
    if (path == "-") return std::make_unique<LineFile>(STDOUT_FILENO, "standard output", false);
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) return base::Error{path + ": cannot be written: " + reason(errno)};
    return std::make_unique<LineFile>(descriptor, path, true);
}

LineFile::LineFile(int descriptor, std::string name, bool owned)
    : descriptor_(descriptor), name_(std::move(name)), owned_(owned) {
    buffer_.reserve(kBufferBytes);
}

LineFile::~LineFile() {
    (void)flush();
    if (owned_) ::close(descriptor_);
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
