// SPDX-License-Identifier: Apache-2.0
#include "signatures/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <utility>

namespace telltale::signatures {
namespace {

constexpr std::uint32_t kMatchLimit = 100'000;
constexpr std::uint32_t kDepthLimit = 10'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Returns syntax that PCRE2 supports and Hyperscan does not, or "". A scan, not a parser: it knows escapes and classes.
std::string_view outside_shared_syntax(std::string_view pattern) {
    bool in_class = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        const char next = i + 1 < pattern.size() ? pattern[i + 1] : '\0';
        if (c == '\\') {
            ++i;
            if (in_class) continue;
            if (next >= '1' && next <= '9') return "a back reference";
            if (std::string_view("kgKGRXCNPQEZ").find(next) != std::string_view::npos) return "an escape";
        } else if (in_class) {
            if (c == ']') in_class = false;
        } else if (c == '[') {
            in_class = true;
            if (next == '^') ++i;
            if (i + 1 < pattern.size() && pattern[i + 1] == ']') ++i;
        } else if (c == '(' && next == '*') {
            return "a verb";
        } else if (c == '(' && next == '?') {
            const char kind = i + 2 < pattern.size() ? pattern[i + 2] : '\0';
            if (kind != ':') return "a group other than (...) and (?:...)";
        } else if (next == '+' && (c == '*' || c == '+' || c == '?' || c == '}')) {
            return "a possessive quantifier";
        }
    }
    return "";
}

}  // namespace

struct Regex::State {
    pcre2_code* code = nullptr;
    pcre2_match_data* data = nullptr;
    pcre2_match_context* context = nullptr;

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        pcre2_match_context_free(context);
        pcre2_match_data_free(data);
        pcre2_code_free(code);
    }
};

Regex::Regex(std::unique_ptr<State> state) : state_(std::move(state)) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

base::Result<Regex> Regex::compile(std::string_view pattern, bool caseless) {
    if (pattern.empty()) return base::Error{"an empty pattern matches everything"};
    if (pattern.size() > kMaxPatternLength) return base::Error{"a pattern over 1,024 bytes"};
    if (const std::string_view outside = outside_shared_syntax(pattern); !outside.empty()) {
        return base::Error{std::string(outside) + " is outside the syntax that Hyperscan and PCRE2 share"};
    }
    auto state = std::make_unique<State>();
    int error = 0;
    PCRE2_SIZE offset = 0;
    // As match compiles them for Hyperscan: bytes, and `.` is any of them.
    const std::uint32_t options =
        PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOTALL | (caseless ? PCRE2_CASELESS : 0U);
    state->code =
        pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), options, &error, &offset, nullptr);
    if (state->code == nullptr) {
        std::array<PCRE2_UCHAR, 128> message{};
        pcre2_get_error_message(error, message.data(), message.size());
        return base::Error{std::string(reinterpret_cast<const char*>(message.data())) + " at offset " +
                           std::to_string(offset)};
    }
    state->data = pcre2_match_data_create_from_pattern(state->code, nullptr);
    state->context = pcre2_match_context_create(nullptr);
    if (state->data == nullptr || state->context == nullptr) return base::Error{"out of memory"};
    pcre2_set_match_limit(state->context, kMatchLimit);
    pcre2_set_depth_limit(state->context, kDepthLimit);
    return Regex(std::move(state));
}

Regex::Outcome Regex::search(std::string_view text) const {
    const int found = pcre2_match(state_->code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0,
                                  state_->data, state_->context);
    if (found >= 0) return Outcome::match;
    return found == PCRE2_ERROR_NOMATCH ? Outcome::no_match : Outcome::limit_reached;
}

Regex::Outcome Regex::search(std::string_view text, Groups& groups) const {
    groups.fill({});
    const Outcome outcome = search(text);
    if (outcome != Outcome::match) return outcome;
    const PCRE2_SIZE* const offsets = pcre2_get_ovector_pointer(state_->data);
    const std::size_t count = std::min<std::size_t>(pcre2_get_ovector_count(state_->data), groups.size());
    for (std::size_t i = 0; i < count; ++i) {
        const PCRE2_SIZE begin = offsets[2 * i];
        const PCRE2_SIZE end = offsets[2 * i + 1];
        if (begin != PCRE2_UNSET && begin <= end && end <= text.size()) groups.at(i) = text.substr(begin, end - begin);
    }
    return outcome;
}

std::size_t Regex::group_count() const {
    std::uint32_t count = 0;
    pcre2_pattern_info(state_->code, PCRE2_INFO_CAPTURECOUNT, &count);
    return count;
}

std::string fill_groups(std::string_view text, const Regex::Groups& groups) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '$' && i + 1 < text.size() && is_digit(text[i + 1]) && text[i + 1] != '0') {
            out += groups.at(static_cast<std::size_t>(text[i + 1] - '0'));
            ++i;
        } else {
            out += text[i];
        }
    }
    return out;
}

}  // namespace telltale::signatures
