// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sensor/base/result.h"
#include "signatures/bundle.h"

namespace telltale::signatures {

// Problems of a bundle, collected while it is read, so that its author sees all of them at once. Owned by one call of
// load_bundle. Keeps the first 50 problems and counts the rest.
class Problems {
  public:
    static constexpr std::size_t kKept = 50;

    void add(const FilePosition& position, std::string text);

    bool none() const { return count_ == 0; }
    std::size_t count() const { return count_; }
    base::Error to_error() const;  // one line a problem, ordered as found

  private:
    std::vector<std::string> lines_;
    std::size_t count_ = 0;
};

// ", did you mean 'suffix'?" when one of `known` is within two edits (one for short words) of `word`, else "".
std::string suggestion(std::string_view word, std::span<const std::string_view> known);

// "a, b, c": for messages that list what is allowed.
std::string list_of(std::span<const std::string_view> words);

// `text` cut to a length that suits a message, with unprintable bytes replaced.
std::string shown(std::string_view text);

}  // namespace telltale::signatures
