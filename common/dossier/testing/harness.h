#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/dossier/testing/drafts.h"
#include "common/dossier/testing/node_core.h"
#include "common/storage/testing/backends.h"

// Several nodes in one thread, and between them a set of messages that the test delivers, repeats, reorders, drops or
// lets a third one relay, as it likes. Everything follows from the seed. After every step the invariants are checked.
namespace teilhabe::dossier {

struct NetworkOptions {
  std::vector<std::string> members = {"a", "b", "c"};
  std::uint64_t seed = 1;
  ProtocolRules rules = DefaultRules();
  // Who counts as deciding (I1), where that is not by `rules`: a payment is no decision.
  std::optional<ProtocolRules> judged;
  storage::DatabaseKind engine = storage::DatabaseKind::kSqlite;
};

// What one member has sent to another. Stays in the network for ever.
struct Message {
  std::string from;
  std::string to;
  std::vector<std::string> items;
  absl::Time sent;
};

struct Violation {
  std::string invariant;  // `I1`, `I2`, `I4`, or `durable-before-sent` (rule 9).
  std::string step;
};
std::ostream& operator<<(std::ostream& out, const Violation& violation);

// Checks over all nodes, by what is durable at each. Each returns the dossiers for which it does not hold.
// I1: no two may decide.
std::vector<std::string> BrokenI1(const std::vector<NodeCore*>& nodes, const ProtocolRules& judged);
// I2: some node is bound.
std::vector<std::string> BrokenI2(const std::vector<NodeCore*>& nodes);
// I4: no node has seen a fork, that is, rejected anything as DIVERGED.
std::vector<std::string> BrokenI4(const std::vector<NodeCore*>& nodes);

class Network {
 public:
  explicit Network(NetworkOptions options = {});

  SampleMembers& members() { return members_; }
  FakeClock& clock() { return clock_; }
  absl::CivilDay today() const { return LegalDay(clock_.Now()); }
  NodeCore& node(const std::string& member) { return *nodes_.at(member); }

  // Every step ends with the invariants; these are those that were broken up to now, and where.
  const std::vector<Violation>& violations() const { return violations_; }
  std::set<std::string> broken() const;

  // --- Steps of a node.
  absl::Status Do(const std::string& member, const std::string& step, const UnitWork& work);
  absl::Status Restart(const std::string& member);
  // The agency has ended: its node takes no step any more and counts for no invariant.
  void Cease(const std::string& member) { nodes_.erase(member); }

  // What its officials do, under a request id of its own each time, at the head that the node has.
  using Answer = absl::StatusOr<v1::StoredAnswer>;
  Answer Open(const std::string& member, const v1::EventDraft& draft = OpenedDraft(),
              const std::string& dossier = kSampleDossier);
  Answer Append(const std::string& member, v1::EventDraft draft, const std::string& dossier = kSampleDossier);
  Answer Sign(const std::string& member, v1::StatementDraft draft, const std::string& dossier = kSampleDossier);
  // The open offer of the node's log; without one: a hash of nothing.
  Answer Accept(const std::string& member, const std::string& dossier = kSampleDossier);
  // With rule 5 off the decline is signed and sent, and nobody remembers it.
  Answer Decline(const std::string& member, const std::string& dossier = kSampleDossier);
  // Stores an attachment, as an upload does.
  absl::Status Upload(const std::string& member, const std::string& section, const std::string& bytes,
                      const std::string& dossier = kSampleDossier, const std::string& media_type = "application/pdf");

  // --- Messages.
  // Puts what the node has for `to` into the network and returns its number; the same again until it is acknowledged.
  // -1: there is nothing.
  int Publish(const std::string& from, const std::string& to);
  // Anything that anybody made.
  int Post(const std::string& from, const std::string& to, std::vector<std::string> items);
  // The same items, sent on by a third.
  int Relay(int message, const std::string& via, const std::string& to);
  const Message& message(int number) const { return messages_.at(static_cast<std::size_t>(number)); }
  // The receiver takes it, as if it had come now, whatever its link says; the sender learns what is missing and feeds
  // it anew, but forgets nothing. Errors: those of Intake::Take, and then nothing was taken; NODE_DOWN, CRASHED.
  absl::StatusOr<v1::DeliveryAnswer> Deliver(int message);
  // The real way with its link: read, take, acknowledge; a node that is down, or a crash, ends it. Returns whether
  // there was anything.
  bool Carry(const std::string& from, const std::string& to);
  // Carries everything that there is between the nodes that are up. The network must become quiet.
  void Settle();

 private:
  void Check(const std::string& step);
  void CheckJournal(const std::string& member, const std::vector<std::string>& items);
  std::vector<NodeCore*> Nodes();

  const NetworkOptions options_;
  storage::TemporaryFolder folder_;
  SampleMembers members_;
  FakeClock clock_;
  std::map<std::string, std::unique_ptr<NodeCore>> nodes_;
  std::vector<Message> messages_;
  std::vector<Violation> violations_;
  int requests_ = 0;
};

// Who asks at the desk of a member.
Caller CallerAt(const std::string& member);

}  // namespace teilhabe::dossier
