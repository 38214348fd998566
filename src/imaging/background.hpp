// What lies under the signal: uneven light, film, membrane. The rolling ball (Sternberg, IEEE Computer 16:22,
// 1983) rolls along the underside of the grey values, and where its top reaches is background. The ball is
// taken as the paraboloid with the same curvature at its top, h = x^2 / (2 r), as ImageJ's "sliding
// paraboloid": then the opening separates into lines, each exact in linear time (Felzenszwalb & Huttenlocher,
// Theory Comput. 8:415, 2012).
//   eroded(x) = min over u of f(u) + k (x - u)^2,   background(x) = max over u of eroded(u) - k (x - u)^2, k
//   = s / (2 r)
// Known behaviour: a linear slope g is background exactly, more than g r / s from an edge; under a
// flat-topped object of width w the background rises by at most k w^2 / 4.
#pragma once

#include <span>
#include <vector>

#include "imaging/image.hpp"

namespace stroma::imaging {

/// The background by the rolling ball. `radius` > 0, pixels; `step` > 0: the grey values that count as one
/// pixel of height. It must never come from one picture's largest value: a hot pixel would steepen the ball.
/// `reach`: the ball ends so many pixels beside its middle along either axis, at its radius as a real ball
/// does, so that a flat one (a small step) does not roll on the far ends of a slope; 0: it has no end. Exact
/// in linear time either way. Nowhere above the plane.
Plane rolling_background(const Plane& plane, double radius, double step, std::size_t reach = 0);
/// The same along one line, without an end.
std::vector<double> rolling_background(std::span<const double> line, double radius, double step);

/// The rubber band: the largest convex function below the line (its lower convex hull), exact for any line
/// that is convex where it is background.
std::vector<double> rubber_band(std::span<const double> line);

/// The background that bands and lanes stand out from, for finding them: the higher of the rubber band, which
/// is exact for a slope up to the ends, and a rolling ball whose step is `range` / 255, which follows bulges.
std::vector<double> ground_of(std::span<const double> line, double radius, double range);

/// The mean of the square of (2 half + 1)^2 pixels about each, fewer at the edges: noise is smoothed before a
/// background is taken, since a lower envelope hangs on the lowest values.
Plane box_mean(const Plane& plane, std::size_t half);
std::vector<double> box_mean(std::span<const double> line, std::size_t half);

/// The median of a square of (2 half + 1)^2 pixels about each, half 1 or 2: takes single bright pixels away.
Plane despeckle(const Plane& plane, std::size_t half);

}  // namespace stroma::imaging
