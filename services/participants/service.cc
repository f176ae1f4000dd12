#include "services/participants/service.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/rpc/status.h"
#include "common/trust/directory.h"
#include "services/participants/actor.h"

namespace teilhabe::participants {
namespace {

constexpr int kKlaerungAfterDays = 30;
constexpr int kDefaultPage = 50;
constexpr int kMaxPage = 1000;
constexpr std::size_t kMaxPageBytes = 3'000'000;  // gRPC takes 4 MB at once.
constexpr std::size_t kPiece = 262'144;           // Bytes of a streamed file.

// Errors: PAGE_SIZE.
absl::StatusOr<int> PageSize(int asked) {
  if (asked < 0) return FieldError(absl::StatusCode::kInvalidArgument, "PAGE_SIZE", "page_size", "send 0 or more");
  return asked == 0 ? kDefaultPage : std::min(asked, kMaxPage);
}

// Moves items into a page until there are `size` of them or it would be too large; one always fits. Returns how many.
template <typename Item, typename Page>
std::size_t FillPage(std::vector<Item>& items, int size, Page& page) {
  std::size_t bytes = 0;
  std::size_t taken = 0;
  for (Item& item : items) {
    bytes += item.bytes.ByteSizeLong() + 8;
    if (static_cast<int>(taken) == size || (taken > 0 && bytes > kMaxPageBytes)) break;
    *page.Add() = std::move(item.bytes);
    ++taken;
  }
  return taken;
}

absl::Status CheckDossier(const std::string& dossier) {
  if (dossier::IsDossierId(dossier)) return absl::OkStatus();
  return FieldError(absl::StatusCode::kInvalidArgument, "DOSSIER_INVALID", "dossier",
                    "a dossier id is 32 lower-case hex digits");
}

// What gate 2 lets a caller see of a dossier; of one that is no person's case, everything.
class Sight {
 public:
  Sight() = default;
  // `shown`: by the purpose alone; `allowed`: of these what the agency's relation gives.
  Sight(std::set<Category> allowed, std::set<Category> shown)
      : allowed_(std::move(allowed)), shown_(std::move(shown)) {}

  // Errors: kPermissionDenied CATEGORY_WITHHELD (by the purpose); kNotFound SECTION_ABSENT (not given to this agency).
  absl::Status Check(int category) const {
    // 0: there is no such section, which is said elsewhere.
    if (!allowed_ || category == 0 || allowed_->contains(ToCategory(category))) return absl::OkStatus();
    if (shown_.contains(ToCategory(category))) {
      return ReasonError(absl::StatusCode::kNotFound, "SECTION_ABSENT", "this agency has no part in this category");
    }
    return FieldError(absl::StatusCode::kPermissionDenied, "CATEGORY_WITHHELD", "purpose",
                      "this purpose does not show this category");
  }
  // Takes out what may not be seen.
  template <typename Header, typename Signed>
  void Mask(Signed& item) const {
    Header header;
    if (!allowed_ || !header.ParseFromString(item.header())) return;
    auto& sections = *item.mutable_sections();
    sections.erase(std::remove_if(sections.begin(), sections.end(),
                                  [&](const dossier::v1::Section& section) {
                                    const auto ref =
                                        std::find_if(header.sections().begin(), header.sections().end(),
                                                     [&](const auto& named) { return named.name() == section.name(); });
                                    return ref != header.sections().end() && !Check(ref->category()).ok();
                                  }),
                   sections.end());
  }

