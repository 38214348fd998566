// A photograph of a dish as a line of a counting sheet, which the analysis of colony formation takes over.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assays/colonies/colonies.hpp"
#include "core/diagnostics.hpp"
#include "imaging/colonies.hpp"

namespace stroma::assays {

/// What a picture shows: a line of the sample sheet. Several lines may name one picture, each with its own
/// circle.
struct DishSample {
  std::string file, arm;
  int replicate = 1, technical = 1;
  std::int64_t plated = 0;                   ///< cells put into the dish
  std::optional<imaging::Dish> circle = {};  ///< where the dish is, pixels; none: found
  std::string place = {};  ///< of several dishes in one photograph: "A1" as on a plate, or "1" row by row
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

/// The lines of the sheet that name one photograph, each with its circle. Which of several dishes a line
/// means is never guessed: throws core::InputError for a photograph without a dish (no-dish), one with
/// several of which a line does not say which it means (several-dishes, with the places and circles of all),
/// and a place that it has not (no-such-dish). `whole`: the picture is all dish, and none is looked for.
struct PlacedDishes {
  std::vector<DishSample> lines;
  std::size_t found = 0;  ///< dishes in the photograph; 0 where none was looked for
};
PlacedDishes place_dishes(const imaging::Image& image, std::vector<DishSample> lines, bool whole);

/// Counts one dish, or the whole picture where the line has no circle. Warnings: crowded (colonies cover more
/// than 30 % of the dish: many merge and the count is too low), foreign-things (pen or scratches were dark
/// enough to set the threshold and were left out of it).
CountedDish count_dish(const imaging::Image& image, const DishSample& sample, imaging::ColonySetup setup,
                       core::Diagnostics& warnings);

}  // namespace stroma::assays
