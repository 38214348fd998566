#include "store/drawings.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>
#include <utility>

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
  explicit Memory(const char* name) : descriptor_(memfd_create(name, MFD_CLOEXEC)) {
    if (descriptor_ < 0) fail("make a file in memory", errno);
  }
  ~Memory() { ::close(descriptor_); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  void fill(std::string_view content) const {
    while (!content.empty()) {
      const ssize_t n = ::write(descriptor_, content.data(), content.size());
      if (n < 0 && errno != EINTR) fail("write a file in memory", errno);
      if (n > 0) content.remove_prefix(static_cast<std::size_t>(n));
    }
    lseek(descriptor_, 0, SEEK_SET);
  }
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

/// A pipe through which nothing goes: who reads from it waits until the other end is closed, here or by the
/// end of this process.
class Signal {
 public:
  Signal() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0) fail("make a pipe", errno);
  }
  ~Signal() {
    ::close(ends_[0]);
    give();
  }
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

  int descriptor() const { return ends_[0]; }
  void give() {
    if (ends_[1] >= 0) ::close(std::exchange(ends_[1], -1));
  }

 private:
  std::array<int, 2> ends_{};
};

}  // namespace

struct Renderer::Process {
  Memory script{"render"}, figures{"figures"}, drawings{"drawings"}, log{"log"};
  Signal ready;
  pid_t child = 0;  ///< 0: not started, or ended and waited for

  // In a group of its own: what it starts ends with it, and a Ctrl-C of the terminal does not reach it.
  void start(const std::string& node) {
    script.fill(assets::render_cjs());
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    // Beyond all others first, so that none is overwritten before it is moved to its place.
    constexpr int aside = 100;
    const int sources[] = {script.descriptor(), log.descriptor(), figures.descriptor(), drawings.descriptor(),
                           ready.descriptor()};
    constexpr int targets[] = {STDIN_FILENO, STDERR_FILENO, 3, 4, 5};
    for (int i = 0; i < 5; ++i) posix_spawn_file_actions_adddup2(&actions, sources[i], aside + i);
    for (int i = 0; i < 5; ++i) {
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
    const int error = posix_spawnp(&child, node.c_str(), &actions, &attributes, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error == 0) return;
    child = 0;
    fail("start '" + node + "', which draws the figures", error);
  }

  void end() {
    if (child == 0) return;
    kill(-child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    child = 0;
  }

  // Waits for its end and returns its status; kills it where it takes too long or writes without end.
  int wait(std::chrono::milliseconds patience) {
    const Clock::time_point deadline = Clock::now() + patience;
    auto pause = std::chrono::milliseconds(2);
    for (;;) {
      int status = 0;
      const pid_t ended = waitpid(child, &status, WNOHANG);
      if (ended < 0 && errno != EINTR) fail("wait for the renderer", errno);
      if (ended == child) {
        child = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      }
      const bool endless = drawings.size() > most_output || log.size() > most_output;
      if (endless || Clock::now() > deadline) {
        end();
        throw core::IoError(endless ? std::string("the renderer wrote without end")
                                    : fmt::format("the renderer gave no answer within {:g} s",
                                                  std::chrono::duration<double>(patience).count()));
      }
      std::this_thread::sleep_for(pause);
      pause = std::min(2 * pause, std::chrono::milliseconds(50));
    }
  }
};

Renderer::Renderer(const std::string& node) : node_(node) {
  try {
    process_ = std::make_unique<Process>();
    process_->start(node);
  } catch (const core::IoError& error) {
    refused_ = error.what();
  }
}

Renderer::~Renderer() {
  if (process_) process_->end();
}

void Renderer::draw(const std::vector<Drawing>& figures, const std::filesystem::path& folder,
                    std::chrono::milliseconds patience) {
  if (!refused_.empty()) throw core::IoError(refused_);
  core::require(process_ != nullptr, "a renderer draws once");
  const std::unique_ptr<Process> process = std::move(process_);
  std::string lines;
  for (const auto& figure : figures)
    lines += "{\"id\":\"" + figure.id + "\",\"spec\":" + figure.specification + "}\n";
  process->figures.fill(lines);
  process->ready.give();
  const int status = process->wait(patience);
  if (status != 0) {
    std::string why = process->log.read(2000);
    while (why.ends_with('\n')) why.pop_back();
    throw core::IoError(fmt::format("the renderer ended with status {}: {}", status, why));
  }
  std::size_t drawn = 0;
  std::string failed;
  std::istringstream answers(process->drawings.read(most_output));
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
    throw core::IoError(fmt::format("'{}' gave {} of {} drawings", node_, drawn, figures.size()));
}

}  // namespace stroma::store
