// SPDX-License-Identifier: Apache-2.0
#include "sensor/match/compiled_signatures.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <utility>

#include "sensor/match/database_cache.h"
#include "sensor/match/hostile_fill.h"
#include "sensor/match/hyperscan_handles.h"
#include "sensor/match/pattern_text.h"

namespace telltale::match {
namespace {

using signatures::Bundle;
using signatures::PatternKind;
using signatures::PatternSet;
using signatures::Signature;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kPatternSetCount = base::kCount<PatternSet>;
constexpr std::size_t kMaxPatternBytes = 8192;  // the library's limit is about twice that

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

base::Error error_at(const Signature& signature, const std::string& what) {
    return {signature.position.file + ":" + std::to_string(signature.position.line) + ": signature " + signature.id +
            ": " + what};
}

// Returns why a signature is rejected: the library cannot express it, or would silently interpret it differently.
std::optional<std::string> refusal(const Signature& signature) {
    if (signature.pattern.empty()) return "the pattern is empty";
    if (signature.pattern.size() > kMaxPatternBytes) return "the pattern is longer than 8192 bytes";
    if (signature.kind == PatternKind::suffix && signature.set != PatternSet::host_name) {
        return "a suffix is for host names only: use exact or regex";
    }
    if (signature.kind == PatternKind::regex && signature.pattern.find('\0') != std::string::npos) {
        return "a zero byte is written \\x00";
    }
    return std::nullopt;
}

unsigned flags_of(const Signature& signature) {
    return HS_FLAG_DOTALL | HS_FLAG_SINGLEMATCH | (is_caseless(signature) ? HS_FLAG_CASELESS : 0U);
}

// A pattern set in the library's form; a pattern's index is its rank.
struct ExpressionSet {
    std::vector<std::string> expressions;
    std::vector<unsigned> flags;
};

DatabaseHandle compile_one(const std::string& expression, unsigned flags, std::string& why) {
    hs_database_t* database = nullptr;
    hs_compile_error_t* error = nullptr;
    hs_compile(expression.c_str(), flags, HS_MODE_BLOCK, nullptr, &database, &error);
    const CompileErrorHandle error_owner(error);
    if (error != nullptr) why = error->message;
    return DatabaseHandle(database);
}

}  // namespace

// The steps of a compilation, in the order in which run() calls them.
class Compilation {
  public:
    Compilation(std::shared_ptr<const Bundle> bundle, const CompileOptions& options) : options_(options) {
        result_.reset(new CompiledSignatures());
        result_->bundle_ = std::move(bundle);
    }

    base::Result<std::shared_ptr<const CompiledSignatures>> run() {
        const auto start = Clock::now();
        if (hs_valid_platform() != HS_SUCCESS) {
            return base::Error{"this processor lacks SSSE3, which Hyperscan needs"};
        }
        if (auto status = order_patterns(); !status) return status.error();
        if (!load()) {
            if (auto status = test_hostile_fills(); !status) return status.error();
            for (std::size_t set = 0; set < kPatternSetCount; ++set) {
                if (auto status = compile_set(set); !status) return status.error();
            }
            store();
        }
        for (std::size_t set = 0; set < kPatternSetCount; ++set) {
            report().patterns[set] = sets_[set].expressions.size();
            if (database(set) != nullptr) hs_database_size(database(set), &report().database_bytes[set]);
        }
        tell_progress("ready");
        report().total_ms = ms_since(start);
        return std::shared_ptr<const CompiledSignatures>(std::move(result_));
    }

  private:
    const Bundle& bundle() const { return *result_->bundle_; }
    CompileReport& report() { return result_->report_; }
    hs_database*& database(std::size_t set) { return result_->databases_[set]; }
    const Signature& signature(std::size_t set, std::size_t rank) const {
        return bundle().signatures[result_->by_rank_[set][rank]];
    }

    base::Status order_patterns() {
        for (std::size_t i = 0; i < bundle().signatures.size(); ++i) {
            const Signature& one = bundle().signatures[i];
            if (const auto why = refusal(one)) return error_at(one, *why);
            result_->by_rank_[static_cast<std::size_t>(one.set)].push_back(static_cast<signatures::SignatureId>(i));
            if (one.kind == PatternKind::regex) ++regex_count_;
        }
        for (std::size_t set = 0; set < kPatternSetCount; ++set) {
            auto& by_rank = result_->by_rank_[set];
            std::stable_sort(by_rank.begin(), by_rank.end(), [this](auto left, auto right) {
                return more_specific(bundle().signatures[left], bundle().signatures[right]);
            });
            for (const auto id : by_rank) {
                sets_[set].expressions.push_back(expression_of(bundle().signatures[id]));
                sets_[set].flags.push_back(flags_of(bundle().signatures[id]));
            }
            if (!by_rank.empty()) ++steps_;
        }
        if (options_.hostile_fill_test) steps_ += regex_count_;
        return base::Done{};
    }

    // Everything that the databases depend on, including the expressions, so that a bundle with a missing or wrong
    // digest cannot get the databases of another.
    Sha256Digest cache_key() const {
        hs_platform_info_t platform{};
        hs_populate_platform(&platform);
        std::string text = "telltale pattern databases\n" + std::to_string(DatabaseCache::kFormat) + '\n' +
                           hs_version() + '\n' + std::to_string(platform.tune) + ' ' +
                           std::to_string(platform.cpu_features) + '\n' + bundle().digest + '\n';
        for (const PatternSet one : base::enumerators<PatternSet>()) {
            const ExpressionSet& set = sets_[base::index_of(one)];
            text += std::string(to_string(one)) + ' ' + std::to_string(set.expressions.size()) + '\n';
            for (std::size_t rank = 0; rank < set.expressions.size(); ++rank) {
                text += std::to_string(set.flags[rank]) + ' ' + std::to_string(set.expressions[rank].size()) + ' ' +
                        set.expressions[rank] + '\n';
            }
        }
        return sha256_of(text);
    }

