#pragma once

#include <array>

#include "common/reference/agencies.h"
#include "common/reference/table_reader.h"

namespace teilhabe::reference {

// The words of the column basis, in every table that has one. Internal to this folder.
inline constexpr std::array<Keyword<Basis>, 3> kBases = {
    {{"source", Basis::kSource}, {"elimination", Basis::kElimination}, {"domain-knowledge", Basis::kDomainKnowledge}}};

// Whether a row may stand without naming a source: only what says that none was read.
constexpr bool MayLackSource(Basis basis) { return basis == Basis::kDomainKnowledge; }

}  // namespace teilhabe::reference
