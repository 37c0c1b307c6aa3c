// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/http2/hpack.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <cstring>

namespace telltale::extract::http2 {
namespace {

constexpr std::size_t kAlignment = 16;
constexpr std::size_t kMaxFields = 256;

// In front of every piece: its size, for reallocation.
struct alignas(kAlignment) Piece {
    std::size_t size;
};

std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

// nghttp2 reuses its buffers: what is kept is copied.
std::string_view keep(std::string_view text, Arena& arena) {
    void* place = arena.take(text.size());
    if (place == nullptr || text.empty()) return {};
    std::memcpy(place, text.data(), text.size());
    return {static_cast<const char*>(place), text.size()};
}

void take_field(std::string_view name, std::string_view value, Arena& arena, Request& request) {
    struct Known {
        std::string_view name;
        std::string_view Request::*place;
    };
    static constexpr Known kKnown[] = {
        {":method", &Request::method}, {":authority", &Request::authority},
        {":path", &Request::path},     {"user-agent", &Request::user_agent},
        {"host", &Request::host},
    };
    for (const Known& known : kKnown) {
        if (name == known.name && (request.*known.place).empty()) request.*known.place = keep(value, arena);
    }
}

}  // namespace

void* Arena::take(std::size_t size) {
    const std::size_t rounded = (size + kAlignment - 1) / kAlignment * kAlignment;
    if (size > kBytes || rounded + sizeof(Piece) > kBytes - used_) return nullptr;
    std::uint8_t* at = memory_.data() + used_;
    used_ += sizeof(Piece) + rounded;
    ::new (at) Piece{rounded};
    return at + sizeof(Piece);
}

void* Arena::again(void* old, std::size_t size) {
    if (old == nullptr) return take(size);
    const std::size_t before = reinterpret_cast<const Piece*>(static_cast<std::uint8_t*>(old) - sizeof(Piece))->size;
    if (size <= before) return old;
    void* place = take(size);
    if (place != nullptr) std::memcpy(place, old, before);
    return place;
}

bool read_block(base::Bytes block, Arena& arena, Request& request, void (*on_name)(void*, std::string_view),
                void* context) {
    arena.clear();
    nghttp2_mem memory{
        &arena,
        [](std::size_t size, void* user) { return static_cast<Arena*>(user)->take(size); },
        [](void*, void*) {},
        [](std::size_t count, std::size_t size, void* user) -> void* {
            if (size != 0 && count > Arena::kBytes / size) return nullptr;
            void* place = static_cast<Arena*>(user)->take(count * size);
            if (place != nullptr) std::memset(place, 0, count * size);
            return place;
        },
        [](void* old, std::size_t size, void* user) { return static_cast<Arena*>(user)->again(old, size); },
    };
    nghttp2_hd_inflater* inflater = nullptr;
    if (nghttp2_hd_inflate_new2(&inflater, &memory) != 0) return false;
    bool sound = false;
    for (std::size_t i = 0; i < kMaxFields; ++i) {  // each turn gives a field or ends
        nghttp2_nv field{};
        int flags = 0;
        const ssize_t used = nghttp2_hd_inflate_hd2(inflater, &field, &flags, block.data(), block.size(), 1);
        if (used < 0) break;
        block = block.subspan(static_cast<std::size_t>(used));
        if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0) {
            const std::string_view name = text_of(field.name, field.namelen);
            take_field(name, text_of(field.value, field.valuelen), arena, request);
            if (!name.starts_with(':')) on_name(context, name);
        }
        if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0) {
            sound = true;
            break;
        }
        if ((flags & NGHTTP2_HD_INFLATE_EMIT) == 0 && block.empty()) break;
    }
    nghttp2_hd_inflate_del(inflater);
    return sound;
}

}  // namespace telltale::extract::http2
