// SIGINT and SIGTERM end a run tidily: what is finished is kept and the next run continues there. A second
// signal ends at once.
#pragma once

#include <atomic>

namespace stroma::cli {

/// While it lives, the two signals set `stop` instead of killing the process.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  const std::atomic<bool>& stop() const;
  /// 130 after SIGINT, 143 after SIGTERM.
  int exit_code() const;
};

}  // namespace stroma::cli
