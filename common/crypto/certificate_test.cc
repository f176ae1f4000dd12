#include "common/crypto/certificate.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <string>
#include <utility>
#include <vector>

#include "common/base/reason.h"
#include "common/crypto/openssl.h"
#include "gtest/gtest.h"

namespace teilhabe::crypto {
namespace {

// Made with `openssl req -x509`; not a CA, and its key is thrown away.
constexpr const char* kPem = R"(-----BEGIN CERTIFICATE-----
MIIBwDCCAWagAwIBAgIBBzAKBggqhkjOPQQDAjAgMR4wHAYDVQQDDBVKb2JjZW50
ZXIgTXVzdGVyc3RhZHQwHhcNMjYxMTI0MDY1NTU1WhcNMjcxMTI0MDY1NTU1WjAg
MR4wHAYDVQQDDBVKb2JjZW50ZXIgTXVzdGVyc3RhZHQwWTATBgcqhkjOPQIBBggq
hkjOPQMBBwNCAASZ7he/vFty0bjeCXPqp9pEXzPG9CeKlJoScmVVFl6w1xXoo/Qo
4BhvvQcQIzutnKPujRJNEVLCstxZS+MYoOxQo4GQMIGNMF4GA1UdEQRXMFWGH3Rl
aWxoYWJlOi8vdWVidW5nLzA1MzE1MDAwL25vZGWCDG5vZGUuZXhhbXBsZYYkdGVp
bGhhYmU6Ly91ZWJ1bmcvMDUzMTUwMDAvc2VydmljZS8xMAwGA1UdEwEB/wQCMAAw
HQYDVR0OBBYEFFBlnbDjWaZGBaFrD86ufUz76ftnMAoGCCqGSM49BAMCA0gAMEUC
IHvpLc/vBhkqFfVigwKuSR+pg0mXcp/bXQd9mvD66UjOAiEA46zE+Gw3iMnEoh2L
KoFZS0e1pJFjTEITIr2xMlbhjDM=
-----END CERTIFICATE-----
)";
// The same with a key on P-384.
constexpr const char* kP384Pem = R"(-----BEGIN CERTIFICATE-----
MIIB/jCCAYOgAwIBAgIBBzAKBggqhkjOPQQDAjAgMR4wHAYDVQQDDBVKb2JjZW50
ZXIgTXVzdGVyc3RhZHQwHhcNMjYxMTI0MDY1NTU1WhcNMjcxMTI0MDY1NTU1WjAg
MR4wHAYDVQQDDBVKb2JjZW50ZXIgTXVzdGVyc3RhZHQwdjAQBgcqhkjOPQIBBgUr
gQQAIgNiAATp8f7YM54bNq+PneqKnR450AMWXi4XHbtiKXL1XGOirzvt5Iic4gK/
X5vf7P8FGRInI9h7GScKXatdxXPKm+5hVUSdTC0L2xVYbCGRMpbhjprN5oA36BmA
1Zd0hPUMcqCjgZAwgY0wXgYDVR0RBFcwVYYfdGVpbGhhYmU6Ly91ZWJ1bmcvMDUz
MTUwMDAvbm9kZYIMbm9kZS5leGFtcGxlhiR0ZWlsaGFiZTovL3VlYnVuZy8wNTMx
NTAwMC9zZXJ2aWNlLzEwDAYDVR0TAQH/BAIwADAdBgNVHQ4EFgQUoHw/CdDtbWr8
AMUSp7H2d2w/MbIwCgYIKoZIzj0EAwIDaQAwZgIxAMwKEgT0oHCGNsLf4MphsBGz
ynwU+EsumPwz64DY19kFAQ74tkPSGUjqwNePMoagkAIxAN2k3gTgfbTv2CbED57K
UfcenUkxe0US1nQVBVVKcwZjAQWWv8n4U3X/cripbrQ+NQ==
-----END CERTIFICATE-----
)";

absl::Time Utc(int year, int month, int day, int hour = 0, int minute = 0, int second = 0) {
  return absl::FromCivil(absl::CivilSecond(year, month, day, hour, minute, second), absl::UTCTimeZone());
}

