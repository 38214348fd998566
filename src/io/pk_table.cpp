#include "io/pk_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "core/units.hpp"
#include "io/column_names.hpp"
#include "io/csv.hpp"
#include "io/known_columns.hpp"
#include "io/measured_table.hpp"

namespace stroma::io {
namespace {

namespace dim = core::dimension;

bool below_limit(const std::string& text) {
  const std::string plain = plain_name(text);
  constexpr std::array<std::string_view, 8> words{"<lod", "<loq", "<lloq", "blq",
                                                  "bql",  "bloq", "lloq",  "nd"};
  return std::find(words.begin(), words.end(), plain) != words.end();
}

bool is_nothing(const std::string& text) {
  const std::string plain = plain_name(text);  // a lone "." is plain nothing
  return plain.empty() || plain == "na" || plain == "nan" || plain == "n/a" || plain == "null";
}

std::vector<std::string> aliases_of(ColumnRole role, const std::vector<std::string>& but) {
  std::vector<std::string> out;
  for (const std::string& name : names_of(role))
    if (std::find(but.begin(), but.end(), name) == but.end()) out.push_back(name);
  return out;
}

}  // namespace

std::vector<ColumnSpec> pk_columns() {
  return {{"arm", false},
          {"subject", true},
          {"time", true, {"time after dose", "tad", "nominal time", "actual time", "timepoint"}, {dim::time}},
          {"concentration",
           true,
           {"conc", "dv", "plasma concentration", "plasma conc", "cp"},
           {dim::mass_concentration, dim::concentration}},
          {"dose", false, {"amt", "amount"}, {dim::mass, dim::dose, dim::amount}},
          {"route", false, {"administration", "route of administration", "admin", "roa"}},
          {"replicate", false, aliases_of(ColumnRole::replicate, {"replicate", "n", "biologicalreplicate"})},
          {"below", false, {"blq", "bql", "cens", "censored", "bloq"}},
          {"evid", false},
          {"mdv", false},
          {"cmt", false, {"compartment"}},
          {"ii", false, {"tau"}},
          {"ss", false},
          {"addl", false},
          {"rate", false}};
}

namespace {

assays::Route route_of(const std::string& text) {
  const std::string plain = plain_name(text);
  const auto one_of = [&](std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), plain) != words.end();
  };
  if (one_of({"infusion", "ivinfusion", "inf", "intravenousinfusion"})) return assays::Route::infusion;
  if (one_of({"bolus", "iv", "ivbolus", "intravenous", "i/v", "intravenousbolus"}))
    return assays::Route::bolus;
  if (one_of({"po", "oral", "extravascular", "ip", "sc", "im", "subcutaneous", "intraperitoneal",
              "intramuscular", "gavage", "ig", "peros", "ev", "intragastric"}))
    return assays::Route::extravascular;
  return assays::Route::unsaid;
}

// Comments before the header ("#...", NONMEM's "C ...") become blank lines, so that places stay right.
std::string without_comments(std::string_view text) {
  std::string out;
  bool header = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    const std::string_view line = text.substr(0, end + 1);
    text.remove_prefix(end + 1);
    std::string_view seen = line;
    if (out.empty() && seen.starts_with("\xEF\xBB\xBF")) seen.remove_prefix(3);
    const bool comment =
        seen.starts_with('#') || (!header && (seen.starts_with("C ") || seen.starts_with("C,")));
    header = header || (!comment && seen.find_first_not_of(" \r\n") != std::string_view::npos);
    out += comment ? std::string_view("\n") : line;
  }
  return out;
}

struct Columns {
  std::vector<std::string> plain;
  explicit Columns(const core::Table& table) {
    for (const core::Cell& cell : table.header) plain.push_back(plain_name(cell.text));
  }
  std::optional<std::size_t> at(const std::string& name) const {
    const auto found = std::find(plain.begin(), plain.end(), plain_name(name));
    return found == plain.end() ? std::nullopt
                                : std::optional<std::size_t>(static_cast<std::size_t>(found - plain.begin()));
  }
};

bool same_division(const core::Table& table, std::size_t a, std::size_t b) {
  std::map<std::string, std::string> there, back;
  return std::all_of(table.rows.begin(), table.rows.end(), [&](const auto& row) {
    return there.emplace(row[a].text, row[b].text).first->second == row[b].text &&
           back.emplace(row[b].text, row[a].text).first->second == row[a].text;
  });
}

