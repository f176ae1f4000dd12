#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/crypto/random.h"

namespace teilhabe::crypto {

inline constexpr std::size_t kAeadKeySize = 32;
inline constexpr std::size_t kAeadNonceSize = 12;
inline constexpr std::size_t kAeadTagSize = 16;

// A key for AES-256-GCM; its memory is zeroed when it goes.
class AeadKey {
 public:
  // Errors: kInvalidArgument, AEAD_KEY_INVALID unless `bytes` are exactly 32.
  static absl::StatusOr<AeadKey> FromBytes(std::string_view bytes);
  static AeadKey Generate(Rng& rng);

  AeadKey(const AeadKey&) = default;
  AeadKey& operator=(const AeadKey&) = default;
  ~AeadKey();

  // Secret: for wrapping under another key, never for a log.
  std::string_view bytes() const { return bytes_; }

 private:
  explicit AeadKey(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string bytes_;
};

// Encrypts and authenticates `plain`, and authenticates `associated` (what the text belongs to: its row, its table),
// which is not stored within. Returns ciphertext ‖ 16 bytes of tag.
// `nonce`: 12 bytes from an Rng, stored beside the result, never twice under one key (else both the plain texts and the
// key's authentication are lost); with random ones at most 2^32 texts a key. Another size ends the process.
std::string Seal(const AeadKey& key, std::string_view nonce, std::string_view associated, std::string_view plain);

// Undoes Seal. Whatever is wrong (key, nonce, associated, any bit or the size of the text), the answer is the same.
// Errors: kDataLoss, AEAD_OPEN_FAILED.
absl::StatusOr<std::string> Open(const AeadKey& key, std::string_view nonce, std::string_view associated,
                                 std::string_view sealed);

}  // namespace teilhabe::crypto
