// SPDX-License-Identifier: Apache-2.0
// PcapReader on a hostile file, beside libpcap: the input is the file.
#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "sensor/capture/pcap_reader.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/require.h"

namespace {

using namespace telltale::capture;
using telltale::require;

struct Closer {
    void operator()(pcap_t* file) const { pcap_close(file); }
};

// Returns whether libpcap treats the link type like a network's: it allows longer records, or parses them, for others.
bool of_a_network(int link_type) {
    switch (link_type) {
        case DLT_EN10MB:
        case DLT_RAW:
        case DLT_NULL:
        case DLT_LINUX_SLL:
        case DLT_PPP:
        case DLT_IEEE802_11:
        case DLT_IEEE802_11_RADIO: return true;
        default: return false;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const telltale::MemoryFile file(data, size);
    if (!file.written()) return 0;
    auto stream = InputStream::open(file.path(), nullptr);
    if (!stream || (*stream)->beginning().size() < 4) return 0;
    if ((*stream)->beginning()[0] == 0x0a) return 0;  // pcapng
    std::array<char, PCAP_ERRBUF_SIZE> reason{};
    const std::unique_ptr<pcap_t, Closer> oracle(
        pcap_open_offline_with_tstamp_precision(file.path().c_str(), PCAP_TSTAMP_PRECISION_NANO, reason.data()));
    auto reader = PcapReader::open(**stream);
    require(static_cast<bool>(reader) == (oracle != nullptr), "libpcap opens the same files");
    if (!reader) return 0;
    require((*reader)->link_type() == pcap_datalink(oracle.get()), "libpcap reports the same link type");
    if (!of_a_network((*reader)->link_type())) return 0;

    Record record;
    std::uint64_t turn = 0;
    for (std::size_t records = 0;; ++records) {
        require(records <= size / 16, "a record has a head of its own");
        pcap_pkthdr* head = nullptr;
        const u_char* bytes = nullptr;
        const ReadStatus status = (*reader)->read(record);
        const int expected = pcap_next_ex(oracle.get(), &head, &bytes);
        require((*reader)->position() <= size, "it reads no more than the file has");
        require((status == ReadStatus::broken) != (*reader)->reason().empty(), "what is broken has a reason");
        require((status == ReadStatus::record) == (expected == 1), "libpcap reads as many records");
        if (status != ReadStatus::record) {
            require((status == ReadStatus::end) == (expected == PCAP_ERROR_BREAK), "libpcap sees the same end");
            require((*reader)->read(record) == status, "the end stays the end");
            return 0;
        }
        require(record.captured_length == head->caplen, "libpcap has as many bytes");
        require(record.captured_length == 0 || std::memcmp(record.data, bytes, head->caplen) == 0,
                "libpcap has the same bytes");
        require(record.wire_length == std::max(head->len, head->caplen), "libpcap has the same length on the wire");
        require(static_cast<std::uint32_t>(record.seconds) == static_cast<std::uint32_t>(head->ts.tv_sec),
                "libpcap has the same second");
        (*stream)->begin_turn(++turn);
    }
}
