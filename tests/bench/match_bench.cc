// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "sensor/match/compiled_signatures.h"
#include "sensor/match/scanner.h"
#include "signatures/load.h"

namespace telltale::match {
namespace {

using signatures::Bundle;
using signatures::PatternSet;
using signatures::SignatureId;
using Signatures = std::shared_ptr<const CompiledSignatures>;

std::string word(std::mt19937& random, std::size_t shortest, std::size_t longest) {
    std::string text(shortest + random() % (longest - shortest + 1), 'a');
    for (char& c : text) c = static_cast<char>('a' + random() % 26);
    return text;
}

std::shared_ptr<const Bundle> synthetic_bundle(std::size_t count) {
    std::mt19937 random(1);
    auto bundle = std::make_shared<Bundle>();
    bundle->digest = "5e17" + std::to_string(count) + "00000000000000000000";
    for (std::size_t i = 0; i < count; ++i) {
        auto& signature = bundle->signatures.emplace_back();
        signature.pattern = word(random, 3, 8) + '.' + word(random, 4, 11) + ".com";
        if (i % 3 == 0) signature.pattern = word(random, 2, 6) + '.' + signature.pattern;
        signature.id = signature.pattern;
    }
    return bundle;
}

// Half of them below a signature's name, half unknown.
std::vector<std::string> host_names(const Bundle& bundle) {
    std::mt19937 random(2);
    std::vector<std::string> known, names;
    for (const auto& signature : bundle.signatures) {
        if (signature.set == PatternSet::host_name)
            known.push_back(signature.match.empty() ? signature.pattern : signature.match.front());
    }
    for (int i = 0; i < 4096; ++i) {
        names.push_back(i % 2 == 0 ? known[random() % known.size()]
                                   : word(random, 3, 8) + '.' + word(random, 4, 11) + ".net");
    }
    return names;
}

// The user agents that the bundle's own examples give.
std::vector<std::string> user_agents(const Bundle& bundle) {
    std::vector<std::string> texts;
    for (const auto& signature : bundle.signatures) {
        if (signature.set != PatternSet::user_agent) continue;
        texts.insert(texts.end(), signature.match.begin(), signature.match.end());
        texts.insert(texts.end(), signature.no_match.begin(), signature.no_match.end());
    }
    return texts;
}

// Compiled once for each count and kept on disk, since the largest takes a quarter of a minute.
base::Result<Signatures> synthetic(std::size_t count) {
    CompileOptions options;
    options.cache_dir = std::filesystem::temp_directory_path() / "telltale-match-bench";
    return compile(synthetic_bundle(count), options);
}

base::Result<Signatures> shipped() {
    auto bundle = signatures::load_bundle(TELLTALE_SOURCE_DIR "/signatures");
    if (!bundle) return bundle.error();
    return compile(std::make_shared<const Bundle>(std::move(*bundle)), {});
}

void scan_all(benchmark::State& state, const base::Result<Signatures>& signatures, PatternSet set,
              std::vector<std::string> (*texts_of)(const Bundle&)) {
    if (!signatures) return state.SkipWithError(signatures.error().text.substr(0, 200).c_str());
    auto scanner = Scanner::create(*signatures);
    if (!scanner) return state.SkipWithError(scanner.error().text.c_str());
    const auto texts = texts_of((*signatures)->bundle());
    if (texts.empty()) return state.SkipWithError("the bundle has no text to scan");
    std::array<SignatureId, 4> ids;
    std::size_t next = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(scanner->scan(set, texts[next], ids));
        benchmark::ClobberMemory();
        if (++next == texts.size()) next = 0;
    }
    const auto& counters = scanner->counters();
    const auto scans = static_cast<double>(counters.scans);
    state.counters["repeats_a_scan"] = static_cast<double>(counters.repeats) / scans;
    state.counters["hits_a_scan"] = static_cast<double>(counters.hits) / scans;
    state.counters["bytes_a_scan"] = static_cast<double>(counters.bytes) / scans;
    state.counters["patterns"] = static_cast<double>((*signatures)->report().patterns[static_cast<std::size_t>(set)]);
    state.SetItemsProcessed(static_cast<std::int64_t>(counters.scans));
}

void BM_HostNameSynthetic(benchmark::State& state) {
    scan_all(state, synthetic(static_cast<std::size_t>(state.range(0))), PatternSet::host_name, host_names);
}
BENCHMARK(BM_HostNameSynthetic)->Arg(2000)->Arg(20000);

void BM_HostNameShipped(benchmark::State& state) { scan_all(state, shipped(), PatternSet::host_name, host_names); }
BENCHMARK(BM_HostNameShipped);

void BM_UserAgentShipped(benchmark::State& state) { scan_all(state, shipped(), PatternSet::user_agent, user_agents); }
BENCHMARK(BM_UserAgentShipped);

void BM_CompileSynthetic(benchmark::State& state) {
    const auto bundle = synthetic_bundle(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) benchmark::DoNotOptimize(compile(bundle, {}));
}
BENCHMARK(BM_CompileSynthetic)->Arg(2000)->Unit(benchmark::kMillisecond)->Iterations(1);

void BM_LoadFromCache(benchmark::State& state) {
    for (auto _ : state) {
        const auto signatures = synthetic(static_cast<std::size_t>(state.range(0)));
        if (!signatures) return state.SkipWithError(signatures.error().text.c_str());
        benchmark::DoNotOptimize(*signatures);
    }
}
BENCHMARK(BM_LoadFromCache)->Arg(2000)->Unit(benchmark::kMillisecond);

void BM_CompileShipped(benchmark::State& state) {
    for (auto _ : state) {
        const auto signatures = shipped();
        if (!signatures) return state.SkipWithError(signatures.error().text.substr(0, 200).c_str());
        state.counters["compile_ms"] = (*signatures)->report().compile_ms;
        state.counters["hostile_fill_ms"] = (*signatures)->report().hostile_fill_ms;
        state.counters["signatures"] = static_cast<double>((*signatures)->bundle().signatures.size());
    }
}
BENCHMARK(BM_CompileShipped)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace telltale::match
