#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/dossier/holder.h"
#include "common/dossier/testing/sample_log.h"
#include "gtest/gtest.h"

// All logs of three agencies up to five events after the application, from a fixed menu that holds right and wrong
// events. A reference, written from FORMAT.md, Log 6 and 8 alone, says of each whether it may follow; Next must agree.
namespace teilhabe::dossier {
namespace {

const std::vector<std::string> kAgencies = {"a", "b", "c"};
constexpr int kDepth = 5;

// What FORMAT.md makes of a valid log, read anew from its events.
struct Reference {
  std::string holder;
  std::int64_t epoch = 0;
  const Event* open = nullptr;  // Unanswered OFFERED or FORWARDED.
  int forwards = 0;             // Since the last offer that was accepted.
  std::string first_forward;    // Hash.
  std::string answers;          // Of the last event, where it is ACCEPTED: the hash that it answers.
  std::string last;             // Hash of the last event.

  std::string to() const {
    return open->header.has_offered() ? open->header.offered().to() : open->header.forwarded().to();
  }
};

Reference Read(const std::vector<Event>& log) {
  Reference r;
  for (const Event& event : log) {
    const v1::EventHeader& header = event.header;
    r.answers.clear();
    r.last = std::string(event.hash.bytes());
    switch (header.kind()) {
      case v1::EVENT_KIND_OPENED:
        r.holder = header.author();
        break;
      case v1::EVENT_KIND_FORWARDED:
        if (++r.forwards == 1) r.first_forward = r.last;
        r.open = &event;
        break;
      case v1::EVENT_KIND_OFFERED:
        r.open = &event;
        break;
      case v1::EVENT_KIND_OFFER_CLOSED:
        r.open = nullptr;
        break;
      case v1::EVENT_KIND_ACCEPTED:
        r.answers = header.accepted().offer_hash();
        if (r.open->header.has_offered()) r.forwards = 0;
        [[fallthrough]];
      case v1::EVENT_KIND_SUCCEEDED:
        r.holder = header.author();
        r.epoch = header.epoch();
        r.open = nullptr;
        break;
      default:
        break;
    }
  }
  return r;
}

bool IsSigned(const v1::SignedStatement& statement, const std::string& author) {
  return SampleVerifier()
      .Verify(SampleSigner(author).public_key(), static_cast<crypto::Algorithm>(statement.signature().algorithm()),
              "statement", statement.header(), statement.signature().signature())
      .ok();
}

// The embedded decline closes the open offer.
bool Declines(const Reference& r, const v1::SignedStatement& embedded) {
  v1::StatementHeader decline;
  return decline.ParseFromString(embedded.header()) && decline.has_decision() &&
         decline.decision().outcome() == v1::OUTCOME_DECLINED && decline.author() == r.to() &&
         decline.decision().offer_hash() == r.open->hash.bytes() && decline.to() == r.holder &&
         decline.dossier() == kSampleDossier && IsSigned(embedded, decline.author());
}

bool Consents(const Reference& r, const v1::Forwarded& forwarded) {
  v1::StatementHeader consent;
  return consent.ParseFromString(forwarded.consent().header()) && consent.has_consent() &&
         consent.author() == forwarded.to() && consent.to() == r.holder &&
         consent.consent().accepted_hash() == r.last && consent.dossier() == kSampleDossier &&
         IsSigned(forwarded.consent(), consent.author());
}

// The table of FORMAT.md, Log 6, row by row. `successor`: who the directory says takes over from the holder.
bool MayFollow(const Reference& r, const Event& event, const std::string& successor) {
  const v1::EventHeader& header = event.header;
  const std::string& author = header.author();
  switch (header.kind()) {
    case v1::EVENT_KIND_OPENED:
      return false;  // The log has events.
    case v1::EVENT_KIND_OFFERED:
      return author == r.holder && r.open == nullptr && header.offered().to() != r.holder;
    case v1::EVENT_KIND_FORWARDED: {
      const v1::Forwarded& forwarded = header.forwarded();
      if (author != r.holder || r.open != nullptr || forwarded.to() == r.holder) return false;
      if (r.forwards == 0) return !forwarded.has_consent();
      return r.forwards == 1 && r.answers == r.first_forward && forwarded.has_consent() && Consents(r, forwarded);
    }
    case v1::EVENT_KIND_ACCEPTED:
      return r.open != nullptr && author == r.to() && header.accepted().offer_hash() == r.open->hash.bytes();
    case v1::EVENT_KIND_OFFER_CLOSED:
      return (author == r.holder || author == successor) && r.open != nullptr && r.open->header.has_offered() &&
             Declines(r, header.offer_closed().decline());
    case v1::EVENT_KIND_SUCCEEDED:
      return r.open == nullptr && header.succeeded().predecessor() == r.holder && author == successor;
    default:
      return author == r.holder && r.open == nullptr;
  }
}

// Menu of events after a log: each kind of the holder protocol by each agency, right and wrong ones.
std::vector<std::pair<std::string, Event>> Menu(const SampleLog& log, const Event* first_offer,
                                                const Event* last_offer) {
  std::vector<std::pair<std::string, Event>> menu;
  const auto add = [&menu](std::string name, Event event) { menu.emplace_back(std::move(name), std::move(event)); };
  for (const std::string& by : kAgencies) {
    add(absl::StrCat(by, " opens"), log.Opened(by));
    add(absl::StrCat(by, " records"), log.Record("payment", by));
    add(absl::StrCat(by, " accepts the last offer"), log.Accept(by));
    for (const Event* offer : {first_offer, &log.last()}) {
      if (offer == nullptr || offer == last_offer) continue;
      add(absl::StrCat(by, " accepts ", offer->header.sequence()), Changed(log.Accept(by), [&](v1::EventHeader& h) {
            h.mutable_accepted()->set_offer_hash(std::string(offer->hash.bytes()));
          }));
    }
    for (const std::string& other : kAgencies) {
      add(absl::StrCat(by, " offers to ", other), log.Offer(other, by));
      add(absl::StrCat(by, " forwards to ", other), log.Forward(other, by));
      add(absl::StrCat(by, " forwards with consent to ", other), log.ForwardOn(other, log.Consent(other), by));
      add(absl::StrCat(by, " succeeds ", other), log.Succeed(other, by));
      const Statement decline = log.Decline(other);
      add(absl::StrCat(by, " closes by the decline of ", other), log.Close(decline, by));
      if (first_offer != nullptr && first_offer != last_offer) {
        add(absl::StrCat(by, " closes by the old decline of ", other),
            log.Close(log.Decline(other, std::string(first_offer->hash.bytes())), by));
      }
      add(absl::StrCat(by, " closes by a decline of ", other, " signed by itself"),
          log.Close(Forge(decline.header, by), by));
      add(absl::StrCat(by, " closes by a decline of ", other, " to b"),
          log.Close(Changed(decline, [](v1::StatementHeader& h) { h.set_to("b"); }), by));
      add(absl::StrCat(by, " forwards to ", other, " with consent to the forwarding"),
          log.ForwardOn(other, log.Consent(other, std::string(log.last().header.previous_hash())), by));
      add(absl::StrCat(by, " forwards to ", other, " with the consent of the next"),
          log.ForwardOn(other,
                        log.Consent(other == "a"   ? "b"
                                    : other == "b" ? "c"
                                                   : "a"),
                        by));
    }
  }
  return menu;
}

class Exploration : public testing::TestWithParam<bool> {
 protected:
  Exploration() { members_.Succeed("a", "c"); }

