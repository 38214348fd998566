// SIGINT, SIGTERM and SIGHUP end a run tidily: what is finished is kept and the next run continues there. The
// last of `signals` ends at once; one between them asks to hurry.
#pragma once

#include <atomic>

namespace stroma::cli {

/// While it lives, the signals set `stop` instead of killing the process.
class Interruption {
 public:
  explicit Interruption(int signals = 2);
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  const std::atomic<bool>& stop() const;
  /// A second signal came: only what must be saved should be.
  bool hurry() const;
  /// 130 after SIGINT, 143 after SIGTERM, 129 after SIGHUP.
  int exit_code() const;

 private:
  bool hangup_ = true;  ///< SIGHUP is not ignored already
};

}  // namespace stroma::cli
