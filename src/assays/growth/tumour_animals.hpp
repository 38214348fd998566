// The animals of a growth experiment, before anything is compared: measurements gathered by animal, cut at
// the day of the first dose, with a slope of their own, and what is odd about them said once for all.
#pragma once

#include <optional>
#include <vector>

#include "assays/growth/tumour_growth.hpp"

namespace stroma::assays {

/// Animals in the order of the table, the tumours of one animal on one day added up. An animal is its name in
/// its arm: numbers may begin anew in every arm. Throws InputError (measured-twice).
std::vector<AnimalGrowth> gather_animals(const std::vector<TumourVolume>& volumes,
                                         core::Diagnostics& warnings);

/// Warns of names that look like two flanks of one animal.
void warn_of_flanks(const std::vector<AnimalGrowth>& animals, core::Diagnostics& warnings);

/// Warns of days of the plan on which animals are missing, and of animals that left before others.
void warn_of_gaps(const std::vector<AnimalGrowth>& animals, core::Diagnostics& warnings);

/// Cuts every animal's measurements at the day of the first dose, d: its last measurement on or before that
/// day is its baseline. `asked`: the day; empty: 0 where there are days below 0, else each animal's first
/// measurement. Says in `understanding` what was taken. Returns the day, where there is one. Throws
/// InputError (bad-baseline) for a day that no animal was measured on or before, or after which none was.
std::optional<double> start_at_baseline(std::vector<AnimalGrowth>& animals,
                                        const std::optional<double>& asked,
                                        core::Understanding& understanding, core::Diagnostics& warnings);

/// Slopes of ln V by least squares, for animals with three volumes above 0.
void add_slopes(std::vector<AnimalGrowth>& animals, core::Diagnostics& warnings);

}  // namespace stroma::assays
