// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/input_stream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace telltale::capture {
namespace {

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
    const base::Bytes first = stream->look(kBeginningBytes);
    stream->beginning_size_ = std::min(first.size(), kBeginningBytes);
    std::copy_n(first.begin(), stream->beginning_size_, stream->beginning_.begin());
    if (stream->error_ != 0) {
        return base::Error{path + ": cannot be read: " + std::strerror(stream->error_)};
    }
    return stream;
}

InputStream::~InputStream() { close(descriptor_); }

void InputStream::fetch(std::size_t wanted) {
    if (!ended_ && block_.capacity - at_ < wanted) change_block(wanted);
    // Waits for no more than `wanted`, because a pipe delivers little at a time.
    while (!ended_ && end_ - at_ < wanted) {
        const std::size_t count = read_some(block_.bytes.get() + end_, block_.capacity - end_);
        ended_ = count == 0;
        end_ += count;
    }
}

// Continues with another block, which starts with the unread rest of this one.
void InputStream::change_block(std::size_t wanted) {
    Block fresh = spare_block(wanted);
    const std::size_t rest = end_ - at_;
    if (rest != 0) std::memcpy(fresh.bytes.get(), block_.bytes.get() + at_, rest);
    block_position_ += at_;
    if (block_.capacity != 0) {
        if (held_turn_ != turn_) held_bytes_ = 0;
        held_turn_ = turn_;
        held_bytes_ += block_.capacity;
        block_.turn = turn_;
        left_.push_back(std::move(block_));
    }
    block_ = std::move(fresh);
    at_ = 0;
    end_ = rest;
}

InputStream::Block InputStream::spare_block(std::size_t wanted) {
    Block spare;
    while (!left_.empty() && left_.front().turn < turn_) {
        if (left_.front().capacity == kBlockBytes) spare = std::move(left_.front());
        left_.pop_front();
    }
    if (wanted <= spare.capacity) return spare;
    // A small file does not need a large block.
    const std::uint64_t position = this->position();
    const bool short_rest = total_ > position && total_ - position < kBlockBytes;
    const std::size_t usual = short_rest ? static_cast<std::size_t>(total_ - position) : kBlockBytes;
    spare.capacity = std::max(wanted, usual);
    spare.bytes.reset(new std::uint8_t[spare.capacity]);  // not cleared, so that unused pages stay untouched
    return spare;
}

std::size_t InputStream::read_some(void* place, std::size_t size) {
    // Signals bound the interruptions; the loop ends with data, the end or an error.
    for (;;) {
        const ssize_t count = read(descriptor_, place, size);
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno == EINTR && (stop_ == nullptr || !stop_->load(std::memory_order_relaxed))) continue;
        if (errno != EINTR) error_ = errno;
        return 0;
    }
}

}  // namespace telltale::capture
