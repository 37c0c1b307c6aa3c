// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/addresses.h"
#include "tests/support/bytes.h"

namespace telltale::support {

enum class DnsType : std::uint16_t { a = 1, cname = 5, ptr = 12, txt = 16, aaaa = 28, srv = 33, https = 65 };

// A DNS message (RFC 1035), as UDP payload; also the base of mDNS (RFC 6762). Sections are written in the order
// question, answer, additional whatever the order of the calls. Names are compressed by default.
class DnsMessage {
  public:
    explicit DnsMessage(std::uint16_t id) : id_(id) {}
    DnsMessage& response() { return flags_ |= 0x8080, *this; }  // with recursion available
    DnsMessage& authoritative() { return flags_ |= 0x0400, *this; }
    DnsMessage& truncated() { return flags_ |= 0x0200, *this; }
    DnsMessage& rcode(std::uint16_t code);
    DnsMessage& flags(std::uint16_t all) { return flags_ = all, *this; }
    DnsMessage& compress(bool on) { return compress_ = on, *this; }

    DnsMessage& question(std::string name, DnsType type, std::uint16_t dns_class = 1);
    DnsMessage& answer(std::string name, Ip ip, std::uint32_t ttl);  // A or AAAA
    DnsMessage& cname(std::string name, std::string target, std::uint32_t ttl);
    DnsMessage& ptr(std::string name, std::string target, std::uint32_t ttl);
    DnsMessage& txt(std::string name, std::vector<std::string> strings, std::uint32_t ttl);
    DnsMessage& srv(std::string name, std::string target, std::uint16_t port, std::uint32_t ttl);
    DnsMessage& record(std::string name, std::uint16_t type, std::uint32_t ttl, Bytes data);
    DnsMessage& additional();                                     // records from here on are additional
    DnsMessage& cache_flush() { return class_ = 0x8001, *this; }  // RFC 6762 section 10.2; records from here on
    DnsMessage& edns(std::uint16_t udp_size);                     // OPT record, RFC 6891; additional

    Bytes bytes() const;

  private:
    struct Question {
        std::string name;
        std::uint16_t type, dns_class;
    };
    struct Record {
        std::string name;
        std::uint16_t type, dns_class;
        std::uint32_t ttl;
        Bytes head;          // before the name in the data
        std::string target;  // a name in the data, compressed
        bool has_target;
        bool in_additional;
    };
    using Offsets = std::map<std::string, std::size_t>;
    DnsMessage& add(std::string name, std::uint16_t type, std::uint32_t ttl, Bytes head, std::string target,
                    bool has_target);
    void write_name(ByteWriter& out, std::string_view name, Offsets& offsets) const;
    void write_record(ByteWriter& out, const Record& record, Offsets& offsets) const;

    std::uint16_t id_;
    std::uint16_t flags_ = 0x0100;  // recursion desired
    std::uint16_t class_ = 1;
    bool compress_ = true;
    bool additional_ = false;
    std::vector<Question> questions_;
    std::vector<Record> records_;
};

}  // namespace telltale::support
