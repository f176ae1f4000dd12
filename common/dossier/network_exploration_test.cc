#include <algorithm>
#include <array>
#include <deque>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/dossier/holder.h"
#include "common/dossier/testing/sample_log.h"
#include "gtest/gtest.h"

// Three agencies with the functions of holder.h between them, in every order: all states that up to kMaxEvents events
// after the application, and messages lost, repeated, late or relayed, can lead to. Whatever is appended, declined or
// asked for is at once in the network and stays there for ever, so that anybody may get it at any time or never. As the
// Promela model of the protocol without restores, but over the code itself.
namespace teilhabe::dossier {
namespace {

constexpr int kAgencies = 3;
constexpr int kMaxEvents = 6;
constexpr int kMaxWithdrawals = 1;
const std::array<std::string, kAgencies> kNames = {"a", "b", "c"};

enum class Act { kDecide, kOffer, kForward, kAccept, kClose, kTakeBack };

// A log, known by its last event. All logs together are a tree; each is signed and folded once.
struct Log {
  int parent = -1;
  Event event;
  v1::LogState state;
  SampleLog sample;
};

class Logs {
 public:
  explicit Logs(const ProtocolRules& rules) : rules_(rules) {
    Log root;
    root.sample.Add(root.sample.Opened("a"));
    root.sample.Add(root.sample.Record("application"));
    root.event = root.sample.last();
    root.state = root.sample.Fold(members_, true, rules_).value();
    logs_.push_back(std::move(root));
  }

  const Log& at(int log) const { return logs_[static_cast<std::size_t>(log)]; }
  std::size_t size() const { return logs_.size(); }
  int events(int log) const { return static_cast<int>(at(log).sample.events().size()) - 2; }

  // The log after this act, or -1 where the rules refuse it. `decline`: the offer (a log) that a decline names.
  int After(int log, Act act, int by, int to = 0, int decline = -1) {
    const auto key = std::make_tuple(log, act, by, to, decline);
    if (const auto known = after_.find(key); known != after_.end()) return known->second;
    const Event event =
        Make(at(log), act, kNames[static_cast<std::size_t>(by)], kNames[static_cast<std::size_t>(to)], decline);
    const auto next = Next(at(log).state, event, {members_, SampleVerifier(), true, rules_});
    int made = -1;
    if (next.ok()) {
      Log longer{log, event, *next, at(log).sample};
      longer.sample.Add(event);
      made = static_cast<int>(logs_.size());
      logs_.push_back(std::move(longer));
    }
    after_.emplace(key, made);
    return made;
  }

  // What a node with this log says to the last event of another: the log it has then, the same, or none (-1: DIVERGED).
  int Take(int mine, int other) {
    const auto key = std::make_pair(mine, other);
    if (const auto known = taken_.find(key); known != taken_.end()) return known->second;
    int taken = mine;
    const Event& event = at(other).event;
    if (event.header.sequence() <= at(mine).state.sequence()) {
      const Event& known = at(mine).sample.events()[static_cast<std::size_t>(event.header.sequence() - 1)];
      if (known.hash != event.hash) taken = -1;
    } else {
      const auto next = Next(at(mine).state, event, {members_, SampleVerifier(), false, rules_});
      if (next.ok()) {
        taken = other;
      } else if (GetReason(next.status()) == "DIVERGED") {
        taken = -1;
      }
    }
    taken_.emplace(key, taken);
    return taken;
  }

  // The signed decline of an offer by its addressee, addressed to whom offered.
  const Statement& DeclineOf(int offer) {
    const auto known = declines_.find(offer);
    if (known != declines_.end()) return known->second;
    const Log& log = at(offer);
    return declines_.emplace(offer, log.sample.Decline(log.state.offer().to(), log.state.offer().hash())).first->second;
  }

 private:
  Event Make(const Log& log, Act act, const std::string& by, const std::string& to, int decline) {
    const SampleLog& sample = log.sample;
    switch (act) {
      case Act::kDecide:
        return sample.Record("decision", by);
      case Act::kOffer:
        return sample.Offer(to, by);
      case Act::kForward:
        // The third agency consents whenever it is asked.
        return log.state.forwards() == 0 ? sample.Forward(to, by) : sample.ForwardOn(to, sample.Consent(to), by);
      case Act::kAccept:
        return sample.Accept(by);
      case Act::kClose:
        return sample.Close(DeclineOf(decline), by);
      case Act::kTakeBack:
        return sample.Close(Statement(), by);
    }
    return sample.last();
  }

  const ProtocolRules rules_;
  SampleMembers members_;
  std::deque<Log> logs_;  // References stay as it grows.
  std::map<std::tuple<int, Act, int, int, int>, int> after_;
  std::map<std::pair<int, int>, int> taken_;
  std::map<int, Statement> declines_;
};

// Of the whole network. An offer is known by the log that ends with it.
struct State {
  std::array<int, kAgencies> log = {-1, -1, -1};  // What each has stored; -1: nothing.
  std::set<int> shown;                            // Every log that was ever somebody's.
  std::array<std::set<int>, kAgencies> declined;  // Stored, by addressee.
  std::set<int> declines;                         // Sent.
  std::set<int> withdrawals;                      // Sent.

