#include <string>

#include "common/dossier/rule_case_for_test.h"

// The counterexamples of the protocol (README, section 6) that logs alone show: with all rules the trace stops at the
// step that would break an invariant, and with the rule off it does not, so that the test would notice its loss.
namespace teilhabe::dossier {
namespace {

class Counterexample : public testing::Test {
 protected:
  absl::StatusOr<v1::LogState> After(const SampleLog& log, const Event& event,
                                     const ProtocolRules& rules = DefaultRules()) const {
    const auto before = log.Fold(w_.members, false, rules);
    if (!before.ok()) return before.status();
    return Next(*before, event, {w_.members, SampleVerifier(), true, rules});
  }
  v1::LogState State(const SampleLog& log, const ProtocolRules& rules = DefaultRules()) const {
    return log.Fold(w_.members, false, rules).value();
  }
  std::string Reason(const SampleLog& log, const Event& event) const { return GetReason(After(log, event).status()); }

  World w_;
};

TEST_F(Counterexample, N1NoFreeze) {
  Offered(w_);
  SampleLog at_b = w_.log;
  at_b.Add(at_b.Accept("b"));
  EXPECT_TRUE(MayDecide(State(at_b), "b"));
  EXPECT_FALSE(MayDecide(State(w_.log), "a"));
  ProtocolRules weak;
  weak.frozen_is_frozen = false;
  EXPECT_TRUE(MayDecide(State(w_.log), "a", weak)) << "I1: both decide";
}

TEST_F(Counterexample, N2TimeOutTakesBack) {
  Offered(w_);
  SampleLog at_b = w_.log;
  const Event closed = w_.log.Close(Statement());
  EXPECT_FALSE(After(w_.log, closed).ok());
  ProtocolRules weak;
  weak.only_answer_closes = false;
  const auto taken_back = After(w_.log, closed, weak);
  ASSERT_TRUE(taken_back.ok()) << taken_back.status();
  at_b.Add(at_b.Accept("b"));
  EXPECT_TRUE(MayDecide(*taken_back, "a") && MayDecide(State(at_b), "b")) << "I1: both decide";
}

TEST_F(Counterexample, N3AnotherThanTheAddresseeAccepts) {
  Offered(w_);
  EXPECT_EQ(Reason(w_.log, w_.log.Accept("a")), "NOT_ADDRESSEE");
  EXPECT_TRUE(IsBound(State(w_.log), "a"));
}

TEST_F(Counterexample, N4RecordsOfRunningBenefitsWhileFrozen) {
  Offered(w_);
  SampleLog at_b = w_.log;
  const Event payment = w_.log.Record("payment");
  EXPECT_EQ(Reason(w_.log, payment), "LOG_FROZEN");
  ProtocolRules weak;
  weak.frozen_is_frozen = false;
  const auto paid = After(w_.log, payment, weak);
  ASSERT_TRUE(paid.ok()) << paid.status();
  const Event accepted = at_b.Accept("b");
  EXPECT_TRUE(After(at_b, accepted).ok());
  EXPECT_EQ(GetReason(Next(*paid, accepted, {w_.members, SampleVerifier(), false, weak}).status()), "DIVERGED")
      << "I4: false Streit";
}

TEST_F(Counterexample, N5DeclineForgotten) {
  Offered(w_);
  const Statement decline = w_.log.Decline("b");
  EXPECT_EQ(StandingOf(State(w_.log), "b", true), Standing::kFollower) << "what is declined is not asked again";
  SampleLog at_b = w_.log;
  at_b.Add(at_b.Accept("b"));
  const auto at_a = After(w_.log, w_.log.Close(decline));
  ASSERT_TRUE(at_a.ok()) << at_a.status();
  EXPECT_TRUE(MayDecide(*at_a, "a") && MayDecide(State(at_b), "b")) << "I1: the store alone prevents it";
}

TEST_F(Counterexample, N6DeclineNamesTheEpochOnly) {
  Offered(w_);
  const Statement old = w_.log.Decline("b");
  w_.Add(w_.log.Close(old));
  Offered(w_);
  SampleLog at_b = w_.log;
  at_b.Add(at_b.Accept("b"));
  const Event closed = w_.log.Close(old);
  EXPECT_EQ(ReceiveDecline(State(w_.log), old, "a", DefaultRules()), OnDecline::kKeep);
  EXPECT_EQ(Reason(w_.log, closed), "OFFER_MISMATCH");
  ProtocolRules weak;
  weak.answer_names_offer = false;
  EXPECT_EQ(ReceiveDecline(State(w_.log, weak), old, "a", weak), OnDecline::kClose);
  const auto at_a = After(w_.log, closed, weak);
  ASSERT_TRUE(at_a.ok()) << at_a.status();
  EXPECT_TRUE(MayDecide(*at_a, "a") && MayDecide(State(at_b), "b")) << "I1: both decide";
}

}  // namespace
}  // namespace teilhabe::dossier
