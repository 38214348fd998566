#include "model/addresses.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "core/address.hpp"
#include "core/errors.hpp"
#include "core/hash.hpp"

namespace stroma::model {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::string_view header_prefix = "model.";

// A table whose rows are called by one column and hold numbers in several.
struct RowTable {
  std::string_view name;
  core::Table Files::*table;
  std::array<std::string_view, 3> numbers;
};
constexpr std::array row_tables{
    RowTable{"mechanisms", &Files::mechanisms, {"weight", "half_max", "hill"}},
    RowTable{"rules", &Files::rules, {"saturation", "half_max", "hill"}},
    RowTable{"drug_targets", &Files::drug_targets, {"ic50", "hill", ""}},
};

// A table of the form "owner, parameter, value".
struct ValueTable {
  std::string_view name;
  core::Table Files::*table;
  std::array<std::string_view, 2> owner;
};
constexpr std::array value_tables{
    ValueTable{"substances", &Files::substances, {"substance", ""}},
    ValueTable{"drugs", &Files::drugs, {"drug", ""}},
    ValueTable{"cell_types", &Files::cell_types, {"cell_type", ""}},
    ValueTable{"nodes", &Files::nodes, {"node", "cell_type"}},
};

const std::string& text_at(const core::Table& table, std::size_t row, std::string_view column) {
  static const std::string empty;
  const auto c = table.column(column);
  return c ? table.rows[row][*c].text : empty;
}

// Calls visit(address, table, row, column) for every cell that has an address.
template <class Tables, class Visit>
void each_cell(Tables& files, const Visit& visit) {
  for (const RowTable& known : row_tables) {
    auto& table = files.*known.table;
    const auto id = table.column("id");
    if (!id) continue;
    for (std::size_t r = 0; r < table.rows.size(); ++r)
      for (std::size_t c = 0; c < table.header.size(); ++c)
        if (c != *id)
          visit(fmt::format("{}.{}.{}", known.name, table.rows[r][*id].text, table.header[c].text), table, r,
                c);
  }
  for (const ValueTable& known : value_tables) {
    auto& table = files.*known.table;
    const auto value = table.column("value");
    if (!value) continue;
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      std::string address(known.name);
      for (const std::string_view column : {known.owner[0], known.owner[1], std::string_view("parameter")})
        if (const std::string& text = text_at(table, r, column); !column.empty() && !text.empty())
          address += "." + text;
      visit(address, table, r, *value);
    }
  }
}

// "0.3 uM" as 0.3 and "uM".
struct Number {
  double value = 0.0;
  std::string unit;
};
std::optional<Number> number_in(const std::string& text) {
  if (!core::parse_quantity(text).error.empty()) return std::nullopt;
  const std::size_t first = text.find_first_not_of(" \t");
  for (std::size_t end = text.size(); end > first; --end)
    if (const core::ParsedNumber n = core::parse_number(std::string_view(text).substr(first, end - first));
        n.error.empty()) {
      const std::size_t unit = text.find_first_not_of(" \t", end);
      return Number{n.value, unit == std::string::npos ? std::string() : text.substr(unit)};
    }
  return std::nullopt;
}

// What `text` says, in `unit`; NaN where it says nothing.
double in_unit_of(const std::string& text, const std::string& unit) {
  const auto number = number_in(text);
  if (!number) return nan;
  if (number->unit == unit) return number->value;  // as written, to the last digit
  const core::ParsedQuantity q = core::parse_quantity(text);
  const core::ParsedQuantity one = core::parse_quantity("1 " + unit);
  return q.quantity.value / one.quantity.value;
}

bool is_number_column(std::string_view table, std::string_view column) {
  for (const RowTable& known : row_tables)
    if (known.name == table)
      return !column.empty() &&
             std::find(known.numbers.begin(), known.numbers.end(), column) != known.numbers.end();
  return column == "value";
}

// The range that model.toml states for a strength whose row states none.
std::optional<Interval> assumed_range(const Model& model, std::string_view table, std::string_view column,
                                      const Variable& variable, const std::string& id) {
  const Assumptions& a = model.assumptions;
  if (column == "hill" && (table == "mechanisms" || table == "rules")) return a.hill;
  if (table == "mechanisms" && column == "weight") return a.weight;
  if (table == "mechanisms" && column == "half_max") {
    const auto row = std::find_if(model.mechanisms.begin(), model.mechanisms.end(),
                                  [&](const Mechanism& m) { return m.id == id; });
    if (row != model.mechanisms.end() && row->source_node != none) return a.half_max;
    if (!a.dissociation_constant) return std::nullopt;
    const double one = core::parse_quantity("1 " + variable.unit).quantity.value;
    return Interval{a.dissociation_constant->low / one, a.dissociation_constant->high / one};
  }
  if (table == "rules" && column == "half_max" && variable.unit.empty()) return a.half_max;
  if (table == "rules" && column == "saturation" && a.saturation)
    return Interval{a.saturation->low * variable.value, a.saturation->high * variable.value};
  return std::nullopt;
}

