// The batch stream: order, errors beside answers, and callers that do not behave.
#include <atomic>
#include <thread>

#include "absl/time/clock.h"
#include "common/base/reason.h"
#include "common/rpc/status.h"
#include "google/protobuf/util/message_differencer.h"
#include "grpcpp/generic/generic_stub.h"
#include "services/carriers/convert.h"
#include "services/carriers/service_for_test.h"

namespace teilhabe::carriers {
namespace {

using google::protobuf::util::MessageDifferencer;
using Request = v1::DetermineCompetenceBatchRequest;
using Response = v1::DetermineCompetenceBatchResponse;
using Stream = grpc::ClientReaderWriter<Request, Response>;

constexpr char kPath[] = "/teilhabe.carriers.v1.CarriersService/DetermineCompetenceBatch";

// A question for the `at`-th municipality in force on the day.
v1::CompetenceQuestion AskOfPlace(std::size_t at) {
  static const auto* const keys = [] {
    auto* const made = new std::vector<std::string>();
    for (const reference::Place& place : CompetenceRules::Embedded().reference().places()) {
      const auto found = CompetenceRules::Embedded().reference().FindPlace(place.ags8, absl::CivilDay(2025, 3, 10));
      if (found.ok()) made->push_back(place.ags8);
    }
    return made;
  }();
  v1::CompetenceQuestion question =
      Ask("facts { cause: CAUSE_NONE disability: DISABILITY_PHYSICAL first_application: 'this' }");
  question.set_municipality((*keys)[at * 7 % keys->size()]);
  return question;
}

Request Message(int questions, std::int64_t id = 1, std::size_t first = 0) {
  Request request;
  request.set_batch_id(id);
  for (int at = 0; at < questions; ++at) *request.add_questions() = AskOfPlace(first + static_cast<std::size_t>(at));
  return request;
}

v1::Competence FromDomain(const v1::CompetenceQuestion& question, Detail detail) {
  const auto asked = FromProto(question, CompetenceRules::Embedded().reference());
  v1::Competence proto;
  ToProto(CompetenceRules::Embedded(), *asked, *CompetenceRules::Embedded().Determine(*asked), detail, &proto);
  return proto;
}

class BatchTest : public ServiceTest {
 protected:
  // Sends the messages, each after the answer to the one before; returns the answers.
  absl::StatusOr<std::vector<Response>> Exchange(const std::vector<Request>& requests) {
    const auto stub = Stub();
    grpc::ClientContext context;
    context.set_wait_for_ready(
        true);  // gRPC 1.51 gives up a connection at times that a busy machine makes it wait for.
    const auto stream = stub->DetermineCompetenceBatch(&context);
    std::vector<Response> responses;
    for (const Request& request : requests) {
      if (!stream->Write(request) || !stream->Read(&responses.emplace_back())) break;
    }
    stream->WritesDone();
    Response more;
    while (stream->Read(&more)) responses.push_back(more);
    const grpc::Status status = stream->Finish();
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return responses;
  }
  void ExpectGoesOn() {
    const auto got = Exchange({Message(1)});
    ASSERT_TRUE(got.ok()) << got.status();
    EXPECT_TRUE(got->at(0).answers(0).has_competence());
  }
};

TEST_F(BatchTest, AnswersInOrderAsTheDomainDoes) {
  for (const bool with_findings : {false, true}) {
    Request request = Message(1000, 42);
    request.set_with_findings(with_findings);
    const auto got = Exchange({request});
    ASSERT_TRUE(got.ok()) << got.status();
    ASSERT_EQ(got->size(), 1U);
    ASSERT_EQ(got->at(0).answers_size(), 1000);
    EXPECT_EQ(got->at(0).batch_id(), 42);
    EXPECT_EQ(got->at(0).versions().rules_digest().size(), 64U);
    for (int at = 0; at < 1000; ++at) {
      const v1::Competence& answer = got->at(0).answers(at).competence();
      const v1::Competence want =
          FromDomain(request.questions(at), with_findings ? Detail::kFindings : Detail::kAnswer);
      ASSERT_TRUE(MessageDifferencer::Equals(answer, want)) << at;
      EXPECT_EQ(answer.findings().empty(), !with_findings);
      EXPECT_TRUE(answer.text().empty());
    }
  }
}

TEST_F(BatchTest, GivesBackEachId) {
  std::vector<Request> requests;
  for (const std::int64_t id : {std::int64_t{0}, std::int64_t{-1}, INT64_MAX, INT64_MIN, std::int64_t{7}}) {
    requests.push_back(Message(2, id));
  }
  const auto got = Exchange(requests);
  ASSERT_TRUE(got.ok()) << got.status();
  ASSERT_EQ(got->size(), requests.size());
  for (std::size_t at = 0; at < requests.size(); ++at) EXPECT_EQ(got->at(at).batch_id(), requests[at].batch_id());
}

// Each error in one message, each between two good questions.
TEST_F(BatchTest, BadRowsAreAnsweredByTheirErrorsBesideTheOthers) {
  Request request;
  for (const Rejected& rejected : AllRejected()) {
    *request.add_questions() = AskOfPlace(3);
    *request.add_questions() = rejected.question;
  }
  *request.add_questions() = AskOfPlace(3);
  const auto got = Exchange({request});
  ASSERT_TRUE(got.ok()) << got.status();
  ASSERT_EQ(got->at(0).answers_size(), request.questions_size());
  const v1::Competence want = FromDomain(AskOfPlace(3), Detail::kAnswer);
  for (int at = 0; at < request.questions_size(); at += 2) {
    EXPECT_TRUE(MessageDifferencer::Equals(got->at(0).answers(at).competence(), want)) << at;
  }
  int at = 1;
  for (const Rejected& rejected : AllRejected()) {
    ASSERT_TRUE(got->at(0).answers(at).has_error()) << rejected.name;
    const absl::Status error = rpc::FromProtoStatus(got->at(0).answers(at).error());
    EXPECT_EQ(error.code(), rejected.code) << rejected.name;
    EXPECT_EQ(GetReason(error), rejected.reason) << rejected.name;
    EXPECT_EQ(GetField(error), rejected.field) << rejected.name;
    at += 2;
  }
}

TEST_F(BatchTest, MessageHolds1To1000Questions) {
  for (const int wrong : {0, 1001}) {
    const auto got = Exchange({Message(1), Message(wrong), Message(1)});
    EXPECT_EQ(got.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(GetReason(got.status()), "BATCH_SIZE");
    EXPECT_EQ(GetField(got.status()), "questions");
  }
  ExpectGoesOn();
}

TEST_F(BatchTest, StreamWithoutAMessageEndsWell) {
  const auto got = Exchange({});
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_TRUE(got->empty());
}

TEST_F(BatchTest, ManyStreamsAtOnce) {
  constexpr int kStreams = 16;
  constexpr int kMessages = 20;
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int stream = 0; stream < kStreams; ++stream) {
    threads.emplace_back([&, stream] {
      std::vector<Request> requests;
      for (int at = 0; at < kMessages; ++at) {
        requests.push_back(Message(20, at, static_cast<std::size_t>(stream * 1000 + at * 20)));
      }
      const auto got = Exchange(requests);
      if (!got.ok() || got->size() != requests.size()) {
        ADD_FAILURE() << got.status() << ", " << (got.ok() ? got->size() : 0) << " answers";
        return;
      }
      for (std::size_t at = 0; at < requests.size(); ++at) {
        for (int row = 0; row < 20; ++row) {
          const v1::Competence want = FromDomain(requests[at].questions(row), Detail::kAnswer);
          if (!MessageDifferencer::Equals(got->at(at).answers(row).competence(), want)) return;
        }
      }
      ++good;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, kStreams);
}

TEST_F(BatchTest, CallerThatCancelsMidStream) {
  const auto stub = Stub();
  for (int at = 0; at < 50; ++at) {
    grpc::ClientContext context;
    const auto stream = stub->DetermineCompetenceBatch(&context);
    Response response;
    ASSERT_TRUE(stream->Write(Message(100)));
    if (at % 2 == 0) {
      ASSERT_TRUE(stream->Read(&response));
    }
    context.TryCancel();
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  ExpectGoesOn();
}

TEST_F(BatchTest, CallerThatVanishes) {
  for (int at = 0; at < 20; ++at) {
    grpc::ClientContext context;
    const auto stub = Stub();  // With a connection of its own, which ends with it.
    const auto stream = stub->DetermineCompetenceBatch(&context);
    ASSERT_TRUE(stream->Write(Message(100)));
  }
  ExpectGoesOn();
}

TEST_F(BatchTest, DeadlinePassesOnAnIdleStream) {
  const auto stub = v1::CarriersService::NewStub(Channel(absl::Milliseconds(300)));
  grpc::ClientContext context;
  const auto stream = stub->DetermineCompetenceBatch(&context);
  Response response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  ExpectGoesOn();
}

TEST_F(BatchTest, ShutdownLetsAnOpenStreamFinish) {
  const auto stub = Stub();
  grpc::ClientContext context;
  const auto stream = stub->DetermineCompetenceBatch(&context);
  Response response;
  ASSERT_TRUE(stream->Write(Message(10)));
  ASSERT_TRUE(stream->Read(&response));
  std::thread stopper([&] { server_->Shutdown(absl::Hours(1)); });
  ASSERT_TRUE(stream->Write(Message(10)));
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.answers_size(), 10);
  stream->WritesDone();
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_TRUE(stream->Finish().ok());
  stopper.join();
}

TEST_F(BatchTest, ShutdownDoesNotWaitForeverForAnIdleStream) {
  const auto stub = Stub();
  grpc::ClientContext context;
  const auto stream = stub->DetermineCompetenceBatch(&context);
  Response response;
  ASSERT_TRUE(stream->Write(Message(1)));
  ASSERT_TRUE(stream->Read(&response));
  server_->Shutdown(absl::Milliseconds(200));
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_FALSE(stream->Finish().ok());
}

// A stream of raw bytes.
class RawStream {
 public:
  enum Operation : std::intptr_t { kNothing, kOther, kWrite, kRead };
  struct Event {
    Operation operation = kNothing;  // That has ended; kNothing: none within the time.
    bool ok = false;
  };

  explicit RawStream(const std::shared_ptr<grpc::Channel>& channel) : stub_(channel) {
    call_ = stub_.PrepareCall(&context_, kPath, &queue_);
    call_->StartCall(Tag(kOther));
    Next();
  }
  ~RawStream() {
    context_.TryCancel();
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
  }

  Event Next(absl::Duration patience = kSoon) {
    void* tag = nullptr;
    Event event;
    if (queue_.AsyncNext(&tag, &event.ok, absl::ToChronoTime(absl::Now() + patience)) ==
        grpc::CompletionQueue::GOT_EVENT) {
      event.operation = static_cast<Operation>(reinterpret_cast<std::intptr_t>(tag));
    }
    return event;
  }
  void Write(const std::string& bytes) {
    const grpc::Slice slice(bytes);
    call_->Write(grpc::ByteBuffer(&slice, 1), Tag(kWrite));
  }
  void Read() {
    answer_.Clear();
    call_->Read(&answer_, Tag(kRead));
  }
  absl::Status Finish() {
    grpc::Status status;
    call_->Finish(&status, Tag(kOther));
    Next();
    return rpc::FromGrpcStatus(status);
  }

 private:
  static void* Tag(Operation operation) { return reinterpret_cast<void*>(static_cast<std::intptr_t>(operation)); }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  grpc::ByteBuffer answer_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

// gRPC takes bytes that are no message for the end of the stream; ended with OK, the caller would think that all went
// well.
TEST_F(BatchTest, MessageThatCannotBeReadEndsTheStreamWithAnError) {
  Request latin1 = Message(1);
  std::string bytes = latin1.SerializeAsString();
  bytes.replace(bytes.find(latin1.questions(0).municipality()), 2, "M\xFC");
  for (const std::string& wrong : {std::string("\xFF\xFF\xFF"), std::string("\x12\x7F"), bytes}) {
    RawStream stream(Channel());
    stream.Write(Message(1).SerializeAsString());
    ASSERT_TRUE(stream.Next().ok);
    stream.Read();
    ASSERT_TRUE(stream.Next().ok);
    stream.Write(wrong);
    stream.Next();
    stream.Read();
    EXPECT_FALSE(stream.Next().ok);
    const absl::Status status = stream.Finish();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_EQ(GetReason(status), "MESSAGE_MALFORMED");
    EXPECT_EQ(GetField(status), "questions");
  }
  ExpectGoesOn();
}

// The server answers one message at a time and reads no further while an answer waits: what a caller can make it hold
// are the windows of flow control and one message.
TEST_F(BatchTest, CallerThatNeverReadsIsHeldBack) {
  RawStream stream(Channel());
  Request request = Message(1000);
  request.set_with_findings(true);
  const std::string bytes = request.SerializeAsString();
  constexpr std::size_t kBound = std::size_t{64} << 20;
  std::size_t sent = 0;
  std::size_t messages = 0;
  for (;;) {
    stream.Write(bytes);
    ++messages;
    if (stream.Next(absl::Seconds(2)).operation == RawStream::kNothing) break;
    sent += bytes.size();
    ASSERT_LT(sent, kBound);
  }
  // Once it reads, all are answered.
  stream.Read();
  for (std::size_t answered = 0; answered < messages;) {
    const RawStream::Event event = stream.Next();
    ASSERT_TRUE(event.ok) << answered << " of " << messages;
    if (event.operation != RawStream::kRead) continue;  // The write that was held back.
    if (++answered < messages) stream.Read();
  }
  ExpectGoesOn();
}

}  // namespace
}  // namespace teilhabe::carriers