  // One disagreement brings many after it; ten are enough to see what is wrong.
  void Expect(bool agrees, const std::string& what) {
    if (!agrees && ++disagreements_ <= 10) ADD_FAILURE() << Trace() << ": " << what;
  }

  void CheckState(const SampleLog& log, const Reference& r, const v1::LogState& state) {
    ++states_;
    Expect(state.holder() == r.holder, "holder is " + state.holder());
    Expect(state.epoch() == r.epoch, "epoch is " + std::to_string(state.epoch()));
    Expect(state.sequence() == static_cast<std::int64_t>(log.events().size()), "sequence");
    Expect(state.head() == r.last, "head");
    Expect(state.forwards() == r.forwards, "forwards is " + std::to_string(state.forwards()));
    const bool open = r.open != nullptr;
    Expect(state.has_offer() == open, "has_offer");
    if (open) {
      Expect(state.offer().hash() == r.open->hash.bytes(), "offer.hash");
      Expect(state.offer().to() == r.to(), "offer.to");
      Expect(state.offer().forwarded() == r.open->header.has_forwarded(), "offer.forwarded");
    }
    const bool arrived = !r.answers.empty() && AnswersForward(log, r.answers);
    Expect(state.forwarded_accepted_hash() == (arrived ? r.last : ""), "forwarded_accepted_hash");
    // I1 and I2 for nodes that have the same log.
    int deciding = 0;
    int bound = 0;
    for (const std::string& self : kAgencies) {
      const bool holds = self == r.holder;
      const bool asked = open && r.to() == self;
      const Standing as_holder = open ? Standing::kOffered : Standing::kHolder;
      Expect(MayDecide(state, self, DefaultRules()) == (holds && !open), "MayDecide of " + self);
      Expect(IsBound(state, self) == holds, "IsBound of " + self);
      Expect(StandingOf(state, self, false) == (holds   ? as_holder
                                                : asked ? Standing::kAsked
                                                        : Standing::kFollower),
             "StandingOf " + self);
      if (!open || r.open->header.has_offered()) {
        Expect(StandingOf(state, self, true) == (holds ? as_holder : Standing::kFollower),
               "StandingOf " + self + ", which has declined");
      }
      deciding += MayDecide(state, self, DefaultRules()) ? 1 : 0;
      bound += IsBound(state, self) ? 1 : 0;
    }
    Expect(deciding <= 1, "I1: two may decide");
    Expect(bound == 1, "I2: nobody, or two are bound");
  }

