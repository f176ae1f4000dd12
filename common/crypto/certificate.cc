#include "common/crypto/certificate.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <optional>
#include <utility>

#include "common/base/check.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/crypto/openssl.h"

namespace teilhabe::crypto {
namespace {

using NamesHandle = Handle<GENERAL_NAMES, GENERAL_NAMES_free>;

constexpr std::size_t kDerMaxSize = 65536;
constexpr std::size_t kPemMaxSize = 1048576;
constexpr std::size_t kSerialSize = 16;
constexpr int kAuthLevel128Bits = 3;

absl::Status Malformed() {
  return ReasonError(absl::StatusCode::kInvalidArgument, "CERTIFICATE_MALFORMED", "this is no certificate");
}

absl::Status RequestError(std::string_view field, std::string_view message) {
  return FieldError(absl::StatusCode::kInvalidArgument, "CERTIFICATE_REQUEST_INVALID", field, message);
}

bool IsUri(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

// Absent: no time that can be read.
std::optional<absl::Time> ReadTime(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return absl::FromTM(parts, absl::UTCTimeZone());
}

// Absent: a name that is no plain text, or the extension twice.
std::optional<std::vector<std::string>> ReadUris(const X509* certificate) {
  std::vector<std::string> uris;
  int critical = 0;
  const NamesHandle names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, &critical, nullptr)));
  // -1: there is none; -2: there are several; else one that cannot be read.
  if (names == nullptr) return critical == -1 ? std::make_optional(uris) : std::nullopt;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    const ASN1_IA5STRING* const uri = name->d.uniformResourceIdentifier;
    uris.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                      static_cast<std::size_t>(ASN1_STRING_length(uri)));
    if (!IsUri(uris.back())) return std::nullopt;
  }
  return uris;
}

bool AddExtension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Handle<X509_EXTENSION, X509_EXTENSION_free> extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

// Built by hand: in OpenSSL's text form a comma in a URI would start a further name.
bool AddUris(X509* certificate, std::span<const std::string> uris) {
  const NamesHandle names(GENERAL_NAMES_new());
  for (const std::string& uri : uris) {
    GENERAL_NAME* const name = GENERAL_NAME_new();
    ASN1_IA5STRING* const text = ASN1_IA5STRING_new();
    TEILHABE_CHECK(name != nullptr && text != nullptr &&
                   ASN1_STRING_set(text, uri.data(), static_cast<int>(uri.size())) == 1);
    GENERAL_NAME_set0_value(name, GEN_URI, text);
    TEILHABE_CHECK(sk_GENERAL_NAME_push(names.get(), name) > 0);
  }
  return X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

// The parts that a CA and an end entity share. Afterwards only extensions and signature are missing.
absl::StatusOr<std::shared_ptr<X509>> Draft(const PublicKey& subject, std::string_view common_name,
                                            const Validity& validity, Rng& rng) {
  if (subject.handle() == nullptr) return RequestError("subject", "a simulated key has no certificate");
  if (validity.not_after <= validity.not_before) return RequestError("validity", "it ends before it starts");
  std::shared_ptr<X509> draft(X509_new(), X509_free);
  TEILHABE_CHECK(draft != nullptr && X509_set_version(draft.get(), X509_VERSION_3) == 1 &&
                 X509_set_pubkey(draft.get(), subject.handle()) == 1);
  std::string serial = rng.Bytes(kSerialSize);
  serial[0] = static_cast<char>(serial[0] & 0x7f);  // RFC 5280: positive.
  const Handle<BIGNUM, BN_free> number(BN_bin2bn(Bytes(serial), kSerialSize, nullptr));
  TEILHABE_CHECK(number != nullptr && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(draft.get())) != nullptr);
  if (ASN1_TIME_set(X509_getm_notBefore(draft.get()), absl::ToTimeT(validity.not_before)) == nullptr ||
      ASN1_TIME_set(X509_getm_notAfter(draft.get()), absl::ToTimeT(validity.not_after)) == nullptr) {
    return RequestError("validity", "a certificate's years have four digits");
  }
  if (common_name.size() > kDerMaxSize ||
      X509_NAME_add_entry_by_NID(X509_get_subject_name(draft.get()), NID_commonName, MBSTRING_UTF8, Bytes(common_name),
                                 static_cast<int>(common_name.size()), -1, 0) != 1) {
    return RequestError("common_name", "it has 1 to 64 characters in UTF-8");
  }
  return draft;
}

}  // namespace

