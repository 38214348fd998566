// One number of a model: its value in its unit, the range in which it may lie, and its source. Every number
// has a key of references.csv or is an assumption with a range that contains it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "model/builder.hpp"

namespace stroma::model {
namespace {

// A value that offends no later check, so that one fault is reported once.
double neutral(const NumberSpec& spec) {
  return spec.range.contains(1.0) && !spec.below_high ? 1.0 : 0.5;
}

std::string number_or_empty(const core::Row& row, std::string_view column) {
  return row.text(column).empty() ? "empty" : "'" + row.text(column) + "'";
}

}  // namespace

std::optional<double> Builder::read_value(const core::Row& row, std::string_view column,
                                          const NumberSpec& spec) {
  const std::string text = row.text(column);
  if (text.empty()) {
    row.wrong(column, "empty", fmt::format("must not be empty; expected {}", core::describe(spec.dim)));
    return std::nullopt;
  }
  double scale = 1.0;
  core::Dimension dim = spec.dim;
  if (spec.mass) {
    const core::ParsedQuantity parsed = core::parse_quantity(text);
    if (parsed.error.empty() && parsed.has_unit && parsed.quantity.dim == spec.mass->dim) {
      if (spec.mass->molar_mass <= 0.0) {
        row.wrong(
            column, "needs-molar-mass",
            fmt::format("'{}' is a mass, but substance '{}' has no molar_mass", text, spec.mass->substance),
            fmt::format("add the molar_mass of '{}', or write the number in moles", spec.mass->substance));
        return std::nullopt;
      }
      dim = spec.mass->dim;
      scale = 1.0 / spec.mass->molar_mass;
    }
  }
  const auto value = core::check_quantity(text, dim, spec.range, row.place(column), column, problems);
  if (!value) return std::nullopt;
  if (spec.below_high && *value >= spec.range.high) {
    row.wrong(column, "out-of-range",
              fmt::format("'{}' is out of range; it lies between {} and {}, both excluded", text,
                          spec.range.low, spec.range.high));
    return std::nullopt;
  }
  if (spec.whole && std::floor(*value) != *value) {
    row.wrong(column, "not-whole", fmt::format("'{}' must be a whole number", text));
    return std::nullopt;
  }
  return *value * scale;
}

Provenance Builder::read_sources(const core::Row& row, bool required) {
  Provenance sources;
  sources.note = row.text("note");
  sources.place = row.place("reference");
  bool assumed = false;
  std::vector<std::string> keys;
  for (const std::string& key : core::split_list(row.text("reference"))) {
    if (std::find(keys.begin(), keys.end(), key) != keys.end() || (assumed && key == "assumption"))
      row.wrong("reference", "duplicate-value", fmt::format("'{}' is named twice", key));
    if (key == "assumption") {
      assumed = true;
      continue;
    }
    keys.push_back(key);
    if (references.complete && references.find(key) == none) {
      std::vector<std::string> known = references.all;
      known.push_back("assumption");
      row.wrong("reference", "unknown-reference", fmt::format("'{}' is not a key of references.csv", key),
                core::did_you_mean(key, known));
    }
  }
  if (assumed) sources.reference = "assumption";
  for (const std::string& key : keys) sources.reference += (sources.reference.empty() ? "" : "; ") + key;
  if (required && sources.reference.empty())
    row.wrong("reference", "no-source", "a source is missing",
              "give a key of references.csv, or 'assumption' together with low and high");
  return sources;
}

Parameter Builder::read_number(const core::Row& row, std::string_view column, const NumberSpec& spec,
                               const Fallback& fallback) {
  return read_number(row, column, spec, fallback, read_sources(row, true));
}

Parameter Builder::read_number(const core::Row& row, std::string_view column, const NumberSpec& spec,
                               const Fallback& fallback, Provenance sources) {
  Parameter out{neutral(spec), std::move(sources), row.text(column)};
  out.provenance.place = row.place(column);
  const auto value = read_value(row, column, spec);
  if (value) out.value = *value;
  const bool has_low = !row.text("low").empty(), has_high = !row.text("high").empty();
  if (has_low != has_high) {
    row.wrong(has_low ? "high" : "low", "half-a-range", "a range needs both low and high");
    return out;
  }
  if (!has_low && fallback.interval && (out.provenance.assumed() || fallback.always)) {
    const double scale = fallback.is_factor ? out.value : 1.0;
    out.provenance.low = fallback.interval->low * scale;
    out.provenance.high = fallback.interval->high * scale;
  } else if (has_low) {
    const auto low = read_value(row, "low", spec), high = read_value(row, "high", spec);
    if (!low || !high) return out;
    out.provenance.low = *low;
    out.provenance.high = *high;
  } else {
    if (!out.provenance.assumed()) return out;
    const std::string_view at = row.place("low").column > 0 ? "low" : column;  // the columns may be absent
    row.wrong(
        at, "assumption-without-range",
        fmt::format("an assumption needs the range in which '{}' may lie: low and high", column),
        fallback.where.empty() ? "" : fmt::format("or state {} in model.toml, for all rows", fallback.where));
    return out;
  }
  if (out.provenance.low > out.provenance.high) {
    row.wrong(
        "low", "inverted-range",
        fmt::format("low {} is above high {}", number_or_empty(row, "low"), number_or_empty(row, "high")));
  } else if (value && !Interval{out.provenance.low, out.provenance.high}.contains(*value)) {
    const std::string range = has_low ? fmt::format("{} to {}", row.text("low"), row.text("high"))
                                      : fmt::format("{} in model.toml", fallback.where);
    row.wrong(column, "outside-its-range",
              fmt::format("'{}' lies outside its range, {}", row.text(column), range));
  }
  return out;
}

double Builder::read_strength(const core::Row& row, std::string_view column, const NumberSpec& spec,
                              const Interval& allowed) {
  const auto value = read_value(row, column, spec);
  if (!value) return neutral(spec);
  if (!allowed.contains(*value))
    row.wrong(column, "outside-its-range",
              fmt::format("'{}' lies outside the range of model.toml, assumptions.{} = [{}, {}]",
                          row.text(column), column, allowed.low, allowed.high));
  return *value;
}

void Builder::refuse_range(const core::Row& row) {
  for (const std::string_view bound : {"low", "high"})
    if (!row.text(bound).empty()) row.wrong(bound, "range-of-a-text", "a text has no range; leave it empty");
}

std::string Builder::read_text(const core::Row& row, std::string_view column) {
  refuse_range(row);
  if (!row.text("reference").empty()) read_sources(row, false);
  return row.required_text(column);
}

NumberSpec Builder::concentration_spec(Index substance) const {
  NumberSpec spec = positive(core::dimension::concentration);
  if (substance == none) return spec;
  const Substance& s = model.substances[static_cast<std::size_t>(substance)];
  spec.mass = MassForm{core::dimension::mass_concentration, s.molar_mass, s.name};
  return spec;
}

}  // namespace stroma::model
