#pragma once

#include <openssl/types.h>

#include <array>
#include <compare>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

namespace teilhabe::crypto {

// The 32 bytes of a SHA-256 value. Bytes pass our interfaces as std::string_view; they are not text.
class Digest {
 public:
  static constexpr std::size_t kSize = 32;

  // 32 zero bytes: the previous hash of a first event, never the digest of anything.
  constexpr Digest() = default;

  // Errors: kInvalidArgument, DIGEST_INVALID unless `bytes` are exactly 32.
  static absl::StatusOr<Digest> FromBytes(std::string_view bytes);
  // Reads 64 lower-case hex digits. One digest has one spelling, so that texts compare like digests.
  // Errors: kInvalidArgument, DIGEST_INVALID.
  static absl::StatusOr<Digest> FromHex(std::string_view hex);

  std::string_view bytes() const { return {reinterpret_cast<const char*>(bytes_.data()), kSize}; }
  std::string Hex() const;

  // Ordered as unsigned bytes. Not constant-time: for secrets see ConstantTimeEqual.
  friend constexpr auto operator<=>(const Digest&, const Digest&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Digest& digest) {
    return H::combine(std::move(h), digest.bytes_);
  }

 private:
  std::array<std::uint8_t, kSize> bytes_{};
};

// SHA-256 of the parts one after the other, without a domain tag: for formats that others define (RFC 6962, the
// fingerprint of a certificate, a key id). Everything of our own uses Hasher.
Digest Sha256(std::initializer_list<std::string_view> parts);
inline Digest Sha256(std::string_view bytes) { return Sha256({bytes}); }

// The domain tag that starts every digest of our own: "teilhabe/<name>/v1\0". `name` is a constant of the program:
// 1 or more of a-z 0-9 - / (anything else ends the process), so that no tag is the start of another.
std::string DomainTag(std::string_view name);

// SHA-256 under a domain tag, fed piece by piece. Two different sequences of Field and Number never give the same
// input as long as the sequence of calls is the same for one name; Raw is for the last piece or one of fixed size.
class Hasher {
 public:
  explicit Hasher(std::string_view name);

  // The bytes alone.
  Hasher& Raw(std::string_view bytes);
  // Their length as uint32 big endian, then the bytes. More than 4 GiB ends the process.
  Hasher& Field(std::string_view bytes);
  // 8 bytes big endian.
  Hasher& Number(std::uint64_t value);
  // Once, as the last call.
  Digest Finish();

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const;
  };
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

// 4 or 8 bytes, the highest first.
std::string BigEndian32(std::uint32_t value);
std::string BigEndian64(std::uint64_t value);

// The size of a section's salt.
inline constexpr std::size_t kSaltSize = 32;

// Digest of a dossier's section: SHA-256("teilhabe/section/v1\0" ‖ salt ‖ uint32 len(name) ‖ name ‖ payload). The salt
// keeps the digest of an absent section from being guessed.
// Errors: kInvalidArgument, SALT_INVALID unless `salt` has 32 bytes (another size would let fields run together).
absl::StatusOr<Digest> SectionDigest(std::string_view salt, std::string_view name, std::string_view payload);

// HMAC-SHA-256 (RFC 2104). An empty key ends the process: it would authenticate everybody.
Digest HmacSha256(std::string_view key, std::string_view bytes);
// Whether `mac` is the HMAC-SHA-256 of the bytes, in a time that does not tell where it differs.
bool VerifyHmacSha256(std::string_view key, std::string_view bytes, std::string_view mac);

// Compares in a time that depends on the sizes only.
bool ConstantTimeEqual(std::string_view a, std::string_view b);

}  // namespace teilhabe::crypto
