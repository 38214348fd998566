// The functions of the C library by which files are changed, with faults. They take precedence over those of
// the library, in this program and in the shared libraries it uses; what is no fault goes straight to the
// kernel.
#include "faults/failing_disk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <limits>

namespace {

constexpr std::int64_t endless = std::numeric_limits<std::int64_t>::max();
std::int64_t room = endless;  // bytes by which files may still grow
bool read_only = false;
bool sync_fails = false;

long fault(int error) {
  errno = error;
  return -1;
}

/// How many of `count` bytes at `offset` (negative: where the file stands) fit the disk; 0 where not one
/// does.
std::size_t that_fit(int fd, std::size_t count, std::int64_t offset) {
  struct stat status {};
  if (room == endless || ::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return count;
  if (offset < 0) {
    const bool appends = (::syscall(SYS_fcntl, fd, F_GETFL) & O_APPEND) != 0;
    offset = appends ? status.st_size : ::syscall(SYS_lseek, fd, 0, SEEK_CUR);
  }
  const std::int64_t in_place = std::max<std::int64_t>(status.st_size - offset, 0);
  const std::int64_t fit = std::min<std::int64_t>(static_cast<std::int64_t>(count), in_place + room);
  room -= std::max<std::int64_t>(fit - in_place, 0);
  return static_cast<std::size_t>(fit);
}

long open_file(const char* path, int flags, unsigned mode) {
  if (read_only && (flags & (O_ACCMODE | O_CREAT | O_TRUNC)) != O_RDONLY) return fault(EROFS);
  return ::syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

long write_at(int fd, const void* data, std::size_t count, std::int64_t offset) {
  const std::size_t fit = that_fit(fd, count, offset);
  if (fit == 0 && count > 0) return fault(ENOSPC);
  return offset < 0 ? ::syscall(SYS_write, fd, data, fit) : ::syscall(SYS_pwrite64, fd, data, fit, offset);
}

unsigned mode_of(int flags, va_list rest) {
  return (flags & O_CREAT) != 0 ? va_arg(rest, unsigned) : 0;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const unsigned mode = mode_of(flags, rest);
  va_end(rest);
  return static_cast<int>(open_file(path, flags, mode));
}

int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const unsigned mode = mode_of(flags, rest);
  va_end(rest);
  return static_cast<int>(open_file(path, flags, mode));
}

ssize_t write(int fd, const void* data, std::size_t count) {
  return write_at(fd, data, count, -1);
}

ssize_t pwrite(int fd, const void* data, std::size_t count, off_t offset) {
  return write_at(fd, data, count, offset);
}

ssize_t pwrite64(int fd, const void* data, std::size_t count, off64_t offset) {
  return write_at(fd, data, count, offset);
}

int fsync(int fd) {
  return static_cast<int>(sync_fails ? fault(EIO) : ::syscall(SYS_fsync, fd));
}

int fdatasync(int fd) {
  return static_cast<int>(sync_fails ? fault(EIO) : ::syscall(SYS_fdatasync, fd));
}

int mkdir(const char* path, mode_t mode) noexcept {
  struct stat status {};
  const bool exists = ::stat(path, &status) == 0;  // of two errors Linux prefers EEXIST
  return static_cast<int>(read_only && !exists ? fault(EROFS) : ::syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}

int unlink(const char* path) noexcept {
  if (read_only) return static_cast<int>(fault(EROFS));
  struct stat status {};
  const bool frees = room != endless && ::stat(path, &status) == 0 && status.st_nlink == 1;
  const long result = ::syscall(SYS_unlinkat, AT_FDCWD, path, 0);
  if (frees && result == 0) room += status.st_size;
  return static_cast<int>(result);
}

int ftruncate(int fd, off_t length) noexcept {
  struct stat status {};
  const bool frees = room != endless && ::fstat(fd, &status) == 0 && status.st_size > length;
  const long result = ::syscall(SYS_ftruncate, fd, length);
  if (frees && result == 0) room += status.st_size - length;
  return static_cast<int>(result);
}

int ftruncate64(int fd, off64_t length) noexcept {
  return ftruncate(fd, length);
}

int rename(const char* from, const char* to) noexcept {
  return static_cast<int>(read_only ? fault(EROFS)
                                    : ::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

}  // extern "C"

namespace stroma::test {

void fill_disk_after(std::int64_t bytes) {
  room = bytes;
}

void make_disk_read_only() {
  read_only = true;
}

void fail_to_sync() {
  sync_fails = true;
}

}  // namespace stroma::test