  std::string Key() const {
    std::string key;
    const auto add = [&key](const std::set<int>& of) {
      for (const int one : of) absl::StrAppend(&key, one, ",");
      key += ';';
    };
    for (const int one : log) absl::StrAppend(&key, one, ",");
    add(shown);
    for (const auto& one : declined) add(one);
    add(declines);
    add(withdrawals);
    return key;
  }
};

class Explorer {
 public:
  explicit Explorer(const ProtocolRules& rules) : rules_(rules), logs_(rules) {}

  // Visits every state, nearest first, up to the first that breaks an invariant; returns that invariant, or "".
  std::string Run() {
    State first;
    first.log[0] = 0;
    first.shown = {0};
    Reach(first, "");
    while (!open_.empty() && broken_.empty()) {
      const auto [state, trace] = std::move(open_.front());
      open_.pop_front();
      trace_ = trace;
      Step(state);
    }
    return broken_;
  }

  std::size_t states() const { return seen_.size(); }
  std::size_t steps() const { return steps_; }
  std::size_t logs() const { return logs_.size(); }
  const std::string& trace() const { return trace_; }

 private:
  // Everything that one node may do, or be given, next.
  void Step(const State& s) {
    for (int x = 0; x < kAgencies && broken_.empty(); ++x) {
      Deliver(s, x);
      if (s.log[Index(x)] >= 0) Decide(s, x);
      // `withdraw` of an offer that it may not have seen: a decline is stored, then sent.
      for (const int offer : s.withdrawals) {
        if (To(offer) == x) Withdrawn(s, x, offer);
      }
    }
  }

  void Deliver(const State& s, int x) {
    for (const int other : s.shown) {
      const int mine = s.log[Index(x)];
      int taken = mine;
      if (mine < 0) {
        // It has nothing: the first events come together.
        if (logs_.events(other) == 0) taken = other;
      } else {
        taken = logs_.Take(mine, other);
      }
      if (taken < 0 && mine >= 0) {
        broken_ = "I4";
        Note(x, "takes ", other);
        return;
      }
      if (taken == mine) continue;
      State next = s;
      next.log[Index(x)] = taken;
      const v1::LogState& state = logs_.at(taken).state;
      // Rule 7: arrival is acceptance, in one step.
      if (state.has_offer() && state.offer().forwarded() && state.offer().to() == kNames[Index(x)]) {
        if (logs_.events(taken) >= kMaxEvents) continue;
        const int accepted = logs_.After(taken, Act::kAccept, x);
        ASSERT_GE(accepted, 0);
        next.log[Index(x)] = accepted;
        next.shown.insert(accepted);
      }
      Reach(next, Named(x, "takes ", other));
    }
    const int mine = s.log[Index(x)];
    if (mine < 0 || logs_.events(mine) >= kMaxEvents) return;
    for (const int offer : s.declines) {
      const Statement& decline = logs_.DeclineOf(offer);
      if (ReceiveDecline(logs_.at(mine).state, decline, kNames[Index(x)], rules_) != OnDecline::kClose) continue;
      Append(s, x, logs_.After(mine, Act::kClose, x, 0, offer), "closes by the decline of ", offer);
    }
  }

  void Decide(const State& s, int x) {
    const int mine = s.log[Index(x)];
    const v1::LogState& state = logs_.at(mine).state;
    const std::string& self = kNames[Index(x)];
    const int offer = OfferOf(mine);
    const bool declined = offer >= 0 && s.declined[Index(x)].count(offer) > 0;
    if (offer >= 0 && To(offer) == x && !state.offer().forwarded() && state.holder() != self && !declined) {
      State next = s;
      if (rules_.decline_is_durable) next.declined[Index(x)].insert(offer);
      next.declines.insert(offer);
      Reach(next, Named(x, "declines ", offer));
    }
    if (offer >= 0 && state.holder() == self && !state.offer().forwarded() &&
        static_cast<int>(s.withdrawals.size()) < kMaxWithdrawals) {
      State next = s;
      next.withdrawals.insert(offer);
      Reach(next, Named(x, "asks to withdraw ", offer));
    }
    if (logs_.events(mine) >= kMaxEvents) return;
    if (StandingOf(state, self, declined) == Standing::kAsked || !rules_.addressee_accepts) {
      Append(s, x, logs_.After(mine, Act::kAccept, x), "accepts after ", mine);
    }
    Append(s, x, logs_.After(mine, Act::kDecide, x), "decides after ", mine);
    Append(s, x, logs_.After(mine, Act::kTakeBack, x), "takes back ", mine);
    for (int to = 0; to < kAgencies; ++to) {
      Append(s, x, logs_.After(mine, Act::kOffer, x, to), "offers to ", to);
      Append(s, x, logs_.After(mine, Act::kForward, x, to), "forwards to ", to);
    }
  }

