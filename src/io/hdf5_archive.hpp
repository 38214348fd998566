// A state as an HDF5 file (core/archive.hpp): one dataset per array, contiguous, each with its XXH3-128
// checksum; the dataset "manifest" lists them all with type, length and place; a seal in the first 512 bytes
// (HDF5's user block) holds the file's length and the checksums of the manifest and of everything between the
// datasets. Every byte of the file is covered, so a flipped bit is found, and the manifest says in which
// dataset it lies.
//
// Any HDF5 program can read the file. Stroma's own reader takes the seal, the manifest and the bytes that it
// names, and does not call the HDF5 library: that one crashes on files that are damaged in the right place,
// and a checkpoint must be refused in words whatever happened to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/archive.hpp"
#include "core/diagnostics.hpp"
#include "core/time.hpp"

namespace stroma::io {

class Hdf5File;

/// Raised when the layout below changes; a reader refuses every other one.
inline constexpr int archive_format = 1;

/// Whose state it is. The texts hold no line break and are not empty.
struct ArchiveHeader {
  std::string engine_version;
  std::string model_hash;
  std::string configuration_hash;
  core::Tick tick;
};

class Hdf5ArchiveWriter : public core::ArchiveWriter {
 public:
  explicit Hdf5ArchiveWriter(ArchiveHeader header);
  ~Hdf5ArchiveWriter() override;

  /// Adds an array. Names are paths of printable ASCII without empty parts; one that is there already, or
  /// leads through another array, is a core::InternalError. The data are copied.
  void write(std::string_view name, core::Scalar type, const void* data, std::size_t count) override;
  /// A text, as an array of u8.
  void text(std::string_view name, std::string_view value) {
    write(name, core::Scalar::u8, value.data(), value.size());
  }

  /// The file itself, for attributes and links beside the arrays. What is added by way of it is covered by
  /// the seal.
  Hdf5File& file();

  /// The sealed file, valid as long as this object. Nothing can be added afterwards.
  std::string_view finish();

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

/// Opens and verifies the whole file: every byte is read and checked once before any array is handed out, and
/// an array once more when it is read. Nothing is allocated that the file's real size does not justify.
///
/// All functions throw core::InputError with one diagnostic, whose key is the dataset (or the file):
/// archive-not-hdf5 (another format), archive-foreign (HDF5, but without a seal), archive-version (another
/// format of Stroma's), archive-truncated, archive-damaged (the dataset is named, or "structure"),
/// archive-bad-manifest, archive-missing-dataset (with the nearest name), archive-wrong-type,
/// archive-wrong-length, archive-extra-dataset. A file that cannot be opened: those of read_file. A disk that
/// fails: core::IoError.
class Hdf5ArchiveReader : public core::ArchiveReader {
 public:
  explicit Hdf5ArchiveReader(const std::filesystem::path& path);
  /// The same over bytes in memory, which must outlive the reader; `name` stands in messages.
  Hdf5ArchiveReader(std::string_view bytes, std::string name);
  ~Hdf5ArchiveReader() override;

  const ArchiveHeader& header() const;
  std::uint64_t file_bytes() const;
  std::vector<std::string> names() const;  ///< of all arrays, in the order in which they were written
  bool has(std::string_view name) const override;

  std::size_t count(std::string_view name, core::Scalar type) override;
  void read(std::string_view name, core::Scalar type, void* data, std::size_t count) override;
  std::string text(std::string_view name);

  /// Throws archive-extra-dataset where the file holds an array that was not read: the state was saved by a
  /// program that knows more than this one.
  void require_all_read() const;

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace stroma::io
