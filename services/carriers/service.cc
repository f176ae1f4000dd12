#include "services/carriers/service.h"

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/crypto/digest.h"
#include "common/rpc/convert.h"
#include "common/rpc/status.h"
#include "services/carriers/convert.h"
#include "services/carriers/determine.h"

namespace teilhabe::carriers {
namespace {

// One batch stream: read a message, answer it, read the next.
class BatchReactor final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  BatchReactor(const CompetenceRules& rules, const v1::Versions& versions, rpc::Caller caller)
      : rules_(rules), versions_(versions), caller_(std::move(caller)) {
    StartRead(&incoming_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      Finish(grpc::Status::OK);
      return;
    }
    const absl::Status status = AnswerMessage();
    if (status.ok()) {
      StartWrite(&outgoing_);
    } else {
      Finish(rpc::ToGrpcStatus(status));
    }
  }

  void OnWriteDone(bool ok) override {
    if (ok) {
      StartRead(&incoming_);
    } else {
      Finish(grpc::Status(grpc::StatusCode::UNAVAILABLE, "the caller is gone"));
    }
  }

  void OnDone() override { delete this; }

 private:
  absl::Status AnswerMessage() {
    const grpc::Status read =
        grpc::SerializationTraits<v1::DetermineCompetenceBatchRequest>::Deserialize(&incoming_, &request_);
    incoming_.Clear();  // gRPC reads into, and writes to, empty buffers only.
    outgoing_.Clear();
    if (!read.ok()) {
      return FieldError(absl::StatusCode::kInvalidArgument, "MESSAGE_MALFORMED", "questions",
                        "the message is no DetermineCompetenceBatchRequest, or a text in it is not UTF-8");
    }
    if (request_.questions().empty() || request_.questions_size() > CarriersServiceImpl::kMaxBatch) {
      return FieldError(absl::StatusCode::kInvalidArgument, "BATCH_SIZE", "questions",
                        absl::StrCat("a message holds 1 to ", CarriersServiceImpl::kMaxBatch, " questions, this one ",
                                     request_.questions_size()));
    }
    response_.Clear();
    response_.set_batch_id(request_.batch_id());
    *response_.mutable_versions() = versions_;
    const Detail detail = request_.with_findings() ? Detail::kFindings : Detail::kAnswer;
    for (const v1::CompetenceQuestion& question : request_.questions()) {
      v1::BatchAnswer* answer = response_.add_answers();
      const absl::Status status = Answer(rules_, question, detail, answer->mutable_competence());
      if (!status.ok()) *answer->mutable_error() = rpc::ToProtoStatus(status);
    }
    bool own = false;
    const grpc::Status written =
        grpc::SerializationTraits<v1::DetermineCompetenceBatchResponse>::Serialize(response_, &outgoing_, &own);
    return written.ok() ? absl::OkStatus() : absl::InternalError(written.error_message());
  }

  const CompetenceRules& rules_;
  const v1::Versions& versions_;
  const rpc::Caller caller_;  // Its place is taken as long as the stream is open.
  v1::DetermineCompetenceBatchRequest request_;
  v1::DetermineCompetenceBatchResponse response_;
  grpc::ByteBuffer incoming_;
  grpc::ByteBuffer outgoing_;
};

// A stream that is over at once.
class RefusedReactor final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  explicit RefusedReactor(const grpc::Status& status) { Finish(status); }
  void OnDone() override { delete this; }
};

}  // namespace

CarriersServiceImpl::CarriersServiceImpl(const CompetenceRules& rules,
                                         std::shared_ptr<const rpc::Gatekeeper> gatekeeper)
    : rules_(rules), gatekeeper_(std::move(gatekeeper)), versions_(VersionsOf(rules)) {}

absl::StatusOr<rpc::Caller> CarriersServiceImpl::Admit(const grpc::ServerContextBase& context,
                                                       const char* method) const {
  if (gatekeeper_ == nullptr) return rpc::Caller();
  return gatekeeper_->Admit(context, absl::StrCat(kName, "/", method));
}

grpc::Status CarriersServiceImpl::DetermineCompetence(grpc::ServerContext* context,
                                                      const v1::DetermineCompetenceRequest* request,
                                                      v1::DetermineCompetenceResponse* response) {
  const auto caller = Admit(*context, "DetermineCompetence");
  if (!caller.ok()) return rpc::ToGrpcStatus(caller.status());
  *response->mutable_versions() = versions_;
  return rpc::ToGrpcStatus(Answer(rules_, request->question(), request->with_text() ? Detail::kText : Detail::kFindings,
                                  response->mutable_competence()));
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* CarriersServiceImpl::DetermineCompetenceBatch(
    grpc::CallbackServerContext* context) {
  auto caller = Admit(*context, "DetermineCompetenceBatch");
  if (!caller.ok()) return new RefusedReactor(rpc::ToGrpcStatus(caller.status()));
  return new BatchReactor(rules_, versions_, *std::move(caller));
}

grpc::Status CarriersServiceImpl::ListFacts(grpc::ServerContext* context, const v1::ListFactsRequest*,
                                            v1::ListFactsResponse* response) {
  const auto caller = Admit(*context, "ListFacts");
  if (!caller.ok()) return rpc::ToGrpcStatus(caller.status());
  for (const law::FactInfo& info : law::FactCatalogue()) {
    if (!law::FactsUsedBy(law::FactUser::kCarriers).Has(info.id)) continue;
    v1::FactDescription* fact = response->add_facts();
    fact->set_fact(rpc::ToProto(info.id));
    fact->set_name(info.name);
    fact->set_type(std::string(law::TypeName(info.type)));
    fact->mutable_values()->Assign(info.values.begin(), info.values.end());
    fact->set_meaning(info.meaning);
    fact->mutable_suppliers()->Assign(info.suppliers.begin(), info.suppliers.end());
    fact->set_source(info.source);
  }
  return grpc::Status::OK;
}

grpc::Status CarriersServiceImpl::ListRules(grpc::ServerContext* context, const v1::ListRulesRequest* request,
                                            v1::ListRulesResponse* response) {
  const auto caller = Admit(*context, "ListRules");
  if (!caller.ok()) return rpc::ToGrpcStatus(caller.status());
  std::optional<absl::CivilDay> day;
  if (request->has_law_day()) {
    const auto made = rpc::FromProto(request->law_day(), "law_day");
    if (!made.ok()) return rpc::ToGrpcStatus(made.status());
    day = *made;
  }
  for (const law::Rule& rule : rules_.book().rules()) {
    if (day && !rule.valid.Contains(*day)) continue;
    v1::RuleDescription* row = response->add_rules();
    row->set_rule_id(rule.id);
    row->set_list(rule.list);
    row->set_condition(rule.condition);
    row->set_outcome(rule.outcome);
    if (rule.valid.from) *row->mutable_valid_from() = rpc::ToProto(*rule.valid.from);
    if (rule.valid.to) *row->mutable_valid_to() = rpc::ToProto(*rule.valid.to);
    row->set_force(static_cast<law::v1::Force>(static_cast<int>(rule.force) + 1));
    row->set_citation(rule.citation);
  }
  return grpc::Status::OK;
}

}  // namespace teilhabe::carriers
