#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/time/civil_time.h"

// What a case is about, folded from its steps: what the rules of a case need and nothing else. Texts, names and
// findings stay in the sections that carry them.
namespace teilhabe::participants {

enum class Stage { kEingangsverfahren, kBerufsbildungsbereich, kArbeitsbereich };
enum class ProviderType { kNone, kWfbm, kAla };

enum class Applicant { kPerson, kRepresentative, kExOfficio };
struct Application {
  absl::CivilDay eingang;
  Stage stage{};
  ProviderType wish = ProviderType::kNone;
  Applicant applicant{};
  std::int64_t representation = 0;  // Sequence of the entry that is relied on.
  std::string received_by;
  std::vector<std::int64_t> jointly_with = {};  // Further entries of who states it together.
};

enum class RepresentationKind { kBevollmaechtigter, kBetreuer, kParent, kVormund, kBeistand, kSpouse };
enum class Matter { kSocialBenefits, kHealth, kMoney, kResidence, kPost, kAll };
// Who acts for the person, with scope and proof (law.md 8a.3).
struct Representation {
  RepresentationKind kind{};
  std::vector<Matter> matters;
  absl::CivilDay from;
  std::optional<absl::CivilDay> to;
  bool proved = false;
  std::optional<absl::CivilDay> exclusive;  // Day of the Ausschließlichkeitserklärung.
  bool consent_reserved = false;            // Einwilligungsvorbehalt.
  bool sole = false;                        // A parent, or one of several Betreuer, who acts alone.
};
// The part that every party sees; who it is, only who sees IDENTITY.
struct RepresentationNote {
  std::optional<Representation> who;
  std::int64_t ends = 0;  // Sequence of the entry that ends; 0: begins one.
  std::optional<absl::CivilDay> end_day;
};

struct MedicalHint {
  absl::CivilDay given;
  bool objection = false;
};
struct Assessment {
  std::int64_t application = 0;
};
struct Determination {
  std::int64_t application = 0;
  std::int64_t assessment = 0;
};
struct Plan {
  std::int64_t application = 0;
  int version = 0;
  std::optional<absl::CivilDay> review;
  bool gesamtplan = false;
};
struct GesamtplanFinding {
  Stage stage{};
  std::int64_t plan = 0;
};

struct IndividualSolution {
  std::optional<absl::CivilDay> review;
};
enum class EndReason { kDeath, kGeneralLabourMarket, kWithdrawn, kAgeLimit, kOtherSupport, kJoined };
struct Ended {
  EndReason reason{};
};
// What follows where nothing else runs (N-10).
struct Follow {
  std::optional<IndividualSolution> solution;
  std::optional<Ended> end;
};

struct Decision {
  std::int64_t application = 0;
  bool granted = false;
  Stage stage{};
  ProviderType provider_type = ProviderType::kNone;
  std::string provider;
  std::optional<absl::CivilDay> first_day;  // Of what was granted.
  std::optional<absl::CivilDay> last_day;   // Absent: open.
  std::string leistender_traeger;
  Follow follow;
};

struct ServiceStarted {
  std::int64_t decision = 0;
  absl::CivilDay first_day;
  std::string provider;
};
enum class ServiceEndReason { kCompleted, kLeft, kProviderEnded, kGeneralLabourMarket, kAgeLimit, kDeath };
struct ServiceEnded {
  std::int64_t service = 0;
  absl::CivilDay last_day;
  ServiceEndReason reason{};
  Follow follow;
};
struct Joined {
  std::string into;
  absl::CivilDay their_eingang;
};
struct Report {
  std::string kind;
};

// One step: what was recorded or contributed, when, by whom.
struct Step {
  std::int64_t sequence = 0;  // Of its event in the log.
  absl::CivilDay day;         // Legal day.
  std::string author;
  std::variant<Application, RepresentationNote, MedicalHint, Assessment, Determination, Plan, GesamtplanFinding,
               Decision, ServiceStarted, ServiceEnded, IndividualSolution, Ended, Joined, Report>
      what;
};

// A change of holder, or an agency without a node that decides.
struct Tenure {
  std::string holder;
  absl::CivilDay from;
  bool forwarded = false;    // § 14 SGB IX.
  std::int64_t request = 0;  // The application that it was offered or forwarded for; 0: not said.
  bool succeeded = false;    // In the place of an agency that ended.
  std::int64_t sequence = 0;
};
struct Outside {
  std::int64_t application = 0;  // That was sent.
  std::string addressee;
  absl::CivilDay posted;
  std::optional<absl::CivilDay> received;
  std::optional<absl::CivilDay> review;
  std::int64_t sequence = 0;
};

template <typename What>
struct Recorded {
  std::int64_t sequence = 0;
  absl::CivilDay day;
  std::string author;
  What what;
};

// The folded case. Each list ascends by sequence.
struct Case {
  std::string id;  // Of its dossier.
  absl::CivilDay opened;
  std::optional<absl::CivilDay> birth_day;  // Absent: not visible here.
  std::vector<Tenure> tenures;
  std::vector<Outside> outsides;
  std::vector<Recorded<Application>> applications;
  std::vector<Recorded<RepresentationNote>> representations;
  std::vector<Recorded<MedicalHint>> hints;
  std::vector<Recorded<Assessment>> assessments;
  std::vector<Recorded<Determination>> determinations;
  std::vector<Recorded<Plan>> plans;
  std::vector<Recorded<GesamtplanFinding>> findings;
  std::vector<Recorded<Decision>> decisions;
  std::vector<Recorded<ServiceStarted>> services;
  std::vector<Recorded<ServiceEnded>> ends;  // Of services.
  std::vector<Recorded<Report>> reports;
  // The newest of them; an application makes an end void.
  std::optional<Recorded<IndividualSolution>> solution;
  std::optional<Recorded<Ended>> end;
  // Every end, also one that an application made void, or that closed what waited after a death: it closed the
  // applications and grants of before.
  std::vector<Recorded<Ended>> closings;
  // Sequence of the newest individual solution, also of one that a grant made void; 0: none.
  std::int64_t last_solution = 0;
};

// Folds a step in. Whatever a log holds is folded; whether a step may be recorded is asked before (steps.h).
void Apply(Case& folded, const Step& step);

template <typename What>
const Recorded<What>* Find(const std::vector<Recorded<What>>& list, std::int64_t sequence) {
  for (const auto& entry : list) {
    if (entry.sequence == sequence) return &entry;
  }
  return nullptr;
}

// The decision on an application; null: it is open.
const Recorded<Decision>* DecisionOn(const Case& folded, std::int64_t application);
// The end that closed what was recorded before it, an application or a grant that had not begun; null: none.
const Recorded<Ended>* ClosingOf(const Case& folded, std::int64_t sequence);
// The end that closed an application. Death by itself closes none: a money claim in a pending procedure survives it,
// and whether there is one an official says (§ 59 SGB I; law.md 8a.3).
const Recorded<Ended>* WithdrawalOf(const Case& folded, std::int64_t application);
// Whether an application waits for its decision: not decided, and not withdrawn by an end.
bool IsOpen(const Case& folded, const Recorded<Application>& application);
// The service that a decision granted, once it has begun; its end, once one is recorded.
const Recorded<ServiceStarted>* ServiceOf(const Case& folded, std::int64_t decision);
const Recorded<ServiceEnded>* EndOf(const Case& folded, std::int64_t service);
// Whether a service of this stage was completed by a day.
bool IsCompleted(const Case& folded, Stage stage, absl::CivilDay day);
// Whether the person died; the day is that of the step.
bool IsDead(const Case& folded);
// Whether the person died, or the case was moved into another.
bool IsClosedForGood(const Case& folded);

std::string_view StageName(Stage stage);    // `arbeitsbereich`
std::string_view StageGerman(Stage stage);  // `Arbeitsbereich`

}  // namespace teilhabe::participants
