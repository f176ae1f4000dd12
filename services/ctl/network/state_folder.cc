#include "services/ctl/network/state_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/day.h"
#include "common/base/durable_file.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/rpc/network_clock.h"
#include "common/rpc/node_identity.h"

namespace teilhabe::ctl {
namespace {

namespace fs = std::filesystem;
namespace v1 = trust::v1;

constexpr int kSigners = 3;
constexpr int kThreshold = 2;
constexpr char kFirstDay[] = "2026-01-05";
constexpr char kOfficial[] = "sb-1";  // Every agency of a training network has one official to act as.

crypto::Validity Years(int years) {
  const absl::Time now = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()));
  return {now - absl::Hours(1), now + absl::Hours(24 * 365 * years)};
}

absl::Status MakeFolder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) fs::permissions(folder, fs::perms::owner_all, error);
  if (!error) return absl::OkStatus();
  return FieldError(absl::StatusCode::kUnavailable, "FOLDER_UNUSABLE", "state",
                    absl::StrCat(folder.string(), " cannot be created"));
}

struct Ca {
  crypto::PrivateKey key;
  crypto::Certificate certificate;
};

absl::StatusOr<Ca> ReadCa(const fs::path& folder) {
  TEILHABE_ASSIGN_OR_RETURN(crypto::PrivateKey key, crypto::PrivateKey::ReadFile((folder / "key.pem").string()));
  TEILHABE_ASSIGN_OR_RETURN(const std::string pem, rpc::ReadIdentityFile(folder / "certificate.pem"));
  TEILHABE_ASSIGN_OR_RETURN(crypto::Certificate certificate, crypto::Certificate::FromPem(pem));
  return Ca{std::move(key), std::move(certificate)};
}

absl::StatusOr<Ca> MakeCa(const fs::path& folder, const std::string& name, crypto::Rng& rng) {
  TEILHABE_RETURN_IF_ERROR(MakeFolder(folder));
  crypto::PrivateKey key = crypto::PrivateKey::Generate();
  TEILHABE_ASSIGN_OR_RETURN(crypto::Certificate certificate, crypto::MakeCa(key, name.substr(0, 64), Years(10), rng));
  TEILHABE_RETURN_IF_ERROR(WriteDurably(folder / "certificate.pem", certificate.Pem()));
  TEILHABE_RETURN_IF_ERROR(key.WriteFile((folder / "key.pem").string()));
  return Ca{std::move(key), std::move(certificate)};
}

absl::StatusOr<crypto::Certificate> Issue(const Ca& ca, const crypto::PrivateKey& key, const trust::Identity& identity,
                                          crypto::Rng& rng) {
  const std::string uri = trust::ToUri(identity);
  return crypto::IssueCertificate(ca.certificate, ca.key, key.public_key(), identity.agency.substr(0, 64), {&uri, 1},
                                  Years(1), rng);
}

}  // namespace

