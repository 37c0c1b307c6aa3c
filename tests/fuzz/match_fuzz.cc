// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

#include "sensor/match/host_name.h"
#include "sensor/match/scanner.h"

// The first byte chooses the pattern set, the rest is the text that a device sent.
namespace telltale::match {
namespace {

using signatures::PatternKind;
using signatures::PatternSet;
using signatures::SignatureId;

std::shared_ptr<const signatures::Bundle> bundle() {
    struct Row {
        PatternSet set;
        PatternKind kind;
        const char* pattern;
    };
    constexpr Row kRows[] = {
        {PatternSet::host_name, PatternKind::suffix, "example.com"},
        {PatternSet::host_name, PatternKind::suffix, "ad.example.com"},
        {PatternSet::host_name, PatternKind::exact, "t.ad.example.com"},
        {PatternSet::host_name, PatternKind::regex, "^api[0-9]+\\.example\\."},
        {PatternSet::user_agent, PatternKind::regex, "Android [0-9.]+; ([^;)]+) Build/"},
        {PatternSet::user_agent, PatternKind::regex, "(?:iPhone|iPad); CPU"},
        {PatternSet::dhcp_vendor_class, PatternKind::regex, "^android-dhcp-[0-9.]+$"},
        {PatternSet::dhcp_fingerprint, PatternKind::exact, "1,3,6,15,26,28,51,58,59,43"},
        {PatternSet::dhcp_host_name, PatternKind::regex, "iphone|ipad"},
    };
    auto made = std::make_shared<signatures::Bundle>();
    for (const Row& row : kRows) {
        auto& signature = made->signatures.emplace_back();
        signature.id = signature.pattern = row.pattern;
        signature.set = row.set;
        signature.kind = row.kind;
    }
    return made;
}

Scanner make_scanner() {
    CompileOptions options;
    options.hostile_fill_test = false;  // slow under instrumentation, and not what is tested here
    const auto signatures = compile(bundle(), options);
    if (!signatures) std::abort();
    auto scanner = Scanner::create(*signatures);
    if (!scanner) std::abort();
    return std::move(*scanner);
}

void require(bool holds) {
    if (!holds) std::abort();
}

// A normalised name is short, has no upper case and no port, and stays what it is when it has no final dot.
void check_host_name(std::string_view text) {
    std::array<char, kMaxHostNameBytes> first, second;
    const auto once = normalise_host_name(text, first);
    require(once.size() <= kMaxHostNameBytes);
    require(once.find(':') == std::string_view::npos);
    for (const char c : once) require(c < 'A' || c > 'Z');
    if (!once.ends_with('.') && !once.starts_with('[')) require(normalise_host_name(once, second) == once);
}

void check_scan(Scanner& scanner, PatternSet set, std::string_view text) {
    std::array<SignatureId, 4> all, one;
    const auto count = scanner.scan(set, text, all);
    require(count <= all.size());
    for (std::size_t i = 0; i < count; ++i) {
        require(all[i] < scanner.signatures().bundle().signatures.size());
        require(scanner.signatures().bundle().signatures[all[i]].set == set);
        for (std::size_t j = 0; j < i; ++j) require(all[i] != all[j]);
    }
    require(scanner.scan(set, text, std::span(one).first(1)) == (count == 0 ? 0U : 1U));
    require(count == 0 || one[0] == all[0]);
    require(scanner.counters().errors == 0);
}

}  // namespace
}  // namespace telltale::match

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using telltale::match::Scanner;
    static Scanner scanner = telltale::match::make_scanner();
    if (size == 0) return 0;
    const auto set = static_cast<telltale::signatures::PatternSet>(
        data[0] % telltale::base::kCount<telltale::signatures::PatternSet>);
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    telltale::match::check_host_name(text);
    telltale::match::check_scan(scanner, set, text);
    return 0;
}
