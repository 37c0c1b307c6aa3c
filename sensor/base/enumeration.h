// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

// Closed lists, declared once. A list is an X-list whose first column is the enumerator and whose second is its word;
// more columns are the list's own:
//
//   #define TELLTALE_COLOURS(X) X(red, "red") X(green, "light_green")
//   TELLTALE_ENUMERATION(Colour, std::uint8_t, TELLTALE_COLOURS)
//
// declares `enum class Colour` and its to_string(), and everything below works for it. Nothing else may repeat the
// list: count with base::kCount, walk with base::enumerators(), keep values by enumerator in a base::EnumArray, and
// decide in a switch without a default, which does not compile (-Wswitch) when an enumerator is missing.
#define TELLTALE_ENUMERATOR(name, ...) name,
#define TELLTALE_WORD(name, word, ...) std::string_view(word),
#define TELLTALE_ENUMERATION(Enum, Type, LIST)                                                       \
    enum class Enum : Type { LIST(TELLTALE_ENUMERATOR) };                                            \
    constexpr auto words_of(Enum) { return std::to_array<std::string_view>({LIST(TELLTALE_WORD)}); } \
    constexpr std::string_view to_string(Enum one) { return ::telltale::base::word_of(one); }

namespace telltale::base {

// The words of an enumeration, in the order of its enumerators.
template <typename Enum>
inline constexpr auto kWords = words_of(Enum{});

template <typename Enum>
inline constexpr std::size_t kCount = kWords<Enum>.size();

template <typename Enum>
constexpr std::size_t index_of(Enum one) {
    return static_cast<std::size_t>(one);
}

template <typename Enum>
constexpr std::string_view word_of(Enum one) {
    return kWords<Enum>[index_of(one)];
}

// Returns the enumerator with this word; nullopt if no enumerator has it.
template <typename Enum>
constexpr std::optional<Enum> from_word(std::string_view word) {
    for (std::size_t i = 0; i < kCount<Enum>; ++i) {
        if (kWords<Enum>[i] == word) return static_cast<Enum>(i);
    }
    return std::nullopt;
}

// Returns all enumerators, in order.
template <typename Enum>
constexpr std::array<Enum, kCount<Enum>> enumerators() {
    std::array<Enum, kCount<Enum>> all{};
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<Enum>(i);
    return all;
}

// One value per enumerator. Constructed from a list, it needs exactly one value for each.
template <typename Enum, typename Value>
class EnumArray {
  public:
    constexpr EnumArray() = default;
    template <std::size_t kGiven>
    constexpr explicit EnumArray(const Value (&values)[kGiven]) {
        static_assert(kGiven == kCount<Enum>, "the list needs one value for each enumerator");
        for (std::size_t i = 0; i < kGiven; ++i) values_[i] = values[i];
    }

    constexpr Value& operator[](Enum one) { return values_[index_of(one)]; }
    constexpr const Value& operator[](Enum one) const { return values_[index_of(one)]; }
    [[nodiscard]] static constexpr std::size_t size() { return kCount<Enum>; }
    constexpr auto begin() { return values_.begin(); }
    constexpr auto end() { return values_.end(); }
    [[nodiscard]] constexpr auto begin() const { return values_.begin(); }
    [[nodiscard]] constexpr auto end() const { return values_.end(); }

    bool operator==(const EnumArray&) const = default;

  private:
    std::array<Value, kCount<Enum>> values_{};
};

}  // namespace telltale::base
