// The command line `teilhabe`: English nouns, then verbs; legal sentences in German.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/spelling.h"
#include "common/base/strings.h"
#include "common/rpc/tls.h"
#include "services/ctl/carrier.h"
#include "services/ctl/case_commands.h"
#include "services/ctl/dossier.h"
#include "services/ctl/network/commands.h"
#include "services/ctl/rpc_call.h"

namespace teilhabe::ctl {
namespace {

constexpr char kExamples[] = R"(Examples:
  teilhabe carrier lookup --municipality 05711000 --stage arbeitsbereich --date 2025-03-10 --fact cause=none
  teilhabe carrier batch questions.csv --out answers.csv
  teilhabe case list --held --due-by 2026-02-28

Exit codes: 0 ok (undetermined too), 1 unexpected, 2 wrong call, 3 not found, 4 by rule, 5 unreachable, 6 protocol.)";

// `lookp` -> "did you mean lookup?"
std::string Suggestion(const CLI::App& app, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    std::vector<std::string> names;
    std::vector<const CLI::App*> open = {&app};
    while (!open.empty()) {
      const CLI::App* at = open.back();
      open.pop_back();
      for (const CLI::App* sub : at->get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(sub->get_name());
        open.push_back(sub);
      }
      for (const CLI::Option* option : at->get_options()) names.push_back(option->get_name());
    }
    if (std::find(names.begin(), names.end(), word) != names.end()) continue;
    const std::string_view near = NearestSpelling(word, {names.begin(), names.end()});
    if (!near.empty()) return absl::StrCat("; did you mean ", ToAbsl(near), "?");
  }
  return "";
}

// Checks of options; each returns what is wrong, or nothing.
std::string CheckNode(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  int port = 0;
  const bool good = colon != std::string::npos && colon > 0 && absl::SimpleAtoi(text.substr(colon + 1), &port) &&
                    port > 0 && port <= 65535;
  return good ? "" : absl::StrCat("'", text.substr(0, 100), "' is no HOST:PORT");
}
std::string CheckTimeout(const std::string& text) {
  double seconds = 0;  // CLI::Range lets nan pass.
  const bool good = absl::SimpleAtod(text, &seconds) && seconds >= 0.001 && seconds <= 3600;
  return good ? "" : absl::StrCat("'", text.substr(0, 100), "' is not 0.001 to 3600");
}

// Errors for a command that prints in one format only.
absl::Status CheckFormat(Format asked, Format refused, std::string_view command, std::string_view only) {
  if (asked != refused) return absl::OkStatus();
  return FieldError(absl::StatusCode::kInvalidArgument, "CALL_INVALID", "--output",
                    absl::StrCat(ToAbsl(command), " prints ", ToAbsl(only), " only"));
}

// `name=value` pairs as the question has them.
absl::Status TakeFacts(const std::vector<std::string>& words, QuestionText& question) {
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      return FieldError(absl::StatusCode::kInvalidArgument, "CALL_INVALID", "--fact",
                        absl::StrCat("'", word.substr(0, 64), "' is no name=value"));
    }
    question.facts.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  return absl::OkStatus();
}

