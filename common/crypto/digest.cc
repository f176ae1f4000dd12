#include "common/crypto/digest.h"

#include <algorithm>
#include <limits>

#include "absl/strings/escaping.h"
#include "common/base/check.h"
#include "common/base/reason.h"
#include "common/base/strings.h"
#include "common/crypto/openssl.h"

namespace teilhabe::crypto {
namespace {

// Fetched once: an implicit fetch for each hash costs more than hashing an event.
const EVP_MD* Sha256Algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  TEILHABE_CHECK(algorithm != nullptr);
  return algorithm;
}

void Start(EVP_MD_CTX* context) {
  TEILHABE_CHECK(context != nullptr && EVP_DigestInit_ex2(context, Sha256Algorithm(), nullptr) == 1);
}

void Update(EVP_MD_CTX* context, std::string_view bytes) {
  TEILHABE_CHECK(EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1);
}

Digest Final(EVP_MD_CTX* context) {
  std::string out(Digest::kSize, '\0');
  TEILHABE_CHECK(EVP_DigestFinal_ex(context, Bytes(out), nullptr) == 1);
  return *Digest::FromBytes(out);
}

std::string BigEndian(std::uint64_t value, int size) {
  std::string out;
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>((value >> shift) & 0xff));
  return out;
}

// -1: not a lower-case hex digit.
int HexValue(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  return -1;
}

}  // namespace

absl::StatusOr<Digest> Digest::FromBytes(std::string_view bytes) {
  if (bytes.size() != kSize) {
    return ReasonError(absl::StatusCode::kInvalidArgument, "DIGEST_INVALID", "a digest has 32 bytes");
  }
  Digest digest;
  std::copy_n(Bytes(bytes), kSize, digest.bytes_.begin());
  return digest;
}

absl::StatusOr<Digest> Digest::FromHex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; hex.size() == 2 * kSize && i < hex.size(); i += 2) {
    const int high = HexValue(hex[i]);
    const int low = HexValue(hex[i + 1]);
    if (high < 0 || low < 0) break;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  if (bytes.size() != kSize) {
    return ReasonError(absl::StatusCode::kInvalidArgument, "DIGEST_INVALID",
                       "a digest is written as 64 lower-case hex digits");
  }
  return FromBytes(bytes);
}

std::string Digest::Hex() const { return absl::BytesToHexString(ToAbsl(bytes())); }

Digest Sha256(std::initializer_list<std::string_view> parts) {
  const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  Start(context.get());
  for (const std::string_view part : parts) Update(context.get(), part);
  return Final(context.get());
}

std::string DomainTag(std::string_view name) {
  TEILHABE_CHECK(!name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '/';
  }));
  std::string tag = "teilhabe/";
  tag.append(name).append("/v1").push_back('\0');
  return tag;
}

void Hasher::Free::operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }

Hasher::Hasher(std::string_view name) : context_(EVP_MD_CTX_new()) {
  Start(context_.get());
  Update(context_.get(), DomainTag(name));
}

Hasher& Hasher::Raw(std::string_view bytes) {
  TEILHABE_CHECK(context_ != nullptr);
  Update(context_.get(), bytes);
  return *this;
}

Hasher& Hasher::Field(std::string_view bytes) {
  TEILHABE_CHECK(bytes.size() <= std::numeric_limits<std::uint32_t>::max());
  return Raw(BigEndian32(static_cast<std::uint32_t>(bytes.size()))).Raw(bytes);
}

Hasher& Hasher::Number(std::uint64_t value) { return Raw(BigEndian64(value)); }

Digest Hasher::Finish() {
  TEILHABE_CHECK(context_ != nullptr);
  const Digest digest = Final(context_.get());
  context_.reset();
  return digest;
}

std::string BigEndian32(std::uint32_t value) { return BigEndian(value, 4); }

std::string BigEndian64(std::uint64_t value) { return BigEndian(value, 8); }

absl::StatusOr<Digest> SectionDigest(std::string_view salt, std::string_view name, std::string_view payload) {
  if (salt.size() != kSaltSize) {
    return ReasonError(absl::StatusCode::kInvalidArgument, "SALT_INVALID", "a section's salt has 32 bytes");
  }
  return Hasher("section").Raw(salt).Field(name).Raw(payload).Finish();
}

Digest HmacSha256(std::string_view key, std::string_view bytes) {
  TEILHABE_CHECK(!key.empty());
  std::string out(Digest::kSize, '\0');
  std::size_t size = 0;
  TEILHABE_CHECK(EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, key.data(), key.size(), Bytes(bytes),
                           bytes.size(), Bytes(out), out.size(), &size) != nullptr);
  return *Digest::FromBytes(std::string_view(out).substr(0, size));
}

bool VerifyHmacSha256(std::string_view key, std::string_view bytes, std::string_view mac) {
  return ConstantTimeEqual(HmacSha256(key, bytes).bytes(), mac);
}

bool ConstantTimeEqual(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace teilhabe::crypto