absl::StatusOr<std::shared_ptr<void>> StateFolder::Lock() const {
  TEILHABE_RETURN_IF_ERROR(MakeFolder(root_));
  const int file = open((root_ / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || flock(file, LOCK_EX) != 0) {
    if (file >= 0) close(file);
    return FieldError(absl::StatusCode::kUnavailable, "FOLDER_UNUSABLE", "state", "the state folder cannot be locked");
  }
  return std::shared_ptr<void>(new int(file), [](void* held) {
    close(*static_cast<int*>(held));
    delete static_cast<int*>(held);
  });
}

// Nothing is made over what nodes may already rest on.
absl::Status StateFolder::CheckWhole() const {
  const auto damaged = [this](const std::string& why) {
    return FieldError(absl::StatusCode::kFailedPrecondition, "STATE_DAMAGED", "state",
                      absl::StrCat(root_.string(), ": ", why, "; restore it, or begin with an empty folder"));
  };
  const bool made = fs::exists(root_ / "trust.json");
  const bool directory = fs::exists(root_ / "directory.pb");
  if (!made && directory) return damaged("trust.json is missing");
  std::int64_t held = 0;
  if (directory) {
    TEILHABE_ASSIGN_OR_RETURN(const auto read, ReadDirectory());
    held = read->version();
  }
  std::error_code error;
  for (fs::directory_iterator at(root_ / "members", error), end; !error && at != end; at.increment(error)) {
    if (!directory && fs::exists(at->path() / "data")) return damaged("directory.pb is missing, yet nodes have run");
    for (const char* folder : {"identity", "data"}) {
      v1::SignedDirectory copy;
      v1::Directory content;
      const auto bytes = rpc::ReadIdentityFile(at->path() / folder / "directory.pb");
      if (!bytes.ok() || !copy.ParseFromString(*bytes) || !content.ParseFromString(copy.directory())) continue;
      if (content.version() > held) return damaged("directory.pb is older than what a node holds");
    }
  }
  return absl::OkStatus();
}

absl::Status StateFolder::CheckMembers(const StartFolder& start, const trust::Directory* held) const {
  for (const v1::Member& member : start.members) {
    const auto* known = held == nullptr ? nullptr : held->Find(member.id());
    if (known != nullptr && (known->member.kind() != member.kind() || known->member.host() != member.host())) {
      return FieldError(absl::StatusCode::kFailedPrecondition, "MEMBER_DIFFERS", "members",
                        absl::StrCat(member.id(), " takes part already, as something else"));
    }
    if (member.host().empty()) continue;
    const auto is_host = [&member](const v1::Member& other) {
      return other.id() == member.host() && other.kind() != v1::MEMBER_KIND_GUEST;
    };
    const auto* host = held == nullptr ? nullptr : held->Find(member.host());
    if (std::none_of(start.members.begin(), start.members.end(), is_host) &&
        (host == nullptr || !is_host(host->member))) {
      return FieldError(absl::StatusCode::kFailedPrecondition, "HOST_UNKNOWN", "members.host",
                        absl::StrCat(member.host(), ", the host of ", member.id(), ", has no node in this network"));
    }
  }
  return absl::OkStatus();
}

absl::Status StateFolder::MakeNetwork(const StartFolder& start) {
  std::error_code ignored;
  for (const char* left_over : {"ca", "signers"}) fs::remove_all(root_ / left_over, ignored);  // Of a try broken off.
  TEILHABE_RETURN_IF_ERROR(MakeFolder(root_));
  TEILHABE_RETURN_IF_ERROR(MakeCa(root_ / "ca", "Teilhabenetz training " + start.network, rng_).status());
  TEILHABE_RETURN_IF_ERROR(MakeFolder(root_ / "signers"));
  nlohmann::ordered_json trust = {{"network", start.network},
                                  {"training", start.training},
                                  {"threshold", kThreshold},
                                  {"signers", nlohmann::json::array()}};
  for (int at = 1; at <= kSigners; ++at) {
    const crypto::PrivateKey signer = crypto::PrivateKey::Generate();
    TEILHABE_RETURN_IF_ERROR(signer.WriteFile((root_ / "signers" / absl::StrCat(at, ".pem")).string()));
    trust["signers"].push_back(signer.public_key().Pem());
  }
  TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay day,
                            ParseDay(start.first_day.empty() ? kFirstDay : start.first_day, "first_day"));
  TEILHABE_RETURN_IF_ERROR(rpc::TrainingClock::Set(clock(), day));
  return WriteDurably(root_ / "trust.json", trust.dump(1) + "\n");  // The last one: a network without it is not made.
}

// Key and certificate with what everybody of the network must know.
absl::Status StateFolder::WriteClient(const fs::path& folder, const crypto::PrivateKey& key,
                                      const crypto::Certificate& certificate) const {
  TEILHABE_RETURN_IF_ERROR(MakeFolder(folder));
  TEILHABE_ASSIGN_OR_RETURN(const std::string ca, rpc::ReadIdentityFile(root_ / "ca" / "certificate.pem"));
  TEILHABE_ASSIGN_OR_RETURN(const std::string trust, rpc::ReadIdentityFile(root_ / "trust.json"));
  TEILHABE_RETURN_IF_ERROR(key.WriteFile((folder / "key.pem").string()));
  TEILHABE_RETURN_IF_ERROR(WriteDurably(folder / "certificate.pem", certificate.Pem()));
  TEILHABE_RETURN_IF_ERROR(WriteDurably(folder / "network-ca.pem", ca));
  return WriteDurably(folder / "trust.json", trust);
}