std::size_t different(const core::Table& table, std::size_t c) {
  std::map<std::string, int> seen;
  for (const auto& row : table.rows) ++seen[row[c].text];
  return seen.size();
}

// Which columns are the subject and the arm, by their names; renames them, so that one name is left for each.
void name_columns(core::Table& table, const PkColumns& given, core::Diagnostics& problems) {
  const Columns columns(table);
  std::optional<std::size_t> subject, arm;
  const auto asked = [&](const std::string& name, const char* option, std::optional<std::size_t>& to) {
    if (name.empty()) return;
    to = columns.at(name);
    if (!to)
      problems.add("missing-column", {table.file, 1, 0}, option,
                   fmt::format("there is no column '{}'", name));
  };
  asked(given.subject, "--subject", subject);
  asked(given.arm, "--arm", arm);
  // The words of one subject before those of samples, cages and tumours.
  for (const char* first : {"subject", "animal", "mouse", "rat", "patient", "id", "subjectid", "animalid",
                            "mouseid", "ratid", "patientid", "usubjid"})
    if (!subject && given.subject.empty()) subject = columns.at(first);
  std::vector<std::size_t> groups;
  for (std::size_t c = 0; c < columns.plain.size(); ++c) {
    const ColumnRole role = role_of_column(columns.plain[c]);
    if (!subject && given.subject.empty() && role == ColumnRole::subject) subject = c;
    if (role != ColumnRole::group || different(table, c) < 2) continue;
    if (std::none_of(groups.begin(), groups.end(), [&](std::size_t g) { return same_division(table, g, c); }))
      groups.push_back(c);
  }
  if (!arm && given.arm.empty() && groups.size() > 1) {
    std::vector<core::Choice> choices;
    for (const std::size_t c : groups)
      choices.push_back({fmt::format("the arms are those of '{}'", table.header[c].text),
                         fmt::format("--arm '{}'", table.header[c].text)});
    problems.add("which-arm", {table.file, 1, 0}, "--arm",
                 fmt::format("{} columns may be the arms", groups.size()),
                 core::choices(given.command, choices));
  } else if (!arm && given.arm.empty()) {
    for (const char* first : {"arm", "group", "condition", "treatment"})
      if (!arm) arm = columns.at(first);
    if (!groups.empty()) arm = groups.front();
  }
  for (std::size_t c = 0; c < columns.plain.size(); ++c) {
    const ColumnRole role = role_of_column(columns.plain[c]);
    const bool of_roles =
        role == ColumnRole::subject || columns.plain[c] == "arm" || columns.plain[c] == "subject";
    if (subject && c == *subject)
      table.header[c].text = "subject";
    else if (arm && c == *arm)
      table.header[c].text = "arm";
    else if (of_roles)
      table.header[c].text = "not used: " + table.header[c].text;
  }
}

// The units that the user gives for columns that have none, and one question for those that nobody gives.
void add_units(core::Table& table, const PkColumns& given, core::Diagnostics& problems) {
  struct Wanted {
    const std::string& unit;
    const char *option, *example;
    std::vector<std::string> names;
  };
  std::vector<Wanted> wanted{{given.time_unit, "--time-unit", "h", {}},
                             {given.concentration_unit, "--concentration-unit", "ng/mL", {}},
                             {given.dose_unit, "--dose-unit", "mg", {}}};
  const std::vector<ColumnSpec> all = pk_columns();
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    wanted[k].names = all[k + 2].aliases;
    wanted[k].names.push_back(all[k + 2].name);
  }
  std::string columns, options;
  for (core::Cell& header : table.header)
    for (const Wanted& w : wanted) {
      const std::string plain = plain_name(header.text);
      const auto c = static_cast<std::size_t>(&header - table.header.data());
      const bool bare = std::any_of(w.names.begin(), w.names.end(),
                                    [&](const std::string& name) { return plain_name(name) == plain; }) &&
                        std::none_of(table.rows.begin(), table.rows.end(), [&](const auto& row) {
                          return row[c].text.find(' ') != std::string::npos;
                        });
      if (!bare) continue;
      if (!w.unit.empty()) {
        header.text += " (" + w.unit + ")";
      } else if (std::any_of(table.rows.begin(), table.rows.end(), [&](const auto& row) {
                   return read_cell(row[c].text).kind == Reading::number;
                 })) {
        columns += fmt::format("{}'{}'", columns.empty() ? "" : ", ", header.text);
        options += fmt::format(" {} {}", w.option, w.example);
      }
    }
  if (!columns.empty())
    problems.add(
        "missing-unit", {table.file, 1, 0}, "unit",
        fmt::format("neither the header nor the cells say the unit of {}", columns),
        fmt::format("write it in the header, such as concentration (ng/mL), or give it:\n        {}{}",
                    given.command.empty() ? "stroma analyse pk FILE" : given.command, options));
}

