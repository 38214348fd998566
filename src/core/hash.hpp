// Hashes of state and content (XXH3, 128 bit). A state hash is the proof of "same bits"; a content hash is
// the key under which a finished run is found again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace stroma::core {

class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  void bytes(const void* data, std::size_t size);
  /// Adds the length and then the bytes, so that "ab"+"c" and "a"+"bc" differ.
  void text(std::string_view text);
  template <class T>
  requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  void number(T value) { bytes(&value, sizeof value); }
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void array(std::span<const T> values) {
    number(static_cast<std::uint64_t>(values.size()));
    bytes(values.data(), values.size_bytes());
  }
  /// 32 hexadecimal digits.
  std::string digest() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace stroma::core