absl::Status StateFolder::MakeNode(const std::string& network, v1::Member& member) {
  const std::string& id = member.id();
  TEILHABE_RETURN_IF_ERROR(MakeFolder(Member(id)));
  TEILHABE_ASSIGN_OR_RETURN(const Ca network_ca, ReadCa(root_ / "ca"));
  TEILHABE_ASSIGN_OR_RETURN(const Ca local_ca, MakeCa(Member(id) / "local-ca", "Teilhabenetz " + id, rng_));
  const crypto::PrivateKey key = crypto::PrivateKey::Generate();
  TEILHABE_ASSIGN_OR_RETURN(const auto certificate,
                            Issue(network_ca, key, {network, id, trust::IdentityKind::kNode, ""}, rng_));
  TEILHABE_RETURN_IF_ERROR(WriteClient(Identity(id), key, certificate));
  TEILHABE_RETURN_IF_ERROR(WriteDurably(Identity(id) / "context.key", rng_.Bytes(32)));
  TEILHABE_RETURN_IF_ERROR(WriteDurably(Identity(id) / "storage.key", rng_.Bytes(32)));
  const auto issue = [&](trust::IdentityKind kind, const std::string& name, const fs::path& folder) -> absl::Status {
    const crypto::PrivateKey own = crypto::PrivateKey::Generate();
    TEILHABE_ASSIGN_OR_RETURN(const auto issued, Issue(local_ca, own, {network, id, kind, name}, rng_));
    return WriteClient(folder, own, issued);
  };
  TEILHABE_RETURN_IF_ERROR(issue(trust::IdentityKind::kSystem, "cli", CliIdentity(id)));
  TEILHABE_RETURN_IF_ERROR(issue(trust::IdentityKind::kOfficial, kOfficial, OfficialIdentity(id, kOfficial)));
  member.set_key(key.public_key().spki());
  member.set_local_ca(local_ca.certificate.Der());
  return absl::OkStatus();
}

// A guest signs with its own key; its certificate is issued by its host's CA.
absl::Status StateFolder::MakeGuest(const std::string& network, v1::Member& member) {
  TEILHABE_ASSIGN_OR_RETURN(const Ca host_ca, ReadCa(Member(member.host()) / "local-ca"));
  const crypto::PrivateKey key = crypto::PrivateKey::Generate();
  TEILHABE_ASSIGN_OR_RETURN(
      const auto certificate,
      Issue(host_ca, key, {network, member.host(), trust::IdentityKind::kGuest, member.id()}, rng_));
  TEILHABE_RETURN_IF_ERROR(WriteClient(Identity(member.id()), key, certificate));
  member.set_key(key.public_key().spki());
  return absl::OkStatus();
}

absl::StatusOr<v1::SignedMember> StateFolder::SignEntry(const v1::Member& member) const {
  TEILHABE_ASSIGN_OR_RETURN(crypto::PrivateKey key,
                            crypto::PrivateKey::ReadFile((Identity(member.id()) / "key.pem").string()));
  v1::SignedMember entry;
  entry.set_member(member.SerializeAsString());
  TEILHABE_ASSIGN_OR_RETURN(*entry.mutable_signature(),
                            trust::SignBytes(crypto::EcdsaSigner(std::move(key)), trust::kEntryDomain, entry.member()));
  return entry;
}

absl::StatusOr<v1::SignedDirectory> StateFolder::SignDirectory(v1::Directory directory) const {
  directory.mutable_issued_time()->set_seconds(absl::ToUnixSeconds(absl::Now()));
  v1::SignedDirectory made;
  made.set_directory(directory.SerializeAsString());
  for (int at = 1; at <= kThreshold; ++at) {
    TEILHABE_ASSIGN_OR_RETURN(crypto::PrivateKey key,
                              crypto::PrivateKey::ReadFile((root_ / "signers" / absl::StrCat(at, ".pem")).string()));
    TEILHABE_ASSIGN_OR_RETURN(*made.add_signatures(), trust::SignBytes(crypto::EcdsaSigner(std::move(key)),
                                                                       trust::kDirectoryDomain, made.directory()));
  }
  TEILHABE_ASSIGN_OR_RETURN(const trust::DirectoryTrust trust, rpc::ReadDirectoryTrust(root_ / "trust.json"));
  // As every node will check it: what nobody would take is not written.
  TEILHABE_RETURN_IF_ERROR(trust::Directory::Verify(made, trust, crypto::EcdsaVerifier(), nullptr).status());
  TEILHABE_RETURN_IF_ERROR(WriteDurably(root_ / "directory.pb", made.SerializeAsString()));
  return made;
}

