#include "store/ledger_comparison.hpp"

namespace stroma::store {

void LedgerComparison::absent(std::string_view key) {
  if (complete_)
    different_.emplace(key, "not in the ledger");
  else
    ++unfinished_;
}

void LedgerComparison::store(std::string_view key, std::string_view, std::string_view payload) {
  const std::optional<SqliteLedger::Entry> entry = look_(key);
  const std::lock_guard lock(mutex_);
  if (!entry)
    absent(key);
  else if (!entry->whole)
    different_.emplace(key, "its entry is damaged");
  else if (entry->payload != payload)
    different_.emplace(key, "other results");
  else
    ++same_;
}

void LedgerComparison::record_failure(std::string_view key, std::string_view, std::string_view message) {
  const bool finished = look_(key).has_value();
  const std::lock_guard lock(mutex_);
  if (finished)
    different_.emplace(key, "failed: " + std::string(message));
  else if (failed_.contains(key))
    ++same_;
  else
    absent(key);
}

}  // namespace stroma::store
