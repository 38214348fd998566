// A ledger that answers nothing and keeps nothing: what is run again is compared with what another ledger
// holds.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "store/ledger.hpp"
#include "study/executor.hpp"

namespace stroma::store {

class LedgerComparison : public study::Ledger {
 public:
  using Look = std::function<std::optional<SqliteLedger::Entry>(std::string_view)>;

  /// `look` at the entries of the run, of which `failed` are the keys of vessels that failed. `complete`: all
  /// of its vessels are expected there; otherwise those that are not there are not finished, no difference.
  LedgerComparison(Look look, std::set<std::string, std::less<>> failed, bool complete)
      : look_(std::move(look)), failed_(std::move(failed)), complete_(complete) {}
  std::optional<std::string> find(std::string_view) override { return std::nullopt; }
  void store(std::string_view key, std::string_view kind, std::string_view payload) override;
  void record_failure(std::string_view key, std::string_view kind, std::string_view message) override;

  /// How many were the same bits, or failed as before.
  std::size_t same() const { return same_; }
  /// How many the run has not finished.
  std::size_t unfinished() const { return unfinished_; }
  /// How the others differ, by key: "other results", "not in the ledger", "its entry is damaged",
  /// "failed: ...".
  const std::map<std::string, std::string, std::less<>>& different() const { return different_; }

 private:
  void absent(std::string_view key);

  Look look_;
  std::set<std::string, std::less<>> failed_;
  bool complete_;
  std::mutex mutex_;
  std::size_t same_ = 0, unfinished_ = 0;
  std::map<std::string, std::string, std::less<>> different_;
};

}  // namespace stroma::store
