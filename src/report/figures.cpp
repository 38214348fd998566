#include "report/figures.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/csv.hpp"
#include "core/errors.hpp"
#include "report/kinds.hpp"

namespace stroma::report {
namespace {

std::string dump(const nlohmann::json& spec) {
  return spec.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// Ids become file names and anchors, so they hold nothing that either would have to escape.
void require_id(const std::string& id, std::set<std::string>& seen) {
  core::require(!id.empty() && std::all_of(id.begin(), id.end(), is_plain),
                "an id of a figure or table has letters other than A-Z a-z 0-9 - _");
  core::require(seen.insert(id).second, "two figures or two tables of a report have one id");
}

// Words are printed with a typographic minus, which no program reads as one.
std::string plain(std::string text) {
  constexpr std::string_view minus = "\u2212";
  for (std::size_t at = text.find(minus); at != std::string::npos; at = text.find(minus, at + 1))
    text.replace(at, minus.size(), "-");
  return text;
}

std::string tabulate(const Table& table) {
  std::vector<std::vector<core::CsvValue>> rows;
  for (const auto& row : table.rows) {
    rows.emplace_back();
    for (const Cell& cell : row) {
      if (const auto* text = std::get_if<std::string>(&cell))
        rows.back().emplace_back(plain(*text));
      else
        rows.back().emplace_back(std::get<double>(cell));
    }
  }
  return core::write_csv(table.columns, rows);
}

// Every test of the figures; nothing where nothing was tested.
Table tests_of(const Report& report) {
  Table table{"tests",
              {},
              {},
              {"figure", "comparison", "panel", "arm", "reference_arm", "n", "test", "statistic", "p",
               "estimate", "value", "low", "high", "ratio", "ratio_low", "ratio_high"},
              {}};
  for (const Section& section : report.sections)
    for (const Figure& figure : section.figures)
      for (const Statistic& s : figure.caption.statistics) {
        if (!std::isfinite(s.p)) continue;
        table.rows.push_back({figure.id, s.comparison, s.panel, s.arm, s.reference_arm,
                              static_cast<double>(s.n), s.test, s.statistic, s.p, s.estimate_name,
                              s.estimate.value, s.estimate.interval.low, s.estimate.interval.high,
                              s.ratio.value, s.ratio.interval.low, s.ratio.interval.high});
      }
  return table;
}

}  // namespace

void settle_ids(Report& report) {
  std::set<std::string> figures{"findings"}, tables{"findings", "tests"};
  const auto settle = [](std::string& id, std::set<std::string>& taken) {
    std::string plain;
    for (const char c : id) {
      if (is_plain(c)) {
        plain += c;
      } else if (!plain.empty() && plain.back() != '-') {
        plain += '-';
      }
    }
    while (plain.size() > 1 && plain.back() == '-') plain.pop_back();
    if (plain.empty()) plain = "figure";
    id = plain;
    for (int n = 2; !taken.insert(id).second; ++n) id = plain + "-" + std::to_string(n);
  };
  for (Section& section : report.sections)
    for (Pictures& pictures : section.pictures) settle(pictures.id, figures);
  for (Section& section : report.sections) {
    for (Figure& figure : section.figures) settle(figure.id, figures);
    for (Table& table : section.tables) settle(table.id, tables);
  }
}

std::vector<FigureFile> figure_files(const Report& report) {
  const Palette palette(report);
  std::set<std::string> seen;
  std::vector<FigureFile> files;
  if (!report.findings.empty()) {
    require_id("findings", seen);
    files.push_back({"findings", dump(specify_forest(report.findings)), tabulate(report.findings)});
  }
  for (const Section& section : report.sections)
    for (const Pictures& pictures : section.pictures) require_id(pictures.id, seen);
  for (const Section& section : report.sections)
    for (const Figure& figure : section.figures) {
      require_id(figure.id, seen);
      std::visit(
          [&](const auto& content) {
            files.push_back({figure.id, dump(specify(content, palette)), tabulate(content)});
          },
          figure.content);
    }
  return files;
}

std::vector<TableFile> table_files(const Report& report) {
  std::set<std::string> seen;
  std::vector<TableFile> files;
  if (!report.findings.empty()) {
    require_id("findings", seen);
    files.push_back({"findings", tabulate(report.findings)});
  }
  if (const Table tests = tests_of(report); !tests.rows.empty()) {
    require_id(tests.id, seen);
    files.push_back({tests.id, tabulate(tests)});
  }
  for (const Section& section : report.sections)
    for (const Table& table : section.tables) {
      require_id(table.id, seen);
      files.push_back({table.id, tabulate(table)});
    }
  return files;
}

}  // namespace stroma::report
