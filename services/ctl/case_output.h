#pragma once

#include <string>
#include <utility>
#include <vector>

#include "services/ctl/client.h"
#include "teilhabe/participants/v1/dossier.pb.h"

namespace teilhabe::ctl {

// The next useful command after `teilhabe`, said for the agency as which the session acts.
void PrintNextFor(const Session& session, std::string_view command);

// What was written: the number of the entry, which later commands name, and a German sentence.
void PrintWritten(const Session& session, const participants::v1::WriteAnswer& answer, std::string_view sentence,
                  std::string_view next);

// Pairs of what and value, one a line, the values below each other; as CSV two columns.
void PrintPairs(const std::vector<std::pair<std::string, std::string>>& pairs, Format format);

}  // namespace teilhabe::ctl
