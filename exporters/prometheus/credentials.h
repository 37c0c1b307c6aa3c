// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace telltale::prometheus_http {

// Users and the bcrypt hashes of their passwords ("$2y$...").
using Users = std::map<std::string, std::string, std::less<>>;

// Checks HTTP's basic authentication (RFC 7617). Any number of threads. bcrypt is slow on purpose: one password is
// hashed at a time, and the last accepted one of each user is remembered by its SHA-256, so that a guesser delays
// nobody.
class Credentials {
  public:
    enum class Verdict : std::uint8_t { accepted, refused, busy };

    explicit Credentials(Users users);

    [[nodiscard]] bool empty() const { return users_.empty(); }
    // `authorization` is the header's value.
    Verdict check(std::string_view authorization);

  private:
    Users users_;
    std::mutex hashing_;
    std::mutex accepted_mutex_;
    std::map<std::string, std::string, std::less<>> accepted_;  // user to SHA-256 of the header
};

// Returns whether the header's value is "Bearer" and this secret (RFC 6750). Takes as long for any guess.
bool is_bearer_of(const std::string& secret, std::string_view authorization);

// Returns whether it is a hash that this system can check.
bool is_password_hash(const std::string& text);

}  // namespace telltale::prometheus_http
