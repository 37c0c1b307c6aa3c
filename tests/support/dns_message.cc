// SPDX-License-Identifier: Apache-2.0
#include "tests/support/dns_message.h"

#include <algorithm>
#include <utility>

namespace telltale::support {

DnsMessage& DnsMessage::rcode(std::uint16_t code) {
    flags_ = static_cast<std::uint16_t>((flags_ & 0xfff0) | (code & 15));
    return *this;
}

DnsMessage& DnsMessage::question(std::string name, DnsType type, std::uint16_t dns_class) {
    questions_.push_back({std::move(name), static_cast<std::uint16_t>(type), dns_class});
    return *this;
}

DnsMessage& DnsMessage::add(std::string name, std::uint16_t type, std::uint32_t ttl, Bytes head, std::string target,
                            bool has_target) {
    records_.push_back(
        {std::move(name), type, class_, ttl, std::move(head), std::move(target), has_target, additional_});
    return *this;
}

DnsMessage& DnsMessage::answer(std::string name, Ip ip, std::uint32_t ttl) {
    const auto type = static_cast<std::uint16_t>(ip.v6 ? DnsType::aaaa : DnsType::a);
    return add(std::move(name), type, ttl, Bytes(ip.bytes().begin(), ip.bytes().end()), {}, false);
}

DnsMessage& DnsMessage::cname(std::string name, std::string target, std::uint32_t ttl) {
    return add(std::move(name), static_cast<std::uint16_t>(DnsType::cname), ttl, {}, std::move(target), true);
}

DnsMessage& DnsMessage::ptr(std::string name, std::string target, std::uint32_t ttl) {
    return add(std::move(name), static_cast<std::uint16_t>(DnsType::ptr), ttl, {}, std::move(target), true);
}

DnsMessage& DnsMessage::txt(std::string name, std::vector<std::string> strings, std::uint32_t ttl) {
    ByteWriter data;
    for (const std::string& text : strings) data.u8(static_cast<std::uint32_t>(text.size())).text(text);
    return record(std::move(name), static_cast<std::uint16_t>(DnsType::txt), ttl, data.take());
}

DnsMessage& DnsMessage::srv(std::string name, std::string target, std::uint16_t port, std::uint32_t ttl) {
    ByteWriter head;
    head.u16(0).u16(0).u16(port);
    return add(std::move(name), static_cast<std::uint16_t>(DnsType::srv), ttl, head.take(), std::move(target), true);
}

DnsMessage& DnsMessage::record(std::string name, std::uint16_t type, std::uint32_t ttl, Bytes data) {
    return add(std::move(name), type, ttl, std::move(data), {}, false);
}

DnsMessage& DnsMessage::additional() {
    additional_ = true;
    return *this;
}

DnsMessage& DnsMessage::edns(std::uint16_t udp_size) {
    records_.push_back({"", 41, udp_size, 0, {}, {}, false, true});
    return *this;
}

void DnsMessage::write_name(ByteWriter& out, std::string_view name, Offsets& offsets) const {
    while (!name.empty()) {
        const auto known = offsets.find(std::string(name));
        if (compress_ && known != offsets.end()) {
            out.u16(0xc000 | static_cast<std::uint32_t>(known->second));
            return;
        }
        if (out.size() < 0x4000) offsets.emplace(name, out.size());
        const std::size_t dot = name.find('.');
        const std::string_view label = name.substr(0, dot);
        out.u8(static_cast<std::uint32_t>(label.size())).text(label);
        name = dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
    }
    out.u8(0);
}

void DnsMessage::write_record(ByteWriter& out, const Record& record, Offsets& offsets) const {
    write_name(out, record.name, offsets);
    out.u16(record.type).u16(record.dns_class).u32(record.ttl);
    const std::size_t mark = out.open(2);
    out.raw(record.head);
    if (record.has_target) write_name(out, record.target, offsets);
    out.close(mark, 2);
}

Bytes DnsMessage::bytes() const {
    const auto extra = std::count_if(records_.begin(), records_.end(), [](const Record& r) { return r.in_additional; });
    ByteWriter out;
    Offsets offsets;
    out.u16(id_).u16(flags_).u16(static_cast<std::uint32_t>(questions_.size()));
    out.u16(static_cast<std::uint32_t>(records_.size()) - static_cast<std::uint32_t>(extra)).u16(0);
    out.u16(static_cast<std::uint32_t>(extra));
    for (const Question& question : questions_) {
        write_name(out, question.name, offsets);
        out.u16(question.type).u16(question.dns_class);
    }
    for (const bool in_additional : {false, true})
        for (const Record& record : records_)
            if (record.in_additional == in_additional) write_record(out, record, offsets);
    return out.take();
}

}  // namespace telltale::support
