// [[substance]]: transport, boundaries, initial condition, sources and sinks at places.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/maths.hpp"
#include "core/units.hpp"
#include "study/keys.hpp"
#include "study/reading.hpp"
#include "study/tissue_reader.hpp"
#include "tissue/medium.hpp"

namespace stroma::study {
namespace {

constexpr core::Dimension flux_dimension{.length = -2, .time = -1, .amount = 1};

}  // namespace

void TissueReader::read_substance(const core::Node& node) {
  core::Section section(node, substance_keys(), problems_);
  tissue::TissueSetup::Substance substance;
  fields::SubstancePlan& plan = substance.plan;
  plan.name = section.text("name");
  if (plan.name.find_first_of(",\"\r\n\t") != std::string::npos)
    section.wrong("name", "bad-name", "becomes the head of a column: leave out commas and quotes");
  for (const auto& other : experiment_.setup.substances)
    if (other.plan.name == plan.name)
      section.wrong("name", "duplicate-name", fmt::format("substance '{}' is there twice", plan.name));
  substance.index = model_.substance(plan.name);
  const bool is_known = substance.index != model::none;
  const model::Substance blank;
  const model::Substance& known =
      is_known ? model_.substances[static_cast<std::size_t>(substance.index)] : blank;
  if (!is_known && !section.has("diffusivity")) {
    std::vector<std::string> names;
    for (const model::Substance& s : model_.substances) names.push_back(s.name);
    section.wrong(
        "name", "unknown-substance",
        fmt::format("the model has no substance '{}', and no `diffusivity` is given here", plan.name),
        core::did_you_mean(plan.name, names));
  } else if (!section.has("diffusivity") && known.diffusivity <= 0.0) {
    section.missing("diffusivity");
  }
  plan.diffusivity = section.quantity_or("diffusivity", known.diffusivity);
  if (plan.diffusivity <= 0.0) plan.diffusivity = 1.0;  // reported above
  plan.decay = section.quantity_or("decay", tissue::decay_rate(known, experiment_.setup.serum));
  plan.half_uptake = section.quantity_or("consumption_half_max", known.consumption_half_max);
  plan.error_target = section.quantity("error");
  plan.fixed_step = section.quantity("fixed_step");
  plan.method = static_cast<fields::Method>(section.word("method"));
  refuse_idle_control(section, plan);
  const double hindrance = section.quantity("hindrance");
  if (matrix_.empty() && section.has("hindrance"))
    section.wrong("hindrance", "cannot-act", "there is no [[matrix]] that could hinder",
                  "add a [[matrix]], or leave it out");
  if (!matrix_.empty() && hindrance > 0.0)
    for (const double density : matrix_) plan.mobility.push_back(1.0 / (1.0 + hindrance * density));
  read_initial(section, substance);
  read_boundary(section, substance);
  read_above(section, substance);
  read_regions(section, substance);
  if (section.has("consumption_half_max") && substance.consumption.empty() && !(is_known && has_cells()))
    section.wrong("consumption_half_max", "cannot-act", "nothing here consumes the substance",
                  "add a [[substance.consumption]], or leave it out");
  section.finish();
  experiment_.setup.substances.push_back(std::move(substance));
}

// What a method does not read.
void TissueReader::refuse_idle_control(core::Section& section, const fields::SubstancePlan& plan) {
  if (!section.has("fixed_step")) return;
  if (plan.method == fields::Method::quasi_steady)
    section.wrong("fixed_step", "cannot-act", "a steady state takes no steps",
                  "leave it out, or choose another `method`");
  if (plan.method == fields::Method::split && section.has("error"))
    section.wrong("error", "cannot-act", "split steps of a fixed length keep to no error",
                  "leave it or `fixed_step` out");
}

// boundary = "sealed", "surroundings", a concentration, or a table of sides with `all` for the rest.
void TissueReader::read_boundary(core::Section& section, tissue::TissueSetup::Substance& substance) {
  const core::Node* node = section.node("boundary");
  const int used = 2 * experiment_.setup.grid.dimensions;
  if (node == nullptr) {
    section.missing("boundary");
    return;
  }
  // One reading for every side: what is wrong is said once.
  const auto all_alike = [&] {
    read_face(*node, 0, substance);
    for (int face = 1; face < used; ++face)
      substance.plan.boundary[static_cast<std::size_t>(face)] = substance.plan.boundary[0];
  };
  if (node->kind != core::Node::Kind::table) return all_alike();
  if (node->find("outside") != nullptr) return all_alike();  // { outside, permeability }
  core::Section sides(*node, sides_keys(), problems_);
  const core::Node* all = sides.node("all");
  for (int face = 0; face < used; ++face) {
    const auto i = static_cast<std::size_t>(face);
    const std::string& name = side_names()[i];
    const core::Node* side = sides.node(name);
    if (side == nullptr) side = all;
    if (side == nullptr) {
      sides.missing(name);
    } else {
      read_face(*side, i, substance);
    }
  }
  sides.finish();
}

void TissueReader::read_face(const core::Node& value, std::size_t face,
                             tissue::TissueSetup::Substance& substance) {
  fields::Boundary& boundary = substance.plan.boundary[face];
  const std::string key = "substance.boundary";
  if (value.kind == core::Node::Kind::table) {
    core::Section section(value, boundary_keys(), problems_);
    boundary.kind = fields::Boundary::Kind::exchange;
    boundary.value = read_concentration(section, "outside", substance.index, model_);
    boundary.permeability = section.quantity("permeability");
    section.finish();
    return;
  }
  if (value.text == "sealed") {
    boundary = {};
    return;
  }
  boundary.kind = fields::Boundary::Kind::value;
  if (value.text == "surroundings") {
    if (substance.initial.size() == 1) {
      boundary.value = substance.initial.front();
    } else {
      problems_.add("needs-uniform", value.place, key,
                    key + ": \"surroundings\" hold the uniform initial concentration, and there is none",
                    "write the concentration instead");
    }
    return;
  }
  const core::ParsedQuantity parsed = core::parse_quantity(value.text);
  if (value.text.find_first_of("0123456789") == std::string::npos) {
    problems_.add("unknown-boundary", value.place, key,
                  fmt::format("{}: '{}' is neither \"sealed\" nor \"surroundings\" nor a concentration", key,
                              value.text),
                  core::did_you_mean(value.text, std::array<std::string, 2>{"sealed", "surroundings"}));
    return;
  }
  if (parsed.error.empty() && parsed.quantity.dim == flux_dimension) {
    boundary = {fields::Boundary::Kind::flux, parsed.quantity.value, 0.0};
    return;
  }
  if (parsed.error.empty() && parsed.quantity.dim == dim::mass_concentration &&
      substance.index != model::none) {
    const double molar_mass = model_.substances[static_cast<std::size_t>(substance.index)].molar_mass;
    if (molar_mass > 0.0) {
      boundary.value = core::molar(parsed.quantity.value, molar_mass);
      return;
    }
  }
  boundary.value =
      core::check_quantity(value.text, dim::concentration, Range::non_negative(), value.place, key, problems_)
          .value_or(0.0);
}

void TissueReader::read_initial(core::Section& section, tissue::TissueSetup::Substance& substance) {
  const core::Node* node = section.node("initial");
  substance.initial = {substance.index == model::none
                           ? 0.0
                           : tissue::plain_solution(model_, experiment_.setup.serum)
                                 .concentration[static_cast<std::size_t>(substance.index)]};
  if (node == nullptr) return;
  if (node->kind == core::Node::Kind::table) {
    read_shaped_initial(*node, substance);
    return;
  }
  substance.initial = {
      read_concentration(section, "initial", node->text, node->place, substance.index, model_)};
}

void TissueReader::read_shaped_initial(const core::Node& node, tissue::TissueSetup::Substance& substance) {
  const fields::Grid& grid = experiment_.setup.grid;
  core::Section section(node, initial_keys(), problems_);
  const std::size_t before = problems_.size();
  const std::string shape = section.declared("shape").words[section.word("shape")];
  if (problems_.size() != before) return section.finish();
  const auto number = [&](const char* key) {
    return read_concentration(section, key, substance.index, model_);
  };
  std::vector<double>& c = substance.initial;
  const auto fill = [&](const auto& value_at) {
    c.resize(grid.voxels());
    for (std::size_t v = 0; v < c.size(); ++v) c[v] = value_at(grid.centre(v));
  };
  const auto distance_squared = [&](const std::array<double, 3>& a, const std::array<double, 3>& b) {
    double squares = 0.0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(grid.dimensions); ++i)
      squares += (a[i] - b[i]) * (a[i] - b[i]);
    return squares;
  };
  if (shape == "uniform") {
    c = {number("concentration")};
  } else if (shape == "point") {
    const double amount = section.quantity("amount");
    const std::array<double, 3> at = read_point(section, "at", grid);
    c.assign(grid.voxels(), 0.0);
    c[grid.voxel_at(at[0], at[1], at[2])] = amount / grid.voxel_volume();
  } else if (shape == "cosine") {
    const double mean = number("mean"), amplitude = number("amplitude");
    const auto modes = static_cast<double>(section.whole("half_waves"));
    const std::size_t a = section.word("axis");
    if (static_cast<int>(a) >= grid.dimensions)
      section.wrong("axis", "unknown-axis", fmt::format("'{}' is not an axis of this domain", "xyz"[a]));
    if (amplitude > mean) section.wrong("amplitude", "out-of-range", "must not exceed the mean");
    fill([&](const std::array<double, 3>& p) {
      const double share = (p[a] - grid.origin[a]) / grid.length(static_cast<int>(a));
      return mean + amplitude * core::maths::on_circle(0.5 * modes * share).cosine;
    });
  } else if (shape == "gaussian") {
    const double peak = number("peak"), background = number("background");
    const double width = section.quantity("width");
    const std::array<double, 3> centre = read_point(section, "centre", grid);
    fill([&](const std::array<double, 3>& p) {
      return background + peak * core::maths::exp(-0.5 * distance_squared(p, centre) / (width * width));
    });
  } else if (shape == "sphere") {
    const double inside = number("inside"), outside = number("outside");
    const double radius = section.quantity("radius");
    const std::array<double, 3> centre = read_point(section, "centre", grid);
    fill([&](const std::array<double, 3>& p) {
      return distance_squared(p, centre) <= radius * radius ? inside : outside;
    });
  } else {
    read_initial_file(section, substance);
  }
  section.finish();
}

