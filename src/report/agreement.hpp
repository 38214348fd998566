// Simulated against measured: one axis, intervals on both sides, where the model is off and what would have
// to move.
#pragma once

#include <vector>

#include "report/document.hpp"
#include "study/agreement.hpp"
#include "study/sensitivity.hpp"

namespace stroma::report {

/// Measured against simulated with the identity line, the shifts as a forest, and the table of verdicts.
/// `margin`: log2 of the ratio that counts as equivalent.
Section agreement_section(const study::AgreementResult& result, double margin);

/// Which parameters would have to move, most explaining first; `effects` as study::rank_parameters gives
/// them.
Section sensitivity_section(const std::vector<study::ParameterEffect>& effects);

/// "3 of 12 arms are equivalent, 4 are off ..."; one sentence for the head of the page and the terminal.
std::string agreement_summary(const study::AgreementResult& result, double margin);

}  // namespace stroma::report
