// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "sensor/base/result.h"
#include "sensor/capture/record_reader.h"

struct pcap;  // libpcap's pcap_t

namespace telltale::capture {

// Classic pcap files (draft-ietf-opsawg-pcap), read by libpcap, with its variants.
class PcapReader : public RecordReader {
  public:
    // Takes the stream, also when it fails. Errors are libpcap's.
    static base::Result<std::unique_ptr<PcapReader>> open(std::FILE* stream);

    ReadStatus read(Record& record) override;
    [[nodiscard]] std::string_view reason() const override { return reason_; }
    [[nodiscard]] std::uint64_t position() const override;

    [[nodiscard]] int link_type() const { return link_type_; }

  private:
    struct Closer {
        void operator()(pcap* handle) const;
    };

    explicit PcapReader(pcap* handle);

    std::unique_ptr<pcap, Closer> pcap_;
    int link_type_;
    std::string reason_;
};

}  // namespace telltale::capture
