#include "services/handover/network_state.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/time/clock.h"
#include "common/base/durable_file.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"

namespace teilhabe::handover {
namespace {

constexpr char kGreeting[] = "greeting";
constexpr char kAnswer[] = "greeting-answer";
constexpr char kIncarnations[] = "incarnations.json";
constexpr char kDirectory[] = "directory.pb";

v1::PeerState ToProto(PeerBook::State state) {
  return state == PeerBook::State::kOk       ? v1::PEER_STATE_OK
         : state == PeerBook::State::kFailed ? v1::PEER_STATE_FAILED
                                             : v1::PEER_STATE_WAITING;
}

}  // namespace

NetworkState::NetworkState(Setup setup) : setup_(std::move(setup)), signer_(setup_.identity->key) {}

absl::StatusOr<std::unique_ptr<NetworkState>> NetworkState::Open(Setup setup) {
  std::unique_ptr<NetworkState> state(new NetworkState(std::move(setup)));
  absl::MutexLock lock(&state->mutex_);
  state->SetMembers();
  TEILHABE_RETURN_IF_ERROR(state->ReadIncarnations());
  TEILHABE_RETURN_IF_ERROR(state->WriteIncarnations(state->peers_));
  return state;
}

bool NetworkState::HasRun(const std::filesystem::path& journal) {
  return std::filesystem::exists(journal / kIncarnations);
}

absl::Time NetworkState::NetworkNow() const {
  return setup_.training_clock != nullptr ? setup_.training_clock->Now() : setup_.real_clock->Now();
}

absl::Status NetworkState::ReadIncarnations() {
  const std::filesystem::path path = setup_.journal / kIncarnations;
  std::ifstream file(path);
  if (!file && !setup_.first_start) {
    return FieldError(absl::StatusCode::kFailedPrecondition, "INCARNATIONS_UNREADABLE", "journal",
                      "incarnations.json is gone from the journal folder; restore it before the node starts");
  }
  if (!file) return absl::OkStatus();
  const auto json = nlohmann::json::parse(file, nullptr, false);
  std::map<std::string, std::int64_t> peers;
  bool good = json.is_object() && json.value("peers", nlohmann::json()).is_object();
  for (auto at = json.begin(); good && at != json.end(); ++at) {
    if (at.key() != "peers") continue;
    for (auto peer = at->begin(); peer != at->end(); ++peer) {
      good = good && peer->is_number_integer() && peer->get<std::int64_t>() >= 1;
      if (good) peers.emplace(peer.key(), peer->get<std::int64_t>());
    }
  }
  if (!good) {
    return FieldError(absl::StatusCode::kFailedPrecondition, "INCARNATIONS_UNREADABLE", "journal",
                      "incarnations.json in the journal folder is damaged; restore it before the node starts");
  }
  peers_.RestoreIncarnations(peers);
  return absl::OkStatus();
}

absl::Status NetworkState::WriteIncarnations(const PeerBook& peers) const {
  const nlohmann::ordered_json json = {{"peers", peers.Incarnations()}};
  return WriteDurably(setup_.journal / kIncarnations, json.dump(1) + "\n");
}

void NetworkState::SetMembers() {
  std::vector<std::string> ids;
  for (const auto& entry : directory()->entries()) {
    if (!entry.member.endpoint().empty() && entry.member.id() != setup_.identity->self.agency) {
      ids.push_back(entry.member.id());
    }
  }
  peers_.SetMembers(ids);
}

std::vector<std::string> NetworkState::Peers() const {
  absl::MutexLock lock(&mutex_);
  std::vector<std::string> ids;
  for (const auto& [id, peer] : peers_.peers()) ids.push_back(id);
  return ids;
}

absl::StatusOr<trust::v1::SignedEnvelope> NetworkState::Seal(std::string_view to, std::string_view kind,
                                                             std::string body,
                                                             const std::optional<crypto::Digest>& answers,
                                                             std::int64_t link_sequence) const {
  const auto held = directory();
  TEILHABE_RETURN_IF_ERROR(setup_.incarnation->Check());
  const trust::Sender sender{held->network(), held->training(), setup_.identity->self.agency,
                             setup_.incarnation->number()};
  return trust::SealEnvelope(sender, to, kind, std::move(body), NetworkNow(), answers, signer_, link_sequence);
}

absl::StatusOr<trust::v1::Envelope> NetworkState::Open(std::string_view peer, const trust::v1::SignedEnvelope& sealed,
                                                       std::string_view kind,
                                                       const std::optional<crypto::Digest>& answers) {
  TEILHABE_ASSIGN_OR_RETURN(
      trust::v1::Envelope envelope,
      trust::OpenEnvelope(sealed, peer, setup_.identity->self.agency, kind, *directory(), verifier_));
  if (answers && envelope.answers_digest() != answers->bytes()) {
    return ReasonError(absl::StatusCode::kPermissionDenied, "ENVELOPE_ANSWER", "the answer is to something else");
  }
  absl::MutexLock lock(&mutex_);
  TEILHABE_RETURN_IF_ERROR(peers_.CheckIncarnation(peer, envelope.incarnation()));
  PeerBook noted = peers_;  // Counts only once a higher incarnation is durable (protocol, rule 12).
  if (noted.NoteIncarnation(peer, envelope.incarnation())) {
    TEILHABE_RETURN_IF_ERROR(WriteIncarnations(noted));
    peers_ = std::move(noted);
  }
  return envelope;
}

std::string NetworkState::GreetingBody(std::string_view nonce) const {
  const auto held = directory();
  v1::Greeting greeting;
  greeting.add_protocol_versions(kProtocolVersion);
  greeting.set_directory_version(held->version());
  greeting.set_directory_digest(std::string(held->digest().bytes()));
  greeting.set_nonce(std::string(nonce));
  return greeting.SerializeAsString();
}

absl::StatusOr<v1::Greeting> NetworkState::Take(std::string_view peer, const trust::v1::SignedEnvelope& sealed,
                                                std::string_view kind, const std::optional<crypto::Digest>& answers) {
  TEILHABE_ASSIGN_OR_RETURN(const trust::v1::Envelope envelope, Open(peer, sealed, kind, answers));
  v1::Greeting greeting;
  if (!greeting.ParseFromString(envelope.body())) {
    return ReasonError(absl::StatusCode::kInvalidArgument, "ENVELOPE_MALFORMED", "the greeting cannot be read");
  }
  const PeerGreeting said = {{greeting.protocol_versions().begin(), greeting.protocol_versions().end()},
                             greeting.directory_version(),
                             greeting.directory_digest()};
  const auto held = directory();
  absl::MutexLock lock(&mutex_);
  TEILHABE_RETURN_IF_ERROR(peers_.Check(peer, said, held->version(), held->digest().bytes()));
  peers_.NoteGreeting(peer, said, setup_.real_clock->Now());
  return greeting;
}

absl::StatusOr<trust::v1::SignedEnvelope> NetworkState::MakeGreeting(std::string_view member,
                                                                     std::string_view nonce) const {
  return Seal(member, kGreeting, GreetingBody(nonce), std::nullopt);
}

absl::StatusOr<trust::v1::SignedEnvelope> NetworkState::AnswerGreeting(std::string_view peer,
                                                                       const trust::v1::SignedEnvelope& greeting) {
  TEILHABE_ASSIGN_OR_RETURN(const v1::Greeting taken, Take(peer, greeting, kGreeting, std::nullopt));
  return Seal(peer, kAnswer, GreetingBody(taken.nonce()), trust::EnvelopeDigest(greeting));
}

absl::StatusOr<std::int64_t> NetworkState::TakeAnswer(std::string_view peer, const trust::v1::SignedEnvelope& asked,
                                                      std::string_view nonce, const trust::v1::SignedEnvelope& answer) {
  TEILHABE_ASSIGN_OR_RETURN(const v1::Greeting taken, Take(peer, answer, kAnswer, trust::EnvelopeDigest(asked)));
  if (taken.nonce() != nonce) {
    return ReasonError(absl::StatusCode::kPermissionDenied, "ENVELOPE_ANSWER", "the answer is to something else");
  }
  return taken.directory_version();
}

void NetworkState::NoteFailure(std::string_view peer, std::string_view reason, absl::Time began) {
  absl::MutexLock lock(&mutex_);
  peers_.NoteFailure(peer, reason, began);
}

absl::StatusOr<std::int64_t> NetworkState::OfferDirectory(const trust::v1::SignedDirectory& offered) {
  const auto keep = [this](const trust::Directory& newer) {
    return WriteDurably(setup_.data / kDirectory, newer.bytes().SerializeAsString());
  };
  TEILHABE_ASSIGN_OR_RETURN(const bool newer,
                            setup_.directory->Offer(offered, setup_.identity->trust, verifier_, keep));
  if (newer) {
    absl::MutexLock lock(&mutex_);
    SetMembers();
  }
  return directory()->version();
}

v1::GetStatusResponse NetworkState::Status() const {
  v1::GetStatusResponse status;
  const auto held = directory();
  status.set_network(held->network());
  status.set_training(held->training());
  status.set_agency(setup_.identity->self.agency);
  status.set_directory_version(held->version());
  *status.mutable_network_day() = rpc::ToProto(LegalDay(NetworkNow()));
  status.mutable_certificate_end_time()->set_seconds(absl::ToUnixSeconds(setup_.identity->certificate.not_after()));
  status.set_incarnation(setup_.incarnation->number());
  absl::MutexLock lock(&mutex_);
  for (const auto& [id, peer] : peers_.peers()) {
    v1::PeerStatus* row = status.add_peers();
    row->set_id(id);
    row->set_state(ToProto(peer.state));
    row->set_reason(peer.reason);
    if (peer.greeted) row->mutable_greeted_time()->set_seconds(absl::ToUnixSeconds(*peer.greeted));
    row->set_directory_version(peer.directory_version);
    row->set_incarnation(peer.incarnation);
  }
  return status;
}

}  // namespace teilhabe::handover
