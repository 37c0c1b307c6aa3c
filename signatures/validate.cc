// SPDX-License-Identifier: Apache-2.0
#include "signatures/validate.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

#include "sensor/model/event_words.h"
#include "signatures/oui_registry.h"
#include "signatures/validate_pattern.h"

namespace telltale::signatures {
namespace {

std::string at(const FilePosition& position) { return position.file + ":" + std::to_string(position.line); }

bool is_id(std::string_view id) {
    return !id.empty() && id.size() <= 200 && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
}

bool is_country(std::string_view text) {
    return text.size() == 2 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// The names of one kind of entry with their positions.
class Register {
  public:
    Register(std::string_view what, Problems& problems) : what_(what), problems_(problems) {}

    void add(const std::string& id, const FilePosition& position) {
        if (id.empty()) return;  // reported where it was read
        if (!is_id(id)) problems_.add(position, what_ + " id '" + shown(id) + "' may hold a-z 0-9 - _ . only");
        const auto [found, fresh] = ids_.emplace(id, &position);
        if (!fresh) problems_.add(position, what_ + " id '" + id + "' is taken at " + at(*found->second));
    }

    bool has(const std::string& id) const { return ids_.contains(id); }

    void require(const std::string& id, const FilePosition& position) const {
        if (has(id)) return;
        std::vector<std::string_view> known;
        known.reserve(ids_.size());
        for (const auto& entry : ids_) known.emplace_back(entry.first);
        std::sort(known.begin(), known.end());  // the same suggestion on every run
        problems_.add(position, "unknown " + what_ + " '" + shown(id) + "'" + suggestion(id, known));
    }

  private:
    std::string what_;
    Problems& problems_;
    std::unordered_map<std::string, const FilePosition*> ids_;
};

class Validation {
  public:
    Validation(const Draft& draft, Problems& problems) : draft_(draft), problems_(problems) {}

    void run() {
        const Bundle& bundle = draft_.bundle;
        for (const Source& source : draft_.sources) sources_.add(source.code, source.position);
        for (const Owner& owner : bundle.owners) check(owner);
        for (const Maker& maker : bundle.makers) check(maker);
        for (const Signature& signature : bundle.signatures) check(signature, patterns_);
        for (const Signature& resolver : bundle.resolvers) check(resolver, resolvers_);
        for (const Policy& policy : bundle.policies) check(policy);
        if (bundle.signatures.size() > kMostSignatures) problems_.add({}, "more than 65,536 signatures");
    }

  private:
    static constexpr std::size_t kMostSignatures = 65'536;

    void check_sources(const std::vector<std::string>& sources, const FilePosition& position) {
        for (const std::string& source : sources) {
            if (!source.empty()) sources_.require(source.substr(0, source.find(':')), position);
        }
    }

    void check(const Owner& owner) {
        owners_.add(owner.id, owner.position);
        if (model::is_reserved_owner(owner.id)) {
            problems_.add(owner.position, "owner id '" + owner.id + "' is reserved for the sensor");
        }
        if (!owner.country.empty() && !is_country(owner.country)) {
            problems_.add(owner.position, "country '" + shown(owner.country) + "' must be two capitals (ISO 3166-1)");
        }
        check_sources(owner.sources, owner.position);
    }

    void check(const Maker& maker) {
        makers_.add(maker.id, maker.position);
        check_sources(maker.sources, maker.position);
        for (const std::string& registrant : maker.registrants) {
            const auto [found, fresh] = registrants_.emplace(normalized_organisation(registrant), &maker.position);
            if (!fresh) {
                problems_.add(maker.position,
                              "registrant '" + shown(registrant) + "' is taken at " + at(*found->second));
            }
        }
    }

    using Patterns = std::unordered_map<std::string, const FilePosition*>;

    // A name may be a destination and a resolver, but each once.
    void check(const Signature& signature, Patterns& patterns) {
        signatures_.add(signature.id, signature.position);
        check_sources(signature.sources, signature.position);
        if (!signature.claim.maker.empty()) makers_.require(signature.claim.maker, signature.position);
        if (signature.pattern.empty()) return;  // reported where it was read
        std::string key = std::string(to_string(signature.set)) + '\n' +
                          std::to_string(static_cast<int>(signature.kind)) + '\n' + signature.pattern;
        const auto [found, fresh] = patterns.emplace(std::move(key), &signature.position);
        if (!fresh) {
            problems_.add(signature.position,
                          "pattern '" + shown(signature.pattern) + "' is taken at " + at(*found->second));
        }
        validate_pattern(signature, problems_);
    }

    void check_value(const Condition& condition, const std::string& value, const FilePosition& position) {
        const auto one_of = [&](std::span<const std::string_view> words) {
            if (std::find(words.begin(), words.end(), value) != words.end()) return;
            problems_.add(position, "unknown value '" + shown(value) + "' of " +
                                        std::string(to_string(condition.field)) + suggestion(value, words) +
                                        " (one of: " + list_of(words) + ")");
        };
        if (value.empty()) return;
        switch (condition.field) {
            case PolicyField::device_maker: return makers_.require(value, position);
            case PolicyField::device_class: return one_of(base::kWords<DeviceClass>);
            case PolicyField::device_os: return one_of(base::kWords<System>);
            case PolicyField::destination_owner:
                if (!model::is_reserved_owner(value)) owners_.require(value, position);
                return;
            case PolicyField::destination_country:
                if (is_country(value)) return;
                return problems_.add(position, "country '" + shown(value) + "' must be two capitals (ISO 3166-1)");
            case PolicyField::destination_category: return one_of(base::kWords<Category>);
            case PolicyField::destination_domain: return;
            case PolicyField::transport_cleartext: {
                constexpr auto kFlags = std::to_array<std::string_view>({"true", "false"});
                return one_of(kFlags);
            }
        }
    }

    void check(const Policy& policy) {
        policies_.add(policy.id, policy.position);
        check_sources(policy.sources, policy.position);
        for (const Condition& condition : policy.when) {
            for (const std::string& value : condition.values) check_value(condition, value, policy.position);
        }
    }

    const Draft& draft_;
    Problems& problems_;
    Register sources_{"source", problems_};
    Register owners_{"owner", problems_};
    Register makers_{"maker", problems_};
    Register signatures_{"signature", problems_};
    Register policies_{"policy", problems_};
    Patterns patterns_, resolvers_;
    std::unordered_map<std::string, const FilePosition*> registrants_;
};

}  // namespace

void validate(const Draft& draft, Problems& problems) { Validation(draft, problems).run(); }

}  // namespace telltale::signatures
