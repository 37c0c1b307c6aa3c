// SPDX-License-Identifier: Apache-2.0
#include "exporters/prometheus/credentials.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <memory>
#include <utility>

namespace telltale::prometheus_http {
namespace {

constexpr std::string_view kScheme = "Basic ";
constexpr std::size_t kLongest = 512;  // of the encoded pair

// Returns "user:password", or nothing.
std::string decoded(std::string_view authorization) {
    if (!authorization.starts_with(kScheme) || authorization.size() > kLongest) return {};
    const std::string text(authorization.substr(kScheme.size()));
    if (text.empty() || text.size() % 4 != 0) return {};
    std::array<unsigned char, kLongest> bytes{};
    const int count = EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                      static_cast<int>(text.size()));
    if (count < 0) return {};
    std::string pair(bytes.begin(), bytes.begin() + count);
    for (std::size_t i = text.find('='); i < text.size() && !pair.empty(); ++i) pair.pop_back();  // the padding
    return pair;
}

std::string digest(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_sha256(), nullptr) != 1) return {};
    return {bytes.begin(), bytes.begin() + size};
}

bool same(std::string_view left, std::string_view right) {
    return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

bool matches(const std::string& password, const std::string& hash) {
    const auto room = std::make_unique<crypt_data>();
    const char* const made = crypt_r(password.c_str(), hash.c_str(), room.get());
    return made != nullptr && same(made, hash);
}

}  // namespace

Credentials::Credentials(Users users) : users_(std::move(users)) {}

Credentials::Verdict Credentials::check(std::string_view authorization) {
    const std::string pair = decoded(authorization);
    const std::size_t colon = pair.find(':');
    if (colon == std::string::npos) return Verdict::refused;
    const std::string user = pair.substr(0, colon);
    const std::string sum = digest(authorization);
    {
        const std::lock_guard lock(accepted_mutex_);
        const auto known = accepted_.find(user);
        if (known != accepted_.end() && !sum.empty() && same(known->second, sum)) return Verdict::accepted;
    }
    const std::unique_lock lock(hashing_, std::try_to_lock);
    if (!lock.owns_lock()) return Verdict::busy;
    // A user who is not known takes as long as one who is.
    const auto found = users_.find(user);
    const bool right = matches(pair.substr(colon + 1), (found != users_.end() ? found : users_.begin())->second);
    if (!right || found == users_.end()) return Verdict::refused;
    const std::lock_guard accepted(accepted_mutex_);
    accepted_[user] = sum;
    return Verdict::accepted;
}

bool is_bearer_of(const std::string& secret, std::string_view authorization) {
    constexpr std::string_view kBearer = "Bearer ";
    if (!authorization.starts_with(kBearer)) return false;
    const std::string given = digest(authorization.substr(kBearer.size()));
    return !given.empty() && same(given, digest(secret));
}

bool is_password_hash(const std::string& text) {
    const bool is_bcrypt = text.starts_with("$2a$") || text.starts_with("$2b$") || text.starts_with("$2y$");
    return is_bcrypt && text.size() == 60 && crypt_checksalt(text.c_str()) == CRYPT_SALT_OK;
}

}  // namespace telltale::prometheus_http
