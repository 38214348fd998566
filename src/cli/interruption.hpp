// SIGINT, SIGTERM and SIGHUP end a run tidily: what is finished is kept and the next run continues there. The
// last of the signals that are counted ends at once; one between them asks to hurry.
#pragma once

#include "jobs/job.hpp"

namespace stroma::cli {

/// Signals as the wish to stop. While what `listen` returned lives, they set `requested` instead of killing
/// the process.
class SignalStop : public jobs::Stop {
 public:
  std::shared_ptr<void> listen(int wishes) override;
  const std::atomic<bool>& requested() const override;
  bool hurry() const override;
  /// 130 after SIGINT, 143 after SIGTERM, 129 after SIGHUP.
  int exit_code() const;
};

}  // namespace stroma::cli
