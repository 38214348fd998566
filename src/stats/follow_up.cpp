#include "stats/follow_up.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "stats/error.hpp"

namespace stroma::stats {

void require_follow_up(std::span<const FollowUp> subjects, std::size_t least, std::string_view what) {
  if (subjects.size() < least)
    throw StatisticsError(
        fmt::format("{}: {} subjects given, at least {} needed", what, subjects.size(), least));
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    if (!std::isfinite(subjects[i].time) || subjects[i].time < 0.0)
      throw StatisticsError(
          fmt::format("{}: the time of subject {} of {} is {}, a finite number not below 0 is needed", what,
                      i + 1, subjects.size(), subjects[i].time));
    if (!(subjects[i].entry < subjects[i].time))
      throw StatisticsError(
          fmt::format("{}: subject {} of {} enters at {} and leaves at {}, so it was never at risk", what,
                      i + 1, subjects.size(), subjects[i].entry, subjects[i].time));
  }
}

bool has_entries(std::span<const FollowUp> subjects) {
  return std::any_of(subjects.begin(), subjects.end(),
                     [](const FollowUp& s) { return std::isfinite(s.entry); });
}

std::size_t count_events(std::span<const FollowUp> subjects) {
  return static_cast<std::size_t>(
      std::count_if(subjects.begin(), subjects.end(), [](const FollowUp& s) { return s.event; }));
}

}  // namespace stroma::stats