TEST(CertificateReadTest, OfTheCommandLine) {
  const absl::StatusOr<Certificate> read = Certificate::FromPem(kPem);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->uris(),
            (std::vector<std::string>{"teilhabe://uebung/05315000/node", "teilhabe://uebung/05315000/service/1"}));
  EXPECT_EQ(read->not_before(), Utc(2026, 11, 24, 6, 55, 55));
  EXPECT_EQ(read->not_after(), Utc(2027, 11, 24, 6, 55, 55));
  EXPECT_EQ(read->public_key().id().Hex(), "85f7f415339467bd32b548e863bc1a1bb46cb12e6dfe57cd5716d6a317d1e7d7");
  EXPECT_EQ(read->fingerprint().Hex(), "c8004e874231f6a6d5b8614af3519e7381ae06769b0663fb9d8511e2ad5ff08a");
  EXPECT_EQ(read->subject_fingerprint().Hex(), "05b1c79d6f50e9c306503d159c08e2f513e39fa770b273572ffdf7259057b90f");
  EXPECT_EQ(read->issuer_fingerprint(), read->subject_fingerprint());
  EXPECT_EQ(read->Pem(), kPem);
  EXPECT_EQ(Certificate::FromDer(read->Der())->fingerprint(), read->fingerprint());
}

TEST(CertificateReadTest, OneOrAList) {
  const std::string pem = kPem;
  EXPECT_EQ(Certificate::ListFromPem(pem + "Text between\n" + pem)->size(), 2U);
  struct Case {
    std::string pem;
    const char* reason;
  };
  const std::vector<Case> cases = {{"", "CERTIFICATE_MALFORMED"},
                                   {"kein Zertifikat", "CERTIFICATE_MALFORMED"},
                                   {pem + pem, "CERTIFICATE_MALFORMED"},
                                   {pem.substr(0, 300), "CERTIFICATE_MALFORMED"},
                                   {pem + pem.substr(0, 300), "CERTIFICATE_MALFORMED"},
                                   {std::string(2000000, '-'), "CERTIFICATE_MALFORMED"},
                                   {kP384Pem, "CERTIFICATE_NOT_P256"}};
  for (const Case& row : cases) {
    EXPECT_EQ(GetReason(Certificate::FromPem(row.pem).status()), row.reason) << row.pem.substr(0, 400);
  }
  EXPECT_EQ(GetReason(Certificate::ListFromPem(pem + kP384Pem).status()), "CERTIFICATE_NOT_P256");
  EXPECT_EQ(GetReason(Certificate::ListFromPem(pem + pem.substr(0, 300)).status()), "CERTIFICATE_MALFORMED");
  EXPECT_EQ(ERR_peek_error(), 0U) << "left for the next TLS call of this thread";
}

TEST(CertificateReadTest, RefusesBytesThatFollowAndBytesThatLack) {
  const std::string der = Certificate::FromPem(kPem)->Der();
  EXPECT_EQ(GetReason(Certificate::FromDer(der + "x").status()), "CERTIFICATE_MALFORMED");
  EXPECT_EQ(GetReason(Certificate::FromDer(std::string(70000, '0')).status()), "CERTIFICATE_MALFORMED");
  for (std::size_t size = 0; size < der.size(); ++size) {
    EXPECT_EQ(GetReason(Certificate::FromDer(der.substr(0, size)).status()), "CERTIFICATE_MALFORMED") << size;
  }
}

TEST(CertificateReadTest, RefusesAUriThatIsNoPlainText) {
  const std::string der = Certificate::FromPem(kPem)->Der();
  const std::size_t at = der.find("05315000");
  for (const char bad : {'\0', ' ', '\n', '\x7f', '\xe4'}) {
    std::string changed = der;
    changed[at] = bad;
    EXPECT_EQ(GetReason(Certificate::FromDer(changed).status()), "CERTIFICATE_MALFORMED") << static_cast<int>(bad);
  }
}

// One CA and one node, with the node's validity inside of the CA's.
class CertificateTest : public testing::Test {
 protected:
  Certificate Issue(const std::string& uri = "teilhabe://uebung/05315000/node") {
    const std::vector<std::string> uris = {uri};
    return *IssueCertificate(ca_, ca_key_, node_key_.public_key(), "Träger Köln", uris, kNode, rng_);
  }