 private:
  std::optional<std::set<Category>> allowed_;
  std::set<Category> shown_;
};

// Steps of a case are CaseService's: whatever else is appended here no fold of a case takes for one.
absl::Status CheckNoStep(const google::protobuf::RepeatedPtrField<dossier::v1::SectionDraft>& sections) {
  for (const dossier::v1::SectionDraft& section : sections) {
    if (section.payload().type() == v1::Procedure::descriptor()->full_name()) {
      return FieldError(absl::StatusCode::kFailedPrecondition, "EVENT_NOT_DRAFTED", "draft.sections",
                        "steps of a case are recorded through CaseService, which checks them");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Sight> Look(const rpc::DossierStore& dossiers, dossier::Unit& unit, const Actor& actor,
                           const std::string& dossier) {
  const dossier::Ledger& ledger = dossiers.ledger();
  TEILHABE_ASSIGN_OR_RETURN(const dossier::v1::LogState log, ledger.ports().store.State(unit.tx, dossier));
  if (log.class_() != dossier::v1::DOSSIER_CLASS_CASE || log.sequence() == 0) return Sight();
  const Relation relation = RelationOf(log, ledger.ports().member, ledger.Today());
  if (relation == Relation::kNone) {
    // It was asked once and declined: the procedure up to there stays its own, as a former holder's.
    TEILHABE_ASSIGN_OR_RETURN(auto shown, MayRead(actor.role, actor.caller.purpose, Relation::kFormerHolder));
    return Sight(shown, shown);
  }
  auto allowed = VisibleTo(unit.tx, ledger.ports().store, log, ledger.ports().member, ledger.Today(), actor.role,
                           actor.caller.purpose);
  if (allowed.ok()) {
    auto shown = MayRead(actor.role, actor.caller.purpose, relation);
    return Sight(*std::move(allowed), *std::move(shown));
  }
  if (!absl::IsNotFound(allowed.status())) return allowed.status();
  return FieldError(absl::StatusCode::kNotFound, "DOSSIER_UNKNOWN", "dossier", "this node has no such dossier");
}

// A case that was opened as one goes to others, and gets its steps, through CaseService alone, which asks what the
// receiver needs. Errors: USE_CASE_SERVICE.
absl::Status CheckNotOfCase(const dossier::Store& store, dossier::Unit& unit, const dossier::v1::LogState& log) {
  if (log.sequence() == 0) return absl::OkStatus();
  TEILHABE_ASSIGN_OR_RETURN(const dossier::Event opened, store.EventAt(unit.tx, log.dossier(), 1));
  const auto& sections = opened.header.sections();
  if (std::none_of(sections.begin(), sections.end(), [](const auto& ref) { return ref.name() == "person/p1"; })) {
    return absl::OkStatus();
  }
  return FieldError(absl::StatusCode::kFailedPrecondition, "USE_CASE_SERVICE", "draft",
                    "this is the case of a person; do that through CaseService");
}

// Whether a draft is what CaseService does with a case: passes it on, or says what a step says or rests on.
bool IsOfCaseService(const dossier::v1::EventDraft& draft) {
  constexpr std::array kPasses = {dossier::v1::EVENT_KIND_ANNOUNCED,    dossier::v1::EVENT_KIND_OFFERED,
                                  dossier::v1::EVENT_KIND_FORWARDED,    dossier::v1::EVENT_KIND_PARTY_ADMITTED,
                                  dossier::v1::EVENT_KIND_SENT_OUTSIDE, dossier::v1::EVENT_KIND_RECEIVED_OUTSIDE};
  constexpr std::array<std::string_view, 6> kOfSteps = {"verfahren",    "",          "vertretung/p1", "begruendung/p1",
                                                        "tatsachen/p1", "loesung/p1"};
  const auto& header = draft.header();
  if (std::find(kPasses.begin(), kPasses.end(), header.kind()) != kPasses.end()) return true;
  if (v1::Procedure::descriptor()->FindFieldByName(header.record()) != nullptr) return true;
  if (header.has_corrected() &&
      std::find(kOfSteps.begin(), kOfSteps.end(), header.corrected().name()) != kOfSteps.end()) {
    return true;
  }
  return std::any_of(draft.sections().begin(), draft.sections().end(),
                     [](const auto& section) { return section.name() == "verfahren"; });
}

// Whether somebody may write for the purpose, and whether a grant gives medical data against the person's objection
// (§ 76 Abs. 2 Nr. 1 SGB X).
absl::Status MayDraft(const rpc::DossierStore& dossiers, dossier::Unit& unit, const Actor& actor,
                      const std::string& dossier, const dossier::v1::EventDraft& draft) {
  const dossier::v1::EventHeader& header = draft.header();
  const dossier::Store& store = dossiers.ledger().ports().store;
  TEILHABE_ASSIGN_OR_RETURN(const dossier::v1::LogState log, store.State(unit.tx, dossier));
  if (log.class_() != dossier::v1::DOSSIER_CLASS_CASE) return absl::OkStatus();
  TEILHABE_RETURN_IF_ERROR(MayWrite(actor.role, actor.caller.purpose));
  if (IsOfCaseService(draft)) TEILHABE_RETURN_IF_ERROR(CheckNotOfCase(store, unit, log));
  for (const dossier::v1::SectionDraft& section : draft.sections()) {
    if (!header.has_corrected()) break;
    TEILHABE_RETURN_IF_ERROR(CheckCorrection(section.name(), section.payload(), dossiers.ledger().Today()));
  }
  const std::array grants = {&header.announced().grant(), &header.offered().grant(), &header.forwarded().grant(),
                             &header.party_admitted().grant()};
  const bool medical = std::any_of(grants.begin(), grants.end(),
                                   [](const dossier::v1::Grant* grant) { return !grant->medical_basis().empty(); });
  if (!medical) return absl::OkStatus();
  TEILHABE_ASSIGN_OR_RETURN(const CaseFile file, ReadCase(unit.tx, dossiers.ledger(), log, true));
  if (file.folded.hints.empty() || !file.folded.hints.back().what.objection) return absl::OkStatus();
  return FieldError(absl::StatusCode::kFailedPrecondition, "MEDICAL_OBJECTION", "draft.header",
                    "the person objects: medical data are held back (§ 76 Abs. 2 Nr. 1 SGB X)");
}

// The category of a section of an event or statement; 0: there is none.
int FindCategory(const dossier::Store& store, dossier::Unit& unit, const std::string& dossier, const std::string& hash,
                 const std::string& name) {
  const auto find = [&](const auto& refs) {
    for (const dossier::v1::SectionRef& ref : refs) {
      if (ref.name() == name) return static_cast<int>(ref.category());
    }
    return 0;
  };
  if (const auto event = store.EventByHash(unit.tx, dossier, hash); event.ok()) return find(event->header.sections());
  const auto statement = store.StatementByHash(unit.tx, dossier, hash);
  return statement.ok() ? find(statement->header.sections()) : 0;
}

}  // namespace

template <typename Work>
grpc::Status DossierServiceImpl::Run(grpc::ServerContext* context, const char* method, const Work& work) {
  const auto admitted = gatekeeper_.Admit(*context, std::string(kName) + "/" + method);
  if (!admitted.ok()) return rpc::ToGrpcStatus(admitted.status());
  const Actor actor = ToActor(*admitted);
  const absl::Status done = dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    if constexpr (std::is_invocable_v<Work, dossier::Unit&, const Actor&>) {
      return work(unit, actor);
    } else {
      return work(unit, actor.caller);
    }
  });
  return done.ok() ? grpc::Status::OK : rpc::ToGrpcStatus(done);
}

grpc::Status DossierServiceImpl::OpenDossier(grpc::ServerContext* context, const v1::OpenDossierRequest* request,
                                             v1::OpenDossierResponse* response) {
  return Run(context, "OpenDossier", [&](dossier::Unit& unit, const dossier::Caller& caller) -> absl::Status {
    TEILHABE_RETURN_IF_ERROR(CheckDossier(request->dossier()));
    TEILHABE_RETURN_IF_ERROR(CheckNoStep(request->draft().sections()));
    TEILHABE_ASSIGN_OR_RETURN(const auto answer, dossiers_.desk().Open(unit, caller, ToRequest("open", *request),
                                                                       request->dossier(), request->draft()));
    *response->mutable_answer() = ToAnswer(answer);
    return absl::OkStatus();
  });
}

grpc::Status DossierServiceImpl::AppendEvent(grpc::ServerContext* context, const v1::AppendEventRequest* request,
                                             v1::AppendEventResponse* response) {
  return Run(context, "AppendEvent", [&](dossier::Unit& unit, const Actor& actor) -> absl::Status {
    const dossier::Caller& caller = actor.caller;
    TEILHABE_RETURN_IF_ERROR(MayDraft(dossiers_, unit, actor, request->dossier(), request->draft()));
    TEILHABE_RETURN_IF_ERROR(CheckNoStep(request->draft().sections()));
    TEILHABE_ASSIGN_OR_RETURN(const auto answer,
                              dossiers_.desk().Append(unit, caller, ToRequest("append", *request), request->dossier(),
                                                      request->expected_head(), request->draft()));
    *response->mutable_answer() = ToAnswer(answer);
    return absl::OkStatus();
  });
}

grpc::Status DossierServiceImpl::AnswerOffer(grpc::ServerContext* context, const v1::AnswerOfferRequest* request,
                                             v1::AnswerOfferResponse* response) {
  return Run(context, "AnswerOffer", [&](dossier::Unit& unit, const Actor& actor) -> absl::Status {
    const dossier::Caller& caller = actor.caller;
    TEILHABE_RETURN_IF_ERROR(MayDraft(dossiers_, unit, actor, request->dossier(), {}));
    const dossier::Store& store = dossiers_.ledger().ports().store;
    TEILHABE_ASSIGN_OR_RETURN(const dossier::v1::LogState log, store.State(unit.tx, request->dossier()));
    if (log.class_() == dossier::v1::DOSSIER_CLASS_CASE) TEILHABE_RETURN_IF_ERROR(CheckNotOfCase(store, unit, log));
    const dossier::Request asked = ToRequest("answer", *request);
    absl::StatusOr<dossier::v1::StoredAnswer> answer;
    if (request->outcome() == dossier::v1::OUTCOME_ACCEPTED) {
      answer = dossiers_.desk().Accept(unit, caller, asked, request->dossier(), request->offer_hash(),
                                       request->legal_basis());
    } else if (request->outcome() == dossier::v1::OUTCOME_DECLINED) {
      dossier::v1::Decision reasons;
      *reasons.mutable_reasons() = request->reasons();
      *reasons.mutable_missing() = request->missing();
      answer = dossiers_.desk().Decline(unit, caller, asked, request->dossier(), request->offer_hash(),
                                        request->legal_basis(), reasons);
    } else {
      return FieldError(absl::StatusCode::kInvalidArgument, "OUTCOME_INVALID", "outcome", "accept or decline");
    }
    if (!answer.ok()) return answer.status();
    *response->mutable_answer() = ToAnswer(*answer);
    return absl::OkStatus();
  });
}

grpc::Status DossierServiceImpl::SignStatement(grpc::ServerContext* context, const v1::SignStatementRequest* request,
                                               v1::SignStatementResponse* response) {
  return Run(context, "SignStatement", [&](dossier::Unit& unit, const Actor& actor) -> absl::Status {
    const dossier::Caller& caller = actor.caller;
    TEILHABE_RETURN_IF_ERROR(MayDraft(dossiers_, unit, actor, request->dossier(), {}));
    TEILHABE_RETURN_IF_ERROR(CheckNoStep(request->draft().sections()));
    TEILHABE_RETURN_IF_ERROR(CheckDossier(request->dossier()));
    TEILHABE_ASSIGN_OR_RETURN(const auto answer, dossiers_.desk().Sign(unit, caller, ToRequest("sign", *request),
                                                                       request->dossier(), request->draft()));
    *response->mutable_answer() = ToAnswer(answer);
    return absl::OkStatus();
  });
}

grpc::Status DossierServiceImpl::GetDossier(grpc::ServerContext* context, const v1::GetDossierRequest* request,
                                            v1::GetDossierResponse* response) {
  return Run(context, "GetDossier", [&](dossier::Unit& unit, const Actor& actor) -> absl::Status {
    const dossier::Caller& caller = actor.caller;
    TEILHABE_RETURN_IF_ERROR(Look(dossiers_, unit, actor, request->dossier()).status());
    TEILHABE_ASSIGN_OR_RETURN(const dossier::View view,
                              dossiers_.desk().Show(unit, caller, request->dossier(), kKlaerungAfterDays));
    response->Clear();
    *response->mutable_log() = view.log;
    response->set_standing(ToProto(view.standing));
    response->set_klaerung(view.klaerung);
    for (const dossier::Statement& statement : view.pending) {
      response->add_pending(std::string(statement.hash.bytes()));
    }
    for (const dossier::Store::Unconfirmed& told : view.unconfirmed) {
      v1::UnconfirmedCorrection& unconfirmed = *response->add_unconfirmed_corrections();
      unconfirmed.set_sequence(told.sequence);
      unconfirmed.set_member(told.member);
    }
    return absl::OkStatus();
  });
}

grpc::Status DossierServiceImpl::ListEvents(grpc::ServerContext* context, const v1::ListEventsRequest* request,
                                            v1::ListEventsResponse* response) {
  return Run(context, "ListEvents", [&](dossier::Unit& unit, const Actor& actor) -> absl::Status {
    const dossier::Caller& caller = actor.caller;
    TEILHABE_RETURN_IF_ERROR(Look(dossiers_, unit, actor, request->dossier()).status());
    if (request->from_sequence() < 0) {
      return FieldError(absl::StatusCode::kInvalidArgument, "PAGE_SIZE", "from_sequence", "send 0 or more");
    }
    TEILHABE_ASSIGN_OR_RETURN(const int size, PageSize(request->page_size()));
    TEILHABE_ASSIGN_OR_RETURN(
        auto events, dossiers_.desk().ListEvents(unit, caller, request->dossier(),
                                                 std::max<std::int64_t>(request->from_sequence(), 1), size + 1));
    response->Clear();
    const std::size_t taken = FillPage(events, size, *response->mutable_events());
    if (taken < events.size()) response->set_next_sequence(events[taken].header.sequence());
    return absl::OkStatus();
  });
}

grpc::Status DossierServiceImpl::ListStatements(grpc::ServerContext* context, const v1::ListStatementsRequest* request,
                                                v1::ListStatementsResponse* response) {
  return Run(context, "ListStatements", [&](dossier::Unit& unit, const Actor& actor) -> absl::Status {
    const dossier::Caller& caller = actor.caller;
    TEILHABE_RETURN_IF_ERROR(Look(dossiers_, unit, actor, request->dossier()).status());
    TEILHABE_ASSIGN_OR_RETURN(const int size, PageSize(request->page_size()));
    TEILHABE_ASSIGN_OR_RETURN(auto statements, dossiers_.desk().ListStatements(unit, caller, request->dossier(),
                                                                               request->after_hash(), size + 1));
    response->Clear();
    const std::size_t taken = FillPage(statements, size, *response->mutable_statements());
    if (taken < statements.size()) {
      response->set_next_after_hash(std::string(statements[taken - 1].hash.bytes()));
    }
    return absl::OkStatus();
  });
}

grpc::Status DossierServiceImpl::ReadSection(grpc::ServerContext* context, const v1::ReadSectionRequest* request,
                                             v1::ReadSectionResponse* response) {
  return Run(context, "ReadSection", [&](dossier::Unit& unit, const Actor& actor) -> absl::Status {
    TEILHABE_ASSIGN_OR_RETURN(const Sight sight, Look(dossiers_, unit, actor, request->dossier()));
    TEILHABE_RETURN_IF_ERROR(sight.Check(
        FindCategory(dossiers_.ledger().ports().store, unit, request->dossier(), request->hash(), request->name())));
    TEILHABE_ASSIGN_OR_RETURN(
        const dossier::v1::Section section,
        dossiers_.desk().ReadSection(unit, actor.caller, request->dossier(), request->hash(), request->name()));
    if (!response->mutable_payload()->ParseFromString(section.payload())) {
      return ReasonError(absl::StatusCode::kDataLoss, "STORE_CORRUPT", "the section cannot be read");
    }
    return absl::OkStatus();
  });
}

grpc::Status DossierServiceImpl::AddAttachment(grpc::ServerContext* context,
                                               grpc::ServerReader<v1::AddAttachmentRequest>* reader,
                                               v1::AddAttachmentResponse* response) {
  v1::AddAttachmentRequest piece;
  if (!reader->Read(&piece)) {
    return rpc::ToGrpcStatus(
        FieldError(absl::StatusCode::kInvalidArgument, "ATTACHMENT_INCOMPLETE", "bytes", "nothing was sent"));
  }
  const v1::AddAttachmentRequest first = piece;
  const auto digest = crypto::Digest::FromBytes(first.digest());
  if (!digest.ok()) return rpc::ToGrpcStatus(digest.status());
  const dossier::Attachments& attachments = dossiers_.attachments();
  std::string left;  // Bytes that are not a chunk yet.
  std::int64_t index = 0;
  std::int64_t arrived = 0;
  grpc::Status status =
      Run(context, "AddAttachment", [&](dossier::Unit& unit, const dossier::Caller& caller) -> absl::Status {
        TEILHABE_RETURN_IF_ERROR(CheckDossier(first.dossier()));
        return dossiers_.desk().BeginAttachment(
            unit, caller, first.dossier(), *digest,
            {first.size(), first.media_type(), dossier::SubjectHandle(first.dossier(), first.section())});
      });
  const auto put = [&](std::string_view chunk) {
    const absl::Status stored = dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
      return attachments.PutChunk(unit.tx, first.dossier(), *digest, index, chunk);
    });
    ++index;
    return stored.ok() ? grpc::Status::OK : rpc::ToGrpcStatus(stored);
  };
  constexpr std::size_t kChunk = dossier::kAttachmentChunk;
  while (status.ok()) {
    arrived += static_cast<std::int64_t>(piece.bytes().size());
    if (arrived > first.size()) {
      return rpc::ToGrpcStatus(FieldError(absl::StatusCode::kInvalidArgument, "ATTACHMENT_TOO_LARGE", "bytes",
                                          "more was sent than was said"));
    }
    left += piece.bytes();
    for (; status.ok() && left.size() >= kChunk; left.erase(0, kChunk)) status = put(left.substr(0, kChunk));
    if (!status.ok() || !reader->Read(&piece)) break;
  }
  if (status.ok() && !left.empty()) status = put(left);
  if (!status.ok()) return status;
  const absl::Status finished = dossiers_.Commit(
      [&](dossier::Unit& unit) -> absl::Status { return attachments.Finish(unit.tx, first.dossier(), *digest); });
  if (!finished.ok()) return rpc::ToGrpcStatus(finished);
  response->mutable_attachment()->set_media_type(first.media_type());
  response->mutable_attachment()->set_size(first.size());
  response->mutable_attachment()->set_digest(first.digest());
  return grpc::Status::OK;
}

