#include "io/synergy_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

#include "core/units.hpp"
#include "io/csv.hpp"
#include "io/doubled_lines.hpp"
#include "io/measured_table.hpp"

namespace stroma::io {
namespace {

constexpr double most_as_fraction = 1.5, least_as_percent = 20.0;

// Beyond any instrument and any stock.
constexpr double largest_response = 1e9, largest_dose = 1e12;

struct Line {
  std::string block, drug1, drug2, unit1, unit2, replicate;
  double conc1 = 0.0, conc2 = 0.0, response = 0.0;
  core::Place place;
};

struct Lines {
  std::vector<Line> lines;
  std::string response;  // the header of that column
  bool replicates = false;
  bool decimal_commas = false;
};

Lines read_lines(const NamedText& text, core::Diagnostics& problems) {
  CsvOptions options;
  options.delimiter = delimiter_of(text.text);
  options.row_names = true;
  MeasuredTable table(read_csv(text.text, text.file, options, problems),
                      {{"block_id", false, {"pairindex", "pair index", "block"}},
                       {"drug1", true, {"drug_row", "drugrow", "drug row"}},
                       {"drug2", true, {"drug_col", "drugcol", "drug col"}},
                       {"conc1", true, {"conc_row", "conc_r", "concrow", "dose1"}},
                       {"conc2", true, {"conc_col", "conc_c", "conccol", "dose2"}},
                       {"response", true, {"inhibition", "viability"}},
                       {"conc_unit", false, {"concunit"}},
                       {"conc_unit1", false, {"conc_r_unit", "concunit1", "conc_row_unit"}},
                       {"conc_unit2", false, {"conc_c_unit", "concunit2", "conc_col_unit"}},
                       {"replicate", false, {}}},
                      OtherColumns::refuse, problems);
  Lines read;
  std::vector<Line>& out = read.lines;
  if (!table.complete()) return read;
  read.response = table.header("response");
  read.decimal_commas = table.decimal_commas();
  read.replicates = table.has("replicate") && !table.check_gaps("replicate");
  if (!table.has("conc_unit") && !(table.has("conc_unit1") && table.has("conc_unit2")))
    problems.add("missing-column", {text.file, 1, 0}, "conc_unit",
                 "column 'conc_unit' is missing (or conc_unit1 and conc_unit2)");
  for (std::size_t r = 0; r < table.rows(); ++r) {
    Line line;
    line.block = table.text(r, "block_id").empty() ? "1" : table.text(r, "block_id");
    line.drug1 = table.required_text(r, "drug1");
    line.drug2 = table.required_text(r, "drug2");
    for (const auto& [column, unit] : {std::pair{"conc_unit1", &line.unit1}, {"conc_unit2", &line.unit2}}) {
      const char* at = table.has(column) ? column : "conc_unit";
      *unit = table.text(r, at);
      const core::ParsedQuantity parsed = core::parse_quantity("1 " + *unit);
      const bool said = at == std::string_view("conc_unit") && unit == &line.unit2;  // one column for both
      if (table.has(at) && !parsed.error.empty() && !said)
        table.wrong(r, at, "unknown-unit", fmt::format("'{}' is no unit of a concentration", *unit));
    }
    line.replicate = table.text(r, "replicate");
    line.conc1 = table.number(r, "conc1", core::Range::closed(0.0, largest_dose)).value_or(0.0);
    line.conc2 = table.number(r, "conc2", core::Range::closed(0.0, largest_dose)).value_or(0.0);
    line.response =
        table.number(r, "response", core::Range::closed(-largest_response, largest_response)).value_or(0.0);
    line.place = table.place(r, "response");
    out.push_back(std::move(line));
  }
  if (out.empty()) problems.add("empty-table", {text.file, 1, 0}, {}, "the table has a header and no lines");
  return read;
}

bool percent(SynergyResponse response) {
  return response == SynergyResponse::inhibition_percent || response == SynergyResponse::viability_percent;
}

void check_scale(const std::vector<Line>& lines, SynergyResponse response, core::Diagnostics& problems) {
  const auto largest = std::max_element(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
    return std::abs(a.response) < std::abs(b.response);
  });
  if (largest == lines.end()) return;
  const double most = std::abs(largest->response);
  const std::string hint =
      "say what the responses are: --response inhibition-percent, viability-percent, "
      "inhibition-fraction or viability-fraction";
  if (percent(response) && most <= most_as_fraction)
    problems.add(
        "percent-or-fraction", largest->place, "response",
        fmt::format(
            "the largest response is {:.4g}: read as per cent, nothing in the table exceeds {:.3g} %; "
            "read as a fraction, it is {:.4g} %",
            most, std::ceil(most), 100.0 * most),
        hint);
  else if (!percent(response) && most >= least_as_percent)
    problems.add(
        "percent-or-fraction", largest->place, "response",
        fmt::format(
            "the largest response is {:.4g}: read as a fraction, that is {:.4g} % of control; read as "
            "per cent, {:.4g} %",
            most, 100.0 * most, most),
        hint);
}

bool viability(SynergyResponse response) {
  return response == SynergyResponse::viability_percent || response == SynergyResponse::viability_fraction;
}

// The mean response of the wells without any drug: 0 for inhibition, all for viability. NaN without any.
double without_drugs(const std::vector<Line>& lines) {
  double sum = 0.0, n = 0.0;
  for (const Line& line : lines)
    if (line.conc1 == 0.0 && line.conc2 == 0.0) {
      sum += line.response;
      n += 1.0;
    }
  return sum / n;
}

constexpr double least_of_viability = 0.6, most_of_inhibition = 0.4;  // of control, in the untreated wells

void ask_what(const core::Place& place, const std::string& message, const std::string& command,
              core::Diagnostics& problems) {
  const std::array<core::Choice, 4> readings{{{"inhibition in per cent", "--response inhibition-percent"},
                                              {"viability in per cent", "--response viability-percent"},
                                              {"inhibition as a fraction", "--response inhibition-fraction"},
                                              {"viability as a fraction", "--response viability-fraction"}}};
  problems.add("inhibition-or-viability", place, "response", message, core::choices(command, readings));
}

// What the responses are, where nobody said it: the size of the numbers tells per cent from fractions, the
// header or the wells without any drug tell inhibition from viability.
SynergyResponse find_response(const Lines& read, const std::string& command, core::Diagnostics& problems) {
  double most = 0.0;
  for (const Line& line : read.lines) most = std::max(most, std::abs(line.response));
  const double zero = without_drugs(read.lines);
  const core::Place& place = read.lines.front().place;
  if (most > most_as_fraction && most < least_as_percent) {
    ask_what(place, fmt::format("the largest response is {:.4g}, which may be per cent or a fraction", most),
             command, problems);
    return SynergyResponse::inhibition_percent;
  }
  const bool percents = most > most_as_fraction;
  const double share = percents ? zero / 100.0 : zero;
  const std::string header = plain_name(read.response);
  const bool says_viability =
      header.find("viab") != std::string::npos || header.find("surviv") != std::string::npos;
  const bool says_inhibition = header.find("inhib") != std::string::npos;
  if (!says_viability && !says_inhibition && !(share >= least_of_viability) && !(share <= most_of_inhibition))
    ask_what(place,
             fmt::format(
                 "the wells without any drug read {:.3g}, which is neither no inhibition nor full viability",
                 zero),
             command, problems);
  const bool alive = says_viability || (!says_inhibition && share >= least_of_viability);
  return alive ? (percents ? SynergyResponse::viability_percent : SynergyResponse::viability_fraction)
               : (percents ? SynergyResponse::inhibition_percent : SynergyResponse::inhibition_fraction);
}

// Inhibition of wells that no drug has seen, or viability that they have not: the two were exchanged.
void check_zero(const std::vector<Line>& lines, SynergyResponse response, const std::string& command,
                core::Diagnostics& problems) {
  const double zero = without_drugs(lines), share = percent(response) ? zero / 100.0 : zero;
  const bool exchanged = viability(response) ? share < most_of_inhibition : share > least_of_viability;
  if (exchanged)
    ask_what(lines.front().place,
             fmt::format("read as {}, the wells without any drug have {:.3g} % of it",
                         viability(response) ? "viability" : "inhibition", 100.0 * share),
             command, problems);
}

void check_doubled(const Lines& read, core::Diagnostics& problems) {
  DoubledLines doubled;
  for (const Line& line : read.lines)
    if (read.replicates)
      doubled.add(fmt::format("{}\t{}\t{}\t{}\t{}\t{}", line.block, line.drug1, line.drug2, line.conc1,
                              line.conc2, line.replicate),
                  line.place);
  doubled.report("block, doses and replicate",
                 "take the copies out, or number wells that are different in the column replicate", problems);
}

void say_table(const Lines& read, SynergyResponse response, bool given, core::Understanding& said) {
  std::map<std::tuple<std::string, double, double>, std::size_t> repeats;
  for (const Line& line : read.lines) ++repeats[{line.block, line.conc1, line.conc2}];
  std::size_t least = read.lines.size(), most = 0;
  for (const auto& [pair, n] : repeats) {
    least = std::min(least, n);
    most = std::max(most, n);
  }
  const std::string what =
      fmt::format("column '{}': {} in {}", read.response, viability(response) ? "viability" : "inhibition",
                  percent(response) ? "per cent" : "fractions");
  if (given)
    said.given("response", what, "--response");
  else
    said.found("response",
               what + fmt::format(" (the wells without any drug read {:.3g})", without_drugs(read.lines)),
               "--response");
  if (read.decimal_commas) said.found("numbers", "with decimal commas");
  const std::string count = least == most ? fmt::format("{}", most) : fmt::format("{} to {}", least, most);
  if (read.replicates)
    said.found("independent unit", fmt::format("the replicate, {} for each pair of doses", count));
  else
    said.assumed("independent unit", fmt::format("each line, {} for each pair of doses", count),
                 "a column replicate");
}

double effect_of(double value, SynergyResponse response) {
  const double fraction = percent(response) ? value / 100.0 : value;
  return viability(response) ? 1.0 - fraction : fraction;
}

std::vector<double> doses_of(const std::vector<const Line*>& lines, double Line::*dose) {
  std::vector<double> out;
  for (const Line* line : lines) out.push_back(line->*dose);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

SynergyBlock block_of(const std::string& name, const std::vector<const Line*>& lines,
                      SynergyResponse response, core::Diagnostics& problems) {
  const Line& first = *lines.front();
  SynergyBlock out{name, first.drug1, first.drug2, first.unit1, first.unit2, {}};
  for (const Line* line : lines) {
    if (line->drug1 != first.drug1 || line->drug2 != first.drug2)
      problems.add("two-pairs", line->place, "drug1",
                   fmt::format("block '{}' has {} with {} here and {} with {} before", name, line->drug1,
                               line->drug2, first.drug1, first.drug2),
                   "give each pair a block_id of its own");
    if (line->unit1 != first.unit1 || line->unit2 != first.unit2)
      problems.add("two-units", line->place, "conc_unit",
                   fmt::format("block '{}' is in {} and {} here and in {} and {} before", name, line->unit1,
                               line->unit2, first.unit1, first.unit2),
                   "use one unit throughout a block");
  }
  stats::Checkerboard& board = out.board;
  board.doses1 = doses_of(lines, &Line::conc1);
  board.doses2 = doses_of(lines, &Line::conc2);
  for (const auto& [drug, doses] : {std::pair{&out.drug1, &board.doses1}, {&out.drug2, &board.doses2}})
    if (doses->size() < 3 || doses->front() != 0.0)
      problems.add(
          "few-doses", first.place, *drug,
          fmt::format("block '{}' has {} doses of {}{}; a checkerboard needs dose 0 and at least two more",
                      name, doses->size(), *drug, doses->front() != 0.0 ? " and no dose 0" : ""));
  board.effects.resize(board.rows() * board.columns());
  for (const Line* line : lines) {
    const auto i =
        std::lower_bound(board.doses1.begin(), board.doses1.end(), line->conc1) - board.doses1.begin();
    const auto j =
        std::lower_bound(board.doses2.begin(), board.doses2.end(), line->conc2) - board.doses2.begin();
    board.effects[board.cell(static_cast<std::size_t>(i), static_cast<std::size_t>(j))].push_back(
        effect_of(line->response, response));
  }
  for (std::size_t i = 0; i < board.rows(); ++i)
    for (std::size_t j = 0; j < board.columns(); ++j)
      if (board.effects[board.cell(i, j)].empty())
        problems.add("missing-pair", {first.place.file, first.place.line, 0}, "conc1",
                     fmt::format("block '{}' has no line for {} at {} {} with {} at {} {}", name, out.drug1,
                                 board.doses1[i], out.unit1, out.drug2, board.doses2[j], out.unit2),
                     "a checkerboard has every dose of one drug with every dose of the other, zero included");
  return out;
}

}  // namespace

std::vector<SynergyBlock> read_synergy_table(const NamedText& text, SynergyResponse response,
                                             core::Understanding* said, const std::string& command) {
  core::Diagnostics problems;
  const Lines read = read_lines(text, problems);
  problems.throw_if_any();
  const std::vector<Line>& lines = read.lines;
  const bool given = response != SynergyResponse::unknown;
  if (!given) response = find_response(read, command, problems);
  if (problems.empty()) check_scale(lines, response, problems);
  if (problems.empty()) check_zero(lines, response, command, problems);
  check_doubled(read, problems);
  if (said) say_table(read, response, given, *said);
  std::vector<std::pair<std::string, std::vector<const Line*>>> blocks;
  for (const Line& line : lines) {
    auto found =
        std::find_if(blocks.begin(), blocks.end(), [&](const auto& b) { return b.first == line.block; });
    if (found == blocks.end()) found = blocks.insert(blocks.end(), {line.block, {}});
    found->second.push_back(&line);
  }
  std::vector<SynergyBlock> out;
  for (const auto& [name, of] : blocks) out.push_back(block_of(name, of, response, problems));
  problems.throw_if_any();
  return out;
}

}  // namespace stroma::io