  // The certificate with other extensions (OpenSSL's text form; "" takes one away), signed anew.
  struct Change {
    int nid;
    const char* value;
  };
  static Certificate Resigned(const Certificate& certificate, const Certificate& issuer, const PrivateKey& key,
                              const std::vector<Change>& changes, const EVP_MD* hash = EVP_sha256()) {
    const Handle<X509, X509_free> copy(X509_dup(certificate.handle()));
    for (const Change& change : changes) {
      const int at = X509_get_ext_by_NID(copy.get(), change.nid, -1);
      if (at >= 0) X509_EXTENSION_free(X509_delete_ext(copy.get(), at));
      if (*change.value == '\0') continue;
      X509V3_CTX context;
      X509V3_set_ctx(&context, issuer.handle(), copy.get(), nullptr, nullptr, 0);
      X509_EXTENSION* const made = X509V3_EXT_conf_nid(nullptr, &context, change.nid, change.value);
      EXPECT_EQ(X509_add_ext(copy.get(), made, -1), 1);
      X509_EXTENSION_free(made);
    }
    EXPECT_GT(X509_sign(copy.get(), key.handle(), hash), 0);
    return *Certificate::FromDer(Der<X509>(i2d_X509, copy.get()));
  }

  std::string Reason(const Certificate& leaf, absl::Time at = kNow, Purpose purpose = Purpose::kClient) const {
    return GetReason(VerifyChain(leaf, {}, {&ca_, 1}, at, purpose));
  }

  static inline const Validity kCa{Utc(2025, 1, 1), Utc(2055, 1, 1)};
  static inline const Validity kNode{Utc(2026, 1, 1), Utc(2028, 1, 1)};
  static inline const absl::Time kNow = Utc(2027, 1, 1);
  SeededRng rng_{1};
  const PrivateKey ca_key_ = PrivateKey::Generate();
  const PrivateKey node_key_ = PrivateKey::Generate();
  const Certificate ca_ = *MakeCa(ca_key_, "Übungsnetz", kCa, rng_);
};

TEST_F(CertificateTest, IssuedHoldsWhatWasAsked) {
  const std::vector<std::string> uris = {"teilhabe://uebung/05315000/node", "teilhabe://a,URI:b"};
  const Certificate node = *IssueCertificate(ca_, ca_key_, node_key_.public_key(), "Träger Köln", uris, kNode, rng_);
  EXPECT_EQ(node.uris(), uris);
  EXPECT_EQ(node.not_before(), kNode.not_before);
  EXPECT_EQ(node.not_after(), kNode.not_after);
  EXPECT_EQ(node.public_key(), node_key_.public_key());
  EXPECT_EQ(node.issuer_fingerprint(), ca_.subject_fingerprint());
  EXPECT_NE(node.subject_fingerprint(), ca_.subject_fingerprint());
  EXPECT_EQ(X509_get_key_usage(node.handle()), static_cast<std::uint32_t>(KU_DIGITAL_SIGNATURE));
  EXPECT_EQ(X509_get_extended_key_usage(node.handle()), static_cast<std::uint32_t>(XKU_SSL_CLIENT | XKU_SSL_SERVER));
  EXPECT_EQ(X509_check_ca(node.handle()), 0);
  EXPECT_EQ(X509_get_extension_flags(node.handle()) & (EXFLAG_BCONS | EXFLAG_CA),
            static_cast<std::uint32_t>(EXFLAG_BCONS));

  EXPECT_TRUE(ca_.uris().empty());
  EXPECT_EQ(ca_.not_after(), kCa.not_after);  // After 2049 a certificate writes years differently.
  EXPECT_EQ(X509_get_key_usage(ca_.handle()), static_cast<std::uint32_t>(KU_KEY_CERT_SIGN | KU_CRL_SIGN));
  EXPECT_EQ(X509_check_ca(ca_.handle()), 1);
  EXPECT_EQ(X509_get_pathlen(ca_.handle()), 0);
}

