// SPDX-License-Identifier: Apache-2.0
#include "tests/support/device_messages.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>

namespace telltale::support {
namespace {

ByteWriter& put_u16_text(ByteWriter& out, std::string_view text) {
    return out.u16(static_cast<std::uint32_t>(text.size())).text(text);
}

void put_attribute(ByteWriter& out, std::uint32_t type, std::string_view value) {
    put_u16_text(out.u16(type), value).zeros((4 - value.size() % 4) % 4);
}

void put_proto(ByteWriter& out, std::uint32_t number, std::string_view value) {
    out.u8(number << 3 | 2).u8(static_cast<std::uint32_t>(value.size())).text(value);
}

ByteWriter& lldp_tlv(ByteWriter& out, std::uint32_t type, std::size_t size) {
    return out.u16(type << 9 | static_cast<std::uint32_t>(size));
}

void cdp_tlv(ByteWriter& out, std::uint32_t type, std::string_view value) {
    out.u16(type).u16(static_cast<std::uint32_t>(value.size() + 4)).text(value);
}

}  // namespace

std::vector<Bytes> dtls_hello(std::string_view host, std::size_t fragment, std::string_view cookie) {
    ByteWriter hello;
    hello.u16(0xfefd).pad_to(34, 'R').u8(0).u8(static_cast<std::uint32_t>(cookie.size())).text(cookie);
    hello.u16(4).u16(0xc02b).u16(0xc02f).u8(1).u8(0);
    const std::size_t extensions = hello.open(2);
    hello.u16(0);
    const std::size_t extension = hello.open(2), list = hello.open(2);
    put_u16_text(hello.u8(0), host);
    hello.close(list, 2);
    hello.close(extension, 2);
    hello.u16(10).u16(4).u16(2).u16(29).u16(13).u16(4).u16(2).u16(0x0403);
    hello.close(extensions, 2);
    const Bytes body = hello.take();
    std::vector<Bytes> datagrams;
    for (std::size_t at = 0; at < body.size(); at += fragment) {
        const std::size_t size = std::min(fragment, body.size() - at);
        ByteWriter out;
        out.u8(22).u16(0xfeff).u16(0).u16(0).u32(static_cast<std::uint32_t>(datagrams.size()));
        const std::size_t record = out.open(2);
        out.u8(1).u24(static_cast<std::uint32_t>(body.size())).u16(cookie.empty() ? 0 : 1);
        out.u24(static_cast<std::uint32_t>(at)).u24(static_cast<std::uint32_t>(size));
        out.raw(std::span(body).subspan(at, size));
        out.close(record, 2);
        datagrams.push_back(out.take());
    }
    return datagrams;
}

namespace {

// Opcode, session, and what tls-auth or tls-crypt put behind them.
ByteWriter openvpn_packet(std::uint32_t opcode, std::uint32_t number, std::size_t hmac) {
    ByteWriter out;
    out.u8(opcode << 3).u64(0x1122334455667788);
    if (hmac != 0) out.pad_to(out.size() + hmac, 0xaa).u32(number).u32(1'700'000'000);
    return out;
}

}  // namespace

std::vector<Bytes> openvpn_client(const Bytes& tls, std::size_t payload, std::size_t hmac) {
    std::vector<Bytes> packets;
    std::uint32_t number = 0, id = 0;
    packets.push_back(openvpn_packet(7, ++number, hmac).u8(0).u32(id++).take());
    packets.push_back(openvpn_packet(5, ++number, hmac).u8(1).u32(0).u64(0x99).take());
    for (std::size_t at = 0; at < tls.size(); at += payload) {
        ByteWriter out = openvpn_packet(4, ++number, hmac);
        if (at == 0) {
            out.u8(0);
        } else {
            out.u8(1).u32(id - 1).u64(0x99);
        }
        packets.push_back(out.u32(id++).raw(std::span(tls).subspan(at, std::min(payload, tls.size() - at))).take());
    }
    return packets;
}

std::vector<Bytes> openvpn_encrypted_client() {
    const auto packet = [](std::uint32_t opcode, std::uint32_t number, std::size_t size) {
        ByteWriter out;
        out.u8(opcode << 3).u64(0x1122334455667788).u32(number).u32(1'700'000'000);
        return out.pad_to(out.size() + 32 + size, 0xe5).take();
    };
    return {packet(7, 1, 5), packet(5, 2, 17), packet(4, 3, 400)};
}

Bytes openvpn_stream(const std::vector<Bytes>& packets) {
    ByteWriter out;
    for (const Bytes& packet : packets) out.u16(static_cast<std::uint32_t>(packet.size())).raw(packet);
    return out.take();
}

Bytes stun_unauthorized(std::string_view realm, std::string_view software) {
    ByteWriter attributes;
    put_attribute(attributes, 0x0009, {"\0\0\4\1", 4});
    put_attribute(attributes, 0x0014, realm);
    put_attribute(attributes, 0x8022, software);
    ByteWriter out;
    out.u16(0x0113).u16(static_cast<std::uint32_t>(attributes.size())).u32(0x2112a442).text("transaction_");
    return out.raw(attributes.bytes()).take();
}

Bytes stun_binding() { return ByteWriter().u16(1).u16(0).u32(0x2112a442).text("transaction_").take(); }

Bytes coap_get(std::string_view host, const std::vector<std::string_view>& path) {
    ByteWriter out;
    out.u8(0x41).u8(1).u16(0x1234).u8(0xaa);
    std::uint32_t delta = 3;
    const auto option = [&](std::string_view value) {
        const bool extended = value.size() >= 13;
        out.u8(delta << 4 | (extended ? 13U : static_cast<std::uint32_t>(value.size())));
        if (extended) out.u8(static_cast<std::uint32_t>(value.size() - 13));
        out.text(value);
        delta = 0;
    };
    option(host);
    delta = 8;
    for (const std::string_view segment : path) option(segment);
    return out.u8(0xff).text("{}").take();
}

Bytes miio_hello() { return ByteWriter().u16(0x2131).u16(32).pad_to(32, 0xff).take(); }

Bytes miio_answer(std::uint32_t device) {
    return ByteWriter().u16(0x2131).u16(32).u32(0).u32(device).u32(4660).zeros(16).take();
}

namespace {

// Under the key that all devices share.
Bytes tuya_encrypted(const Bytes& text, TuyaSecrecy secrecy, const Bytes& header, const Bytes& nonce) {
    const Bytes key = from_hex("6c1ec8e2bb9bb59ab50b0daf649b410a");
    const bool blocks = secrecy == TuyaSecrecy::blocks;
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                  &EVP_CIPHER_CTX_free);
    Bytes out(text.size() + 32);
    int size = 0, rest = 0;
    bool ok = EVP_EncryptInit_ex(context.get(), blocks ? EVP_aes_128_ecb() : EVP_aes_128_gcm(), nullptr, key.data(),
                                 blocks ? nullptr : nonce.data()) == 1;
    if (!blocks)
        ok =
            ok && EVP_EncryptUpdate(context.get(), nullptr, &size, header.data(), static_cast<int>(header.size())) == 1;
    ok = ok && EVP_EncryptUpdate(context.get(), out.data(), &size, text.data(), static_cast<int>(text.size())) == 1 &&
         EVP_EncryptFinal_ex(context.get(), out.data() + size, &rest) == 1;
    if (!ok) throw std::runtime_error("OpenSSL does not encrypt");
    out.resize(static_cast<std::size_t>(size + rest));
    if (blocks) return out;
    Bytes tag(16);
    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag.size()), tag.data());
    return nonce + out + tag;
}

}  // namespace

