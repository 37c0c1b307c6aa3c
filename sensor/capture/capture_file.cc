// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/capture_file.h"

#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <optional>

#include "sensor/base/packet_clock.h"
#include "sensor/capture/file_kind.h"

namespace telltale::capture {
namespace {

// Later times are clamped, so that adding a timeout to a packet's time cannot overflow (the year 2223).
constexpr std::int64_t kLatestSecond = 8'000'000'000;

struct SupportedLink {
    int libpcap;
    model::LinkType link;
};
constexpr std::array kSupportedLinks{
    SupportedLink{DLT_EN10MB, model::LinkType::ethernet},
    SupportedLink{DLT_RAW, model::LinkType::raw_ip},
    SupportedLink{DLT_IPV4, model::LinkType::raw_ip},
    SupportedLink{DLT_IPV6, model::LinkType::raw_ip},
    SupportedLink{DLT_NULL, model::LinkType::null_loopback},
    SupportedLink{DLT_LOOP, model::LinkType::null_loopback},
    SupportedLink{DLT_LINUX_SLL, model::LinkType::linux_cooked_v1},
    SupportedLink{DLT_LINUX_SLL2, model::LinkType::linux_cooked_v2},
    SupportedLink{DLT_PPP, model::LinkType::ppp},
    SupportedLink{DLT_PPP_SERIAL, model::LinkType::ppp},
    SupportedLink{DLT_C_HDLC, model::LinkType::cisco_hdlc},
    SupportedLink{DLT_IEEE802_11, model::LinkType::wireless},
    SupportedLink{DLT_IEEE802_11_RADIO, model::LinkType::radiotap},
};

std::string link_name(int libpcap_type) {
    const char* name = pcap_datalink_val_to_name(libpcap_type);
    return name != nullptr ? std::string(name) : "number " + std::to_string(libpcap_type);
}

std::optional<model::LinkType> supported_link(int libpcap_type) {
    for (const SupportedLink& supported : kSupportedLinks) {
        if (supported.libpcap == libpcap_type) return supported.link;
    }
    return std::nullopt;
}

std::string unsupported_link_text(int libpcap_type) {
    std::string text = "link type " + link_name(libpcap_type);
    if (const char* description = pcap_datalink_val_to_description(libpcap_type); description != nullptr) {
        text += std::string(" (") + description + ")";
    }
    text += " is not supported; supported are";
    for (const SupportedLink& supported : kSupportedLinks) {
        text += (&supported == &kSupportedLinks.front() ? " " : ", ") + link_name(supported.libpcap);
    }
    return text;
}

}  // namespace

void CaptureFile::PcapCloser::operator()(pcap* handle) const { pcap_close(handle); }

base::Result<std::unique_ptr<CaptureFile>> CaptureFile::open(const std::string& path, const std::atomic<bool>* stop) {
    auto stream = InputStream::open(path, stop);
    if (!stream) return stream.error();
    const std::string name = path == "-" ? "standard input" : path;
    const base::Bytes beginning = stream.value()->beginning();
    if (!looks_like_capture(beginning)) return base::Error{name + ": " + describe_other_file(beginning, path)};

    std::unique_ptr<CaptureFile> file(new CaptureFile);
    file->stream_ = std::move(stream.value());
    file->statistics_.path = path;
    file->bytes_total_ = file->stream_->bytes_total();
    std::FILE* stdio_stream = file->stream_->stdio_stream();
    if (stdio_stream == nullptr) return base::Error{name + ": cannot be read: out of memory"};
    char reason[PCAP_ERRBUF_SIZE] = "";
    file->pcap_.reset(pcap_fopen_offline_with_tstamp_precision(stdio_stream, PCAP_TSTAMP_PRECISION_NANO, reason));
    if (file->pcap_ == nullptr) {
        std::fclose(stdio_stream);
        return base::Error{name + ": its header cannot be read as that of a capture: " + reason +
                           "; check that the file was copied completely"};
    }
    const int libpcap_type = pcap_datalink(file->pcap_.get());
    const auto link = supported_link(libpcap_type);
    if (!link) return base::Error{name + ": " + unsupported_link_text(libpcap_type)};
    file->statistics_.link_type = link_name(libpcap_type);
    file->next_.link = *link;
    return file;
}

std::int64_t CaptureFile::packet_time(std::int64_t seconds, std::int64_t nanoseconds) {
    // pcap's seconds are 32 bits without a sign; libpcap reads them with one.
    if (seconds < 0 && seconds >= std::numeric_limits<std::int32_t>::min()) seconds += std::int64_t{1} << 32;
    const std::int64_t sane_seconds = std::clamp<std::int64_t>(seconds, 0, kLatestSecond);
    const std::int64_t sane_nanoseconds = std::clamp<std::int64_t>(nanoseconds, 0, base::kSecondNs - 1);
    if (sane_seconds != seconds || sane_nanoseconds != nanoseconds) ++statistics_.bad_timestamps;
    return sane_seconds * base::kSecondNs + sane_nanoseconds;
}

bool CaptureFile::advance() {
    if (statistics_.finished) return false;
    pcap_pkthdr* header = nullptr;
    const u_char* data = nullptr;
    const int status = pcap_next_ex(pcap_.get(), &header, &data);
    if (status == 1) {
        next_.data = data;
        next_.captured_length = header->caplen;
        next_.wire_length = std::max(header->len, header->caplen);
        next_.timestamp_ns = packet_time(header->ts.tv_sec, header->ts.tv_usec);
        return true;
    }
    if (stream_->read_error() != 0) {
        warn_about_break(std::strerror(stream_->read_error()));
    } else if (status != PCAP_ERROR_BREAK) {
        warn_about_break(pcap_geterr(pcap_.get()));
    } else if (statistics_.frames == 0) {
        statistics_.warnings.push_back(statistics_.path + ": holds no frames");
    }
    finish();
    return false;
}

void CaptureFile::warn_about_break(const std::string& reason) {
    const std::string number = std::to_string(statistics_.frames + 1);
    std::string place = " (about byte " + std::to_string(std::ftell(pcap_file(pcap_.get())));
    if (bytes_total_ != 0) place += " of " + std::to_string(bytes_total_);
    std::string warning = statistics_.path + ": cannot be read from frame " + number + " on" + place + "): " + reason +
                          "; the " + std::to_string(statistics_.frames) + " frames before it are used";
    if (reason.find("different from the") != std::string::npos) {
        warning += "; a pcapng file of several interfaces can be split with tshark -Y 'frame.interface_id == 0' -w";
    }
    statistics_.warnings.push_back(std::move(warning));
}

void CaptureFile::finish() {
    if (statistics_.bad_timestamps != 0) {
        statistics_.warnings.push_back(statistics_.path + ": " + std::to_string(statistics_.bad_timestamps) +
                                       " frames have an impossible time; their times were clamped");
    }
    if (statistics_.cut_frames != 0) {
        statistics_.warnings.push_back(statistics_.path + ": " + std::to_string(statistics_.cut_frames) +
                                       " frames are longer than a batch takes; they were cut");
    }
    statistics_.finished = true;
    bytes_at_end_ = stream_->bytes_read();
    next_.data = nullptr;
    next_.captured_length = 0;
    pcap_.reset();  // closes the stream on it
    stream_.reset();
}

void CaptureFile::take(std::uint32_t taken_bytes) {
    FileStatistics& count = statistics_;
    const std::int64_t time_ns = next_.timestamp_ns;
    if (count.frames == 0) {
        count.first_ns = count.last_ns = time_ns;
    } else {
        count.late_frames += time_ns < previous_ns_ ? 1U : 0U;
        count.first_ns = std::min(count.first_ns, time_ns);
        count.last_ns = std::max(count.last_ns, time_ns);
    }
    previous_ns_ = time_ns;
    ++count.frames;
    count.captured_bytes += next_.captured_length;
    count.wire_bytes += next_.wire_length;
    count.snapped_frames += next_.wire_length > next_.captured_length ? 1U : 0U;
    count.cut_frames += taken_bytes < next_.captured_length ? 1U : 0U;
}

std::uint64_t CaptureFile::bytes_read() const { return stream_ != nullptr ? stream_->bytes_read() : bytes_at_end_; }

}  // namespace telltale::capture