TEST_F(CertificateTest, SerialsArePositiveAndFromTheRng) {
  const auto serial = [](const Certificate& certificate) {
    const Handle<BIGNUM, BN_free> number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate.handle()), nullptr));
    EXPECT_FALSE(BN_is_negative(number.get()));
    std::string bytes(16, '\0');
    EXPECT_EQ(BN_bn2binpad(number.get(), Bytes(bytes), 16), 16);
    return bytes;
  };
  SeededRng same(1);
  std::string expected = same.Bytes(16);
  expected[0] = static_cast<char>(expected[0] & 0x7f);
  EXPECT_EQ(serial(ca_), expected);
  EXPECT_NE(serial(Issue()), serial(Issue()));
}

TEST_F(CertificateTest, ChainHoldsForBothPurposes) {
  const Certificate node = Issue();
  EXPECT_EQ(Reason(node, kNow, Purpose::kClient), "");
  EXPECT_EQ(Reason(node, kNow, Purpose::kServer), "");
  // Among several CAs.
  const PrivateKey other_key = PrivateKey::Generate();
  const std::vector<Certificate> cas = {*MakeCa(other_key, "Anderes Netz", kCa, rng_), ca_};
  EXPECT_TRUE(VerifyChain(node, {}, cas, kNow, Purpose::kClient).ok());
}

TEST_F(CertificateTest, TimeIsTheCallers) {
  const Certificate node = Issue();
  const absl::Duration second = absl::Seconds(1);
  struct Case {
    absl::Time at;
    const char* reason;
  };
  const std::vector<Case> cases = {{absl::UnixEpoch(), "CERTIFICATE_NOT_YET_VALID"},
                                   {kCa.not_before - second, "CERTIFICATE_NOT_YET_VALID"},
                                   {kCa.not_before, "CERTIFICATE_NOT_YET_VALID"},
                                   {kNode.not_before - second, "CERTIFICATE_NOT_YET_VALID"},
                                   {kNode.not_before, ""},
                                   {kNode.not_after - second, ""},
                                   {kNode.not_after, "CERTIFICATE_EXPIRED"},
                                   {kNode.not_after + second, "CERTIFICATE_EXPIRED"},
                                   {kCa.not_after + second, "CERTIFICATE_EXPIRED"},
                                   {Utc(9999, 1, 1), "CERTIFICATE_EXPIRED"}};
  for (const Case& row : cases) EXPECT_EQ(Reason(node, row.at), row.reason) << row.at;
}

TEST_F(CertificateTest, AnExpiredCaEndsTheChain) {
  const std::vector<std::string> uris = {"teilhabe://uebung/05315000/node"};
  const Certificate node = *IssueCertificate(ca_, ca_key_, node_key_.public_key(), "Träger Köln", uris,
                                             {Utc(2020, 1, 1), Utc(2060, 1, 1)}, rng_);
  EXPECT_EQ(Reason(node, kCa.not_before - absl::Seconds(1)), "CERTIFICATE_NOT_YET_VALID");
  EXPECT_EQ(Reason(node, kCa.not_before), "");
  EXPECT_EQ(Reason(node, kCa.not_after - absl::Seconds(1)), "");
  EXPECT_EQ(Reason(node, kCa.not_after), "CERTIFICATE_EXPIRED");
}

TEST_F(CertificateTest, OtherIssuersAreNotTrusted) {
  const Certificate node = Issue();
  EXPECT_EQ(GetReason(VerifyChain(node, {}, {}, kNow, Purpose::kClient)), "CERTIFICATE_UNTRUSTED");
  // A CA that only calls itself so.
  const PrivateKey rogue_key = PrivateKey::Generate();
  const Certificate rogue = *MakeCa(rogue_key, "Übungsnetz", kCa, rng_);
  const Certificate rogue_node =
      *IssueCertificate(rogue, rogue_key, node_key_.public_key(), "Träger Köln", node.uris(), kNode, rng_);
  EXPECT_EQ(Reason(rogue_node), "CERTIFICATE_UNTRUSTED");
  // What the peer sends along does not become trusted.
  EXPECT_EQ(GetReason(VerifyChain(rogue_node, {&rogue, 1}, {&ca_, 1}, kNow, Purpose::kClient)),
            "CERTIFICATE_UNTRUSTED");
  // Signed by itself.
  EXPECT_EQ(Reason(*Certificate::FromPem(kPem)), "CERTIFICATE_UNTRUSTED");
  // Untrusted comes before expired: who is nobody is told nothing more.
  EXPECT_EQ(Reason(rogue_node, kNode.not_after), "CERTIFICATE_UNTRUSTED");
  EXPECT_EQ(ERR_peek_error(), 0U) << "left for the next TLS call of this thread";
}