class Reader {
 public:
  Reader(MeasuredTable& table, core::Diagnostics& problems, PkTable& out)
      : table_(table), problems_(problems), out_(out) {}

  void read() {
    for (std::size_t r = 0; r < table_.rows(); ++r)
      if (is_dose(r)) read_dose(r);
    for (std::size_t r = 0; r < table_.rows(); ++r)
      if (!is_dose(r)) read_sample(r);
    if (left_out_ > 0)
      out_.understanding.found("not measured",
                               fmt::format("{} lines without a concentration are left out", left_out_));
    if (!doses_.empty())
      out_.understanding.found(
          "dose",
          fmt::format("from the lines of doses, of {} subjects; times count from them", doses_.size()));
    if (out_.samples.empty() && table_.rows() > 0 && problems_.empty())
      table_.wrong(0, "concentration", "empty-table", "no line of the table has one");
    find_compartments();
  }

 private:
  std::string plain(std::size_t r, const char* column) const { return plain_name(table_.text(r, column)); }

  bool is_dose(std::size_t r) const {
    const std::string evid = plain(r, "evid");
    if (!evid.empty()) return evid == "1" || evid == "4";
    return table_.has("mdv") && plain(r, "mdv") == "1" && !is_nothing(table_.text(r, "dose")) &&
           plain(r, "dose") != "0";
  }

  struct Dose {
    double amount = 0.0, time = 0.0;
    std::string cmt;
  };

  double in_dose_unit(double internal) const {
    return internal / core::parse_quantity("1 " + table_.unit("dose")).quantity.value;
  }

  void read_dose(std::size_t r) {
    const std::string subject = table_.required_text(r, "subject");
    const auto amount =
        table_.has("dose") ? table_.quantity(r, "dose", core::Range::positive()) : std::nullopt;
    const auto time = table_.quantity(r, "time", core::Range::any());
    if (!amount || !time) return;
    const Dose dose{in_dose_unit(*amount), core::in_unit(*time, "h"), plain(r, "cmt")};
    const bool steady = plain(r, "ss") == "1";
    const core::ParsedNumber interval = core::parse_number(table_.text(r, "ii"));
    if (steady && interval.error.empty() && interval.value > 0.0) {
      out_.dosing = assays::Dosing::steady;
      out_.tau = interval.value * table_.internal("time", 1.0) / core::unit("h");
    }
    const core::ParsedNumber more = core::parse_number(table_.text(r, "addl"));
    const bool repeated = more.error.empty() && more.value > 0.0 && !steady;
    if (!doses_.insert({subject, dose}).second || repeated) {
      if (several_++ == 0)
        problems_.add("several-doses", table_.place(r, "dose"), "dose",
                      fmt::format("'{}' has several doses: a curve is analysed after one", subject),
                      "keep the samples of one interval, with the dose before them, and say --dosing "
                      "steady-state --tau HOURS where it was given for long enough");
      return;
    }
    dose_cmt_ = dose.cmt;
  }

  void read_sample(std::size_t r) {
    const std::string given = table_.text(r, "concentration");
    const bool missing = plain(r, "mdv") == "1" || (is_nothing(given) && !below_limit(given));
    if (missing) {
      ++left_out_;
      return;
    }
    assays::PkSample sample;
    sample.arm = table_.text(r, "arm").empty() ? "all" : table_.text(r, "arm");
    sample.subject = table_.required_text(r, "subject");
    sample.place = table_.place(r, "concentration");
    if (const auto time = table_.quantity(r, "time", core::Range::any()))
      sample.time = core::in_unit(*time, "h");
    if (table_.has("replicate")) sample.repeat = repeat_of(r);
    if (table_.has("route")) sample.route = read_route(r);
    const ReadCell cell = table_.reading(r, "concentration");
    const std::string flag = plain(r, "below");
    if (below_limit(given)) {
      sample.limit = 0.0;
    } else if (cell.kind == Reading::below) {
      sample.limit = cell.value;
    } else if (const auto value = table_.quantity(r, "concentration", core::Range::non_negative())) {
      const double in_unit =
          *value / core::parse_quantity("1 " + table_.unit("concentration")).quantity.value;
      if (flag == "1" || flag == "yes" || flag == "true")
        sample.limit = in_unit;
      else
        sample.concentration = in_unit;
    }
    if (const auto dose = doses_.find(sample.subject); dose != doses_.end()) {
      sample.dose = dose->second.amount;
      sample.time -= dose->second.time;
    } else if (table_.has("dose") && !is_nothing(table_.text(r, "dose")) && plain(r, "dose") != "0") {
      if (const auto own = table_.quantity(r, "dose", core::Range::positive()))
        sample.dose = in_dose_unit(*own);
    }
    sample_cmt_ = plain(r, "cmt");
    out_.samples.push_back(std::move(sample));
  }