grpc::Status DossierServiceImpl::ReadAttachment(grpc::ServerContext* context, const v1::ReadAttachmentRequest* request,
                                                grpc::ServerWriter<v1::ReadAttachmentResponse>* writer) {
  const auto digest = crypto::Digest::FromBytes(request->digest());
  if (!digest.ok()) return rpc::ToGrpcStatus(digest.status());
  dossier::Attachment attachment;
  grpc::Status status = Run(context, "ReadAttachment", [&](dossier::Unit& unit, const Actor& actor) -> absl::Status {
    TEILHABE_ASSIGN_OR_RETURN(const Sight sight, Look(dossiers_, unit, actor, request->dossier()));
    TEILHABE_ASSIGN_OR_RETURN(attachment,
                              dossiers_.desk().FindAttachment(unit, actor.caller, request->dossier(), *digest));
    // One that no section names yet is its uploader's.
    TEILHABE_ASSIGN_OR_RETURN(const auto namings,
                              dossiers_.ledger().ports().store.Namings(unit.tx, request->dossier(), *digest));
    for (const dossier::Store::Naming& naming : namings) {
      TEILHABE_RETURN_IF_ERROR(sight.Check(
          FindCategory(dossiers_.ledger().ports().store, unit, request->dossier(), naming.owner, naming.section)));
    }
    return absl::OkStatus();
  });
  for (std::int64_t index = 0; status.ok() && index < dossier::ChunkCount(attachment.size); ++index) {
    v1::ReadAttachmentResponse piece;
    auto bytes = dossiers_.ReadChunk(request->dossier(), *digest, index);
    if (!bytes.ok()) return rpc::ToGrpcStatus(bytes.status());
    piece.set_bytes(*std::move(bytes));
    if (!writer->Write(piece)) break;  // The caller has gone.
  }
  return status;
}

