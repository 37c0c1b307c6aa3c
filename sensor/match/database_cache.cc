// SPDX-License-Identifier: Apache-2.0
#include "sensor/match/database_cache.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

#include "sensor/base/byte_reader.h"

namespace telltale::match {
namespace {

constexpr std::string_view kMagic = "TTLMATCH";
constexpr std::string_view kPrefix = "patterns-";
constexpr std::string_view kSuffix = ".ttldb";

std::string_view view(const Sha256Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

template <typename T>
void append_integer(std::string& bytes, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) bytes += static_cast<char>((value >> (8 * i)) & 0xff);
}

class FileDescriptor {
  public:
    explicit FileDescriptor(int fd) : fd_(fd) {}
    ~FileDescriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    int get() const { return fd_; }

  private:
    int fd_;
};

std::string reason() { return std::generic_category().message(errno); }

bool read_whole(int fd, std::size_t size, std::string& bytes) {
    bytes.resize(size);
    std::size_t done = 0;
    while (done < size) {
        const ssize_t got = ::read(fd, bytes.data() + done, size - done);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        done += static_cast<std::size_t>(got);
    }
    return true;
}

bool write_whole(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t put = ::write(fd, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
}

// Returns why a file must not be trusted, if so.
std::optional<std::string> distrust(const struct stat& status) {
    if (!S_ISREG(status.st_mode)) return "it is not a regular file";
    if (status.st_uid != ::geteuid() && status.st_uid != 0) return "it belongs to another user";
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) return "others may write to it";
    return std::nullopt;
}

std::string file_name_of(std::string_view bundle_digest) {
    std::string name(kPrefix);
    const bool usable = bundle_digest.size() >= 16 &&
                        std::all_of(bundle_digest.begin(), bundle_digest.end(),
                                    [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; });
    name += usable ? bundle_digest.substr(0, 32) : "without-digest";
    return name += kSuffix;
}

}  // namespace

Sha256Digest sha256_of(std::string_view bytes) {
    Sha256Digest digest{};
    unsigned length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) std::abort();
    return digest;
}

DatabaseCache::DatabaseCache(std::filesystem::path folder, std::string_view bundle_digest, const Sha256Digest& key)
    : folder_(std::move(folder)), file_(folder_ / file_name_of(bundle_digest)), key_(key) {}

DatabaseCache::Loaded DatabaseCache::load(std::size_t section_count) const {
    const auto refused = [this](CacheOutcome outcome, const std::string& why) {
        return Loaded{outcome, file_.string() + ": " + why, {}};
    };
    const FileDescriptor fd(::open(file_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (fd.get() < 0 && errno == ENOENT) return {};
    if (fd.get() < 0) return refused(CacheOutcome::foreign, "cannot be opened: " + reason());
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) return refused(CacheOutcome::foreign, reason());
    if (const auto why = distrust(status)) return refused(CacheOutcome::foreign, *why);
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size < kHeaderBytes || size > kMaxFileBytes) return refused(CacheOutcome::damaged, "its length is wrong");
    std::string bytes;
    if (!read_whole(fd.get(), size, bytes)) return refused(CacheOutcome::damaged, "cannot be read to its end");

    base::ByteReader reader(base::as_bytes(bytes));
    base::Bytes magic, key, digest;
    std::uint32_t format = 0, sections = 0;
    std::uint64_t length = 0;
    const bool whole = reader.read_bytes(kMagic.size(), magic) && reader.read_le_u32(format) &&
                       reader.read_le_u32(sections) && reader.read_bytes(key_.size(), key) &&
                       reader.read_le_u64(length) && reader.read_bytes(key_.size(), digest);
    if (!whole || base::as_text(magic) != kMagic)
        return refused(CacheOutcome::foreign, "it is not a file of compiled patterns");
    if (format != kFormat || sections != section_count || base::as_text(key) != view(key_)) {
        return refused(CacheOutcome::stale,
                       "it was made from other signatures, by another version or for another processor");
    }
    if (length != reader.remaining()) return refused(CacheOutcome::damaged, "its length is wrong");
    if (base::as_text(digest) != view(sha256_of(base::as_text(reader.rest()))))
        return refused(CacheOutcome::damaged, "its digest is wrong");

    Loaded loaded{CacheOutcome::hit, {}, {}};
    for (std::uint32_t i = 0; i < sections; ++i) {
        std::uint64_t section_length = 0;
        base::Bytes section;
        if (!reader.read_le_u64(section_length) || !reader.read_bytes(section_length, section)) {
            return refused(CacheOutcome::damaged, "a section is cut");
        }
        loaded.sections.emplace_back(base::as_text(section));
    }
    return loaded;
}

base::Status DatabaseCache::store(const std::vector<std::string>& sections) const {
    std::string content;
    for (const auto& section : sections) {
        append_integer(content, std::uint64_t{section.size()});
        content += section;
    }
    std::string bytes(kMagic);
    append_integer(bytes, kFormat);
    append_integer(bytes, static_cast<std::uint32_t>(sections.size()));
    bytes += view(key_);
    append_integer(bytes, std::uint64_t{content.size()});
    bytes += view(sha256_of(content));
    bytes += content;
    auto status = write_atomically(bytes);
    if (status) remove_oldest();
    return status;
}

base::Status DatabaseCache::write_atomically(std::string_view bytes) const {
    if (::mkdir(folder_.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
        return base::Error{folder_.string() + ": the folder of the pattern cache cannot be made: " + reason()};
    }
    std::string temporary = (folder_ / ".patterns-XXXXXX").string();
    const FileDescriptor fd(::mkostemp(temporary.data(), O_CLOEXEC));  // creates the file with mode 0600
    if (fd.get() < 0) return base::Error{folder_.string() + ": no file can be made in the pattern cache: " + reason()};
    if (write_whole(fd.get(), bytes) && ::fsync(fd.get()) == 0 && ::rename(temporary.c_str(), file_.c_str()) == 0) {
        return base::Done{};
    }
    const base::Error error{file_.string() + ": the pattern cache cannot be written: " + reason()};
    ::unlink(temporary.c_str());
    return error;
}

void DatabaseCache::remove_oldest() const {
    std::vector<std::pair<std::filesystem::file_time_type, std::filesystem::path>> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
        const std::string name = entry.path().filename().string();
        const bool ours = name.starts_with(kPrefix) && name.ends_with(kSuffix) && entry.path() != file_;
        if (ours && entry.is_regular_file(error)) files.emplace_back(entry.last_write_time(error), entry.path());
    }
    if (files.size() < kMaxFiles) return;
    std::sort(files.begin(), files.end());
    files.resize(files.size() + 1 - kMaxFiles);
    for (const auto& [time, path] : files) std::filesystem::remove(path, error);
}

}  // namespace telltale::match
