// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "signatures/bundle.h"
#include "signatures/problems.h"
#include "signatures/yaml_document.h"

namespace telltale::signatures {

// Typed access to one YAML map. What is asked for is what is known: finish() reports every other key with a suggestion.
// Whatever has the wrong type is reported with its line and reads as empty, so that reading goes on and finds the rest.
// Lives as long as one entry is read; borrows file, problems and document.
class MapReader {
  public:
    // `what` names the entry in messages: "owner", "destination".
    MapReader(YamlValue map, std::string_view file, std::string_view what, Problems& problems);

    FilePosition position() const { return {std::string(file_), map_ ? map_.line() : 1}; }
    FilePosition position_of(std::string_view key) const;

    std::string required_text(std::string_view key);
    std::string text(std::string_view key);
    std::vector<std::string> required_texts(std::string_view key);  // a scalar or a list of scalars; never empty ones
    std::vector<std::string> texts(std::string_view key);
    bool flag(std::string_view key, bool otherwise);
    double number(std::string_view key, double lowest, double highest, double otherwise);
    YamlValue child(std::string_view key, YamlKind kind);  // false when missing or of another kind
    YamlValue any(std::string_view key);                   // false when missing
    // The index of a word in `words`; the error names them all.
    std::optional<std::size_t> word(std::string_view key, std::span<const std::string_view> words);

    void fail(int line, std::string text) { problems_.add({std::string(file_), line}, std::move(text)); }
    void finish();

    std::string_view file() const { return file_; }
    Problems& problems() { return problems_; }

  private:
    YamlValue find(std::string_view key);
    std::string scalar(std::string_view key, YamlValue value);
    void missing(std::string_view key);

    YamlValue map_;
    std::string_view file_;
    std::string_view what_;
    Problems& problems_;
    std::vector<std::string_view> asked_;
};

}  // namespace telltale::signatures
