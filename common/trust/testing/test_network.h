#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/crypto/certificate.h"
#include "common/crypto/random.h"
#include "common/trust/directory.h"
#include "common/trust/identity.h"

namespace teilhabe::trust {

// A small network in memory for tests: a CA, three signers, members with keys of their own. Nothing touches a disk.
class TestNetwork {
 public:
  explicit TestNetwork(std::string name = "schulung-test", bool training = true);

  // A member with a node, a guest of `host`.
  void AddNode(const std::string& id, const std::string& endpoint = "127.0.0.1:1");
  void AddGuest(const std::string& id, const std::string& host);

  // The directory of the members so far under `signatures` of the three signers.
  v1::SignedDirectory Sign(std::int64_t version = 1, int signatures = 2) const;
  v1::SignedDirectory SignRaw(const v1::Directory& directory, int signatures = 2) const;
  v1::Directory Unsigned(std::int64_t version = 1) const;
  std::shared_ptr<const Directory> Verified(std::int64_t version = 1) const;
  DirectoryTrust Trust(int threshold = 2) const;

  struct Holder {
    Identity identity;
    crypto::PrivateKey key;
    crypto::Certificate certificate;
  };
  // A certificate as the network issues it: nodes by the network's CA, everybody else by the member's own.
  Holder Issue(const std::string& agency, IdentityKind kind, const std::string& name = "") const;
  // One that says what the caller wants, by a CA and for a time of the caller's choice.
  Holder IssueAs(const Identity& identity, const crypto::PrivateKey& key, const std::string& ca_member,
                 absl::Time not_before, absl::Time not_after) const;

  const crypto::PrivateKey& key(const std::string& member) const { return members_.at(member).key; }
  v1::Member& member(const std::string& id) { return members_.at(id).member; }
  std::vector<crypto::Certificate> network_cas() const { return {ca_}; }
  v1::SignedMember Entry(const std::string& id) const;

 private:
  struct MemberKeys {
    v1::Member member;
    crypto::PrivateKey key;
    crypto::PrivateKey local_ca_key;
    std::optional<crypto::Certificate> local_ca;
  };

  const std::string name_;
  const bool training_;
  mutable crypto::SystemRng rng_;
  crypto::PrivateKey ca_key_;
  crypto::Certificate ca_;
  std::vector<crypto::PrivateKey> signers_;
  std::map<std::string, MemberKeys> members_;
};

}  // namespace teilhabe::trust
