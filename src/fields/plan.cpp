// What makes a plan invalid, and what a plan will take of memory.
#include "fields/plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace stroma::fields {
namespace {

bool positive(double x) {
  return std::isfinite(x) && x > 0.0;
}
bool not_negative(double x) {
  return std::isfinite(x) && x >= 0.0;
}

/// Adds the problems of one substance.
class Check {
 public:
  Check(const Grid& grid, const SubstancePlan& plan, const core::Place& place, core::Diagnostics& diagnostics)
      : grid_(grid), plan_(plan), place_(place), diagnostics_(diagnostics) {}

  void run() const {
    numbers();
    for (std::size_t face = 0; face < faces; ++face) boundary(face);
    layer();
    arrays();
    const bool open = std::any_of(plan_.boundary.begin(), plan_.boundary.end(),
                                  [](const Boundary& b) { return b.kind != Boundary::Kind::flux; });
    if (plan_.method == Method::quasi_steady && !open && plan_.fixed.empty() && !(plan_.decay > 0.0))
      add("substance-steady",
          "no steady state without decay, an open boundary or fixed voxels; uptake alone cannot be relied on",
          "use another method, or `automatic`");
  }

 private:
  void add(const char* code, const std::string& message, const std::string& hint = {}) const {
    diagnostics_.add(code, place_, plan_.name, plan_.name + ": " + message, hint);
  }

  void numbers() const {
    if (!positive(plan_.diffusivity))
      add("substance-diffusivity",
          fmt::format("diffusivity of {} um^2/min; expected a positive number", plan_.diffusivity),
          "a substance that does not diffuse is not a field");
    if (!not_negative(plan_.decay))
      add("substance-decay", fmt::format("decay of {} /min; expected 0 or more", plan_.decay));
    if (!not_negative(plan_.half_uptake))
      add("substance-half-uptake", fmt::format("Km of {} nM; expected 0 or more", plan_.half_uptake));
    else if (plan_.saturable && plan_.half_uptake == 0.0)
      add("substance-half-uptake", "saturable uptake with a Km of 0 nM; expected more than 0",
          "give the concentration at which uptake is half of its most");
    if (!(plan_.error_target > 0.0 && plan_.error_target < 1.0))
      add("substance-error-target",
          fmt::format("error target of {}; expected a fraction between 0 and 1", plan_.error_target));
    if (!not_negative(plan_.fixed_step))
      add("substance-fixed-step", fmt::format("fixed step of {} min; expected 0 or more", plan_.fixed_step));
  }

  void layer() const {
    if (!not_negative(plan_.layer_depth))
      add("layer-depth", fmt::format("a layer of {} um; expected 0 or more", plan_.layer_depth));
    else if (plan_.layer_depth > 0.0 && !is_under_medium(grid_, plan_))
      add("layer-depth", "a closed layer above needs two dimensions and exchange through z high");
  }

  void boundary(std::size_t face) const {
    const Boundary& b = plan_.boundary[face];
    const std::string name(face_names[face]);
    const bool used = static_cast<int>(face / 2) < grid_.dimensions;
    const bool is_above = face == faces - 1 && is_under_medium(grid_, plan_);
    if (!used && !is_above && !(b.kind == Boundary::Kind::flux && b.value == 0.0))
      add("boundary-unused-axis",
          fmt::format("face {} of a grid of {} dimensions must be sealed", name, grid_.dimensions));
    if (!std::isfinite(b.value) || (b.kind != Boundary::Kind::flux && b.value < 0.0))
      add("boundary-value", fmt::format("value of {} at face {}; expected {}", b.value, name,
                                        b.kind == Boundary::Kind::flux ? "a finite flux in nM um/min"
                                                                       : "a concentration in nM, 0 or more"));
    if (b.kind == Boundary::Kind::exchange && !positive(b.permeability))
      add("boundary-permeability",
          fmt::format("permeability of {} um/min at face {}; expected more than 0", b.permeability, name));
  }

  void arrays() const {
    const std::size_t voxels = grid_.voxels();
    if (!plan_.mobility.empty()) {
      if (plan_.mobility.size() != voxels)
        add("substance-mobility",
            fmt::format("mobility of {} voxels on a grid of {}", plan_.mobility.size(), voxels));
      const auto bad = std::find_if(plan_.mobility.begin(), plan_.mobility.end(),
                                    [](double m) { return !(m > 0.0 && m <= 1.0); });
      if (bad != plan_.mobility.end())
        add("substance-mobility", fmt::format("mobility of {} in voxel {}; expected more than 0, at most 1",
                                              *bad, bad - plan_.mobility.begin()));
    }
    for (std::size_t f = 0; f < plan_.fixed.size(); ++f) {
      const FixedVoxel& v = plan_.fixed[f];
      const bool outside = v.voxel >= voxels, disordered = f > 0 && v.voxel <= plan_.fixed[f - 1].voxel;
      if (!outside && !disordered && not_negative(v.value)) continue;
      add("substance-fixed-voxel",
          outside ? fmt::format("fixed voxel {} on a grid of {}", v.voxel, voxels)
          : disordered
              ? fmt::format("fixed voxel {} is not above the one before it", v.voxel)
              : fmt::format("value of {} nM in fixed voxel {}; expected 0 or more", v.value, v.voxel));
      return;
    }
  }

  const Grid& grid_;
  const SubstancePlan& plan_;
  const core::Place& place_;
  core::Diagnostics& diagnostics_;
};

}  // namespace

std::string_view to_string(Method method) {
  switch (method) {
    case Method::automatic:
      return "automatic";
    case Method::split:
      return "split";
    case Method::implicit:
      return "implicit";
    case Method::quasi_steady:
      return "quasi-steady";
  }
  return "unknown";
}

bool is_under_medium(const Grid& grid, const SubstancePlan& substance) {
  return grid.dimensions == 2 && substance.boundary[faces - 1].kind == Boundary::Kind::exchange;
}

double layer_volume(const Grid& grid, const SubstancePlan& substance) {
  return substance.layer_depth * grid.length(0) * grid.length(1);
}

void validate(const Plan& plan, const core::Place& place, core::Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.size();
  validate(plan.grid, place, diagnostics);
  const bool grid_is_valid = diagnostics.size() == before;
  for (const SubstancePlan& substance : plan.substances)
    Check(grid_is_valid ? plan.grid : Grid{}, substance, place, diagnostics).run();
}

double memory_estimate(const Grid& grid, std::size_t substances, Method method, bool mobility) {
  const double voxels = static_cast<double>(grid.n[0]) * grid.n[1] * grid.n[2];
  // In doubles per voxel. The workspace: two trial fields; with a multigrid solver a third one, twelve arrays
  // of floats for mixing, and error, residual and rates in floats on all levels (8/7 of the finest in three
  // dimensions, at most 2 in one), whose rows are padded. Mobility: itself and its means at three faces for
  // each substance, the means in floats on all levels too.
  const double levels = grid.dimensions == 1 ? 2.0 : grid.dimensions == 2 ? 4.0 / 3.0 : 8.0 / 7.0;
  const double padded = levels * (1.0 + 32.0 / std::max(1, grid.n[0]));
  const bool has_solver = method != Method::split;
  const double solver = has_solver ? 7.0 + 1.5 * padded : 0.0;
  const double per_substance = mobility ? 5.0 + (has_solver ? 1.5 * padded : 0.0) : 1.0;
  return 8.0 * voxels * (static_cast<double>(substances) * per_substance + 2.0 + solver);
}

}  // namespace stroma::fields
