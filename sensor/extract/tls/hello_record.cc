// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/tls/hello_record.h"

#include "sensor/extract/tls/fingerprint.h"

namespace telltale::extract::tls {
namespace {

using base::ByteReader;
using model::Field;

constexpr std::size_t kMaxServerNameBytes = 255;  // RFC 1035 section 2.3.4

}  // namespace

void write_hello(const ClientHello& hello, char transport, HelloScratch& scratch, model::RecordWriter& record) {
    record.put_number(Field::tls_version, hello.highest_version());
    std::string_view name = hello.server_name;
    if (name.size() > kMaxServerNameBytes) {
        name = name.substr(0, kMaxServerNameBytes);
        record.mark_truncated();
    }
    if (!name.empty()) record.put(Field::tls_server_name, name);
    if (hello.complete) {
        Ja3Text ja3;
        write_ja3(hello, ja3);
        record.put(Field::tls_ja3, std::string_view(ja3.data(), ja3.size()));
        Ja4Text ja4;
        write_ja4(hello, transport, scratch.ciphers, scratch.extensions, ja4);
        record.put(Field::tls_ja4, std::string_view(ja4.data(), ja4.size()));
    } else {
        record.mark_truncated();
    }
    if (hello.has_encrypted_hello) record.put_number(Field::tls_ech, 1);
    ByteReader alpn(hello.alpn);
    for (ByteReader protocol; !alpn.empty() && alpn.read_sub_u8(protocol);) {
        record.put(Field::tls_alpn, protocol.rest());
    }
}

}  // namespace telltale::extract::tls
