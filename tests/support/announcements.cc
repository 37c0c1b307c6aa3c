// SPDX-License-Identifier: Apache-2.0
#include "tests/support/announcements.h"

#include "tests/support/dns_message.h"

namespace telltale::support {
namespace {

constexpr std::uint32_t kHostTtl = 120;
constexpr std::uint32_t kServiceTtl = 4500;
constexpr std::uint64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr std::uint64_t kNtpEpochOffset = 2'208'988'800;  // 1900 to 1970

void write_ntp_time(ByteWriter& out, std::uint64_t time_ns) {
    const std::uint64_t fraction = ((time_ns % kNanosecondsPerSecond) << 32) / kNanosecondsPerSecond;
    out.u64(((time_ns / kNanosecondsPerSecond + kNtpEpochOffset) << 32) + fraction);
}

void write_attribute(ByteWriter& out, std::uint32_t tag, std::string_view name, std::string_view value) {
    out.u8(tag).u16(static_cast<std::uint32_t>(name.size())).text(name);
    out.u16(static_cast<std::uint32_t>(value.size())).text(value);
}

}  // namespace

Bytes mdns_query(std::string_view service) {
    return DnsMessage(0).flags(0).question(std::string(service), DnsType::ptr).bytes();
}

Bytes mdns_announcement(std::string_view instance, std::string_view service, std::string_view host, std::uint16_t port,
                        const std::vector<std::string>& txt, const Ip& address) {
    const std::string full = std::string(instance) + "." + std::string(service);
    DnsMessage message(0);
    message.flags(0x8400).ptr(std::string(service), full, kServiceTtl).additional().cache_flush();
    message.srv(full, std::string(host), port, kHostTtl).txt(full, txt, kServiceTtl);
    return message.answer(std::string(host), address, kHostTtl).bytes();
}

Bytes ssdp_search(std::string_view search_target, std::string_view user_agent) {
    ByteWriter out;
    out.text("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: ");
    return out.text(search_target).text("\r\nUSER-AGENT: ").text(user_agent).text("\r\n\r\n").take();
}

Bytes ssdp_notify(std::string_view location, std::string_view type, std::string_view server, std::string_view uuid) {
    ByteWriter out;
    out.text("NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=1800\r\nLOCATION: ");
    out.text(location).text("\r\nNT: ").text(type).text("\r\nNTS: ssdp:alive\r\nSERVER: ").text(server);
    return out.text("\r\nUSN: uuid:").text(uuid).text("::").text(type).text("\r\n\r\n").take();
}

Bytes ntp_request(std::uint64_t time_ns) {
    ByteWriter out;
    out.u8(0x23).u8(0).u8(6).u8(0xec).zeros(36);  // version 4, client
    write_ntp_time(out, time_ns);
    return out.take();
}

Bytes ntp_response(std::uint64_t request_time_ns, std::uint64_t time_ns) {
    ByteWriter out;
    out.u8(0x24).u8(2).u8(6).u8(0xec).u32(0x100).u32(0x200).raw(Ip("192.0.2.123").bytes());
    write_ntp_time(out, time_ns - kNanosecondsPerSecond);
    write_ntp_time(out, request_time_ns);
    write_ntp_time(out, time_ns);
    write_ntp_time(out, time_ns + 20'000);
    return out.take();
}

Bytes ipp_request(std::uint16_t operation, std::uint32_t request_id, std::string_view printer_uri) {
    ByteWriter out;
    out.u16(0x0200).u16(operation).u32(request_id).u8(1);
    write_attribute(out, 0x47, "attributes-charset", "utf-8");
    write_attribute(out, 0x48, "attributes-natural-language", "en");
    write_attribute(out, 0x45, "printer-uri", printer_uri);
    return out.u8(3).take();
}

Bytes mi_push_hello(std::string_view model, std::string_view build, std::string_view client_id, std::string_view access,
                    std::string_view server, std::string_view locale) {
    ByteWriter fields;
    const auto field = [&fields](std::uint32_t tag, std::string_view text) {
        fields.u8(tag).u8(static_cast<std::uint32_t>(text.size())).text(text);
    };
    field(0x12, model);
    field(0x1a, build);
    field(0x22, client_id);
    field(0x32, access);
    field(0x3a, server);
    field(0x42, locale);
    ByteWriter out;
    out.u32(0xc2fe0005);
    const auto size = static_cast<std::uint32_t>(fields.size());
    return out.u32(size + 4).u32(0x00020016).raw(fields.bytes()).u32(0).take();
}

}  // namespace telltale::support
