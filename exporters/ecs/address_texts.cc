// SPDX-License-Identifier: Apache-2.0
#include "exporters/ecs/address_texts.h"

#include <cstring>

namespace telltale::ecs {

char* AddressTexts::put(const model::IpAddress& address, char* at) {
    if (address.is_v4()) return model::put_text(address, at);
    const auto [high, low] = address.halves();
    Slot& slot = slots_[((high ^ low) * 0x9e3779b97f4a7c15) >> (64 - kSlotBits)];
    if (slot.address != address || slot.size == 0) {
        slot.address = address;
        slot.size = static_cast<std::uint8_t>(model::put_text(address, slot.text.data()) - slot.text.data());
    }
    std::memcpy(at, slot.text.data(), kRoom);
    return at + slot.size;
}

}  // namespace telltale::ecs
