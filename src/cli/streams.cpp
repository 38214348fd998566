#include "cli/streams.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>

namespace stroma::cli {
namespace {

// Reading from a closed input gives its end, writing to a closed output fails, and messages go nowhere.
void open_if_closed(int descriptor, int flags) {
  if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) return;
  const int opened = open("/dev/null", flags);
  if (opened < 0 || opened == descriptor) return;
  dup2(opened, descriptor);
  close(opened);
}

ssize_t write_or_drop(void*, const char* bytes, std::size_t size) {
  std::size_t written = 0;
  while (written < size) {
    const ssize_t n = write(STDERR_FILENO, bytes + written, size - written);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    written += static_cast<std::size_t>(n);
  }
  return static_cast<ssize_t>(size);
}

}  // namespace

void prepare_streams() {
  open_if_closed(STDIN_FILENO, O_RDONLY);
  open_if_closed(STDOUT_FILENO, O_RDONLY);  // so that a write fails, and is said to have failed
  open_if_closed(STDERR_FILENO, O_WRONLY);
  // A write to a pipe without reader fails instead of killing a run that may have taken days.
  std::signal(SIGPIPE, SIG_IGN);
  // The C library's standard streams are variables that a program may set (its manual, "Standard Streams").
  cookie_io_functions_t functions{};
  functions.write = write_or_drop;
  FILE* messages = fopencookie(nullptr, "w", functions);
  if (messages == nullptr) return;
  std::setvbuf(messages, nullptr, _IONBF, 0);
  stderr = messages;
}

void end_by_broken_pipe() {
  std::signal(SIGPIPE, SIG_DFL);
  std::raise(SIGPIPE);
}

}  // namespace stroma::cli
