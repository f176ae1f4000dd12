// Gate 2: every role, purpose and relation against what is expected of them here, not read from purposes.csv.
#include "services/participants/domain/access.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "services/participants/domain/case_for_test.h"

namespace teilhabe::participants {
namespace {

// Categories as letters, in the order of the contract: Procedure, Identity, Contact, Needs, Medical, pLan, courseV,
// moneyE, Staff, pUblic.
constexpr std::string_view kLetters = "PICNMLVESU";
static_assert(kLetters.size() == kLastCategory);

// The categories that may be read; else the reason with field.
std::string Seen(CallerRole role, std::string_view purpose, Relation relation) {
  const auto seen = MayRead(role, purpose, relation);
  if (!seen.ok()) {
    const auto code =
        GetReason(seen.status()) == "CASE_UNKNOWN" ? absl::StatusCode::kNotFound : absl::StatusCode::kPermissionDenied;
    EXPECT_EQ(seen.status().code(), code);
    return Summary(seen.status());
  }
  std::string letters;
  for (const Category category : *seen) letters += kLetters.at(static_cast<std::size_t>(category) - 1);
  return letters;
}

constexpr char kUnknown[] = "CASE_UNKNOWN case";
constexpr char kNoPurpose[] = "PURPOSE_MISSING purpose";
constexpr char kNotAllowed[] = "PURPOSE_NOT_ALLOWED purpose";

const std::vector<std::pair<CallerRole, std::string>> kRoles = {{CallerRole::kSystem, "system"},
                                                                {CallerRole::kOfficial, "official"},
                                                                {CallerRole::kGuest, "guest"},
                                                                {CallerRole::kPerson, "person"}};

// What the holder sees, and whether it may write, by role.
struct Expected {
  std::string purpose;
  std::map<std::string, std::string> seen;  // By role; absent: the role has no such purpose.
  bool written = false;
};
const std::vector<Expected> kPurposes = {
    {"case_work", {{"system", "PICNMLVESU"}, {"official", "PICNMLVESU"}}, true},
    {"handover", {{"system", "PU"}, {"official", "PU"}}, true},         // Law 8a.5: contents with the act, not before.
    {"accounting", {{"system", "PIEU"}, {"official", "PIEU"}}, false},  // Law 8a.5 e1, e2.
    {"remedy", {{"official", "PICNLVU"}}, false},
    {"supervision", {{"official", "PLVEU"}}, false},
    {"statistics", {{"system", "PU"}}, false},  // § 41 SGB IX: figures without persons.
    {"information", {{"official", "PICNMLVEU"}, {"person", "PICNMLVEU"}}, false},
    // None of them is a purpose.
    {"anything", {}},
    {"CASE_WORK", {}},
    {"case_work ", {}},
    {"case_work,remedy", {}},
    {"purpose", {}},  // The header's own word.
};

const std::set<std::string> kAfter = {"accounting", "remedy", "information"};  // Law 8a.0, § 83 SGB X.

TEST(Access, C_04_EveryRolePurposeRelationAndCategory) {
  for (const Expected& expected : kPurposes) {
    for (const auto& [role, word] : kRoles) {
      const auto found = expected.seen.find(word);
      const bool has = found != expected.seen.end();
      const std::string full = has ? found->second : kNotAllowed;
      const std::map<Relation, std::string> wants = {
          {Relation::kNone, kUnknown},
          {Relation::kHolder, full},
          {Relation::kAsked, full},
          {Relation::kParty, full},
          // What it issued, paid and stores stays its own.
          {Relation::kFormerHolder, !has || kAfter.contains(expected.purpose) ? full : "PU"},
          {Relation::kEndedParty, has && kAfter.contains(expected.purpose) ? full : kUnknown},
      };
      for (const auto& [relation, want] : wants) {
        EXPECT_EQ(Seen(role, expected.purpose, relation), want)
            << word << " for '" << expected.purpose << "', relation " << static_cast<int>(relation);
      }
    }
  }
}

TEST(Access, C_04_WithoutAPurposeAPartyIsToldWhatIsMissingAndANonPartyNothing) {
  for (const auto& [role, word] : kRoles) {
    for (const Relation relation : {Relation::kHolder, Relation::kAsked, Relation::kParty, Relation::kFormerHolder}) {
      EXPECT_EQ(Seen(role, "", relation), kNoPurpose) << word;
    }
    EXPECT_EQ(Seen(role, "", Relation::kNone), kUnknown) << word;
    EXPECT_EQ(Seen(role, "", Relation::kEndedParty), kUnknown) << word;
  }
}

// The same answer, word for word, whatever was asked for: existing or not.
TEST(Access, C_04_ANonPartyCannotTellPurposesApart) {
  const absl::Status plain = MayRead(CallerRole::kOfficial, "case_work", Relation::kNone).status();
  for (const auto& [role, word] : kRoles) {
    for (const std::string_view purpose : {"", "anything", "remedy", "information"}) {
      EXPECT_EQ(MayRead(role, purpose, Relation::kNone).status(), plain) << word << " " << purpose;
    }
  }
}

TEST(Access, C_04_WritesForCaseWorkAndHandoverOnly) {
  for (const Expected& expected : kPurposes) {
    for (const auto& [role, word] : kRoles) {
      const absl::Status got = MayWrite(role, expected.purpose);
      EXPECT_EQ(Summary(got), expected.written && expected.seen.contains(word) ? "OK" : kNotAllowed)
          << word << " for '" << expected.purpose << "'";
      EXPECT_TRUE(got.ok() || absl::IsPermissionDenied(got));
      EXPECT_EQ(Summary(MayWrite(role, "")), kNoPurpose) << word;
    }
  }
}

TEST(Access, C_04_EveryPurposeHasItsBasisForTheLog) {
  for (const Expected& expected : kPurposes) {
    const std::string basis(LegalBasisOf(expected.purpose));
    EXPECT_EQ(basis.find("§") != std::string::npos, !expected.seen.empty()) << expected.purpose << ": " << basis;
    EXPECT_EQ(basis.empty(), expected.seen.empty()) << expected.purpose << ": " << basis;
  }
  EXPECT_EQ(LegalBasisOf(""), "");
}

}  // namespace
}  // namespace teilhabe::participants
