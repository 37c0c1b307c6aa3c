// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/ssdp/ssdp.h"

#include <algorithm>
#include <string_view>

namespace telltale::extract::ssdp {
namespace {

using model::Field;

constexpr std::size_t kMaxValueBytes = 512;
constexpr std::string_view kMethods[] = {"M-SEARCH", "NOTIFY"};
constexpr std::string_view kAnswer = "HTTP/1.";

struct HeaderField {
    std::string_view name;
    Field field;
};
constexpr HeaderField kFields[] = {
    {"server", Field::ssdp_server},     {"user-agent", Field::user_agent}, {"usn", Field::ssdp_usn},
    {"location", Field::ssdp_location}, {"st", Field::ssdp_search_target}, {"nt", Field::ssdp_notification_type},
    {"nts", Field::ssdp_notification},
};

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

bool is_name(std::string_view text, std::string_view name) {
    return std::equal(text.begin(), text.end(), name.begin(), name.end(),
                      [](char left, char right) { return lower(left) == right; });
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r";
    const std::size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string_view method_of(std::string_view text) {
    for (const std::string_view method : kMethods) {
        if (text.starts_with(method) && text.substr(method.size()).starts_with(' ')) return method;
    }
    return {};
}

// The first of several fields with one name counts.
class FieldWriter {
  public:
    explicit FieldWriter(model::RecordWriter& record) : record_(record) {}

    void take(std::string_view line) {
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) return;
        const std::string_view name = trimmed(line.substr(0, colon));
        for (std::size_t i = 0; i < std::size(kFields); ++i) {
            if (seen_[i] || !is_name(name, kFields[i].name)) continue;
            seen_[i] = true;
            const std::string_view value = trimmed(line.substr(colon + 1));
            if (!value.empty()) record_.put(kFields[i].field, value.substr(0, kMaxValueBytes));
            if (value.size() > kMaxValueBytes) record_.mark_truncated();
        }
    }

  private:
    model::RecordWriter& record_;
    bool seen_[std::size(kFields)] = {};
};

}  // namespace

Sniff sniff(const Message& message) {
    const std::string_view text = base::as_text(message.bytes);
    return !method_of(text).empty() || text.starts_with(kAnswer) ? Sniff::yes : Sniff::no;
}

Parsed parse(const Message& message, MessageProgress&, model::RecordWriter& record) {
    const std::string_view text = base::as_text(message.bytes);
    if (const std::string_view method = method_of(text); !method.empty()) record.put(Field::method, method);
    FieldWriter fields(record);
    std::size_t at = text.find('\n');
    while (at != std::string_view::npos) {  // each turn eats a line
        const std::size_t start = at + 1;
        at = text.find('\n', start);
        const bool whole = at != std::string_view::npos;
        if (!whole && message.cut) {
            record.mark_truncated();  // half a value is another's
            break;
        }
        const std::string_view line = text.substr(start, whole ? at - start : std::string_view::npos);
        if (trimmed(line).empty()) break;
        fields.take(line);
    }
    return done(message.bytes.size(), false);
}

}  // namespace telltale::extract::ssdp
