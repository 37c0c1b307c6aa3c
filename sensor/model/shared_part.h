// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

namespace telltale::model {

// A part of a value, or none. Copies share it until one of them is edited, so that a large part that stays the same
// from one value to the next costs a reference count. Copies may be on several threads; each copy belongs to one.
template <typename T>
class SharedPart {
  public:
    SharedPart() = default;
    SharedPart(T part) : part_(std::make_shared<T>(std::move(part))) {}

    [[nodiscard]] bool has_value() const { return part_ != nullptr; }
    explicit operator bool() const { return has_value(); }
    const T& operator*() const { return *part_; }
    const T* operator->() const { return part_.get(); }

    // The part for changing, of this copy alone; made if it has no value.
    T& edit() {
        if (part_ == nullptr) {
            part_ = std::make_shared<T>();
        } else if (part_.use_count() != 1) {
            part_ = std::make_shared<T>(*part_);
        }
        return *part_;
    }
    void reset() { part_.reset(); }

  private:
    std::shared_ptr<T> part_;
};

}  // namespace telltale::model