// A table with the columns i, j, k (voxels from 0; those of unused axes may be missing) and concentration.
void TissueReader::read_initial_file(core::Section& section, tissue::TissueSetup::Substance& substance) {
  const fields::Grid& grid = experiment_.setup.grid;
  const std::string name = section.text("file");
  if (name.empty()) return;
  const core::Table table = read_table_(name);
  if (table.file.empty()) return;  // it could not be read, which has been said
  if (!core::check_columns(table, {"i", "concentration"}, {"j", "k"}, problems_)) return;
  std::vector<double>& c = substance.initial;
  c.assign(grid.voxels(), 0.0);
  std::vector<bool> seen(c.size(), false);
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const core::Row row(table, r, problems_);
    std::array<int, 3> place{};
    for (std::size_t a = 0; a < 3; ++a) {
      const char* const column = a == 0 ? "i" : a == 1 ? "j" : "k";
      if (!table.column(column)) continue;
      const double value = row.quantity(column, dim::none, Range::closed(0.0, grid.n[a] - 1.0));
      place[a] = static_cast<int>(value);
      if (value != std::floor(value)) row.wrong(column, "not-whole", "must be a whole number");
    }
    const std::size_t v = grid.index(place[0], place[1], place[2]);
    if (seen[v]) row.wrong("i", "duplicate-voxel", "this voxel is there twice");
    seen[v] = true;
    c[v] = row.quantity("concentration", dim::concentration, Range::non_negative());
  }
}

