#include "io/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <system_error>
#include <utility>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/errors.hpp"
#include "core/text.hpp"
#include "io/file_kind.hpp"

namespace stroma::io {
namespace fs = std::filesystem;
namespace {

std::string reason(int error) {
  return std::generic_category().message(error);
}

/// Closes on every way out; a write closes by hand to hear of errors.
struct Descriptor {
  int fd = -1;
  explicit Descriptor(int descriptor) : fd(descriptor) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

[[noreturn]] void refuse(std::string code, const fs::path& path, std::string message, std::string hint = {}) {
  const std::string name = printable(path);
  throw core::InputError(
      {{std::move(code), {name, 0, 0}, name, "cannot read: " + std::move(message), std::move(hint)}});
}

// The names beside a file that is not there, for "did you mean"; a folder of thousands is not worth the wait.
std::string similar_name(const fs::path& path) {
  constexpr std::size_t most = 2000;
  std::vector<std::string> names;
  std::error_code error;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (fs::directory_iterator it(folder, error), end; !error && it != end && names.size() < most;
       it.increment(error))
    names.push_back(printable(it->path().filename()));
  const std::string best = core::nearest(path.filename().string(), names);
  return best.empty() ? std::string() : fmt::format("did you mean '{}'?", best);
}

[[noreturn]] void refuse_to_open(const fs::path& path, int error) {
  switch (error) {
    case ENOENT:
      refuse("no-such-file", path, "there is no such file", similar_name(path));
    case ENOTDIR:
      refuse("no-such-file", path, "a part of the path is not a folder");
    case EACCES:
    case EPERM:
      refuse("permission-denied", path, reason(error), "make the file readable for this user");
    case ENAMETOOLONG:
      refuse("bad-path", path, "the name is too long (" + reason(error) + ")");
    case ELOOP:
      refuse("bad-path", path, "the link leads to itself (" + reason(error) + ")");
    default:
      throw core::IoError(fmt::format("cannot read {}: {}", printable(path), reason(error)));
  }
}

// Temporary names are short, so that any name that fits the folder can be replaced; O_EXCL makes them ours.
std::pair<int, fs::path> open_temporary(const fs::path& folder) {
  constexpr int attempts = 10000;
  int error = EEXIST;
  for (int i = 0; i < attempts && error == EEXIST; ++i) {
    fs::path name = folder / fmt::format(".stroma-{}-{}.tmp", ::getpid(), i);
    const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0) return {fd, std::move(name)};
    error = errno;
  }
  errno = error;
  return {-1, {}};
}

int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), std::min<std::size_t>(bytes.size(), 1u << 30));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

// Forces the new name itself to disk. Some file systems cannot sync a folder (EINVAL); then there is nothing
// to do.
int sync_folder(const fs::path& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.fd < 0)
    return errno == EACCES ? 0 : errno;  // write-only folders can be written but not opened
  return ::fsync(descriptor.fd) == 0 || errno == EINVAL || errno == EROFS ? 0 : errno;
}

}  // namespace

void remove_stale_temporaries(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    constexpr std::string_view start = ".stroma-", stop = ".tmp";
    if (!name.starts_with(start) || !name.ends_with(stop)) continue;
    pid_t pid = 0;
    std::from_chars(name.data() + start.size(), name.data() + name.size(), pid);
    std::error_code ignored;
    if (pid > 0 && pid != ::getpid() && ::kill(pid, 0) != 0 && errno == ESRCH)
      fs::remove(it->path(), ignored);
  }
}

std::string printable(const fs::path& path) {
  const std::string& raw = path.native();
  std::string out;
  for (std::size_t at = 0; at < raw.size();) {
    const std::size_t length = core::utf8_length(raw, at);
    const auto byte = static_cast<unsigned char>(raw[at]);
    if (length == 0 || byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02X}", byte);
      ++at;
    } else {
      out.append(raw, at, length);
      at += length;
    }
  }
  return out;
}

std::string read_file(const fs::path& path, std::uint64_t limit) {
  if (path.empty()) refuse("bad-path", path, "the path is empty");
  // O_NONBLOCK: a named pipe without a writer must be refused, not waited for.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.fd < 0) refuse_to_open(path, errno);
  struct stat status {};
  if (::fstat(file.fd, &status) != 0) refuse_to_open(path, errno);
  if (S_ISDIR(status.st_mode)) refuse("is-a-folder", path, "it is a folder; expected a file");
  if (!S_ISREG(status.st_mode)) refuse("not-a-file", path, "it is a pipe, socket or device; expected a file");
  const auto too_large = [&] {
    refuse("file-too-large", path, fmt::format("it is larger than the {} bytes allowed here", limit));
  };
  if (static_cast<std::uint64_t>(status.st_size) > limit) too_large();

  std::string bytes;
  bytes.resize(static_cast<std::size_t>(status.st_size));
  std::size_t filled = 0;
  for (;;) {
    // One byte more than the size said, to notice a file that grows (or lies, as those of /proc do).
    if (filled == bytes.size()) {
      if (bytes.size() > limit) too_large();
      bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(limit + 1, filled + filled / 2 + 4096)));
    }
    const ssize_t got = ::read(file.fd, bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw core::IoError(fmt::format("cannot read {}: {}", printable(path), reason(errno)));
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  if (bytes.size() > limit) too_large();
  return bytes;
}

std::string read_text_file(const fs::path& path, std::uint64_t limit) {
  std::string bytes = read_file(path, limit);
  if (const auto kind = other_kind(bytes))
    throw core::InputError({other_kind_diagnostic(*kind, printable(path))});
  return as_utf8(std::move(bytes));
}

void write_file_atomically(const fs::path& path, std::string_view bytes) {
  const auto fail = [&path](int error) {
    throw core::IoError(fmt::format("cannot write {}: {}", printable(path), reason(error)));
  };
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  auto [fd, temporary] = open_temporary(folder);
  if (fd < 0) fail(errno);
  int error = 0;
  {
    Descriptor file(fd);
    error = write_all(file.fd, bytes);
    if (error == 0 && ::fsync(file.fd) != 0) error = errno;
    if (::close(std::exchange(file.fd, -1)) != 0 && error == 0) error = errno;
  }
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(temporary.c_str());
    fail(error);
  }
  error = sync_folder(folder);
  if (error != 0) fail(error);
}

}  // namespace stroma::io
