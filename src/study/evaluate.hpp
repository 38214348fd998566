// One way to ask a study what it gives with other numbers in its model: under calibrations, sensitivities and
// whatever else varies parameters. Vessels that the ledger knows are not run again.
#pragma once

#include <span>

#include "model/addresses.hpp"
#include "study/study.hpp"

namespace stroma::study {

/// The study with these cells of its model changed, without its findings. Throws core::InputError where the
/// model then is none, core::NumericalError where a vessel fails.
StudyResult evaluate(const Study& study, std::span<const model::Change> changes, Ledger* ledger,
                     const StudyOptions& options);

}  // namespace stroma::study
