// Right-censored times: how long a subject was observed, and whether that ended with the event.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace stroma::stats {

/// One subject. A subject that is censored at the time of another's event was still at risk then.
struct FollowUp {
  double time = 0.0;  ///< >= 0, finite, in any unit that all subjects share
  bool event = true;  ///< false: censored, alive when last seen
};

/// Throws StatisticsError where there are fewer than `least` subjects or a time is negative or not finite;
/// `what` names the sample, and the message the subject by its number from 1.
void require_follow_up(std::span<const FollowUp> subjects, std::size_t least, std::string_view what);

/// How many events there are.
std::size_t count_events(std::span<const FollowUp> subjects);

}  // namespace stroma::stats
