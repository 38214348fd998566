#include "io/dose_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "assays/dose_response/dose_unit.hpp"
#include "io/column_names.hpp"
#include "io/csv.hpp"
#include "io/doubled_lines.hpp"
#include "io/known_columns.hpp"
#include "io/measured_table.hpp"

namespace stroma::io {
namespace {

// Beyond any instrument and any stock; squares of these are still numbers.
constexpr double largest_response = 1e12, largest_dose = 1e15;

// The response column's header may say what its numbers are; the words are taken off so that the column is
// found.
assays::ResponseScale scale_of(core::Table& table, std::string& header) {
  using assays::ResponseScale;
  for (core::Cell& cell : table.header) {
    std::string plain = plain_name(cell.text);
    bool percent = false, fraction = false;
    const auto take = [&](std::string_view word, bool& flag) {
      if (const std::size_t at = plain.find(word); at != std::string::npos) {
        plain.erase(at, word.size());
        flag = true;
      }
    };
    take("percent", percent);
    take("pct", percent);
    take("%", percent);
    take("fraction", fraction);
    take("ofcontrol", percent);
    if (plain.starts_with("of") || plain.ends_with("of")) continue;
    const std::string as_written = cell.text;
    for (const std::string_view name : {"response", "viability", "survival"}) {
      if (plain != name || (!percent && !fraction)) continue;
      cell.text = name;
      header = as_written;
      return fraction ? ResponseScale::fraction : ResponseScale::percent;
    }
    if (plain != "inhibition") continue;
    cell.text = "inhibition";
    header = as_written;
    return percent    ? ResponseScale::inhibition_percent
           : fraction ? ResponseScale::inhibition_fraction
                      : ResponseScale::inhibition;
  }
  return ResponseScale::unknown;
}

}  // namespace

std::vector<ColumnSpec> dose_columns(const std::string& start) {
  std::vector<ColumnSpec> columns{
      {"drug", false, {"compound"}},
      {"arm", true, {"condition", "group", "cell line"}},
      {"replicate", false, {"experiment", "rep", "repeat", "biorep", "biological replicate"}},
      {"technical", false, {"techrep", "technical replicate"}},
      {"plate", false, {"plate id", "plate no"}},
      {"well", false, names_of(ColumnRole::well)},
      {"time", false, names_of(ColumnRole::time), {core::dimension::time, core::dimension::none}},
      {"dose",
       true,
       {"concentration", "conc"},
       {core::dimension::concentration, core::dimension::mass_concentration}},
      {"response", true, {"viability", "survival", "signal", "od", "inhibition"}}};
  if (!start.empty()) columns.push_back({start, true});
  return columns;
}

namespace {

// Of several times one is meant: each is a dose response of its own.
std::string chosen_time(MeasuredTable& table, const NamedText& text, const DoseTableChoices& choices,
                        core::Diagnostics& problems) {
  std::vector<std::string> times;
  for (std::size_t r = 0; r < table.rows(); ++r)
    if (const std::string time = table.text(r, "time");
        std::find(times.begin(), times.end(), time) == times.end())
      times.push_back(time);
  if (!table.has("time") || times.empty()) {
    if (!choices.time.empty())
      problems.add("no-time", {text.file, 1, 0}, "--time", "the table has no column with times");
    return {};
  }
  const auto named = std::find(times.begin(), times.end(), choices.time);
  if (named != times.end()) return *named;
  if (choices.time.empty() && times.size() == 1) return times.front();
  std::vector<core::Choice> readings;
  constexpr std::size_t most = 8;
  for (std::size_t i = 0; i < std::min(times.size(), most); ++i)
    readings.push_back({table.header("time") + " " + times[i], "--time '" + times[i] + "'"});
  problems.add("several-times", table.place(0, "time"), "time",
               choices.time.empty()
                   ? fmt::format("the column '{}' has {} times; each is a dose response of its own",
                                 table.header("time"), times.size())
                   : fmt::format("no line has the time '{}'", choices.time),
               core::choices(choices.command, readings));
  return {};
}

void say_columns(const MeasuredTable& table, const std::string& time, const std::string& response,
                 assays::DoseTable& out) {
  std::string what;
  for (const char* column : {"drug", "arm", "dose", "response", "replicate", "technical", "plate", "well"})
    if (table.has(column))
      what += fmt::format(
          "{}{} '{}'", what.empty() ? "" : ", ", column,
          response.empty() || column != std::string_view("response") ? table.header(column) : response);
  out.understanding.found("columns", what);
  if (!time.empty())
    out.understanding.found("time", fmt::format("{} {}", table.header("time"), time), "--time");
  if (table.decimal_commas()) out.understanding.found("numbers", "with decimal commas");
}

// One measurement stands in one line. Where nothing tells the wells of a dose apart, lines that agree to the
// last digit are pointed at and not refused: two wells may agree.
void check_doubled(const MeasuredTable& table, const std::vector<std::size_t>& lines,
                   const assays::DoseTable& out, core::Diagnostics& problems, core::Understanding& said) {
  const bool told_apart = out.technical_said || table.has("well");
  DoubledLines doubled;
  std::size_t copies = 0;
  for (std::size_t i = 0; i < out.rows.size(); ++i) {
    const assays::DoseRow& row = out.rows[i];
    const std::size_t r = lines[i];
    const std::string key =
        fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}", row.drug, row.arm, row.replicate,
                    table.text(r, "technical"), table.text(r, "plate"), table.text(r, "well"), row.dose);
    if (told_apart) {
      doubled.add(key, row.place);
      continue;
    }
    const std::string digits = table.text(r, "response");
    constexpr std::size_t least_digits = 4;  // of a number that two wells do not share by chance
    const auto n = std::count_if(digits.begin(), digits.end(), [](char c) { return c >= '1' && c <= '9'; });
    if (static_cast<std::size_t>(n) + 1 < least_digits) continue;
    const std::size_t before = doubled.count();
    doubled.add(key + "\t" + digits, row.place);
    copies += doubled.count() - before;
  }
  if (told_apart)
    doubled.report(out.technical_said ? "drug, arm, replicate, technical and dose" : "plate, well and dose",
                   "take the copies out, or number wells that are different in the column technical",
                   problems);
  else if (copies > 0)
    said.assumed(
        "repeated lines",
        fmt::format("{} of {} lines agree with an earlier one to the last digit and count as wells of "
                    "their own",
                    copies, out.rows.size()),
        "a column technical");
}

}  // namespace

