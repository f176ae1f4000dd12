#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "common/base/csv.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/law/facts.h"
#include "common/rpc/status.h"
#include "services/ctl/carrier.h"

namespace teilhabe::ctl {
namespace {

namespace v1 = carriers::v1;

constexpr int kBatch = 500;

// Which column of the input is what; -1 where there is none.
struct Columns {
  int municipality = -1, stage = -1, provider = -1, event_day = -1, law_day = -1, known_at = -1;
  std::vector<std::pair<int, std::string>> facts;
};

Columns FindColumns(const std::vector<std::string>& header) {
  Columns columns;
  const std::pair<std::string_view, int*> named[] = {
      {"municipality", &columns.municipality}, {"stage", &columns.stage},     {"provider", &columns.provider},
      {"event_day", &columns.event_day},       {"law_day", &columns.law_day}, {"known_at", &columns.known_at}};
  for (std::size_t at = 0; at < header.size(); ++at) {
    for (const auto& [name, column] : named) {
      if (header[at] == name) *column = static_cast<int>(at);
    }
    if (law::FindFact(header[at]).ok()) columns.facts.emplace_back(static_cast<int>(at), header[at]);
  }
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
  return field.empty() ? GetReason(status) : absl::StrCat(GetReason(status), " ", field);
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

Asked BuildMessages(const CsvTable& table) {
  Asked asked;
  const Columns columns = FindColumns(table.header());
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
  std::string text;
  if (input == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else {
    std::ifstream file(input, std::ios::binary);
    if (!file) {
      return FieldError(absl::StatusCode::kInvalidArgument, "INPUT_UNREADABLE", "input",
                        absl::StrCat("cannot read ", input));
    }
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  TEILHABE_ASSIGN_OR_RETURN(CsvTable table, CsvTable::Parse(text));
  TEILHABE_RETURN_IF_ERROR(table.Columns({"municipality", "stage", "event_day"}).status());
  return table;
}

// Sends every message and takes every answer; one thread writes, this one reads.
absl::StatusOr<std::vector<v1::BatchAnswer>> Exchange(const Session& session, const Asked& asked, std::size_t rows) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::hours(1));
  const auto stub = session.Carriers();
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
    for (v1::BatchAnswer& answer : *response.mutable_answers()) answers.push_back(std::move(answer));
    progress.Show(answers.size());
  }
  writer.join();
  TEILHABE_RETURN_IF_ERROR(rpc::FromGrpcStatus(stream->Finish()));
  return answers;
}

}  // namespace

int CarrierBatch(const Session& session, const std::string& input, const std::string& output) {
  const auto table = ReadTable(input);
  if (!table.ok()) return PrintError(table.status());
  const Asked asked = BuildMessages(*table);
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
  if (output != "-") file.open(output, std::ios::binary);
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
