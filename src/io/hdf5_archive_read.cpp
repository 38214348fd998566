#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <system_error>
#include <utility>

#include "core/errors.hpp"
#include "core/hash.hpp"
#include "io/file.hpp"
#include "io/hdf5_archive.hpp"
#include "io/hdf5_archive_seal.hpp"
#include "io/hdf5_file.hpp"

namespace stroma::io {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view hdf5_signature("\x89HDF\r\n\x1a\n", 8);
constexpr std::uint64_t manifest_limit = std::uint64_t{16} << 20;

/// Bytes that can be read at any place: an open file, or memory.
class Source {
 public:
  Source(std::string_view memory, std::string name)
      : name_(std::move(name)), memory_(memory), size_(memory.size()) {}
  explicit Source(const fs::path& path) : name_(printable(path)) {
    fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status {};
    if (fd_ < 0 || ::fstat(fd_, &status) != 0 || !S_ISREG(status.st_mode)) {
      if (fd_ >= 0) ::close(fd_);
      fd_ = -1;
      read_file(path, 0);  // says why in its words
      throw core::IoError(fmt::format("cannot read {}", name_));
    }
    size_ = static_cast<std::uint64_t>(status.st_size);
  }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  ~Source() {
    if (fd_ >= 0) ::close(fd_);
  }

  const std::string& name() const { return name_; }
  std::uint64_t size() const { return size_; }

  [[noreturn]] void refuse(std::string code, std::string key, std::string message,
                           std::string hint = {}) const {
    throw core::InputError(
        {{std::move(code), {name_, 0, 0}, std::move(key), std::move(message), std::move(hint)}});
  }

  void read(std::uint64_t offset, void* data, std::size_t bytes) const {
    if (fd_ < 0) {
      if (bytes > 0) std::memcpy(data, memory_.data() + offset, bytes);
      return;
    }
    auto* out = static_cast<char*>(data);
    while (bytes > 0) {
      const ssize_t got =
          ::pread(fd_, out, std::min<std::size_t>(bytes, 1u << 30), static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0)
        throw core::IoError(fmt::format("cannot read {}: {}", name_, std::generic_category().message(errno)));
      if (got == 0) refuse("archive-truncated", name_, "the file became shorter while it was read");
      out += got;
      offset += static_cast<std::uint64_t>(got);
      bytes -= static_cast<std::size_t>(got);
    }
  }

  void hash(core::Hasher& hasher, std::uint64_t begin, std::uint64_t end) const {
    if (fd_ < 0) return hasher.bytes(memory_.data() + begin, end - begin);
    std::vector<char> piece(std::min<std::uint64_t>(end - begin, std::uint64_t{1} << 20));
    while (begin < end) {
      const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(end - begin, piece.size()));
      read(begin, piece.data(), length);
      hasher.bytes(piece.data(), length);
      begin += length;
    }
  }

 private:
  std::string name_;
  std::string_view memory_;
  int fd_ = -1;
  std::uint64_t size_ = 0;
};

constexpr const char* use_another = "use another copy of the file, or an earlier checkpoint";

/// Why bytes that do not begin with our seal are not taken.
[[noreturn]] void refuse_foreign(const Source& source, std::string_view start) {
  if (start.starts_with(hdf5_signature))
    source.refuse(
        "archive-foreign", source.name(),
        "an HDF5 file, but not one that Stroma sealed; a state is read only from a file whose every byte is "
        "covered by a checksum");
  if (start.size() > hdf5_user_block && start.substr(hdf5_user_block).starts_with(hdf5_signature))
    source.refuse("archive-damaged", "seal", "damaged: the seal in the first 512 bytes cannot be read",
                  use_another);
  if (start.empty() || start.size() < hdf5_user_block + hdf5_signature.size())
    source.refuse("archive-truncated", source.name(),
                  fmt::format("cut off: {} bytes are less than any archive has", start.size()), use_another);
  source.refuse("archive-not-hdf5", source.name(), "not an HDF5 file");
}

