#include "services/handover/links.h"

#include <algorithm>

#include "common/base/log.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/dossier/days.h"

namespace teilhabe::handover {
namespace {

namespace wire = dossier::v1;

constexpr char kDelivery[] = "delivery";
constexpr char kDeliveryAnswer[] = "delivery-answer";
constexpr int kMaxItems = 512;
constexpr std::size_t kMaxBytes = 1 << 20;

std::string ItemDigest(std::string_view bytes) {
  return std::string(crypto::Hasher("delivery-item").Raw(bytes).Finish().bytes());
}

// What a peer says, as far as a log may hold it: a word of a closed list, not a text.
std::string Word(const std::string& said) {
  const bool good = said.size() <= 100 && std::all_of(said.begin(), said.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                             c == '.' || c == '-' || c == '/';
                    });
  return good ? said : "(not a word)";
}

}  // namespace

absl::StatusOr<dossier::Exchange*> Links::Find(std::string_view store) {
  for (dossier::Exchange* const exchange : stores_) {
    if (exchange->name() == store) return exchange;
  }
  return FieldError(absl::StatusCode::kInvalidArgument, "STORE_UNKNOWN", "store", "this node has no such store");
}

absl::StatusOr<std::optional<v1::DeliverRequest>> Links::Next(const std::string& peer, dossier::Exchange& store) {
  TEILHABE_ASSIGN_OR_RETURN(dossier::Outgoing outgoing, store.Read(peer, 0, kMaxItems, kMaxBytes));
  if (outgoing.items.empty()) return std::nullopt;
  wire::DeliveryManifest manifest;
  manifest.set_store(std::string(store.name()));
  manifest.set_acknowledged_sequence(outgoing.first_sequence - 1);
  TEILHABE_ASSIGN_OR_RETURN(*manifest.mutable_checkpoint(), store.AccessLogHead());
  v1::DeliverRequest request;
  for (std::string& item : outgoing.items) {
    manifest.add_item_digests(ItemDigest(item));
    request.add_items(std::move(item));
  }
  TEILHABE_ASSIGN_OR_RETURN(*request.mutable_envelope(), state_.Seal(peer, kDelivery, manifest.SerializeAsString(),
                                                                     std::nullopt, outgoing.first_sequence));
  return request;
}

absl::StatusOr<bool> Links::TakeAnswer(const std::string& peer, dossier::Exchange& store,
                                       const v1::DeliverRequest& asked, const v1::DeliverResponse& answer) {
  TEILHABE_ASSIGN_OR_RETURN(const trust::v1::Envelope envelope, state_.Open(peer, answer.envelope(), kDeliveryAnswer,
                                                                            trust::EnvelopeDigest(asked.envelope())));
  trust::v1::Envelope sent;
  wire::DeliveryAnswer taken;
  if (!sent.ParseFromString(asked.envelope().envelope()) || !taken.ParseFromString(envelope.body()) ||
      taken.expected_sequence() < 1) {
    return ReasonError(absl::StatusCode::kInvalidArgument, "ANSWER_MALFORMED", "the answer cannot be read");
  }
  for (const wire::RejectedItem& rejected : taken.rejected()) {
    Log(LogLevel::kWarning, "item_rejected",
        {{"peer", peer},
         {"store", store.name()},
         {"link_sequence", std::int64_t{rejected.link_sequence()}},
         {"reason", Word(rejected.reason())},
         {"field", Word(rejected.field())}});
  }
  const std::int64_t last = sent.link_sequence() + asked.items_size() - 1;
  TEILHABE_RETURN_IF_ERROR(store.Acknowledge(peer, std::min(last, taken.expected_sequence() - 1),
                                             {taken.rejected().begin(), taken.rejected().end()}));
  const bool early = std::any_of(taken.rejected().begin(), taken.rejected().end(),
                                 [](const wire::RejectedItem& item) { return item.reason() == "SEQUENCE_GAP"; });
  return early || taken.expected_sequence() <= sent.link_sequence();
}

