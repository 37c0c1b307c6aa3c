// SPDX-License-Identifier: Apache-2.0
#include "sensor/privacy/privacy_stage.h"

#include <utility>

namespace telltale::privacy {

model::Event PrivacyStage::operator()(model::Event&& event) {
    ++events_;
    // A mode that is added without a case here does not compile: no event may leave half treated.
    switch (mode_) {
        case Mode::identity: break;
    }
    return std::move(event);
}

}  // namespace telltale::privacy
