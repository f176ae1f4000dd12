#include "common/crypto/key.h"

#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "common/base/check.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/crypto/openssl.h"

namespace teilhabe::crypto {
namespace {

// SubjectPublicKeyInfo of an uncompressed P-256 point (RFC 5480) up to the 64 bytes of its coordinates.
constexpr std::string_view kSpkiPrefix(
    "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00\x04", 27);
constexpr std::size_t kSpkiSize = 91;
constexpr std::size_t kSignatureMaxSize = 72;
constexpr std::size_t kKeyFileMaxSize = 16384;

absl::Status KeyMalformed() {
  return ReasonError(absl::StatusCode::kInvalidArgument, "KEY_MALFORMED",
                     "this is no key that can be read; keys are unencrypted PEM or DER");
}

absl::Status FileError(absl::StatusCode code, std::string_view reason, std::string_view message,
                       const std::string& path) {
  return ReasonError(code, reason, path + ": " + std::string(message));
}

// A file descriptor that closes itself.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool ok() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

bool WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

absl::StatusOr<PublicKey> PublicKey::FromSpki(std::string_view der) {
  const ErrorScope errors;
  if (der.size() > kKeyFileMaxSize) return KeyMalformed();
  const unsigned char* next = Bytes(der);
  std::shared_ptr<EVP_PKEY> handle(d2i_PUBKEY(nullptr, &next, static_cast<std::int64_t>(der.size())), EVP_PKEY_free);
  if (handle == nullptr || next != Bytes(der) + der.size()) return KeyMalformed();
  if (der.size() != kSpkiSize || der.substr(0, kSpkiPrefix.size()) != kSpkiPrefix) {
    return ReasonError(absl::StatusCode::kInvalidArgument, "KEY_NOT_P256",
                       "use an ECDSA key on P-256 (named curve, uncompressed point)");
  }
  return PublicKey(std::string(der), std::move(handle));
}

absl::StatusOr<PublicKey> PublicKey::FromPem(std::string_view pem) {
  const ErrorScope errors;
  if (pem.size() > kKeyFileMaxSize) return KeyMalformed();
  const Handle<EVP_PKEY, EVP_PKEY_free> key(PEM_read_bio_PUBKEY(ReadBio(pem).get(), nullptr, NoPassphrase, nullptr));
  if (key == nullptr) return KeyMalformed();
  return FromSpki(Der<EVP_PKEY>(i2d_PUBKEY, key.get()));
}

PublicKey PublicKey::Simulated(std::string bytes) { return {std::move(bytes), nullptr}; }

std::string PublicKey::Pem() const {
  TEILHABE_CHECK(handle_ != nullptr);
  const BioHandle bio = WriteBio();
  TEILHABE_CHECK(PEM_write_bio_PUBKEY(bio.get(), handle_.get()) == 1);
  return Text(bio);
}

PrivateKey PrivateKey::Generate() {
  std::shared_ptr<EVP_PKEY> handle(EVP_EC_gen("P-256"), EVP_PKEY_free);
  TEILHABE_CHECK(handle != nullptr);
  PublicKey public_key = *PublicKey::FromSpki(Der<EVP_PKEY>(i2d_PUBKEY, handle.get()));
  return {std::move(handle), std::move(public_key)};
}

absl::StatusOr<PrivateKey> PrivateKey::FromPem(std::string_view pem) {
  const ErrorScope errors;
  if (pem.size() > kKeyFileMaxSize) return KeyMalformed();
  std::shared_ptr<EVP_PKEY> handle(PEM_read_bio_PrivateKey(ReadBio(pem).get(), nullptr, NoPassphrase, nullptr),
                                   EVP_PKEY_free);
  if (handle == nullptr) return KeyMalformed();
  TEILHABE_ASSIGN_OR_RETURN(PublicKey public_key, PublicKey::FromSpki(Der<EVP_PKEY>(i2d_PUBKEY, handle.get())));
  const Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free> check(EVP_PKEY_CTX_new_from_pkey(nullptr, handle.get(), nullptr));
  if (check == nullptr || EVP_PKEY_check(check.get()) != 1) return KeyMalformed();
  return PrivateKey(std::move(handle), std::move(public_key));
}

absl::StatusOr<PrivateKey> PrivateKey::ReadFile(const std::string& path) {
  // Mode and bytes of one open file: the name may point elsewhere a moment later. O_NONBLOCK: a pipe must not hang us.
  const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info {};
  if (!file.ok() || fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return FileError(absl::StatusCode::kNotFound, "KEY_FILE_UNREADABLE", "no file that can be read", path);
  }
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return FileError(absl::StatusCode::kFailedPrecondition, "KEY_FILE_OPEN_TO_OTHERS",
                     "group or others may use this private key; set mode 0600 and consider a new key", path);
  }
  std::string pem(kKeyFileMaxSize + 1, '\0');
  std::size_t size = 0;
  ssize_t got = 0;
  while (size < pem.size() && (got = read(file.get(), pem.data() + size, pem.size() - size)) > 0) {
    size += static_cast<std::size_t>(got);
  }
  absl::StatusOr<PrivateKey> key = got < 0 ? KeyMalformed() : FromPem(std::string_view(pem).substr(0, size));
  OPENSSL_cleanse(pem.data(), pem.size());
  return key;
}

std::string PrivateKey::Pem() const {
  const BioHandle bio = WriteBio();
  TEILHABE_CHECK(PEM_write_bio_PKCS8PrivateKey(bio.get(), handle_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return Text(bio);
}

absl::Status PrivateKey::WriteFile(const std::string& path) const {
  const File file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file.ok() && errno == EEXIST) {
    return FileError(absl::StatusCode::kAlreadyExists, "KEY_FILE_EXISTS",
                     "there is a key already; move it away if it is not needed", path);
  }
  std::string pem = Pem();
  bool written = file.ok() && WriteAll(file.get(), pem) && fsync(file.get()) == 0;
  OPENSSL_cleanse(pem.data(), pem.size());
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const File directory(open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  written = written && directory.ok() && fsync(directory.get()) == 0;
  if (written) return absl::OkStatus();
  if (file.ok()) unlink(path.c_str());
  return FileError(absl::StatusCode::kUnavailable, "KEY_FILE_UNWRITABLE", "the key could not be written", path);
}

absl::StatusOr<std::string> EcdsaSigner::Sign(std::string_view domain, std::string_view bytes) const {
  const ErrorScope errors;
  const Digest digest = DigestToSign(domain, bytes);
  const Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.handle(), nullptr));
  std::string signature(kSignatureMaxSize, '\0');
  std::size_t size = signature.size();
  if (context == nullptr || EVP_PKEY_sign_init(context.get()) != 1 ||
      EVP_PKEY_sign(context.get(), Bytes(signature), &size, Bytes(digest.bytes()), Digest::kSize) != 1) {
    return ReasonError(absl::StatusCode::kUnavailable, "SIGNING_FAILED", "the key could not sign");
  }
  signature.resize(size);
  return signature;
}

absl::Status EcdsaVerifier::Verify(const PublicKey& key, Algorithm algorithm, std::string_view domain,
                                   std::string_view bytes, std::string_view signature) const {
  if (algorithm != Algorithm::kEcdsaP256Sha256 || key.handle() == nullptr) return SignatureAlgorithmError();
  const ErrorScope errors;
  const Digest digest = DigestToSign(domain, bytes);
  const Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.handle(), nullptr));
  // Only 1 is yes: a malformed signature gives a negative value. OpenSSL takes no DER but the canonical one.
  if (signature.size() > kSignatureMaxSize || context == nullptr || EVP_PKEY_verify_init(context.get()) != 1 ||
      EVP_PKEY_verify(context.get(), Bytes(signature), signature.size(), Bytes(digest.bytes()), Digest::kSize) != 1) {
    return SignatureInvalidError();
  }
  return absl::OkStatus();
}

Digest DigestToSign(std::string_view domain, std::string_view bytes) { return Hasher(domain).Raw(bytes).Finish(); }

absl::Status SignatureAlgorithmError() {
  return ReasonError(absl::StatusCode::kInvalidArgument, "SIGNATURE_ALGORITHM",
                     "this network and this key do not take the signature's algorithm");
}

absl::Status SignatureInvalidError() {
  return ReasonError(absl::StatusCode::kInvalidArgument, "SIGNATURE_INVALID",
                     "the signature is not this key's over these bytes");
}

}  // namespace teilhabe::crypto
