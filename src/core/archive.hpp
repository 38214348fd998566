// A state as named arrays. Whatever has state names its arrays once, in a function that walks them; the hash,
// a checkpoint's writer and its reader are archives that are walked over, so that none of them can forget an
// array.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/hash.hpp"

namespace stroma::core {

/// Element types that an archive knows.
enum class Scalar : std::uint8_t { u8, i32, u32, i64, u64, f32, f64 };

inline constexpr std::size_t size_of(Scalar type) {
  return type == Scalar::u8 ? 1 : type == Scalar::i32 || type == Scalar::u32 || type == Scalar::f32 ? 4 : 8;
}

template <class T>
constexpr Scalar scalar_of() {
  if constexpr (std::is_enum_v<T>) {
    return scalar_of<std::underlying_type_t<T>>();
  } else if constexpr (std::is_same_v<T, std::uint8_t> || std::is_same_v<T, bool>) {
    return Scalar::u8;
  } else if constexpr (std::is_same_v<T, std::int32_t>) {
    return Scalar::i32;
  } else if constexpr (std::is_same_v<T, std::uint32_t>) {
    return Scalar::u32;
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    return Scalar::i64;
  } else if constexpr (std::is_same_v<T, std::uint64_t>) {
    return Scalar::u64;
  } else if constexpr (std::is_same_v<T, float>) {
    return Scalar::f32;
  } else {
    static_assert(std::is_same_v<T, double>, "an archive does not know this type");
    return Scalar::f64;
  }
}

/// Receives the arrays of a state. Names are paths such as "cells/HepG2/id"; each is written once.
class ArchiveWriter {
 public:
  virtual ~ArchiveWriter() = default;
  virtual void write(std::string_view name, Scalar type, const void* data, std::size_t count) = 0;
};

/// Gives the arrays of a state back. `count` and `read` throw InputError where the array is absent, of
/// another type, of another length or damaged.
class ArchiveReader {
 public:
  virtual ~ArchiveReader() = default;
  virtual bool has(std::string_view name) const = 0;
  virtual std::size_t count(std::string_view name, Scalar type) = 0;
  virtual void read(std::string_view name, Scalar type, void* data, std::size_t count) = 0;
};

/// Saving and restoring through one walk: `walk(archive, state)` calls archive(name, array-or-number) for
/// everything the future depends on.
class Saving {
 public:
  explicit Saving(ArchiveWriter& writer) : writer_(writer) {}
  template <class T>
  void operator()(std::string_view name, const std::vector<T>& values) {
    writer_.write(name, scalar_of<T>(), values.data(), values.size());
  }
  template <class T>
  void operator()(std::string_view name, std::span<T> values) {
    writer_.write(name, scalar_of<std::remove_const_t<T>>(), values.data(), values.size());
  }
  template <class T>
  requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  void operator()(std::string_view name, const T& value) { writer_.write(name, scalar_of<T>(), &value, 1); }
  /// An array that is written only where it is not empty: most states do not have it.
  template <class T>
  void where_any(std::string_view name, const std::vector<T>& values) {
    if (!values.empty()) (*this)(name, values);
  }

 private:
  ArchiveWriter& writer_;
};

class Restoring {
 public:
  explicit Restoring(ArchiveReader& reader) : reader_(reader) {}
  template <class T>
  void operator()(std::string_view name, std::vector<T>& values) {
    values.resize(reader_.count(name, scalar_of<T>()));
    reader_.read(name, scalar_of<T>(), values.data(), values.size());
  }
  /// For arrays whose length the owner has already set.
  template <class T>
  void operator()(std::string_view name, std::span<T> values) {
    reader_.read(name, scalar_of<T>(), values.data(), values.size());
  }
  template <class T>
  requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  void operator()(std::string_view name, T& value) { reader_.read(name, scalar_of<T>(), &value, 1); }
  /// Empty where the archive does not have it.
  template <class T>
  void where_any(std::string_view name, std::vector<T>& values) {
    if (reader_.has(name))
      (*this)(name, values);
    else
      values.clear();
  }
  /// Length of an array, for owners that must make room themselves.
  template <class T>
  std::size_t count(std::string_view name) {
    return reader_.count(name, scalar_of<T>());
  }

 private:
  ArchiveReader& reader_;
};

/// The hash as an archive: names, types, lengths and bytes all count.
class HashingArchive : public ArchiveWriter {
 public:
  void write(std::string_view name, Scalar type, const void* data, std::size_t count) override {
    hasher_.text(name);
    hasher_.number(type);
    hasher_.number(static_cast<std::uint64_t>(count));
    hasher_.bytes(data, count * size_of(type));
  }
  std::string digest() const { return hasher_.digest(); }

 private:
  Hasher hasher_;
};

}  // namespace stroma::core
