// Times, cell types and concentrations as experiments with and without space write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/section.hpp"
#include "core/time.hpp"
#include "model/model.hpp"
#include "study/experiment.hpp"

namespace stroma::study {

/// A time of a section; its default, or 0, where the key is absent. A time that is longer than the clock
/// holds or no multiple of 0.6 s is a problem, so that nothing is rounded in silence.
core::Tick read_tick(core::Section& section, std::string_view key);

/// The cell type of that name; a name that is unknown, or that of a family, is a problem and gives
/// model::none.
model::Index read_cell_type(const std::string& name, const core::Place& place, const model::Model& model,
                            core::Diagnostics& problems);

/// A concentration [nM] in the range of `key`, written as molar or, where the model has the molar mass of
/// `substance`, as mass per volume. Anything else is a problem at `place` and gives 0.
double read_concentration(core::Section& section, std::string_view key, const std::string& text,
                          const core::Place& place, model::Index substance, const model::Model& model);
/// That of the key itself; 0 where it is absent.
double read_concentration(core::Section& section, std::string_view key, model::Index substance,
                          const model::Model& model);

/// Reads `dose` or the series `doses` of a treatment whose substance is known.
void read_doses(core::Section& section, TreatmentSpec& treatment, const model::Model& model);

/// For "did you mean".
std::vector<std::string> substance_names(const model::Model& model);

}  // namespace stroma::study
