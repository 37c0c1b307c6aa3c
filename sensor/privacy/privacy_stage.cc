// SPDX-License-Identifier: Apache-2.0
#include "sensor/privacy/privacy_stage.h"

namespace telltale::privacy {
namespace {

// Mode identity leaves every part as it came. A new part of an event needs its line here: whether it says something
// about people has to be decided.
struct Unchanged {
    void operator()(const model::SharedPart<model::DeviceView>&) const {}
    void operator()(const model::SharedPart<model::DestinationView>&) const {}
    void operator()(const model::SharedPart<model::FlowView>&) const {}
    void operator()(const model::SharedPart<model::Transfer>&) const {}
    void operator()(const model::SharedPart<model::Alert>&) const {}
    void operator()(const model::SharedPart<model::Leak>&) const {}
    void operator()(const model::SharedPart<model::Health>&) const {}
    void operator()(const model::SharedPart<model::ConfigChange>&) const {}
};

}  // namespace

void PrivacyStage::operator()(model::Event& event) {
    ++events_;
    // A mode that is added without a case here does not compile: no event may leave half treated.
    switch (mode_) {
        case Mode::identity: for_each_part(event, Unchanged{}); break;
    }
}

}  // namespace telltale::privacy
