#include "io/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "core/csv.hpp"
#include "core/errors.hpp"
#include "core/text.hpp"

namespace stroma::io {
namespace {

std::string_view delimiter_name(char delimiter) {
  switch (delimiter) {
    case ',':
      return "comma";
    case ';':
      return "semicolon";
    case '\t':
      return "tab";
    default:
      return "delimiter";
  }
}

class Reader {
 public:
  Reader(std::string_view text, std::string file, const CsvOptions& options, core::Diagnostics& problems)
      : text_(text), options_(options), problems_(problems) {
    table_.file = std::move(file);
  }

  core::Table read() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = line_start_ = 3;
    refuse_many_cells();
    while (!stopped_ && at_ < text_.size()) {
      if (skip_line()) continue;
      read_record();
      if (table_.header.empty()) {
        table_.header = std::move(record_);
        check_header();
      } else {
        check_length();
        cells_ += record_.size();
        if (cells_ > options_.cell_limit || record_.size() != table_.header.size()) {
          add("too-many-cells", line_, 0,
              fmt::format("the table has more than {} cells", options_.cell_limit));
          stopped_ = true;
        } else {
          table_.rows.push_back(std::move(record_));
        }
      }
      record_.clear();
    }
    if (table_.header.empty() && !stopped_)
      add("empty-file", 1, 0, "the file is empty; expected a row of column names");
    if (has_row_names()) {
      table_.header.erase(table_.header.begin());
      for (std::vector<core::Cell>& row : table_.rows) row.erase(row.begin());
    }
    return std::move(table_);
  }

  std::vector<std::vector<core::Cell>> records() {
    std::vector<std::vector<core::Cell>> out;
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = line_start_ = 3;
    refuse_many_cells();
    while (!stopped_ && at_ < text_.size()) {
      if (skip_line()) continue;
      read_record();
      cells_ += record_.size();
      out.push_back(std::move(record_));
      record_.clear();
    }
    if (out.empty() && !stopped_) add("empty-file", 1, 0, "the file is empty; expected a table");
    return out;
  }

 private:
  bool has_row_names() const {
    return options_.row_names && table_.header.size() > 1 && table_.header[0].text.empty();
  }

  void add(std::string code, int line, int column, std::string message, std::string hint = {}) {
    if (stopped_) return;
    if (found_ == options_.problem_limit) {
      problems_.add("too-many-problems", {table_.file, line, 0}, {},
                    fmt::format("reading stopped after {} problems; there may be more", found_));
      stopped_ = true;
      return;
    }
    ++found_;
    const auto index = static_cast<std::size_t>(std::max(0, column_index_));
    const std::string key = index < table_.header.size() ? table_.header[index].text : std::string();
    problems_.add(std::move(code), {table_.file, line, column}, key, std::move(message), std::move(hint));
  }

  // Before a cell is stored: a table that will be refused costs no memory beyond its text. Counts what ends
  // cells outside quotation marks; the reading itself counts again.
  void refuse_many_cells() {
    if (text_.size() <= options_.cell_limit) return;
    std::size_t cells = 1;
    bool quoted = false;
    for (const char c : text_) {
      if (c == '"') quoted = !quoted;
      cells += !quoted && (c == options_.delimiter || c == '\n') ? 1 : 0;
    }
    // A header of its own, and the end of the last line.
    if (cells <= options_.cell_limit + options_.cell_limit / 8) return;
    add("too-many-cells", 1, 0,
        fmt::format("the table has about {} cells, more than the {} that are read", cells,
                    options_.cell_limit));
    stopped_ = true;
  }

