#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/csv.h"
#include "common/base/reason.h"
#include "common/base/spelling.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/base/utf8.h"
#include "common/law/facts.h"
#include "common/rpc/status.h"
#include "services/ctl/carrier.h"
#include "services/ctl/input.h"

namespace teilhabe::ctl {
namespace {

namespace v1 = carriers::v1;

constexpr int kBatch = 500;

// Which column of the input is what; -1 where there is none.
struct Columns {
  int municipality = -1, stage = -1, provider = -1, event_day = -1, law_day = -1, known_at = -1;
  std::vector<std::pair<int, std::string>> facts;
};

// Says on standard error which columns look like one that would have been read; they are kept like any other.
void WarnOfMisspelled(const std::vector<std::string>& header, const std::vector<std::string_view>& read) {
  std::vector<std::string_view> absent;
  for (const std::string_view name : read) {
    if (std::find(header.begin(), header.end(), name) == header.end()) absent.push_back(name);
  }
  for (const std::string& name : header) {
    if (std::find(read.begin(), read.end(), name) != read.end()) continue;
    if (const std::string_view near = NearestSpelling(name, absent); !near.empty()) {
      std::fprintf(stderr, "! column %s is kept, not read; did you mean %s?\n", name.c_str(),
                   std::string(near).c_str());
    }
  }
}

// Errors: kInvalidArgument, CSV_COLUMN_TWICE with its name.
absl::StatusOr<Columns> FindColumns(const std::vector<std::string>& header) {
  Columns columns;
  const std::pair<std::string_view, int*> named[] = {
      {"municipality", &columns.municipality}, {"stage", &columns.stage},     {"provider", &columns.provider},
      {"event_day", &columns.event_day},       {"law_day", &columns.law_day}, {"known_at", &columns.known_at}};
  std::vector<std::string_view> read;
  for (const auto& [name, column] : named) read.push_back(name);
  law::FactsUsedBy(law::FactUser::kCarriers).ForEach([&read](law::FactId fact) {
    read.push_back(law::Info(fact).name);
  });
  for (std::size_t at = 0; at < header.size(); ++at) {
    if (std::find(read.begin(), read.end(), header[at]) == read.end()) continue;
    if (std::find(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(at), header[at]) !=
        header.begin() + static_cast<std::ptrdiff_t>(at)) {
      return FieldError(absl::StatusCode::kInvalidArgument, "CSV_COLUMN_TWICE", header[at],
                        absl::StrCat("the table has two columns '", header[at], "'"));
    }
    const auto* const found = std::find_if(std::begin(named), std::end(named),
                                           [&](const auto& column) { return column.first == header[at]; });
    if (found != std::end(named)) {
      *found->second = static_cast<int>(at);
    } else {
      columns.facts.emplace_back(static_cast<int>(at), header[at]);
    }
  }
  WarnOfMisspelled(header, read);
  return columns;
}

QuestionText ReadRow(const Columns& columns, const std::vector<std::string>& row) {
  const auto cell = [&row](int column) { return column < 0 ? std::string() : row[static_cast<std::size_t>(column)]; };
  QuestionText text;
  text.municipality = cell(columns.municipality);
  text.stage = cell(columns.stage);
  if (!cell(columns.provider).empty()) text.provider = cell(columns.provider);
  text.event_day = cell(columns.event_day);
  text.law_day = cell(columns.law_day);
  text.known_at = cell(columns.known_at);
  for (const auto& [column, name] : columns.facts) {
    if (!cell(column).empty()) text.facts.emplace_back(name, cell(column));
  }
  return text;
}

std::string ErrorCell(const absl::Status& status) {
  const std::string field = GetField(status);
  const std::string reason = GetReason(status).empty() ? "UNEXPECTED" : GetReason(status);  // Never an empty cell.
  return field.empty() ? reason : absl::StrCat(reason, " ", field);
}

// outcome, kind, agency, office, open, missing, regelfall_kind, regelfall_agency, error
std::vector<std::string> AnswerCells(const v1::BatchAnswer& answer) {
  if (answer.has_error()) return {"", "", "", "", "", "", "", "", ErrorCell(rpc::FromProtoStatus(answer.error()))};
  const v1::Competence& competence = answer.competence();
  std::vector<std::string> open(competence.open_branch().begin(), competence.open_branch().end());
  for (const int reason : competence.open()) {
    if (reason == v1::OPEN_REASON_NO_AGENCY_DATA) open.emplace_back("NO_AGENCY_DATA");
    if (reason == v1::OPEN_REASON_FACTS_MISSING) open.emplace_back("FACTS_MISSING");
  }
  std::vector<std::string> missing;
  for (const v1::MissingFact& fact : competence.missing()) missing.push_back(ShortName(fact.fact()));
  return {ShortName(competence.outcome()),
          ShortName(competence.kind()),
          competence.agency().id(),
          competence.office().id(),
          absl::StrJoin(open, "+"),
          absl::StrJoin(missing, "+"),
          ShortName(competence.regelfall().kind()),
          competence.regelfall().agency().id(),
          ""};
}

// A bar on standard error, drawn on a terminal only, at most a hundred times.
class Progress {
 public:
  explicit Progress(std::size_t total) : total_(total), shown_(isatty(STDERR_FILENO) != 0 && total > 5000) {}
  void Show(std::size_t done) {
    if (!shown_ || done * 100 / total_ == last_) return;
    last_ = done * 100 / total_;
    std::fprintf(stderr, "\r%s %3zu %%", (std::string(last_ / 4, '#') + std::string(25 - last_ / 4, '.')).c_str(),
                 last_);
    if (done == total_) std::fputs("\r                               \r", stderr);
  }

