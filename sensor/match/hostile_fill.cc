// SPDX-License-Identifier: Apache-2.0
#include "sensor/match/hostile_fill.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>
#include <thread>
#include <utility>
#include <vector>

#include "sensor/match/pattern_text.h"

namespace telltale::match {
namespace {

constexpr int kRepetitions = 9;
constexpr std::size_t kMaxOwnBytes = 16;  // distinct literal bytes of a pattern that get their own fill

int ignore_match(unsigned, unsigned long long, unsigned long long, unsigned, void*) { return 0; }

double scan_ns(const hs_database* database, hs_scratch* scratch, const std::string& text) {
    const auto start = std::chrono::steady_clock::now();
    hs_scan(database, text.data(), static_cast<unsigned>(text.size()), 0, scratch, ignore_match, nullptr);
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count();
}

// Returns the fastest of several scans, because the clock also counts the machine's other work. Stops once it is under
// `enough`.
double best_scan_ns(const hs_database* database, hs_scratch* scratch, const std::string& text, double enough) {
    double best = std::numeric_limits<double>::max();
    for (int i = 0; i < kRepetitions && best > enough; ++i) best = std::min(best, scan_ns(database, scratch, text));
    return best;
}

std::string repeated(std::string_view piece) {
    std::string text;
    text.reserve(HostileFillTest::kFillBytes + piece.size() + kReadBehind);
    while (text.size() < HostileFillTest::kFillBytes) text += piece;
    text.resize(HostileFillTest::kFillBytes);
    return text;
}

struct Fill {
    std::string what;
    std::string text;
    double bound;
};

Fill fill_of(char c) {
    char name[16];
    std::snprintf(name, sizeof name, c > ' ' && c <= '~' ? "'%c'" : "\\x%02x", static_cast<unsigned char>(c));
    return {name, repeated({&c, 1}), HostileFillTest::kByteBound};
}

std::vector<Fill> fills_for(std::string_view regex) {
    std::string bytes = {'\0', '*', 'a', '0', '1', ' ', '.', '\xff'};
    // Every byte of the pattern, whatever its meaning: cheaper than parsing classes.
    for (const char c : regex) {
        if (bytes.find(c) == std::string::npos && bytes.size() < 8 + kMaxOwnBytes) bytes += c;
    }
    std::vector<Fill> fills;
    for (const char c : bytes) fills.push_back(fill_of(c));
    const std::string literal = literal_text(regex);
    const std::string start = literal.substr(0, literal.size() - (literal.empty() ? 0 : 1));
    for (const auto& text : {literal, start}) {
        if (text.size() < 2) continue;
        fills.push_back({"its own text '" + text + "'", repeated(text), HostileFillTest::kOwnTextBound});
    }
    return fills;
}

// Never matches the pattern a.{100}b (the distance from an a to a b is 4 modulo 5), which has to look at every byte.
constexpr std::string_view kBaselinePiece = "axxxb";
constexpr const char* kBaselinePattern = "a.{100}b";

}  // namespace

std::optional<HostileFillTest> HostileFillTest::create() {
    hs_database_t* raw = nullptr;
    hs_compile_error_t* error = nullptr;
    const auto status =
        hs_compile(kBaselinePattern, HS_FLAG_DOTALL | HS_FLAG_SINGLEMATCH, HS_MODE_BLOCK, nullptr, &raw, &error);
    const CompileErrorHandle error_owner(error);
    DatabaseHandle database(raw);
    hs_scratch_t* raw_scratch = nullptr;
    if (status != HS_SUCCESS || hs_alloc_scratch(raw, &raw_scratch) != HS_SUCCESS) return std::nullopt;
    return HostileFillTest(std::move(database), ScratchHandle(raw_scratch));
}

HostileFillTest::HostileFillTest(DatabaseHandle database, ScratchHandle scratch)
    : baseline_database_(std::move(database)),
      baseline_scratch_(std::move(scratch)),
      baseline_ns_(measure_baseline_ns()) {}

double HostileFillTest::measure_baseline_ns() const {
    // Spread over some milliseconds: a baseline measured while the machine was busy would accept hostile patterns.
    constexpr int kBatches = 6;
    const std::string text = repeated(kBaselinePiece);
    double best = best_scan_ns(baseline_database_.get(), baseline_scratch_.get(), text, 0);
    for (int batch = 1; batch < kBatches; ++batch) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        best = std::min(best, best_scan_ns(baseline_database_.get(), baseline_scratch_.get(), text, 0));
    }
    return best;
}

std::optional<std::string> HostileFillTest::find(const hs_database_t* database, hs_scratch_t* scratch,
                                                 std::string_view regex) const {
    // Only a pattern that is slow every time is rejected: the machine may be busy for a moment.
    constexpr int kRounds = 4;
    for (const Fill& fill : fills_for(regex)) {
        double cost_ns = best_scan_ns(database, scratch, fill.text, fill.bound * baseline_ns_);
        for (int round = 1; round < kRounds && cost_ns > fill.bound * baseline_ns_; ++round) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            cost_ns = best_scan_ns(database, scratch, fill.text, fill.bound * baseline_ns_);
        }
        if (cost_ns <= fill.bound * baseline_ns_) continue;
        char text[160];
        std::snprintf(text, sizeof text,
                      " repeated to %zu bytes takes %.0f us, %.1f times an ordinary pattern (bound %.1f)", kFillBytes,
                      cost_ns / 1000, cost_ns / baseline_ns_, fill.bound);
        return fill.what + text;
    }
    return std::nullopt;
}

}  // namespace telltale::match
