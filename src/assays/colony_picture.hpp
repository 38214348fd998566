// A photograph of a dish as a line of a counting sheet, which the analysis of colony formation takes over.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assays/colonies.hpp"
#include "core/diagnostics.hpp"
#include "imaging/colonies.hpp"

namespace stroma::assays {

/// What a picture shows: a line of the sample sheet. Several lines may name one picture, each with its own
/// circle.
struct DishSample {
  std::string file, arm;
  int replicate = 1, technical = 1;
  std::int64_t plated = 0;              ///< cells put into the dish
  std::optional<imaging::Dish> circle;  ///< where the dish is, pixels; none: found
};

/// A dish, counted.
struct CountedDish {
  DishSample sample;
  imaging::ColonyPicture picture;
  std::optional<double> um_per_pixel;

  ColonyCount count() const;
  std::optional<double> mean_area() const;      ///< pixels squared, or none without colonies
  std::optional<double> mean_area_um2() const;  ///< um^2
};

/// Counts one dish. Warnings: no-dish (no circle stands out: the whole picture was counted), crowded
/// (colonies cover more than 30 % of the dish: many merge and the count is too low).
CountedDish count_dish(const imaging::Image& image, const DishSample& sample, imaging::ColonySetup setup,
                       core::Diagnostics& warnings);

}  // namespace stroma::assays
