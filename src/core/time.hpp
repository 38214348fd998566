// Integer time. The loop counts ticks, so that no two clocks drift apart and a resumed run stops where a
// straight one does; minutes appear only where an equation needs them.
#pragma once

#include <compare>
#include <cstdint>

namespace stroma::core {

/// A point or span of simulated time; one tick is 0.01 min (0.6 s).
struct Tick {
  std::int64_t count = 0;
  friend auto operator<=>(const Tick&, const Tick&) = default;
};

inline constexpr double ticks_per_minute = 100.0;

inline constexpr Tick operator+(Tick a, Tick b) {
  return {a.count + b.count};
}
inline constexpr Tick operator-(Tick a, Tick b) {
  return {a.count - b.count};
}
/// Simulated minutes of `t`.
inline constexpr double minutes(Tick t) {
  return static_cast<double>(t.count) / ticks_per_minute;
}
/// The nearest tick to a time in minutes (exact for multiples of 0.6 s).
inline constexpr Tick to_tick(double minutes) {
  return {static_cast<std::int64_t>(minutes * ticks_per_minute + (minutes < 0 ? -0.5 : 0.5))};
}

}  // namespace stroma::core