ArchiveSeal read_seal(const Source& source) {
  std::string start(static_cast<std::size_t>(
                        std::min<std::uint64_t>(source.size(), hdf5_user_block + hdf5_signature.size())),
                    '\0');
  source.read(0, start.data(), start.size());
  if (!start.starts_with(seal_magic) || start.size() < hdf5_user_block) refuse_foreign(source, start);
  const std::string ours = fmt::format("{}{}\n", seal_magic, archive_format);
  if (!start.starts_with(ours)) {
    const std::string version = start.substr(seal_magic.size(), start.find('\n') - seal_magic.size());
    if (!version.empty() && version.size() < 10 &&
        version.find_first_not_of("0123456789") == std::string::npos)
      source.refuse(
          "archive-version", source.name(),
          fmt::format("format {} of the archive; this program reads format {}", version, archive_format),
          "use the version of Stroma that wrote it");
  }
  ArchiveSeal seal;
  if (!parse_seal(std::string_view(start).substr(0, hdf5_user_block), seal))
    source.refuse("archive-damaged", "seal", "damaged: the seal in the first 512 bytes contradicts itself",
                  use_another);
  if (source.size() < seal.bytes)
    source.refuse("archive-truncated", source.name(),
                  fmt::format("cut off: {} of {} bytes are there", source.size(), seal.bytes), use_another);
  if (source.size() > seal.bytes)
    source.refuse("archive-damaged", source.name(),
                  fmt::format("damaged: {} bytes follow its end", source.size() - seal.bytes), use_another);
  return seal;
}

ArchiveManifest read_manifest(const Source& source, const ArchiveSeal& seal) {
  if (seal.manifest_bytes > std::min(manifest_limit, source.size()) ||
      seal.manifest_offset > source.size() - seal.manifest_bytes)
    source.refuse("archive-bad-manifest", std::string(manifest_name),
                  "the manifest would lie outside the file", use_another);
  std::string text(static_cast<std::size_t>(seal.manifest_bytes), '\0');
  source.read(seal.manifest_offset, text.data(), text.size());
  core::Hasher hasher;
  hasher.bytes(text.data(), text.size());
  if (hasher.digest() != seal.manifest_hash)
    source.refuse("archive-damaged", std::string(manifest_name),
                  "dataset 'manifest' is damaged (its checksum is another one)", use_another);
  ArchiveManifest manifest;
  const std::string fault = parse_manifest(text, source.size(), manifest);
  if (!fault.empty())
    source.refuse("archive-bad-manifest", std::string(manifest_name), "dataset 'manifest': " + fault,
                  use_another);
  return manifest;
}

/// Every byte once; all damaged arrays are named.
void verify(const Source& source, const ArchiveSeal& seal, const std::vector<ArchivedArray>& arrays) {
  core::Hasher structure;
  std::vector<std::string> damaged;
  std::uint64_t end = hdf5_user_block;
  for (const ArchivedArray* array : by_offset(arrays)) {
    source.hash(structure, end, array->offset);
    end = array->offset + array->bytes();
    core::Hasher hasher;
    source.hash(hasher, array->offset, end);
    if (hasher.digest() != array->hash) damaged.push_back(array->name);
  }
  source.hash(structure, end, source.size());
  if (!damaged.empty()) {
    std::string names = fmt::format("'{}'", damaged[0]);
    for (std::size_t i = 1; i < damaged.size() && i < 5; ++i) names += fmt::format(", '{}'", damaged[i]);
    if (damaged.size() > 5) names += fmt::format(" and {} more", damaged.size() - 5);
    source.refuse("archive-damaged", damaged[0],
                  damaged.size() == 1
                      ? fmt::format("dataset {} is damaged (its checksum is another one)", names)
                      : fmt::format("datasets {} are damaged (their checksums are others)", names),
                  use_another);
  }
  if (structure.digest() != seal.structure_hash)
    source.refuse("archive-damaged", "structure",
                  "the HDF5 structure around the datasets is damaged (its checksum is another one)",
                  use_another);
}

}  // namespace

