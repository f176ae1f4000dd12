#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/dossier/holder.h"
#include "common/dossier/testing/sample_log.h"
#include "gtest/gtest.h"

// Rules 1 to 7 of the protocol (README, section 1; FORMAT.md, Log 6) as a table written by hand: what the log says ×
// who appends × which kind. Written from the protocol before the implementation and without sight of it.
namespace teilhabe::dossier {
namespace {

// A cell is ok, or the rules that the event breaks; where it breaks several, any of them may be the reason given.
const std::map<char, std::string> kReasons = {
    {'H', "NOT_HOLDER"},         {'A', "NOT_ADDRESSEE"},          {'F', "LOG_FROZEN"},
    {'N', "OFFER_NOT_OPEN"},     {'D', "FORWARD_NOT_DECLINABLE"}, {'C', "CONSENT_MISSING"},
    {'I', "CONSENT_INVALID"},    {'X', "FORWARD_NOT_NEXT"},       {'3', "FORWARD_THIRD"},
    {'S', "SUCCESSION_UNKNOWN"}, {'O', "ALREADY_OPENED"},         {'E', "NOT_OPENED"},
    {'R', "REQUEST_MISSING"}};

// Columns: opened; other: each of the ten kinds of "every other"; offered; accepted, naming the newest offer; closed,
// with a right decline of the newest offer by its addressee; fwd: forwarded without consent; fwd+c: with the consent of
// its addressee, naming the newest `accepted`; succeeded, where the directory names the third party as the holder's
// successor, who may also close for it. Offers and forwardings of the tested event go to the addressee, or to the third
// party by the addressee.
constexpr char kTable[] = R"(
log       author    | opened other offered accepted closed fwd  fwd+c succeeded
Empty     anybody   | ok     E     E       E        E      E    E     E
Empty     third     | ok     E     E       E        E      E    E     E

Opened    holder    | O      ok    R       NA       N      ok   I     S
Opened    addressee | OH     H     HR      NA       HN     H    HI    S
Opened    third     | OH     H     HR      NA       N      H    HI    ok
Opened    outsider  | OH     H     HR      NA       HN     H    HI    S

Free      holder    | O      ok    ok      NA       N      ok   I     S
Free      addressee | OH     H     H       NA       HN     H    HI    S
Free      third     | OH     H     H       NA       N      H    HI    ok
Free      former    | OH     H     H       NA       HN     H    HI    S

Offered   holder    | OF     F     F       A        ok     F    FI    SF
Offered   addressee | OHF    HF    HF      ok       H      HF   HFI   SF
Offered   third     | OHF    HF    HF      A        ok     HF   HFI   F
Offered   former    | OHF    HF    HF      A        H      HF   HFI   SF

Forwarded holder    | OF     F     F       A        D      FXC  FXI   SF
Forwarded addressee | OHF    HF    HF      ok       HD     HFXC HFXI  SF
Forwarded third     | OHF    HF    HF      A        D      HFXC HFXI  F
Forwarded former    | OHF    HF    HF      A        HD     HFXC HFXI  SF

Arrived   holder    | O      ok    ok      NA       N      C    ok    S
Arrived   addressee | OH     H     H       NA       HN     HC   H     S
Arrived   third     | OH     H     H       NA       N      HC   H     ok
Arrived   former    | OH     H     H       NA       HN     HC   H     S

Later     holder    | O      ok    ok      NA       N      XC   X     S
Later     addressee | OH     H     H       NA       HN     HXC  HX    S
Later     third     | OH     H     H       NA       N      HXC  HX    ok
Later     former    | OH     H     H       NA       HN     HXC  HX    S

Offered1  holder    | OF     F     F       A        ok     FXC  FX    SF
Offered1  addressee | OHF    HF    HF      ok       H      HFXC HFX   SF
Offered1  third     | OHF    HF    HF      A        ok     HFXC HFX   F
Offered1  former    | OHF    HF    HF      A        H      HFXC HFX   SF

Twice     holder    | OF     F     F       A        D      F3   F3    SF
Twice     addressee | OHF    HF    HF      ok       HD     HF3  HF3   SF
Twice     third     | OHF    HF    HF      A        D      HF3  HF3   F
Twice     former    | OHF    HF    HF      A        HD     HF3  HF3   SF

Free2     holder    | O      ok    ok      NA       N      3    3     S
Free2     addressee | OH     H     H       NA       HN     H3   H3    S
Free2     third     | OH     H     H       NA       N      H3   H3    ok
Free2     former    | OH     H     H       NA       HN     H3   H3    S

Offered2  holder    | OF     F     F       A        ok     F3   F3    SF
Offered2  addressee | OHF    HF    HF      ok       H      HF3  HF3   SF
Offered2  third     | OHF    HF    HF      A        ok     HF3  HF3   F
Offered2  former    | OHF    HF    HF      A        H      HF3  HF3   SF
)";

struct Situation {
  SampleMembers members;
  SampleLog log;
  std::string holder, addressee, third, former;