absl::StatusOr<Certificate> Certificate::FromDer(std::string_view der) {
  const ErrorScope errors;
  if (der.size() > kDerMaxSize) return Malformed();
  const unsigned char* next = Bytes(der);
  std::shared_ptr<X509> handle(d2i_X509(nullptr, &next, static_cast<std::int64_t>(der.size())), X509_free);
  // Written again as read: a certificate in any encoding but DER would have two fingerprints.
  if (handle == nullptr || crypto::Der<X509>(i2d_X509, handle.get()) != der) return Malformed();
  const X509* const x509 = handle.get();
  absl::StatusOr<PublicKey> public_key = PublicKey::FromSpki(crypto::Der(i2d_X509_PUBKEY, X509_get_X509_PUBKEY(x509)));
  if (!public_key.ok()) {
    return ReasonError(absl::StatusCode::kInvalidArgument, "CERTIFICATE_NOT_P256",
                       "the certificate's key is not ECDSA P-256 (named curve, uncompressed point)");
  }
  const std::optional<absl::Time> not_before = ReadTime(X509_get0_notBefore(x509));
  const std::optional<absl::Time> not_after = ReadTime(X509_get0_notAfter(x509));
  std::optional<std::vector<std::string>> uris = ReadUris(x509);
  if (!not_before || !not_after || !uris) return Malformed();
  Certificate certificate(std::move(handle), *std::move(public_key));
  certificate.uris_ = *std::move(uris);
  certificate.not_before_ = *not_before;
  certificate.not_after_ = *not_after;
  certificate.fingerprint_ = Sha256(der);
  certificate.subject_fingerprint_ = Sha256(crypto::Der<X509_NAME>(i2d_X509_NAME, X509_get_subject_name(x509)));
  certificate.issuer_fingerprint_ = Sha256(crypto::Der<X509_NAME>(i2d_X509_NAME, X509_get_issuer_name(x509)));
  return certificate;
}

absl::StatusOr<Certificate> Certificate::FromPem(std::string_view pem) {
  TEILHABE_ASSIGN_OR_RETURN(std::vector<Certificate> list, ListFromPem(pem));
  if (list.size() != 1) return Malformed();
  return std::move(list[0]);
}

absl::StatusOr<std::vector<Certificate>> Certificate::ListFromPem(std::string_view pem) {
  const ErrorScope errors;
  if (pem.size() > kPemMaxSize) return Malformed();
  const BioHandle bio = ReadBio(pem);
  std::vector<Certificate> list;
  while (X509* const next = PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr)) {
    const Handle<X509, X509_free> handle(next);
    TEILHABE_ASSIGN_OR_RETURN(Certificate certificate, FromDer(crypto::Der<X509>(i2d_X509, handle.get())));
    list.push_back(std::move(certificate));
  }
  // The end of the text is the one good reason to stop.
  if (list.empty() || ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) return Malformed();
  return list;
}

std::string Certificate::Der() const { return crypto::Der<X509>(i2d_X509, handle_.get()); }

std::string Certificate::Pem() const {
  const BioHandle bio = WriteBio();
  TEILHABE_CHECK(PEM_write_bio_X509(bio.get(), handle_.get()) == 1);
  return Text(bio);
}

