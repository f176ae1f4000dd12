#include "common/dossier/testing/harness.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/dossier/days.h"
#include "common/storage/testing/private_postgres.h"

namespace teilhabe::dossier {
namespace {

constexpr int kMaxRounds = 50;
constexpr int kMaxItems = 1000;
constexpr std::size_t kMaxBytes = 16 << 20;

void CheckOk(const absl::Status& status) {
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  TEILHABE_CHECK(status.ok());
}

std::set<std::string> DossiersOf(const std::vector<NodeCore*>& nodes) {
  std::set<std::string> dossiers;
  for (NodeCore* const node : nodes) {
    for (std::string& dossier : node->Dossiers()) dossiers.insert(std::move(dossier));
  }
  return dossiers;
}

bool HasRejectedAsDiverged(NodeCore& node, const std::string& dossier) {
  for (const Statement& rejection : node.StatementsOf(dossier, node.member(), v1::StatementHeader::kRejection)) {
    if (rejection.header.rejection().reason() == "DIVERGED") return true;
  }
  return false;
}

std::string ConnectionOf(storage::DatabaseKind engine, const std::string& folder, const std::string& member) {
  if (engine == storage::DatabaseKind::kSqlite) return absl::StrCat("sqlite:", folder, "/", member, ".db");
  const auto postgres = storage::PrivatePostgres::Shared();
  CheckOk(postgres.status());
  const auto created = (*postgres)->CreateDatabase();
  CheckOk(created.status());
  return *created;
}

std::uint64_t SeedOf(std::uint64_t seed, const std::string& member) {
  for (const char c : member) seed = seed * 1000003 + static_cast<unsigned char>(c);
  return seed;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Violation& violation) {
  return out << violation.invariant << " broken by: " << violation.step;
}

std::vector<std::string> BrokenI1(const std::vector<NodeCore*>& nodes, const ProtocolRules& judged) {
  std::vector<std::string> broken;
  for (const std::string& dossier : DossiersOf(nodes)) {
    const auto deciding = std::count_if(nodes.begin(), nodes.end(), [&](NodeCore* node) {
      return MayDecide(node->Log(dossier), node->member(), judged);
    });
    if (deciding > 1) broken.push_back(dossier);
  }
  return broken;
}

std::vector<std::string> BrokenI2(const std::vector<NodeCore*>& nodes) {
  std::vector<std::string> broken;
  for (const std::string& dossier : DossiersOf(nodes)) {
    const bool bound = std::any_of(nodes.begin(), nodes.end(),
                                   [&](NodeCore* node) { return IsBound(node->Log(dossier), node->member()); });
    if (!bound) broken.push_back(dossier);
  }
  return broken;
}

std::vector<std::string> BrokenI4(const std::vector<NodeCore*>& nodes) {
  std::vector<std::string> broken;
  for (const std::string& dossier : DossiersOf(nodes)) {
    const bool fork =
        std::any_of(nodes.begin(), nodes.end(), [&](NodeCore* node) { return HasRejectedAsDiverged(*node, dossier); });
    if (fork) broken.push_back(dossier);
  }
  return broken;
}

Caller CallerAt(const std::string& member) {
  return {"teilhabe://network/" + member + "/official", "p-17", "eingliederungshilfe", "§ 69 Abs. 1 Nr. 1 SGB X"};
}

Network::Network(NetworkOptions options)
    : options_(std::move(options)), clock_(absl::FromCivil(absl::CivilHour(2026, 3, 2, 12), absl::UTCTimeZone())) {
  for (const std::string& member : options_.members) {
    auto& node = nodes_[member];
    node = std::make_unique<NodeCore>(member, ConnectionOf(options_.engine, folder_.path(), member),
                                      SeedOf(options_.seed, member), members_, clock_, options_.rules);
    CheckOk(node->Start());
  }
}

std::set<std::string> Network::broken() const {
  std::set<std::string> broken;
  for (const Violation& violation : violations_) broken.insert(violation.invariant);
  return broken;
}

std::vector<NodeCore*> Network::Nodes() {
  std::vector<NodeCore*> nodes;
  for (const auto& [member, node] : nodes_) nodes.push_back(node.get());
  return nodes;
}

void Network::Check(const std::string& step) {
  const std::vector<NodeCore*> nodes = Nodes();
  const auto note = [&](const char* invariant, const std::vector<std::string>& dossiers) {
    for (const std::string& dossier : dossiers)
      violations_.push_back({invariant, absl::StrCat(step, " (", dossier, ")")});
  };
  note("I1", BrokenI1(nodes, options_.judged.value_or(options_.rules)));
  note("I2", BrokenI2(nodes));
  note("I4", BrokenI4(nodes));
}

// Rule 9: what a node signs is in its journal before anybody sees it.
void Network::CheckJournal(const std::string& member, const std::vector<std::string>& items) {
  std::set<std::string> named;
  CheckOk(node(member).journal().Read([&](const JournalRecord& record) {
    named.emplace(record.hash.bytes());
    return absl::OkStatus();
  }));
  for (const std::string& bytes : items) {
    v1::DeliveryItem item;
    TEILHABE_CHECK(item.ParseFromString(bytes));
    std::string author;
    std::string hash;
    if (item.has_event()) {
      const auto event = ReadEvent(item.event());
      CheckOk(event.status());
      author = event->header.author();
      hash = std::string(event->hash.bytes());
    } else if (item.has_statement()) {
      const auto statement = ReadStatement(item.statement());
      CheckOk(statement.status());
      author = statement->header.author();
      hash = std::string(statement->hash.bytes());
    }
    if (author == member && named.count(hash) == 0) {
      violations_.push_back({"durable-before-sent", absl::StrCat(member, " sends what its journal does not name")});
    }
  }
}

absl::Status Network::Do(const std::string& member, const std::string& step, const UnitWork& work) {
  const absl::Status done = node(member).Do(work);
  Check(absl::StrCat(member, ": ", step));
  return done;
}

absl::Status Network::Restart(const std::string& member) {
  const absl::Status started = node(member).Start();
  Check(absl::StrCat(member, ": restarts"));
  return started;
}

namespace {

// Runs one use case of the desk and returns its answer.
template <typename Run>
Network::Answer AtDesk(Network& network, const std::string& member, const std::string& step, Run run) {
  Network::Answer answer = absl::UnknownError("");
  const absl::Status done = network.Do(member, step, [&](Unit& unit) {
    answer = run(unit, network.node(member).desk());
    return answer.status();
  });
  return done.ok() ? answer : done;
}

Request NewRequest(int& counter) {
  Request request;
  request.id = absl::StrCat("request-", ++counter);
  request.body = crypto::Sha256(request.id);
  return request;
}

template <typename Draft>
void SetDay(Draft& draft, absl::CivilDay day) {
  if (!draft.header().has_event_day()) *draft.mutable_header()->mutable_event_day() = ToDate(day);
}

std::string OfferHash(const v1::LogState& log) {
  return log.has_offer() ? log.offer().hash() : std::string(crypto::Digest::kSize, '\1');
}

}  // namespace

Network::Answer Network::Open(const std::string& member, const v1::EventDraft& draft, const std::string& dossier) {
  const Request request = NewRequest(requests_);
  v1::EventDraft dated = draft;
  SetDay(dated, today());
  return AtDesk(*this, member, "opens", [&](Unit& unit, const Desk& desk) {
    return desk.Open(unit, CallerAt(member), request, dossier, dated);
  });
}

Network::Answer Network::Append(const std::string& member, v1::EventDraft draft, const std::string& dossier) {
  const Request request = NewRequest(requests_);
  SetDay(draft, today());
  const std::string head = node(member).Log(dossier).head();
  return AtDesk(
      *this, member, absl::StrCat("appends ", v1::EventKind_Name(draft.header().kind())),
      [&](Unit& unit, const Desk& desk) { return desk.Append(unit, CallerAt(member), request, dossier, head, draft); });
}

Network::Answer Network::Sign(const std::string& member, v1::StatementDraft draft, const std::string& dossier) {
  const Request request = NewRequest(requests_);
  SetDay(draft, today());
  return AtDesk(*this, member, "signs", [&](Unit& unit, const Desk& desk) {
    return desk.Sign(unit, CallerAt(member), request, dossier, draft);
  });
}

Network::Answer Network::Accept(const std::string& member, const std::string& dossier) {
  const Request request = NewRequest(requests_);
  const std::string offer = OfferHash(node(member).Log(dossier));
  return AtDesk(*this, member, "accepts", [&](Unit& unit, const Desk& desk) {
    return desk.Accept(unit, CallerAt(member), request, dossier, offer, "§ 108 SGB IX");
  });
}

Network::Answer Network::Decline(const std::string& member, const std::string& dossier) {
  const Request request = NewRequest(requests_);
  NodeCore& self = node(member);
  const v1::LogState log = self.Log(dossier);
  v1::Decision reasons;
  reasons.add_reasons(v1::DECLINE_REASON_WRONG_PLACE);
  const auto decline = [&](Unit& unit, const Desk& desk) {
    return desk.Decline(unit, CallerAt(member), request, dossier, OfferHash(log), "§ 108 SGB IX", reasons);
  };
  if (self.rules().decline_is_durable) return AtDesk(*this, member, "declines", decline);
  Answer answer = absl::UnknownError("");
  std::string item;
  const absl::Status undone = Do(member, "declines and forgets", [&](Unit& unit) -> absl::Status {
    answer = decline(unit, self.desk());
    TEILHABE_RETURN_IF_ERROR(answer.status());
    TEILHABE_ASSIGN_OR_RETURN(const Statement statement,
                              self.store().StatementByHash(unit.tx, dossier, answer->statement_hash()));
    item = Item(statement);
    return absl::CancelledError("nothing of it is stored");
  });
  if (item.empty()) return undone;
  Post(member, log.holder(), {item});
  return answer;
}

absl::Status Network::Upload(const std::string& member, const std::string& section, const std::string& bytes,
                             const std::string& dossier, const std::string& media_type) {
  return Do(member, "uploads", [&](Unit& unit) -> absl::Status {
    const Attachments& attachments = node(member).ledger().ports().attachments;
    const crypto::Digest digest = AttachmentDigest(bytes);
    const auto size = static_cast<std::int64_t>(bytes.size());
    TEILHABE_RETURN_IF_ERROR(
        attachments.Begin(unit.tx, dossier, digest, {size, media_type, SubjectHandle(dossier, section)}));
    for (std::int64_t index = 0; index < ChunkCount(size); ++index) {
      TEILHABE_RETURN_IF_ERROR(attachments.PutChunk(unit.tx, dossier, digest, index,
                                                    bytes.substr(static_cast<std::size_t>(index * kAttachmentChunk),
                                                                 static_cast<std::size_t>(kAttachmentChunk))));
    }
    return attachments.Finish(unit.tx, dossier, digest);
  });
}

int Network::Publish(const std::string& from, const std::string& to) {
  TEILHABE_CHECK(!node(from).down());
  auto outgoing = node(from).exchange().Read(to, 0, kMaxItems, kMaxBytes);
  CheckOk(outgoing.status());
  if (outgoing->items.empty()) return -1;
  CheckJournal(from, outgoing->items);
  return Post(from, to, std::move(outgoing->items));
}

int Network::Post(const std::string& from, const std::string& to, std::vector<std::string> items) {
  messages_.push_back({from, to, std::move(items), clock_.Now()});
  return static_cast<int>(messages_.size()) - 1;
}

int Network::Relay(int number, const std::string& via, const std::string& to) {
  return Post(via, to, message(number).items);
}

absl::StatusOr<v1::DeliveryAnswer> Network::Deliver(int number) {
  const Message sent = message(number);
  NodeCore& receiver = node(sent.to);
  const std::vector<Arrival> arrivals =
      receiver.down() ? std::vector<Arrival>() : OpenArrivals(sent.items, 1, receiver.ledger().ports());
  v1::DeliveryAnswer answer;
  TEILHABE_RETURN_IF_ERROR(
      Do(sent.to, absl::StrCat("takes message ", number, " from ", sent.from), [&](Unit& unit) -> absl::Status {
        TEILHABE_ASSIGN_OR_RETURN(answer, receiver.intake().Take(unit, sent.from, arrivals, sent.sent));
        return absl::OkStatus();
      }));
  NodeCore& sender = node(sent.from);
  if (!sender.down() && answer.rejected_size() > 0) {
    CheckOk(sender.exchange().Acknowledge(sent.to, 0, {answer.rejected().begin(), answer.rejected().end()}));
    Check(absl::StrCat(sent.from, ": learns what ", sent.to, " misses"));
  }
  return answer;
}

bool Network::Carry(const std::string& from, const std::string& to) {
  NodeCore& sender = node(from);
  NodeCore& receiver = node(to);
  if (sender.down() || receiver.down()) return false;
  const auto outgoing = sender.exchange().Read(to, 0, kMaxItems, kMaxBytes);
  TEILHABE_CHECK(outgoing.ok() || sender.down());
  if (!outgoing.ok() || outgoing->items.empty()) return false;
  CheckJournal(from, outgoing->items);
  const auto answer = receiver.exchange().Take(from, outgoing->first_sequence, outgoing->first_sequence - 1,
                                               outgoing->items, clock_.Now());
  Check(absl::StrCat(to, ": takes from ", from));
  if (!answer.ok()) {
    TEILHABE_CHECK(receiver.down());
    return false;
  }
  const absl::Status acknowledged = sender.exchange().Acknowledge(
      to, answer->expected_sequence() - 1, {answer->rejected().begin(), answer->rejected().end()});
  TEILHABE_CHECK(acknowledged.ok() || sender.down());
  return true;
}

void Network::Settle() {
  for (int round = 0; round < kMaxRounds; ++round) {
    bool quiet = true;
    for (const auto& [from, sender] : nodes_) {
      for (const auto& [to, receiver] : nodes_) {
        if (from != to && Carry(from, to)) quiet = false;
      }
    }
    if (quiet) return;
  }
  TEILHABE_CHECK(false && "the network does not become quiet");
}

}  // namespace teilhabe::dossier