  std::string Of(const std::string& role) const {
    if (role == "holder") return holder;
    if (role == "addressee") return addressee;
    return role == "third" ? third : former;
  }
  void Roles(const char* h, const char* a, const char* t, const char* f) {
    holder = h;
    addressee = a;
    third = t;
    former = f;
  }
};

// d opens, prepares whatever the other kinds need, and hands the dossier to a.
Situation Base() {
  Situation s;
  s.log.Add(s.log.Opened("d"));
  s.log.Add(s.log.Record("application", "", {SampleSection("antrag", v1::CATEGORY_IDENTITY)}));
  s.log.Add(s.log.SendOutside("Jobcenter"));
  s.log.Add(s.log.SendOutside("Rentenversicherung"));
  s.log.Add(s.log.Admit("werk", SampleGrant("provider", {v1::CATEGORY_IDENTITY})));
  s.log.Add(s.log.Admit("heim", SampleGrant("provider")));
  s.log.Add(s.log.Offer("a"));
  s.log.Add(s.log.Accept("a"));
  s.Roles("a", "b", "c", "d");
  return s;
}

// The kinds of the table's row "every other", each such that only its author and its moment can be wrong. `again` makes
// two of one kind differ.
using Maker = std::function<Event(const SampleLog&, const std::string& author, bool again)>;
const std::map<std::string, Maker> kOther = {
    {"Recorded", [](const SampleLog& log, const std::string& by,
                    bool again) { return log.Record(again ? "payment" : "report", by); }},
    {"Announced",
     [](const SampleLog& log, const std::string& by, bool again) { return log.Announce(again ? "g" : "f", by); }},
    {"SentOutside", [](const SampleLog& log, const std::string& by,
                       bool again) { return log.SendOutside(again ? "Krankenkasse" : "Landkreis", by); }},
    {"ReceivedOutside",
     [](const SampleLog& log, const std::string& by, bool again) {
       const std::string first(log.events()[2].hash.bytes());
       return log.ReceiveOutside(again ? log.HashOf(v1::EVENT_KIND_SENT_OUTSIDE) : first, log.day, by);
     }},
    {"ContributionTaken",
     [](const SampleLog& log, const std::string& by, bool again) {
       return log.Take(log.Contribute("werk", again ? "report" : "absence"), by);
     }},
    {"PartyAdmitted", [](const SampleLog& log, const std::string& by,
                         bool again) { return log.Admit(again ? "gast" : "amt", SampleGrant("observer"), by); }},
    {"PartyEnded",
     [](const SampleLog& log, const std::string& by, bool again) { return log.End(again ? "werk" : "heim", by); }},
    {"Released",
     [](const SampleLog& log, const std::string& by, bool) { return log.Release("werk", 2, "antrag", by); }},
    {"Corrected", [](const SampleLog& log, const std::string& by, bool) { return log.Correct(2, by); }},
    {"JointProposed", [](const SampleLog& log, const std::string& by,
                         bool again) { return log.Propose(again ? "plan" : "konzept", 1, {"werk"}, by); }},
};
// Those that need nothing in the log before them.
const std::vector<std::string> kOtherAtFirst = {"Recorded", "Announced", "SentOutside", "PartyAdmitted"};

// Logs by row of the table; each of one row is of the same standing.
std::map<std::string, std::map<std::string, Situation>> Situations() {
  std::map<std::string, std::map<std::string, Situation>> all;
  all["Empty"]["NoEvent"].Roles("a", "b", "c", "d");

  Situation opened;
  opened.log.Add(opened.log.Opened("a"));
  opened.Roles("a", "b", "c", "d");
  all["Opened"]["OpenedLast"] = opened;

  const Situation base = Base();
  all["Free"]["AcceptedLast"] = base;
  for (const auto& [kind, make] : kOther) {
    Situation s = base;
    s.log.Add(make(s.log, "", false));
    all["Free"][kind + "Last"] = s;
  }
  Situation offered = base;
  offered.log.Add(offered.log.Offer("b"));
  all["Offered"]["OfferedLast"] = offered;
  Situation closed = offered;
  closed.log.Add(closed.log.Close(closed.log.Decline("b")));
  all["Free"]["ClosedLast"] = closed;
  Situation again = closed;
  again.log.Add(again.log.Offer("b"));
  all["Offered"]["OfferedAgain"] = again;

  const auto succeed = [](Situation s) {
    s.members.Succeed(s.holder, "e");
    s.log.Add(s.log.Succeed(s.holder, "e"));
    s.former = s.holder;
    s.holder = "e";
    return s;
  };
  all["Free"]["SucceededLast"] = succeed(base);
  Situation closed_by_successor = offered;
  closed_by_successor.members.Succeed("a", "c");
  closed_by_successor.log.Add(closed_by_successor.log.Close(closed_by_successor.log.Decline("b"), "c"));
  all["Free"]["ClosedBySuccessorLast"] = closed_by_successor;
  Situation succeeded = closed_by_successor;
  succeeded.log.Add(succeeded.log.Succeed("a", "c"));
  succeeded.Roles("c", "b", "d", "a");
  all["Free"]["SucceededAfterItClosed"] = succeeded;

  Situation forwarded = base;
  forwarded.log.Add(forwarded.log.Forward("b"));
  all["Forwarded"]["ForwardedLast"] = forwarded;

  Situation arrived = forwarded;
  arrived.log.Add(arrived.log.Accept("b"));
  arrived.Roles("b", "c", "d", "a");
  all["Arrived"]["ForwardedAccepted"] = arrived;
  all["Later"]["SucceededAfterArrival"] = succeed(arrived);
  for (const auto& [kind, make] : kOther) {
    Situation s = arrived;
    s.log.Add(make(s.log, "", false));
    all["Later"][kind + "AfterArrival"] = s;
  }
  Situation offered1 = arrived;
  offered1.log.Add(offered1.log.Offer("c"));
  all["Offered1"]["OfferedAfterArrival"] = offered1;
  Situation closed1 = offered1;
  closed1.log.Add(closed1.log.Close(closed1.log.Decline("c")));
  all["Later"]["ClosedAfterArrival"] = closed1;
  Situation moved = offered1;
  moved.log.Add(moved.log.Accept("c"));
  moved.Roles("c", "a", "d", "b");
  all["Free"]["AcceptedAfterArrival"] = moved;

  Situation twice = arrived;
  twice.log.Add(twice.log.ForwardOn("c", twice.log.Consent("c")));
  all["Twice"]["ForwardedTwice"] = twice;
  Situation end = twice;
  end.log.Add(end.log.Accept("c"));
  end.Roles("c", "a", "d", "b");
  all["Free2"]["SecondAccepted"] = end;
  Situation offered2 = end;
  offered2.log.Add(offered2.log.Offer("a"));
  all["Offered2"]["OfferedAfterSecond"] = offered2;
  Situation closed2 = offered2;
  closed2.log.Add(closed2.log.Close(closed2.log.Decline("a")));
  all["Free2"]["ClosedAfterSecond"] = closed2;
  return all;
}

struct Row {
  std::string log;
  std::string author;
  std::map<std::string, std::string> cells;
};

std::vector<Row> Rows() {
  const std::vector<std::string> columns = {"opened", "other", "offered", "accepted",
                                            "closed", "fwd",   "fwd+c",   "succeeded"};
  std::vector<Row> rows;
  std::istringstream lines(kTable);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    Row row;
    std::string bar;
    if (!(words >> row.log >> row.author >> bar) || row.log == "log") continue;
    for (const std::string& column : columns) words >> row.cells[column];
    rows.push_back(row);
  }
  return rows;
}

