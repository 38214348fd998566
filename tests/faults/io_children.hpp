// Faults that would take the test program with them happen in a child process.
#pragma once

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
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

/// From now on no file of this process (a child) may grow beyond `bytes`: the kernel lets write(2) fail with
/// EFBIG.
inline void limit_file_size(rlim_t bytes) {
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, bytes};
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

/// From now on this process (a child) is bound by the permissions of files; root gives up being root for
/// that.
inline void obey_permissions() {
  if (::geteuid() == 0 && (::setegid(65534) != 0 || ::seteuid(65534) != 0))
    throw core::IoError(
        "root cannot become another user here (CAP_SETUID is missing): run the tests as a user who is not "
        "root");
}

}  // namespace stroma::test
