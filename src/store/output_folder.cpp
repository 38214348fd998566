#include "store/output_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/errors.hpp"
#include "io/file.hpp"

namespace stroma::store {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const fs::path& path, std::string_view what, int error) {
  throw core::IoError(
      fmt::format("cannot {} {}: {}", what, io::printable(path), std::generic_category().message(error)));
}

[[noreturn]] void refuse(std::string code, const fs::path& path, std::string message, std::string hint) {
  const std::string name = io::printable(path);
  throw core::InputError({{std::move(code), {name, 0, 0}, name, std::move(message), std::move(hint)}});
}

/// Who holds a folder. A pid alone is not a name, because pids are used again; with the start time it is one.
struct Owner {
  pid_t pid = 0;
  unsigned long long start = 0;  // clock ticks since the machine started; field 22 of /proc/<pid>/stat
};

/// When `pid` was started; 0 where there is no such process, or only its corpse (state Z).
unsigned long long start_time(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text((std::istreambuf_iterator<char>(file)), {});
  const std::size_t name_end = text.rfind(')');  // the command's name may hold anything, also spaces and ')'
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(text.substr(name_end + 1));
  std::string state, skipped;
  fields >> state;
  for (int field = 4; field < 22; ++field) fields >> skipped;
  unsigned long long start = 0;
  fields >> start;
  return state == "Z" || state == "X" ? 0 : start;
}

bool alive(const Owner& owner) {
  return owner.pid > 0 && owner.start != 0 && start_time(owner.pid) == owner.start;
}

Owner read_owner(int fd) {
  char text[128] = {};
  const ssize_t size = ::pread(fd, text, sizeof text - 1, 0);
  Owner owner;
  if (size <= 0) return owner;
  const char* end = text + size;
  const auto pid = std::from_chars(text, end, owner.pid);
  if (pid.ec != std::errc{}) return {};
  if (pid.ptr < end && *pid.ptr == ' ') std::from_chars(pid.ptr + 1, end, owner.start);
  return owner;
}

bool is_ours(const fs::path& name) {
  const std::string text = name.string();
  return text == OutputFolder::lock_name || text == OutputFolder::list_name ||
         (text.starts_with(".stroma-") && text.ends_with(".tmp"));
}

bool holds_something(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (!is_ours(it->path().filename())) return true;
  if (error) fail(folder, "list", error.value());
  return false;
}

bool stays_inside(const fs::path& relative) {
  if (relative.empty() || relative.is_absolute() || !relative.has_filename()) return false;
  for (const fs::path& part : relative)
    if (part == ".." || part == ".") return false;
  return true;
}

// The first part of `relative` that is a symbolic link inside `folder`, or nothing. The last part may be one:
// removing a link leaves what it points to.
std::optional<fs::path> link_on_the_way(const fs::path& folder, const fs::path& relative) {
  fs::path at = folder;
  std::error_code ignored;
  for (const fs::path& part : relative.parent_path()) {
    at /= part;
    if (fs::is_symlink(fs::symlink_status(at, ignored))) return at;
  }
  return {};
}

[[noreturn]] void refuse_link(const fs::path& link) {
  std::error_code ignored;
  const fs::path target = fs::read_symlink(link, ignored);
  refuse(
      "through-a-link", link,
      fmt::format("this is a link to {}, and what lies behind a link is not replaced", io::printable(target)),
      "name the folder itself with -o, or remove the link");
}

// What killed processes left, in the folder and in those inside it; links are not followed.
void sweep(const fs::path& folder) {
  io::remove_stale_temporaries(folder);
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (it->is_directory(error) && !it->is_symlink(error)) io::remove_stale_temporaries(it->path());
}

// What the list names, without what it may not: it is a file like any other and may not reach outside.
std::vector<std::string> read_list(const fs::path& list) {
  std::vector<std::string> names;
  std::istringstream lines(io::read_file(list));
  for (std::string line; std::getline(lines, line);)
    if (stays_inside(line)) names.push_back(line);
  return names;
}

// Results are replaced only where they lie in the folder itself.
void refuse_links(const fs::path& folder, const fs::path& list) {
  std::error_code error;
  if (!fs::exists(list, error)) return;
  const fs::path bare = folder.has_filename() ? folder : folder.parent_path();  // "results/" is "results"
  if (fs::is_symlink(fs::symlink_status(bare, error))) refuse_link(bare);
  for (const std::string& name : read_list(list))
    if (const auto link = link_on_the_way(folder, name)) refuse_link(*link);
}

}  // namespace