  int column() const {
    return static_cast<int>(std::min<std::size_t>(at_ - line_start_ + 1, std::numeric_limits<int>::max()));
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool at_line_end() const {
    return at_ >= text_.size() || text_[at_] == '\n' ||
           (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n');
  }

  void end_line() {
    if (peek() == '\r') ++at_;
    if (at_ < text_.size()) ++at_;
    ++line_;
    line_start_ = at_;
  }

  // Blank lines, and comments where they are allowed. A line of blanks alone counts as blank.
  bool skip_line() {
    std::size_t end = at_;
    while (end < text_.size() && text_[end] == ' ') ++end;
    const bool blank = end >= text_.size() || text_[end] == '\n' || text_.substr(end, 2) == "\r\n";
    const bool comment = options_.comments && peek() == '#';
    if (!blank && !comment) return false;
    at_ = blank ? end : std::min(text_.find('\n', at_), text_.size());
    end_line();
    return true;
  }

  void read_record() {
    column_index_ = 0;
    for (;;) {
      read_field();
      if (stopped_ || at_line_end()) break;
      ++at_;  // the delimiter
      ++column_index_;
      // A hostile line of delimiters must not grow beyond the limit on its way to being refused.
      if (record_.size() + cells_ > options_.cell_limit) {
        add("too-many-cells", line_, column(),
            fmt::format("the table has more than {} cells", options_.cell_limit));
        stopped_ = true;
        return;
      }
    }
    record_line_ = line_;
    end_line();
  }

  void read_field() {
    core::Cell cell{{}, line_, column()};
    field_bytes_ = 0;
    field_problem_ = false;
    if (peek() == '"' && at_ < text_.size()) {
      read_quoted(cell);
    } else {
      while (!at_line_end() && text_[at_] != options_.delimiter && !stopped_) {
        if (text_[at_] == '"') {
          complain("stray-quote", "a quotation mark inside a field that does not begin with one",
                   "put the whole field in quotation marks and double those inside it");
        } else if (text_[at_] == '\r') {
          complain("stray-carriage-return", "a carriage return that does not end a line",
                   "save the file with line ends LF or CRLF");
        }
        take(cell);
      }
    }
    if (cell.text.starts_with('\'') && core::looks_like_formula(cell.text)) cell.text.erase(0, 1);
    record_.push_back(std::move(cell));
  }

  void read_quoted(core::Cell& cell) {
    const int open_line = cell.line, open_column = cell.column;
    ++at_;
    while (!stopped_) {
      if (at_ >= text_.size()) {
        add("unterminated-quote", open_line, open_column, "a quotation mark opens here and is never closed");
        stopped_ = true;  // the rest of the file lies inside it
        return;
      }
      if (text_[at_] == '"' && at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        ++at_;
        take(cell);
      } else if (text_[at_] == '"') {
        ++at_;
        break;
      } else {
        take(cell);
      }
    }
    if (stopped_ || at_line_end() || text_[at_] == options_.delimiter) return;
    complain("stray-quote",
             fmt::format("the field is closed by a quotation mark, but text follows it (expected a {})",
                         delimiter_name(options_.delimiter)),
             "double a quotation mark that belongs to the text");
    while (!stopped_ && !at_line_end() && text_[at_] != options_.delimiter) take(cell);
  }

  // One problem per field is enough to find it.
  void complain(std::string code, std::string message, std::string hint) {
    if (std::exchange(field_problem_, true)) return;
    add(std::move(code), line_, column(), std::move(message), std::move(hint));
  }

  // Moves one character of the text into the cell.
  void take(core::Cell& cell) {
    const std::size_t length = core::utf8_length(text_, at_);
    std::string_view character = text_.substr(at_, std::max<std::size_t>(length, 1));
    if (length == 0) {
      const bool utf16 = at_ < 2 && (text_.starts_with("\xFF\xFE") || text_.starts_with("\xFE\xFF"));
      complain("not-utf8",
               fmt::format("{}the byte {} is not UTF-8 text",
                           utf16 ? "this is UTF-16 (\"Unicode text\"): " : "", core::show_byte(text_[at_])),
               "save the file as \"CSV UTF-8\"");
      if (utf16) stopped_ = true;  // every second byte would be a problem of its own
      character = "\xEF\xBF\xBD";
    } else if (character[0] == '\0') {
      complain("nul-byte", "a NUL byte; the file is damaged or not a text", {});
      character = "\xEF\xBF\xBD";
    }
    field_bytes_ += character.size();
    if (field_bytes_ <= options_.field_limit) {
      cell.text += character;
    } else if (!std::exchange(field_problem_, true)) {
      add("field-too-long", cell.line, cell.column,
          fmt::format("the field is longer than {} bytes", options_.field_limit),
          "a quotation mark that is never closed can swallow the rest of a file");
    }
    at_ += std::max<std::size_t>(length, 1);
    if (character == "\n") {
      ++line_;
      line_start_ = at_;
    }
  }

  void check_header() {
    if (table_.header.size() == 1) {
      const core::Cell& only = table_.header[0];
      for (const char other : {',', ';', '\t'}) {
        if (other == options_.delimiter || only.text.find(other) == std::string::npos) continue;
        column_index_ = -1;
        add("wrong-delimiter", only.line, only.column,
            fmt::format("the columns are separated by a {}; expected a {}", delimiter_name(other),
                        delimiter_name(options_.delimiter)),
            fmt::format("save the table as {}", options_.delimiter == '\t'
                                                    ? "tab-separated text (TSV)"
                                                    : "comma-separated values (CSV) with decimal points"));
        stopped_ = true;  // what follows would only repeat it
        return;
      }
    }
    for (std::size_t i = 0; i < table_.header.size(); ++i) {
      column_index_ = static_cast<int>(i);
      const core::Cell& cell = table_.header[i];
      if (!cell.text.empty() || (i == 0 && has_row_names())) continue;
      const bool last = i > 0 && i + 1 == table_.header.size();
      add(last ? "trailing-delimiter" : "empty-column-name", cell.line, cell.column,
          last ? fmt::format("the header ends with a {}", delimiter_name(options_.delimiter))
               : fmt::format("column {} has no name", i + 1));
    }
  }

  void check_length() {
    const std::size_t expected = table_.header.size(), found = record_.size();
    if (found == expected) return;
    column_index_ = -1;
    if (found < expected) {
      std::string names;
      constexpr std::size_t most = 5;
      for (std::size_t i = found; i < std::min(expected, found + most); ++i)
        names += fmt::format("{}'{}'", names.empty() ? "" : ", ", table_.header[i].text.substr(0, 40));
      if (expected > found + most) names += ", ...";
      const core::Cell& last = record_.back();
      add("missing-field", last.line, last.column,
          fmt::format("row {} has {} field{} instead of {}; nothing is left for {}", table_.rows.size() + 1,
                      found, found == 1 ? "" : "s", expected, names));
      // A short row under a very long header could cost more memory than the text is long; such a row is
      // dropped.
      const core::Cell missing{{}, last.line, last.column};
      if (cells_ + expected <= options_.cell_limit) record_.resize(expected, missing);
      return;
    }
    const core::Cell& extra = record_[expected];
    const bool all_empty = std::all_of(record_.begin() + static_cast<std::ptrdiff_t>(expected), record_.end(),
                                       [](const core::Cell& cell) { return cell.text.empty(); });
    if (all_empty) {
      add("trailing-delimiter", extra.line, extra.column,
          fmt::format("row {} ends with a {} after its {} fields", table_.rows.size() + 1,
                      delimiter_name(options_.delimiter), expected));
    } else {
      add("extra-field", extra.line, extra.column,
          fmt::format("row {} has {} fields instead of {}; the first without a column is '{}'",
                      table_.rows.size() + 1, found, expected, extra.text.substr(0, 40)),
          options_.delimiter == ','
              ? "a text with a comma needs quotation marks; a number needs a decimal point"
              : "");
    }
    record_.resize(expected);
  }

  std::string_view text_;
  const CsvOptions& options_;
  core::Diagnostics& problems_;
  core::Table table_;
  std::vector<core::Cell> record_;
  std::size_t at_ = 0, line_start_ = 0, field_bytes_ = 0, cells_ = 0, found_ = 0;
  int line_ = 1, record_line_ = 1, column_index_ = 0;
  bool field_problem_ = false, stopped_ = false;
};

}  // namespace

core::Table read_csv(std::string_view text, std::string file, const CsvOptions& options,
                     core::Diagnostics& problems) {
  return Reader(text, std::move(file), options, problems).read();
}

void require_rows(const core::Table& table, core::Diagnostics& problems) {
  if (table.header.empty() || !table.rows.empty() || !problems.empty()) return;
  problems.add("no-rows", {table.file, 1, 0}, "", "the table has a header and no rows",
               "add the data below the header");
}

std::vector<std::vector<core::Cell>> read_records(std::string_view text, std::string file,
                                                  const CsvOptions& options, core::Diagnostics& problems) {
  return Reader(text, std::move(file), options, problems).records();
}

}  // namespace stroma::io
