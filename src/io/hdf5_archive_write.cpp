#include <algorithm>
#include <utility>

#include "core/errors.hpp"
#include "core/hash.hpp"
#include "io/hdf5_archive.hpp"
#include "io/hdf5_archive_seal.hpp"
#include "io/hdf5_file.hpp"

namespace stroma::io {
namespace {

bool is_name(std::string_view name) {
  if (name.empty() || name == manifest_name) return false;
  std::size_t begin = 0;
  while (begin <= name.size()) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string_view part = name.substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..") return false;
    begin = end + 1;
  }
  return std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_line(std::string_view text) {
  return !text.empty() && text.find_first_of(std::string_view("\n\0", 2)) == std::string_view::npos;
}

}  // namespace

struct Hdf5ArchiveWriter::Content {
  ArchiveManifest manifest;
  Hdf5File file{true};
  std::string_view sealed;
};

Hdf5ArchiveWriter::Hdf5ArchiveWriter(ArchiveHeader header) : content_(std::make_unique<Content>()) {
  core::require(
      is_line(header.engine_version) && is_line(header.model_hash) && is_line(header.configuration_hash),
      "the header of an archive must be lines of text");
  Hdf5File& file = content_->file;
  file.attribute("/", "format", std::int64_t{archive_format});
  file.attribute("/", "engine_version", header.engine_version);
  file.attribute("/", "model_hash", header.model_hash);
  file.attribute("/", "configuration_hash", header.configuration_hash);
  file.attribute("/", "tick", header.tick.count);
  file.attribute("/", "minutes", core::minutes(header.tick));
  content_->manifest.header = std::move(header);
}

Hdf5ArchiveWriter::~Hdf5ArchiveWriter() = default;

void Hdf5ArchiveWriter::write(std::string_view name, core::Scalar type, const void* data, std::size_t count) {
  core::require(content_->sealed.empty(), "a sealed archive was written to");
  core::require(is_name(name), "an array's name must be a path of printable ASCII");
  ArchivedArray array{std::string(name), type, count, 0, {}};
  core::Hasher hasher;
  hasher.bytes(data, array.bytes());
  array.hash = hasher.digest();
  const std::uint64_t length = count;
  array.offset = content_->file.dataset(array.name, type, {&length, 1}, data).offset;
  content_->file.attribute(array.name, "xxh3_128", array.hash);
  content_->manifest.arrays.push_back(std::move(array));
}

Hdf5File& Hdf5ArchiveWriter::file() {
  core::require(content_->sealed.empty(), "a sealed archive was written to");
  return content_->file;
}

std::string_view Hdf5ArchiveWriter::finish() {
  if (!content_->sealed.empty()) return content_->sealed;
  const std::string text = manifest_text(content_->manifest);
  core::Hasher of_manifest;
  of_manifest.bytes(text.data(), text.size());
  const Hdf5File::Extent place = content_->file.dataset(std::string(manifest_name), core::Scalar::u8,
                                                        std::array{std::uint64_t{text.size()}}, text.data());
  const std::span<char> bytes = content_->file.bytes();

  core::Hasher structure;
  std::uint64_t end = hdf5_user_block;
  for (const ArchivedArray* array : by_offset(content_->manifest.arrays)) {
    structure.bytes(bytes.data() + end, array->offset - end);
    end = array->offset + array->bytes();
  }
  structure.bytes(bytes.data() + end, bytes.size() - end);

  const std::string seal =
      seal_text({bytes.size(), place.offset, place.bytes, of_manifest.digest(), structure.digest()});
  std::copy(seal.begin(), seal.end(), bytes.begin());
  content_->sealed = {bytes.data(), bytes.size()};
  return content_->sealed;
}

}  // namespace stroma::io