OutputFolder::OutputFolder(fs::path path, Existing existing)
    : path_(std::move(path)), follows_links_(existing == Existing::keep) {
  if (path_.empty()) refuse("bad-path", path_, "the result folder has no name", "");
  std::error_code error;
  const fs::file_status status = fs::status(path_, error);
  if (fs::exists(status) && !fs::is_directory(status))
    refuse("not-a-folder", path_, "results need a folder, and this is a file", "choose another name with -o");
  fs::create_directories(path_, error);
  if (error) fail(path_, "create the folder", error.value());
  take_lock();
  try {
    if (existing == Existing::refuse && holds_something(path_))
      refuse("not-empty", path_, "the folder holds files already, and results are never mixed",
             "choose another folder with -o, or replace the old results with --force");
    sweep(path_);
    if (existing == Existing::replace) {
      refuse_links(path_, path_ / list_name);
      remove_unwritten();
    }
  } catch (...) {
    ::unlink((path_ / lock_name).c_str());
    ::close(lock_);
    throw;
  }
}

OutputFolder::~OutputFolder() {
  // Unlinked while still locked: whoever opened the old file sees that the name no longer leads to it and
  // retries.
  ::unlink((path_ / lock_name).c_str());
  ::close(lock_);
}

// flock() is released by the kernel however the owner ends, so a lock that can be taken is stale. The pid in
// the file serves the message, and guards file systems that accept flock without keeping it.
void OutputFolder::take_lock() {
  const fs::path name = path_ / lock_name;
  const auto in_use = [&](const Owner& owner) {
    refuse("folder-in-use", path_,
           fmt::format("another run (process {}) is writing to this folder", owner.pid),
           "wait until it ends, or choose another folder with -o");
  };
  for (int attempt = 0; attempt < 100; ++attempt) {
    const int fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0) fail(name, "write", errno);
    const bool locked = ::flock(fd, LOCK_EX | LOCK_NB) == 0;
    const int lock_error = errno;
    const Owner owner = read_owner(fd);
    if (!locked && lock_error == EWOULDBLOCK) {
      ::close(fd);
      in_use(owner);
    }
    if (alive(owner) && owner.pid != ::getpid()) {
      ::close(fd);
      in_use(owner);
    }
    struct stat opened {
    }, named{};
    if (::fstat(fd, &opened) != 0 || ::stat(name.c_str(), &named) != 0 || opened.st_ino != named.st_ino) {
      ::close(fd);  // released and unlinked between open and flock
      continue;
    }
    // Padded to a block, so that a full disk shows here, before the work, and not after it.
    std::string text = fmt::format("{} {}\n", ::getpid(), start_time(::getpid()));
    text.resize(4096, '\n');
    int error = ::ftruncate(fd, 0) == 0 ? 0 : errno;
    if (error == 0 && ::pwrite(fd, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
      error = errno != 0 ? errno : ENOSPC;
    if (error == 0 && ::fsync(fd) != 0) error = errno;
    if (error != 0) {
      ::unlink(name.c_str());
      ::close(fd);
      fail(name, "write", error);
    }
    if (owner.pid > 0 && owner.pid != ::getpid()) dead_owner_ = owner.pid;
    lock_ = fd;
    return;
  }
  fail(name, "lock", EAGAIN);
}

void OutputFolder::remove_unwritten() {
  const std::scoped_lock guard(mutex_);
  const fs::path list = path_ / list_name;
  std::error_code error;
  if (!fs::exists(list, error)) return;
  for (const std::string& name : read_list(list)) {
    if (listed_.contains(name) || link_on_the_way(path_, name)) continue;
    const fs::path file = path_ / name;
    if (fs::is_directory(fs::symlink_status(file, error))) continue;
    fs::remove(file, error);
    if (error) fail(file, "remove", error.value());
  }
  std::string left;
  for (const std::string& name : listed_) left += name + "\n";
  if (!left.empty()) return io::write_file_atomically(list, left);
  fs::remove(list, error);
  if (error) fail(list, "remove", error.value());
}

void OutputFolder::write(const fs::path& relative, std::string_view bytes) {
  core::require(stays_inside(relative), "a result file must lie inside its result folder");
  const fs::path file = path_ / relative;
  const std::scoped_lock guard(mutex_);
  std::error_code error;
  // Who goes on with a run may have moved a part of it to another disk; who replaces results has not said so.
  if (!follows_links_)
    if (const auto link = link_on_the_way(path_, relative)) refuse_link(*link);
  // A folder that vanished is not made again: its lock went with it.
  if (!fs::is_directory(path_, error)) fail(path_, "write to the folder", error ? error.value() : ENOENT);
  fs::create_directories(file.parent_path(), error);
  if (error) fail(file.parent_path(), "create the folder", error.value());
  // Listed before it is written: a file that is listed and missing is harmless, the reverse would be left
  // behind.
  if (listed_.insert(relative.string()).second) {
    const fs::path list = path_ / list_name;
    const int fd = ::open(list.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0) fail(list, "write", errno);
    const std::string line = relative.string() + "\n";
    errno = 0;
    const bool whole = ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    const int write_error = whole ? 0 : (errno != 0 ? errno : ENOSPC);
    ::close(fd);
    if (!whole) fail(list, "write", write_error);
  }
  io::write_file_atomically(file, bytes);
}

}  // namespace stroma::store