assays::DoseTable read_dose_table(const NamedText& text, const DoseTableChoices& choices) {
  core::Diagnostics problems;
  CsvOptions options;
  options.delimiter = delimiter_of(text.text);
  options.row_names = true;
  core::Table csv = read_csv(text.text, text.file, options, problems);
  assays::DoseTable out;
  std::string response_header;
  out.scale = scale_of(csv, response_header);
  MeasuredTable table(std::move(csv), dose_columns(choices.start), OtherColumns::refuse, problems);
  if (!table.complete()) problems.throw_if_any();
  const bool no_replicates = table.check_gaps("replicate"), no_technical = table.check_gaps("technical");
  out.replicates_said = table.has("replicate") && !no_replicates;
  out.technical_said = table.has("technical") && !no_technical;
  const std::string time = chosen_time(table, text, choices, problems);
  problems.throw_if_any();
  std::vector<std::size_t> lines;  // of the table, one for each row of `out`
  for (std::size_t r = 0; r < table.rows(); ++r) {
    if (!time.empty() && table.text(r, "time") != time) continue;
    assays::DoseRow row;
    row.drug = table.text(r, "drug").empty() ? choices.drug : table.text(r, "drug");
    row.arm = table.required_text(r, "arm");
    row.replicate = table.repeat(r, "replicate");
    row.technical = table.repeat(r, "technical");
    row.place = table.place(r, "response");
    const auto dose = table.quantity(r, "dose", core::Range::closed(0.0, largest_dose), row.drug);
    const auto response =
        table.number(r, "response", core::Range::closed(-largest_response, largest_response));
    const std::string unit = table.unit("dose", row.drug);
    if (dose && !unit.empty()) {
      const core::Dimension dim = core::parse_quantity("1 " + unit).quantity.dim;
      const assays::Dose held = assays::dose_of({*dose, dim}, unit);
      row.dose = held.held;
      row.dose_unit = held.unit;
    }
    row.response = response.value_or(0.0);
    if (!choices.start.empty()) {
      row.at_start = table.number(r, choices.start, core::Range{0.0, largest_response, true});
    }
    out.rows.push_back(std::move(row));
    lines.push_back(r);
  }
  if (out.rows.empty())
    problems.add("empty-table", {text.file, 1, 0}, {}, "the table has a header and no lines");
  say_columns(table, time, response_header, out);
  check_doubled(table, lines, out, problems, out.understanding);
  problems.throw_if_any();
  return out;
}

}  // namespace stroma::io
