#include "store/ledger_comparison.hpp"

namespace stroma::store {

void LedgerComparison::store(std::string_view key, std::string_view, std::string_view payload) {
  const std::optional<std::string> kept = kept_.find(key);
  const std::lock_guard lock(mutex_);
  if (kept && *kept == payload)
    ++same_;
  else
    different_.emplace(key, kept ? "other results" : "not in the ledger");
}

// What failed is in no ledger as finished: it must fail again.
void LedgerComparison::record_failure(std::string_view key, std::string_view, std::string_view message) {
  const bool finished_before = kept_.find(key).has_value();
  const std::lock_guard lock(mutex_);
  if (finished_before)
    different_.emplace(key, "failed: " + std::string(message));
  else
    ++same_;
}

}  // namespace stroma::store
