// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sensor/base/byte_reader.h"
#include "sensor/model/addresses.h"

// Questions and resource records as records carry them (FieldType::dns_question, FieldType::dns_answer): the only
// writer and the only reader of this layout.
namespace telltale::model {

// Types of resource records that networks of devices use (IANA, DNS parameters): X(constant, number, name).
#define TELLTALE_DNS_TYPES(X) \
    X(a, 1, "A")              \
    X(ns, 2, "NS")            \
    X(cname, 5, "CNAME")      \
    X(soa, 6, "SOA")          \
    X(null, 10, "NULL")       \
    X(ptr, 12, "PTR")         \
    X(hinfo, 13, "HINFO")     \
    X(mx, 15, "MX")           \
    X(txt, 16, "TXT")         \
    X(aaaa, 28, "AAAA")       \
    X(srv, 33, "SRV")         \
    X(naptr, 35, "NAPTR")     \
    X(cert, 37, "CERT")       \
    X(dname, 39, "DNAME")     \
    X(opt, 41, "OPT")         \
    X(ds, 43, "DS")           \
    X(rrsig, 46, "RRSIG")     \
    X(nsec, 47, "NSEC")       \
    X(dnskey, 48, "DNSKEY")   \
    X(nsec3, 50, "NSEC3")     \
    X(tlsa, 52, "TLSA")       \
    X(svcb, 64, "SVCB")       \
    X(https, 65, "HTTPS")     \
    X(spf, 99, "SPF")         \
    X(ixfr, 251, "IXFR")      \
    X(axfr, 252, "AXFR")      \
    X(any, 255, "ANY")

namespace dns_type {
#define X(constant, number, name) inline constexpr std::uint16_t constant = number;
TELLTALE_DNS_TYPES(X)
#undef X

// Members of a DnsAnswer that a type has.
constexpr bool has_address(std::uint16_t type) { return type == a || type == aaaa; }
constexpr bool has_target(std::uint16_t type) { return type == cname || type == ptr || type == srv; }
constexpr bool has_strings(std::uint16_t type) { return type == txt || type == hinfo; }
constexpr bool has_service(std::uint16_t type) { return type == svcb || type == https; }
}  // namespace dns_type

// The type's name; empty for a type that is not in the list.
std::string_view dns_type_name(std::uint16_t type);

struct DnsQuestion {
    std::uint16_t type = 0;
    std::string_view name;
};

// One resource record. Members that its type does not have stay empty.
struct DnsAnswer {
    std::uint16_t type = 0;
    std::uint32_t ttl_s = 0;
    std::string_view name{};     // the owner, at most kMaxDnsOwnerBytes
    IpAddress address{};         // A, AAAA
    std::uint16_t port = 0;      // SRV
    std::uint16_t priority = 0;  // SVCB, HTTPS
    bool ech = false;            // SVCB, HTTPS: the record has an ech parameter
    std::string_view alpn{};     // SVCB, HTTPS: names with commas between them, at most 255 bytes
    std::string_view target{};   // CNAME, PTR, SRV, SVCB, HTTPS
    base::Bytes strings{};       // TXT, HINFO: the wire's strings, see DnsStrings
};
inline constexpr std::size_t kMaxDnsOwnerBytes = 255;

// A field's value. Numbers are little endian. What goes beyond the room is left out.
class PackedDns {
  public:
    explicit PackedDns(const DnsQuestion& question);
    explicit PackedDns(const DnsAnswer& answer);
    [[nodiscard]] base::Bytes bytes() const { return base::Bytes(raw_).first(size_); }

  private:
    void put(std::uint32_t value, unsigned bytes);
    void put(base::Bytes bytes);
    void put(std::string_view text) { put(base::as_bytes(text)); }

    std::array<std::uint8_t, 2048> raw_;
    std::size_t size_ = 0;
};

// Reads a field's value, whose bytes the texts borrow. False if its fixed part is not whole; data that is not whole
// stays empty.
[[nodiscard]] bool read(base::Bytes packed, DnsQuestion& question);
[[nodiscard]] bool read(base::Bytes packed, DnsAnswer& answer);

// The strings of TXT or HINFO data, one after the other. Borrows them.
class DnsStrings {
  public:
    explicit DnsStrings(base::Bytes strings = {}) : reader_(strings) {}
    // False at the end. A string that is cut is given as far as it goes.
    [[nodiscard]] bool next(std::string_view& text) {
        std::uint8_t size = 0;
        base::Bytes bytes;
        if (!reader_.read_u8(size)) return false;
        if (!reader_.read_bytes(size < reader_.remaining() ? size : reader_.remaining(), bytes)) return false;
        text = base::as_text(bytes);
        return true;
    }

  private:
    base::ByteReader reader_;
};

}  // namespace telltale::model
