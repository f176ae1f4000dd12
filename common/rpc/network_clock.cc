#include "common/rpc/network_clock.h"

#include <fstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/day.h"
#include "common/base/durable_file.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"

namespace teilhabe::rpc {
namespace {

constexpr int kLastYear = 2099;

absl::Time NoonInBerlin(absl::CivilDay day) {
  absl::TimeZone berlin;
  absl::LoadTimeZone("Europe/Berlin", &berlin);  // Checked when the process started.
  return absl::FromCivil(absl::CivilHour(day) + 12, berlin);
}

absl::Status Backwards(absl::CivilDay from, absl::CivilDay to) {
  return FieldError(
      absl::StatusCode::kFailedPrecondition, "CLOCK_BACKWARDS", "clock",
      absl::StrCat("the network's clock shows ", FormatDay(from), " and does not go back to ", FormatDay(to)));
}

}  // namespace

absl::StatusOr<absl::CivilDay> TrainingClock::Read(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  const auto day = ParseDay(std::string(absl::StripAsciiWhitespace(line)), "clock");
  if (day.ok()) return *day;
  return FieldError(absl::StatusCode::kFailedPrecondition, "CLOCK_UNREADABLE", "clock",
                    absl::StrCat(file.string(), " does not hold a day"));
}

absl::StatusOr<std::shared_ptr<TrainingClock>> TrainingClock::Open(std::filesystem::path file) {
  std::shared_ptr<TrainingClock> clock(new TrainingClock(std::move(file)));
  TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay day, Read(clock->file_));
  absl::MutexLock lock(&clock->mutex_);
  clock->now_ = NoonInBerlin(day);
  return clock;
}

absl::StatusOr<absl::CivilDay> TrainingClock::Take() {
  TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay day, Read(file_));
  absl::MutexLock lock(&mutex_);
  if (day < LegalDay(now_)) return Backwards(LegalDay(now_), day);
  now_ = NoonInBerlin(day);
  return day;
}

absl::Status TrainingClock::Set(const std::filesystem::path& file, absl::CivilDay day) {
  if (day.year() > kLastYear) {
    return FieldError(absl::StatusCode::kFailedPrecondition, "CLOCK_BEYOND", "clock",
                      absl::StrCat("the clock goes to the end of ", kLastYear));
  }
  if (std::filesystem::exists(file)) {
    TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay shown, Read(file));
    if (day < shown) return Backwards(shown, day);
  }
  return WriteDurably(file, FormatDay(day) + "\n");
}

}  // namespace teilhabe::rpc
