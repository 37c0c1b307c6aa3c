// SPDX-License-Identifier: Apache-2.0
#include "signatures/yaml_document.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <exception>
#include <sstream>

namespace telltale::signatures {

// Builds the tree from the parser's events: an order of magnitude less work than the library's own nodes, and what is
// refused is refused at its line. The library's only way to stop a parse is an exception; it ends in parse().
class YamlTreeBuilder : public YAML::EventHandler {
  public:
    explicit YamlTreeBuilder(std::vector<YamlDocument::Node>& nodes) : nodes_(nodes) {}

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        refuse_anchor(mark, anchor);
        append(mark, YamlKind::scalar, {});
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        throw YAML::ParserException(mark, "an alias is not allowed: write the value out");
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        append(mark, YamlKind::scalar, value);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, YamlKind::sequence);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, YamlKind::map);
    }
    void OnMapEnd() override { close(); }

  private:
    struct Open {
        std::uint32_t index;
        std::uint32_t last_child;
    };

    static void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (anchor != 0) throw YAML::ParserException(mark, "an anchor is not allowed: write the value out");
    }

    static void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
        // "?" and "!" are the library's marks for an untagged plain and an untagged quoted value.
        if (!tag.empty() && tag != "?" && tag != "!") throw YAML::ParserException(mark, "a tag is not allowed");
    }

    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YamlKind kind) {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        if (open_.size() >= YamlDocument::kMaxDepth) {
            throw YAML::ParserException(mark, "nested deeper than " + std::to_string(YamlDocument::kMaxDepth));
        }
        const std::uint32_t index = append(mark, kind, {});
        open_.push_back({index, 0});
    }

    void close() {
        if (!open_.empty()) open_.pop_back();
    }

    std::uint32_t append(const YAML::Mark& mark, YamlKind kind, const std::string& text) {
        if (nodes_.size() >= YamlDocument::kMaxNodes) throw YAML::ParserException(mark, "too many values in one file");
        const auto index = static_cast<std::uint32_t>(nodes_.size());
        nodes_.push_back({kind, mark.line + 1, 0, 0, text});
        if (!open_.empty()) {
            Open& parent = open_.back();
            (parent.last_child == 0 ? nodes_[parent.index].first_child : nodes_[parent.last_child].next) = index;
            parent.last_child = index;
        }
        return index;
    }

    std::vector<YamlDocument::Node>& nodes_;
    std::vector<Open> open_;
};

bool YamlDocument::parse(const std::string& text, Failure& failure) {
    nodes_.clear();
    const std::size_t nul = text.find('\0');
    if (nul != std::string::npos) {
        failure = {1, "a NUL byte at offset " + std::to_string(nul) + ": this is not a text file"};
        return false;
    }
    try {
        std::istringstream stream(text);
        YAML::Parser parser(stream);
        YamlTreeBuilder builder(nodes_);
        if (!parser.HandleNextDocument(builder) || nodes_.empty()) {
            failure = {1, "the file is empty"};
            return false;
        }
        const std::size_t size = nodes_.size();
        if (parser.HandleNextDocument(builder)) {
            failure = {size < nodes_.size() ? nodes_[size].line : 1, "a second document in one file is not allowed"};
            nodes_.clear();
            return false;
        }
        return true;
    } catch (const YAML::Exception& error) {
        failure = {error.mark.is_null() ? 1 : error.mark.line + 1, "not valid here: " + error.msg};
    } catch (const std::exception& error) {
        failure = {1, std::string("cannot be parsed: ") + error.what()};
    }
    nodes_.clear();
    return false;
}

const YamlDocument::Node& YamlValue::node() const {
    static const YamlDocument::Node kNothing;
    return document_ == nullptr ? kNothing : document_->node(index_);
}

YamlValue YamlValue::at(std::uint32_t index) const {
    if (document_ == nullptr || index == 0) return {};
    return {*document_, index};
}

}  // namespace telltale::signatures
