#include "io/survival_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <map>
#include <set>
#include <utility>

#include "io/plain_table.hpp"

namespace stroma::io {
namespace {

constexpr std::array<std::string_view, 12> time_units{"s",    "min",  "h",     "hours", "d",      "day",
                                                      "days", "week", "weeks", "month", "months", "years"};

bool is_time_unit(const std::string& word) {
  return std::find(time_units.begin(), time_units.end(), word) != time_units.end();
}

/// "time (days)", "time_days", "days": the unit that a header says of a time; nothing where it is no time.
std::optional<std::string> time_header(const std::string& header) {
  const std::string plain = plain_name(header);
  if (is_time_unit(plain) && plain.size() > 2) return plain;
  for (const std::string_view name : {"survivaltime", "followup", "time"}) {
    if (!plain.starts_with(name)) continue;
    const std::string rest = plain.substr(name.size());
    if (rest.empty() || is_time_unit(rest)) return rest;
  }
  return std::nullopt;
}

class Reader {
 public:
  Reader(const NamedText& text, const SurvivalColumns& wanted)
      : table_(read_plain_table(text.text, text.file, problems_)), wanted_(wanted) {}

  SurvivalTable read() {
    problems_.throw_if_any();  // a table whose form is wrong says nothing of its columns
    find_columns();
    check_times();
    check_status();
    check_subjects();
    problems_.throw_if_any();
    for (std::size_t row = 0; row < table_.rows; ++row) {
      assays::SurvivalSubject s;
      s.subject = subject_ ? subject_->texts[row] : fmt::format("row {}", row + 1);
      s.arm = arm_ ? arm_->texts[row] : "all";
      s.follow_up = {static_cast<double>(time_->values[row]), *event_at(row)};
      if (stratum_) s.stratum = stratum_->texts[row];
      out_.data.subjects.push_back(std::move(s));
    }
    for (const PlainColumn* c : covariates_) add_covariate(*c);
    return std::move(out_);
  }

 private:
  const PlainColumn* known(std::initializer_list<std::string_view> names) const {
    for (const PlainColumn& c : table_.columns)
      if (std::find(names.begin(), names.end(), plain_name(c.name)) != names.end()) return &c;
    return nullptr;
  }

  const PlainColumn* named(const std::string& name, const char* option) {
    for (const PlainColumn& c : table_.columns)
      if (plain_name(c.name) == plain_name(name)) return &c;
    std::vector<std::string> names;
    for (const PlainColumn& c : table_.columns) names.push_back(c.name);
    problems_.add("missing-column", {table_.file, 1, 0}, option, fmt::format("there is no column '{}'", name),
                  core::did_you_mean(name, names));
    return nullptr;
  }

  /// The only column of words that means nothing else.
  const PlainColumn* only_words() {
    std::vector<const PlainColumn*> words;
    for (const PlainColumn& c : table_.columns) {
      const bool taken = &c == time_ || &c == status_ || &c == subject_ || &c == stratum_ ||
                         std::find(covariates_.begin(), covariates_.end(), &c) != covariates_.end();
      if (!taken && !c.is_number) words.push_back(&c);
    }
    if (words.size() == 1) {
      out_.notes.push_back(fmt::format("The arms are those of the column {}", words[0]->name));
      return words[0];
    }
    return nullptr;
  }

  /// Whether the row's status is the event: the greater of two codes that are 1 and 2, as in R's data sets.
  std::optional<bool> event_at(std::size_t row) const {
    const std::string& text = status_->texts[row];
    if (one_and_two_ && (text == "1" || text == "2")) return text == "2";
    return event_of(text);
  }

  void find_columns() {
    if (!wanted_.time.empty()) {
      time_ = named(wanted_.time, "--time");
      if (time_) out_.time_unit = time_header(time_->name).value_or("");
      if (time_ && out_.time_unit.empty()) out_.time_unit = time_->unit;
    }
    for (const PlainColumn& c : table_.columns)
      if (const auto unit = time_header(c.name); unit && wanted_.time.empty()) {
        if (time_)
          problems_.add("duplicate-column", c.place, c.name,
                        fmt::format("both '{}' and '{}' could be the time", time_->name, c.name),
                        "keep one of them");
        time_ = &c;
        out_.time_unit = unit->empty() ? c.unit : *unit;
      }
    status_ = wanted_.status.empty() ? known({"status", "event", "dead", "death", "died"})
                                     : named(wanted_.status, "--status");
    subject_ = known({"subject", "animal", "id", "mouse", "patient"});
    if (!time_ && wanted_.time.empty())
      problems_.add("missing-column", {table_.file, 1, 0}, "time", "column 'time' is missing",
                    "write its unit too: time (days), or name the column of times with --time");
    if (!status_ && wanted_.status.empty())
      problems_.add("missing-column", {table_.file, 1, 0}, "status", "column 'status' is missing",
                    "1 where the event happened, 0 where the subject was still without it");
    if (!wanted_.stratum.empty()) stratum_ = named(wanted_.stratum, "--strata");
    for (const std::string& name : wanted_.covariates)
      if (const PlainColumn* c = named(name, "--covariates")) covariates_.push_back(c);
    arm_ =
        wanted_.arm.empty() ? known({"arm", "group", "treatment", "condition"}) : named(wanted_.arm, "--arm");
    if (!arm_ && wanted_.arm.empty()) arm_ = only_words();
    for (const PlainColumn* c : {arm_, subject_, stratum_}) require_filled(c);
    for (const PlainColumn* c : covariates_) {
      require_filled(c);
      if (c->is_number)
        for (const core::Diagnostic& fault : c->faults) problems_.add(fault);
    }
  }