// The column whose range stands in the row's columns low and high.
bool has_own_range(std::string_view table, std::string_view column) {
  if (table == "mechanisms") return column == "half_max";
  if (table == "rules") return column == "saturation";
  if (table == "drug_targets") return column == "ic50";
  return column == "value";
}

}  // namespace

std::string Variable::written(double number) const {
  return unit.empty() ? fmt::format("{}", number) : fmt::format("{} {}", number, unit);
}

std::vector<Variable> variables(const Model& model) {
  core::require(model.files != nullptr, "a model that was not built from files has no addresses");
  std::vector<Variable> out;
  each_cell(*model.files,
            [&](const std::string& address, const core::Table& table, std::size_t r, std::size_t c) {
              const std::string_view name = std::string_view(address).substr(0, address.find('.'));
              const std::string& column = table.header[c].text;
              if (!is_number_column(name, column) || text_at(table, r, "parameter") == "label") return;
              const core::Cell& cell = table.rows[r][c];
              const auto number = number_in(cell.text);
              if (!number) return;
              Variable v{address, number->value, number->unit, nan, nan, table.place(cell)};
              if (has_own_range(name, column)) {
                v.low = in_unit_of(text_at(table, r, "low"), v.unit);
                v.high = in_unit_of(text_at(table, r, "high"), v.unit);
              }
              if (!std::isfinite(v.low) || !std::isfinite(v.high))
                if (const auto range = assumed_range(model, name, column, v, text_at(table, r, "id"))) {
                  v.low = range->low;
                  v.high = range->high;
                }
              out.push_back(std::move(v));
            });
  return out;
}

std::string row_of(std::string_view address) {
  if (address.starts_with(header_prefix)) return {};
  const std::size_t first = address.find('.'), last = address.rfind('.');
  return first == std::string_view::npos || last <= first
             ? std::string()
             : std::string(address.substr(first + 1, last - first - 1));
}

bool in_model(std::string_view address) {
  const std::string_view file = address.substr(0, address.find('.'));
  const auto called = [&](const auto& known) { return known.name == file; };
  return address.starts_with(header_prefix) || std::any_of(row_tables.begin(), row_tables.end(), called) ||
         std::any_of(value_tables.begin(), value_tables.end(), called);
}

std::vector<core::Place> apply(Files& files, std::span<const Change> changes,
                               std::span<const core::Place> places, core::Diagnostics& problems) {
  std::vector<std::string> said;
  std::vector<core::Place> cells(changes.size());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Change& change = changes[i];
    const core::Place place = i < places.size() ? places[i] : core::Place{};
    said.push_back(change.address + "=" + change.text);
    if (change.address.starts_with(header_prefix)) {
      core::Node value;
      value.kind = core::Node::Kind::text;
      value.text = change.text;
      if (const core::ParsedNumber n = core::parse_number(change.text); n.error.empty()) {
        value.kind = core::Node::Kind::number;
        value.number = n.value;
      }
      value.place = value.key_place = place;
      core::set_at(files.model, change.address.substr(header_prefix.size()), std::move(value), problems);
      continue;
    }
    std::size_t hits = 0;
    each_cell(files, [&](const std::string& address, core::Table& table, std::size_t r, std::size_t c) {
      if (address != change.address) return;
      table.rows[r][c].text = change.text;
      cells[i] = table.place(table.rows[r][c]);
      ++hits;
    });
    if (hits == 0) {
      std::vector<std::string> known;
      each_cell(files, [&](const std::string& address, const core::Table&, std::size_t, std::size_t) {
        known.push_back(address);
      });
      problems.add("unknown-address", place, change.address,
                   fmt::format("no cell of the model has the address '{}'", change.address),
                   core::did_you_mean(change.address, known));
    }
    if (hits > 1)
      problems.add("several-cells", place, change.address,
                   fmt::format("{} cells of the model have the address '{}'", hits, change.address));
  }
  std::sort(said.begin(), said.end());
  core::Hasher hasher;
  hasher.text(files.content_hash);
  for (const std::string& line : said) hasher.text(line);
  if (!said.empty()) files.content_hash = hasher.digest();
  return cells;
}

std::shared_ptr<const Model> changed(const Model& model, std::span<const Change> changes) {
  core::require(model.files != nullptr, "a model that was not built from files cannot be built again");
  core::Diagnostics problems;
  Files files = *model.files;
  apply(files, changes, {}, problems);
  auto built = build(files, problems);
  problems.throw_if_any();
  core::require(built.has_value(), "a model without problems was not built");
  return std::make_shared<const Model>(without(*built, model.knocked_out, problems));
}

}  // namespace stroma::model
