#include "services/ctl/rpc_call.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/reason.h"
#include "common/base/spelling.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/rpc/status.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/util/json_util.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "services/ctl/input.h"

namespace teilhabe::ctl {
namespace {

using google::protobuf::MethodDescriptor;

// The services this program knows.
std::vector<const MethodDescriptor*> Methods() {
  std::vector<const MethodDescriptor*> methods;
  carriers::v1::CompetenceQuestion::descriptor();  // Keeps the generated code linked.
  grpc::health::v1::HealthCheckRequest::descriptor();
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  for (const char* name : {"teilhabe.carriers.v1.CarriersService", "teilhabe.eligibility.v1.EligibilityService",
                           "teilhabe.handover.v1.NetworkService", "teilhabe.handover.v1.PeerService",
                           "teilhabe.participants.v1.DossierService", "teilhabe.participants.v1.CaseService",
                           "teilhabe.participants.v1.PersonService", "teilhabe.participants.v1.PeerCaseService",
                           "teilhabe.providers.v1.ProvidersService", "grpc.health.v1.Health"}) {
    const auto* service = pool->FindServiceByName(name);
    for (int at = 0; service != nullptr && at < service->method_count(); ++at) methods.push_back(service->method(at));
  }
  return methods;
}

std::string PathOf(const MethodDescriptor& method) {
  return absl::StrCat(method.service()->full_name(), "/", method.name());
}

absl::StatusOr<const MethodDescriptor*> FindMethod(const std::string& name) {
  std::vector<const MethodDescriptor*> found;
  for (const MethodDescriptor* method : Methods()) {
    const std::string path = PathOf(*method);
    if (path == name) return method;
    if (absl::EndsWith(path, "/" + name) || absl::EndsWith(path, "." + name)) found.push_back(method);
  }
  if (found.size() == 1) return found[0];
  std::vector<std::string_view> names;
  for (const MethodDescriptor* method : Methods()) names.emplace_back(method->name());
  const std::string wanted = name.substr(name.find_last_of("/.") + 1);  // All of it where there is neither.
  const std::string_view near = NearestSpelling(wanted, names);
  return FieldError(
      absl::StatusCode::kInvalidArgument, found.empty() ? "METHOD_UNKNOWN" : "METHOD_AMBIGUOUS", "method",
      absl::StrCat("'", name.substr(0, 100), "' names ", found.empty() ? "no" : "more than one", " method",
                   near.empty() || !found.empty() ? "" : absl::StrCat("; did you mean ", ToAbsl(near), "?")));
}

absl::StatusOr<std::vector<std::string>> SplitMessages(const std::string& json) {
  constexpr int kMaxDepth = 100;  // Writing it again goes down one call a level.
  bool too_deep = false;
  const auto parsed = nlohmann::json::parse(
      json,
      [&too_deep](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
        too_deep = too_deep || depth > kMaxDepth;
        return !too_deep;
      },
      false);
  if (too_deep || parsed.is_discarded()) {
    return FieldError(absl::StatusCode::kInvalidArgument, "JSON_INVALID", "json",
                      too_deep ? "the argument is nested too deeply" : "the argument is no JSON");
  }
  std::vector<std::string> messages;
  if (!parsed.is_array()) return std::vector<std::string>{parsed.dump()};
  for (const auto& message : parsed) messages.push_back(message.dump());
  return messages;
}

absl::Status ParseMessage(const std::string& text, google::protobuf::Message& message) {
  const auto parsed = google::protobuf::util::JsonStringToMessage(text, &message);
  if (parsed.ok()) return absl::OkStatus();
  return FieldError(absl::StatusCode::kInvalidArgument, "JSON_INVALID", "json",
                    absl::StrCat("not a ", message.GetDescriptor()->full_name(), ": ", parsed.message().ToString()));
}

absl::Status CheckOne(const std::vector<std::string>& texts) {
  if (texts.size() == 1) return absl::OkStatus();
  return FieldError(absl::StatusCode::kInvalidArgument, "JSON_INVALID", "json", "this method takes one message");
}

absl::Status Call(const Session& session, const MethodDescriptor& method, const std::string& json) {
  TEILHABE_ASSIGN_OR_RETURN(const auto texts, SplitMessages(json));
  if (!method.client_streaming()) TEILHABE_RETURN_IF_ERROR(CheckOne(texts));
  auto* factory = google::protobuf::MessageFactory::generated_factory();
  std::vector<grpc::ByteBuffer> requests;
  for (const std::string& text : texts) {
    const std::unique_ptr<google::protobuf::Message> request(factory->GetPrototype(method.input_type())->New());
    TEILHABE_RETURN_IF_ERROR(ParseMessage(text, *request));
    bool own = false;
    grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(*request, &requests.emplace_back(),
                                                                               &own);
  }
  TEILHABE_ASSIGN_OR_RETURN(const auto channel, session.Channel());
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  session.Bound(context);
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareCall(&context, "/" + PathOf(method), &queue);
  const auto step = [&queue] {  // Waits for the one operation under way.
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  bool readable = true;
  const auto print = [&](grpc::ByteBuffer& answer) {
    const std::unique_ptr<google::protobuf::Message> response(factory->GetPrototype(method.output_type())->New());
    if (grpc::GenericDeserialize<grpc::ProtoBufferReader, google::protobuf::Message>(&answer, response.get()).ok()) {
      PrintJson(*response);
    } else {
      readable = false;
    }
  };
  call->StartCall(nullptr);
  bool alive = step();
  for (const auto& request : requests) {
    if (!alive) break;
    call->Write(request, nullptr);
    alive = step();
    if (!alive || !method.client_streaming() || !method.server_streaming()) continue;
    grpc::ByteBuffer answer;  // A stream of question and answer: takes each before it asks again.
    call->Read(&answer, nullptr);
    alive = step();
    if (!alive) break;
    print(answer);
  }
  if (alive) {
    call->WritesDone(nullptr);
    step();
  }
  for (;;) {
    grpc::ByteBuffer answer;
    call->Read(&answer, nullptr);
    if (!step()) break;
    print(answer);
  }
  grpc::Status status;
  call->Finish(&status, nullptr);
  step();
  if (status.ok() && !readable) {
    return ReasonError(absl::StatusCode::kDataLoss, "ANSWER_UNREADABLE",
                       absl::StrCat("the node sent what is no ", method.output_type()->full_name()));
  }
  return rpc::FromGrpcStatus(status);
}

}  // namespace

absl::Status ReadMessage(const std::string& json, google::protobuf::Message& message) {
  std::string text = json;
  if (json == "-") {
    TEILHABE_ASSIGN_OR_RETURN(text, ReadInput(json));
  }
  TEILHABE_ASSIGN_OR_RETURN(const auto texts, SplitMessages(text));
  TEILHABE_RETURN_IF_ERROR(CheckOne(texts));
  return ParseMessage(texts[0], message);
}

int RpcCall(const Session& session, const std::string& name, const std::string& json) {
  const auto method = FindMethod(name);
  if (!method.ok()) return PrintError(method.status());
  const absl::StatusOr<std::string> text = json == "-" ? ReadInput(json) : json;
  if (!text.ok()) return PrintError(text.status());
  const absl::Status status = Call(session, **method, *text);
  return status.ok() ? kExitOk : PrintError(status);
}

int RpcList() {
  for (const MethodDescriptor* method : Methods()) std::printf("%s\n", PathOf(*method).c_str());
  return kExitOk;
}

}  // namespace teilhabe::ctl
