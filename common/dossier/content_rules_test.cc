#include <string>
#include <vector>

#include "common/dossier/rule_case_for_test.h"

// Each reason of Next that concerns addressees, grants, parties and contents, on both sides of its bound: holder.h,
// relations.csv (law.md 8a.5) and FORMAT.md, Log 7. One rule is broken at a time.
namespace teilhabe::dossier {
namespace {

using Header = v1::EventHeader;
using StatementHeader = v1::StatementHeader;

class ContentRule : public testing::TestWithParam<RuleCase> {};
TEST_P(ContentRule, IsHeld) { CheckRule(GetParam()); }

Event OfferAt(World& w, const std::string& place) {
  return Changed(w.log.Offer("b"), [&place](Header& h) { h.mutable_offered()->set_place(place); });
}
Event ForwardAt(World& w, const std::string& place) {
  return Changed(w.log.Forward("b"), [&place](Header& h) { h.mutable_forwarded()->set_place(place); });
}
void CompetentFrom(World& w, absl::CivilDay day) { w.members["b"].places[kSamplePlace] = day; }

// They bind the author: who follows takes what was appended, since the directory may have changed since.
const std::vector<RuleCase> kAddressee = {
    {"OfferedToNobodyKnown", [](World& w) { return w.log.Offer("nobody"); }, "ADDRESSEE_UNKNOWN", Binds::kAuthor},
    {"ForwardedToNobodyKnown", [](World& w) { return w.log.Forward("nobody"); }, "ADDRESSEE_UNKNOWN", Binds::kAuthor},
    {"AnnouncedToNobodyKnown", [](World& w) { return w.log.Announce("nobody"); }, "ADDRESSEE_UNKNOWN", Binds::kAuthor},
    {"OfferedToOneWithoutNode", [](World& w) { return w.log.Offer("amt"); }, "ADDRESSEE_WITHOUT_NODE", Binds::kAuthor},
    {"ForwardedToOneWithoutNode", [](World& w) { return w.log.Forward("amt"); }, "ADDRESSEE_WITHOUT_NODE",
     Binds::kAuthor},
    {"OfferedToABody", [](World& w) { return w.log.Offer("werk"); }, "ADDRESSEE_WRONG_KIND|ADDRESSEE_WRONG_PLACE",
     Binds::kAuthor},
    {"ForwardedToABody", [](World& w) { return w.log.Forward("werk"); }, "ADDRESSEE_WRONG_KIND|ADDRESSEE_WRONG_PLACE",
     Binds::kAuthor},
    {"OfferedToOneOfOtherClasses",
     [](World& w) {
       w.members["b"].holds.erase(v1::DOSSIER_CLASS_CASE);
       return w.log.Offer("b");
     },
     "ADDRESSEE_WRONG_KIND", Binds::kAuthor},
    {"OfferedToOneOfThisClassOnly",
     [](World& w) {
       w.members["b"].holds = {v1::DOSSIER_CLASS_CASE};
       return w.log.Offer("b");
     },
     ""},
    {"OfferedForAnotherPlace", [](World& w) { return OfferAt(w, "16063105"); }, "ADDRESSEE_WRONG_PLACE",
     Binds::kAuthor},
    {"ForwardedForAnotherPlace", [](World& w) { return ForwardAt(w, "16063105"); }, "ADDRESSEE_WRONG_PLACE",
     Binds::kAuthor},
    {"OfferedForNoPlace", [](World& w) { return OfferAt(w, ""); }, ""},
    {"ForwardedForNoPlace", [](World& w) { return ForwardAt(w, ""); }, ""},
    {"DayBeforeItsCompetence",
     [](World& w) {
       CompetentFrom(w, w.log.day + 1);
       return w.log.Offer("b");
     },
     "ADDRESSEE_WRONG_PLACE", Binds::kAuthor},
    {"FirstDayOfItsCompetence",
     [](World& w) {
       CompetentFrom(w, w.log.day);
       return w.log.Offer("b");
     },
     ""},
    {"AnnouncedToTheHolder", [](World& w) { return w.log.Announce("a"); }, "ADDRESSEE_IS_HOLDER|PARTY_ALREADY",
     Binds::kOpen},
    {"Announced", [](World& w) { return w.log.Announce("b"); }, ""},
    {"OfferedToTheAnnounced",
     [](World& w) {
       w.Add(w.log.Announce("b"));
       return w.log.Offer("b");
     },
     ""},
    {"OfferedToAnotherThanTheAnnounced",
     [](World& w) {
       w.Add(w.log.Announce("b"));
       return w.log.Offer("c");
     },
     ""},
    {"OfferedToAParty",
     [](World& w) {
       w.Add(w.log.Admit("b", SampleGrant("involved")));
       return w.log.Offer("b");
     },
     ""},
};

Event OfferOn(World& w, std::int64_t request) {
  return Changed(w.log.Offer("b"), [request](Header& h) { h.mutable_offered()->set_request_sequence(request); });
}

// The log has an application at sequence 2.
const std::vector<RuleCase> kRequest = {
    {"Application", [](World& w) { return OfferOn(w, 2); }, ""},
    {"GesamtplanFinding",
     [](World& w) {
       w.Add(w.log.Record("gesamtplan_finding"));
       return OfferOn(w, 3);
     },
     ""},
    {"ApplicationOfAnEarlierEpoch",
     [](World& w) {
       HandedOver(w);
       return Changed(w.log.Offer("c"), [](Header& h) { h.mutable_offered()->set_request_sequence(2); });
     },
     ""},
    {"None", [](World& w) { return OfferOn(w, 0); }, "REQUEST_MISSING"},
    {"Opened", [](World& w) { return OfferOn(w, 1); }, "REQUEST_MISSING"},
    {"TheOfferItself", [](World& w) { return OfferOn(w, 3); }, "REQUEST_MISSING"},
    {"FarBeyond", [](World& w) { return OfferOn(w, 1'000'000); }, "REQUEST_MISSING"},
    {"AnotherRecord",
     [](World& w) {
       w.Add(w.log.Record("payment"));
       return OfferOn(w, 3);
     },
     "REQUEST_MISSING"},
    {"ForwardingNeedsNone",
     [](World& w) {
       w.log = SampleLog();
       w.Add(w.log.Opened("a"));
       return w.log.Forward("b");
     },
     ""},
};

Event OfferGrant(World& w, const v1::Grant& grant) {
  return Changed(w.log.Offer("b"), [&grant](Header& h) { *h.mutable_offered()->mutable_grant() = grant; });
}
Event ForwardGrant(World& w, const v1::Grant& grant) {
  return Changed(w.log.Forward("b"), [&grant](Header& h) { *h.mutable_forwarded()->mutable_grant() = grant; });
}
Event AdmitGrant(World& w, const v1::Grant& grant) {
  return Changed(w.log.Admit("werk", SampleGrant("provider")),
                 [&grant](Header& h) { *h.mutable_party_admitted()->mutable_grant() = grant; });
}

// Relation × category, by hand from law.md 8a.5 (b2, a1, d1): true where the table has `y` or `p`. Personnel is in no
// row; procedure goes wherever any other goes and is not listed.
struct GrantRow {
  std::string relation;
  std::vector<std::pair<v1::Category, bool>> may;
};
const std::vector<GrantRow> kLaw = {
    {"next_stage",
     {{v1::CATEGORY_IDENTITY, true},
      {v1::CATEGORY_CONTACT, true},
      {v1::CATEGORY_NEEDS, true},
      {v1::CATEGORY_MEDICAL, true},
      {v1::CATEGORY_PLAN, true},
      {v1::CATEGORY_COURSE, true},
      {v1::CATEGORY_MONEY, true},
      {v1::CATEGORY_STAFF, false}}},
    {"forwarding",
     {{v1::CATEGORY_IDENTITY, true},
      {v1::CATEGORY_CONTACT, true},
      {v1::CATEGORY_NEEDS, true},
      {v1::CATEGORY_MEDICAL, true},
      {v1::CATEGORY_PLAN, false},
      {v1::CATEGORY_COURSE, false},
      {v1::CATEGORY_MONEY, false},
      {v1::CATEGORY_STAFF, false}}},
    {"provider",
     {{v1::CATEGORY_IDENTITY, true},
      {v1::CATEGORY_CONTACT, true},
      {v1::CATEGORY_NEEDS, true},
      {v1::CATEGORY_MEDICAL, true},
      {v1::CATEGORY_PLAN, true},
      {v1::CATEGORY_COURSE, true},
      {v1::CATEGORY_MONEY, false},
      {v1::CATEGORY_STAFF, false}}},
    {"observer",
     {{v1::CATEGORY_IDENTITY, false},
      {v1::CATEGORY_CONTACT, false},
      {v1::CATEGORY_NEEDS, false},
      {v1::CATEGORY_MEDICAL, false},
      {v1::CATEGORY_PLAN, false},
      {v1::CATEGORY_COURSE, false},
      {v1::CATEGORY_MONEY, false},
      {v1::CATEGORY_STAFF, false}}},
};

std::vector<RuleCase> CategoryCases() {
  std::vector<RuleCase> cases;
  for (const GrantRow& row : kLaw) {
    for (const auto& [category, may] : row.may) {
      const v1::Grant grant =
          SampleGrant(row.relation, {category}, category == v1::CATEGORY_MEDICAL ? "§ 76 Abs. 2 Nr. 1 SGB X" : "");
      const auto make = row.relation == "next_stage"   ? OfferGrant
                        : row.relation == "forwarding" ? ForwardGrant
                                                       : AdmitGrant;
      cases.push_back({row.relation + "_" + v1::Category_Name(category),
                       [make, grant](World& w) { return make(w, grant); }, may ? "" : "GRANT_INVALID",
                       may ? Binds::kEverybody : Binds::kAuthor});
    }
  }
  return cases;
}

const std::vector<RuleCase> kGrant = {
    {"ProcedureOnly", [](World& w) { return OfferGrant(w, SampleGrant("next_stage")); }, ""},
    {"ObserverAdmitted", [](World& w) { return AdmitGrant(w, SampleGrant("observer")); }, ""},
    {"RelationUnknown", [](World& w) { return OfferGrant(w, SampleGrant("friend")); }, "GRANT_INVALID", Binds::kAuthor},
    {"RelationEmpty", [](World& w) { return OfferGrant(w, SampleGrant("")); }, "GRANT_INVALID", Binds::kAuthor},
    {"AdmittedUnderAnUnknownRelation", [](World& w) { return AdmitGrant(w, SampleGrant("friend")); }, "GRANT_INVALID",
     Binds::kAuthor},
    // A provider never holds: no relation under which a file is handed over.
    {"OfferedUnderNoTransfer", [](World& w) { return OfferGrant(w, SampleGrant("provider")); }, "GRANT_INVALID",
     Binds::kAuthor},
    {"ForwardedUnderNoTransfer", [](World& w) { return ForwardGrant(w, SampleGrant("observer")); }, "GRANT_INVALID",
     Binds::kAuthor},
    {"OneOfTwoTooMany",
     [](World& w) {
       return ForwardGrant(w, SampleGrant("forwarding", {v1::CATEGORY_IDENTITY, v1::CATEGORY_PLAN}));
     },
     "GRANT_INVALID", Binds::kAuthor},
    {"AnnouncedWithTooMuch",
     [](World& w) {
       return Changed(w.log.Announce("b"), [](Header& h) {
         *h.mutable_announced()->mutable_grant() = SampleGrant("next_stage", {v1::CATEGORY_STAFF});
       });
     },
     "GRANT_INVALID", Binds::kAuthor},
    {"MedicalOfferedWithoutBasis",
     [](World& w) { return OfferGrant(w, SampleGrant("next_stage", {v1::CATEGORY_MEDICAL})); }, "MEDICAL_BASIS_MISSING",
     Binds::kAuthor},
    {"MedicalForwardedWithoutBasis",
     [](World& w) { return ForwardGrant(w, SampleGrant("forwarding", {v1::CATEGORY_MEDICAL})); },
     "MEDICAL_BASIS_MISSING", Binds::kAuthor},
    {"MedicalForAProviderWithoutBasis",
     [](World& w) { return AdmitGrant(w, SampleGrant("provider", {v1::CATEGORY_MEDICAL})); }, "MEDICAL_BASIS_MISSING",
     Binds::kAuthor},
    {"BasisWithoutMedical",
     [](World& w) { return OfferGrant(w, SampleGrant("next_stage", {v1::CATEGORY_IDENTITY}, "§ 76 SGB X")); },
     "MEDICAL_BASIS_MISSING", Binds::kAuthor},
};

void Admitted(World& w) { w.Add(w.log.Admit("werk", SampleGrant("provider", {v1::CATEGORY_IDENTITY}))); }

const std::vector<RuleCase> kParty = {
    {"Admitted", [](World& w) { return w.log.Admit("werk", SampleGrant("provider")); }, ""},
    {"AdmittedTwice",
     [](World& w) {
       Admitted(w);
       return w.log.Admit("werk", SampleGrant("provider"));
     },
     "PARTY_ALREADY", Binds::kOpen},
    {"HolderAdmitted", [](World& w) { return w.log.Admit("a", SampleGrant("involved")); },
     "PARTY_ALREADY|ADDRESSEE_IS_HOLDER", Binds::kOpen},
    {"NobodyKnownAdmitted", [](World& w) { return w.log.Admit("nobody", SampleGrant("provider")); },
     "PARTY_UNKNOWN|ADDRESSEE_UNKNOWN", Binds::kOpen},
    {"Ended",
     [](World& w) {
       Admitted(w);
       return w.log.End("werk");
     },
     ""},
    {"EndedTwice",
     [](World& w) {
       Admitted(w);
       w.Add(w.log.End("werk"));
       return w.log.End("werk");
     },
     "PARTY_UNKNOWN", Binds::kOpen},
    {"AdmittedAgainAfterItsEnd",
     [](World& w) {
       Admitted(w);
       w.Add(w.log.End("werk"));
       return w.log.Admit("werk", SampleGrant("provider"));
     },
     ""},
    {"EndOfNoParty", [](World& w) { return w.log.End("werk"); }, "PARTY_UNKNOWN", Binds::kOpen},
    {"Released",
     [](World& w) {
       Admitted(w);
       return w.log.Release("werk", 2, "antrag");
     },
     ""},
    {"ReleasedToNoParty", [](World& w) { return w.log.Release("werk", 2, "antrag"); }, "PARTY_UNKNOWN", Binds::kOpen},
    {"ReleasedFromItself",
     [](World& w) {
       Admitted(w);
       return w.log.Release("werk", 4, "antrag");
     },
     "SECTION_NOT_FOUND"},
    {"ReleasedFromLater",
     [](World& w) {
       Admitted(w);
       return w.log.Release("werk", 5, "antrag");
     },
     "SECTION_NOT_FOUND"},
    {"CorrectedLast", [](World& w) { return w.log.Correct(2); }, ""},
    {"CorrectedItself", [](World& w) { return w.log.Correct(3); }, "SECTION_NOT_FOUND"},
    {"CorrectedLater", [](World& w) { return w.log.Correct(4); }, "SECTION_NOT_FOUND"},
};

Event Received(World& w, int days_after_posting, int days_until_record) {
  w.Add(w.log.SendOutside("Jobcenter"));
  const absl::CivilDay posted = w.log.day;
  w.log.day += days_until_record;
  const Event event = w.log.ReceiveOutside(w.log.HashOf(v1::EVENT_KIND_SENT_OUTSIDE), posted);
  return Changed(event, [&](Header& h) {
    *h.mutable_received_outside()->mutable_received_day() = SampleDate(posted + days_after_posting);
  });
}

const std::vector<RuleCase> kOutside = {
    {"ReceivedBeforePosting", [](World& w) { return Received(w, -1, 7); }, "OUTSIDE_DAY", Binds::kOpen},
    {"ReceivedOnThePostingDay", [](World& w) { return Received(w, 0, 7); }, ""},
    {"ReceivedOnTheRecordsDay", [](World& w) { return Received(w, 7, 7); }, ""},
    {"ReceivedAfterTheRecord", [](World& w) { return Received(w, 8, 7); }, "OUTSIDE_DAY", Binds::kOpen},
    {"ReceivedOfNothing", [](World& w) { return w.log.ReceiveOutside(Bytes('x'), w.log.day); }, "OUTSIDE_UNKNOWN"},
    {"ReceivedOfAnotherEvent", [](World& w) { return w.log.ReceiveOutside(HashOf(w.log.last()), w.log.day); },
     "OUTSIDE_UNKNOWN"},
};

INSTANTIATE_TEST_SUITE_P(Addressee, ContentRule, testing::ValuesIn(kAddressee), RuleName);
INSTANTIATE_TEST_SUITE_P(Request, ContentRule, testing::ValuesIn(kRequest), RuleName);
INSTANTIATE_TEST_SUITE_P(Category, ContentRule, testing::ValuesIn(CategoryCases()), RuleName);
INSTANTIATE_TEST_SUITE_P(Grant, ContentRule, testing::ValuesIn(kGrant), RuleName);
INSTANTIATE_TEST_SUITE_P(Party, ContentRule, testing::ValuesIn(kParty), RuleName);
INSTANTIATE_TEST_SUITE_P(Outside, ContentRule, testing::ValuesIn(kOutside), RuleName);

// No reason is named for it; but who holds cannot cease to be a party.
TEST(ContentRuleTest, TheHoldersPartyDoesNotEnd) {
  World w;
  const v1::LogState before = w.log.Fold(w.members).value();
  EXPECT_FALSE(Next(before, w.log.End("a"), SampleStep(w.members, true)).ok());
}

}  // namespace
}  // namespace teilhabe::dossier