void TissueReader::read_regions(core::Section& section, tissue::TissueSetup::Substance& substance) {
  const fields::Grid& grid = experiment_.setup.grid;
  const auto add = [&](std::vector<double>& to, const Region& region, double value) {
    if (to.empty()) to.assign(grid.voxels(), 0.0);
    for (const std::size_t v : voxels_of(region, grid)) to[v] += value;
  };
  for (const core::Node* node : section.tables("source")) {
    core::Section source(*node, source_keys(), problems_);
    if (source.text("shape") == "point") {
      const double rate = source.quantity("rate", dim::amount_rate);
      const std::array<double, 3> at = read_point(source, "at", grid);
      if (substance.source.empty()) substance.source.assign(grid.voxels(), 0.0);
      substance.source[grid.voxel_at(at[0], at[1], at[2])] += rate / grid.voxel_volume();
    } else {
      const Region region = read_region(source, grid);
      add(substance.source, region, source.quantity("rate"));
    }
    source.finish();
  }
  for (const core::Node* node : section.tables("sink")) {
    core::Section sink(*node, sink_keys(), problems_);
    const Region region = read_region(sink, grid);
    add(substance.sink, region, sink.quantity("rate"));
    sink.finish();
  }
  for (const core::Node* node : section.tables("consumption")) {
    core::Section consumption(*node, consumption_keys(), problems_);
    const Region region = read_region(consumption, grid);
    add(substance.consumption, region, consumption.quantity("rate"));
    consumption.finish();
    if (substance.plan.half_uptake <= 0.0) section.missing("consumption_half_max");
  }
  std::vector<fields::FixedVoxel>& fixed = substance.plan.fixed;
  for (const core::Node* node : section.tables("fixed")) {
    core::Section vessel(*node, fixed_keys(), problems_);
    const Region region = read_region(vessel, grid);
    const double value = read_concentration(vessel, "value", substance.index, model_);
    vessel.finish();
    for (const std::size_t v : voxels_of(region, grid)) {
      const auto at =
          std::lower_bound(fixed.begin(), fixed.end(), v,
                           [](const fields::FixedVoxel& f, std::size_t voxel) { return f.voxel < voxel; });
      if (at != fixed.end() && at->voxel == v)
        at->value = value;
      else
        fixed.insert(at, {v, value});
    }
  }
}

}  // namespace stroma::study
