#include "store/ledger.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>
#include <system_error>

#include "core/diagnostics.hpp"
#include "core/errors.hpp"
#include "core/hash.hpp"
#include "io/file.hpp"

namespace stroma::store {
namespace fs = std::filesystem;
namespace {

constexpr int application_id = 0x5374724D;  // "StrM" in the file's header: whose database this is
constexpr int schema_version = 1;
constexpr std::string_view remedy = "move the file away or delete it; the runs in it will be computed again";

constexpr const char* schema = R"(
  CREATE TABLE finished (key TEXT PRIMARY KEY, kind TEXT NOT NULL, payload BLOB NOT NULL, hash TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE failed (key TEXT PRIMARY KEY, kind TEXT NOT NULL, message TEXT NOT NULL) WITHOUT ROWID;
)";

// The key belongs to it, so that a damaged key cannot hand out the result of another run.
std::string hash_of(std::string_view key, std::string_view payload) {
  core::Hasher hasher;
  hasher.text(key);
  hasher.text(payload);
  return hasher.digest();
}

}  // namespace

struct SqliteLedger::Database {
  explicit Database(fs::path file) : path(std::move(file)) {}
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() {
    for (sqlite3_stmt* statement : {find, drop, insert, forget, fail, count, list})
      sqlite3_finalize(statement);
    sqlite3_close(db);  // the last connection folds the write-ahead file into the database
  }

  [[noreturn]] void refuse(std::string code, std::string message) const {
    const std::string name = io::printable(path);
    throw core::InputError(
        {{std::move(code), {name, 0, 0}, name, "run ledger: " + message, std::string(remedy)}});
  }

  // SQLite's result codes, sorted by who can help: the person who owns the file, or nobody but the disk.
  void check(int result) const {
    if (result == SQLITE_OK || result == SQLITE_ROW || result == SQLITE_DONE) return;
    const std::string reason = db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(result);
    switch (result & 0xFF) {
      case SQLITE_NOTADB:
        refuse("foreign-ledger", "the file is not a SQLite database");
      case SQLITE_CORRUPT:
      case SQLITE_ERROR:
      case SQLITE_MISMATCH:
      case SQLITE_CONSTRAINT:
      case SQLITE_SCHEMA:
        refuse("damaged-ledger", fmt::format("the file is damaged ({})", reason));
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        refuse("ledger-in-use", "another program keeps the file locked");
      default:
        throw core::IoError(
            fmt::format("cannot use the run ledger {}: {}{}", io::printable(path), reason, system_reason()));
    }
  }

  std::string system_reason() const {
    const int error = db != nullptr ? sqlite3_system_errno(db) : 0;
    return error == 0 ? std::string() : " (" + std::generic_category().message(error) + ")";
  }

  void run(const char* sql) const { check(sqlite3_exec(db, sql, nullptr, nullptr, nullptr)); }

  sqlite3_stmt* prepare(const char* sql) const {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
    return statement;
  }

  std::string text_of(const char* sql) const {
    sqlite3_stmt* statement = prepare(sql);
    const int result = sqlite3_step(statement);
    std::string text = result == SQLITE_ROW ? column(statement, 0) : std::string();
    sqlite3_finalize(statement);
    check(result);
    return text;
  }

  static std::string column(sqlite3_stmt* statement, int index) {
    const void* bytes = sqlite3_column_blob(statement, index);
    const int size = sqlite3_column_bytes(statement, index);
    return bytes == nullptr ? std::string()
                            : std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  }

