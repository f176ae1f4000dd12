// Who may apply for a person: the rows of law.md 8a.3, with both sides of each day.
#include "services/participants/domain/representation.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "services/participants/domain/case_for_test.h"

namespace teilhabe::participants {
namespace {

constexpr auto kBevollmaechtigter = RepresentationKind::kBevollmaechtigter;
constexpr auto kBetreuer = RepresentationKind::kBetreuer;
constexpr auto kParent = RepresentationKind::kParent;
constexpr auto kVormund = RepresentationKind::kVormund;

// An entry, from 2022-01-01 if nothing else is said.
struct Who {
  RepresentationKind kind;
  std::vector<Matter> matters = {Matter::kSocialBenefits};
  std::string from = "2022-01-01";
  std::string to = {};
  bool proved = true;
  std::string exclusive = {};
  bool reserved = false;
  bool sole = false;
  std::string ended = {};  // By a later entry.
};
Representation Made(const Who& who) {
  return {who.kind,     who.matters, On(who.from), MaybeOn(who.to), who.proved, MaybeOn(who.exclusive),
          who.reserved, who.sole};
}

constexpr char kIncapable[] = "APPLICANT_WITHOUT_CAPACITY step.application.applicant";
constexpr char kMissing[] = "REPRESENTATION_MISSING step.application.representation";
constexpr char kNotValid[] = "REPRESENTATION_NOT_VALID step.application.representation";

struct Row {
  std::string name;
  std::string born;        // Empty: not visible.
  std::vector<Who> who;    // Sequences 1, 2, ...
  std::int64_t relies_on;  // 0: the person applies.
  std::string day;         // Eingang.
  std::string want = "OK";
  std::vector<std::int64_t> jointly_with = {};
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class Representations : public testing::TestWithParam<Row> {};
TEST_P(Representations, AllowAnApplicationOrNot) {
  const Row& row = GetParam();
  Story story("2015-01-01");
  story.folded().birth_day = MaybeOn(row.born);
  for (const Who& who : row.who) story.Tell("2015-01-01", Begins(Made(who)));
  for (std::size_t at = 0; at < row.who.size(); ++at) {
    const std::int64_t entry = static_cast<std::int64_t>(at) + 1;
    if (!row.who[at].ended.empty()) story.Tell(row.who[at].ended, Ends(entry, row.who[at].ended));
  }
  Application asked =
      Applied(kEv, row.day, row.relies_on == 0 ? Applicant::kPerson : Applicant::kRepresentative, row.relies_on);
  asked.jointly_with = row.jointly_with;
  EXPECT_EQ(Summary(CheckApplicant(story.folded(), asked)), row.want);
  EXPECT_EQ(Summary(story.Ask("2035-01-01", asked)), row.want);  // By the day of arrival, not of recording.
  // An agency that knows of the need itself asks nobody (§ 14 Abs. 4 SGB IX).
  EXPECT_EQ(Summary(CheckApplicant(story.folded(), Applied(kEv, row.day, Applicant::kExOfficio))), "OK");
}
auto Name() {
  return [](const auto& tested) { return tested.param.name; };
}

constexpr char kAdult[] = "1990-05-05";
constexpr char kBornIn2009[] = "2009-06-15";  // 15 on 2024-06-15, 18 on 2027-06-15.

const std::vector<Row> kPersons = {
    {"Law8a3_Adult", kAdult, {}, 0, "2024-06-15"},
    {"Law8a3_BirthDayNotVisible", "", {}, 0, "2024-06-15"},
    {"Law10_On15thBirthday", kBornIn2009, {}, 0, "2024-06-15"},
    {"Law10_DayBefore15thBirthday", kBornIn2009, {}, 0, "2024-06-14", kIncapable},
    {"Law10_BornOnALeapDayOn28February", "2008-02-29", {}, 0, "2023-02-28", kIncapable},
    {"Law10_BornOnALeapDayOn1March", "2008-02-29", {}, 0, "2023-03-01"},
    {"Law8a3_From15BesideParents", kBornIn2009, {{kParent}, {kParent}}, 0, "2024-06-15"},
    // A Betreuer does not switch the person off.
    {"Law8a3_WithBetreuer", kAdult, {{kBetreuer}}, 0, "2024-06-15"},
    {"Law8a3_WithBevollmaechtigter", kAdult, {{kBevollmaechtigter}}, 0, "2024-06-15"},
    {"Law8a3_Reserved", kAdult, {{.kind = kBetreuer, .reserved = true}}, 0, "2024-06-15", kIncapable},
    {"Law8a3_ReservedBefore2023", kAdult, {{.kind = kBetreuer, .reserved = true}}, 0, "2022-06-15", kIncapable},
    {"Law8a3_ReservedOfAll",
     kAdult,
     {{.kind = kBetreuer, .matters = {Matter::kAll}, .reserved = true}},
     0,
     "2024-06-15",
     kIncapable},
    {"Law8a3_ReservedOfMoneyOnly",
     kAdult,
     {{.kind = kBetreuer, .matters = {Matter::kMoney, Matter::kHealth}, .reserved = true}},
     0,
     "2024-06-15"},
    {"Law8a3_ReservedFromItsFirstDay",
     kAdult,
     {{.kind = kBetreuer, .from = "2024-06-15", .reserved = true}},
     0,
     "2024-06-15",
     kIncapable},
    {"Law8a3_NotReservedOnTheDayBefore",
     kAdult,
     {{.kind = kBetreuer, .from = "2024-06-15", .reserved = true}},
     0,
     "2024-06-14"},
    {"Law8a3_ReservedToItsLastDay",
     kAdult,
     {{.kind = kBetreuer, .to = "2024-06-15", .reserved = true}},
     0,
     "2024-06-15",
     kIncapable},
    {"Law8a3_NotReservedOnTheDayAfter",
     kAdult,
     {{.kind = kBetreuer, .to = "2024-06-15", .reserved = true}},
     0,
     "2024-06-16"},
    {"Law8a3_ReservedAlsoOnTheDayItWasEnded",
     kAdult,
     {{.kind = kBetreuer, .reserved = true, .ended = "2024-06-15"}},
     0,
     "2024-06-15",
     kIncapable},
    {"Law8a3_NotReservedAfterItWasEnded",
     kAdult,
     {{.kind = kBetreuer, .reserved = true, .ended = "2024-06-15"}},
     0,
     "2024-06-16"},
    // Ordered from 17 for the day of 18 (§ 1825 Abs. 4 BGB).
    {"Law8a3_ReservedForThe18thBirthdayOnTheDayBefore",
     kBornIn2009,
     {{.kind = kBetreuer, .from = "2027-01-10", .reserved = true}},
     0,
     "2027-06-14"},
    {"Law8a3_ReservedFromThe18thBirthday",
     kBornIn2009,
     {{.kind = kBetreuer, .from = "2027-01-10", .reserved = true}},
     0,
     "2027-06-15",
     kIncapable},
    // § 53 Abs. 2 ZPO since 2023-01-01.
    {"Law8a3_ExclusiveOnItsDay", kAdult, {{.kind = kBetreuer, .exclusive = "2024-06-15"}}, 0, "2024-06-15", kIncapable},
    {"Law8a3_ExclusiveFromTomorrow", kAdult, {{.kind = kBetreuer, .exclusive = "2024-06-15"}}, 0, "2024-06-14"},
    {"Law8a3_ExclusiveOnTheFirstDayOfTheLaw",
     kAdult,
     {{.kind = kBetreuer, .exclusive = "2023-01-01"}},
     0,
     "2023-01-01",
     kIncapable},
    {"Law8a3_NothingIsExclusiveBeforeTheLaw",
     kAdult,
     {{.kind = kBetreuer, .exclusive = "2022-12-31"}},
     0,
     "2022-12-31"},
    {"Law8a3_ExclusiveInMoneyMattersOnly",
     kAdult,
     {{.kind = kBetreuer, .matters = {Matter::kMoney}, .exclusive = "2023-06-01"}},
     0,
     "2024-06-15"},
    {"Law8a3_OneOfTwoBetreuerIsExclusive",
     kAdult,
     {{kBetreuer}, {.kind = kBetreuer, .exclusive = "2023-06-01"}},
     0,
     "2024-06-15",
     kIncapable},
    {"Law8a3_OnlyABetreuerMayBeExclusive",
     kAdult,
     {{.kind = kBevollmaechtigter, .exclusive = "2023-06-01", .reserved = true}},
     0,
     "2024-06-15"},
};
INSTANTIATE_TEST_SUITE_P(Persons, Representations, testing::ValuesIn(kPersons), Name());

// Whoever acts by order or power: the same days, matters, proof.
std::vector<Row> Ordered() {
  std::vector<Row> rows;
  for (const auto& [kind, word, born] :
       {std::tuple(kBetreuer, "Betreuer", kAdult), std::tuple(kBevollmaechtigter, "Bevollmaechtigter", kAdult),
        std::tuple(kVormund, "Vormund", kBornIn2009)}) {
    const auto add = [&rows, name = std::string("Law8a3_") + word, born = born](
                         const std::string& what, Who who, const std::string& day, const std::string& want = "OK") {
      rows.push_back({name + what, born, {std::move(who)}, 1, day, want});
    };
    add("OnTheFirstDay", {.kind = kind, .from = "2024-06-10"}, "2024-06-10");
    add("BeforeTheFirstDay", {.kind = kind, .from = "2024-06-10"}, "2024-06-09", kNotValid);
    add("OnTheLastDay", {.kind = kind, .to = "2024-06-10"}, "2024-06-10");
    add("AfterTheLastDay", {.kind = kind, .to = "2024-06-10"}, "2024-06-11", kNotValid);
    add("OnTheDayItWasEnded", {.kind = kind, .ended = "2024-06-10"}, "2024-06-10");
    add("AfterItWasEnded", {.kind = kind, .ended = "2024-06-10"}, "2024-06-11", kNotValid);
    add("EndedEarlierThanPlanned", {.kind = kind, .to = "2024-12-31", .ended = "2024-06-10"}, "2024-06-11", kNotValid);
    add("PlannedEarlierThanEnded", {.kind = kind, .to = "2024-06-10", .ended = "2024-12-31"}, "2024-06-11", kNotValid);
    add("OfAll", {.kind = kind, .matters = {Matter::kAll}}, "2024-06-10");
    add("OfSeveral", {.kind = kind, .matters = {Matter::kHealth, Matter::kSocialBenefits}}, "2024-06-10");
    add("OfEverythingElse",
        {.kind = kind, .matters = {Matter::kHealth, Matter::kMoney, Matter::kResidence, Matter::kPost}}, "2024-06-10",
        kNotValid);
    add("Unproved", {.kind = kind, .proved = false}, "2024-06-10", kNotValid);
  }
  return rows;
}
INSTANTIATE_TEST_SUITE_P(Ordered, Representations, testing::ValuesIn(Ordered()), Name());

const Who kMother = {.kind = kParent, .matters = {Matter::kAll}, .from = "2009-06-15", .proved = false};
const Who kSoleMother = {
    .kind = kParent, .matters = {Matter::kAll}, .from = "2009-06-15", .proved = false, .sole = true};
const Who kFather = kMother;
Who Until(Who who, std::string to) {
  who.to = std::move(to);
  return who;
}
Who From(Who who, std::string from) {
  who.from = std::move(from);
  return who;
}
const Who kParentForHealth = {.kind = kParent, .matters = {Matter::kHealth}, .from = "2009-06-15"};

const std::vector<Row> kOthers = {
    {"Law8a3_ParentsJointly", kBornIn2009, {kMother, kFather}, 1, "2024-06-10"},
    {"Law8a3_TheOtherParentJointly", kBornIn2009, {kMother, kFather}, 2, "2024-06-10"},
    {"Law8a3_OneOfJointParents", kBornIn2009, {kMother}, 1, "2024-06-10", kNotValid},
    {"Law8a3_AParentAlone", kBornIn2009, {kSoleMother}, 1, "2024-06-10"},
    {"Law8a3_AParentBesideOneWhoHasTheCustodyAlone", kBornIn2009, {kSoleMother, kFather}, 2, "2024-06-10", kNotValid},
    {"Law8a3_AParentAloneBesideAnother", kBornIn2009, {kSoleMother, kFather}, 1, "2024-06-10"},
    {"Law8a3_JointToTheOthersLastDay", kBornIn2009, {kMother, Until(kFather, "2024-06-10")}, 1, "2024-06-10"},
    {"Law8a3_NotJointAfterIt", kBornIn2009, {kMother, Until(kFather, "2024-06-10")}, 1, "2024-06-11", kNotValid},
    {"Law8a3_JointFromTheOthersFirstDay", kBornIn2009, {kMother, From(kFather, "2024-06-10")}, 1, "2024-06-10"},
    {"Law8a3_NotJointBeforeIt", kBornIn2009, {kMother, From(kFather, "2024-06-10")}, 1, "2024-06-09", kNotValid},
    {"Law8a3_AVormundIsNoOtherParent", kBornIn2009, {kMother, {kVormund}}, 1, "2024-06-10", kNotValid},
    {"Law8a3_ParentsOfHealthOnly", kBornIn2009, {kParentForHealth, kParentForHealth}, 1, "2024-06-10", kNotValid},
    {"Law8a3_TheOtherParentOfHealthOnly", kBornIn2009, {kMother, kParentForHealth}, 1, "2024-06-10", kNotValid},
    {"Law8a3_ParentsOf15", kBornIn2009, {kMother, kFather}, 1, "2024-06-15"},
    {"Law10_ParentsOnTheDayBefore18", kBornIn2009, {kMother, kFather}, 1, "2027-06-14"},
    {"Law10_ParentsOnThe18thBirthday", kBornIn2009, {kMother, kFather}, 1, "2027-06-15", kNotValid},
    {"Law10_ParentAloneOnThe18thBirthday", kBornIn2009, {kSoleMother}, 1, "2027-06-15", kNotValid},
    {"Law8a3_ParentsWhereTheBirthDayIsNotVisible", "", {kMother, kFather}, 1, "2027-06-15"},
    {"Law8a3_VormundOnTheDayBefore18", kBornIn2009, {{kVormund}}, 1, "2027-06-14"},
    {"Law8a3_VormundOnThe18thBirthday", kBornIn2009, {{kVormund}}, 1, "2027-06-15", kNotValid},
    {"Law8a3_BetreuerOnTheDayBefore18", kBornIn2009, {{kBetreuer}}, 1, "2027-06-14", kNotValid},
    {"Law8a3_BetreuerOnThe18thBirthday", kBornIn2009, {{kBetreuer}}, 1, "2027-06-15"},
    {"Law8a3_ExclusiveBetreuer", kAdult, {{.kind = kBetreuer, .exclusive = "2023-06-01"}}, 1, "2024-06-10"},
    {"Law8a3_BetreuerWithReservation", kAdult, {{.kind = kBetreuer, .reserved = true}}, 1, "2024-06-10"},
    {"Law8a3_Beistand",
     kAdult,
     {{.kind = RepresentationKind::kBeistand, .matters = {Matter::kAll}}},
     1,
     "2024-06-10",
     kNotValid},
    {"Law8a3_Spouse",
     kAdult,
     {{.kind = RepresentationKind::kSpouse, .matters = {Matter::kAll}}},
     1,
     "2024-06-10",
     kNotValid},
    {"Law8a3_NoSuchEntry", kAdult, {{kBetreuer}}, 2, "2024-06-10", kMissing},
    {"Law8a3_AnEndIsNoEntry", kAdult, {{.kind = kBetreuer, .ended = "2024-06-20"}}, 2, "2024-06-10", kMissing},
};
INSTANTIATE_TEST_SUITE_P(Others, Representations, testing::ValuesIn(kOthers), Name());

const std::vector<Row> kSeveralBetreuer = {
    {"Law8a3_OneOfTwoBetreuerAlone", "1990-01-01", {{kBetreuer}, {kBetreuer}}, 1, "2024-03-01", kNotValid},
    {"Law8a3_TwoBetreuerJointly", "1990-01-01", {{kBetreuer}, {kBetreuer}}, 1, "2024-03-01", "OK", {2}},
    {"Law8a3_TwoOfThreeBetreuer",
     "1990-01-01",
     {{kBetreuer}, {kBetreuer}, {.kind = kBetreuer, .matters = {Matter::kAll}}},
     1,
     "2024-03-01",
     kNotValid,
     {2}},
    {"Law8a3_ABetreuerWhoActsAlone", "1990-01-01", {{.kind = kBetreuer, .sole = true}, {kBetreuer}}, 1, "2024-03-01"},
    {"Law8a3_TheOtherOfOneWhoActsAlone",
     "1990-01-01",
     {{.kind = kBetreuer, .sole = true}, {kBetreuer}},
     2,
     "2024-03-01",
     kNotValid},
    {"Law8a3_ABetreuerForAnotherMatterBesides",
     "1990-01-01",
     {{kBetreuer}, {.kind = kBetreuer, .matters = {Matter::kHealth}}},
     1,
     "2024-03-01"},
    {"Law8a3_JointlyWithOneForAnotherMatter",
     "1990-01-01",
     {{kBetreuer}, {.kind = kBetreuer, .matters = {Matter::kHealth}}},
     1,
     "2024-03-01",
     kNotValid,
     {2}},
    {"Law8a3_ABetreuerWhoseOtherHasEnded",
     "1990-01-01",
     {{kBetreuer}, {.kind = kBetreuer, .ended = "2024-02-29"}},
     1,
     "2024-03-01"},
    {"Law8a3_ABetreuerWhoseOtherEndsThatDay",
     "1990-01-01",
     {{kBetreuer}, {.kind = kBetreuer, .ended = "2024-03-01"}},
     1,
     "2024-03-01",
     kNotValid},
};
INSTANTIATE_TEST_SUITE_P(SeveralBetreuer, Representations, testing::ValuesIn(kSeveralBetreuer), Name());

TEST(RepresentationEntry, Law8a3_IsCheckedByItself) {
  struct Entry {
    Who who;
    std::string want;
  };
  for (const Entry& entry : std::vector<Entry>{
           {{kBetreuer}, "OK"},
           {{.kind = kBetreuer, .to = "2022-01-01"}, "OK"},
           {{.kind = kBetreuer, .to = "2021-12-31"}, "STEP_MALFORMED representation.to_day"},
           {{.kind = kBetreuer, .matters = {}}, "STEP_MALFORMED representation.matters"},
           {{.kind = kBetreuer, .proved = false}, "STEP_MALFORMED representation.proof"},
           {{.kind = kBevollmaechtigter, .proved = false}, "STEP_MALFORMED representation.proof"},
           {{.kind = kVormund, .proved = false}, "STEP_MALFORMED representation.proof"},
           {{.kind = kParent, .proved = false}, "OK"},
       }) {
    const absl::Status got = CheckRepresentation(Made(entry.who));
    EXPECT_EQ(Summary(got), entry.want);
    EXPECT_TRUE(got.ok() || absl::IsInvalidArgument(got));
    EXPECT_EQ(Summary(Story().Ask("2024-03-01", Begins(Made(entry.who)))), entry.want);
  }
}

}  // namespace
}  // namespace teilhabe::participants
