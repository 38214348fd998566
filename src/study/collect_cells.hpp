// What is taken of the cells of one type, wherever they were.
#pragma once

#include "assays/specimen.hpp"
#include "tissue/population.hpp"

namespace stroma::study {

/// The cells of a population of which `pipetted` real ones were put into the vessel. `lineages`: with the
/// sizes of the lineages, for colonies.
assays::CellSpecimen collect_cells(const tissue::Population& population, const tissue::PopulationPlan& plan,
                                   const model::Model& model, double pipetted, bool lineages);

}  // namespace stroma::study