Bytes tuya_announcement(std::string_view id, std::string_view product_key, TuyaSecrecy secrecy) {
    std::string json = R"({"ip":"192.168.7.9","gwId":")" + std::string(id) + R"(","active":2,"encrypt":true,)";
    json += R"("productKey":")" + std::string(product_key) + R"(","version":")";
    json += secrecy == TuyaSecrecy::sealed ? R"(3.5"})" : R"(3.3"})";
    constexpr std::uint32_t kTagAndNonce = 28, kReturnCode = 4;
    if (secrecy == TuyaSecrecy::sealed) {
        const Bytes text = ByteWriter().u32(0).text(json).take();
        const auto size = static_cast<std::uint32_t>(text.size()) + kTagAndNonce;
        const Bytes header = ByteWriter().u16(0).u32(0).u32(19).u32(size).take();
        const Bytes body = tuya_encrypted(text, secrecy, header, from_hex("000102030405060708090a0b"));
        return ByteWriter().u32(0x6699).raw(header).raw(body).u32(0x9966).take();
    }
    const Bytes text = to_bytes(json);
    const Bytes body = secrecy == TuyaSecrecy::clear ? text : tuya_encrypted(text, secrecy, {}, {});
    const auto size = static_cast<std::uint32_t>(body.size()) + kReturnCode + 8;
    return ByteWriter().u32(0x55aa).u32(0).u32(10).u32(size).u32(0).raw(body).u32(0x1234).u32(0xaa55).take();
}

