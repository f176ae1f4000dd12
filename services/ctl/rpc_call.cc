#include "services/ctl/rpc_call.h"

#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/reason.h"
#include "common/base/spelling.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/base/utf8.h"
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

using Take = std::function<void(const google::protobuf::Message&)>;

// Sends the messages and takes each answer.
absl::Status Call(grpc::ClientContext& context, const std::shared_ptr<grpc::Channel>& channel,
                  const MethodDescriptor& method, const std::vector<std::string>& texts, const Take& take) {
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
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareCall(&context, "/" + PathOf(method), &queue);
  const auto step = [&queue] {  // Waits for the one operation under way.
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  bool readable = true;
  const auto read = [&](grpc::ByteBuffer& answer) {
    const std::unique_ptr<google::protobuf::Message> response(factory->GetPrototype(method.output_type())->New());
    if (grpc::GenericDeserialize<grpc::ProtoBufferReader, google::protobuf::Message>(&answer, response.get()).ok()) {
      take(*response);
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
    read(answer);
  }
  if (alive) {
    call->WritesDone(nullptr);
    step();
  }
  for (;;) {
    grpc::ByteBuffer answer;
    call->Read(&answer, nullptr);
    if (!step()) break;
    read(answer);
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

// Calls of `rpc --lines`: one node's channel serves all of its agency's calls.
class Lines {
 public:
  explicit Lines(const Session& session) : session_(session) {}

  // The answer to the call that a line names.
  absl::StatusOr<std::string> Answer(const std::string& text) {
    const auto line = nlohmann::json::parse(text, nullptr, false);
    if (!line.is_object()) return Invalid("line", "it is no JSON object");
    Session session = session_;
    std::string name;
    std::string request = "{}";
    for (const auto& [key, value] : line.items()) {
      if (key == "request") {
        request = value.dump();
        continue;
      }
      std::string* const word = key == "method"     ? &name
                                : key == "as"       ? &session.as
                                : key == "official" ? &session.official
                                : key == "purpose"  ? &session.purpose
                                                    : nullptr;
      if (word == nullptr || !value.is_string()) return Invalid(key, "a call has no such member, or it is no text");
      *word = value.get<std::string>();
    }
    TEILHABE_RETURN_IF_ERROR(session.CheckPurpose());
    TEILHABE_ASSIGN_OR_RETURN(const MethodDescriptor* const method, FindMethod(name));
    if (method->client_streaming() || method->server_streaming()) {
      return FieldError(absl::StatusCode::kInvalidArgument, "METHOD_STREAMS", "method",
                        "a line has one answer; call this method by itself");
    }
    TEILHABE_ASSIGN_OR_RETURN(const auto texts, SplitMessages(request));
    auto& channel = channels_[{session.as, session.official}];
    if (channel == nullptr) {
      TEILHABE_ASSIGN_OR_RETURN(channel, session.Channel());
    }
    grpc::ClientContext context;
    session.Bound(context);
    context.set_wait_for_ready(true);  // A node that starts again meanwhile is waited for.
    std::string answer;
    TEILHABE_RETURN_IF_ERROR(
        Call(context, channel, *method, texts, [&answer](const auto& message) { answer = ToJson(message, false); }));
    return answer;
  }

 private:
  static absl::Status Invalid(std::string_view field, std::string_view why) {
    return FieldError(absl::StatusCode::kInvalidArgument, "LINE_INVALID", field, why);
  }

  const Session& session_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<grpc::Channel>> channels_;
};

nlohmann::json ErrorJson(const absl::Status& status) {
  nlohmann::json error = {{"code", absl::StatusCodeToString(status.code())},
                          {"reason", GetReason(status)},
                          {"message", ReplaceInvalidUtf8(ToStd(status.message()))},
                          {"details", nlohmann::json::object()}};
  for (const auto& [key, value] : GetDetails(status)) error["details"][key] = ReplaceInvalidUtf8(value);
  return {{"error", std::move(error)}};
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
  const auto call = [&]() -> absl::Status {
    TEILHABE_ASSIGN_OR_RETURN(const auto texts, SplitMessages(*text));
    TEILHABE_ASSIGN_OR_RETURN(const auto channel, session.Channel());
    grpc::ClientContext context;
    session.Bound(context);
    return Call(context, channel, **method, texts, PrintJson);
  };
  return ExitOf(call());
}

int RpcLines(const Session& session) {
  Lines lines(session);
  for (std::string line; std::getline(std::cin, line);) {
    const auto answer = lines.Answer(line);
    const std::string text = answer.ok() ? absl::StrCat("{\"answer\":", absl::StripAsciiWhitespace(*answer), "}")
                                         : ErrorJson(answer.status()).dump();
    std::printf("%s\n", text.c_str());
    if (std::fflush(stdout) != 0) break;  // Nobody reads any more; main says so.
  }
  return kExitOk;
}

int RpcList() {
  for (const MethodDescriptor* method : Methods()) std::printf("%s\n", PathOf(*method).c_str());
  return kExitOk;
}

}  // namespace teilhabe::ctl
