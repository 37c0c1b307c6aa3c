// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/event_terms.h"

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <cctype>
#include <type_traits>

namespace telltale::exporters::outbox {
namespace {

constexpr std::string_view kDatasetPrefix = "telltale.";

bool is_mac(std::string_view value) {
    constexpr std::size_t kLength = 17;
    if (value.size() != kLength) return false;
    for (std::size_t i = 0; i < kLength; ++i) {
        const auto byte = static_cast<unsigned char>(value[i]);
        if (i % 3 == 2 ? byte != '-' && byte != ':' : std::isxdigit(byte) == 0) return false;
    }
    return true;
}

std::string normalised(LookupField field, std::string_view value) {
    if (field == LookupField::dataset && value.starts_with(kDatasetPrefix)) value.remove_prefix(kDatasetPrefix.size());
    std::string text(value);
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
    if (field == LookupField::device && is_mac(text)) std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    if (field == LookupField::domain && text.ends_with('.')) text.pop_back();
    return text;
}

struct TermSource {
    std::string_view path;
    LookupField field;
};

// Paths of the values in an event. An array's elements have its path.
constexpr TermSource kSources[] = {
    {"event.dataset", LookupField::dataset},     {"event.severity", LookupField::severity},
    {"device.id", LookupField::device},          {"host.id", LookupField::device},
    {"host.name", LookupField::device},          {"host.ip", LookupField::device},
    {"host.mac", LookupField::device},           {"telltale.owner.id", LookupField::owner},
    {"destination.domain", LookupField::domain}, {"telltale.transfer.domains", LookupField::domain},
};

// Follows the path of names while RapidJSON reads, and gives `visit` every text and number with its path.
template <typename Visit>
class PathReader : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, PathReader<Visit>> {
  public:
    explicit PathReader(Visit& visit) : visit_(visit) {}

    bool String(const char* text, rapidjson::SizeType length, bool) {
        visit_(std::string_view(path_), std::string_view(text, length));
        return true;
    }
    bool Uint(unsigned value) {
        visit_(std::string_view(path_), std::string_view(std::to_string(value)));
        return true;
    }
    bool Key(const char* text, rapidjson::SizeType length, bool) {
        path_.resize(lengths_.back());
        if (!path_.empty()) path_ += '.';
        path_.append(text, length);
        return true;
    }
    bool StartObject() {
        lengths_.push_back(path_.size());
        return true;
    }
    bool EndObject(rapidjson::SizeType) {
        path_.resize(lengths_.back());
        lengths_.pop_back();
        return true;
    }

  private:
    Visit& visit_;
    std::string path_;
    std::vector<std::size_t> lengths_;  // of the path at each open object
};

template <typename Visit>
void each_text(std::string_view json, Visit&& visit) {
    PathReader<std::remove_reference_t<Visit>> handler(visit);
    rapidjson::MemoryStream stream(json.data(), json.size());
    rapidjson::Reader reader;
    reader.Parse<rapidjson::kParseIterativeFlag>(stream, handler);
}

// A name is also found by the domains above it, of two to kMostLabels labels: what a stranger calls itself must not
// take more room than that.
void add_parents(std::string_view name, std::vector<std::string>& terms) {
    constexpr std::size_t kMostLabels = 5;
    std::size_t dot = name.rfind('.');
    for (std::size_t labels = 2; labels <= kMostLabels && dot != 0 && dot != std::string_view::npos; ++labels) {
        dot = name.rfind('.', dot - 1);
        if (dot != std::string_view::npos) terms.push_back(term(LookupField::domain, name.substr(dot + 1)));
    }
}

}  // namespace

std::string term(LookupField field, std::string_view value) {
    return std::string(to_string(field)) + ':' + normalised(field, value);
}

std::vector<std::string> terms_of(std::string_view json) {
    std::vector<std::string> terms;
    each_text(json, [&terms](std::string_view path, std::string_view value) {
        const auto* source = std::find_if(std::begin(kSources), std::end(kSources),
                                          [path](const TermSource& candidate) { return candidate.path == path; });
        if (source == std::end(kSources) || terms.size() >= kMostTerms) return;
        terms.push_back(term(source->field, value));
        if (source->field == LookupField::domain) add_parents(value, terms);
    });
    std::sort(terms.begin(), terms.end());
    terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
    return terms;
}

std::string text_of(std::string_view json, std::string_view path) {
    std::string found;
    each_text(json, [&](std::string_view at, std::string_view value) {
        if (at == path && found.empty()) found = value;
    });
    return found;
}

}  // namespace telltale::exporters::outbox
