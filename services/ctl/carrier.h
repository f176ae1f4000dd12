#pragma once

#include <string>
#include <vector>

#include "services/ctl/client.h"
#include "services/ctl/question.h"

namespace teilhabe::ctl {

// `teilhabe carrier lookup`: one answer with its sentences. Returns an exit code.
int CarrierLookup(const Session& session, const QuestionText& question);
// `teilhabe carrier facts`: the fact table.
int CarrierFacts(const Session& session);
// `teilhabe carrier rules [--date]`: the rule table; `date` may be empty.
int CarrierRules(const Session& session, const std::string& date);

// `teilhabe carrier batch`: questions from a CSV file (columns municipality, stage, event_day, and as wanted provider,
// law_day, known_at and facts; an empty cell is unknown; further columns are kept), answers to another: the same
// columns, then outcome, kind, agency, office, open, missing, regelfall_kind, regelfall_agency, error. A bad row is
// answered by its reason. `-` stands for standard input and output.
int CarrierBatch(const Session& session, const std::string& input, const std::string& output);

}  // namespace teilhabe::ctl
