#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/providers/domain/check.h"
#include "services/providers/domain/entry.h"
#include "teilhabe/providers/v1/provider.pb.h"

namespace teilhabe::providers {

// Reads and checks input. Errors: kInvalidArgument PROVIDER_MALFORMED, VEREINBARUNG_MALFORMED with field: an enum that
// is unspecified or unknown, a stage named twice, a day that does not exist; those of CheckInput.
absl::StatusOr<Provider> FromProto(const v1::Provider& provider);
absl::StatusOr<Vereinbarung> FromProto(const v1::Vereinbarung& vereinbarung);
// Errors: kInvalidArgument STAGE_MISSING; DAY_INVALID (also before kFirstDay), MUNICIPALITY_MALFORMED with field. The
// result points into `request`.
absl::StatusOr<Question> FromProto(const v1::CheckProviderRequest& request);

v1::Provider ToProto(const Provider& provider);
v1::Vereinbarung ToProto(const Vereinbarung& vereinbarung);
// `entry`: what was asked about; null: nothing.
v1::CheckProviderResponse ToProto(const Answer& answer, const Entry* entry);

}  // namespace teilhabe::providers
