// SPDX-License-Identifier: Apache-2.0
#include "tests/support/http2_request.h"

#include <algorithm>

namespace telltale::support {
namespace {

void put_string(ByteWriter& out, std::string_view text) {  // without Huffman's code; an integer with a prefix of 7 bits
    if (text.size() < 127) {
        out.u8(static_cast<std::uint32_t>(text.size()));
    } else {
        std::size_t rest = text.size() - 127;
        for (out.u8(127); rest >= 128; rest /= 128) out.u8(static_cast<std::uint32_t>(rest % 128 + 128));
        out.u8(static_cast<std::uint32_t>(rest));
    }
    out.text(text);
}

void put_frame(ByteWriter& out, std::uint32_t type, std::uint32_t flags, std::uint32_t stream,
               std::span<const std::uint8_t> body) {
    out.u24(static_cast<std::uint32_t>(body.size())).u8(type).u8(flags).u32(stream).raw(body);
}

}  // namespace

Bytes http2_block(const Http2Fields& fields) {
    ByteWriter out;
    for (const auto& [name, value] : fields) {
        out.u8(0);
        put_string(out, name);
        put_string(out, value);
    }
    return out.take();
}

Bytes http2_connection(const Bytes& block, std::size_t fragment) {
    ByteWriter out;
    out.text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    put_frame(out, 4, 0, 0, from_hex("0003 00000064"));
    put_frame(out, 8, 0, 0, from_hex("3fff0001"));
    for (std::size_t at = 0; at < block.size(); at += fragment) {
        const std::size_t size = std::min(fragment, block.size() - at);
        put_frame(out, at == 0 ? 1 : 9, at + size == block.size() ? 4 : 0, 1, std::span(block).subspan(at, size));
    }
    return out.take();
}

}  // namespace telltale::support
