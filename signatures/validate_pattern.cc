// SPDX-License-Identifier: Apache-2.0
#include "signatures/validate_pattern.h"

#include <algorithm>
#include <array>
#include <string>

#include "signatures/pattern_match.h"
#include "signatures/regex.h"

namespace telltale::signatures {
namespace {

// Names under which hosting companies put their customers: who runs them does not control what is sent there. An entry
// may name one host below, never the suffix itself.
constexpr auto kHostingSuffixes = std::to_array<std::string_view>({"amazonaws.com",
                                                                   "amazonaws.com.cn",
                                                                   "awsglobalaccelerator.com",
                                                                   "cloudfront.net",
                                                                   "elasticbeanstalk.com",
                                                                   "azureedge.net",
                                                                   "azurefd.net",
                                                                   "azurewebsites.net",
                                                                   "cloudapp.net",
                                                                   "cloudapp.azure.com",
                                                                   "trafficmanager.net",
                                                                   "windows.net",
                                                                   "core.windows.net",
                                                                   "azure-devices.net",
                                                                   "googleusercontent.com",
                                                                   "appspot.com",
                                                                   "run.app",
                                                                   "cloudfunctions.net",
                                                                   "firebaseio.com",
                                                                   "firebaseapp.com",
                                                                   "web.app",
                                                                   "blogspot.com",
                                                                   "akamai.net",
                                                                   "akamaiedge.net",
                                                                   "akamaized.net",
                                                                   "edgekey.net",
                                                                   "edgesuite.net",
                                                                   "fastly.net",
                                                                   "cloudflare.net",
                                                                   "workers.dev",
                                                                   "aliyuncs.com",
                                                                   "alicdn.com.w.kunlun.com",
                                                                   "kunlunsl.com",
                                                                   "myqcloud.com",
                                                                   "qcloud.com",
                                                                   "tencentcs.com",
                                                                   "myhuaweicloud.com",
                                                                   "hwcdn.net",
                                                                   "ksyuncs.com",
                                                                   "ksyun.com",
                                                                   "github.io",
                                                                   "herokuapp.com"});

// Top-level domains that their owner keeps for itself.
constexpr auto kBrandDomains = std::to_array<std::string_view>(
    {"google", "youtube", "chrome", "amazon", "samsung", "sony", "xn--cg4bki", "yandex", "playstation"});

// Second labels under which registries sell names ("com.cn", "co.in"). The full list is libpsl's, in correlate; this
// catches the slip of a hand.
constexpr auto kRegistryLabels =
    std::to_array<std::string_view>({"com", "co", "net", "org", "gov", "edu", "ac", "ne", "or"});

std::string host_name_fault(std::string_view name) {
    if (name.size() > 253) return "is longer than a host name can be (253)";
    if (name.front() == '.' || name.back() == '.') return "must not begin or end with a dot";
    std::size_t labels = 0;
    std::size_t begin = 0;
    std::string_view before_last;
    std::string_view last;
    while (begin <= name.size()) {
        const std::size_t end = std::min(name.find('.', begin), name.size());
        const std::string_view label = name.substr(begin, end - begin);
        if (label.empty() || label.size() > 63) return "has a label that is empty or longer than 63";
        for (const char c : label) {
            const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            if (!plain) return "may hold a-z 0-9 - _ and dots only (lower case)";
        }
        before_last = last;
        last = label;
        ++labels;
        begin = end + 1;
    }
    const auto& registry = kRegistryLabels;
    const bool sold = std::find(registry.begin(), registry.end(), before_last) != registry.end();
    const auto& brands = kBrandDomains;
    if (labels == 1 && std::find(brands.begin(), brands.end(), name) != brands.end()) return "";
    if (labels < 2 || (labels == 2 && last.size() == 2 && sold)) return "is a public suffix: it belongs to everybody";
    const auto& hosting = kHostingSuffixes;
    if (std::find(hosting.begin(), hosting.end(), name) != hosting.end()) {
        return "holds a hosting company's customers: name the host below it that belongs to the owner";
    }
    return "";
}

void check_groups(const Signature& signature, std::size_t groups, Problems& problems) {
    const DeviceClaim& claim = signature.claim;
    for (const std::string* text : {&claim.model, &claim.os_version}) {
        for (std::size_t i = 0; i + 1 < text->size(); ++i) {
            if ((*text)[i] != '$') continue;
            const char digit = (*text)[i + 1];
            if (digit >= '1' && digit <= '9' && static_cast<std::size_t>(digit - '0') <= groups) continue;
            problems.add(signature.position, "'" + shown(*text) + "' refers to a group that the pattern does not have");
        }
    }
}

template <typename Matches>
void check_examples(const Signature& signature, Problems& problems, Matches matches) {
    for (const std::string& text : signature.match) {
        if (!text.empty() && !matches(text)) {
            problems.add(signature.position, "match example '" + shown(text) + "' does not match");
        }
    }
    for (const std::string& text : signature.no_match) {
        if (!text.empty() && matches(text)) {
            problems.add(signature.position, "no_match example '" + shown(text) + "' matches");
        }
    }
}

void validate_regex(const Signature& signature, Problems& problems) {
    const base::Result<Regex> regex = Regex::compile(signature.pattern, signature.caseless);
    if (!regex) {
        problems.add(signature.position, "pattern '" + shown(signature.pattern) + "': " + regex.error().text);
        return;
    }
    if (regex->search("") == Regex::Outcome::match) {
        problems.add(signature.position, "pattern '" + shown(signature.pattern) + "' matches everything");
        return;
    }
    check_groups(signature, regex->group_count(), problems);
    check_examples(signature, problems,
                   [&](const std::string& text) { return regex->search(text) == Regex::Outcome::match; });
}

}  // namespace

void validate_pattern(const Signature& signature, Problems& problems) {
    if (signature.kind == PatternKind::regex) {
        validate_regex(signature, problems);
        return;
    }
    if (signature.set == PatternSet::host_name) {
        const std::string fault = host_name_fault(signature.pattern);
        if (!fault.empty()) {
            problems.add(signature.position, "'" + shown(signature.pattern) + "' " + fault);
            return;
        }
    }
    check_groups(signature, 0, problems);
    check_examples(signature, problems, [&](const std::string& text) {
        return signature.kind == PatternKind::suffix ? matches_suffix(text, signature.pattern)
                                                     : matches_exact(text, signature.pattern, signature.caseless);
    });
}

}  // namespace telltale::signatures
