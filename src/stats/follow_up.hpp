// Times that are censored on the right and perhaps cut off on the left: from when to when a subject was under
// observation, and whether that ended with the event.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string_view>

namespace stroma::stats {

/// One subject, or one of the intervals (entry, time] into which its observation is divided. It is at risk at
/// t where entry < t <= time: whoever is censored at the time of another's event was still at risk then, and
/// whoever enters then is not yet.
struct FollowUp {
  double time = 0.0;  ///< >= 0, finite, in any unit that all subjects share
  bool event = true;  ///< false: censored, alive when last seen
  /// When the observation begins, < time; minus infinity: with the clock, so that time 0 counts as well.
  double entry = -std::numeric_limits<double>::infinity();
};

/// Whether any of them came under observation later than the clock began.
bool has_entries(std::span<const FollowUp> subjects);

/// Throws StatisticsError where there are fewer than `least` subjects, a time is negative or not finite, or
/// an entry is not before its time; `what` names the sample, and the message the subject by its number from
/// 1.
void require_follow_up(std::span<const FollowUp> subjects, std::size_t least, std::string_view what);

/// How many events there are.
std::size_t count_events(std::span<const FollowUp> subjects);

}  // namespace stroma::stats
