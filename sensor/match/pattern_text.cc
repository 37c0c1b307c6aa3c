// SPDX-License-Identifier: Apache-2.0
#include "sensor/match/pattern_text.h"

#include <cctype>
#include <optional>
#include <tuple>

namespace telltale::match {
namespace {

using signatures::PatternKind;
using signatures::PatternSet;
using signatures::Signature;

bool is_ascii_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

void append_escaped(std::string& expression, char c) {
    constexpr char kDigits[] = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (is_ascii_alnum(c) || c == '-' || c == '_') {
        expression += c;
    } else if (byte > 0x20 && byte < 0x7f) {
        expression += '\\';
        expression += c;
    } else {
        expression += "\\x";
        expression += kDigits[byte >> 4];
        expression += kDigits[byte & 15];
    }
}

// Walks over a regex from its start. Every step consumes at least one byte.
class RegexReader {
  public:
    explicit RegexReader(std::string_view regex) : rest_(regex) {}

    bool at_end() const { return rest_.empty(); }

    // Returns the next element's literal byte, or nothing for a class, a group, an anchor or a dot. Sets `is_bar` at a
    // `|`.
    std::optional<char> next(bool& is_bar) {
        const char c = take();
        is_bar = c == '|';
        if (c == '\\') return escaped();
        if (c == '[') skip_class();
        if (c == '(') skip_group();
        if (std::string_view("[(|.^$)").find(c) != std::string_view::npos) return std::nullopt;
        return c;
    }

    // Consumes the quantifier after an element; returns whether the element may be absent.
    bool quantifier_allows_none() {
        if (at_end() || std::string_view("?*+{").find(rest_.front()) == std::string_view::npos) return false;
        const char c = take();
        bool none = c == '?' || c == '*';
        if (c == '{') {
            none = !rest_.empty() && (rest_.front() == '0' || rest_.front() == ',');
            while (!at_end() && take() != '}') {
            }
        }
        if (!at_end() && (rest_.front() == '?' || rest_.front() == '+')) take();
        return none;
    }

  private:
    char take() {
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    std::optional<char> escaped() {
        if (at_end()) return std::nullopt;
        const char c = take();
        if (c == 'x') return hexadecimal();
        if (is_ascii_alnum(c)) return std::nullopt;  // \d, \w, \b, \z ...
        return c;
    }

    std::optional<char> hexadecimal() {
        unsigned value = 0;
        for (int i = 0; i < 2 && !at_end() && std::isxdigit(static_cast<unsigned char>(rest_.front())) != 0; ++i) {
            const char digit = to_lower(take());
            value = value * 16 + static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
        }
        return static_cast<char>(value);
    }

    void skip_class() {
        if (!at_end() && rest_.front() == '^') take();
        if (!at_end() && rest_.front() == ']') take();  // a first ] is a member
        while (!at_end()) {
            const char c = take();
            if (c == '\\' && !at_end()) take();
            if (c == ']') return;
        }
    }

    void skip_group() {
        int depth = 1;
        while (!at_end() && depth > 0) {
            const char c = take();
            if (c == '\\' && !at_end()) take();
            if (c == '[') skip_class();
            if (c == '(') ++depth;
            if (c == ')') --depth;
        }
    }

    std::string_view rest_;
};

std::size_t specificity_length(const Signature& signature) {
    return signature.kind == PatternKind::regex ? literal_text(signature.pattern).size() : signature.pattern.size();
}

}  // namespace

std::string expression_of(const Signature& signature) {
    std::string expression;
    switch (signature.kind) {
        case PatternKind::regex: return signature.pattern;
        case PatternKind::suffix: expression = "(^|\\.)"; break;
        case PatternKind::exact: expression = "^"; break;
    }
    for (const char c : signature.pattern) {
        append_escaped(expression, signature.set == PatternSet::host_name ? to_lower(c) : c);
    }
    return expression += "\\z";
}

bool is_caseless(const Signature& signature) {
    return signature.caseless && (signature.set != PatternSet::host_name || signature.kind == PatternKind::regex);
}

std::string literal_text(std::string_view regex) {
    RegexReader reader(regex);
    std::string text;
    std::optional<std::string> shortest;
    while (!reader.at_end()) {
        bool is_bar = false;
        const auto literal = reader.next(is_bar);
        const bool optional = !is_bar && reader.quantifier_allows_none();
        if (literal && !optional) text += *literal;
        if (!is_bar) continue;
        if (!shortest || text.size() < shortest->size()) shortest = text;
        text.clear();
    }
    return shortest && shortest->size() <= text.size() ? *shortest : text;
}

bool more_specific(const Signature& left, const Signature& right) {
    if (left.set != PatternSet::host_name) return left.claim.weight > right.claim.weight;
    const bool left_exact = left.kind == PatternKind::exact;
    const bool right_exact = right.kind == PatternKind::exact;
    if (left_exact != right_exact) return left_exact;
    const auto left_length = specificity_length(left);
    const auto right_length = specificity_length(right);
    if (left_length != right_length) return left_length > right_length;
    return left.kind == PatternKind::suffix && right.kind == PatternKind::regex;
}

}  // namespace telltale::match
