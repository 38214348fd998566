#include "cli/interruption.hpp"

#include <unistd.h>

#include <csignal>

namespace stroma::cli {
namespace {

// A signal handler can reach nothing but what is global; this is all of it.
std::atomic<bool> stop_requested{false};
std::atomic<int> which{0}, received{0}, allowed{2};

void on_signal(int signal) {
  if (++received >= allowed) _exit(128 + signal);
  stop_requested = true;
  which = signal;
}

class Interruption {
 public:
  explicit Interruption(int signals) {
    received = 0;
    allowed = signals;
    stop_requested = false;
    which = 0;
    struct sigaction action {};
    action.sa_handler = on_signal;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    // A terminal or connection that closes; who started the program with nohup wants it to go on.
    struct sigaction before {};
    sigaction(SIGHUP, nullptr, &before);
    hangup_ = before.sa_handler != SIG_IGN;
    if (hangup_) sigaction(SIGHUP, &action, nullptr);
  }
  ~Interruption() {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    if (hangup_) std::signal(SIGHUP, SIG_DFL);
  }
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

 private:
  bool hangup_ = true;  // SIGHUP is not ignored already
};

}  // namespace

std::shared_ptr<void> SignalStop::listen(int wishes) {
  return std::make_shared<Interruption>(wishes);
}

const std::atomic<bool>& SignalStop::requested() const {
  return stop_requested;
}

bool SignalStop::hurry() const {
  return received > 1;
}

int SignalStop::exit_code() const {
  return 128 + which.load();
}

}  // namespace stroma::cli
