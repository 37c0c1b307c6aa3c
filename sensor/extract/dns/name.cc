// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/dns/name.h"

#include <array>
#include <cstddef>

namespace telltale::extract::dns {
namespace {

using base::ByteReader;
using base::Bytes;

constexpr std::uint8_t kTypeMask = 0xc0, kPointer = 0xc0;
constexpr std::size_t kTargetMask = 0x3fff;
constexpr std::size_t kMaxNameBytes = 255;  // on the wire, RFC 1035 section 2.3.4
// Every label of the longest name may follow a pointer of its own.
constexpr unsigned kMaxPointers = 127;

constexpr std::array<bool, 256> kNeedsEscape = [] {
    std::array<bool, 256> needs{};
    for (std::size_t octet = 0; octet < needs.size(); ++octet) {
        needs[octet] = octet <= 0x20 || octet >= 0x7f || octet == '.' || octet == '\\';
    }
    return needs;
}();

}  // namespace

void NameText::add_label(Bytes label) {
    if (size_ != 0) put('.');
    // Nearly all labels are plain: letters, digits and hyphens.
    if (label.size() <= text_.size() - size_) {
        bool escape = false;
        char* place = text_.data() + size_;
        for (const std::uint8_t octet : label) {
            *place++ = static_cast<char>(octet);
            escape |= kNeedsEscape[octet];
        }
        if (!escape || style_ == Style::as_sent) {
            size_ += label.size();
            return;
        }
    }
    for (const std::uint8_t octet : label) {
        if (style_ == Style::as_sent || !kNeedsEscape[octet]) {
            put(static_cast<char>(octet));
        } else if (octet == '.' || octet == '\\') {
            put('\\');
            put(static_cast<char>(octet));
        } else {
            put('\\');
            put(static_cast<char>('0' + octet / 100));
            put(static_cast<char>('0' + octet / 10 % 10));
            put(static_cast<char>('0' + octet % 10));
        }
    }
}

void NameText::finish() {
    if (size_ == 0) put('.');
}

NameError read_name(Bytes message, ByteReader& reader, NameText& name) {
    name.clear();
    ByteReader at = reader;
    bool followed = false;
    std::size_t lowest = message.size() - reader.remaining();
    std::size_t bytes = 1;  // the root label
    unsigned pointers = 0;
    std::uint8_t length = 0;
    for (ByteReader label_start = at; at.read_u8(length); label_start = at) {  // `bytes` and `pointers` end it
        if ((length & kTypeMask) == kPointer) {
            std::uint16_t pointer = 0;
            at = label_start;
            if (!at.read_u16(pointer)) return NameError::short_message;
            const std::size_t target = pointer & kTargetMask;
            if (!followed) reader = at;
            followed = true;
            if (target >= lowest || ++pointers > kMaxPointers) return NameError::bad;
            lowest = target;
            at = ByteReader(message.subspan(target));
            continue;
        }
        if ((length & kTypeMask) != 0) return NameError::bad;
        if (length == 0) {
            if (!followed) reader = at;
            name.finish();
            return NameError::none;
        }
        bytes += 1U + length;
        if (bytes > kMaxNameBytes) return NameError::bad;
        Bytes label;
        if (!at.read_bytes(length, label)) return NameError::short_message;
        name.add_label(label);
    }
    return NameError::short_message;
}

NameError skip_name(ByteReader& reader) {
    std::uint8_t length = 0;
    while (reader.read_u8(length)) {
        if (length == 0) return NameError::none;
        if ((length & kTypeMask) == kPointer) return reader.skip(1) ? NameError::none : NameError::short_message;
        if ((length & kTypeMask) != 0) return NameError::bad;
        if (!reader.skip(length)) return NameError::short_message;
    }
    return NameError::short_message;
}

}  // namespace telltale::extract::dns
