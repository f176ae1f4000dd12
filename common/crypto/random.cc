#include "common/crypto/random.h"

#include <openssl/rand.h>

#include <limits>

#include "common/base/check.h"

namespace teilhabe::crypto {

void SystemRng::Fill(std::span<char> bytes) {
  TEILHABE_CHECK(bytes.size() <= std::numeric_limits<int>::max());
  TEILHABE_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) == 1);
}

}  // namespace teilhabe::crypto