  static bool AnswersForward(const SampleLog& log, const std::string& hash) {
    for (const Event& event : log.events()) {
      if (event.hash.bytes() == hash) return event.header.has_forwarded();
    }
    return false;
  }

  // A decline closes at nobody but at the holder whose open offer it declines.
  void CheckDeclines(const SampleLog& log, const Reference& r, const v1::LogState& state) {
    for (const Event& offer : log.events()) {
      if (!offer.header.has_offered() && !offer.header.has_forwarded()) continue;
      for (const std::string& author : kAgencies) {
        const Statement decline = log.Decline(author, std::string(offer.hash.bytes()));
        for (const std::string& self : kAgencies) {
          ++declines_;
          const bool closes = self == r.holder && r.open != nullptr && r.open->header.has_offered() &&
                              r.open->hash == offer.hash && author == r.to();
          Expect((ReceiveDecline(state, decline, self, DefaultRules()) == OnDecline::kClose) == closes,
                 absl::StrCat("decline of ", offer.header.sequence(), " by ", author, " at ", self));
        }
      }
    }
  }

  std::string Trace() const {
    std::string trace = "a opens; a records an application";
    for (const std::string& step : trace_) trace += "; " + step;
    return trace;
  }

  void Explore(const SampleLog& log, const v1::LogState& state, int depth) {
    const Reference r = Read(log.events());
    CheckState(log, r, state);
    CheckDeclines(log, r, state);
    if (depth == kDepth) return;
    const Event* first_offer = nullptr;
    const Event* last_offer = nullptr;
    for (const Event& event : log.events()) {
      if (!event.header.has_offered() && !event.header.has_forwarded()) continue;
      if (first_offer == nullptr) first_offer = &event;
      last_offer = &event;
    }
    for (auto& [name, event] : Menu(log, first_offer, last_offer)) {
      ++sequences_;
      trace_.push_back(name);
      const bool want = MayFollow(r, event, r.holder == "a" ? "c" : "");
      // Who has ended appends nothing: chain_rules_test.cc.
      members_.Succeed("a", GetParam() && event.header.author() == "a" ? "" : "c");
      const auto got = Next(state, event, SampleStep(members_, GetParam()));
      Expect(got.ok() == want, got.ok() ? "taken" : std::string(got.status().ToString()));
      if (got.ok() && want) {
        SampleLog longer = log;
        longer.Add(std::move(event));
        Explore(longer, *got, depth + 1);
      }
      trace_.pop_back();
    }
  }

  SampleMembers members_;
  std::vector<std::string> trace_;
  int disagreements_ = 0;
  std::size_t sequences_ = 0;
  std::size_t states_ = 0;
  std::size_t declines_ = 0;
};

TEST_P(Exploration, NextAgreesWithTheFormat) {
  SampleLog log;
  log.Add(log.Opened("a"));
  log.Add(log.Record("application"));
  Explore(log, log.Fold(members_).value(), 0);
  std::cout << sequences_ << " sequences, " << states_ << " valid logs, " << declines_ << " declines\n";
  EXPECT_GE(sequences_, 10'000U);
}

INSTANTIATE_TEST_SUITE_P(Modes, Exploration, testing::Bool(),
                         [](const auto& tested) { return tested.param ? "Appending" : "Following"; });

}  // namespace
}  // namespace teilhabe::dossier
