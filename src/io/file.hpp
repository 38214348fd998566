// Whole files, in and out. A read is bounded and says why it failed; a write is atomic: the bytes go to a
// temporary file of the same folder, are forced to disk and renamed over the target, so that a reader sees
// the old file or the new one and never a part (POSIX rename(2)).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace stroma::io {

/// The largest file that a person is expected to write by hand or export from an instrument: 256 MiB.
inline constexpr std::uint64_t default_read_limit = std::uint64_t{256} << 20;

/// The bytes of the file at `path`. Throws core::InputError (no-such-file with the nearest name of the
/// folder, is-a-folder, not-a-file, permission-denied, bad-path, file-too-large) where the path or file is
/// not usable as an input, and core::IoError where the disk failed. Never allocates more than `limit` bytes.
std::string read_file(const std::filesystem::path& path, std::uint64_t limit = default_read_limit);

/// The text of the file at `path` as UTF-8: read_file, then what io/file_kind.hpp knows of it. UTF-16 with
/// its byte-order mark is decoded. Throws core::InputError "other-kind" where the file is no text (a
/// workbook, an archive, a picture, SBML, ...), beside what read_file throws.
std::string read_text_file(const std::filesystem::path& path, std::uint64_t limit = default_read_limit);

/// Replaces the file at `path` with `bytes`, or leaves the old file as it was and throws core::IoError with
/// the path and the system's reason (disk full, read-only, folder gone, name too long). No temporary file
/// stays behind.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

/// Removes what killed processes left in `folder`, not in those inside it, under the names of
/// write_file_atomically; what belongs to a living process stays. Never fails: litter does no harm.
void remove_stale_temporaries(const std::filesystem::path& folder);

/// `path` as text for messages: valid UTF-8 without control characters; other bytes are written \xNN.
std::string printable(const std::filesystem::path& path);

}  // namespace stroma::io
