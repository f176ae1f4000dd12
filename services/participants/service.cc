#include "services/participants/service.h"

#include <algorithm>
#include <utility>

#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/rpc/status.h"
#include "common/trust/directory.h"

namespace teilhabe::participants {
namespace {

constexpr int kKlaerungAfterDays = 30;
constexpr int kDefaultPage = 50;
constexpr int kMaxPage = 1000;
constexpr std::size_t kMaxPageBytes = 3'000'000;  // gRPC takes 4 MB at once.
constexpr std::size_t kPiece = 262'144;           // Bytes of a streamed file.

dossier::Caller ToCaller(const rpc::Caller& caller) {
  dossier::Caller made;
  made.actor = trust::ToUri(caller.identity);
  if (caller.identity.kind == trust::IdentityKind::kOfficial) made.official = caller.identity.name;
  if (caller.context) {
    made.purpose = caller.context->purpose();
    made.legal_basis = caller.context->legal_basis();
  }
  return made;
}

// The body of a request is all of it, so that a request id stands for one request.
template <typename Message>
dossier::Request ToRequest(const char* method, const Message& request) {
  return {request.request_id(), crypto::Hasher("request").Field(method).Raw(request.SerializeAsString()).Finish()};
}

v1::WriteAnswer ToAnswer(const dossier::v1::StoredAnswer& stored) {
  v1::WriteAnswer answer;
  *answer.mutable_head() = stored.head();
  answer.set_statement_hash(stored.statement_hash());
  return answer;
}

v1::Standing ToProto(dossier::Standing standing) {
  switch (standing) {
    case dossier::Standing::kFollower:
      return v1::STANDING_FOLLOWER;
    case dossier::Standing::kAsked:
      return v1::STANDING_ASKED;
    case dossier::Standing::kHolder:
      return v1::STANDING_HOLDER;
    case dossier::Standing::kOffered:
      return v1::STANDING_OFFERED;
    case dossier::Standing::kNone:
      break;
  }
  return v1::STANDING_UNSPECIFIED;
}

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

}  // namespace

template <typename Work>
grpc::Status DossierServiceImpl::Run(grpc::ServerContext* context, const char* method, const Work& work) {
  const auto admitted = gatekeeper_.Admit(*context, std::string(kName) + "/" + method);
  if (!admitted.ok()) return rpc::ToGrpcStatus(admitted.status());
  const dossier::Caller caller = ToCaller(*admitted);
  const absl::Status done = dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status { return work(unit, caller); });
  return done.ok() ? grpc::Status::OK : rpc::ToGrpcStatus(done);
}

grpc::Status DossierServiceImpl::OpenDossier(grpc::ServerContext* context, const v1::OpenDossierRequest* request,
                                             v1::OpenDossierResponse* response) {
  return Run(context, "OpenDossier", [&](dossier::Unit& unit, const dossier::Caller& caller) -> absl::Status {
    TEILHABE_RETURN_IF_ERROR(CheckDossier(request->dossier()));
    TEILHABE_ASSIGN_OR_RETURN(const auto answer, dossiers_.desk().Open(unit, caller, ToRequest("open", *request),
                                                                       request->dossier(), request->draft()));
    *response->mutable_answer() = ToAnswer(answer);
    return absl::OkStatus();
  });
}

grpc::Status DossierServiceImpl::AppendEvent(grpc::ServerContext* context, const v1::AppendEventRequest* request,
                                             v1::AppendEventResponse* response) {
  return Run(context, "AppendEvent", [&](dossier::Unit& unit, const dossier::Caller& caller) -> absl::Status {
    TEILHABE_ASSIGN_OR_RETURN(const auto answer,
                              dossiers_.desk().Append(unit, caller, ToRequest("append", *request), request->dossier(),
                                                      request->expected_head(), request->draft()));
    *response->mutable_answer() = ToAnswer(answer);
    return absl::OkStatus();
  });
}

grpc::Status DossierServiceImpl::AnswerOffer(grpc::ServerContext* context, const v1::AnswerOfferRequest* request,
                                             v1::AnswerOfferResponse* response) {
  return Run(context, "AnswerOffer", [&](dossier::Unit& unit, const dossier::Caller& caller) -> absl::Status {
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
  return Run(context, "SignStatement", [&](dossier::Unit& unit, const dossier::Caller& caller) -> absl::Status {
    TEILHABE_RETURN_IF_ERROR(CheckDossier(request->dossier()));
    TEILHABE_ASSIGN_OR_RETURN(const auto answer, dossiers_.desk().Sign(unit, caller, ToRequest("sign", *request),
                                                                       request->dossier(), request->draft()));
    *response->mutable_answer() = ToAnswer(answer);
    return absl::OkStatus();
  });
}

grpc::Status DossierServiceImpl::GetDossier(grpc::ServerContext* context, const v1::GetDossierRequest* request,
                                            v1::GetDossierResponse* response) {
  return Run(context, "GetDossier", [&](dossier::Unit& unit, const dossier::Caller& caller) -> absl::Status {
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
  return Run(context, "ListEvents", [&](dossier::Unit& unit, const dossier::Caller& caller) -> absl::Status {
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
  return Run(context, "ListStatements", [&](dossier::Unit& unit, const dossier::Caller& caller) -> absl::Status {
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
  return Run(context, "ReadSection", [&](dossier::Unit& unit, const dossier::Caller& caller) -> absl::Status {
    TEILHABE_ASSIGN_OR_RETURN(
        const dossier::v1::Section section,
        dossiers_.desk().ReadSection(unit, caller, request->dossier(), request->hash(), request->name()));
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
  grpc::Status status =
      Run(context, "ReadAttachment", [&](dossier::Unit& unit, const dossier::Caller& caller) -> absl::Status {
        TEILHABE_ASSIGN_OR_RETURN(attachment,
                                  dossiers_.desk().FindAttachment(unit, caller, request->dossier(), *digest));
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
      Run(context, "ExportEvidence", [&](dossier::Unit& unit, const dossier::Caller& caller) -> absl::Status {
        TEILHABE_ASSIGN_OR_RETURN(dossier::v1::Evidence evidence,
                                  dossiers_.desk().Export(unit, caller, request->dossier()));
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
