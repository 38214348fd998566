// Times, cell types and concentrations as experiments with and without space write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/document.hpp"
#include "core/time.hpp"
#include "model/model.hpp"
#include "study/experiment.hpp"

namespace stroma::study {

/// A time of a section, or `fallback` where the key is absent. A time that is negative, longer than the clock
/// holds or no multiple of 0.6 s is a problem, so that nothing is rounded in silence.
core::Tick read_tick(core::Section& section, std::string_view key, core::Tick fallback, bool zero_allowed);

/// The same for a key that must be there.
core::Tick read_required_tick(core::Section& section, std::string_view key, bool zero_allowed);

/// The cell type of that name; a name that is unknown, or that of a family, is a problem and gives
/// model::none.
model::Index read_cell_type(const std::string& name, const core::Place& place, const model::Model& model,
                            core::Diagnostics& problems);

/// A concentration from 0 to 1e12 (nM; 1000 M), written as molar or, where the model has the molar mass of
/// `substance`, as mass per volume. Anything else is a problem at `place`, under the name `key`, and gives 0.
double read_concentration(const std::string& text, const core::Place& place, const std::string& key,
                          model::Index substance, const model::Model& model, core::Diagnostics& problems);

/// Reads `dose` or the series `doses` of a treatment whose substance is known.
void read_doses(core::Section& section, TreatmentSpec& treatment, const model::Model& model);

/// For "did you mean".
std::vector<std::string> substance_names(const model::Model& model);

}  // namespace stroma::study