Bytes mqtt_connect(std::string_view client, std::string_view user, std::uint8_t version) {
    ByteWriter body;
    put_u16_text(body, version == 3 ? "MQIsdp" : "MQTT").u8(version).u8(user.empty() ? 0x02 : 0xc6).u16(60);
    if (version == 5) body.u8(0);
    put_u16_text(body, client);
    if (!user.empty()) {
        if (version == 5) body.u8(0);
        put_u16_text(put_u16_text(put_u16_text(put_u16_text(body, "will/topic"), "bye"), user), "secret");
    }
    return ByteWriter().u8(0x10).u8(static_cast<std::uint32_t>(body.size())).raw(body.bytes()).take();
}

Bytes mipush_connect(std::string_view model, std::string_view system, std::string_view id) {
    ByteWriter header, payload, body;
    header.u8(8).u8(0);
    put_proto(header, 3, "xiaomi.com");
    put_proto(header, 5, "CONN");
    payload.u8(8).u8(106);
    put_proto(payload, 2, model);
    put_proto(payload, 3, system);
    put_proto(payload, 4, id);
    payload.u8(0x28).u8(42);
    put_proto(payload, 6, "wifi");
    body.u16(2).u16(static_cast<std::uint32_t>(header.size())).u32(static_cast<std::uint32_t>(payload.size()));
    body.raw(header.bytes()).raw(payload.bytes()).u32(0);
    return ByteWriter().u16(0xc2fe).u16(5).u32(static_cast<std::uint32_t>(body.size())).raw(body.bytes()).take();
}

Bytes lldp_announcement(std::string_view name, std::string_view description) {
    ByteWriter out;
    lldp_tlv(out, 1, 7).u8(4).raw(from_hex("005f67000001"));
    lldp_tlv(out, 2, 6).u8(5).text("gi0/1");
    lldp_tlv(out, 3, 2).u16(120);
    lldp_tlv(out, 5, name.size()).text(name);
    lldp_tlv(out, 6, description.size()).text(description);
    lldp_tlv(out, 7, 4).u16(0x14).u16(0x04);
    lldp_tlv(out, 8, 12).raw(from_hex("0501c0a80702 02 00000001 00"));
    lldp_tlv(out, 127, 11).raw(from_hex("0012bb09")).text("Example");
    lldp_tlv(out, 127, 8).raw(from_hex("0012bb0a")).text("SW-1");
    return out.u16(0).take();
}

Bytes cdp_announcement(std::string_view name, std::string_view platform) {
    ByteWriter out;
    out.u8(2).u8(180).u16(0);
    cdp_tlv(out, 1, name);
    const Bytes address = from_hex("00000001 01 01 cc 0004 c0a80702");
    cdp_tlv(out, 2, {reinterpret_cast<const char*>(address.data()), address.size()});
    cdp_tlv(out, 3, "GigabitEthernet0/1");
    cdp_tlv(out, 4, {"\0\0\0\x28", 4});
    cdp_tlv(out, 5, "Example OS 15.2");
    cdp_tlv(out, 6, platform);
    return out.take();
}

}  // namespace telltale::support
