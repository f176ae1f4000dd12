#include "services/participants/domain/steps.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "services/participants/domain/representation.h"
#include "services/participants/domain/rest.h"

namespace teilhabe::participants {
namespace {

constexpr int kReviewYears = 2;  // § 121 Abs. 2 Satz 2 SGB IX; for individual solutions "regularly" (N-10).

absl::Status Refuse(std::string_view reason, std::string_view field, std::string_view message) {
  return FieldError(absl::StatusCode::kFailedPrecondition, reason, field, message);
}
absl::Status Malformed(std::string_view field, std::string_view message) {
  return FieldError(absl::StatusCode::kInvalidArgument, "STEP_MALFORMED", field, message);
}
absl::Status Unknown(std::string_view field) {
  return Refuse("STEP_UNKNOWN", field, "the case has no such step; name the sequence of its event");
}

// The last day of a period of years; where the month has no such day, its last one (§ 188 Abs. 3 BGB).
absl::CivilDay YearsLater(absl::CivilDay day, int years) {
  const absl::CivilMonth month = absl::CivilMonth(day) + years * 12;
  return std::min(absl::CivilDay(month) + (day.day() - 1), absl::CivilDay(month + 1) - 1);
}

absl::Status CheckReview(const std::optional<absl::CivilDay>& review, absl::CivilDay from, std::string_view field) {
  if (!review) return Refuse("REVIEW_MISSING", field, "say when it is reviewed");
  if (*review <= from) return Malformed(field, "it is reviewed after it was made");
  if (*review > YearsLater(from, kReviewYears)) {
    return Refuse("REVIEW_TOO_LATE", field, "it is reviewed after two years at the latest (§ 121 Abs. 2 SGB IX)");
  }
  return absl::OkStatus();
}

// A decision or a service's end says what follows, in one of two ways.
absl::Status CheckFollow(const Follow& follow, absl::CivilDay day, const std::string& field) {
  if (follow.solution && follow.end) return Refuse("FOLLOW_TWICE", field, "a case goes on or ends, not both");
  if (!follow.solution) return absl::OkStatus();
  return CheckReview(follow.solution->review, day, absl::StrCat(field, ".individual_solution.review_day"));
}

class Checker {
 public:
  Checker(const Case& folded, const Step& step, absl::CivilDay today) : case_(folded), step_(step), today_(today) {}

  absl::Status Run() {
    if (step_.day > today_) return Malformed("event_day", "it lies after the network's day");
    if (step_.day < case_.opened) return Malformed("event_day", "it lies before the case was opened");
    if (case_.end && !FollowsAnEnd())
      return Refuse("CASE_ENDED", "step", "the case has ended; an application reopens it");
    TEILHABE_RETURN_IF_ERROR(std::visit(*this, step_.what));
    return CheckRest();
  }

  absl::Status operator()(const Application& what) const {
    if (what.eingang > step_.day)
      return Malformed("step.application.eingang_day", "it lies after the day of recording");
    for (const auto& application : case_.applications) {
      if (application.what.stage == what.stage && IsOpen(case_, application)) {
        return Refuse("APPLICATION_OPEN", "step.application.stage",
                      "an application for this stage waits for its decision");
      }
    }
    return CheckApplicant(case_, what);
  }

  absl::Status operator()(const RepresentationNote& what) const {
    if (what.ends != 0) {
      if (what.who) return Malformed("step.representation.ends", "it ends an entry or begins one, not both");
      const auto* const entry = Find(case_.representations, what.ends);
      if (entry == nullptr || !entry->what.who) return Unknown("step.representation.ends");
      if (!what.end_day) return Malformed("step.representation.end_day", "say on which day it ended");
      if (*what.end_day < entry->what.who->from)
        return Malformed("step.representation.end_day", "it ends before it begins");
      return absl::OkStatus();
    }
    if (!what.who) return Malformed("representation", "say who acts for the person");
    return CheckRepresentation(*what.who);
  }

  absl::Status operator()(const MedicalHint& what) const {
    return what.given > step_.day ? Malformed("step.medical_hint.given_day", "it lies after the day of recording")
                                  : absl::OkStatus();
  }

  absl::Status operator()(const Assessment& what) const {
    return OpenApplication(what.application, "step.assessment.application").status();
  }

  absl::Status operator()(const Determination& what) const {
    TEILHABE_RETURN_IF_ERROR(OpenApplication(what.application, "step.determination.application").status());
    const auto* const assessment = Find(case_.assessments, what.assessment);
    if (assessment == nullptr || assessment->what.application != what.application || assessment->day > step_.day) {
      return Refuse("ASSESSMENT_MISSING", "step.determination.assessment",
                    "need is assessed before it is determined (§ 13 SGB IX, N-04)");
    }
    return absl::OkStatus();
  }