TEST_F(CertificateTest, ANodeIsNoCaAndACaIsNoNode) {
  const Certificate node = Issue();
  const Certificate below =
      *IssueCertificate(node, node_key_, PrivateKey::Generate().public_key(), "Untermieter", node.uris(), kNode, rng_);
  EXPECT_EQ(GetReason(VerifyChain(below, {&node, 1}, {&ca_, 1}, kNow, Purpose::kClient)), "CERTIFICATE_UNTRUSTED");
  EXPECT_EQ(Reason(ca_), "CERTIFICATE_UNTRUSTED");
}

TEST_F(CertificateTest, IntermediatesOnlyWhereTheCaAllowsThem) {
  const PrivateKey key = PrivateKey::Generate();
  const Certificate middle = Resigned(
      *IssueCertificate(ca_, ca_key_, key.public_key(), "Zwischenstelle", Issue().uris(), kNode, rng_), ca_, ca_key_,
      {{NID_basic_constraints, "critical,CA:TRUE"}, {NID_key_usage, "critical,keyCertSign"}, {NID_ext_key_usage, ""}});
  const Certificate node =
      *IssueCertificate(middle, key, node_key_.public_key(), "Träger Köln", Issue().uris(), kNode, rng_);
  const Certificate open_ca = Resigned(ca_, ca_, ca_key_, {{NID_basic_constraints, "critical,CA:TRUE"}});
  EXPECT_TRUE(VerifyChain(node, {&middle, 1}, {&open_ca, 1}, kNow, Purpose::kClient).ok());
  EXPECT_EQ(GetReason(VerifyChain(node, {}, {&open_ca, 1}, kNow, Purpose::kClient)), "CERTIFICATE_UNTRUSTED");
  EXPECT_EQ(GetReason(VerifyChain(node, {&middle, 1}, {&ca_, 1}, kNow, Purpose::kClient)), "CERTIFICATE_UNTRUSTED");
  // An intermediate alone is no anchor.
  EXPECT_EQ(GetReason(VerifyChain(node, {}, {&middle, 1}, kNow, Purpose::kClient)), "CERTIFICATE_UNTRUSTED");
}

TEST_F(CertificateTest, PurposeHashAndExtensionsCount) {
  const Certificate node = Issue();
  EXPECT_EQ(Reason(Resigned(node, ca_, ca_key_, {})), "");
  const Certificate client = Resigned(node, ca_, ca_key_, {{NID_ext_key_usage, "clientAuth"}});
  EXPECT_EQ(Reason(client, kNow, Purpose::kClient), "");
  EXPECT_EQ(Reason(client, kNow, Purpose::kServer), "CERTIFICATE_UNTRUSTED");
  const Certificate server = Resigned(node, ca_, ca_key_, {{NID_ext_key_usage, "serverAuth"}});
  EXPECT_EQ(Reason(server, kNow, Purpose::kClient), "CERTIFICATE_UNTRUSTED");
  EXPECT_EQ(Reason(server, kNow, Purpose::kServer), "");
  const Certificate no_signing = Resigned(node, ca_, ca_key_, {{NID_key_usage, "critical,cRLSign"}});
  EXPECT_EQ(Reason(no_signing), "CERTIFICATE_UNTRUSTED");
  EXPECT_EQ(Reason(Resigned(node, ca_, ca_key_, {}, EVP_sha1())), "CERTIFICATE_UNTRUSTED");
  EXPECT_EQ(Reason(Resigned(node, ca_, ca_key_, {}, EVP_sha224())), "CERTIFICATE_UNTRUSTED");
  // Strict reading: a critical extension that nobody knows, and a missing key identifier.
  EXPECT_EQ(Reason(Resigned(node, ca_, ca_key_, {{NID_netscape_comment, "critical,DER:0c0178"}})),
            "CERTIFICATE_UNTRUSTED");
  EXPECT_EQ(Reason(Resigned(node, ca_, ca_key_, {{NID_authority_key_identifier, ""}})), "CERTIFICATE_UNTRUSTED");
}