  void open() {
    std::error_code error;
    if (fs::is_directory(path, error))
      throw core::IoError(fmt::format("cannot use the run ledger {}: it is a folder", io::printable(path)));
    // Whether the file is ours is asked before anything is written to it.
    check(sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                          nullptr));
    check(sqlite3_extended_result_codes(db, 1));
    check(sqlite3_busy_timeout(db, 10'000));
    run("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
    identify();
    // Where the file system cannot share memory, SQLite stays with a rollback journal; that one needs FULL.
    const bool write_ahead = text_of("PRAGMA journal_mode = WAL") == "wal";
    run(write_ahead ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL");
    if (const std::string health = text_of("PRAGMA quick_check(1)"); health != "ok")
      refuse("damaged-ledger", fmt::format("the file is damaged ({})", health));
    find = prepare("SELECT payload, hash FROM finished WHERE key = ?1");
    drop = prepare("DELETE FROM finished WHERE key = ?1");
    insert = prepare("INSERT INTO finished (key, kind, payload, hash) VALUES (?1, ?2, ?3, ?4)");
    forget = prepare("DELETE FROM failed WHERE key = ?1");
    fail = prepare(
        "INSERT INTO failed (key, kind, message) SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM finished "
        "WHERE key = ?1) "
        "ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, message = excluded.message");
    count = prepare("SELECT (SELECT count(*) FROM finished), (SELECT count(*) FROM failed)");
    list = prepare("SELECT key, kind, message FROM failed ORDER BY key");
  }

  void identify() {
    // IMMEDIATE: of two processes that create the ledger at once, the second waits and then finds it made.
    run("BEGIN IMMEDIATE");
    const std::string id = text_of("PRAGMA application_id"), version = text_of("PRAGMA user_version");
    const bool fresh = text_of("SELECT count(*) FROM sqlite_master") == "0" && id == "0" && version == "0";
    if (fresh) {
      run(schema);
      run(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, schema_version)
              .c_str());
    } else if (id != fmt::format("{}", application_id)) {
      refuse("foreign-ledger", "the file is a database of another program");
    } else if (version != fmt::format("{}", schema_version)) {
      refuse("ledger-version",
             fmt::format("the file has version {}, this program writes version {}", version, schema_version));
    }
    run("COMMIT");
  }

  static void bind(sqlite3_stmt* statement, int index, std::string_view text) {
    sqlite3_bind_text64(statement, index, text.data() != nullptr ? text.data() : "", text.size(),
                        SQLITE_STATIC, SQLITE_UTF8);
  }

  fs::path path;
  sqlite3* db = nullptr;
  sqlite3_stmt *find = nullptr, *drop = nullptr, *insert = nullptr, *forget = nullptr, *fail = nullptr,
               *count = nullptr, *list = nullptr;
};

namespace {
/// A statement in use; reset on every way out, so that no lock is left behind.
struct Use {
  sqlite3_stmt* statement;
  explicit Use(sqlite3_stmt* prepared) : statement(prepared) {}
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  ~Use() {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }
};
}  // namespace

SqliteLedger::SqliteLedger(fs::path path) : database_(std::make_unique<Database>(path)) {
  try {
    database_->open();
  } catch (...) {
    database_.reset();
    // SQLite makes the file before it knows whether the disk takes it.
    std::error_code error;
    if (fs::is_regular_file(path, error) && fs::file_size(path, error) == 0 && !error)
      for (const char* part : {"", "-journal", "-wal", "-shm"}) fs::remove(path.string() + part, error);
    throw;
  }
}

SqliteLedger::~SqliteLedger() = default;

std::optional<SqliteLedger::Entry> SqliteLedger::look_unguarded(std::string_view key) {
  Database& db = *database_;
  const Use use(db.find);
  Database::bind(db.find, 1, key);
  const int result = sqlite3_step(db.find);
  db.check(result);
  if (result == SQLITE_DONE) return std::nullopt;
  std::string payload = Database::column(db.find, 0);
  const bool whole = hash_of(key, payload) == Database::column(db.find, 1);
  return Entry{std::move(payload), whole};
}

std::optional<SqliteLedger::Entry> SqliteLedger::look(std::string_view key) {
  const std::scoped_lock guard(mutex_);
  return look_unguarded(key);
}

std::optional<std::string> SqliteLedger::find(std::string_view key) {
  const std::scoped_lock guard(mutex_);
  Database& db = *database_;
  std::optional<Entry> entry = look_unguarded(key);
  if (!entry) return std::nullopt;
  if (entry->whole) return std::move(entry->payload);
  const Use use(db.drop);
  Database::bind(db.drop, 1, key);
  db.check(sqlite3_step(db.drop));
  ++dropped_;
  return std::nullopt;
}

std::int64_t SqliteLedger::dropped() const {
  const std::scoped_lock guard(mutex_);
  return dropped_;
}

void SqliteLedger::store(std::string_view key, std::string_view kind, std::string_view payload) {
  const std::optional<std::string> earlier = find(key);
  if (earlier) {
    core::require(*earlier == payload, "two runs with the same key gave different results");
    return;
  }
  const std::string hash = hash_of(key, payload);
  const std::scoped_lock guard(mutex_);
  Database& db = *database_;
  db.run("BEGIN IMMEDIATE");
  try {
    {
      const Use use(db.insert);
      Database::bind(db.insert, 1, key);
      Database::bind(db.insert, 2, kind);
      sqlite3_bind_blob64(db.insert, 3, payload.empty() ? "" : payload.data(), payload.size(), SQLITE_STATIC);
      Database::bind(db.insert, 4, hash);
      const int result = sqlite3_step(db.insert);
      // Another thread or process was faster with the same run.
      if ((result & 0xFF) != SQLITE_CONSTRAINT) db.check(result);
    }
    {
      const Use use(db.forget);
      Database::bind(db.forget, 1, key);
      db.check(sqlite3_step(db.forget));
    }
    db.run("COMMIT");
  } catch (...) {
    sqlite3_exec(db.db, "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
}

void SqliteLedger::record_failure(std::string_view key, std::string_view kind, std::string_view message) {
  const std::scoped_lock guard(mutex_);
  Database& db = *database_;
  const Use use(db.fail);
  Database::bind(db.fail, 1, key);
  Database::bind(db.fail, 2, kind);
  Database::bind(db.fail, 3, message);
  db.check(sqlite3_step(db.fail));
}

LedgerCounts SqliteLedger::counts() {
  const std::scoped_lock guard(mutex_);
  Database& db = *database_;
  const Use use(db.count);
  db.check(sqlite3_step(db.count));
  return {sqlite3_column_int64(db.count, 0), sqlite3_column_int64(db.count, 1)};
}

std::vector<LedgerFailure> SqliteLedger::failures() {
  const std::scoped_lock guard(mutex_);
  Database& db = *database_;
  const Use use(db.list);
  std::vector<LedgerFailure> out;
  int result = SQLITE_DONE;
  while ((result = sqlite3_step(db.list)) == SQLITE_ROW)
    out.push_back({Database::column(db.list, 0), Database::column(db.list, 1), Database::column(db.list, 2)});
  db.check(result);
  return out;
}

}  // namespace stroma::store