 private:
  std::size_t total_;
  bool shown_;
  std::size_t last_ = 101;
};

struct Asked {
  std::vector<v1::DetermineCompetenceBatchRequest> messages;
  std::vector<absl::Status> errors;  // By row: what was wrong with it before it was sent.
};

absl::StatusOr<Asked> BuildMessages(const CsvTable& table) {
  Asked asked;
  TEILHABE_ASSIGN_OR_RETURN(const Columns columns, FindColumns(table.header()));
  for (const auto& row : table.rows()) {
    auto question = ToProto(ReadRow(columns, row));
    asked.errors.push_back(question.status());
    if (!question.ok()) continue;
    if (asked.messages.empty() || asked.messages.back().questions_size() == kBatch) {
      asked.messages.emplace_back().set_batch_id(static_cast<std::int64_t>(asked.messages.size()));
    }
    *asked.messages.back().add_questions() = *std::move(question);
  }
  return asked;
}

absl::Status WriteAnswers(const CsvTable& table, const Asked& asked, const std::vector<v1::BatchAnswer>& answers,
                          std::ostream& out) {
  std::vector<std::string> header = table.header();
  for (const char* name :
       {"outcome", "kind", "agency", "office", "open", "missing", "regelfall_kind", "regelfall_agency", "error"}) {
    header.emplace_back(name);
  }
  out << CsvLine(header);
  auto next = answers.begin();
  for (std::size_t at = 0; at < table.rows().size(); ++at) {
    std::vector<std::string> cells = table.rows()[at];
    const bool sent = asked.errors[at].ok();
    for (std::string& cell :
         sent ? AnswerCells(*next)
              : std::vector<std::string>{"", "", "", "", "", "", "", "", ErrorCell(asked.errors[at])}) {
      cells.push_back(std::move(cell));
    }
    if (sent) ++next;
    out << CsvLine(cells);
  }
  out.flush();
  if (!out) {
    return FieldError(absl::StatusCode::kUnknown, "OUTPUT_FAILED", "output", "the answers could not be written whole");
  }
  return absl::OkStatus();
}

absl::StatusOr<CsvTable> ReadTable(const std::string& input) {
  TEILHABE_ASSIGN_OR_RETURN(const std::string text, ReadInput(input));
  if (const std::size_t valid = ValidUtf8Prefix(text); valid < text.size()) {
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(valid), '\n');
    return FieldError(absl::StatusCode::kInvalidArgument, "INPUT_NOT_UTF8", "input",
                      absl::StrCat("line ", line, " is not UTF-8; save the table as \"CSV UTF-8\""));
  }
  TEILHABE_ASSIGN_OR_RETURN(CsvTable table, CsvTable::Parse(text));
  TEILHABE_RETURN_IF_ERROR(table.Columns({"municipality", "stage", "event_day"}).status());
  return table;
}

// Cancels a call on which nothing has come for `patience`: a stream has no deadline that moves on by itself.
class Watchdog {
 public:
  Watchdog(grpc::ClientContext& context, absl::Duration patience) : context_(context), patience_(patience) {
    thread_ = std::thread([this] { Watch(); });
  }
  ~Watchdog() { Stop(); }

