#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "services/participants/domain/case.h"
#include "services/participants/domain/steps.h"

namespace teilhabe::participants {

// Cases told step by step, for tests here.

constexpr Stage kEv = Stage::kEingangsverfahren;
constexpr Stage kBbb = Stage::kBerufsbildungsbereich;
constexpr Stage kAb = Stage::kArbeitsbereich;

// A day as `2024-03-01`.
inline absl::CivilDay On(std::string_view text) { return ParseDay(text).value(); }
// Empty: none.
inline std::optional<absl::CivilDay> MaybeOn(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(On(text));
}

// `OK`, or reason and field.
inline std::string Summary(const absl::Status& status) {
  return status.ok() ? "OK" : absl::StrCat(GetReason(status), " ", GetField(status));
}

inline Application Applied(Stage stage, std::string_view eingang, Applicant applicant = Applicant::kPerson,
                           std::int64_t representation = 0) {
  return {On(eingang), stage, ProviderType::kNone, applicant, representation, "ba"};
}
inline Follow Solved(std::string_view review) { return {IndividualSolution{MaybeOn(review)}, std::nullopt}; }
inline Follow Over(EndReason reason) { return {std::nullopt, Ended{reason}}; }
inline Decision Granted(std::int64_t application, Stage stage, std::string_view first, std::string_view last = "") {
  return {application, true, stage, ProviderType::kWfbm, "wfbm", MaybeOn(first), MaybeOn(last), "ba", {}};
}
inline Decision Refused(std::int64_t application, Follow follow = {}) {
  return {application, false, kEv, ProviderType::kNone, "", std::nullopt, std::nullopt, "ba", std::move(follow)};
}
inline ServiceStarted Started(std::int64_t decision, std::string_view first) { return {decision, On(first), "wfbm"}; }
inline ServiceEnded Finished(std::int64_t service, std::string_view last, Follow follow = {},
                             ServiceEndReason reason = ServiceEndReason::kCompleted) {
  return {service, On(last), reason, std::move(follow)};
}
inline Plan Planned(std::int64_t application, int version, std::string_view review, bool gesamtplan = true) {
  return {application, version, MaybeOn(review), gesamtplan};
}
// A Betreuer for everything, proved, from 2024-02-01.
inline Representation Betreuer() {
  return {RepresentationKind::kBetreuer, {Matter::kAll}, On("2024-02-01"), std::nullopt, true, std::nullopt};
}
inline RepresentationNote Begins(Representation who) { return {std::move(who), 0, std::nullopt}; }
inline RepresentationNote Ends(std::int64_t entry, std::string_view day) { return {std::nullopt, entry, MaybeOn(day)}; }

using What = decltype(Step::what);

// SplitMix64: the same numbers in each run, whatever the library.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t operator()() {
    std::uint64_t mixed = state_ += 0x9E3779B97F4A7C15;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    return mixed ^ (mixed >> 31);
  }

 private:
  std::uint64_t state_;
};

class Story {
 public:
  explicit Story(std::string_view opened = "2024-03-01") {
    folded_.id = "case-2";
    folded_.opened = On(opened);
  }

  // Folds a step in, unchecked; returns its sequence.
  std::int64_t Tell(absl::CivilDay day, What what, std::string author = "ba") {
    Apply(folded_, {++sequence_, day, std::move(author), std::move(what)});
    return sequence_;
  }
  std::int64_t Tell(std::string_view day, What what, std::string author = "ba") {
    return Tell(On(day), std::move(what), std::move(author));
  }
  // What the rules say to a step next. `today` empty: its own day.
  absl::Status Ask(std::string_view day, What what, std::string_view today = "") const {
    return CheckStep(folded_, {sequence_ + 1, On(day), "ba", std::move(what)}, On(today.empty() ? day : today));
  }
  Case& folded() { return folded_; }

 private:
  Case folded_;
  std::int64_t sequence_ = 0;
};

// How far the usual story goes: an application for the Eingangsverfahren of 2024-03-01, granted from 2024-04-01 to
// 2024-06-30. The value is the sequence of the step.
enum Upto : int { kOpen, kApplied, kAssessed, kDetermined, kPlanned, kGranted, kBegun, kFinished };

inline std::vector<Step> UsualSteps(Upto upto) {
  const std::vector<std::pair<std::string_view, What>> told = {
      {"2024-03-01", Applied(kEv, "2024-03-01")},
      {"2024-03-08", Assessment{kApplied}},
      {"2024-03-10", Determination{kApplied, kAssessed}},
      {"2024-03-12", Planned(kApplied, 1, "2026-03-12")},
      {"2024-03-15", Granted(kApplied, kEv, "2024-04-01", "2024-06-30")},
      {"2024-04-01", Started(kGranted, "2024-04-01")},
      {"2024-06-30", Finished(kBegun, "2024-06-30", Solved("2025-06-30"))},
  };
  std::vector<Step> steps;
  for (int at = 0; at < upto; ++at) steps.push_back({at + 1, On(told[at].first), "ba", told[at].second});
  return steps;
}
inline Story Usual(Upto upto) {
  Story story;
  for (const Step& step : UsualSteps(upto)) story.Tell(step.day, step.what);
  return story;
}

}  // namespace teilhabe::participants