  void require_filled(const PlainColumn* column) {
    if (!column) return;
    for (std::size_t row = 0; row < table_.rows; ++row)
      if (column->texts[row].empty())
        problems_.add("empty", column->places[row], column->name,
                      fmt::format("{}: must not be empty", column->name),
                      "fill it in, or leave the subject out and say so");
  }

  void check_times() {
    if (!time_) return;
    require_filled(time_);
    for (const core::Diagnostic& fault : time_->faults) problems_.add(fault);
    for (std::size_t row = 0; row < table_.rows; ++row)
      if (time_->values[row] < 0.0L)
        problems_.add("negative-time", time_->places[row], time_->name,
                      fmt::format("{}: '{}' is negative", time_->name, time_->texts[row]),
                      "times count from the beginning of the observation: 0 or more");
    if (time_->unit == "%")
      problems_.add("wrong-dimension", time_->place, time_->name, "a time in per cent has no meaning");
    if (!time_->unit.empty() && !out_.time_unit.empty() && time_->unit != out_.time_unit)
      problems_.add("two-units", time_->place, time_->name,
                    fmt::format("the header is in {}, the cells are in {}", out_.time_unit, time_->unit),
                    "say the unit once");
  }

  void check_status() {
    if (!status_) return;
    require_filled(status_);
    const auto has = [&](const char* code) {
      return std::find(status_->texts.begin(), status_->texts.end(), code) != status_->texts.end();
    };
    one_and_two_ = has("2") && !has("0");
    for (std::size_t row = 0; row < table_.rows; ++row)
      if (const std::string& text = status_->texts[row]; !text.empty() && !event_at(row))
        problems_.add("bad-status", status_->places[row], status_->name,
                      fmt::format("{}: '{}' is no status", status_->name, text),
                      "write 1 (event) and 0 (censored), or 2 and 1, or dead, alive, event, censored");
  }

  // A subject counts once; the same number may be given in each arm.
  void check_subjects() {
    if (!subject_) return;
    std::map<std::pair<std::string, std::string>, int> seen;
    for (std::size_t row = 0; row < table_.rows; ++row) {
      const std::string arm = arm_ ? arm_->texts[row] : "";
      const core::Place& place = subject_->places[row];
      const auto [first, fresh] = seen.emplace(std::pair{arm, subject_->texts[row]}, place.line);
      if (!fresh && !subject_->texts[row].empty())
        problems_.add(
            "duplicate-subject", place, subject_->name,
            fmt::format("{}: '{}' is there already (line {}); a subject counted twice feigns precision",
                        subject_->name, subject_->texts[row], first->second),
            "keep one line per subject, or correct the name");
    }
  }

  void add_covariate(const PlainColumn& column) {
    std::vector<assays::SurvivalSubject>& subjects = out_.data.subjects;
    if (column.is_number) {
      out_.data.covariates.push_back(column.name);
      for (std::size_t row = 0; row < table_.rows; ++row)
        subjects[row].covariates.push_back(static_cast<double>(column.values[row]));
      return;
    }
    const std::set<std::string> levels(column.texts.begin(), column.texts.end());
    out_.notes.push_back(fmt::format("{} is compared with its level '{}'", column.name, *levels.begin()));
    for (auto level = std::next(levels.begin()); level != levels.end(); ++level) {
      out_.data.covariates.push_back(fmt::format("{}={}", column.name, *level));
      for (std::size_t row = 0; row < table_.rows; ++row)
        subjects[row].covariates.push_back(column.texts[row] == *level ? 1.0 : 0.0);
    }
  }

  core::Diagnostics problems_;
  PlainTable table_;
  const SurvivalColumns& wanted_;
  SurvivalTable out_;
  const PlainColumn *time_ = nullptr, *status_ = nullptr, *subject_ = nullptr, *arm_ = nullptr,
                    *stratum_ = nullptr;
  bool one_and_two_ = false;
  std::vector<const PlainColumn*> covariates_;
};

}  // namespace

std::optional<bool> event_of(std::string_view status) {
  std::string word(status);
  for (char& c : word)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  constexpr std::array<std::string_view, 8> yes{"1",     "dead",       "died", "death",
                                                "event", "progressed", "yes",  "true"};
  constexpr std::array<std::string_view, 6> no{"0", "alive", "censored", "no", "false", "none"};
  if (std::find(yes.begin(), yes.end(), word) != yes.end()) return true;
  if (std::find(no.begin(), no.end(), word) != no.end()) return false;
  return std::nullopt;
}

SurvivalTable read_survival_table(const NamedText& text, const SurvivalColumns& columns) {
  return Reader(text, columns).read();
}

}  // namespace stroma::io
