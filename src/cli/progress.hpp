// Progress on stderr: a line that is overwritten on a terminal, plain lines elsewhere, JSON lines for
// machines, or nothing.
#pragma once

#include <chrono>

#include "study/executor.hpp"

namespace stroma::cli {

class ProgressPrinter {
 public:
  enum class Style { terminal, lines, json, quiet };
  ProgressPrinter(bool quiet, bool json);
  ~ProgressPrinter();

  void show(const study::Progress& progress);

 private:
  using Clock = std::chrono::steady_clock;
  Style style_;
  Clock::time_point begin_ = Clock::now(), last_{};
  bool open_line_ = false;
};

/// "3 min 12 s".
std::string duration_text(double seconds);

}  // namespace stroma::cli
