#include "io/hdf5_archive_seal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <set>

#include "core/hash.hpp"
#include "io/hdf5_file.hpp"

namespace stroma::io {
namespace {

std::string hash_of(std::string_view text) {
  core::Hasher hasher;
  hasher.bytes(text.data(), text.size());
  return hasher.digest();
}

/// Takes the text apart; every function says whether what it looks for was there.
struct Scanner {
  std::string_view rest;

  bool take(std::string_view word) {
    if (!rest.starts_with(word)) return false;
    rest.remove_prefix(word.size());
    return true;
  }
  bool number(std::uint64_t& value) {
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (error != std::errc()) return false;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return true;
  }
  bool signed_number(std::int64_t& value) {
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (error != std::errc()) return false;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return true;
  }
  bool hash(std::string& value) {
    constexpr std::size_t digits = 32;
    if (rest.size() < digits) return false;
    value = rest.substr(0, digits);
    rest.remove_prefix(digits);
    return value.find_first_not_of("0123456789abcdef") == std::string::npos;
  }
  bool until(char end, std::string_view& value) {
    const std::size_t at = rest.find(end);
    if (at == std::string_view::npos) return false;
    value = rest.substr(0, at);
    rest.remove_prefix(at + 1);
    return true;
  }
  bool line(std::string_view word, std::string& value) {
    std::string_view text;
    if (!take(word) || !until('\n', text) || text.empty()) return false;
    value = text;
    return true;
  }
};

bool parse_array(Scanner& scan, ArchivedArray& array) {
  std::string_view type, name;
  if (!scan.take("array ") || !scan.until(' ', type) || !scan.number(array.count) || !scan.take(" ") ||
      !scan.number(array.offset) || !scan.take(" ") || !scan.hash(array.hash) || !scan.take(" ") ||
      !scan.until('\n', name) || name.empty())
    return false;
  const auto known = std::find(scalar_names.begin(), scalar_names.end(), type);
  if (known == scalar_names.end()) return false;
  array.type = static_cast<core::Scalar>(known - scalar_names.begin());
  array.name = name;
  return true;
}

}  // namespace

std::vector<const ArchivedArray*> by_offset(const std::vector<ArchivedArray>& arrays) {
  std::vector<const ArchivedArray*> sorted;
  for (const ArchivedArray& array : arrays)
    if (array.count > 0) sorted.push_back(&array);
  std::sort(sorted.begin(), sorted.end(),
            [](const ArchivedArray* a, const ArchivedArray* b) { return a->offset < b->offset; });
  return sorted;
}

std::string seal_text(const ArchiveSeal& seal) {
  std::string text =
      fmt::format("{}{}\nbytes {}\nmanifest {} {} {}\nstructure {}\n", seal_magic, archive_format, seal.bytes,
                  seal.manifest_offset, seal.manifest_bytes, seal.manifest_hash, seal.structure_hash);
  text += fmt::format("seal {}\n", hash_of(text));
  text.resize(hdf5_user_block, '\0');
  return text;
}

bool parse_seal(std::string_view text, ArchiveSeal& seal) {
  Scanner scan{text};
  const bool well_formed =
      scan.take(fmt::format("{}{}\nbytes ", seal_magic, archive_format)) && scan.number(seal.bytes) &&
      scan.take("\nmanifest ") && scan.number(seal.manifest_offset) && scan.take(" ") &&
      scan.number(seal.manifest_bytes) && scan.take(" ") && scan.hash(seal.manifest_hash) &&
      scan.take("\nstructure ") && scan.hash(seal.structure_hash);
  return well_formed && seal_text(seal) == text;
}

std::string manifest_text(const ArchiveManifest& manifest) {
  const ArchiveHeader& header = manifest.header;
  std::string text = fmt::format("engine {}\nmodel {}\nconfiguration {}\ntick {}\n", header.engine_version,
                                 header.model_hash, header.configuration_hash, header.tick.count);
  for (const ArchivedArray& array : manifest.arrays)
    fmt::format_to(std::back_inserter(text), "array {} {} {} {} {}\n",
                   scalar_names[static_cast<std::size_t>(array.type)], array.count, array.offset, array.hash,
                   array.name);
  return text;
}

std::string parse_manifest(std::string_view text, std::uint64_t file_bytes, ArchiveManifest& manifest) {
  Scanner scan{text};
  ArchiveHeader& header = manifest.header;
  if (!scan.line("engine ", header.engine_version) || !scan.line("model ", header.model_hash) ||
      !scan.line("configuration ", header.configuration_hash) || !scan.take("tick ") ||
      !scan.signed_number(header.tick.count) || !scan.take("\n"))
    return "its first lines do not say whose state it is";
  std::set<std::string_view> names;
  for (int number = 5; !scan.rest.empty(); ++number) {
    ArchivedArray array;
    if (!parse_array(scan, array)) return fmt::format("line {} does not describe an array", number);
    // Compared by division, so that no declared length can overflow.
    if (array.count > file_bytes / core::size_of(array.type) || array.offset > file_bytes - array.bytes() ||
        (array.count > 0 && array.offset < hdf5_user_block))
      return fmt::format("array '{}' would lie outside the file", array.name);
    manifest.arrays.push_back(std::move(array));
  }
  for (const ArchivedArray& array : manifest.arrays)
    if (!names.insert(array.name).second) return fmt::format("array '{}' is there twice", array.name);
  std::uint64_t end = hdf5_user_block;
  for (const ArchivedArray* array : by_offset(manifest.arrays)) {
    if (array->offset < end) return fmt::format("array '{}' lies over another one", array->name);
    end = array->offset + array->bytes();
  }
  return {};
}

}  // namespace stroma::io
