// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace telltale::json {

// Plain text is printable ASCII without quote and backslash: a JSON string holds it as it is. Nearly all text is plain,
// so it is copied and checked in one pass, 16 bytes at a time.
class PlainText {
  public:
    // Copies all of `text` to `out`. Returns whether it is plain; if not, the copy is not to be used.
    [[gnu::always_inline]] static bool copy(std::string_view text, char* out) {
        const char* const in = text.data();
        const std::size_t size = text.size();
        if (size >= sizeof(Block)) return copy_blocks(in, size, out);
        if (size >= 8) return copy_ends<std::uint64_t>(in, size, out);
        if (size >= 4) return copy_ends<std::uint32_t>(in, size, out);
        bool plain = true;
        for (std::size_t at = 0; at < size; ++at) {
            out[at] = in[at];
            plain &= is_plain(in[at]);
        }
        return plain;
    }

    // Returns how many bytes at the beginning are plain.
    static std::size_t prefix(std::string_view text) {
        std::size_t at = 0;
        while (text.size() - at >= sizeof(Block) && none(special(load<Block>(text.data() + at)))) at += sizeof(Block);
        while (at < text.size() && is_plain(text[at])) ++at;
        return at;
    }

  private:
    // GCC and Clang compute on all of its bytes at once.
    using Block = signed char __attribute__((vector_size(16)));
    using Unsigned = unsigned char __attribute__((vector_size(16)));
    using Halves = std::uint64_t __attribute__((vector_size(16)));

    static bool is_plain(char byte) { return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\'; }

    template <typename Word>
    static Word load(const char* from) {
        Word word;
        std::memcpy(&word, from, sizeof word);
        return word;
    }
    template <typename Word>
    static void store(Word word, char* to) {
        std::memcpy(to, &word, sizeof word);
    }

    // Sets all bits of the bytes that are not plain. Bytes from 0x80 on are negative, and so is DEL plus one: one
    // comparison finds both, and controls.
    static Block special(Block block) {
        const auto next = std::bit_cast<Block>(std::bit_cast<Unsigned>(block) + 1);
        return (next < 0x21) | (block == '"') | (block == '\\');
    }
    static bool none(Block marks) {
        const auto halves = std::bit_cast<Halves>(marks);
        return (halves[0] | halves[1]) == 0;
    }

    // The last block may overlap the one before.
    static bool copy_blocks(const char* in, std::size_t size, char* out) {
        const std::size_t last = size - sizeof(Block);
        const auto end = load<Block>(in + last);
        store(end, out + last);
        auto marks = std::bit_cast<Halves>(special(end));
        for (std::size_t at = 0; at < last; at += sizeof(Block)) {
            const auto block = load<Block>(in + at);
            store(block, out + at);
            marks |= std::bit_cast<Halves>(special(block));
        }
        return none(std::bit_cast<Block>(marks));
    }

    // For less than a block: the first and the last word, which may overlap.
    template <typename Word>
    static bool copy_ends(const char* in, std::size_t size, char* out) {
        const auto first = load<Word>(in);
        const auto last = load<Word>(in + size - sizeof(Word));
        store(first, out);
        store(last, out + size - sizeof(Word));
        // Words of four bytes are put side by side, twice, so that no byte is left without meaning.
        const std::uint64_t whole = sizeof(Word) == 8 ? first : std::uint64_t{first} << 32 | last;
        return none(special(std::bit_cast<Block>(Halves{whole, sizeof(Word) == 8 ? last : whole})));
    }
};

}  // namespace telltale::json