absl::Status VerifyChain(const Certificate& leaf, std::span<const Certificate> intermediates,
                         std::span<const Certificate> cas, absl::Time at, Purpose purpose) {
  const ErrorScope errors;
  const Handle<X509_STORE, X509_STORE_free> store(X509_STORE_new());
  const Handle<X509_STORE_CTX, X509_STORE_CTX_free> context(X509_STORE_CTX_new());
  // Holds no references of its own: `intermediates` outlives it.
  const Handle<STACK_OF(X509), [](STACK_OF(X509) * stack) { sk_X509_free(stack); }> untrusted(sk_X509_new_null());
  TEILHABE_CHECK(store != nullptr && context != nullptr && untrusted != nullptr);
  for (const Certificate& ca : cas) TEILHABE_CHECK(X509_STORE_add_cert(store.get(), ca.handle()) == 1);
  for (const Certificate& one : intermediates) TEILHABE_CHECK(sk_X509_push(untrusted.get(), one.handle()) > 0);
  TEILHABE_CHECK(X509_STORE_CTX_init(context.get(), store.get(), leaf.handle(), untrusted.get()) == 1);
  X509_VERIFY_PARAM* const how = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(how, absl::ToTimeT(at));
  X509_VERIFY_PARAM_set_auth_level(how, kAuthLevel128Bits);
  TEILHABE_CHECK(X509_VERIFY_PARAM_set_flags(how, X509_V_FLAG_X509_STRICT) == 1 &&
                 X509_VERIFY_PARAM_set_purpose(
                     how, purpose == Purpose::kClient ? X509_PURPOSE_SSL_CLIENT : X509_PURPOSE_SSL_SERVER) == 1);
  if (X509_verify_cert(context.get()) == 1) return absl::OkStatus();
  const int error = X509_STORE_CTX_get_error(context.get());
  const char* const text = X509_verify_cert_error_string(error);
  switch (error) {
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return ReasonError(absl::StatusCode::kUnauthenticated, "CERTIFICATE_NOT_YET_VALID", text);
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return ReasonError(absl::StatusCode::kUnauthenticated, "CERTIFICATE_EXPIRED", text);
    default:
      return ReasonError(absl::StatusCode::kUnauthenticated, "CERTIFICATE_UNTRUSTED", text);
  }
}

absl::StatusOr<Certificate> MakeCa(const PrivateKey& key, std::string_view common_name, const Validity& validity,
                                   Rng& rng) {
  const ErrorScope errors;
  TEILHABE_ASSIGN_OR_RETURN(std::shared_ptr<X509> draft, Draft(key.public_key(), common_name, validity, rng));
  X509* const x509 = draft.get();
  TEILHABE_CHECK(X509_set_issuer_name(x509, X509_get_subject_name(x509)) == 1 &&
                 AddExtension(x509, x509, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                 AddExtension(x509, x509, NID_key_usage, "critical,keyCertSign,cRLSign") &&
                 AddExtension(x509, x509, NID_subject_key_identifier, "hash") &&
                 AddExtension(x509, x509, NID_authority_key_identifier, "keyid:always") &&
                 X509_sign(x509, key.handle(), EVP_sha256()) > 0);
  return Certificate::FromDer(Der<X509>(i2d_X509, x509));
}

absl::StatusOr<Certificate> IssueCertificate(const Certificate& ca, const PrivateKey& ca_key, const PublicKey& subject,
                                             std::string_view common_name, std::span<const std::string> uris,
                                             const Validity& validity, Rng& rng) {
  const ErrorScope errors;
  if (!(ca.public_key() == ca_key.public_key())) return RequestError("ca_key", "it is not the key of this CA");
  if (uris.empty() || !std::all_of(uris.begin(), uris.end(), IsUri)) {
    return RequestError("uris", "name at least one URI, in printable ASCII without blanks");
  }
  TEILHABE_ASSIGN_OR_RETURN(std::shared_ptr<X509> draft, Draft(subject, common_name, validity, rng));
  X509* const x509 = draft.get();
  TEILHABE_CHECK(X509_set_issuer_name(x509, X509_get_subject_name(ca.handle())) == 1 && AddUris(x509, uris) &&
                 AddExtension(x509, ca.handle(), NID_basic_constraints, "critical,CA:FALSE") &&
                 AddExtension(x509, ca.handle(), NID_key_usage, "critical,digitalSignature") &&
                 AddExtension(x509, ca.handle(), NID_ext_key_usage, "clientAuth,serverAuth") &&
                 AddExtension(x509, ca.handle(), NID_subject_key_identifier, "hash") &&
                 AddExtension(x509, ca.handle(), NID_authority_key_identifier, "keyid:always") &&
                 X509_sign(x509, ca_key.handle(), EVP_sha256()) > 0);
  return Certificate::FromDer(Der<X509>(i2d_X509, x509));
}

}  // namespace teilhabe::crypto
