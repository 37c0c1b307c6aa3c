// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace telltale::signatures {

enum class YamlKind : std::uint8_t { scalar, sequence, map };

// One YAML document as a flat tree with the line of every node. The subset that a bundle needs and no more: anchors,
// aliases, tags, several documents, nesting over kMaxDepth, more than kMaxNodes nodes and NUL bytes are refused.
// Immutable after parsing; nodes are indexes, 0 is the root.
class YamlDocument {
  public:
    static constexpr std::size_t kMaxDepth = 16;
    static constexpr std::size_t kMaxNodes = 1'000'000;

    struct Node {
        YamlKind kind = YamlKind::scalar;
        std::int32_t line = 0;          // from 1
        std::uint32_t first_child = 0;  // 0: none. The children of a map are key, value, key, value...
        std::uint32_t next = 0;         // 0: last of its parent
        std::string text;               // of a scalar
    };

    // Where and why a text is not such a document. `line` is from 1.
    struct Failure {
        int line = 0;
        std::string text;
    };

    // False: `failure` says why and the document is empty. Does not throw.
    [[nodiscard]] bool parse(const std::string& text, Failure& failure);

    const Node& node(std::uint32_t index) const { return nodes_.at(index); }
    bool empty() const { return nodes_.empty(); }

  private:
    friend class YamlTreeBuilder;
    std::vector<Node> nodes_;
};

// A node of a document, which must outlive it, or nothing: an empty value reads as an empty scalar without siblings.
class YamlValue {
  public:
    YamlValue() = default;
    YamlValue(const YamlDocument& document, std::uint32_t index) : document_(&document), index_(index) {}

    explicit operator bool() const { return document_ != nullptr; }
    YamlKind kind() const { return node().kind; }
    int line() const { return node().line; }
    std::string_view text() const { return node().text; }

    // First child and next sibling; nothing without one.
    YamlValue first() const { return at(node().first_child); }
    YamlValue next() const { return at(node().next); }

  private:
    const YamlDocument::Node& node() const;
    YamlValue at(std::uint32_t index) const;

    const YamlDocument* document_ = nullptr;
    std::uint32_t index_ = 0;
};

}  // namespace telltale::signatures