  // An empty cell among numbered repeats could be any of them.
  int repeat_of(std::size_t r) {
    if (table_.text(r, "replicate").empty()) {
      if (empty_repeats_++ == 0)
        table_.wrong(r, "replicate", "empty", "must not be empty; expected a whole number",
                     "number the measurements of one sample 1, 2, ..., in every line");
      return 1;
    }
    return table_.repeat(r, "replicate");
  }

  assays::Route read_route(std::size_t r) {
    const assays::Route route = route_of(table_.text(r, "route"));
    if (route == assays::Route::unsaid && !table_.text(r, "route").empty() && unknown_routes_++ == 0)
      table_.wrong(r, "route", "unknown-value", fmt::format("'{}' is no route", table_.text(r, "route")),
                   "write iv, infusion, po, sc, ip or im");
    return route;
  }

  // A dose into one compartment and samples of another have to be absorbed.
  void find_compartments() {
    if (dose_cmt_.empty() || sample_cmt_.empty() || dose_cmt_ == sample_cmt_) return;
    for (assays::PkSample& s : out_.samples)
      if (s.route == assays::Route::unsaid) s.route = assays::Route::extravascular;
  }

  MeasuredTable& table_;
  core::Diagnostics& problems_;
  PkTable& out_;
  std::map<std::string, Dose> doses_;
  std::string dose_cmt_, sample_cmt_;
  std::size_t left_out_ = 0, several_ = 0, empty_repeats_ = 0, unknown_routes_ = 0;
};

// Every header in the words of the table, with what is not used.
void say_columns(const core::Table& before, const core::Table& after, core::Understanding& said) {
  const std::vector<ColumnSpec> known = pk_columns();
  std::string unused;
  for (std::size_t c = 0; c < before.header.size(); ++c) {
    const std::string &was = before.header[c].text, &is = after.header[c].text;
    if (is == "subject" || is == "arm") {
      said.found(is, fmt::format("column '{}', {} of them", was, different(before, c)), "--" + is);
      continue;
    }
    const std::string plain = plain_name(is.substr(0, is.find_first_of("([_ ")));
    const bool used = std::any_of(known.begin(), known.end(), [&](const ColumnSpec& spec) {
      const auto same = [&](const std::string& name) {
        return plain_name(name) == plain || plain_name(name) == plain_name(is) ||
               plain_name(is).starts_with(plain_name(name));
      };
      return same(spec.name) || std::any_of(spec.aliases.begin(), spec.aliases.end(), same);
    });
    if (!used && !was.empty()) unused += fmt::format("{}'{}'", unused.empty() ? "" : ", ", was);
  }
  if (!unused.empty()) said.found("not used", "column " + unused);
}

}  // namespace

PkTable read_pk_table(const NamedText& text, const PkColumns& columns) {
  core::Diagnostics problems;
  CsvOptions options;
  const std::string body = without_comments(text.text);
  options.delimiter = delimiter_of(body);
  options.row_names = true;
  core::Table read = read_csv(body, text.file, options, problems);
  const core::Table before = read;
  if (!read.header.empty()) {
    name_columns(read, columns, problems);
    add_units(read, columns, problems);
  }
  PkTable out;
  say_columns(before, read, out.understanding);
  const bool no_rows = read.rows.empty() && !read.header.empty();
  MeasuredTable table(std::move(read), pk_columns(), OtherColumns::ignore, problems);
  if (table.decimal_commas()) out.understanding.found("numbers", "with decimal commas");
  if (table.complete() && no_rows)
    problems.add("empty-table", {text.file, 1, 0}, {}, "the table has a header and no lines");
  problems.throw_if_any();
  Reader(table, problems, out).read();
  problems.throw_if_any();
  out.concentration_unit = table.unit("concentration");
  out.dose_unit = table.unit("dose");
  return out;
}

}  // namespace stroma::io