int Run(int argc, char** argv) {
  SilenceLibraries();
  rpc::NarrowTls();
  Session session;
  CLI::App app("Teilhabenetz: who decides, who pays, who holds the case. More: teilhabe COMMAND --help", "teilhabe");
  app.require_subcommand(1);
  app.fallthrough();
  app.get_help_ptr()->group("");  // Not on the first screen, which is full; --version neither.
  app.set_version_flag("--version", "teilhabe 0.1.0")->group("");
  app.add_option("--state", session.state, "State folder of the network; default build/network")
      ->envname("TEILHABE_STATE")
      ->option_text("DIR");
  app.add_option("--network", session.network, "Start folder that --as is a member of")
      ->envname("TEILHABE_NETWORK")
      ->option_text("FOLDER");
  app.add_option("--as", session.as, "Agency to act as, through its own node; default lwl")
      ->envname("TEILHABE_AS")
      ->option_text("AGENCY");
  app.add_option("--official", session.official, "Official to act as, e.g. sb-1; default: the agency's system")
      ->envname("TEILHABE_OFFICIAL")
      ->option_text("PSEUDONYM");
  app.add_option("--purpose", session.purpose, "For what: case_work, handover, accounting, remedy, ...")
      ->envname("TEILHABE_PURPOSE")
      ->option_text("PURPOSE");
  app.add_option("--node", session.node, "Address in place of the directory's")
      ->envname("TEILHABE_NODE")
      ->check(CheckNode)
      ->option_text("HOST:PORT");
  app.add_option("--timeout", session.timeout_seconds, "How long to wait for an answer; default 10")
      ->check(CheckTimeout)
      ->option_text("SECONDS");
  app.add_option_function<std::string>(
         "--output",
         [&session](const std::string& name) {
           session.format = name == "json" ? Format::kJson : name == "csv" ? Format::kCsv : Format::kTable;
         },
         "How to print: table, json or csv")
      ->check(CLI::IsMember({"table", "json", "csv"}))
      ->option_text("FORMAT");
  int exit_code = kExitOk;

  AddCaseCommands(app, session, exit_code);

  CLI::App* carrier = app.add_subcommand("carrier", "Who decides and pays")->require_subcommand(1);
  QuestionText question;
  std::vector<std::string> facts;
  CLI::App* lookup = carrier->add_subcommand("lookup", "The competent carrier, and why");
  lookup->add_option("--municipality", question.municipality, "Municipality key, 8 digits")->required();
  lookup->add_option("--stage", question.stage, "eingangsverfahren, berufsbildungsbereich or arbeitsbereich")
      ->required();
  lookup->add_option("--provider", question.provider, "wfbm or ala")->capture_default_str();
  lookup->add_option("--date", question.event_day, "First day of the service, YYYY-MM-DD")->required();
  lookup->add_option("--law-day", question.law_day, "State of the law; default: --date");
  lookup->add_option("--known-at", question.known_at, "Version of the data; default: the newest");
  lookup->add_option("--fact", facts, "name=value, as often as needed; see `teilhabe carrier facts`")
      ->type_size(1)
      ->allow_extra_args(false);
  lookup->callback([&] {
    const absl::Status taken = TakeFacts(facts, question);
    exit_code = taken.ok() ? CarrierLookup(session, question) : PrintError(taken);
  });

  std::string input;
  std::string output = "-";
  CLI::App* batch = carrier->add_subcommand("batch", "The same for a CSV of questions");
  batch->add_option("input", input, "CSV with municipality, stage, event_day and facts; - reads standard input")
      ->required();
  batch->add_option("--out", output, "Where the answers go; - writes standard output")->capture_default_str();
  batch->callback([&] {
    const absl::Status format = CheckFormat(session.format, Format::kJson, "carrier batch", "CSV");
    exit_code = format.ok() ? CarrierBatch(session, input, output) : PrintError(format);
  });

  carrier->add_subcommand("facts", "The facts that can be given")->callback([&] { exit_code = CarrierFacts(session); });
  std::string date;
  CLI::App* rules = carrier->add_subcommand("rules", "The rule table with citations");
  rules->add_option("--date", date, "Only rows valid on this day");
  rules->callback([&] { exit_code = CarrierRules(session, date); });

  CLI::App* network = app.add_subcommand("network", "Networks of start folders on this machine")->require_subcommand(1);
  std::string folder;
  int base_port = 7410;
  CLI::App* up = network->add_subcommand("up", "Makes or joins the network, starts its nodes");
  up->add_option("folder", folder, "Start folder, e.g. deploy/network/nrw")->required();
  up->add_option("--base-port", base_port, "First port of new nodes; 0: any free ones")
      ->envname("TEILHABE_BASE_PORT")
      ->check(CLI::Range(0, 65000))
      ->capture_default_str();
  up->callback([&] { exit_code = NetworkUp(session, folder, base_port); });
  CLI::App* down = network->add_subcommand("down", "Ends the nodes of a start folder");
  down->add_option("folder", folder, "Start folder; without: all nodes");
  down->callback([&] { exit_code = NetworkDown(session, folder); });
  CLI::App* status = network->add_subcommand("status", "Nodes, peers, certificates, directory, clock");
  status->add_option("folder", folder, "Start folder; without: all nodes");
  status->callback([&] { exit_code = NetworkStatus(session, folder); });
  CLI::App* clock = network->add_subcommand("clock", "Shows the network's day, or moves it on");
  int days = 0;
  CLI::App* advance = clock->add_subcommand("advance", "Moves the clock on by days");
  advance->add_option("days", days, "1 to 3660")->required()->check(CLI::Range(1, 3660));
  advance->callback([&] { exit_code = NetworkClockAdvance(session, days); });
  std::string clock_day;
  CLI::App* set = clock->add_subcommand("set", "Sets the clock to a later day");
  set->add_option("day", clock_day, "YYYY-MM-DD; - reads days from standard input, one a line")->required();
  set->callback([&] { exit_code = NetworkClockSet(session, clock_day); });
  clock->callback([&] {
    if (clock->get_subcommands().empty()) exit_code = NetworkClockShow(session);
  });

  std::string peer;
  CLI::App* handover = app.add_subcommand("handover", "What is on its way between nodes")->require_subcommand(1);
  CLI::App* balance = handover->add_subcommand("balance", "What was sent to a peer and taken from it, by both counts");
  balance->add_option("peer", peer, "Member id")->required();
  balance->callback([&] { exit_code = HandoverBalance(session, peer); });

  std::string dossier_id;
  std::string evidence_path;
  CLI::App* dossier = app.add_subcommand("dossier", "Case files of this agency")->require_subcommand(1);
  CLI::App* show = dossier->add_subcommand("show", "Who holds it, what is open, its log");
  show->add_option("dossier", dossier_id, "Its id, 32 hex digits")->required();
  show->callback([&] { exit_code = DossierShow(session, dossier_id); });
  CLI::App* evidence = dossier->add_subcommand("evidence", "Writes what proves its course, for an auditor");
  evidence->add_option("dossier", dossier_id, "Its id, 32 hex digits")->required();
  evidence->add_option("--out", evidence_path, "File to write")->required();
  evidence->callback([&] { exit_code = DossierEvidence(session, dossier_id, evidence_path); });

  std::string method;
  std::string json = "{}";
  bool list = false;
  CLI::App* rpc = app.add_subcommand("rpc", "Calls any method of the contracts");
  rpc->add_option("method", method, "SERVICE/METHOD");
  rpc->add_option("json", json, "The request; - reads standard input")->capture_default_str();
  rpc->add_flag("--list", list, "Prints the methods");
  bool lines = false;
  rpc->add_flag("--lines", lines, "One call for each line of standard input: {method, request, as, official, purpose}");
  rpc->callback([&] {
    const absl::Status format = CheckFormat(session.format, Format::kCsv, "rpc", "JSON");
    exit_code = !format.ok() ? PrintError(format)
                : list       ? RpcList()
                : lines      ? RpcLines(session)
                             : RpcCall(session, method, json);
  });

  app.footer(kExamples);  // After the commands, which would repeat it.
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // --help, --version
    return app.exit(success);
  } catch (const CLI::Error& error) {  // CLI11 reports by exceptions; none leaves this function.
    return PrintError(ReasonError(absl::StatusCode::kInvalidArgument, "CALL_INVALID",
                                  absl::StrCat(error.what(), Suggestion(app, {argv + 1, argv + argc}))));
  }
  return exit_code;
}

}  // namespace
}  // namespace teilhabe::ctl

int main(int argc, char** argv) {
  const int code = teilhabe::ctl::Run(argc, argv);
  const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (code != teilhabe::ctl::kExitOk || written) return code;
  return teilhabe::ctl::PrintError(teilhabe::FieldError(absl::StatusCode::kUnknown, "OUTPUT_FAILED", "output",
                                                        "what was to be printed could not be written whole"));
}
