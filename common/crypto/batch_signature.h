#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/crypto/digest.h"
#include "common/crypto/key.h"

namespace teilhabe::crypto {

// The signature of one item of a batch. It stands alone: who has the item and this needs no other item of the batch.
struct ItemSignature {
  Algorithm algorithm = Algorithm::kUnspecified;
  Digest key_id;
  std::uint64_t batch_size = 0;  // Items in the batch, 1 to 2^32.
  std::uint64_t index = 0;       // Place of the item, from 0.
  std::vector<Digest> path;      // Inclusion proof, RFC 6962; at most 32.
  std::string signature;         // Over the batch; the same for all its items.
};

// Signs all items with one signature over their number and Merkle root, under the domain "batch/<domain>", so that it
// never counts as a signature of Signer::Sign. The order of the result is that of the items.
// Errors: kInvalidArgument, BATCH_EMPTY; those of the signer.
absl::StatusOr<std::vector<ItemSignature>> SignBatch(const Signer& signer, std::string_view domain,
                                                     std::span<const std::string> items);

// OK if the key's owner signed a batch of this domain with this item at this place.
// Errors: kInvalidArgument, SIGNATURE_KEY (made with another key); SIGNATURE_ALGORITHM; SIGNATURE_INVALID.
absl::Status VerifyItem(const Verifier& verifier, const PublicKey& key, std::string_view domain, std::string_view item,
                        const ItemSignature& signature);

}  // namespace teilhabe::crypto
