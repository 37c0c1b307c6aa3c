// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/xmpp/xmpp.h"

#include <algorithm>
#include <string_view>

#include "sensor/extract/values.h"

namespace telltale::extract::xmpp {
namespace {

using model::Field;

constexpr std::string_view kDeclaration = "<?xml ", kStream = "<stream:stream";
constexpr std::string_view kSpace = " \t\r\n";
constexpr std::size_t kMaxHeaderBytes = 2048, kMaxValueBytes = 255;

bool may_begin_with(std::string_view text, std::string_view mark) {
    const std::size_t there = std::min(text.size(), mark.size());
    return text.substr(0, there) == mark.substr(0, there);
}

// The text after the XML declaration, if there is one; all of it while the declaration has no end.
std::string_view behind_declaration(std::string_view text) {
    if (!text.starts_with(kDeclaration)) return text;
    const std::size_t end = text.find("?>");
    if (end == std::string_view::npos) return text;
    text.remove_prefix(end + 2);
    const std::size_t start = text.find_first_not_of(kSpace);
    return start == std::string_view::npos ? std::string_view() : text.substr(start);
}

// name='value' or name="value"; each call takes one. False at the end, and where the grammar is broken.
bool take_attribute(std::string_view& text, std::string_view& name, std::string_view& value) {
    const std::size_t start = text.find_first_not_of(kSpace);
    const std::size_t equals = text.find('=');
    if (start == std::string_view::npos || equals == std::string_view::npos || equals < start) return false;
    name = text.substr(start, equals - start);
    name = name.substr(0, name.find_last_not_of(kSpace) + 1);
    const std::size_t open = text.find_first_not_of(kSpace, equals + 1);
    if (open == std::string_view::npos || (text[open] != '\'' && text[open] != '"')) return false;
    const std::size_t close = text.find(text[open], open + 1);
    if (close == std::string_view::npos) return false;
    value = text.substr(open + 1, close - open - 1);
    text.remove_prefix(close + 1);
    return true;
}

}  // namespace

Sniff sniff(const Message& message) {
    const std::string_view text = base::as_text(message.bytes).substr(0, kMaxHeaderBytes);
    const std::string_view start = behind_declaration(text);
    const bool declared = start.size() != text.size() || text.starts_with(kDeclaration);
    const bool open = declared && start.size() == text.size();  // the declaration has no end yet
    if (!open && start.starts_with(kStream)) return Sniff::yes;
    if (!open && !may_begin_with(start, kStream) &&
        !(start.size() == text.size() && may_begin_with(text, kDeclaration))) {
        return Sniff::no;
    }
    return message.cut || text.size() == kMaxHeaderBytes ? Sniff::no : Sniff::need_more;
}

Parsed parse(const Message& message, MessageProgress&, model::RecordWriter& record) {
    const std::string_view text = base::as_text(message.bytes).substr(0, kMaxHeaderBytes);
    std::string_view header = behind_declaration(text);
    if (!header.starts_with(kStream)) return not_mine();
    header.remove_prefix(kStream.size());
    const std::size_t end = header.find('>');
    if (end == std::string_view::npos) {
        if (text.size() == kMaxHeaderBytes) return malformed(Malformed::too_long);
        if (!message.cut) return need_more();
        record.mark_truncated();
    }
    const std::size_t used =
        end == std::string_view::npos ? message.bytes.size() : text.size() - header.size() + end + 1;
    std::string_view attributes = header.substr(0, end);
    bool named = false;
    for (std::string_view name, value; take_attribute(attributes, name, value);) {  // each turn eats an attribute
        if (value.empty() || value.size() > kMaxValueBytes) continue;
        if (name == "to") {
            named = named || put_service_name(value, record);
        } else if (name == "from") {
            record.put(Field::sender_name, value);
        } else if (name == "xmlns") {
            record.put(Field::xml_namespace, value);
        }
    }
    return done(used, named);
}

}  // namespace telltale::extract::xmpp