absl::StatusOr<v1::DeliverResponse> Links::Receive(const std::string& peer, const v1::DeliverRequest& request) {
  TEILHABE_ASSIGN_OR_RETURN(const trust::v1::Envelope envelope,
                            state_.Open(peer, request.envelope(), kDelivery, std::nullopt));
  wire::DeliveryManifest manifest;
  bool matches = manifest.ParseFromString(envelope.body()) && envelope.link_sequence() >= 1 &&
                 request.items_size() > 0 && manifest.item_digests_size() == request.items_size() &&
                 manifest.acknowledged_sequence() < envelope.link_sequence();
  for (int i = 0; matches && i < request.items_size(); ++i) {
    matches = manifest.item_digests(i) == ItemDigest(request.items(i));
  }
  if (!matches) {
    return FieldError(absl::StatusCode::kInvalidArgument, "MANIFEST_MISMATCH", "items",
                      "the items are not those that the envelope names");
  }
  TEILHABE_ASSIGN_OR_RETURN(dossier::Exchange* const store, Find(manifest.store()));
  const absl::Time sent = absl::FromUnixSeconds(envelope.sent_time().seconds());
  TEILHABE_ASSIGN_OR_RETURN(const wire::DeliveryAnswer answer,
                            store->Take(peer, envelope.link_sequence(), manifest.acknowledged_sequence(),
                                        {request.items().begin(), request.items().end()}, sent));
  for (const wire::RejectedItem& rejected : answer.rejected()) {
    Log(LogLevel::kWarning, "item_refused",
        {{"peer", peer},
         {"store", store->name()},
         {"link_sequence", std::int64_t{rejected.link_sequence()}},
         {"reason", Word(rejected.reason())},
         {"field", Word(rejected.field())}});
  }
  v1::DeliverResponse response;
  TEILHABE_ASSIGN_OR_RETURN(*response.mutable_envelope(), state_.Seal(peer, kDeliveryAnswer, answer.SerializeAsString(),
                                                                      trust::EnvelopeDigest(request.envelope())));
  return response;
}

absl::StatusOr<v1::GetLinkResponse> Links::Link(const std::string& peer, std::string_view store) {
  TEILHABE_ASSIGN_OR_RETURN(dossier::Exchange* const exchange, Find(store));
  TEILHABE_ASSIGN_OR_RETURN(const dossier::LinkState link, exchange->Link(peer));
  v1::GetLinkResponse response;
  response.set_sent_sequence(link.sent);
  response.set_acknowledged_sequence(link.acknowledged);
  response.set_taken_sequence(link.taken);
  return response;
}

absl::StatusOr<std::int64_t> Links::OpenItems() {
  std::int64_t open = 0;
  for (dossier::Exchange* const store : stores_) {
    TEILHABE_ASSIGN_OR_RETURN(const auto peers, store->Peers());
    for (const std::string& peer : peers) {
      TEILHABE_ASSIGN_OR_RETURN(const dossier::LinkState link, store->Link(peer));
      open += link.sent - link.acknowledged;
    }
  }
  return open;
}

absl::StatusOr<std::vector<v1::LinkBalance>> Links::Own(const std::string& peer) {
  std::vector<v1::LinkBalance> rows;
  for (dossier::Exchange* const exchange : stores_) {
    TEILHABE_ASSIGN_OR_RETURN(const dossier::LinkState link, exchange->Link(peer));
    v1::LinkBalance& row = rows.emplace_back();
    row.set_store(std::string(exchange->name()));
    row.set_sent_sequence(link.sent);
    row.set_acknowledged_sequence(link.acknowledged);
    row.set_taken_sequence(link.taken);
    if (link.oldest_open) *row.mutable_oldest_open_time() = dossier::ToTimestamp(*link.oldest_open);
  }
  return rows;
}

}  // namespace teilhabe::handover
