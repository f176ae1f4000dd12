#pragma once

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"

// Days and instants as contracts have them and as code has them. The day must exist (format.cc checks what comes in).
namespace teilhabe::dossier {

inline absl::CivilDay ToCivil(const google::type::Date& day) {
  return absl::CivilDay(day.year(), day.month(), day.day());
}

inline google::type::Date ToDate(absl::CivilDay day) {
  google::type::Date date;
  date.set_year(static_cast<int>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

inline absl::Time ToTime(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

inline google::protobuf::Timestamp ToTimestamp(absl::Time instant) {
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(absl::ToUnixSeconds(instant));
  timestamp.set_nanos(static_cast<int>((instant - absl::FromUnixSeconds(timestamp.seconds())) / absl::Nanoseconds(1)));
  return timestamp;
}

}  // namespace teilhabe::dossier
