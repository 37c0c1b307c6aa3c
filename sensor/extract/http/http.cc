// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/http/http.h"

#include <algorithm>
#include <string_view>

#include "sensor/extract/http/head.h"
#include "sensor/extract/http/methods.h"

namespace telltale::extract::http {
namespace {

using base::Bytes;
using model::Field;

constexpr std::string_view kResponse = "HTTP/1.";
constexpr std::size_t kMaxLeadingBreaks = 4;  // RFC 9112 section 2.2
constexpr std::size_t kMaxValueBytes = 1024;  // of Host and User-Agent in a record

std::size_t leading_breaks(std::string_view text) {
    std::size_t count = 0;
    while (count < text.size() && count < kMaxLeadingBreaks && (text[count] == '\r' || text[count] == '\n')) ++count;
    return count;
}

bool method_and_space(std::string_view text, std::string_view method) {
    return text.size() > method.size() && text.starts_with(method) && text[method.size()] == ' ';
}

void put_value(model::RecordWriter& record, Field field, const Value& value) {
    if (!value.found) return;
    char joined[kMaxValueBytes];
    const std::string_view text = unfold(value.text, joined);
    if (value.text.size() > kMaxValueBytes) record.mark_truncated();
    if (!text.empty()) record.put(field, text);
}

}  // namespace

Sniff sniff(const Message& message) {
    std::string_view text = base::as_text(message.bytes);
    text.remove_prefix(leading_breaks(text));
    const Sniff unclear = message.cut ? Sniff::no : Sniff::need_more;
    if (text.empty()) return unclear;
    if (text[0] < 'A' || text[0] > 'Z') return Sniff::no;
    if (text.starts_with(kResponse)) return Sniff::finished;
    for (const std::string_view method : kMethods) {
        if (method[0] != text[0]) continue;
        if (method_and_space(text, method)) return Sniff::yes;
        if (text.size() <= method.size() && method.starts_with(text)) return unclear;
    }
    return kResponse.starts_with(text) ? unclear : Sniff::no;
}

Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record) {
    const std::string_view all = base::as_text(message.bytes);
    const std::size_t skipped = leading_breaks(all);
    const std::string_view text = all.substr(skipped, kMaxHeadBytes);
    const HeadEnd end = find_head_end(text, progress);
    if (!end.request) return not_mine();
    const bool whole = end.size != 0;
    if (!whole && !message.cut) {
        if (text.size() < kMaxHeadBytes) return need_more();
        if (progress.gathered == 0) return malformed(Malformed::too_long);  // not one line in all of it
    }

    const std::string_view head = text.substr(0, whole ? end.size : text.size());
    Head fields;
    if (!read_head(head, fields)) return not_mine();

    record.put(Field::method, fields.method);
    put_value(record, Field::service_name, fields.host);
    if (!fields.authority.empty()) record.put(Field::http_authority, fields.authority.substr(0, kMaxValueBytes));
    put_value(record, Field::user_agent, fields.user_agent);
    put_value(record, Field::http_requested_with, fields.requested_with);
    if (!fields.field_names.text().empty()) record.put(Field::http_field_names, fields.field_names.text());
    if (!fields.cookie_names.text().empty()) record.put(Field::http_cookie_names, fields.cookie_names.text());
    if (fields.field_names.cut() || fields.cookie_names.cut()) record.mark_truncated();
    if (!fields.target.empty()) record.put(Field::target, fields.target);
    if (!whole) record.mark_truncated();

    if (fields.has_length && !fields.chunked) record.put_number(Field::http_content_length, fields.content_length);
    if (fields.chunked) record.put_number(Field::http_chunked, 1);

    // A pipelined request follows the body.
    const std::string_view behind = all.substr(skipped + head.size());
    const std::size_t body =
        fields.chunked ? chunked_body_bytes(behind) : std::min<std::size_t>(behind.size(), fields.content_length);
    return done(skipped + head.size() + body, !fields.host.text.empty() || !fields.authority.empty());
}

}  // namespace telltale::extract::http