    bool load() {
        if (options_.cache_dir.empty()) return false;
        const auto start = Clock::now();
        cache_.emplace(options_.cache_dir, bundle().digest, cache_key());
        auto loaded = cache_->load(kPatternSetCount);
        report().cache = loaded.outcome;
        report().note = std::move(loaded.note);
        if (loaded.outcome != CacheOutcome::hit) return false;
        for (std::size_t set = 0; set < kPatternSetCount; ++set) {
            const std::string& bytes = loaded.sections[set];
            const bool wanted = !sets_[set].expressions.empty();
            if (bytes.empty() && !wanted) continue;
            if (!wanted || hs_deserialize_database(bytes.data(), bytes.size(), &database(set)) != HS_SUCCESS) {
                forget_databases();
                report().cache = CacheOutcome::damaged;
                report().note = cache_->file().string() + ": Hyperscan refuses its content";
                return false;
            }
        }
        report().load_ms = ms_since(start);
        return true;
    }

    void forget_databases() {
        for (std::size_t set = 0; set < kPatternSetCount; ++set) {
            hs_free_database(database(set));
            database(set) = nullptr;
        }
    }

    base::Status test_hostile_fills() {
        if (!options_.hostile_fill_test || regex_count_ == 0) return base::Done{};
        const auto start = Clock::now();
        const auto test = HostileFillTest::create();
        if (!test) return base::Error{"Hyperscan has no memory for its databases"};
        ScratchHandle scratch;
        for (std::size_t set = 0; set < kPatternSetCount; ++set) {
            for (std::size_t rank = 0; rank < sets_[set].expressions.size(); ++rank) {
                const Signature& one = signature(set, rank);
                if (one.kind != PatternKind::regex) continue;
                tell_progress("testing " + one.id);
                ++done_;
                std::string why = "the pattern is refused";
                const DatabaseHandle alone = compile_one(sets_[set].expressions[rank], sets_[set].flags[rank], why);
                if (!alone) return error_at(one, why);
                hs_scratch_t* raw = scratch.release();
                const auto status = hs_alloc_scratch(alone.get(), &raw);
                scratch.reset(raw);
                if (status != HS_SUCCESS) return error_at(one, "Hyperscan has no memory for the pattern");
                if (const auto slow = test->find(alone.get(), raw, one.pattern)) {
                    return error_at(one, "the pattern can be made slow: " + *slow);
                }
            }
        }
        report().hostile_fill_ms = ms_since(start);
        return base::Done{};
    }

    base::Status compile_set(std::size_t set) {
        const ExpressionSet& input = sets_[set];
        if (input.expressions.empty()) return base::Done{};
        const std::string name(to_string(static_cast<PatternSet>(set)));
        tell_progress("compiling " + std::to_string(input.expressions.size()) + " patterns of " + name);
        const auto start = Clock::now();
        std::vector<const char*> expressions;
        std::vector<unsigned> ranks;
        for (const auto& expression : input.expressions) {
            ranks.push_back(static_cast<unsigned>(expressions.size()));
            expressions.push_back(expression.c_str());
        }
        hs_compile_error_t* error = nullptr;
        const auto status =
            hs_compile_multi(expressions.data(), input.flags.data(), ranks.data(), static_cast<unsigned>(ranks.size()),
                             HS_MODE_BLOCK, nullptr, &database(set), &error);
        const CompileErrorHandle error_owner(error);
        ++done_;
        report().compile_ms += ms_since(start);
        if (status == HS_SUCCESS) return base::Done{};
        const std::string why = error != nullptr ? error->message : "no reason given";
        if (error != nullptr && error->expression >= 0) {
            return error_at(signature(set, static_cast<std::size_t>(error->expression)), why);
        }
        return base::Error{"the patterns of " + name + " cannot be compiled together: " + why};
    }

    void store() {
        if (!cache_) return;
        std::vector<std::string> sections;
        for (std::size_t set = 0; set < kPatternSetCount; ++set) {
            auto& section = sections.emplace_back();
            if (database(set) == nullptr) continue;
            char* bytes = nullptr;
            std::size_t length = 0;
            if (hs_serialize_database(database(set), &bytes, &length) != HS_SUCCESS) {
                report().note = "the compiled patterns are not cached: Hyperscan cannot serialize them";
                return;
            }
            section.assign(bytes, length);
            std::free(bytes);
        }
        if (const auto status = cache_->store(sections); !status) report().note = status.error().text;
    }

    void tell_progress(std::string_view what) const {
        if (options_.before_step) options_.before_step(done_, steps_, what);
    }

    const CompileOptions& options_;
    std::unique_ptr<CompiledSignatures> result_;
    std::array<ExpressionSet, kPatternSetCount> sets_;
    std::optional<DatabaseCache> cache_;
    std::size_t regex_count_ = 0;
    std::size_t steps_ = 0;
    std::size_t done_ = 0;
};

CompiledSignatures::~CompiledSignatures() {
    for (hs_database* database : databases_) hs_free_database(database);
}

base::Result<std::shared_ptr<const CompiledSignatures>> compile(std::shared_ptr<const Bundle> bundle,
                                                                const CompileOptions& options) {
    return Compilation(std::move(bundle), options).run();
}

}  // namespace telltale::match
