// Faults that would take the test program with them happen in a child process.
#pragma once

#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>

#include "core/diagnostics.hpp"
#include "core/errors.hpp"

namespace stroma::test {

/// What the program would exit with.
template <class Body>
int exit_code_of(const Body& body) {
  try {
    body();
    return 0;
  } catch (const core::InputError&) {
    return 3;
  } catch (const core::IoError&) {
    return 5;
  } catch (...) {
    return 1;
  }
}

/// Starts `body` in a child process, which ends with the exit code that body returns.
inline pid_t start_child(const std::function<int()>& body) {
  std::fflush(nullptr);
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  int code = 99;
  try {
    code = body();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "child: %s\n", error.what());
  }
  ::_exit(code);
}

inline int wait_for(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

inline int in_child(const std::function<int()>& body) {
  return wait_for(start_child(body));
}

/// Gives this process (a child) a small disk of its own at `folder`. False where the system does not allow
/// it.
inline bool mount_small_disk(const std::filesystem::path& folder, const char* options) {
  if (::unshare(CLONE_NEWNS) != 0) return false;
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  return ::mount("none", folder.c_str(), "tmpfs", 0, options) == 0;
}

inline bool remount_read_only(const std::filesystem::path& folder) {
  return ::mount(nullptr, folder.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0;
}

/// From now on no file of this process (a child) may grow beyond `bytes`: write(2) fails with EFBIG.
inline void limit_file_size(rlim_t bytes) {
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, bytes};
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

/// The exit code of a child in which the fault could not be set up.
inline constexpr int not_possible = 77;

}  // namespace stroma::test
