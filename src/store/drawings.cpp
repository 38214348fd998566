#include "store/drawings.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "core/errors.hpp"
#include "io/file.hpp"

extern char** environ;

namespace stroma::store {

namespace assets {
std::string_view render_cjs();  // Node script: specifications in, SVG files out; embedded by cmake/web.cmake
}

namespace {

using Clock = std::chrono::steady_clock;

constexpr off_t most_output = off_t{256} << 20;  // bytes of all drawings; a hundred figures take some 10 MiB

[[noreturn]] void fail(const std::string& what, int error) {
  throw core::IoError("cannot " + what + ": " + std::strerror(error));
}

/// A file without a name in memory (memfd_create(2)): gone when the processes that hold it are.
class Memory {
 public:
  explicit Memory(const char* name, std::string_view content = {})
      : descriptor_(memfd_create(name, MFD_CLOEXEC)) {
    if (descriptor_ < 0) fail("make a file in memory", errno);
    while (!content.empty()) {
      const ssize_t n = ::write(descriptor_, content.data(), content.size());
      if (n < 0 && errno != EINTR) fail("write a file in memory", errno);
      if (n > 0) content.remove_prefix(static_cast<std::size_t>(n));
    }
    lseek(descriptor_, 0, SEEK_SET);
  }
  ~Memory() { ::close(descriptor_); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  int descriptor() const { return descriptor_; }
  off_t size() const {
    struct stat status {};
    return fstat(descriptor_, &status) == 0 ? status.st_size : 0;
  }
  std::string read(off_t most) const {
    std::string text(static_cast<std::size_t>(std::min(size(), most)), '\0');
    std::size_t filled = 0;
    while (filled < text.size()) {
      const ssize_t n =
          pread(descriptor_, text.data() + filled, text.size() - filled, static_cast<off_t>(filled));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) break;
      filled += static_cast<std::size_t>(n);
    }
    text.resize(filled);
    return text;
  }

 private:
  int descriptor_;
};

struct Renderer {
  Memory script{"render", assets::render_cjs()};
  Memory figures, drawings{"drawings"}, log{"log"};
  explicit Renderer(std::string_view lines) : figures("figures", lines) {}

  // In a group of its own: what it starts ends with it, and a Ctrl-C of the terminal does not reach it.
  pid_t start(const std::string& node) const {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    // Beyond all others first, so that none is overwritten before it is moved to its place.
    constexpr int aside = 100;
    const int sources[] = {script.descriptor(), log.descriptor(), figures.descriptor(),
                           drawings.descriptor()};
    constexpr int targets[] = {STDIN_FILENO, STDERR_FILENO, 3, 4};
    for (int i = 0; i < 4; ++i) posix_spawn_file_actions_adddup2(&actions, sources[i], aside + i);
    for (int i = 0; i < 4; ++i) {
      posix_spawn_file_actions_adddup2(&actions, aside + i, targets[i]);
      posix_spawn_file_actions_addclose(&actions, aside + i);
    }
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t reset;
    sigemptyset(&reset);
    sigaddset(&reset, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &reset);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    std::string name = node, from_input = "-";
    char* arguments[] = {name.data(), from_input.data(), nullptr};
    pid_t child = 0;
    const int error = posix_spawnp(&child, node.c_str(), &actions, &attributes, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error != 0) fail("start '" + node + "', which draws the figures", error);
    return child;
  }
};

// Waits for `child` and returns its status; kills it where it takes too long or writes without end.
int wait_for(pid_t child, const Renderer& renderer, std::chrono::milliseconds patience) {
  const Clock::time_point deadline = Clock::now() + patience;
  auto pause = std::chrono::milliseconds(2);
  for (;;) {
    int status = 0;
    const pid_t ended = waitpid(child, &status, WNOHANG);
    if (ended < 0 && errno != EINTR) fail("wait for the renderer", errno);
    if (ended == child) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    const bool endless = renderer.drawings.size() > most_output || renderer.log.size() > most_output;
    if (endless || Clock::now() > deadline) {
      kill(-child, SIGKILL);
      while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
      }
      throw core::IoError(endless ? std::string("the renderer wrote without end")
                                  : fmt::format("the renderer gave no answer within {:g} s",
                                                std::chrono::duration<double>(patience).count()));
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(2 * pause, std::chrono::milliseconds(50));
  }
}

}  // namespace

void write_svgs(const std::vector<Drawing>& figures, const std::filesystem::path& folder,
                const std::string& node, std::chrono::milliseconds patience) {
  std::string lines;
  for (const auto& figure : figures)
    lines += "{\"id\":\"" + figure.id + "\",\"spec\":" + figure.specification + "}\n";
  const Renderer renderer(lines);
  const int status = wait_for(renderer.start(node), renderer, patience);
  if (status != 0) {
    std::string why = renderer.log.read(2000);
    while (why.ends_with('\n')) why.pop_back();
    throw core::IoError(fmt::format("the renderer ended with status {}: {}", status, why));
  }
  std::size_t drawn = 0;
  std::string failed;
  std::istringstream answers(renderer.drawings.read(most_output));
  for (std::string line; std::getline(answers, line);) {
    const nlohmann::json answer = nlohmann::json::parse(line, nullptr, false);
    if (!answer.is_object()) continue;
    const std::string id = answer.value("id", std::string());
    const bool asked = std::any_of(figures.begin(), figures.end(), [&](const auto& f) { return f.id == id; });
    if (!asked) continue;
    if (const std::string error = answer.value("error", std::string()); !error.empty())
      failed += fmt::format("{}figure {}: {}", failed.empty() ? "" : "; ", id, error);
    else
      io::write_file_atomically(folder / (id + ".svg"), answer.value("svg", std::string()));
    ++drawn;
  }
  if (!failed.empty()) throw core::InternalError("not all figures could be drawn: " + failed);
  if (drawn < figures.size())
    throw core::IoError(fmt::format("'{}' gave {} of {} drawings", node, drawn, figures.size()));
}

}  // namespace stroma::store
