#include "services/ctl/case_commands.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "absl/strings/numbers.h"
#include "services/ctl/cases.h"
#include "services/ctl/persons.h"

namespace teilhabe::ctl {
namespace {

constexpr char kExamples[] = R"(Examples:
  case=$(teilhabe case open --family-name Beispiel --given-names Anna --birth-day 2001-05-31 --municipality 05711000)
  teilhabe case apply $case --stage eingangsverfahren
  teilhabe case list --held --due-by 2026-02-28
)";

// A command and where its options go. They live as long as the command, which has them.
template <typename Text>
struct Command {
  CLI::App* app;
  std::shared_ptr<Text> text;
};

class Registry {
 public:
  Registry(const Session& session, int& exit_code) : session_(&session), exit_code_(&exit_code) {}

  template <typename Text>
  Command<Text> Add(CLI::App* group, const char* name, const char* help,
                    absl::Status (*run)(const Session&, const Text&)) const {
    auto text = std::make_shared<Text>();
    CLI::App* const app = group->add_subcommand(name, help);
    app->callback(
        [session = session_, exit_code = exit_code_, run, text] { *exit_code = ExitOf(run(*session, *text)); });
    return {app, std::move(text)};
  }

 private:
  const Session* session_;
  int* exit_code_;
};

CLI::Option* AddCase(CLI::App* app, std::string& id) {
  return app->add_option("case", id, "Its id, or this agency's file number")->required();
}
CLI::Option* AddAgency(CLI::App* app, const char* option, std::string& id) {
  return app->add_option(option, id, "Member id, e.g. lwl")->required()->type_name("MEMBER");
}
CLI::Option* AddStage(CLI::App* app, std::string& stage) {
  return app->add_option("--stage", stage, "eingangsverfahren, berufsbildungsbereich or arbeitsbereich")
      ->required()
      ->type_name("STAGE");
}
CLI::Option* AddDay(CLI::App* app, const char* option, std::string& day, const char* help) {
  return app->add_option(option, day, help)->type_name("YYYY-MM-DD");
}
// Several words: the option once for each, or with commas between them.
CLI::Option* AddWords(CLI::App* app, const char* option, std::vector<std::string>& words, const char* help) {
  return app->add_option(option, words, help)->type_size(1)->allow_extra_args(false)->delimiter(',');
}
std::string CheckEntry(const std::string& text) {
  std::int64_t entry = 0;
  return absl::SimpleAtoi(text, &entry) && entry > 0 ? ""
                                                     : "an entry is a number from 1 on; teilhabe case show has them";
}
CLI::Option* AddEntry(CLI::App* app, const char* option, std::int64_t& entry, const char* help) {
  return app->add_option(option, entry, help)->required()->check(CheckEntry)->type_name("ENTRY");
}
CLI::Option* AddPlace(CLI::App* app, std::string& place) {
  return app->add_option("--place", place, "Municipality key of the place that makes it competent (§ 98 SGB IX)")
      ->type_name("KEY");
}
CLI::Option* AddMedicalBasis(CLI::App* app, std::string& basis) {
  return app->add_option("--medical-basis", basis, "Basis under § 76 SGB X, with which medical sections go too")
      ->type_name("TEXT");
}
template <typename Text>
void AddEventDay(CLI::App* app, Text& text) {
  AddDay(app, "--day", text.day, "When it happened; default: the network's today");
  app->add_option("--evidence", text.evidence, "What proves an earlier day, e.g. Eingangsstempel")->type_name("TEXT");
}
template <typename Text>
void AddWho(CLI::App* app, Text& text) {
  app->add_option("--family-name", text.family_name, "Family name")->required()->type_name("NAME");
  app->add_option("--given-names", text.given_names, "All given names")->required()->type_name("NAMES");
  AddDay(app, "--birth-day", text.birth_day, "Day of birth")->required();
}

// What is read, and what an agency does with its own cases.
void AddCaseWork(const Registry& registry, CLI::App* group) {
  const auto [open, opened] = registry.Add(group, "open", "Opens a case of a person; prints its id", CaseOpen);
  AddWho(open, *opened);
  open->add_option("--municipality", opened->municipality, "Municipality key of the residence, 8 digits")
      ->required()
      ->type_name("KEY");
  open->add_option("--street", opened->street, "Street and number")->type_name("TEXT");
  open->add_option("--postal-code", opened->postal_code, "Postleitzahl")->type_name("TEXT");
  open->add_option("--place", opened->place, "Town")->type_name("TEXT");
  open->add_option("--file-number", opened->file_number, "Own Aktenzeichen")->type_name("TEXT");
  open->add_option("--person", opened->person, "Person that is known here, as teilhabe person find gives her")
      ->type_name("ID");
  AddEventDay(open, *opened);

  const auto [list, listed] = registry.Add(group, "list", "All cases here, the most urgent first", CaseList);
  list->add_flag("--held", listed->held, "Only those that this agency holds");
  AddDay(list, "--due-by", listed->due_by, "Only those that are due by this day");
  list->add_option("--rest", listed->rest,
                   "On what they rest: application, granted, service, individual_solution, outside, ended, opened")
      ->type_name("KIND");
  list->add_option("--file-number", listed->file_number, "Own Aktenzeichen")->type_name("TEXT");

  const auto [show, shown] =
      registry.Add(group, "show", "Who holds it and pays, on what it rests, its steps", CaseShow);
  AddCase(show, shown->id);
  const auto [timeline, line] = registry.Add(group, "timeline", "All that happened, and the roles", CaseTimeline);
  AddCase(timeline, line->id);
  timeline->add_flag("--roles", line->roles, "The roles alone");

  const auto [apply, applied] = registry.Add(group, "apply", "Records the person's application for a stage", CaseApply);
  AddCase(apply, applied->id);
  AddStage(apply, applied->stage);
  apply->add_option("--provider", applied->provider, "What the person wishes: wfbm or ala")->type_name("TYPE");
  AddDay(apply, "--eingang", applied->eingang, "When it arrived; default: --day");
  AddEventDay(apply, *applied);

  const auto [record, recorded] = registry.Add(group, "record", "Records any other step", CaseRecord);
  AddCase(record, recorded->id);
  record->add_option("json", recorded->json, "RecordStepRequest without case, request_id, head; - reads standard input")
      ->required();
  const auto [decide, decided] =
      registry.Add(group, "decide", "Decides on an application; needs --official", CaseDecide);
  AddCase(decide, decided->id);
  decide->add_option("json", decided->json, "DecideRequest without case, request_id, head; - reads standard input")
      ->required();
  decide->add_flag("--check", decided->check, "Writes nothing; says what would be");

  const auto [ask, asked] = registry.Add(group, "ask", "Asks agencies for an open case of the person", CaseAsk);
  AddCase(ask, asked->id);
  AddWords(ask, "--agency", asked->agencies, "Whom to ask; as often as needed, at most six")
      ->required()
      ->type_name("MEMBER");
  AddEntry(ask, "--application", asked->application, "Entry of the own application");
  ask->add_option("--person-was-asked", asked->person_was_asked, "What the person said when she was asked first")
      ->required()
      ->type_name("TEXT");
}

// What goes to other agencies.
void AddHandover(const Registry& registry, CLI::App* group) {
  const auto [involve, involved] = registry.Add(group, "involve", "Makes an agency a party", CaseInvolve);
  AddCase(involve, involved->id);
  AddAgency(involve, "--agency", involved->agency);
  involve->add_option("--relation", involved->relation, "involved, split, conference, provider, labour_market, ...")
      ->required()
      ->type_name("RELATION");
  AddWords(involve, "--category", involved->categories,
           "identity, contact, needs, ...: what it sees beside the procedure; default: all of the relation")
      ->type_name("CATEGORY");
  involve->add_flag("--release-older", involved->release_older, "Shows it what was recorded before, too");
  AddDay(involve, "--until", involved->until, "Last day");
  AddMedicalBasis(involve, involved->medical_basis);

  const auto [announce, announced] =
      registry.Add(group, "announce", "Tells the next stage's agency; it answers what it misses", CaseAnnounce);
  AddCase(announce, announced->id);
  AddAgency(announce, "--to", announced->to);
  AddStage(announce, announced->stage);

  const auto [offer, offered] = registry.Add(group, "offer", "Offers it to the next stage's agency", CaseOffer);
  AddCase(offer, offered->id);
  AddAgency(offer, "--to", offered->to);
  AddEntry(offer, "--request", offered->request, "Entry of the application or Gesamtplan finding (§ 108 SGB IX)");
  offer->add_flag("--incomplete", offered->incomplete,
                  "Although the receiver misses something; it may decline for that");
  AddPlace(offer, offered->place);
  AddMedicalBasis(offer, offered->medical_basis);

  const auto [accept, accepted] = registry.Add(group, "accept", "Takes over a case that is offered", CaseAccept);
  AddCase(accept, accepted->id);
  const auto [decline, declined] = registry.Add(group, "decline", "Does not take it over", CaseDecline);
  AddCase(decline, declined->id);
  AddWords(decline, "--reason", declined->reasons, "chain_broken, wrong_kind, wrong_place, item_missing, withdrawn")
      ->required()
      ->type_name("REASON");
  AddWords(decline, "--missing", declined->missing, "With item_missing: item of the own published list")
      ->type_name("ITEM");

  const auto [forward, forwarded] =
      registry.Add(group, "forward", "Forwards an application to the competent agency (§ 14 SGB IX)", CaseForward);
  AddCase(forward, forwarded->id);
  AddAgency(forward, "--to", forwarded->to);
  AddEntry(forward, "--application", forwarded->application, "Entry of the application");
  AddPlace(forward, forwarded->place);

  const auto [outside, sent] =
      registry.Add(group, "send-outside", "Forwards it on paper to an agency without a node", CaseSendOutside);
  AddCase(outside, sent->id);
  outside->add_option("--addressee", sent->addressee, "Agency id, or name and address")->required()->type_name("TEXT");
  AddEntry(outside, "--application", sent->application, "Entry of the application");
  AddDay(outside, "--review", sent->review, "When to look at it again")->required();
  AddDay(outside, "--day", sent->day, "Day of posting; default: the network's today");
  outside->add_option("--out", sent->out, "New file for the signed package, to print")->required()->type_name("FILE");
}

}  // namespace

