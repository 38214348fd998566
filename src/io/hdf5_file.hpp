// An HDF5 file made in memory by the HDF5 C library and handed out as bytes, so that whoever stores it
// replaces the old file atomically (io/file.hpp) and a full disk is a failed write(2) and never a half-open
// HDF5 file. Little-endian fixed types, no time stamps: the same content gives the same bytes.
// Format: https://docs.hdfgroup.org/hdf5/v1_14/_f_m_t3.html
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/archive.hpp"

namespace stroma::io {

/// Bytes kept free before the HDF5 signature for a seal of our own (a "user block").
inline constexpr std::size_t hdf5_user_block = 512;

/// Several threads may each have their own where the HDF5 library is built thread-safe (Debian's is).
class Hdf5File {
 public:
  /// Where the values of a contiguous dataset lie in the file, in bytes from its start.
  struct Extent {
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
  };

  /// With a user block of 512 zeros in front where `user_block` is set.
  explicit Hdf5File(bool user_block = false);
  ~Hdf5File();
  Hdf5File(const Hdf5File&) = delete;
  Hdf5File& operator=(const Hdf5File&) = delete;

  /// Creates a group (with its parents); one that exists already is left as it is.
  void group(const std::string& path);

  /// Creates a dataset of dims (slowest first; none for a scalar) and its groups. deflate 0: contiguous;
  /// 1..9: one chunk per index of the slowest dimension of a 3-D array (else 64 Ki elements), shuffled and
  /// deflated. A path that exists already is a core::InternalError.
  Extent dataset(const std::string& path, core::Scalar type, std::span<const std::uint64_t> dims,
                 const void* data, int deflate = 0);
  template <class T>
  Extent dataset(const std::string& path, std::span<const T> values, int deflate = 0) {
    const std::uint64_t count = values.size();
    return dataset(path, core::scalar_of<T>(), {&count, 1}, values.data(), deflate);
  }
  /// Booleans as h5py knows them (an enumeration of FALSE and TRUE); 0 is FALSE.
  void booleans(const std::string& path, std::span<const std::uint8_t> values);
  /// Variable-length UTF-8 strings, as AnnData and h5py write them; `scalar` for one string without
  /// dimension.
  void strings(const std::string& path, std::span<const std::string> values);
  void string(const std::string& path, const std::string& value);

  /// Attributes of the object at `path` ("/" for the root).
  void attribute(const std::string& path, const char* name, std::string_view value);
  void attribute(const std::string& path, const char* name, std::span<const std::string> values);
  void attribute(const std::string& path, const char* name, std::int64_t value);
  void attribute(const std::string& path, const char* name, double value);
  void attribute(const std::string& path, const char* name, std::span<const double> values);
  void boolean_attribute(const std::string& path, const char* name, bool value);

  /// A link that leads to `target` inside another file, whose name is relative to this file's folder.
  void external_link(const std::string& path, const std::string& file, const std::string& target);

  /// The whole file, valid until the next call. The first `hdf5_user_block` bytes are the caller's to write
  /// where there is a user block.
  std::span<char> bytes();

 private:
  struct Library;
  std::unique_ptr<Library> library_;
};

}  // namespace stroma::io