  void Withdrawn(const State& s, int x, int offer) {
    const int mine = s.log[Index(x)];
    bool accepted = false;
    for (int log = mine; log > 0 && !accepted; log = logs_.at(log).parent) {
      const v1::EventHeader& header = logs_.at(log).event.header;
      accepted = header.has_accepted() && header.author() == kNames[Index(x)] &&
                 header.accepted().offer_hash() == logs_.at(offer).state.offer().hash();
    }
    if (ReceiveWithdrawal(s.declined[Index(x)].count(offer) > 0, accepted) != OnWithdrawal::kDecline) return;
    State next = s;
    if (rules_.decline_is_durable) next.declined[Index(x)].insert(offer);
    next.declines.insert(offer);
    Reach(next, Named(x, "declines as withdrawn ", offer));
  }

  void Append(const State& s, int x, int log, const char* what, int about) {
    if (log < 0) return;
    State next = s;
    next.log[Index(x)] = log;
    next.shown.insert(log);
    Reach(next, Named(x, what, about));
  }

  void Reach(const State& state, const std::string& step) {
    ++steps_;
    if (!broken_.empty() || !seen_.insert(state.Key()).second) return;
    int deciding = 0;
    int bound = 0;
    for (int x = 0; x < kAgencies; ++x) {
      if (state.log[Index(x)] < 0) continue;
      const v1::LogState& log = logs_.at(state.log[Index(x)]).state;
      deciding += MayDecide(log, kNames[Index(x)], rules_) ? 1 : 0;
      bound += IsBound(log, kNames[Index(x)]) ? 1 : 0;
    }
    if (deciding > 1) broken_ = "I1";
    if (bound == 0) broken_ = "I2";
    if (!broken_.empty()) trace_ += step;
    open_.emplace_back(state, trace_ + step);
  }

  // The open offer of a log, as the log that ends with it; -1: none is open.
  int OfferOf(int log) const {
    const v1::LogState& state = logs_.at(log).state;
    if (!state.has_offer()) return -1;
    for (; log >= 0; log = logs_.at(log).parent) {
      if (logs_.at(log).event.hash.bytes() == state.offer().hash()) return log;
    }
    return -1;
  }
  int To(int offer) const {
    const auto found = std::find(kNames.begin(), kNames.end(), logs_.at(offer).state.offer().to());
    return static_cast<int>(found - kNames.begin());
  }
  static std::size_t Index(int x) { return static_cast<std::size_t>(x); }
  std::string Named(int x, const char* what, int about) const {
    return absl::StrCat(kNames[Index(x)], " ", what, about, " · ");
  }
  void Note(int x, const char* what, int about) { trace_ += Named(x, what, about); }

  const ProtocolRules rules_;
  Logs logs_;
  std::unordered_set<std::string> seen_;
  std::deque<std::pair<State, std::string>> open_;
  std::string trace_;
  std::string broken_;
  std::size_t steps_ = 0;
};

std::string Explore(const ProtocolRules& rules, const char* name) {
  Explorer explorer(rules);
  const std::string broken = explorer.Run();
  std::cout << name << ": " << explorer.states() << " states, " << explorer.steps() << " steps, " << explorer.logs()
            << " logs" << (broken.empty() ? "" : "; " + broken + " broken by: " + explorer.trace()) << "\n";
  return broken;
}

TEST(NetworkExploration, WithAllRulesNoInvariantBreaks) { EXPECT_EQ(Explore(DefaultRules(), "all rules"), ""); }

struct Weakened {
  const char* name;
  bool ProtocolRules::*rule;
  const char* broken;
};
class WeakenedExploration : public testing::TestWithParam<Weakened> {};
TEST_P(WeakenedExploration, FindsTheCounterexample) {
  ProtocolRules rules;
  rules.*GetParam().rule = false;
  EXPECT_EQ(Explore(rules, GetParam().name), GetParam().broken);
}
INSTANTIATE_TEST_SUITE_P(Rules, WeakenedExploration,
                         testing::Values(Weakened{"FrozenIsFrozen", &ProtocolRules::frozen_is_frozen, "I1"},
                                         Weakened{"OnlyAnswerCloses", &ProtocolRules::only_answer_closes, "I1"},
                                         Weakened{"AddresseeAccepts", &ProtocolRules::addressee_accepts, "I2"},
                                         Weakened{"DeclineIsDurable", &ProtocolRules::decline_is_durable, "I1"},
                                         Weakened{"AnswerNamesOffer", &ProtocolRules::answer_names_offer, "I1"}),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace teilhabe::dossier
