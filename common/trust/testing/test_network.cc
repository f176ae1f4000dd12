#include "common/trust/testing/test_network.h"

#include "absl/time/clock.h"
#include "common/base/check.h"

namespace teilhabe::trust {
namespace {

crypto::Validity Now() {
  const absl::Time now = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()));
  return {now - absl::Hours(1), now + absl::Hours(24)};
}

crypto::Certificate MakeCa(const crypto::PrivateKey& key, const std::string& name, crypto::Rng& rng) {
  auto made = crypto::MakeCa(key, name, Now(), rng);
  TEILHABE_CHECK(made.ok());
  return *std::move(made);
}

}  // namespace

TestNetwork::TestNetwork(std::string name, bool training)
    : name_(std::move(name)),
      training_(training),
      ca_key_(crypto::PrivateKey::Generate()),
      ca_(MakeCa(ca_key_, "CA of " + name_, rng_)) {
  for (int at = 0; at < 3; ++at) signers_.push_back(crypto::PrivateKey::Generate());
}

void TestNetwork::AddNode(const std::string& id, const std::string& endpoint) {
  MemberKeys keys{{}, crypto::PrivateKey::Generate(), crypto::PrivateKey::Generate(), std::nullopt};
  keys.local_ca = MakeCa(keys.local_ca_key, "CA of " + id, rng_);
  keys.member.set_id(id);
  keys.member.set_name("Name of " + id);
  keys.member.set_kind(v1::MEMBER_KIND_AGENCY);
  keys.member.set_endpoint(endpoint);
  keys.member.set_key(keys.key.public_key().spki());
  keys.member.set_local_ca(keys.local_ca->Der());
  members_.emplace(id, std::move(keys));
}

void TestNetwork::AddGuest(const std::string& id, const std::string& host) {
  MemberKeys keys{{}, crypto::PrivateKey::Generate(), crypto::PrivateKey::Generate(), std::nullopt};
  keys.member.set_id(id);
  keys.member.set_name("Name of " + id);
  keys.member.set_kind(v1::MEMBER_KIND_GUEST);
  keys.member.set_host(host);
  keys.member.set_key(keys.key.public_key().spki());
  members_.emplace(id, std::move(keys));
}

v1::SignedMember TestNetwork::Entry(const std::string& id) const {
  const MemberKeys& keys = members_.at(id);
  v1::SignedMember entry;
  entry.set_member(keys.member.SerializeAsString());
  *entry.mutable_signature() = *SignBytes(crypto::EcdsaSigner(keys.key), kEntryDomain, entry.member());
  return entry;
}

v1::Directory TestNetwork::Unsigned(std::int64_t version) const {
  v1::Directory directory;
  directory.set_network(name_);
  directory.set_training(training_);
  directory.set_version(version);
  for (const auto& [id, keys] : members_) *directory.add_members() = Entry(id);
  return directory;
}

v1::SignedDirectory TestNetwork::SignRaw(const v1::Directory& directory, int signatures) const {
  v1::SignedDirectory made;
  made.set_directory(directory.SerializeAsString());
  for (int at = 0; at < signatures; ++at) {
    *made.add_signatures() =
        *SignBytes(crypto::EcdsaSigner(signers_[static_cast<std::size_t>(at)]), kDirectoryDomain, made.directory());
  }
  return made;
}

v1::SignedDirectory TestNetwork::Sign(std::int64_t version, int signatures) const {
  return SignRaw(Unsigned(version), signatures);
}

std::shared_ptr<const Directory> TestNetwork::Verified(std::int64_t version) const {
  auto verified = Directory::Verify(Sign(version), Trust(), crypto::EcdsaVerifier(), nullptr);
  TEILHABE_CHECK(verified.ok());
  return *std::move(verified);
}

DirectoryTrust TestNetwork::Trust(int threshold) const {
  DirectoryTrust trust{name_, training_, {}, threshold};
  for (const crypto::PrivateKey& signer : signers_) trust.signers.push_back(signer.public_key());
  return trust;
}

TestNetwork::Holder TestNetwork::IssueAs(const Identity& identity, const crypto::PrivateKey& key,
                                         const std::string& ca_member, absl::Time not_before,
                                         absl::Time not_after) const {
  const bool by_network = ca_member.empty();
  const MemberKeys* issuer = by_network ? nullptr : &members_.at(ca_member);
  const std::string uri = ToUri(identity);
  auto certificate =
      crypto::IssueCertificate(by_network ? ca_ : *issuer->local_ca, by_network ? ca_key_ : issuer->local_ca_key,
                               key.public_key(), identity.agency, {&uri, 1}, {not_before, not_after}, rng_);
  TEILHABE_CHECK(certificate.ok());
  return {identity, key, *std::move(certificate)};
}

TestNetwork::Holder TestNetwork::Issue(const std::string& agency, IdentityKind kind, const std::string& name) const {
  const bool node = kind == IdentityKind::kNode;
  const bool guest = kind == IdentityKind::kGuest && members_.count(name) == 1;
  const crypto::PrivateKey key = node    ? members_.at(agency).key
                                 : guest ? members_.at(name).key
                                         : crypto::PrivateKey::Generate();
  return IssueAs({name_, agency, kind, name}, key, node ? "" : agency, Now().not_before, Now().not_after);
}

}  // namespace teilhabe::trust
