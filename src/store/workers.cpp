#include "store/workers.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <utility>

#include "core/errors.hpp"
#include "store/task_lines.hpp"

extern char** environ;

namespace stroma::store {
namespace {

using Clock = std::chrono::steady_clock;

// Beyond the time that a vessel may take: what a line needs to go and come, or a worker to be ready.
constexpr double courtesy_s = 60.0;
constexpr std::size_t longest_line = std::size_t{1} << 30U;

[[noreturn]] void fail(const std::string& what) {
  throw core::IoError("cannot " + what + ": " + std::strerror(errno));
}

struct Lost {};  // the process ended, or gave no answer

}  // namespace

// A process that is talked to over one socket.
class Workers::Worker {
 public:
  explicit Worker(std::string command) : command_(std::move(command)) {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) fail("make a socket");
    socket_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t reset;
    sigemptyset(&reset);
    sigaddset(&reset, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &reset);
    posix_spawnattr_setpgroup(&attributes, 0);  // a Ctrl-C of the terminal does not reach it
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    std::string shell = "sh", option = "-c", text = command_;
    char* arguments[] = {shell.data(), option.data(), text.data(), nullptr};
    const int error = posix_spawnp(&child_, "sh", &actions, &attributes, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    ::close(ends[1]);
    if (error == 0) return;
    ::close(socket_);
    errno = error;
    fail("start '" + command_ + "'");
  }
  ~Worker() {
    ::close(socket_);  // a worker whose input ends, ends
    kill(-child_, SIGKILL);
    while (waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  const std::string& command() const { return command_; }
  std::uint64_t model = 0;  ///< Workers::model_ when it was sent one

  // Sends a line and gives the next one back.
  std::string ask(const std::string& line, const study::TaskLimits& limits) {
    deadline_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                   std::chrono::duration<double>(limits.time_limit_s + courtesy_s));
    send_all(line + "\n", limits);
    return receive_line(limits);
  }

 private:
  // Waits until the socket can do what is wanted of it.
  void wait_for(short what, const study::TaskLimits& limits) const {
    for (;;) {
      if (limits.stop != nullptr && limits.stop->load()) throw study::Interrupted{};
      if (Clock::now() > deadline_) throw Lost{};
      pollfd one{socket_, what, 0};
      constexpr int interval_ms = 100;  // between looks at the stop
      if (const int ready = poll(&one, 1, interval_ms); ready < 0 && errno != EINTR)
        fail("wait for a worker");
      else if (ready > 0)
        return;
    }
  }

  void send_all(std::string_view bytes, const study::TaskLimits& limits) const {
    while (!bytes.empty()) {
      wait_for(POLLOUT, limits);
      const ssize_t n = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n < 0 && errno != EINTR && errno != EAGAIN) return;  // what it said before it ended is read yet
      if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }

  std::string receive_line(const study::TaskLimits& limits) {
    for (;;) {
      if (const std::size_t end = buffer_.find('\n'); end != std::string::npos) {
        std::string line = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        return line;
      }
      if (buffer_.size() > longest_line) throw Lost{};
      wait_for(POLLIN, limits);
      std::array<char, 1U << 16U> bytes;
      const ssize_t n = recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
      if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) throw Lost{};
      if (n > 0) buffer_.append(bytes.data(), static_cast<std::size_t>(n));
    }
  }

  std::string command_, buffer_;
  int socket_ = -1;
  pid_t child_ = 0;
  Clock::time_point deadline_;
};

Workers::Workers(std::vector<std::string> commands) : commands_(std::move(commands)) {
  core::require(!commands_.empty(), "workers need a command");
}

Workers::~Workers() = default;

// A worker that has the model: an idle one, or a new one where there is none or it must be `fresh`.
std::unique_ptr<Workers::Worker> Workers::take(bool fresh, const std::shared_ptr<const model::Model>& model,
                                               const study::TaskLimits& limits) {
  std::unique_ptr<Worker> worker;
  std::string command, line;
  std::uint64_t wanted = 0;
  {
    const std::lock_guard lock(mutex_);
    if (sent_ != model) {
      line_ = model_line(*model);
      sent_ = model;
      ++model_;
    }
    line = line_;
    wanted = model_;
    if (!fresh && !idle_.empty()) {
      worker = std::move(idle_.back());
      idle_.pop_back();
    } else {
      command = commands_[started_++ % commands_.size()];
    }
  }
  if (!worker) worker = std::make_unique<Worker>(command);
  if (worker->model == wanted) return worker;
  const std::string answer = worker->ask(line, {1, 0.0, limits.stop});
  if (!is_ready_line(answer))
    throw core::IoError(fmt::format("'{}' is no worker of this engine: it answered '{}'", worker->command(),
                                    answer.substr(0, 200)));
  worker->model = wanted;
  return worker;
}

study::Outcome Workers::perform(const study::Task& task, const std::shared_ptr<const model::Model>& model,
                                const study::TaskLimits& limits) {
  const std::string line = task_line(task, limits, *model);
  constexpr int tries = 2;
  for (int i = 0; i < tries; ++i) {
    std::unique_ptr<Worker> worker;
    try {
      worker = take(i > 0, model, limits);
    } catch (const Lost&) {
      throw core::IoError(fmt::format("a worker ended before it was ready; its command is one of: {}",
                                      fmt::join(commands_, "; ")));
    }
    try {
      study::Outcome outcome = read_outcome_line(worker->ask(line, limits), task.key);
      const std::lock_guard lock(mutex_);
      idle_.push_back(std::move(worker));
      return outcome;
    } catch (const Lost&) {
      continue;
    }
  }
  throw std::runtime_error(fmt::format("{} workers were lost over it", tries));
}

}  // namespace stroma::store
