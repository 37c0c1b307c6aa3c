// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/input_stream.h"

#include <fcntl.h>
#include <stdio_ext.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace telltale::capture {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{256} * 1024;

std::string reason_of(int error) {
    switch (error) {
        case ENOENT: return "no such file; check the path";
        case EACCES: return "permission denied; make it readable or run as a user who may read it";
        case EMFILE:
        case ENFILE: return "too many open files; read fewer at once or raise the limit (ulimit -n)";
        case EISDIR: return "is a directory; name the capture files in it";
        default: return std::string("cannot be opened: ") + std::strerror(error);
    }
}

}  // namespace

base::Result<std::unique_ptr<InputStream>> InputStream::open(const std::string& path, const std::atomic<bool>* stop) {
    const int descriptor =
        path == "-" ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return base::Error{path + ": " + reason_of(errno)};
    struct stat status {};
    const bool known = fstat(descriptor, &status) == 0;
    if (known && S_ISDIR(status.st_mode)) {
        close(descriptor);
        return base::Error{path + ": " + reason_of(EISDIR)};
    }
    const bool regular = known && S_ISREG(status.st_mode);
    std::unique_ptr<InputStream> stream(
        new InputStream(descriptor, regular ? static_cast<std::uint64_t>(status.st_size) : 0, stop));
    stream->read_beginning();
    if (stream->error_ != 0) {
        return base::Error{path + ": cannot be read: " + std::strerror(stream->error_)};
    }
    return stream;
}

InputStream::~InputStream() {
    if (!by_stdio_) close(descriptor_);
}

std::size_t InputStream::read_some(void* place, std::size_t size) {
    if (position_ < beginning_size_) {
        const std::size_t count = std::min(size, beginning_size_ - static_cast<std::size_t>(position_));
        std::memcpy(place, beginning_.data() + position_, count);
        position_ += count;
        return count;
    }
    // Interruptions are as many as signals; the loop ends with data, the end or an error.
    for (;;) {
        const ssize_t count = read(descriptor_, place, size);
        if (count >= 0) {
            position_ += static_cast<std::uint64_t>(count);
            return static_cast<std::size_t>(count);
        }
        if (errno == EINTR && (stop_ == nullptr || !stop_->load(std::memory_order_relaxed))) continue;
        if (errno != EINTR) error_ = errno;
        return 0;
    }
}

void InputStream::read_beginning() {
    std::array<std::uint8_t, kBeginningBytes> bytes{};
    std::size_t size = 0;
    while (size < bytes.size()) {
        const std::size_t count = read_some(bytes.data() + size, bytes.size() - size);
        if (count == 0) break;
        size += count;
    }
    beginning_ = bytes;
    beginning_size_ = size;
    position_ = 0;
}

std::uint64_t InputStream::bytes_read() const {
    if (!by_stdio_) return position_;
    return static_cast<std::uint64_t>(std::max<off_t>(lseek(descriptor_, 0, SEEK_CUR), 0));
}

// A regular file needs none of what this class adds; the C library's own streams are much faster.
std::FILE* InputStream::file_stream() {
    std::FILE* stream = lseek(descriptor_, 0, SEEK_SET) == 0 ? fdopen(descriptor_, "rb") : nullptr;
    by_stdio_ = stream != nullptr;
    return stream;
}

std::FILE* InputStream::cookie_stream() {
    cookie_io_functions_t functions{};
    functions.read = [](void* cookie, char* place, size_t size) {
        return static_cast<ssize_t>(static_cast<InputStream*>(cookie)->read_some(place, size));
    };
    // No seeking, but the position is known: ftell() asks for it.
    functions.seek = [](void* cookie, off64_t* offset, int whence) {
        if (whence != SEEK_CUR || *offset != 0) return -1;
        *offset = static_cast<off64_t>(static_cast<InputStream*>(cookie)->position_);
        return 0;
    };
    return fopencookie(this, "rb", functions);
}

std::FILE* InputStream::stdio_stream() {
    std::FILE* stream = total_ != 0 ? file_stream() : cookie_stream();
    if (stream == nullptr) return nullptr;
    std::setvbuf(stream, nullptr, _IOFBF, kBufferBytes);
    __fsetlocking(stream, FSETLOCKING_BYCALLER);  // one thread: no lock a record
    return stream;
}

}  // namespace telltale::capture
