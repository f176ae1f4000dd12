#pragma once

#include <cstdio>
#include <cstdlib>

// For bugs that would store or answer something false: ends the process. What the world can send gets a Status.
#define TEILHABE_CHECK(condition)                                                        \
  do {                                                                                   \
    if (!(condition)) {                                                                  \
      std::fprintf(stderr, "%s:%d: check failed: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                      \
    }                                                                                    \
  } while (false)
