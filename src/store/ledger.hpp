// The ledger of a study's runs: key (a content hash of everything that determines a run) -> result. A run
// that is in the ledger is never run again; a run that was interrupted is not in it. Kept in one SQLite file
// in write-ahead mode: every store() is a transaction of its own, which survives the death of the process,
// costs no wait for the disk (synchronous = NORMAL), and after a power failure loses the newest rows at most,
// never the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stroma::store {

struct LedgerFailure {
  std::string key, kind, message;
};

struct LedgerCounts {
  std::int64_t finished = 0;
  std::int64_t failed = 0;
};

/// All functions are thread-safe. They throw core::IoError where the disk refuses (full, read-only, no
/// permission) and core::InputError "damaged-ledger" where the file turns out to be broken.
class SqliteLedger {
 public:
  /// Opens or creates the file. Throws core::InputError with a remedy where it is not a ledger
  /// ("foreign-ledger"), of a newer Stroma ("ledger-version"), damaged ("damaged-ledger") or locked by
  /// another program ("ledger-in-use"). A file that could not be made leaves nothing behind.
  explicit SqliteLedger(std::filesystem::path path);
  ~SqliteLedger();
  SqliteLedger(const SqliteLedger&) = delete;
  SqliteLedger& operator=(const SqliteLedger&) = delete;

  /// The result stored under `key`, or nothing. The bytes are checked against the hash stored with them; an
  /// entry that is damaged is dropped and counted, since its run can be run again.
  std::optional<std::string> find(std::string_view key);

  /// What is stored under `key`, whole or damaged; changes nothing.
  struct Entry {
    std::string payload;
    bool whole = true;
  };
  std::optional<Entry> look(std::string_view key);

  /// Entries that find() dropped because they were damaged.
  std::int64_t dropped() const;

  /// Stores the result of a finished run; it is in the ledger when this returns. An earlier failure of the
  /// same key is forgotten. A key that is there already must have the same result: if not, two runs of one
  /// key gave different bits, and core::InternalError says so.
  void store(std::string_view key, std::string_view kind, std::string_view payload);

  /// Notes that a run failed, with the reason. It is not finished and will be tried again; a finished run
  /// stays.
  void record_failure(std::string_view key, std::string_view kind, std::string_view message);

  LedgerCounts counts();
  std::vector<LedgerFailure> failures();

 private:
  struct Database;
  std::optional<Entry> look_unguarded(std::string_view key);
  mutable std::mutex mutex_;
  std::int64_t dropped_ = 0;
  std::unique_ptr<Database> database_;
};

}  // namespace stroma::store
