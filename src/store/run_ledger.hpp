// The study's ledger, kept in SQLite.
#pragma once

#include "store/ledger.hpp"
#include "study/executor.hpp"

namespace stroma::store {

class RunLedger : public study::Ledger {
 public:
  explicit RunLedger(const std::filesystem::path& path) : ledger_(path) {}
  std::optional<std::string> find(std::string_view key) override { return ledger_.find(key); }
  void store(std::string_view key, std::string_view kind, std::string_view payload) override {
    ledger_.store(key, kind, payload);
  }
  void record_failure(std::string_view key, std::string_view kind, std::string_view message) override {
    ledger_.record_failure(key, kind, message);
  }

  /// What is stored, or was recorded as failed, without changing anything.
  std::optional<SqliteLedger::Entry> look(std::string_view key) { return ledger_.look(key); }
  std::vector<LedgerFailure> failures() { return ledger_.failures(); }

  /// Stored results that were damaged, and are run again.
  std::int64_t dropped() const { return ledger_.dropped(); }

 private:
  SqliteLedger ledger_;
};

}  // namespace stroma::store
