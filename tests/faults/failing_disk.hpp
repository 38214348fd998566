// A disk that fails, on every machine and for every user: the program of this folder has its own open, write,
// pwrite, fsync and the like, which do what those of the system do until a test (in a child process) asks for
// a fault. The library of files, SQLite and the C++ library all go through them.
#pragma once

#include <cstdint>

namespace stroma::test {

/// From now on files of this process (a child) may grow by `bytes` in all; then there is ENOSPC, after a last
/// write that is cut short, as on a disk that fills up. What is overwritten in place needs no room; what is
/// removed makes some.
void fill_disk_after(std::int64_t bytes);

/// From now on this process (a child) sees a file system that is mounted read-only: whatever would change it
/// gives EROFS.
void make_disk_read_only();

/// From now on fsync gives EIO, as where a disk takes the bytes and loses them.
void fail_to_sync();

}  // namespace stroma::test