grpc::Status DossierServiceImpl::ExportEvidence(grpc::ServerContext* context, const v1::ExportEvidenceRequest* request,
                                                grpc::ServerWriter<v1::ExportEvidenceResponse>* writer) {
  std::string file;
  const grpc::Status status =
      Run(context, "ExportEvidence", [&](dossier::Unit& unit, const Actor& actor) -> absl::Status {
        TEILHABE_ASSIGN_OR_RETURN(const Sight sight, Look(dossiers_, unit, actor, request->dossier()));
        TEILHABE_ASSIGN_OR_RETURN(dossier::v1::Evidence evidence,
                                  dossiers_.desk().Export(unit, actor.caller, request->dossier()));
        for (auto& event : *evidence.mutable_events()) sight.Mask<dossier::v1::EventHeader>(event);
        for (auto& statement : *evidence.mutable_statements()) sight.Mask<dossier::v1::StatementHeader>(statement);
        *evidence.mutable_directory() = dossiers_.setup().directory->Get()->bytes();
        evidence.add_certificates(identity_->certificate.Der());
        dossier::v1::SignedEvidence sealed;
        sealed.set_evidence(evidence.SerializeAsString());
        TEILHABE_ASSIGN_OR_RETURN(*sealed.mutable_signature(),
                                  trust::SignBytes(crypto::EcdsaSigner(identity_->key), "evidence", sealed.evidence()));
        file = sealed.SerializeAsString();
        return absl::OkStatus();
      });
  for (std::size_t at = 0; status.ok() && at < file.size(); at += kPiece) {
    v1::ExportEvidenceResponse piece;
    piece.set_bytes(file.substr(at, kPiece));
    if (!writer->Write(piece)) break;  // The caller has gone.
  }
  return status;
}

}  // namespace teilhabe::participants