struct Hdf5ArchiveReader::Content {
  template <class... Args>
  explicit Content(Args&&... args) : source(std::forward<Args>(args)...) {
    const ArchiveSeal seal = read_seal(source);
    manifest = read_manifest(source, seal);
    verify(source, seal, manifest.arrays);
    for (std::size_t i = 0; i < manifest.arrays.size(); ++i) index.emplace(manifest.arrays[i].name, i);
    was_read.resize(manifest.arrays.size());
  }

  std::size_t find(std::string_view name, core::Scalar type) const {
    const auto found = index.find(name);
    if (found == index.end()) {
      std::vector<std::string> names;
      for (const ArchivedArray& array : manifest.arrays) names.push_back(array.name);
      source.refuse("archive-missing-dataset", std::string(name),
                    fmt::format("dataset '{}' is missing", name), core::did_you_mean(name, names));
    }
    const ArchivedArray& array = manifest.arrays[found->second];
    if (array.type != type)
      source.refuse("archive-wrong-type", array.name,
                    fmt::format("dataset '{}' has type {}; expected {}", name,
                                scalar_names[static_cast<std::size_t>(array.type)],
                                scalar_names[static_cast<std::size_t>(type)]));
    return found->second;
  }

  Source source;
  ArchiveManifest manifest;
  std::map<std::string, std::size_t, std::less<>> index;
  std::vector<bool> was_read;
};

Hdf5ArchiveReader::Hdf5ArchiveReader(const fs::path& path) : content_(std::make_unique<Content>(path)) {}
Hdf5ArchiveReader::Hdf5ArchiveReader(std::string_view bytes, std::string name)
    : content_(std::make_unique<Content>(bytes, std::move(name))) {}
Hdf5ArchiveReader::~Hdf5ArchiveReader() = default;

const ArchiveHeader& Hdf5ArchiveReader::header() const {
  return content_->manifest.header;
}

std::uint64_t Hdf5ArchiveReader::file_bytes() const {
  return content_->source.size();
}

std::vector<std::string> Hdf5ArchiveReader::names() const {
  std::vector<std::string> names;
  for (const ArchivedArray& array : content_->manifest.arrays) names.push_back(array.name);
  return names;
}

bool Hdf5ArchiveReader::has(std::string_view name) const {
  return content_->index.contains(name);
}

std::size_t Hdf5ArchiveReader::count(std::string_view name, core::Scalar type) {
  return static_cast<std::size_t>(content_->manifest.arrays[content_->find(name, type)].count);
}

void Hdf5ArchiveReader::read(std::string_view name, core::Scalar type, void* data, std::size_t count) {
  const std::size_t which = content_->find(name, type);
  const ArchivedArray& array = content_->manifest.arrays[which];
  if (array.count != count)
    content_->source.refuse("archive-wrong-length", array.name,
                            fmt::format("dataset '{}' has {} values; expected {}", name, array.count, count));
  content_->source.read(array.offset, data, static_cast<std::size_t>(array.bytes()));
  core::Hasher hasher;
  hasher.bytes(data, static_cast<std::size_t>(array.bytes()));
  if (hasher.digest() != array.hash)
    content_->source.refuse("archive-damaged", array.name,
                            fmt::format("dataset '{}' changed while it was read", name), use_another);
  content_->was_read[which] = true;
}

std::string Hdf5ArchiveReader::text(std::string_view name) {
  std::string value(count(name, core::Scalar::u8), '\0');
  read(name, core::Scalar::u8, value.data(), value.size());
  return value;
}

void Hdf5ArchiveReader::require_all_read() const {
  for (std::size_t i = 0; i < content_->was_read.size(); ++i)
    if (!content_->was_read[i])
      content_->source.refuse(
          "archive-extra-dataset", content_->manifest.arrays[i].name,
          fmt::format("dataset '{}' is not part of this program's state", content_->manifest.arrays[i].name),
          "the file was written by another version of Stroma");
}

}  // namespace stroma::io
