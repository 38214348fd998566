// Cells of several types in one region: as numbers of each, or as shares of a number or of what fits.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "model/vocabulary.hpp"

namespace stroma::study {

struct Mixture {
  std::vector<std::pair<model::Index, double>> shares;         ///< > 0, which sum to 1; of what fits
  std::vector<std::pair<model::Index, std::int64_t>> numbers;  ///< of each type; where the number is known
};

/// What { HepG2 = 0.8, CAF = 0.2 } means. Values that are whole and of which one is above 1 are numbers, all
/// others shares, which must sum to 1 (to 1e-6); a single type of value 1 is all of it where `fills`
/// (a packing), one cell where not. With `number` > 0 values are shares of it, rounded by largest remainders
/// (Hamilton's method; ties to the type that is named first). Returns what is wrong, empty where nothing is.
std::string read_mixture(const std::vector<std::pair<model::Index, double>>& values, std::int64_t number,
                         bool fills, Mixture& out);

}  // namespace stroma::study