TEST_F(CertificateTest, AlternativeNamesTwiceAreRefused) {
  const Certificate node = Issue();
  const Handle<X509, X509_free> copy(X509_dup(node.handle()));
  X509_EXTENSION* const names = X509_get_ext(copy.get(), X509_get_ext_by_NID(copy.get(), NID_subject_alt_name, -1));
  ASSERT_EQ(X509_add_ext(copy.get(), names, -1), 1);
  ASSERT_GT(X509_sign(copy.get(), ca_key_.handle(), EVP_sha256()), 0);
  EXPECT_EQ(GetReason(Certificate::FromDer(Der<X509>(i2d_X509, copy.get())).status()), "CERTIFICATE_MALFORMED");
}

TEST_F(CertificateTest, EveryFlippedBitIsRefused) {
  const std::string der = Issue().Der();
  for (std::size_t bit = 0; bit < 8 * der.size(); ++bit) {
    std::string changed = der;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    const absl::StatusOr<Certificate> read = Certificate::FromDer(changed);
    EXPECT_FALSE(read.ok() && Reason(*read).empty()) << "bit " << bit;
  }
  EXPECT_EQ(ERR_peek_error(), 0U) << "left for the next TLS call of this thread";
}

TEST_F(CertificateTest, RequestsAreChecked) {
  const std::vector<std::string> good = {"teilhabe://uebung/05315000/node"};
  struct Case {
    std::string common_name;
    std::vector<std::string> uris;
    Validity validity;
    const char* field;
  };
  const std::vector<Case> cases = {{std::string(64, 'x'), good, kNode, ""},
                                   {std::string(65, 'x'), good, kNode, "common_name"},
                                   {"", good, kNode, "common_name"},
                                   {"\xff", good, kNode, "common_name"},
                                   {"Träger", {}, kNode, "uris"},
                                   {"Träger", {""}, kNode, "uris"},
                                   {"Träger", {good[0], "mit Leerzeichen"}, kNode, "uris"},
                                   {"Träger", {std::string("teilhabe://\0", 12)}, kNode, "uris"},
                                   {"Träger", {"teilhabe://träger"}, kNode, "uris"},
                                   {"Träger", good, {kNode.not_after, kNode.not_before}, "validity"},
                                   {"Träger", good, {kNode.not_after, kNode.not_after}, "validity"},
                                   {"Träger", good, {kNode.not_before, absl::InfiniteFuture()}, "validity"}};
  for (const Case& row : cases) {
    const absl::StatusOr<Certificate> made =
        IssueCertificate(ca_, ca_key_, node_key_.public_key(), row.common_name, row.uris, row.validity, rng_);
    EXPECT_EQ(GetField(made.status()), row.field) << row.common_name;
    EXPECT_EQ(GetReason(made.status()), *row.field == '\0' ? "" : "CERTIFICATE_REQUEST_INVALID");
  }
  EXPECT_EQ(GetField(IssueCertificate(ca_, node_key_, node_key_.public_key(), "Träger", good, kNode, rng_).status()),
            "ca_key");
  EXPECT_EQ(GetField(IssueCertificate(ca_, ca_key_, PublicKey::Simulated("x"), "Träger", good, kNode, rng_).status()),
            "subject");
  EXPECT_EQ(GetField(MakeCa(ca_key_, "", kCa, rng_).status()), "common_name");
  // What we would not read, we do not issue.
  const std::vector<std::string> many(3000, good[0]);
  EXPECT_EQ(GetReason(IssueCertificate(ca_, ca_key_, node_key_.public_key(), "Träger", many, kNode, rng_).status()),
            "CERTIFICATE_MALFORMED");
}

}  // namespace
}  // namespace teilhabe::crypto
