// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/event_terms.h"

#include <rapidjson/document.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <simdjson.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <span>
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

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

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

// The names on the paths that are looked for, as a tree: most names of an event are not on them.
class PathTree {
  public:
    static constexpr int kRoot = 0;
    static constexpr int kNowhere = -1;

    explicit PathTree(std::span<const TermSource> sources) {
        for (const TermSource& source : sources) {
            int at = kRoot;
            for (std::string_view rest = source.path; !rest.empty();) {
                const std::string_view name = rest.substr(0, rest.find('.'));
                rest.remove_prefix(std::min(rest.size(), name.size() + 1));
                at = child_or_new(at, name);
            }
            nodes_[static_cast<std::size_t>(at)].field = source.field;
        }
    }

    [[nodiscard]] int child(int node, std::string_view name) const {
        if (node == kNowhere) return kNowhere;
        for (const int next : nodes_[static_cast<std::size_t>(node)].children) {
            if (nodes_[static_cast<std::size_t>(next)].name == name) return next;
        }
        return kNowhere;
    }
    [[nodiscard]] std::optional<LookupField> field(int node) const {
        return node == kNowhere ? std::nullopt : nodes_[static_cast<std::size_t>(node)].field;
    }

  private:
    struct Node {
        std::string_view name;
        std::optional<LookupField> field;
        std::vector<int> children;
    };

    int child_or_new(int node, std::string_view name) {
        if (const int known = child(node, name); known != kNowhere) return known;
        const int made = static_cast<int>(nodes_.size());
        nodes_.push_back({name, std::nullopt, {}});
        nodes_[static_cast<std::size_t>(node)].children.push_back(made);
        return made;
    }

    std::vector<Node> nodes_{1};
};

// Gives `visit` every text and number on a path of the tree, with its field.
template <typename Visit>
class PathWalk {
  public:
    PathWalk(const PathTree& tree, Visit& visit) : tree_(tree), visit_(visit) {}

    void walk(const simdjson::dom::element& value, int node) {
        if (node == PathTree::kNowhere) return;
        switch (value.type()) {
            case simdjson::dom::element_type::OBJECT:
                for (const auto& [name, member] : simdjson::dom::object(value)) walk(member, tree_.child(node, name));
                break;
            case simdjson::dom::element_type::ARRAY:  // at most simdjson's 1,024 in one another
                for (const simdjson::dom::element& element : simdjson::dom::array(value)) walk(element, node);
                break;
            case simdjson::dom::element_type::STRING: give(node, std::string_view(value)); break;
            case simdjson::dom::element_type::INT64:
                if (tree_.field(node)) give(node, std::to_string(std::int64_t(value)));
                break;
            default: break;
        }
    }

  private:
    void give(int node, std::string_view text) {
        if (const auto field = tree_.field(node)) visit_(*field, text);
    }

    const PathTree& tree_;
    Visit& visit_;
};

template <typename Visit>
void each_text(std::string_view json, const PathTree& tree, Visit&& visit) {
    // They keep their room for the next event.
    thread_local simdjson::dom::parser parser;
    thread_local std::string padded;
    padded.reserve(json.size() + simdjson::SIMDJSON_PADDING);
    padded.assign(json);
    simdjson::dom::element event;
    if (parser.parse(padded.data(), padded.size(), false).get(event) != simdjson::SUCCESS) return;
    PathWalk<std::remove_reference_t<Visit>>(tree, visit).walk(event, PathTree::kRoot);
}

void write_term(LookupField field, std::string_view value, std::string& text) {
    if (field == LookupField::dataset && value.starts_with(kDatasetPrefix)) value.remove_prefix(kDatasetPrefix.size());
    if (field == LookupField::domain && value.ends_with('.')) value.remove_suffix(1);
    const bool mac = field == LookupField::device && is_mac(value);
    text.assign(to_string(field)).push_back(':');
    for (const char letter : value) {
        if (!mac || (letter != '-' && letter != ':')) text.push_back(lower(letter));
    }
}

// A name is also found by the domains above it, of two to kMostLabels labels: what a stranger calls itself must not
// take more room than that. `term` is the name's; returns how many were visited.
std::size_t each_parent(const std::string& term, const std::function<void(std::string_view)>& visit) {
    constexpr std::size_t kMostLabels = 5;
    const std::string_view word = to_string(LookupField::domain);
    const std::string_view name = std::string_view(term).substr(word.size() + 1);
    std::string parent = std::string(word) + ':';
    std::size_t visited = 0;
    std::size_t dot = name.rfind('.');
    for (std::size_t labels = 2; labels <= kMostLabels && dot != 0 && dot != std::string_view::npos; ++labels) {
        dot = name.rfind('.', dot - 1);
        if (dot == std::string_view::npos) break;
        parent.resize(word.size() + 1);
        parent += name.substr(dot + 1);
        visit(parent);
        ++visited;
    }
    return visited;
}

}  // namespace

std::string term(LookupField field, std::string_view value) {
    std::string text;
    write_term(field, value, text);
    return text;
}

void each_term(std::string_view json, const std::function<void(std::string_view)>& visit) {
    static const PathTree tree(kSources);
    std::size_t count = 0;
    std::string text;
    each_text(json, tree, [&](LookupField field, std::string_view value) {
        if (count >= kMostTerms) return;
        write_term(field, value, text);
        visit(text);
        count += 1 + (field == LookupField::domain ? each_parent(text, visit) : 0);
    });
}

std::vector<std::string> terms_of(std::string_view json) {
    std::vector<std::string> terms;
    each_term(json, [&terms](std::string_view found) { terms.emplace_back(found); });
    std::sort(terms.begin(), terms.end());
    terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
    return terms;
}

std::string indented(std::string_view json) {
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
    if (document.HasParseError()) return std::string(json);
    rapidjson::StringBuffer buffer;
    rapidjson::PrettyWriter<rapidjson::StringBuffer> writer(buffer);
    writer.SetIndent(' ', 2);
    document.Accept(writer);
    return {buffer.GetString(), buffer.GetSize()};
}

std::string text_of(std::string_view json, std::string_view path) {
    const TermSource source{path, LookupField{}};
    std::string found;
    each_text(json, PathTree(std::span(&source, 1)), [&found](LookupField, std::string_view value) {
        if (found.empty()) found = value;
    });
    return found;
}

}  // namespace telltale::exporters::outbox
