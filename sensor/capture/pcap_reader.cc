// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/pcap_reader.h"

#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <limits>

namespace telltale::capture {

void PcapReader::Closer::operator()(pcap* handle) const { pcap_close(handle); }

PcapReader::PcapReader(pcap* handle) : pcap_(handle), link_type_(pcap_datalink(handle)) {}

base::Result<std::unique_ptr<PcapReader>> PcapReader::open(std::FILE* stream) {
    std::array<char, PCAP_ERRBUF_SIZE> reason{};
    pcap* handle = pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, reason.data());
    if (handle == nullptr) {
        std::fclose(stream);
        return base::Error{reason.data()};
    }
    return std::unique_ptr<PcapReader>(new PcapReader(handle));
}

ReadStatus PcapReader::read(Record& record) {
    pcap_pkthdr* header = nullptr;
    const u_char* data = nullptr;
    const int status = pcap_next_ex(pcap_.get(), &header, &data);
    if (status == PCAP_ERROR_BREAK) return ReadStatus::end;
    if (status != 1) {
        reason_ = pcap_geterr(pcap_.get());
        return ReadStatus::broken;
    }
    record.data = data;
    record.captured_length = header->caplen;
    record.wire_length = std::max(header->len, header->caplen);
    record.seconds = header->ts.tv_sec;
    // The file's seconds are 32 bits without a sign; libpcap reads them with one.
    if (record.seconds < 0 && record.seconds >= std::numeric_limits<std::int32_t>::min()) {
        record.seconds += std::int64_t{1} << 32;
    }
    record.nanoseconds = header->ts.tv_usec;
    record.link_type = link_type_;
    return ReadStatus::record;
}

std::uint64_t PcapReader::position() const {
    return static_cast<std::uint64_t>(std::max(std::ftell(pcap_file(pcap_.get())), 0L));
}

}  // namespace telltale::capture
