#include "services/participants/domain/case.h"

#include <algorithm>

namespace teilhabe::participants {
namespace {

// Puts a step where it belongs.
class Folder {
 public:
  Folder(Case& folded, const Step& step) : case_(folded), step_(step) {}

  void operator()(const Application& what) {
    Add(case_.applications, what);
    // Who applies anew is back: the case goes on.
    if (!IsClosedForGood(case_)) case_.end.reset();
  }
  void operator()(const RepresentationNote& what) { Add(case_.representations, what); }
  void operator()(const MedicalHint& what) { Add(case_.hints, what); }
  void operator()(const Assessment& what) { Add(case_.assessments, what); }
  void operator()(const Determination& what) { Add(case_.determinations, what); }
  void operator()(const Plan& what) { Add(case_.plans, what); }
  void operator()(const GesamtplanFinding& what) { Add(case_.findings, what); }
  void operator()(const Decision& what) {
    Add(case_.decisions, what);
    if (what.granted) case_.solution.reset();
    Take(what.follow);
  }
  void operator()(const ServiceStarted& what) { Add(case_.services, what); }
  void operator()(const ServiceEnded& what) {
    Add(case_.ends, what);
    Take(what.follow);
  }
  void operator()(const IndividualSolution& what) {
    case_.solution = Make(what);
    case_.last_solution = step_.sequence;
  }
  void operator()(const Ended& what) {
    if (!IsClosedForGood(case_)) case_.end = Make(what);
    Add(case_.closings, what);
    case_.solution.reset();
  }
  void operator()(const Joined&) { (*this)(Ended{EndReason::kJoined}); }
  void operator()(const Report& what) { Add(case_.reports, what); }

 private:
  template <typename What>
  Recorded<What> Make(const What& what) const {
    return {step_.sequence, step_.day, step_.author, what};
  }
  template <typename What>
  void Add(std::vector<Recorded<What>>& list, const What& what) {
    list.push_back(Make(what));
  }
  void Take(const Follow& follow) {
    if (follow.solution) (*this)(*follow.solution);
    if (follow.end) (*this)(*follow.end);
  }

  Case& case_;
  const Step& step_;
};

// Closings ascend by sequence.
auto FirstAfter(const Case& folded, std::int64_t sequence) {
  return std::upper_bound(folded.closings.begin(), folded.closings.end(), sequence,
                          [](std::int64_t before, const auto& closing) { return before < closing.sequence; });
}

}  // namespace

void Apply(Case& folded, const Step& step) { std::visit(Folder(folded, step), step.what); }

const Recorded<Decision>* DecisionOn(const Case& folded, std::int64_t application) {
  for (const auto& decision : folded.decisions) {
    if (decision.what.application == application) return &decision;
  }
  return nullptr;
}

const Recorded<Ended>* ClosingOf(const Case& folded, std::int64_t sequence) {
  const auto closing = FirstAfter(folded, sequence);
  return closing == folded.closings.end() ? nullptr : &*closing;
}

const Recorded<Ended>* WithdrawalOf(const Case& folded, std::int64_t application) {
  // For the dead nobody applies.
  if (IsDead(folded) && folded.end->sequence < application) return &*folded.end;
  auto closing = FirstAfter(folded, application);
  if (closing != folded.closings.end() && IsDead(folded) && closing->sequence == folded.end->sequence) ++closing;
  return closing == folded.closings.end() ? nullptr : &*closing;
}

bool IsOpen(const Case& folded, const Recorded<Application>& application) {
  return DecisionOn(folded, application.sequence) == nullptr && WithdrawalOf(folded, application.sequence) == nullptr;
}

const Recorded<ServiceStarted>* ServiceOf(const Case& folded, std::int64_t decision) {
  for (const auto& service : folded.services) {
    if (service.what.decision == decision) return &service;
  }
  return nullptr;
}

const Recorded<ServiceEnded>* EndOf(const Case& folded, std::int64_t service) {
  for (const auto& end : folded.ends) {
    if (end.what.service == service) return &end;
  }
  return nullptr;
}

bool IsCompleted(const Case& folded, Stage stage, absl::CivilDay day) {
  return std::any_of(folded.services.begin(), folded.services.end(), [&](const auto& service) {
    const Recorded<Decision>* const decision = Find(folded.decisions, service.what.decision);
    const Recorded<ServiceEnded>* const end = EndOf(folded, service.sequence);
    return decision != nullptr && decision->what.stage == stage && end != nullptr &&
           end->what.reason == ServiceEndReason::kCompleted && end->what.last_day <= day;
  });
}

bool IsDead(const Case& folded) { return folded.end && folded.end->what.reason == EndReason::kDeath; }

bool IsClosedForGood(const Case& folded) {
  return IsDead(folded) || (folded.end && folded.end->what.reason == EndReason::kJoined);
}

std::string_view StageName(Stage stage) {
  switch (stage) {
    case Stage::kEingangsverfahren:
      return "eingangsverfahren";
    case Stage::kBerufsbildungsbereich:
      return "berufsbildungsbereich";
    case Stage::kArbeitsbereich:
      return "arbeitsbereich";
  }
  return "";
}

std::string_view StageGerman(Stage stage) {
  switch (stage) {
    case Stage::kEingangsverfahren:
      return "Eingangsverfahren";
    case Stage::kBerufsbildungsbereich:
      return "Berufsbildungsbereich";
    case Stage::kArbeitsbereich:
      return "Arbeitsbereich";
  }
  return "";
}

}  // namespace teilhabe::participants
