// Where the points and labels of a scatter panel go, in px: which of many points are drawn, and where a label
// has room. All of it depends on the data alone, so that a figure is the same every time.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/bench_figures.hpp"

namespace stroma::report {

/// A linear or logarithmic axis of `length` px.
struct ScatterAxis {
  double low = 0, high = 1;  ///< low < high; positive where `log`
  int length = 1;
  bool log = false;
  bool upward = false;  ///< px count from the top, values from the bottom

  [[nodiscard]] bool has_place(double value) const;  ///< finite, and positive on a log axis
  [[nodiscard]] double pixel(double value) const;
  [[nodiscard]] double value(double pixel) const;  ///< the inverse of `pixel`
};

/// The axis that holds all `values` that have a place on it, with 4 % to spare on both sides.
ScatterAxis axis_over(const std::vector<double>& values, int length, bool log, bool upward);

/// A point that is drawn: its index, and how many points it stands for, itself among them.
struct DrawnPoint {
  std::size_t index = 0;
  int stands_for = 1;
};

/// The points to draw, in their order. Points without a place are left out. While more than `limit` points
/// without emphasis are left, those of the most numerous arm are laid on a square grid and the first in each
/// cell stands for the others; the grid starts at 1 px and gets coarser by half. Time: points times some ten
/// grids.
std::vector<DrawnPoint> thin(const std::vector<ScatterPoint>& points, const ScatterAxis& x,
                             const ScatterAxis& y, std::size_t limit);

/// A label's box in px from the upper left corner of the plot.
struct LabelBox {
  std::size_t index = 0;  ///< of the point
  double left = 0, top = 0, width = 0, height = 0;
};

/// A place for the label of each emphasised point that has one: near its point, inside the plot, over no
/// other label and no other emphasised point. Points that come first choose first; a label for which there is
/// no room within 60 px is left out.
std::vector<LabelBox> place_labels(const std::vector<ScatterPoint>& points, const ScatterAxis& x,
                                   const ScatterAxis& y);

}  // namespace stroma::report
