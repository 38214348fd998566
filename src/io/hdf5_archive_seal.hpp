// What the reader and the writer of archives share: the seal in the first 512 bytes and the manifest, both
// lines of text.
//
//     stroma archive 1
//     bytes LENGTH
//     manifest OFFSET LENGTH HASH
//     structure HASH                 of all bytes from 512 on that belong to no array, in their order
//     seal HASH                      of the lines above; then zeros to byte 512
//
// The manifest: "engine TEXT", "model TEXT", "configuration TEXT", "tick N", and per array, in the order of
// writing, "array TYPE COUNT OFFSET HASH NAME".
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/archive.hpp"
#include "io/hdf5_archive.hpp"

namespace stroma::io {

inline constexpr std::string_view seal_magic = "stroma archive ";
inline constexpr std::string_view manifest_name = "manifest";
inline constexpr std::array<std::string_view, 7> scalar_names{"u8", "i32", "u32", "i64", "u64", "f32", "f64"};

struct ArchivedArray {
  std::string name;
  core::Scalar type = core::Scalar::u8;
  std::uint64_t count = 0;
  std::uint64_t offset = 0;  ///< from the start of the file; 0 where count is 0
  std::string hash;
  std::uint64_t bytes() const { return count * core::size_of(type); }
};

struct ArchiveSeal {
  std::uint64_t bytes = 0;
  std::uint64_t manifest_offset = 0;
  std::uint64_t manifest_bytes = 0;
  std::string manifest_hash;
  std::string structure_hash;
};

struct ArchiveManifest {
  ArchiveHeader header;
  std::vector<ArchivedArray> arrays;
};

/// The arrays that take up room, by their place in the file.
std::vector<const ArchivedArray*> by_offset(const std::vector<ArchivedArray>& arrays);

std::string seal_text(const ArchiveSeal& seal);
std::string manifest_text(const ArchiveManifest& manifest);

/// Null where the text is not exactly what seal_text would write.
bool parse_seal(std::string_view text, ArchiveSeal& seal);
/// Says what is wrong, or nothing where all is well. `file_bytes` bounds every place.
std::string parse_manifest(std::string_view text, std::uint64_t file_bytes, ArchiveManifest& manifest);

}  // namespace stroma::io
