// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/capture_file.h"

#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "sensor/base/packet_clock.h"
#include "sensor/capture/file_kind.h"
#include "sensor/capture/link_types.h"
#include "sensor/capture/pcap_reader.h"
#include "sensor/capture/pcapng_reader.h"

namespace telltale::capture {
namespace {

std::string link_name(int libpcap_type) {
    const char* name = pcap_datalink_val_to_name(libpcap_type);
    return name != nullptr ? std::string(name) : "number " + std::to_string(libpcap_type);
}

std::optional<model::LinkType> supported_link(int libpcap_type) {
    for (const auto link : base::enumerators<model::LinkType>()) {
        const std::span<const int> types = kLibpcapTypes[link].all();
        if (std::find(types.begin(), types.end(), libpcap_type) != types.end()) return link;
    }
    return std::nullopt;
}

std::string unsupported_link_text(int libpcap_type) {
    std::string text = "link type " + link_name(libpcap_type);
    if (const char* description = pcap_datalink_val_to_description(libpcap_type); description != nullptr) {
        text += std::string(" (") + description + ")";
    }
    text += " is not supported; supported are";
    const char* separator = " ";
    for (const LibpcapTypes& types : kLibpcapTypes) {
        for (const int type : types.all()) {
            text += separator + link_name(type);
            separator = ", ";
        }
    }
    return text;
}

base::Error unreadable_header(std::string_view reason) {
    return base::Error{"its header cannot be read: " + std::string(reason) +
                       "; check that the file was copied completely"};
}

}  // namespace

base::Result<std::unique_ptr<CaptureFile>> CaptureFile::open(const std::string& path, const std::atomic<bool>* stop) {
    auto stream = InputStream::open(path, stop);
    if (!stream) return stream.error();
    const std::string name = path == "-" ? "standard input" : path;
    std::unique_ptr<CaptureFile> file(new CaptureFile);
    file->stream_ = std::move(stream.value());
    const base::Bytes beginning = file->stream_->beginning();
    if (!looks_like_capture(beginning)) return base::Error{name + ": " + describe_other_file(beginning, path)};

    file->statistics_.path = path;
    file->bytes_total_ = file->stream_->bytes_total();
    const auto opened = looks_like_pcapng(beginning) ? file->open_pcapng() : file->open_pcap();
    if (!opened) return base::Error{name + ": " + opened.error().text};
    return file;
}

base::Status CaptureFile::open_pcap() {
    auto reader = PcapReader::open(*stream_);
    if (!reader) return unreadable_header(reader.error().text);
    const int link_type = reader.value()->link_type();
    if (!supported_link(link_type)) return base::Error{unsupported_link_text(link_type)};
    statistics_.link_type = link_name(link_type);
    pcap_ = reader.value().get();
    reader_ = std::move(reader.value());
    return base::Done{};
}

base::Status CaptureFile::open_pcapng() {
    auto reader = std::make_unique<PcapngReader>(*stream_);
    const ReadStatus status = reader->read_ahead();
    const std::vector<int> link_types = reader->link_types();
    if (link_types.empty() && status == ReadStatus::broken) return unreadable_header(reader->reason());
    if (std::none_of(link_types.begin(), link_types.end(), [](int type) { return supported_link(type).has_value(); })) {
        return base::Error{unsupported_link_text(link_types.front())};
    }
    for (const int type : link_types) {
        if (!supported_link(type)) continue;  // a hostile file may describe thousands
        const std::string name = link_name(type);
        if (statistics_.link_type.empty()) {
            statistics_.link_type = name;
        } else if (("," + statistics_.link_type + ",").find("," + name + ",") == std::string::npos) {
            statistics_.link_type += "," + name;
        }
    }
    reader_ = std::move(reader);
    return base::Done{};
}

std::int64_t CaptureFile::clamped_time(const Record& record) {
    ++statistics_.bad_timestamps;
    return std::clamp<std::int64_t>(record.seconds, 0, kLatestSecond) * base::kSecondNs +
           std::clamp<std::int64_t>(record.nanoseconds, 0, base::kSecondNs - 1);
}

// Returns whether frames of this link type can be decoded; remembers the type.
bool CaptureFile::take_link_type(int link_type) {
    const auto link = supported_link(link_type);
    if (link) {
        link_type_ = link_type;
        next_.link = *link;
    } else if (statistics_.unsupported_frames++ == 0) {
        unsupported_link_type_ = link_type;
    }
    return link.has_value();
}

bool CaptureFile::end(ReadStatus status) {
    if (stream_->read_error() != 0) {
        warn_about_break(std::strerror(stream_->read_error()));
    } else if (status == ReadStatus::broken) {
        warn_about_break(reader_->reason());
    } else if (statistics_.frames == 0 && statistics_.unsupported_frames == 0) {
        statistics_.warnings.push_back(statistics_.path + ": contains no frames");
    }
    finish();
    return false;
}

void CaptureFile::warn_about_break(std::string_view reason) {
    const std::string number = std::to_string(statistics_.frames + statistics_.unsupported_frames + 1);
    std::string place = " (about byte " + std::to_string(reader_->position());
    if (bytes_total_ != 0) place += " of " + std::to_string(bytes_total_);
    statistics_.warnings.push_back(statistics_.path + ": cannot be read from frame " + number + " on" + place +
                                   "): " + std::string(reason) + "; the " + std::to_string(statistics_.frames) +
                                   " frames before it are used");
}

void CaptureFile::finish() {
    if (statistics_.bad_timestamps != 0) {
        statistics_.warnings.push_back(statistics_.path + ": " + std::to_string(statistics_.bad_timestamps) +
                                       " frames have an impossible time; their times were clamped");
    }
    if (statistics_.cut_frames != 0) {
        statistics_.warnings.push_back(statistics_.path + ": " + std::to_string(statistics_.cut_frames) +
                                       " frames exceed the longest that can be analysed; they were cut");
    }
    if (statistics_.unsupported_frames != 0) {
        statistics_.warnings.push_back(
            statistics_.path + ": " + std::to_string(statistics_.unsupported_frames) +
            " frames of its other interfaces were skipped: " + unsupported_link_text(unsupported_link_type_));
    }
    statistics_.finished = true;
    next_.data = nullptr;
    next_.captured_length = 0;
}

void CaptureFile::close() {
    bytes_at_end_ = bytes_read();
    pcap_ = nullptr;
    reader_.reset();
    stream_.reset();
}

std::uint64_t CaptureFile::bytes_read() const { return stream_ != nullptr ? stream_->bytes_read() : bytes_at_end_; }

}  // namespace telltale::capture
