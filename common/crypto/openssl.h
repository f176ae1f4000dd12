#pragma once

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

#include "common/base/check.h"

// For the .cc files of this folder only: handles, conversions and the error queue of OpenSSL.
namespace teilhabe::crypto {

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* handle) const {
    Free(handle);
  }
};
template <typename T, auto Free>
using Handle = std::unique_ptr<T, Deleter<Free>>;
using BioHandle = Handle<BIO, BIO_free_all>;

// What a failed call leaves in the thread's error queue would be read by the next TLS call of this thread as its own
// error. This takes it away at the end of the scope.
class ErrorScope {
 public:
  ErrorScope() { ERR_set_mark(); }
  ~ErrorScope() { ERR_pop_to_mark(); }
  ErrorScope(const ErrorScope&) = delete;
  ErrorScope& operator=(const ErrorScope&) = delete;
};

inline const unsigned char* Bytes(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* Bytes(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

// `text` must outlive the handle; it is not copied.
inline BioHandle ReadBio(std::string_view text) {
  BioHandle bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  TEILHABE_CHECK(bio != nullptr);
  return bio;
}

// Memory that is zeroed when freed, since private keys pass through it.
inline BioHandle WriteBio() {
  BioHandle bio(BIO_new(BIO_s_secmem()));
  TEILHABE_CHECK(bio != nullptr);
  return bio;
}

inline std::string Text(const BioHandle& bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

// The DER bytes of a handle: `Der(i2d_PUBKEY, key)`.
template <typename T>
std::string Der(int (*encode)(const T*, unsigned char**), const T* value) {
  unsigned char* data = nullptr;
  const int size = encode(value, &data);
  TEILHABE_CHECK(size > 0);
  std::string der(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
  OPENSSL_free(data);
  return der;
}

// Without it OpenSSL would ask for the pass phrase of an encrypted PEM file on the terminal.
inline int NoPassphrase(char*, int, int, void*) { return -1; }

}  // namespace teilhabe::crypto
