// [domain], [medium], [[matrix]]: the box, what surrounds the cells, and what hinders diffusion.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "study/keys.hpp"
#include "study/region.hpp"
#include "study/tissue_reader.hpp"

namespace stroma::study {

void TissueReader::read_domain(const core::Node& node) {
  core::Section section(node, domain_keys(), problems_);
  fields::Grid& grid = experiment_.setup.grid;
  const auto used = static_cast<std::size_t>(grid.dimensions);
  const auto lengths = [&](const char* key, double fallback) {
    std::array<double, 3> values{fallback, fallback, fallback};
    const auto texts = section.texts(key);
    if (!section.has(key)) return values;
    if (texts.size() != 1 && texts.size() < used)
      section.wrong(key, "wrong-length", fmt::format("expected one length, or {} of them", used));
    for (std::size_t a = 0; a < 3; ++a) {
      const auto& [text, place] = texts[texts.size() == 1 ? 0 : std::min(a, texts.size() - 1)];
      if (texts.size() == 1 && a > 0) {
        values[a] = values[0];
      } else {
        values[a] = core::check_quantity(section.declared(key), text, place, section.full(key), problems_)
                        .value_or(fallback);
      }
    }
    return values;
  };
  const std::size_t before = problems_.size();
  const std::array<double, 3> size = lengths("size", 1.0), voxel = lengths("voxel", 1.0);
  grid.origin = lengths("origin", 0.0);
  const double thickness = read_thickness(section);
  double voxels = 1.0;
  for (std::size_t a = 0; a < 3; ++a) {
    if (a >= used) {
      grid.origin[a] = 0.0;
      grid.spacing[a] = thickness;
      continue;
    }
    grid.spacing[a] = voxel[a];
    const double n = std::round(size[a] / voxel[a]);
    voxels *= std::max(1.0, n);
    if (problems_.size() == before && (n < 1.0 || std::abs(n * voxel[a] - size[a]) > 1e-6 * size[a]))
      section.wrong("voxel", "not-a-divisor",
                    fmt::format("{} um along {} is not a whole number of voxels of {} um", size[a], "xyz"[a],
                                voxel[a]));
    grid.n[a] = n < 2e9 ? static_cast<int>(std::max(1.0, n)) : 2'000'000'000;
  }
  if (problems_.size() != before) {  // the rest is judged in one voxel as large as the box
    for (std::size_t a = 0; a < used; ++a) grid.spacing[a] = size[a];
    grid.n = {1, 1, 1};
    voxels = 1.0;
  }
  for (const core::Node* plane : section.tables("plane")) read_plane(*plane);
  section.finish();
  refuse_too_large(voxels);
}

// How far the domain reaches along the axes that it lacks. A length of the experiment, not of the mesh: an
// amount in a voxel becomes a concentration by it.
double TissueReader::read_thickness(core::Section& section) {
  const int dimensions = experiment_.setup.grid.dimensions;
  const double thickness = section.quantity("thickness");
  if (dimensions == 3) {
    if (section.has("thickness"))
      section.wrong("thickness", "cannot-act", "a domain of 3 dimensions has its thickness in `size`",
                    "leave it out, or take `dimensions` = 2");
    return thickness;
  }
  if (!section.has("thickness"))
    experiment_.assumptions.push_back(fmt::format(
        "the domain of {} dimension{} is {} um thick (`thickness` in [domain]), whatever its mesh",
        dimensions, dimensions == 1 ? "" : "s", thickness));
  const auto lengths = section.texts("voxel").size();
  if (lengths > static_cast<std::size_t>(dimensions) && lengths > 1)
    experiment_.idle.push_back(fmt::format(
        "the length of a voxel along {}: a domain of {} dimension{} is as thick as its `thickness` says",
        dimensions == 1 ? "y" : "z", dimensions, dimensions == 1 ? "" : "s"));
  return thickness;
}

// Before anything of its size is allocated: the fields alone must fit.
void TissueReader::refuse_too_large(double voxels) {
  const std::size_t substances = std::max<std::size_t>(1, count_tables("substance"));
  const double per_voxel = fields::memory_estimate(fields::Grid{3, {1024, 1, 1}, {1, 1, 1}, {0, 0, 0}}, 1,
                                                   fields::Method::automatic) /
                           1024.0;
  const double bytes = voxels * static_cast<double>(substances) * (per_voxel + 24.0);
  if (bytes > memory_limit_)
    throw core::LimitError(
        fmt::format("{} voxels of {} substance{} would take about {:.3g} GiB, and this machine has {:.3g} "
                    "GiB; make [domain] "
                    "smaller or its voxel larger",
                    voxels < 1e15 ? fmt::format("{:.0f}", voxels) : fmt::format("{:.3g}", voxels), substances,
                    substances == 1 ? "" : "s", bytes / 1073741824.0, memory_limit_ / 1073741824.0));
}

std::size_t TissueReader::count_tables(std::string_view key) const {
  const core::Node* node = document_.find(key);
  return node == nullptr ? 0 : node->kind == core::Node::Kind::list ? node->items.size() : 1;
}

void TissueReader::read_plane(const core::Node& node) {
  core::Section section(node, plane_keys(), problems_);
  const std::size_t face = section.word("side");
  if (!has_cells())
    section.wrong("side", "cannot-act", "there are no [[cells]] that a basement plane could act on",
                  "what substances meet at a side is their `boundary`");
  else if (static_cast<int>(face / 2) >= experiment_.setup.grid.dimensions)
    experiment_.idle.push_back(fmt::format("the plane at {}: a domain of {} dimensions has no such side",
                                           side_names()[face], experiment_.setup.grid.dimensions));
  experiment_.setup.faces[face] = {section.quantity("repulsion"), section.quantity("adhesion")};
  section.finish();
}

void TissueReader::read_medium(const core::Node& node) {
  core::Section section(node, medium_keys(), problems_);
  experiment_.setup.serum = section.quantity("serum");
  const double depth = section.quantity_or("depth", 0.0);
  if (section.has("depth") && experiment_.setup.grid.dimensions != 2)
    section.wrong("depth", "cannot-act", "only a domain of 2 dimensions has medium above it",
                  "leave it out: a domain of 3 dimensions has its medium within, or at a side");
  else if (section.has("depth") && document_.find("substance") == nullptr)
    section.wrong("depth", "cannot-act", "there is no [[substance]] that could come from the medium",
                  "leave it out");
  else
    depth_ = depth;
  section.finish();
}

void TissueReader::read_matrix(const core::Node& node) {
  core::Section section(node, matrix_keys(), problems_);
  const Region region = read_region(section, experiment_.setup.grid);
  const double density = section.quantity("density");
  section.finish();
  if (matrix_.empty()) matrix_.assign(experiment_.setup.grid.voxels(), 0.0);
  for (const std::size_t v : voxels_of(region, experiment_.setup.grid)) matrix_[v] = density;
}

}  // namespace stroma::study
