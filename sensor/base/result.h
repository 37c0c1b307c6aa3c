// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace telltale::base {

// Why something could not be done, in one sentence for a person: what is wrong, where (file:line, option), and what to
// do. Only for a bad environment or configuration: bad traffic is a counted reason, a bug is an assertion.
struct Error {
    std::string text;
};

// A value, or the reason why there is no value. For start-up and control paths, never per packet.
template <typename T>
class [[nodiscard]] Result {
  public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    explicit operator bool() const { return state_.index() == 0; }
    T& value() { return assert(*this), std::get<0>(state_); }
    const T& value() const { return assert(*this), std::get<0>(state_); }
    T& operator*() { return value(); }
    const T& operator*() const { return value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    const Error& error() const { return assert(!*this), std::get<1>(state_); }

  private:
    std::variant<T, Error> state_;
};

// Success or the reason for failure.
struct Done {};
using Status = Result<Done>;

}  // namespace telltale::base
