// Clocks of others, as a case is read.
#include "services/participants/records.h"

#include <tuple>
#include <vector>

#include "common/base/clock.h"
#include "common/dossier/days.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teilhabe::participants {
namespace {

using testing::ElementsAre;

constexpr char kSelf[] = "lwl";
const absl::Time kNow = absl::FromUnixSeconds(1767700000);  // 2026-01-06, a quarter to one in the afternoon.

dossier::Event Recorded(std::int64_t sequence, const std::string& author, absl::Time time) {
  dossier::Event event;
  event.header.set_sequence(sequence);
  event.header.set_author(author);
  *event.header.mutable_recorded_time() = dossier::ToTimestamp(time);
  *event.header.mutable_event_day() = dossier::ToDate(LegalDay(time));
  return event;
}

std::vector<absl::CivilDay> Days(const std::vector<dossier::Event>& events) {
  std::vector<absl::CivilDay> days;
  for (const dossier::Event& event : events) days.push_back(dossier::ToCivil(event.header.event_day()));
  return days;
}

TEST(BoundClocks, TheDayOfAnotherAgencysClockDoesNotReachIntoOwnSteps) {
  const absl::Time far = absl::FromUnixSeconds(4070908800);  // 2099-01-01.
  const absl::Time accepted = kNow - absl::Hours(48);
  std::vector<dossier::Event> events = {Recorded(1, "rd-nrw", far), Recorded(2, "rd-nrw", kNow - absl::Hours(72)),
                                        Recorded(3, kSelf, accepted), Recorded(4, "lvr", far)};
  EXPECT_THAT(BoundClocks(events, kSelf, kNow), ElementsAre(1, 4));
  EXPECT_THAT(Days(events),
              ElementsAre(LegalDay(accepted), LegalDay(kNow - absl::Hours(72)), LegalDay(accepted), LegalDay(kNow)));
  EXPECT_EQ(dossier::ToTime(events[0].header.recorded_time()), accepted);
}

TEST(BoundClocks, FiveMinutesAreNoDoubtAndOwnTimesStay) {
  const absl::Duration five = absl::Minutes(5);
  std::vector<dossier::Event> events = {Recorded(1, "rd-nrw", kNow + five), Recorded(2, kSelf, kNow),
                                        Recorded(3, kSelf, kNow + absl::Hours(24)), Recorded(4, "rd-nrw", kNow + five)};
  const std::vector<absl::CivilDay> days = Days(events);
  EXPECT_THAT(BoundClocks(events, kSelf, kNow), ElementsAre());
  EXPECT_EQ(Days(events), days);
  events.push_back(Recorded(5, "rd-nrw", kNow + five + absl::Seconds(1)));
  EXPECT_THAT(BoundClocks(events, kSelf, kNow), ElementsAre(5));
}

}  // namespace
}  // namespace teilhabe::participants