  void Alive() {
    absl::MutexLock lock(&mutex_);
    last_ = absl::Now();
  }

  // Ends the watch; true if it had to cancel.
  bool Stop() {
    {
      absl::MutexLock lock(&mutex_);
      stopped_ = true;
    }
    if (thread_.joinable()) thread_.join();
    absl::MutexLock lock(&mutex_);
    return bitten_;
  }

 private:
  void Watch() {
    absl::MutexLock lock(&mutex_);
    while (!mutex_.AwaitWithDeadline(absl::Condition(&stopped_), last_ + patience_)) {
      if (absl::Now() < last_ + patience_) continue;
      bitten_ = true;
      context_.TryCancel();
      return;
    }
  }

  grpc::ClientContext& context_;
  const absl::Duration patience_;
  absl::Mutex mutex_;
  absl::Time last_ ABSL_GUARDED_BY(mutex_) = absl::Now();
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  bool bitten_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// Sends every message and takes every answer; one thread writes, this one reads.
absl::StatusOr<std::vector<v1::BatchAnswer>> Exchange(const Session& session, const Asked& asked, std::size_t rows) {
  grpc::ClientContext context;
  TEILHABE_ASSIGN_OR_RETURN(const auto stub, session.CarriersForLong());
  Watchdog watchdog(context, absl::Seconds(session.timeout_seconds));  // Before the call: connecting may take long.
  const auto stream = stub->DetermineCompetenceBatch(&context);
  std::thread writer([&] {
    for (const auto& message : asked.messages) {
      if (!stream->Write(message)) break;
    }
    stream->WritesDone();
  });
  std::vector<v1::BatchAnswer> answers;
  answers.reserve(rows);
  Progress progress(rows);
  v1::DetermineCompetenceBatchResponse response;
  while (stream->Read(&response)) {
    watchdog.Alive();
    for (v1::BatchAnswer& answer : *response.mutable_answers()) answers.push_back(std::move(answer));
    progress.Show(answers.size());
  }
  writer.join();
  const grpc::Status status = stream->Finish();
  if (watchdog.Stop()) {
    return ReasonError(absl::StatusCode::kDeadlineExceeded, "NO_ANSWER",
                       absl::StrCat("the node did not answer for ", session.timeout_seconds, " s"));
  }
  TEILHABE_RETURN_IF_ERROR(rpc::FromGrpcStatus(status));
  return answers;
}

}  // namespace

int CarrierBatch(const Session& session, const std::string& input, const std::string& output) {
  const auto table = ReadTable(input);
  if (!table.ok()) return PrintError(table.status());
  const auto built = BuildMessages(*table);
  if (!built.ok()) return PrintError(built.status());
  const Asked& asked = *built;
  const absl::Time start = absl::Now();
  const auto answers = Exchange(session, asked, table->rows().size());
  if (!answers.ok()) return PrintError(answers.status());
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  std::size_t expected = 0;
  for (const auto& message : asked.messages) expected += static_cast<std::size_t>(message.questions_size());
  if (answers->size() != expected) {
    return PrintError(ReasonError(absl::StatusCode::kDataLoss, "ANSWERS_MISSING",
                                  absl::StrCat(expected, " questions, ", answers->size(), " answers")));
  }
  std::ofstream file;
  if (output != "-") {
    file.open(output, std::ios::binary);
    if (!file) {
      return PrintError(FieldError(absl::StatusCode::kInvalidArgument, "OUTPUT_UNWRITABLE", "output",
                                   absl::StrCat("cannot write ", output)));
    }
  }
  if (const absl::Status written = WriteAnswers(*table, asked, *answers, output == "-" ? std::cout : file);
      !written.ok()) {
    return PrintError(written);
  }
  const auto rejected = static_cast<std::size_t>(
      std::count_if(answers->begin(), answers->end(), [](const auto& answer) { return answer.has_error(); }));
  std::fprintf(stderr, "%zu questions, %zu answered, %zu rejected; %.0f answers/s over the stream\n",
               table->rows().size(), answers->size() - rejected, table->rows().size() - answers->size() + rejected,
               static_cast<double>(answers->size()) / std::max(seconds, 1e-9));
  return kExitOk;
}

}  // namespace teilhabe::ctl
