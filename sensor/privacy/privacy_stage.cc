// SPDX-License-Identifier: Apache-2.0
#include "sensor/privacy/privacy_stage.h"

namespace telltale::privacy {

void PrivacyStage::operator()(model::Event& event) {
    ++events_;
    // A mode that is added without a case here does not compile: no event may leave half treated.
    switch (mode_) {
        case Mode::identity: static_cast<void>(event); break;
    }
}

}  // namespace telltale::privacy
