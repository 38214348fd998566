// What drives the networks of a population from within its cells, in every setting: drugs that they hold and
// traits. What comes from outside, the occupancy of receptors, is the setting's. Private to the module.
#pragma once

#include <algorithm>
#include <vector>

#include "tissue/populations.hpp"

namespace stroma::tissue {

/// Scratch of one population.
struct DriveWork : NetworkDrive {
  std::vector<std::vector<float>> drug_rows;  ///< [drug input][cell], activity left or strength
  std::vector<float> inside;                  ///< [cell], nM free, of one drug
};

inline bool holds_none(const std::vector<double>& held) {
  return std::all_of(held.begin(), held.end(), [](double amount) { return amount == 0.0; });
}

/// The drugs that cells hold engage their targets; one that nobody holds leaves them as they are.
/// `concentration(amount, i)`: nM in cell i, which holds `amount` [nM um^3].
template <class Concentration>
void engage_drugs(DriveWork& work, const PopulationPlan& plan, const Population& population,
                  const Concentration& concentration) {
  work.drug_values.clear();
  for (const network::DrugInput& input : plan.program.drug_inputs)
    work.drug_values.push_back(without_drug(input));
  work.drug_rows.resize(work.drug_values.size());
  for (std::size_t d = 0; d < plan.drugs.size(); ++d) {
    const std::vector<double>& held = population.held[d];
    if (holds_none(held)) continue;
    work.inside.resize(held.size());
    for (std::size_t i = 0; i < held.size(); ++i)
      work.inside[i] = static_cast<float>(concentration(held[i], i));
    engage_targets(plan.drugs[d], work.inside, work.drug_rows, work.drug_values);
  }
}

/// Traits multiply the odds of their nodes.
inline void multiply_by_traits(NetworkDrive& drive, const PopulationPlan& plan,
                               const Population& population) {
  drive.multipliers.clear();
  for (const network::TraitInput& input : plan.program.trait_inputs)
    drive.multipliers.push_back(network::InputValues::each(population.cells.traits[input.trait]));
}

}  // namespace stroma::tissue
