#include "io/synergy_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/units.hpp"
#include "io/csv.hpp"
#include "io/measured_table.hpp"

namespace stroma::io {
namespace {

constexpr double most_as_fraction = 1.5, least_as_percent = 20.0;

struct Line {
  std::string block, drug1, drug2, unit1, unit2;
  double conc1 = 0.0, conc2 = 0.0, response = 0.0;
  core::Place place;
};

std::vector<Line> read_lines(const NamedText& text, core::Diagnostics& problems) {
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
  std::vector<Line> out;
  if (!table.complete()) return out;
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
    line.conc1 = table.number(r, "conc1", core::Range::non_negative()).value_or(0.0);
    line.conc2 = table.number(r, "conc2", core::Range::non_negative()).value_or(0.0);
    line.response = table.number(r, "response", core::Range::any()).value_or(0.0);
    line.place = table.place(r, "response");
    out.push_back(std::move(line));
  }
  if (out.empty()) problems.add("empty-table", {text.file, 1, 0}, {}, "the table has a header and no lines");
  return out;
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

double effect_of(double value, SynergyResponse response) {
  const double fraction = percent(response) ? value / 100.0 : value;
  const bool viability =
      response == SynergyResponse::viability_percent || response == SynergyResponse::viability_fraction;
  return viability ? 1.0 - fraction : fraction;
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

std::vector<SynergyBlock> read_synergy_table(const NamedText& text, SynergyResponse response) {
  core::Diagnostics problems;
  const std::vector<Line> lines = read_lines(text, problems);
  problems.throw_if_any();
  check_scale(lines, response, problems);
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
