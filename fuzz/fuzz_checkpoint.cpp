// Arbitrary bytes as a checkpoint: as they are, and as a manifest behind a seal that vouches for them, so
// that the fuzzer is not stopped by a checksum that it cannot guess.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/hash.hpp"
#include "io/hdf5_archive.hpp"
#include "io/hdf5_archive_seal.hpp"
#include "io/hdf5_file.hpp"

using namespace stroma;

namespace {

std::string hash_of(std::string_view text) {
  core::Hasher hasher;
  hasher.bytes(text.data(), text.size());
  return hasher.digest();
}

void read_everything(std::string_view bytes) {
  try {
    io::Hdf5ArchiveReader archive(bytes, "f");
    std::size_t total = 0;
    for (const std::string& name : archive.names()) {
      if (!archive.has(name)) std::abort();
      for (int type = 0; type < 7; ++type) {
        const auto scalar = static_cast<core::Scalar>(type);
        try {
          const std::size_t count = archive.count(name, scalar);
          total += count * core::size_of(scalar);
          if (total > bytes.size()) std::abort();  // more was promised than there is
          std::vector<char> values(count * core::size_of(scalar));
          archive.read(name, scalar, values.data(), count);
        } catch (const core::InputError&) {
          // Another type than asked for, or damaged.
        }
      }
    }
  } catch (const core::InputError&) {
    // Refused in words: that is what a reader is for.
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read_everything(bytes);

  // The input as the manifest of a file with some bytes for arrays to lie in, whatever it says about them.
  const std::string arrays(256, '\0');
  const std::size_t place = io::hdf5_user_block + arrays.size();
  for (const std::string& structure : {arrays + std::string(bytes), std::string(bytes)})
    read_everything(io::seal_text({place + size, place, size, hash_of(bytes), hash_of(structure)}) + arrays +
                    std::string(bytes));

  io::ArchiveManifest manifest;
  if (io::parse_manifest(bytes, 1u << 20, manifest).empty()) {
    // What was understood is written in one way only, and understood again.
    const std::string text = io::manifest_text(manifest);
    io::ArchiveManifest again;
    if (!io::parse_manifest(text, 1u << 20, again).empty() || io::manifest_text(again) != text) std::abort();
  }
  return 0;
}
