#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define TEILHABE_CONCAT_INNER_(a, b) a##b
#define TEILHABE_CONCAT_(a, b) TEILHABE_CONCAT_INNER_(a, b)

// Returns the status from the enclosing function unless it is OK.
#define TEILHABE_RETURN_IF_ERROR(expression)                                    \
  do {                                                                          \
    if (absl::Status teilhabe_status_ = (expression); !teilhabe_status_.ok()) { \
      return teilhabe_status_;                                                  \
    }                                                                           \
  } while (false)

// Assigns the value of a StatusOr, or returns its status from the enclosing function.
#define TEILHABE_ASSIGN_OR_RETURN(target, expression) \
  TEILHABE_ASSIGN_OR_RETURN_(TEILHABE_CONCAT_(teilhabe_result_, __LINE__), target, expression)
#define TEILHABE_ASSIGN_OR_RETURN_(result, target, expression) \
  auto result = (expression);                                  \
  if (!result.ok()) return std::move(result).status();         \
  target = *std::move(result)
