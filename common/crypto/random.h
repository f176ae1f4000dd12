#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>

namespace teilhabe::crypto {

// Where random bytes come from; injected everywhere, so that a simulation replays.
class Rng {
 public:
  virtual ~Rng() = default;
  virtual void Fill(std::span<char> bytes) = 0;

  // The next `size` bytes.
  std::string Bytes(std::size_t size) {
    std::string bytes(size, '\0');
    Fill(bytes);
    return bytes;
  }
};

// OpenSSL's generator; safe to use from several threads. Without randomness the process ends.
class SystemRng : public Rng {
 public:
  void Fill(std::span<char> bytes) override;
};

// FOR TESTS AND THE SIMULATION ONLY: who knows the seed knows every byte. The same seed gives the same bytes on every
// machine, in whatever pieces they are taken. Not safe to use from several threads.
class SeededRng : public Rng {
 public:
  explicit SeededRng(std::uint64_t seed) : engine_(seed) {}
  void Fill(std::span<char> bytes) override {
    for (char& byte : bytes) byte = static_cast<char>(engine_() >> 56);
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace teilhabe::crypto