  absl::Status operator()(const Plan& what) const {
    if (Find(case_.applications, what.application) == nullptr) return Unknown("step.teilhabeplan.application");
    const bool determined = std::any_of(
        case_.determinations.begin(), case_.determinations.end(),
        [&](const auto& made) { return made.what.application == what.application && made.day <= step_.day; });
    if (!determined) {
      return Refuse("DETERMINATION_MISSING", "step.teilhabeplan.application",
                    "a plan documents the need that was determined (§ 19 Abs. 2 SGB IX, N-04)");
    }
    const int next = case_.plans.empty() ? 1 : case_.plans.back().what.version + 1;
    if (what.version != next) {
      return WithDetail(Refuse("PLAN_VERSION", "step.teilhabeplan.version", "versions are 1, 2, 3, ... without gaps"),
                        "expected", std::to_string(next));
    }
    return CheckReview(what.review, step_.day, "step.teilhabeplan.review_day");
  }

  absl::Status operator()(const GesamtplanFinding& what) const {
    const auto* const plan = Find(case_.plans, what.plan);
    if (plan == nullptr) return Unknown("step.gesamtplan_finding.plan");
    if (!plan->what.gesamtplan) {
      return Refuse("GESAMTPLAN_MISSING", "step.gesamtplan_finding.plan",
                    "the finding rests on a Gesamtplan (§ 108 Abs. 2)");
    }
    return absl::OkStatus();
  }

  absl::Status operator()(const Decision& what) const {
    TEILHABE_ASSIGN_OR_RETURN(const auto* const application, OpenApplication(what.application, "decision.application"));
    if (step_.day < application->what.eingang)
      return Malformed("event_day", "it lies before the application's arrival");
    if (what.granted) {
      if (!what.first_day) return Malformed("decision.first_day", "say from when");
      if (what.last_day && *what.last_day < *what.first_day)
        return Malformed("decision.last_day", "before the first day");
      if (what.follow.solution || what.follow.end)
        return Malformed("decision", "what is granted needs nothing to follow");
    }
    if (IsDead(case_)) return CheckDecisionAfterDeath(what);
    TEILHABE_RETURN_IF_ERROR(CheckFollow(what.follow, step_.day, "decision"));
    return what.follow.end ? CheckEnd(*what.follow.end, what.application, 0, "decision.ended") : absl::OkStatus();
  }

  absl::Status operator()(const ServiceStarted& what) const {
    const auto* const decision = Find(case_.decisions, what.decision);
    if (decision == nullptr) return Unknown("step.service_started.decision");
    if (!decision->what.granted) return Refuse("NOT_GRANTED", "step.service_started.decision", "it was refused");
    constexpr char kFirstDay[] = "step.service_started.first_day";
    if (what.first_day < decision->day) {
      return Refuse("START_BEFORE_DECISION", kFirstDay, "no service begins before it is granted");
    }
    // A log may hold a grant of another agency without its day.
    if (decision->what.first_day && what.first_day < *decision->what.first_day)
      return Refuse("START_BEFORE_GRANT", kFirstDay, "granted from a later day");
    if (decision->what.last_day && what.first_day > *decision->what.last_day) {
      return Refuse("START_AFTER_GRANT", kFirstDay, "granted to an earlier day");
    }
    if (ClosingOf(case_, what.decision) != nullptr) {
      return Refuse("GRANT_LAPSED", "step.service_started.decision", "the case ended since; apply anew");
    }
    if (ServiceOf(case_, what.decision) != nullptr) {
      return Refuse("SERVICE_RUNS", "step.service_started.decision", "this service has begun already");
    }
    for (const auto& service : case_.services) {
      const auto* const end = EndOf(case_, service.sequence);
      if (end == nullptr || end->what.last_day >= what.first_day) {
        return Refuse("SERVICE_RUNS", kFirstDay, "another stage's service runs; record its end first");
      }
    }
    return absl::OkStatus();
  }

  absl::Status operator()(const ServiceEnded& what) const {
    const auto* const service = Find(case_.services, what.service);
    if (service == nullptr) return Unknown("step.service_ended.service");
    if (EndOf(case_, what.service) != nullptr)
      return Refuse("SERVICE_ENDED", "step.service_ended.service", "it has ended");
    if (what.last_day < service->what.first_day) {
      return Refuse("END_BEFORE_START", "step.service_ended.last_day", "the service began later");
    }
    const auto* const granted = Find(case_.decisions, service->what.decision);
    if (granted != nullptr && granted->what.last_day && what.last_day > *granted->what.last_day) {
      return Refuse("END_AFTER_GRANT", "step.service_ended.last_day", "it was granted to an earlier day");
    }
    TEILHABE_RETURN_IF_ERROR(CheckFollow(what.follow, step_.day, "step.service_ended"));
    return what.follow.end ? CheckEnd(*what.follow.end, 0, what.service, "step.service_ended.ended") : absl::OkStatus();
  }

  absl::Status operator()(const IndividualSolution& what) const {
    return CheckReview(what.review, step_.day, "step.individual_solution.review_day");
  }

  absl::Status operator()(const Ended& what) const { return CheckEnd(what, 0, 0, "step.ended"); }

