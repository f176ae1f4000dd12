#include "common/dossier/exchange.h"

#include <algorithm>

#include "common/audit/audit.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/dossier/corrections.h"

namespace teilhabe::dossier {

absl::StatusOr<v1::DeliveryItem> StoreExchange::Item(Unit& unit, const std::string& peer, const FeedEntry& entry) {
  const Ports& ports = ledger_.ports();
  storage::Transaction& reader = unit.tx;
  TEILHABE_ASSIGN_OR_RETURN(const v1::LogState log, ports.store.State(reader, entry.dossier));
  v1::DeliveryItem item;
  switch (entry.kind) {
    case FeedEntry::Kind::kEvent: {
      TEILHABE_ASSIGN_OR_RETURN(const Event event, ports.store.EventByHash(reader, entry.dossier, entry.owner));
      TEILHABE_ASSIGN_OR_RETURN(*item.mutable_event(), ledger_.Masked(reader, log, event, peer));
      TEILHABE_RETURN_IF_ERROR(HandOut(ledger_, unit, log, event, item.event(), peer));
      return item;
    }
    case FeedEntry::Kind::kStatement: {
      TEILHABE_ASSIGN_OR_RETURN(const Statement statement,
                                ports.store.StatementByHash(reader, entry.dossier, entry.owner));
      TEILHABE_ASSIGN_OR_RETURN(*item.mutable_statement(), ledger_.Masked(reader, log, statement, peer));
      for (const v1::Section& section : item.statement().sections()) {
        TEILHABE_RETURN_IF_ERROR(ports.store.AddGiven(unit.tx, entry.dossier, entry.owner, section.name(), peer));
      }
      return item;
    }
    case FeedEntry::Kind::kChunk: {
      TEILHABE_ASSIGN_OR_RETURN(const crypto::Digest digest, crypto::Digest::FromBytes(entry.owner));
      TEILHABE_ASSIGN_OR_RETURN(const std::string section, ledger_.VisibleSection(reader, log, digest, peer));
      if (section.empty()) return item;
      TEILHABE_ASSIGN_OR_RETURN(const Attachment attachment, ports.attachments.Find(reader, entry.dossier, digest));
      v1::AttachmentChunk& chunk = *item.mutable_chunk();
      chunk.set_dossier(entry.dossier);
      chunk.set_digest(entry.owner);
      chunk.set_size(attachment.size);
      chunk.set_media_type(attachment.media_type);
      chunk.set_section(section);
      chunk.set_index(entry.index);
      TEILHABE_ASSIGN_OR_RETURN(*chunk.mutable_bytes(),
                                ports.attachments.GetChunk(reader, entry.dossier, digest, entry.index));
      return item;
    }
  }
  return item;
}

absl::StatusOr<Outgoing> StoreExchange::Read(const std::string& peer, std::int64_t after, int max_items,
                                             std::size_t max_bytes) {
  Outgoing outgoing;
  // As a unit, so that what it returns is named in the journal: a reader of its own could see what is committed and not
  // named yet (rule 9).
  const absl::Status read = committer_.Commit([&](Unit& unit) -> absl::Status {
    outgoing = {after + 1, {}};
    TEILHABE_ASSIGN_OR_RETURN(const auto entries, ledger_.ports().store.ReadFeed(unit.tx, peer, after, max_items));
    std::size_t bytes = 0;
    for (const FeedEntry& entry : entries) {
      if (outgoing.items.empty()) outgoing.first_sequence = entry.position;
      auto item = Item(unit, peer, entry);
      // What has been deleted since leaves an empty place: a link has no gaps.
      if (absl::IsNotFound(item.status())) item = v1::DeliveryItem();
      if (!item.ok()) return item.status();
      std::string serialized = item->SerializeAsString();
      bytes += serialized.size();
      if (bytes > max_bytes && !outgoing.items.empty()) break;
      outgoing.items.push_back(std::move(serialized));
    }
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return outgoing;
}

absl::Status StoreExchange::Acknowledge(const std::string& peer, std::int64_t up_to,
                                        const std::vector<v1::RejectedItem>& rejected) {
  const Store& store = ledger_.ports().store;
  return committer_.Commit([&](Unit& unit) -> absl::Status {
    // Behind an event that the peer rejects for good nothing is fed anew: it would be early for ever.
    std::set<std::string> refused;
    for (const v1::RejectedItem& item : rejected) {
      if (item.reason() == "SEQUENCE_GAP") continue;
      TEILHABE_ASSIGN_OR_RETURN(const auto entry, store.ReadFeed(unit.tx, peer, item.link_sequence() - 1, 1));
      if (!entry.empty() && entry[0].position == item.link_sequence() && entry[0].kind == FeedEntry::Kind::kEvent) {
        refused.insert(entry[0].dossier);
      }
    }
    std::set<std::string> fed;
    for (const v1::RejectedItem& item : rejected) {
      if (item.reason() != "SEQUENCE_GAP" || refused.contains(item.dossier())) continue;
      TEILHABE_ASSIGN_OR_RETURN(const v1::LogState log, store.State(unit.tx, item.dossier()));
      if (!Concerned(log).contains(peer) && ledger_.SuccessorOf(log.holder()) != peer) continue;
      if (fed.insert(item.dossier()).second) {
        TEILHABE_RETURN_IF_ERROR(
            ledger_.FeedEvents(unit, log, peer, std::max<std::int64_t>(item.expected_sequence(), 1)));
      }
      // A statement that came before its log comes again after it.
      TEILHABE_ASSIGN_OR_RETURN(const auto early, store.ReadFeed(unit.tx, peer, item.link_sequence() - 1, 1));
      if (early.empty() || early[0].position != item.link_sequence() || early[0].kind != FeedEntry::Kind::kStatement) {
        continue;
      }
      TEILHABE_ASSIGN_OR_RETURN(const Statement statement,
                                store.StatementByHash(unit.tx, early[0].dossier, early[0].owner));
      TEILHABE_RETURN_IF_ERROR(ledger_.FeedStatement(unit, log, peer, statement));
    }
    return store.TrimFeed(unit.tx, peer, up_to);
  });
}

absl::StatusOr<v1::DeliveryAnswer> StoreExchange::Take(const std::string& peer, std::int64_t first_sequence,
                                                       std::int64_t acknowledged, const std::vector<std::string>& items,
                                                       absl::Time sent) {
  const Store& store = ledger_.ports().store;
  const std::vector<Arrival> arrivals = OpenArrivals(items, first_sequence, ledger_.ports());
  v1::DeliveryAnswer answer;
  const absl::Status committed = committer_.Commit([&](Unit& unit) -> absl::Status {
    answer.Clear();
    TEILHABE_ASSIGN_OR_RETURN(std::int64_t taken, store.Taken(unit.tx, peer));
    taken = std::max(taken, acknowledged);
    if (first_sequence > taken + 1) {
      answer.set_expected_sequence(taken + 1);
      return absl::OkStatus();
    }
    TEILHABE_ASSIGN_OR_RETURN(answer, intake_.Take(unit, peer, arrivals, sent));
    taken = std::max(taken, first_sequence + static_cast<std::int64_t>(arrivals.size()) - 1);
    answer.set_expected_sequence(taken + 1);
    TEILHABE_RETURN_IF_ERROR(store.SetTaken(unit.tx, peer, taken));
    TEILHABE_ASSIGN_OR_RETURN(const audit::Checkpoint head, audit::Read(unit.tx));
    answer.mutable_checkpoint()->set_size(static_cast<std::int64_t>(head.size));
    answer.mutable_checkpoint()->set_root(std::string(head.root.bytes()));
    return absl::OkStatus();
  });
  if (!committed.ok()) return committed;
  answer.set_store(name_);
  return answer;
}

absl::StatusOr<LinkState> StoreExchange::Link(const std::string& peer) {
  const Store& store = ledger_.ports().store;
  LinkState link;
  TEILHABE_ASSIGN_OR_RETURN(const auto open, store.ReadFeed(database_, peer, 0, 1));
  TEILHABE_ASSIGN_OR_RETURN(link.sent, store.FeedEnd(database_, peer));
  link.acknowledged = open.empty() ? link.sent : open[0].position - 1;
  if (!open.empty()) link.oldest_open = open[0].queued;
  TEILHABE_ASSIGN_OR_RETURN(link.taken, store.Taken(database_, peer));
  return link;
}

absl::StatusOr<std::vector<std::string>> StoreExchange::Peers() { return ledger_.ports().store.FeedMembers(database_); }

absl::StatusOr<v1::Checkpoint> StoreExchange::AccessLogHead() {
  TEILHABE_ASSIGN_OR_RETURN(const audit::Checkpoint head, audit::Read(database_));
  v1::Checkpoint checkpoint;
  checkpoint.set_size(static_cast<std::int64_t>(head.size));
  checkpoint.set_root(std::string(head.root.bytes()));
  return checkpoint;
}

}  // namespace teilhabe::dossier
