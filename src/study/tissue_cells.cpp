// [[cells]]: which cells stand where at the start.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/errors.hpp"
#include "core/maths.hpp"
#include "core/units.hpp"
#include "study/experiment_checks.hpp"
#include "study/keys.hpp"
#include "study/reading.hpp"
#include "study/tissue_reader.hpp"
#include "tissue/tissue_setup.hpp"

namespace stroma::study {
namespace {

// Part of the sum of the radii at which packed cells stand: the rest distance of the default forces.
constexpr double packing = 0.95;
// Part of the spacing by which packed cells are moved at random, so that no lattice is left.
constexpr double jitter = 0.05;
constexpr int tries_per_cell = 2000;

// Of equally near places the first.
void keep_nearest_to_the_middle(std::vector<std::array<double, 3>>& points, std::size_t n) {
  std::array<double, 3> middle{};
  for (const auto& p : points)
    for (std::size_t a = 0; a < 3; ++a) middle[a] += p[a] / static_cast<double>(points.size());
  const auto distance = [&](const std::array<double, 3>& p) {
    double squares = 0.0;
    for (std::size_t a = 0; a < 3; ++a) squares += (p[a] - middle[a]) * (p[a] - middle[a]);
    return squares;
  };
  std::stable_sort(points.begin(), points.end(),
                   [&](const auto& p, const auto& q) { return distance(p) < distance(q); });
  points.resize(n);
}

}  // namespace

double TissueReader::radius_of(model::Index type) const {
  const auto& parameters = model_.cell_types[static_cast<std::size_t>(type)].parameters;
  const auto volume = parameters.find("volume");
  return volume == parameters.end() ? 8.0 : core::maths::cbrt(0.75 * volume->second.value / std::numbers::pi);
}

void TissueReader::place(model::Index type, const std::array<double, 3>& position) {
  if (coming_.count > 0) {
    auto& arrivals = experiment_.setup.arrivals;
    auto found = std::ranges::find_if(
        arrivals, [&](const tissue::Arrival& a) { return a.at == coming_ && a.type == type; });
    if (found == arrivals.end()) found = arrivals.insert(arrivals.end(), {coming_, type, 0, {}, {}});
    ++found->count;
    found->positions.push_back(position);
    return;
  }
  for (tissue::TissueSetup::Cells& cells : experiment_.setup.cells) {
    if (cells.type != type) continue;
    cells.positions.push_back(position);
    return;
  }
  experiment_.setup.cells.push_back({type, {position}});
}

Mixture TissueReader::read_cell_mixture(core::Section& section, bool fills) {
  std::vector<std::pair<model::Index, double>> values;
  for (const auto& [name, value, place] : section.named("cells")) {
    const model::Index type = read_cell_type(name, place, model_, problems_);
    if (value && type != model::none) values.emplace_back(type, *value);
  }
  const std::int64_t number = section.has("number") ? section.whole("number") : 0;
  Mixture mixture;
  if (values.empty()) return mixture;  // said already
  if (const std::string wrong = read_mixture(values, number, fills, mixture); !wrong.empty()) {
    section.wrong("cells", "bad-mixture", wrong,
                  "such as { HepG2 = 80, CAF = 20 }, or { HepG2 = 0.8, CAF = 0.2 } with `number`");
    return {};
  }
  return mixture;
}

void TissueReader::read_cells(const core::Node& node) {
  core::Section section(node, cells_keys(), problems_);
  ++cell_blocks_;
  if (experiment_.setup.grid.dimensions < 2) {
    section.wrong("cells", "needs-space", "cells need `dimensions` = 2 or 3");
    return;
  }
  coming_ = section.has("at") ? read_tick(section, "at") : core::Tick{};
  if (coming_.count > 0 && experiment_.duration.count > 0 && coming_ >= experiment_.duration)
    section.wrong("at", "cannot-act",
                  fmt::format("cells that come at {} are never there: the run ends at {}",
                              time_words(coming_), time_words(experiment_.duration)),
                  "let them come earlier, or make `duration` longer");
  if (section.node("type") != nullptr) {
    place_listed(section, read_cell_type(section.text("type"), section.place("type"), model_, problems_));
    section.finish();
    return;
  }
  const bool packed = section.word("arrangement") == 0;
  const Mixture mixture = read_cell_mixture(section, packed);
  const Region region = read_region(section, experiment_.setup.grid);
  if (packed)
    pack(section, region, mixture);
  else
    scatter(section, region, mixture.numbers);
  section.finish();
}

// Before anything of their size is allocated: a packing of spacing s has a cell in s^3/sqrt(2), in 2-D in s^2
// sqrt(3)/2.
void TissueReader::refuse_too_many(const Region& region, double spacing) const {
  const tissue::TissueSetup& setup = experiment_.setup;
  const fields::Grid& grid = setup.grid;
  const double room = static_cast<double>(voxels_of(region, grid).size()) * grid.spacing[0] * grid.spacing[1];
  const double cells = grid.dimensions == 3
                           ? room * grid.spacing[2] * std::numbers::sqrt2 / (spacing * spacing * spacing)
                           : room * 2.0 / std::numbers::sqrt3 / (spacing * spacing);
  const double limit = static_cast<double>(setup.max_cells);
  if (cells > 1.1 * limit)
    throw core::LimitError(fmt::format(
        "a packing of about {:.3g} cells is more than the limit of {} (max_cells)", cells, setup.max_cells));
  const double bytes =
      tissue::memory_estimate(setup, model_, static_cast<std::size_t>(std::min(cells, 1e15)));
  if (bytes > memory_limit_)
    throw core::LimitError(fmt::format(
        "a packing of about {:.3g} cells would take about {:.3g} GiB, and this machine has {:.3g} "
        "GiB; make the region smaller or `spacing` larger",
        cells, bytes / 1073741824.0, memory_limit_ / 1073741824.0));
}

// A point that a person wrote: where it cannot be, its own line is named.
void TissueReader::place_at(model::Index type, const std::array<double, 3>& p, const core::Place& at) {
  const fields::Grid& grid = experiment_.setup.grid;
  constexpr int most = 10;  // of a kind that are named one by one
  const std::string where = fmt::format("({:g}, {:g}, {:g}) um", p[0], p[1], p[2]);
  bool inside = true;
  for (std::size_t a = 0; a < static_cast<std::size_t>(grid.dimensions); ++a)
    inside = inside && p[a] >= grid.origin[a] && p[a] <= grid.origin[a] + grid.length(static_cast<int>(a));
  if (!inside) {
    if (++cells_outside_ <= most)
      problems_.add("cell-outside-domain", at, "cells.points",
                    fmt::format("cells.points: {} lies outside the domain", where),
                    cells_outside_ == most ? "more of these are not listed" : "");
    return;
  }
  const auto [other, is_free] = listed_.emplace(std::pair(coming_, p), at);
  if (!is_free) {
    if (++cells_on_one_point_ <= most)
      problems_.add(
          "cells-on-one-point", at, "cells.points",
          fmt::format("cells.points: a cell stands at {} already (line {}): no direction would part "
                      "the two",
                      where, other->second.line),
          cells_on_one_point_ == most ? "more of these are not listed" : "");
    return;
  }
  if (type != model::none) place(type, p);
}

// A dense aggregate. Of numbers it is the places nearest to the middle of the region that are taken, by types
// in random order; of shares all places, and which holds which type is drawn.
void TissueReader::pack(core::Section& section, const Region& region, const Mixture& mixture) {
  double total = 0.0, radius = 0.0;
  std::vector<model::Index> types;  // of numbers, one by one
  for (const auto& [type, n] : mixture.numbers) types.insert(types.end(), static_cast<std::size_t>(n), type);
  for (const auto& [type, n] : mixture.numbers)
    radius += static_cast<double>(n) / static_cast<double>(types.size()) * radius_of(type);
  for (const auto& [type, share] : mixture.shares) total += share;
  if (types.empty())
    for (const auto& [type, share] : mixture.shares) radius += share / total * radius_of(type);
  const double spacing = section.quantity_or("spacing", 2.0 * packing * radius);
  if (mixture.shares.empty() && types.empty()) return;
  const double longest = std::max(
      {experiment_.setup.grid.length(0), experiment_.setup.grid.length(1), experiment_.setup.grid.length(2)});
  if (longest / spacing > 2000.0) {
    section.wrong("spacing", "out-of-range", "a packing of more than 2000 cells across the domain");
    return;
  }
  refuse_too_many(region, spacing);
  core::Stream stream(experiment_.setup.seed, core::Purpose::seeding, cell_blocks_, -2);
  auto points = packed_points(region, experiment_.setup.grid, spacing, radius);
  if (points.empty()) section.wrong("radius", "no-cells", "not one cell fits into this region of the domain");
  if (!types.empty()) {
    if (points.size() < types.size()) {
      section.wrong("cells", "no-room",
                    fmt::format("{} cells do not fit: a packing of this region has {} places", types.size(),
                                points.size()),
                    "make the region larger, or the number or `spacing` smaller");
      return;
    }
    keep_nearest_to_the_middle(points, types.size());
    for (std::size_t i = types.size(); i-- > 1;)
      std::swap(types[i], types[static_cast<std::size_t>(stream.uniform() * static_cast<double>(i + 1))]);
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    std::array<double, 3> point = points[i];
    for (int a = 0; a < experiment_.setup.grid.dimensions; ++a)
      point[static_cast<std::size_t>(a)] += jitter * spacing * (2.0 * stream.uniform() - 1.0);
    if (!types.empty()) {
      place(types[i], point);
      continue;
    }
    double u = stream.uniform() * total;
    std::size_t k = 0;
    while (k + 1 < mixture.shares.size() && u >= mixture.shares[k].second) u -= mixture.shares[k++].second;
    place(mixture.shares[k].first, point);
  }
}

// So many cells of each type at random places, no two nearer than `spacing` (default: touching).
void TissueReader::scatter(core::Section& section, const Region& region,
                           const std::vector<std::pair<model::Index, std::int64_t>>& counts) {
  const fields::Grid& grid = experiment_.setup.grid;
  double largest = 0.0, all = 0.0;
  for (const auto& [type, count] : counts) {
    largest = std::max(largest, radius_of(type));
    all += static_cast<double>(count);
  }
  const double spacing = section.quantity_or("spacing", 2.0 * packing * largest);
  core::Stream stream(experiment_.setup.seed, core::Purpose::seeding, cell_blocks_, -2);
  // Bins of the spacing or more: a place is free where no cell stands in the neighbouring bins too near. More
  // bins than a few per cell would only take memory.
  const double most_bins =
      std::min(1024.0, 1.0 + 2.0 * (grid.dimensions == 2 ? std::sqrt(all) : core::maths::cbrt(all)));
  std::array<int, 3> bins{1, 1, 1};
  for (std::size_t a = 0; a < static_cast<std::size_t>(grid.dimensions); ++a)
    bins[a] = std::max(1, static_cast<int>(std::min(most_bins, grid.length(static_cast<int>(a)) / spacing)));
  std::vector<std::vector<std::array<double, 3>>> taken(static_cast<std::size_t>(bins[0]) *
                                                        static_cast<std::size_t>(bins[1]) *
                                                        static_cast<std::size_t>(bins[2]));
  const auto bin_of = [&](const std::array<double, 3>& p, std::size_t a) {
    const double share = (p[a] - grid.origin[a]) / grid.length(static_cast<int>(a));
    return std::clamp(static_cast<int>(share * bins[a]), 0, bins[a] - 1);
  };
  const auto index = [&](int i, int j, int k) {
    return static_cast<std::size_t>(i) +
           static_cast<std::size_t>(bins[0]) *
               (static_cast<std::size_t>(j) +
                static_cast<std::size_t>(bins[1]) * static_cast<std::size_t>(k));
  };
  const auto is_free = [&](const std::array<double, 3>& p) {
    const int depth = grid.dimensions == 3 ? 1 : 0;
    for (int k = -depth; k <= depth; ++k)
      for (int j = -1; j <= 1; ++j)
        for (int i = -1; i <= 1; ++i) {
          const int bx = bin_of(p, 0) + i, by = bin_of(p, 1) + j, bz = bin_of(p, 2) + k;
          if (bx < 0 || by < 0 || bz < 0 || bx >= bins[0] || by >= bins[1] || bz >= bins[2]) continue;
          for (const auto& q : taken[index(bx, by, bz)]) {
            double squares = 0.0;
            for (std::size_t a = 0; a < static_cast<std::size_t>(grid.dimensions); ++a)
              squares += (p[a] - q[a]) * (p[a] - q[a]);
            if (squares < spacing * spacing) return false;
          }
        }
    return true;
  };
  for (const auto& [type, count] : counts) {
    for (std::int64_t n = 0; n < count; ++n) {
      bool placed = false;
      for (int attempt = 0; attempt < tries_per_cell && !placed; ++attempt) {
        std::array<double, 3> p{};
        for (std::size_t a = 0; a < static_cast<std::size_t>(grid.dimensions); ++a) {
          const double margin = std::min(largest, 0.5 * grid.length(static_cast<int>(a)));
          p[a] =
              grid.origin[a] + margin + stream.uniform() * (grid.length(static_cast<int>(a)) - 2.0 * margin);
        }
        if (!region.contains(p, grid.dimensions) || !is_free(p)) continue;
        taken[index(bin_of(p, 0), bin_of(p, 1), bin_of(p, 2))].push_back(p);
        place(type, p);
        placed = true;
      }
      if (placed) continue;
      section.wrong(
          "cells", "no-room",
          fmt::format("only {} of {} cells find a place at least {:.3g} um from the others", n, count,
                      spacing),
          "make the region larger, the number or `spacing` smaller, or use arrangement = \"packed\"");
      return;
    }
  }
}

// points = [["10 um", "20 um", "0 um"], ...] or file = "positions.csv" with columns x, y, z.
void TissueReader::place_listed(core::Section& section, model::Index type) {
  const fields::Grid& grid = experiment_.setup.grid;
  const auto used = static_cast<std::size_t>(grid.dimensions);
  const core::Node* points = section.node("points");
  section.node("file");
  if (section.has("file") == (points != nullptr)) {
    section.missing("points");
    return;
  }
  if (points != nullptr) {
    if (points->kind != core::Node::Kind::list || points->items.empty())
      section.wrong("points", "wrong-type", "expected a list of points, such as [[\"10 um\", \"20 um\"]]");
    for (const core::Node& item : points->items) {
      std::array<double, 3> p{};
      if (item.items.size() != used && item.items.size() != 3)
        problems_.add("wrong-length", item.place, "cells.points",
                      fmt::format("cells.points: expected {} lengths per point", used));
      for (std::size_t a = 0; a < std::min(used, item.items.size()); ++a)
        p[a] = core::check_quantity(section.declared("points"), item.items[a].text, item.items[a].place,
                                    "cells.points", problems_)
                   .value_or(0.0);
      place_at(type, p, item.place);
    }
    return;
  }
  const core::Table table = read_table_(section.text("file"));
  if (table.file.empty()) return;  // it could not be read, which has been said
  if (!core::check_columns(table, {"x", "y"}, {"z"}, problems_)) return;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const core::Row row(table, r, problems_);
    std::array<double, 3> p{};
    for (std::size_t a = 0; a < used; ++a) {
      const char* const column = a == 0 ? "x" : a == 1 ? "y" : "z";
      if (table.column(column)) p[a] = row.quantity(column, dim::length, Range::any());
    }
    place_at(type, p, row.place("x"));
  }
}

}  // namespace stroma::study