void AddCaseCommands(CLI::App& app, const Session& session, int& exit_code) {
  const Registry registry(session, exit_code);
  CLI::App* const cases = app.add_subcommand("case", "Cases of persons")->require_subcommand(1);
  AddCaseWork(registry, cases);
  AddHandover(registry, cases);
  cases->footer(kExamples);  // After its commands, which would repeat it.

  CLI::App* const person = app.add_subcommand("person", "Persons as this agency knows them")->require_subcommand(1);
  const auto [find, found] = registry.Add(person, "find", "Who may be meant, best first", PersonFind);
  AddWho(find, *found);
  const auto [link, linked] =
      registry.Add(person, "link", "Says that a case is of this person; needs --official", PersonLink);
  AddCase(link, linked->id);
  link->add_option("--person", linked->person, "As teilhabe person find gives her")->required()->type_name("ID");
  const auto [unlink, unlinked] = registry.Add(person, "unlink", "Takes that back; needs --official", PersonUnlink);
  AddCase(unlink, unlinked->id);

  CLI::App* const access = app.add_subcommand("access", "Who has seen a case")->require_subcommand(1);
  const auto [accesses, of] = registry.Add(access, "list", "At every agency that is or was party", AccessList);
  AddCase(accesses, of->id);
  CLI::App* const audit = app.add_subcommand("audit", "This node's access log")->require_subcommand(1);
  registry.Add(audit, "verify", "Computes it anew", AuditVerify);
}

}  // namespace teilhabe::ctl
