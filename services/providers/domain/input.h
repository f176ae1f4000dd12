#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "services/providers/domain/provider.h"

// What is written into a dossier must be readable for everybody who has it.
namespace teilhabe::providers {

// 1 to 64 of a-z, 0-9, '-', '.', '_', beginning and ending with a letter or digit, as the directory has them.
bool IsMemberId(std::string_view text);
// 8 digits.
bool IsMunicipalityKey(std::string_view text);

// Errors: kInvalidArgument PROVIDER_MALFORMED with field: an id or seat that is none, a name that is blank, longer than
// 200 bytes or holds control characters, no stage, a catchment area that holds other than 1 to 500 municipality keys or
// prefixes of 2, 3 or 5 digits, each once; one at an aLA (requirement T-50), none at a WfbM (§ 220 Abs. 1 SGB IX).
absl::Status CheckInput(const Provider& provider);

// Errors: kInvalidArgument VEREINBARUNG_MALFORMED with field: an id that is none, no stage, a stage that a Vereinbarung
// of this kind is not for, a last day before the first, a Basismodul under § 125 SGB IX (requirement N-12), texts as
// above.
absl::Status CheckInput(const Vereinbarung& vereinbarung);

}  // namespace teilhabe::providers
