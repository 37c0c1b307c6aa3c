// SPDX-License-Identifier: Apache-2.0
#include "signatures/bundle_files.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <memory>
#include <system_error>
#include <utility>

#include "signatures/map_reader.h"
#include "signatures/yaml_document.h"

namespace telltale::signatures {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargestFile = 8U << 20U;
constexpr std::uintmax_t kLargestBundle = 64U << 20U;
constexpr std::size_t kMostFiles = 4096;
constexpr std::string_view kFormat = "1";

bool read_file(const fs::path& path, std::string& content, Problems& problems) {
    std::error_code error;
    const FilePosition position{path.string(), 0};
    if (!fs::is_regular_file(path, error)) {
        problems.add(position, "no such file");
        return false;
    }
    const std::uintmax_t size = fs::file_size(path, error);
    if (error) {
        problems.add(position, "cannot be read: " + error.message());
        return false;
    }
    if (size > kLargestFile) {
        problems.add(position, "is larger than 8 MiB");
        return false;
    }
    std::ifstream stream(path, std::ios::binary);
    content.resize(static_cast<std::size_t>(size));
    stream.read(content.data(), static_cast<std::streamsize>(content.size()));
    if (!stream) {
        problems.add(position, "cannot be read");
        return false;
    }
    return true;
}

// The names of the .yaml files of a folder and the folders below it, relative to the bundle's folder, sorted.
std::vector<std::string> names_in(const fs::path& dir, const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    fs::recursive_directory_iterator entry(dir / folder, error);
    const fs::recursive_directory_iterator end;
    while (!error && entry != end && names.size() <= kMostFiles) {
        if (entry->path().extension() == ".yaml" && entry->is_regular_file(error)) {
            names.push_back((folder / entry->path().lexically_relative(dir / folder)).generic_string());
        }
        entry.increment(error);
    }
    std::sort(names.begin(), names.end());
    return names;
}

bool stays_inside(const fs::path& name) {
    return !name.empty() && name.is_relative() &&
           std::none_of(name.begin(), name.end(), [](const fs::path& part) { return part == ".."; });
}

class Digest {
  public:
    Digest() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
        ok_ = context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1;
    }

    void add(const std::string& text) {
        std::array<unsigned char, 8> length{};
        for (std::size_t i = 0; i < length.size(); ++i) {
            length.at(i) = static_cast<unsigned char>(static_cast<std::uint64_t>(text.size()) >> (8 * i));
        }
        ok_ = ok_ && EVP_DigestUpdate(context_.get(), length.data(), length.size()) == 1 &&
              EVP_DigestUpdate(context_.get(), text.data(), text.size()) == 1;
    }

    // Empty when the library failed.
    std::string hexadecimal() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
        unsigned int size = 0;
        if (!ok_ || EVP_DigestFinal_ex(context_.get(), bytes.data(), &size) != 1) return "";
        constexpr std::string_view kDigits = "0123456789abcdef";
        std::string out;
        for (std::size_t i = 0; i < size; ++i) {
            out += kDigits[bytes.at(i) >> 4U];
            out += kDigits[bytes.at(i) & 15U];
        }
        return out;
    }

  private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
    bool ok_ = false;
};

UsualWeights read_weights(MapReader& manifest) {
    UsualWeights out;
    const YamlValue weights = manifest.child("weights", YamlKind::map);
    if (!weights) return out;
    MapReader reader(weights, manifest.file(), "weights", manifest.problems());
    const auto read = [&](std::string_view key, double highest, std::optional<float>& weight) {
        if (reader.any(key)) weight = static_cast<float>(reader.number(key, 0, highest, 0));
    };
    read("maker_only", 1, out.maker_only);
    read("registrant", kHighestRegistrantWeight, out.registrant);
    reader.finish();
    return out;
}

// Reads the day of the release, YYYY-MM-DD. Optional.
void read_release(MapReader& reader, BundleFiles& out) {
    const std::string text = reader.text("released");
    if (text.empty()) return;
    unsigned year = 0;
    unsigned month = 0;
    unsigned day = 0;
    const auto part = [&text](std::size_t from, std::size_t size, auto& number) {
        const char* const end = text.data() + from + size;
        const auto [stopped, error] = std::from_chars(text.data() + from, end, number);
        return error == std::errc() && stopped == end;
    };
    const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-' && part(0, 4, year) &&
                        part(5, 2, month) && part(8, 2, day);
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)), std::chrono::month(month),
                                           std::chrono::day(day)};
    if (!shaped || !date.ok()) {
        reader.fail(reader.position_of("released").line, "'" + shown(text) + "' is not a day like 2026-11-30");
        return;
    }
    out.released_s = std::chrono::seconds(std::chrono::sys_days(date).time_since_epoch()).count();
}

// The manifest's own fields; returns the list of files and folders.
std::vector<std::string> read_manifest(const BundleFile& manifest, BundleFiles& out, Problems& problems) {
    YamlDocument document;
    YamlDocument::Failure failure;
    if (!document.parse(manifest.content, failure)) {
        problems.add({manifest.shown, failure.line}, failure.text);
        return {};
    }
    MapReader reader(YamlValue(document, 0), manifest.shown, "manifest", problems);
    const std::string format = reader.required_text("format");
    if (!format.empty() && format != kFormat) {
        problems.add(reader.position_of("format"), "format '" + shown(format) + "' is not known: this sensor reads 1");
    }
    out.version = reader.required_text("version");
    read_release(reader, out);
    reader.required_text("licence");
    out.weights = read_weights(reader);
    std::vector<std::string> files = reader.required_texts("files");
    const int line = reader.position_of("files").line;
    reader.finish();
    std::erase_if(files, [&](const std::string& name) {
        if (stays_inside(name)) return false;
        problems.add({manifest.shown, line}, "'" + shown(name) + "' leaves the bundle's folder");
        return true;
    });
    return files;
}

}  // namespace

BundleFiles read_bundle_files(const fs::path& dir, Problems& problems) {
    BundleFiles out;
    BundleFile manifest{"manifest.yaml", (dir / "manifest.yaml").string(), {}};
    if (!read_file(dir / "manifest.yaml", manifest.content, problems)) return out;
    Digest digest;
    digest.add(manifest.name);
    digest.add(manifest.content);
    std::uintmax_t total = manifest.content.size();
    for (const std::string& listed : read_manifest(manifest, out, problems)) {
        std::error_code error;
        std::vector<std::string> names{listed};
        if (fs::is_directory(dir / listed, error)) {
            names = names_in(dir, listed);
            if (names.empty()) problems.add({(dir / listed).string(), 0}, "holds no .yaml file");
        }
        for (std::string& name : names) {
            BundleFile file{std::move(name), {}, {}};
            file.shown = (dir / file.name).string();
            if (!read_file(dir / file.name, file.content, problems)) continue;
            total += file.content.size();
            if (total > kLargestBundle || out.files.size() >= kMostFiles) {
                problems.add({file.shown, 0}, "the bundle is larger than 64 MiB or 4,096 files");
                return out;
            }
            digest.add(file.name);
            digest.add(file.content);
            out.files.push_back(std::move(file));
        }
    }
    out.digest = digest.hexadecimal();
    if (out.digest.empty()) problems.add({manifest.shown, 0}, "the digest could not be computed");
    return out;
}

}  // namespace telltale::signatures
