// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/http2/http2.h"

#include <algorithm>

#include "sensor/extract/http/head.h"
#include "sensor/extract/http2/hpack.h"

namespace telltale::extract::http2 {
namespace {

using base::ByteReader;
using base::Bytes;
using model::Field;

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";  // RFC 9113 section 3.4
constexpr std::size_t kFrameHeaderBytes = 9, kPriorityBytes = 5;
constexpr std::uint8_t kHeaders = 1, kContinuation = 9;
constexpr std::uint8_t kEndHeaders = 0x04, kPadded = 0x08, kPriority = 0x20;
constexpr std::size_t kMaxFrames = 16;  // of one header block
constexpr std::size_t kMaxValueBytes = 1024;

struct Frame {
    std::uint8_t type = 0;
    std::uint8_t flags = 0;
    std::size_t size = 0;  // with its header
    bool whole = false;
    ByteReader body;  // as far as it is there
};

bool read_frame(Bytes stream, Frame& frame) {
    ByteReader reader(stream);
    std::uint32_t length = 0;
    if (!reader.read_u24(length) || !reader.read_u8(frame.type) || !reader.read_u8(frame.flags) || !reader.skip(4)) {
        return false;
    }
    frame.size = kFrameHeaderBytes + length;
    frame.whole = length <= reader.remaining();
    frame.body = ByteReader(reader.rest().first(std::min<std::size_t>(length, reader.remaining())));
    return true;
}

// The fragment of a header block that a frame holds (sections 6.2 and 6.10).
bool fragment_of(const Frame& frame, Bytes& fragment) {
    ByteReader body = frame.body;
    std::uint8_t padding = 0;
    if (frame.type == kHeaders && (frame.flags & kPadded) != 0 && !body.read_u8(padding)) return false;
    if (frame.type == kHeaders && (frame.flags & kPriority) != 0 && !body.skip(kPriorityBytes)) return false;
    if (padding > body.remaining()) return false;
    fragment = body.rest().first(body.remaining() - padding);
    return true;
}

void put(Field field, std::string_view text, model::RecordWriter& record) {
    if (text.empty()) return;
    record.put(field, text.substr(0, kMaxValueBytes));
    if (text.size() > kMaxValueBytes) record.mark_truncated();
}

Parsed write_request(Bytes block, std::size_t used, Arena& arena, model::RecordWriter& record) {
    Request request;
    http::NameList names;
    const auto add = [](void* list, std::string_view name) { static_cast<http::NameList*>(list)->add(name); };
    if (!read_block(block, arena, request, add, &names)) return malformed(Malformed::bad_syntax);
    const std::string_view host = request.authority.empty() ? request.host : request.authority;
    put(Field::method, request.method, record);
    put(Field::service_name, host, record);
    put(Field::user_agent, request.user_agent, record);
    put(Field::http_field_names, names.text(), record);
    put(Field::target, request.path, record);
    if (names.cut()) record.mark_truncated();
    return {.outcome = Outcome::done, .named = !host.empty(), .last = true, .used = used};
}

}  // namespace

Sniff sniff(const Message& message) {
    const std::string_view text = base::as_text(message.bytes).substr(0, kPreface.size());
    if (text.empty() || text != kPreface.substr(0, text.size())) return Sniff::no;
    if (text.size() == kPreface.size()) return Sniff::yes;
    return message.cut ? Sniff::no : Sniff::need_more;
}

// Frames that were passed over are not walked again: `scanned` is where the next one starts.
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record, Scratch& scratch) {
    const Bytes stream = message.bytes;
    const Parsed unclear = message.cut ? malformed(Malformed::short_header) : need_more();
    std::size_t at = std::max<std::size_t>(progress.scanned, kPreface.size());
    Frame frame;
    for (;; at += frame.size) {  // each turn passes a frame
        progress.scanned = static_cast<std::uint16_t>(std::min<std::size_t>(at, 0xffff));
        if (at >= stream.size() || !read_frame(stream.subspan(at), frame)) return unclear;
        if (frame.type == kHeaders) break;
        if (!frame.whole) return unclear;
    }
    std::size_t size = 0;
    for (std::size_t i = 0; i < kMaxFrames; ++i) {
        Bytes fragment;
        if (!frame.whole) return unclear;
        if (!fragment_of(frame, fragment)) return malformed(Malformed::bad_length);
        if (fragment.size() > scratch.block.size() - size) return malformed(Malformed::too_long);
        std::copy(fragment.begin(), fragment.end(), scratch.block.begin() + static_cast<std::ptrdiff_t>(size));
        size += fragment.size();
        at += frame.size;
        if ((frame.flags & kEndHeaders) != 0) {
            return write_request(Bytes(scratch.block).first(size), at, scratch.arena, record);
        }
        if (at >= stream.size() || !read_frame(stream.subspan(at), frame)) return unclear;
        if (frame.type != kContinuation) return malformed(Malformed::bad_syntax);
    }
    return malformed(Malformed::too_long);
}

}  // namespace telltale::extract::http2
