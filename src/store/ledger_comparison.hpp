// A ledger that answers nothing and keeps nothing: what is run again is compared with what another ledger
// holds.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#include "study/executor.hpp"

namespace stroma::store {

class LedgerComparison : public study::Ledger {
 public:
  explicit LedgerComparison(study::Ledger& kept) : kept_(kept) {}
  std::optional<std::string> find(std::string_view) override { return std::nullopt; }
  void store(std::string_view key, std::string_view kind, std::string_view payload) override;
  void record_failure(std::string_view key, std::string_view kind, std::string_view message) override;

  /// How many were the same bits.
  std::size_t same() const { return same_; }
  /// How the others differ, by key: "other results", "not in the ledger", "failed: ...".
  const std::map<std::string, std::string, std::less<>>& different() const { return different_; }

 private:
  study::Ledger& kept_;
  std::mutex mutex_;
  std::size_t same_ = 0;
  std::map<std::string, std::string, std::less<>> different_;
};

}  // namespace stroma::store