  // The later of two cases goes into the earlier one.
  absl::Status operator()(const Joined& what) const {
    if (what.into.empty()) return Malformed("step.joined.into", "name the case that leads");
    if (what.into == case_.id) return Malformed("step.joined.into", "a case does not go into itself");
    for (const auto& service : case_.services) {
      const auto* const end = EndOf(case_, service.sequence);
      if (end == nullptr || end->what.last_day >= step_.day) {
        return Refuse("SERVICE_RUNS", "step.joined", "a service runs here; the case with it goes on (N-10)");
      }
    }
    if (case_.applications.empty()) return Refuse("STEP_UNKNOWN", "step.joined", "nothing was applied for here");
    const auto first = std::min_element(case_.applications.begin(), case_.applications.end(),
                                        [](auto& a, auto& b) { return a.what.eingang < b.what.eingang; });
    // Of two with the same day the one with the lower id leads, so that never both go into each other.
    const bool later =
        what.their_eingang < first->what.eingang || (what.their_eingang == first->what.eingang && what.into < case_.id);
    if (!later) {
      return Refuse("JOIN_NOT_LATER", "step.joined.their_eingang_day", "the case with the earlier Eingang leads");
    }
    return absl::OkStatus();
  }

  absl::Status operator()(const Report&) const { return absl::OkStatus(); }

 private:
  bool FollowsAnEnd() const {
    if (std::holds_alternative<Report>(step_.what)) return true;
    if (IsDead(case_)) return FollowsDeath();
    if (case_.end->what.reason == EndReason::kJoined) return false;
    // An application may rely on a representation, which is recorded before it.
    return std::holds_alternative<Application>(step_.what) || std::holds_alternative<RepresentationNote>(step_.what);
  }

  // While an application waits it is decided, or closed by an end: nothing of it survives, or it is taken back.
  bool FollowsDeath() const {
    const bool waits = std::any_of(case_.applications.begin(), case_.applications.end(),
                                   [this](const auto& application) { return IsOpen(case_, application); });
    const auto* const end = std::get_if<Ended>(&step_.what);
    return waits && (std::holds_alternative<Decision>(step_.what) ||
                     (end != nullptr && (end->reason == EndReason::kDeath || end->reason == EndReason::kWithdrawn)));
  }

  // Of the dead money claims survive, services do not (§ 59 SGB I; law.md 8a.3).
  absl::Status CheckDecisionAfterDeath(const Decision& what) const {
    if (what.follow.solution || what.follow.end) return Malformed("decision", "nothing follows after a death");
    if (!what.granted || (what.last_day && *what.last_day <= case_.end->day)) return absl::OkStatus();
    return Refuse("GRANT_AFTER_DEATH", "decision.last_day",
                  "services expired with the person; grant to that day at most");
  }

  // Whether the case may end, also by a step that decides an application or ends a service (0: none).
  absl::Status CheckEnd(const Ended& what, std::int64_t decided, std::int64_t ended, const std::string& field) const {
    if (what.reason == EndReason::kDeath) return absl::OkStatus();
    if (what.reason == EndReason::kJoined) {
      return Malformed(absl::StrCat(field, ".reason"), "record `joined`, which names the case");
    }
    for (const auto& service : case_.services) {
      // Also one that is recorded and begins later.
      const auto* const end = EndOf(case_, service.sequence);
      if (service.sequence != ended && (end == nullptr || end->what.last_day >= step_.day)) {
        return Refuse("SERVICE_RUNS", field, "a service runs; record its end first");
      }
    }
    for (const auto& application : case_.applications) {
      if (application.sequence != decided && IsOpen(case_, application) && what.reason != EndReason::kWithdrawn) {
        return Refuse("APPLICATION_OPEN", field, "an application waits for its decision, or is withdrawn");
      }
    }
    return absl::OkStatus();
  }

  absl::StatusOr<const Recorded<Application>*> OpenApplication(std::int64_t sequence, std::string_view field) const {
    const auto* const application = Find(case_.applications, sequence);
    if (application == nullptr) return Unknown(field);
    if (!IsOpen(case_, *application)) {
      return Refuse("APPLICATION_DECIDED", field, "it was decided or withdrawn; apply anew");
    }
    return application;
  }

  absl::Status CheckRest() const {
    Case after = case_;
    Apply(after, step_);
    // Of all that a case may rest on, only a service whose end is recorded goes by itself.
    absl::CivilDay day = std::max(step_.day, today_);
    for (const auto& ended : after.ends) day = std::max(day, ended.what.last_day + 1);
    if (RestOf(after, day).kind != RestKind::kNothing) return absl::OkStatus();
    return Refuse(
        "CASE_WOULD_DROP_OUT", "step",
        "nothing would follow: name an individual solution with a review day, or an end with its reason (N-10)");
  }

  const Case& case_;
  const Step& step_;
  const absl::CivilDay today_;
};

}  // namespace

absl::Status CheckStep(const Case& folded, const Step& step, absl::CivilDay today) {
  return Checker(folded, step, today).Run();
}

}  // namespace teilhabe::participants
