// Which of the cells of a vessel are simulated. A vessel of many cells is simulated by a share of them and of
// its medium. A type that is rare among them would be one cell or none: it is simulated by more than its
// share, and each of these gives and takes as little as that many real cells do (its weight).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/model.hpp"
#include "study/experiment.hpp"
#include "tissue/culture_setup.hpp"

namespace stroma::study {

/// Types with the numbers of their real cells, of a culture or of the wells of an arm.
std::vector<std::pair<model::Index, double>> cells_of(const CultureSpec& culture);
std::vector<std::pair<model::Index, double>> cells_of(const ArmSpec& arm);

/// Whether a readout counts the clones of single cells: then none is weighted.
bool counts_clones(const Experiment& experiment);

struct SampledCells {
  std::vector<tissue::CultureSetup::Cells> cells;
  double share =
      1.0;  ///< of the real cells, and of the medium, in (0, 1]; 1/share real cells each, times the weight
};

/// At most about `limit` of the cells (type and real number), with a twentieth of the limit at least of each
/// type of which there are so many. Types that may become one another have one weight, 1: where one of these
/// is too rare for its share (its number would be off by more than a tenth), throws InputError. `weighted`
/// false: all have weight 1.
SampledCells sample_cells(std::span<const std::pair<model::Index, double>> cells, std::int64_t limit,
                          const model::Model& model, bool weighted);

/// What to say of the types that are simulated by more than their share: how many cells, what each stands for
/// and how uncertain their sum is. Empty where there are none.
std::vector<std::string> say_weights(const SampledCells& sampled, const model::Model& model);

}  // namespace stroma::study