// Gives every member its copy to start with; the root's is written first, so that a broken-off try is made good here.
absl::Status StateFolder::Distribute(const v1::SignedDirectory& signed_directory) const {
  const std::string bytes = signed_directory.SerializeAsString();
  v1::Directory directory;
  directory.ParseFromString(signed_directory.directory());
  for (const v1::SignedMember& entry : directory.members()) {
    v1::Member member;
    member.ParseFromString(entry.member());
    TEILHABE_RETURN_IF_ERROR(WriteDurably(Identity(member.id()) / "directory.pb", bytes));
    if (!member.endpoint().empty()) {
      TEILHABE_RETURN_IF_ERROR(WriteDurably(CliIdentity(member.id()) / "directory.pb", bytes));
      TEILHABE_RETURN_IF_ERROR(WriteDurably(OfficialIdentity(member.id(), kOfficial) / "directory.pb", bytes));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const trust::Directory>> StateFolder::ReadDirectory() const {
  if (!fs::exists(root_ / "directory.pb")) {
    return FieldError(
        absl::StatusCode::kNotFound, "NETWORK_NOT_MADE", "state",
        absl::StrCat("no network lives in ", root_.string(), "; make one with: teilhabe network up FOLDER"));
  }
  TEILHABE_ASSIGN_OR_RETURN(const std::string bytes, rpc::ReadIdentityFile(root_ / "directory.pb"));
  TEILHABE_ASSIGN_OR_RETURN(const trust::DirectoryTrust trust, rpc::ReadDirectoryTrust(root_ / "trust.json"));
  v1::SignedDirectory signed_directory;
  signed_directory.ParseFromString(bytes);
  return trust::Directory::Verify(signed_directory, trust, crypto::EcdsaVerifier(), nullptr);
}

absl::Status StateFolder::Join(const StartFolder& start, const std::function<absl::StatusOr<int>()>& ports) {
  TEILHABE_RETURN_IF_ERROR(CheckWhole());
  if (!fs::exists(root_ / "trust.json")) TEILHABE_RETURN_IF_ERROR(MakeNetwork(start));
  TEILHABE_ASSIGN_OR_RETURN(const trust::DirectoryTrust trust, rpc::ReadDirectoryTrust(root_ / "trust.json"));
  if (trust.network != start.network) {
    return FieldError(absl::StatusCode::kFailedPrecondition, "NETWORK_MISMATCH", "state",
                      absl::StrCat(root_.string(), " is the state of the network ", trust.network));
  }
  v1::Directory directory;
  directory.set_network(trust.network);
  directory.set_training(trust.training);
  directory.set_version(1);
  std::shared_ptr<const trust::Directory> held;
  if (fs::exists(root_ / "directory.pb")) {
    TEILHABE_ASSIGN_OR_RETURN(held, ReadDirectory());
    directory.ParseFromString(held->bytes().directory());
    directory.set_version(held->version() + 1);
  }
  TEILHABE_RETURN_IF_ERROR(CheckMembers(start, held.get()));
  bool changed = false;
  // Nodes first, since a guest needs its host.
  for (const bool guests : {false, true}) {
    for (v1::Member member : start.members) {
      if ((member.kind() == v1::MEMBER_KIND_GUEST) != guests) continue;
      if (held != nullptr && held->Find(member.id()) != nullptr) continue;
      std::error_code ignored;  // Keys left over from a try that was broken off: nobody has them yet.
      for (const char* left_over : {"identity", "local-ca", "official", "system"}) {
        fs::remove_all(Member(member.id()) / left_over, ignored);
      }
      if (guests) {
        TEILHABE_RETURN_IF_ERROR(MakeGuest(start.network, member));
      } else {
        TEILHABE_ASSIGN_OR_RETURN(const int port, ports());
        member.set_endpoint(absl::StrCat("127.0.0.1:", port));
        TEILHABE_RETURN_IF_ERROR(MakeNode(start.network, member));
      }
      TEILHABE_ASSIGN_OR_RETURN(*directory.add_members(), SignEntry(member));
      changed = true;
    }
  }
  if (!changed) return Distribute(held->bytes());
  const auto id_of = [](const v1::SignedMember& entry) {
    v1::Member member;
    member.ParseFromString(entry.member());
    return member.id();
  };
  std::sort(directory.mutable_members()->begin(), directory.mutable_members()->end(),
            [&id_of](const auto& a, const auto& b) { return id_of(a) < id_of(b); });
  TEILHABE_ASSIGN_OR_RETURN(const v1::SignedDirectory made, SignDirectory(std::move(directory)));
  return Distribute(made);
}

}  // namespace teilhabe::ctl
