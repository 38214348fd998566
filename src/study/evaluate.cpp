#include "study/evaluate.hpp"

#include "core/errors.hpp"

namespace stroma::study {

StudyResult evaluate(const Study& study, std::span<const model::Change> changes, Ledger* ledger,
                     const StudyOptions& options) {
  Study varied = study;
  varied.findings.clear();
  if (!changes.empty()) varied.model = model::changed(*study.model, changes);
  StudyResult result = run(varied, ledger, options);
  if (!result.failures.empty())
    throw core::NumericalError("a vessel with varied numbers failed: " + result.failures.front());
  return result;
}

}  // namespace stroma::study