// The events of one column, by name.
std::vector<std::pair<std::string, Event>> EventsOf(const std::string& column, const Situation& s,
                                                    const std::string& by, bool at_first) {
  const SampleLog& log = s.log;
  const std::string to = by == s.addressee ? s.third : s.addressee;
  if (column == "opened") return {{column, log.Opened(by)}};
  if (column == "offered") return {{column, log.Offer(to, by)}};
  if (column == "accepted") return {{column, log.Accept(by)}};
  if (column == "closed") return {{column, log.Close(log.Decline(s.addressee), by)}};
  if (column == "fwd") return {{column, log.Forward(to, by)}};
  if (column == "fwd+c") return {{column, log.ForwardOn(to, log.Consent(to), by)}};
  if (column == "succeeded") return {{column, log.Succeed(s.holder, by)}};
  std::vector<std::pair<std::string, Event>> events;
  if (at_first) {
    for (const std::string& kind : kOtherAtFirst) events.emplace_back(kind, kOther.at(kind)(log, by, true));
  } else {
    for (const auto& [kind, make] : kOther) events.emplace_back(kind, make(log, by, true));
  }
  return events;
}

// What an event that was taken makes of the log: FORMAT.md, Log 6, column Effect.
void ExpectEffect(const v1::LogState& before, const v1::LogState& after, const Event& event) {
  const v1::EventHeader& header = event.header;
  const bool changes_holder = header.kind() == v1::EVENT_KIND_OPENED || header.kind() == v1::EVENT_KIND_ACCEPTED ||
                              header.kind() == v1::EVENT_KIND_SUCCEEDED;
  EXPECT_EQ(after.holder(), changes_holder ? header.author() : before.holder());
  EXPECT_EQ(after.epoch(), header.kind() == v1::EVENT_KIND_OPENED ? 0 : before.epoch() + (changes_holder ? 1 : 0));
  EXPECT_EQ(after.sequence(), before.sequence() + 1);
  EXPECT_EQ(after.head(), event.hash.bytes());
  EXPECT_EQ(after.last_kind(), header.kind());
  EXPECT_EQ(after.dossier(), kSampleDossier);
  EXPECT_EQ(after.class_(), v1::DOSSIER_CLASS_CASE);
  EXPECT_TRUE(after.training());
  const bool freezes = header.has_offered() || header.has_forwarded();
  ASSERT_EQ(after.has_offer(), freezes);
  const bool new_count = header.has_accepted() && !before.offer().forwarded();
  EXPECT_EQ(after.forwards(), new_count ? 0 : before.forwards() + (header.has_forwarded() ? 1 : 0));
  if (!freezes) return;
  EXPECT_EQ(after.offer().hash(), event.hash.bytes());
  EXPECT_EQ(after.offer().sequence(), header.sequence());
  EXPECT_EQ(after.offer().to(), header.has_offered() ? header.offered().to() : header.forwarded().to());
  EXPECT_EQ(after.offer().forwarded(), header.has_forwarded());
  EXPECT_EQ(after.offer().day().SerializeAsString(), header.event_day().SerializeAsString());
}

