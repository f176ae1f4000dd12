#include "common/crypto/batch_signature.h"

#include <utility>

#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/crypto/merkle.h"

namespace teilhabe::crypto {
namespace {

std::string BatchDomain(std::string_view domain) { return std::string("batch/").append(domain); }

std::string SignedBytes(std::uint64_t size, const Digest& root) { return BigEndian64(size).append(root.bytes()); }

}  // namespace

absl::StatusOr<std::vector<ItemSignature>> SignBatch(const Signer& signer, std::string_view domain,
                                                     std::span<const std::string> items) {
  if (items.empty()) {
    return ReasonError(absl::StatusCode::kInvalidArgument, "BATCH_EMPTY", "there is nothing to sign");
  }
  std::vector<Digest> leaves;
  leaves.reserve(items.size());
  for (const std::string& item : items) leaves.push_back(MerkleLeaf(item));
  std::vector<std::vector<Digest>> paths = AllInclusionProofs(leaves);
  TEILHABE_ASSIGN_OR_RETURN(const Digest root, RootFromInclusion(leaves[0], 0, leaves.size(), paths[0]));
  TEILHABE_ASSIGN_OR_RETURN(const std::string signature,
                            signer.Sign(BatchDomain(domain), SignedBytes(leaves.size(), root)));
  std::vector<ItemSignature> result;
  result.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    result.push_back({signer.algorithm(), signer.key_id(), items.size(), i, std::move(paths[i]), signature});
  }
  return result;
}

absl::Status VerifyItem(const Verifier& verifier, const PublicKey& key, std::string_view domain, std::string_view item,
                        const ItemSignature& signature) {
  if (signature.key_id != key.id()) {
    return ReasonError(absl::StatusCode::kInvalidArgument, "SIGNATURE_KEY", "the signature names another key");
  }
  const absl::StatusOr<Digest> root =
      RootFromInclusion(MerkleLeaf(item), signature.index, signature.batch_size, signature.path);
  if (!root.ok()) return SignatureInvalidError();
  return verifier.Verify(key, signature.algorithm, BatchDomain(domain), SignedBytes(signature.batch_size, *root),
                         signature.signature);
}

}  // namespace teilhabe::crypto
