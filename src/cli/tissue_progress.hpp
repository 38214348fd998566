// Progress of a run in space on stderr: simulated time, cells, rate and time left.
#pragma once

#include <chrono>

#include "cli/commands.hpp"
#include "core/time.hpp"
#include "tissue/tissue_loop.hpp"

namespace stroma::cli {

/// A line that is overwritten on a terminal, a line every five seconds elsewhere, JSON lines with --json,
/// nothing with
/// --quiet.
class TissueProgress {
 public:
  TissueProgress(const CommonOptions& options, core::Tick begin, core::Tick end);
  ~TissueProgress();
  TissueProgress(const TissueProgress&) = delete;
  TissueProgress& operator=(const TissueProgress&) = delete;
  void show(const tissue::TissueState& state, bool last);

 private:
  using Clock = std::chrono::steady_clock;
  bool quiet_, json_, terminal_ = false, open_ = false;
  core::Tick start_, end_;
  Clock::time_point begin_ = Clock::now(), shown_{};
};

}  // namespace stroma::cli
