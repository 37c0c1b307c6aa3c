// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/tuya/announcement_opener.h"

#include <openssl/evp.h>

#include <algorithm>
#include <new>

namespace telltale::extract::tuya {
namespace {

using base::Bytes;

// The MD5 digest of "yGAdlopoPVldABfn", which every app of the platform holds (tinytuya's description).
constexpr std::uint8_t kKey[] = {0x6c, 0x1e, 0xc8, 0xe2, 0xbb, 0x9b, 0xb5, 0x9a,
                                 0xb5, 0x0b, 0x0d, 0xaf, 0x64, 0x9b, 0x41, 0x0a};

}  // namespace

void AnnouncementOpener::Free::operator()(evp_cipher_ctx_st* context) const { EVP_CIPHER_CTX_free(context); }

AnnouncementOpener::AnnouncementOpener() : blocks_(EVP_CIPHER_CTX_new()), sealed_(EVP_CIPHER_CTX_new()) {
    if (!blocks_ || !sealed_ || EVP_DecryptInit_ex(blocks_.get(), EVP_aes_128_ecb(), nullptr, kKey, nullptr) != 1 ||
        EVP_CIPHER_CTX_set_padding(blocks_.get(), 0) != 1 ||
        EVP_DecryptInit_ex(sealed_.get(), EVP_aes_128_gcm(), nullptr, nullptr, nullptr) != 1) {
        throw std::bad_alloc();
    }
}
AnnouncementOpener::~AnnouncementOpener() = default;

Bytes AnnouncementOpener::open_blocks(Bytes sealed) {
    const std::size_t whole = std::min(sealed.size(), kMaxBytes) / kBlockBytes * kBlockBytes;
    int size = 0;
    if (whole == 0 || EVP_DecryptInit_ex(blocks_.get(), nullptr, nullptr, kKey, nullptr) != 1 ||
        EVP_DecryptUpdate(blocks_.get(), opened_.data(), &size, sealed.data(), static_cast<int>(whole)) != 1) {
        return {};
    }
    return Bytes(opened_).first(static_cast<std::size_t>(size));
}

Bytes AnnouncementOpener::open_sealed(Bytes header, Bytes nonce, Bytes sealed, Bytes tag) {
    if (nonce.size() != kNonceBytes || tag.size() != kTagBytes || sealed.size() > kMaxBytes) return {};
    std::array<std::uint8_t, kTagBytes> expected;
    std::copy(tag.begin(), tag.end(), expected.begin());
    EVP_CIPHER_CTX* const context = sealed_.get();
    int size = 0, rest = 0;
    if (EVP_DecryptInit_ex(context, nullptr, nullptr, kKey, nonce.data()) != 1 ||
        EVP_DecryptUpdate(context, nullptr, &size, header.data(), static_cast<int>(header.size())) != 1 ||
        EVP_DecryptUpdate(context, opened_.data(), &size, sealed.data(), static_cast<int>(sealed.size())) != 1 ||
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagBytes, expected.data()) != 1 ||
        EVP_DecryptFinal_ex(context, opened_.data() + size, &rest) != 1) {
        return {};
    }
    return Bytes(opened_).first(static_cast<std::size_t>(size));
}

}  // namespace telltale::extract::tuya