class TransitionTable : public testing::TestWithParam<Row> {};

TEST_P(TransitionTable, NextSaysWhatTheTableSays) {
  static const auto* const situations = new auto(Situations());
  const Row& row = GetParam();
  for (auto [name, s] : situations->at(row.log)) {
    const std::string by = s.Of(row.author);
    s.members.Succeed(s.holder, s.third);
    for (const bool appending : {true, false}) {
      const auto before = s.log.Fold(s.members);
      ASSERT_TRUE(before.ok()) << name << ": " << before.status();
      SampleMembers members = s.members;
      if (appending) members.Succeed(by, "");  // Who has ended appends nothing: chain_rules_test.cc.
      for (const auto& [column, cell] : row.cells) {
        for (const auto& [kind, event] : EventsOf(column, s, by, row.log == "Empty" || row.log == "Opened")) {
          // Whether one that only follows checks the request is left open.
          if (cell.find('R') != std::string::npos && !appending) continue;
          SCOPED_TRACE(
              absl::StrCat(name, ", then ", kind, " by ", row.author, appending ? ", appending" : ", following"));
          const auto after = Next(*before, event, SampleStep(members, appending));
          if (cell == "ok") {
            ASSERT_TRUE(after.ok()) << after.status();
            ExpectEffect(*before, *after, event);
            continue;
          }
          ASSERT_FALSE(after.ok());
          EXPECT_EQ(after.status().code(), absl::StatusCode::kFailedPrecondition);
          bool expected = false;
          for (const char code : cell) expected = expected || kReasons.at(code) == GetReason(after.status());
          EXPECT_TRUE(expected) << after.status() << " is none of " << cell;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rules1To7, TransitionTable, testing::ValuesIn(Rows()),
                         [](const auto& tested) { return tested.param.log + "_" + tested.param.author; });

TEST(TransitionTableTest, IsWhole) {
  std::size_t cells = 0;
  std::map<std::string, int> rows;
  const auto situations = Situations();
  for (const Row& row : Rows()) {
    ++rows[row.log];
    for (const auto& [column, cell] : row.cells) {
      EXPECT_FALSE(cell.empty()) << row.log << " " << row.author << " " << column;
      for (const auto& named : situations.at(row.log)) {
        cells += EventsOf(column, named.second, named.second.holder, row.log == "Empty" || row.log == "Opened").size();
      }
    }
  }
  for (const auto& [log, logs] : situations) EXPECT_EQ(rows[log], log == "Empty" ? 2 : 4) << log;
  EXPECT_GE(cells, 2000U);
}

// What the samples are made of: each goes through the checks of form, and nothing is hashed in another way than
// FORMAT.md says.
TEST(SampleLogTest, EveryEventIsWellFormed) {
  for (const auto& [row, logs] : Situations()) {
    for (const auto& [name, s] : logs) {
      for (const Event& event : s.log.events()) {
        const auto opened = OpenEvent(event.bytes, true, s.members, SampleVerifier());
        ASSERT_TRUE(opened.ok()) << name << ", event " << event.header.sequence() << ": " << opened.status();
        EXPECT_EQ(opened->hash, event.hash);
        EXPECT_EQ(EventHash(event.bytes.header()), event.hash);
      }
    }
  }
}

}  // namespace
}  // namespace teilhabe::dossier
