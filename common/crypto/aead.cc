#include "common/crypto/aead.h"

#include <array>
#include <limits>

#include "common/base/check.h"
#include "common/base/reason.h"
#include "common/crypto/openssl.h"

namespace teilhabe::crypto {
namespace {

using Cipher = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

constexpr std::size_t kMaxSize = std::numeric_limits<int>::max() - kAeadTagSize;

// A context with key, nonce (12 bytes is the default of GCM) and associated data taken in.
Cipher Start(const AeadKey& key, std::string_view nonce, std::string_view associated, bool seal) {
  static const EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  TEILHABE_CHECK(algorithm != nullptr && associated.size() <= kMaxSize);
  Cipher cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  TEILHABE_CHECK(cipher != nullptr && EVP_CipherInit_ex2(cipher.get(), algorithm, Bytes(key.bytes()), Bytes(nonce),
                                                         seal ? 1 : 0, nullptr) == 1);
  TEILHABE_CHECK(associated.empty() || EVP_CipherUpdate(cipher.get(), nullptr, &size, Bytes(associated),
                                                        static_cast<int>(associated.size())) == 1);
  return cipher;
}

// Encrypts or decrypts. An empty text is left out: OpenSSL reads a null input as the end.
void Run(const Cipher& cipher, std::string_view in, std::string& out) {
  int size = 0;
  if (in.empty()) return;
  TEILHABE_CHECK(EVP_CipherUpdate(cipher.get(), Bytes(out), &size, Bytes(in), static_cast<int>(in.size())) == 1 &&
                 static_cast<std::size_t>(size) == in.size());
}

absl::Status OpenFailed() {
  return ReasonError(absl::StatusCode::kDataLoss, "AEAD_OPEN_FAILED",
                     "the text was changed, or it was sealed with another key, nonce or place");
}

}  // namespace

absl::StatusOr<AeadKey> AeadKey::FromBytes(std::string_view bytes) {
  if (bytes.size() != kAeadKeySize) {
    return ReasonError(absl::StatusCode::kInvalidArgument, "AEAD_KEY_INVALID", "a key has 32 bytes");
  }
  return AeadKey(std::string(bytes));
}

AeadKey AeadKey::Generate(Rng& rng) { return AeadKey(rng.Bytes(kAeadKeySize)); }

AeadKey::~AeadKey() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

std::string Seal(const AeadKey& key, std::string_view nonce, std::string_view associated, std::string_view plain) {
  TEILHABE_CHECK(nonce.size() == kAeadNonceSize && plain.size() <= kMaxSize);
  const Cipher cipher = Start(key, nonce, associated, true);
  std::string sealed(plain.size() + kAeadTagSize, '\0');
  Run(cipher, plain, sealed);
  unsigned char* const tag = Bytes(sealed) + plain.size();
  int size = 0;
  TEILHABE_CHECK(EVP_CipherFinal_ex(cipher.get(), tag, &size) == 1 && size == 0);
  TEILHABE_CHECK(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, kAeadTagSize, tag) == 1);
  return sealed;
}

absl::StatusOr<std::string> Open(const AeadKey& key, std::string_view nonce, std::string_view associated,
                                 std::string_view sealed) {
  if (nonce.size() != kAeadNonceSize || sealed.size() < kAeadTagSize || sealed.size() > kMaxSize) return OpenFailed();
  const ErrorScope errors;
  const Cipher cipher = Start(key, nonce, associated, false);
  std::string tag(sealed.substr(sealed.size() - kAeadTagSize));
  sealed.remove_suffix(kAeadTagSize);
  std::string plain(sealed.size(), '\0');
  Run(cipher, sealed, plain);
  TEILHABE_CHECK(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, kAeadTagSize, tag.data()) == 1);
  std::array<unsigned char, kAeadTagSize> unused{};
  int size = 0;
  if (EVP_CipherFinal_ex(cipher.get(), unused.data(), &size) != 1) {
    OPENSSL_cleanse(plain.data(), plain.size());
    return OpenFailed();
  }
  return plain;
}

}  // namespace teilhabe::crypto
