// See neighbourhood.hpp.
#include "cells/neighbourhood.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "cells/kernel.hpp"
#include "cells/lists.hpp"
#include "cells/mechanics.hpp"
#include "core/errors.hpp"

namespace stroma::cells {

namespace {

constexpr std::size_t chunk = 4096;
constexpr double margin = 1e-5;           // of a distance, for the rounding of float
constexpr std::size_t overhang = 16;      // values readable after the last
constexpr std::size_t bins_per_body = 4;  // more would be empty ones to pass through

static_assert(Neighbourhood::rows % chunk == 0);

struct Extent {
  std::int32_t low[3], high[3];
  float largest_radius;
  double radii;
};

/// Bounding box, largest radius and sum of radii of the reference, chunk by chunk in order.
Extent extent_of(const std::vector<std::int32_t>& reference, std::size_t n) {
  constexpr std::int32_t least = std::numeric_limits<std::int32_t>::min(),
                         most = std::numeric_limits<std::int32_t>::max();
  Extent e{{most, most, most}, {least, least, least}, 0.0F, 0.0};
  for (std::size_t i = 0; i < n; ++i) {
    const std::int32_t* const p = reference.data() + 4 * i;
    for (int k = 0; k < 3; ++k) {
      e.low[k] = std::min(e.low[k], p[k]);
      e.high[k] = std::max(e.high[k], p[k]);
    }
    const auto radius = std::bit_cast<float>(p[3]);
    e.largest_radius = std::max(e.largest_radius, radius);
    e.radii += static_cast<double>(radius);
  }
  return e;
}

/// Sorts the bodies of `reference` by bin (stable counting sort) into the work arrays.
kernel::Bins sort_into_bins(Neighbourhood& nb, const std::vector<std::int32_t>& reference, std::size_t n,
                            const Extent& e, double side, core::Threads threads) {
  Neighbourhood::Work& w = nb.work;
  kernel::Bins bins{};
  std::int64_t first[3];
  double per_side = 0.0;
  for (std::int64_t total = 0;; side *= 1.5) {
    per_side = 1.0 / side;
    total = 1;
    for (int k = 0; k < 3; ++k) {
      first[k] = static_cast<std::int64_t>(std::floor(e.low[k] * per_side));
      bins.across[k] = static_cast<std::int64_t>(std::floor(e.high[k] * per_side)) - first[k] + 1;
      total = std::min(total * bins.across[k], std::int64_t{1} << 40);
    }
    if (total <= static_cast<std::int64_t>(bins_per_body * n + 64)) break;
  }
  const auto count = static_cast<std::size_t>(bins.across[0] * bins.across[1] * bins.across[2]);

  w.bin.resize(n);
  core::for_chunks(n, chunk, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      std::int64_t at[3];
      for (int k = 0; k < 3; ++k) {
        at[k] =
            static_cast<std::int64_t>(reference[4 * i + static_cast<std::size_t>(k)] * per_side) - first[k];
      }
      w.bin[i] = static_cast<std::uint32_t>((at[2] * bins.across[1] + at[1]) * bins.across[0] + at[0]);
    }
  });
  w.start.assign(count + 2, 0);
  for (std::size_t i = 0; i < n; ++i) ++w.start[w.bin[i] + 2];
  std::partial_sum(w.start.begin() + 2, w.start.end(), w.start.begin() + 2);
  w.order.resize(n + overhang);
  for (std::size_t i = 0; i < n; ++i) w.order[w.start[w.bin[i] + 1]++] = static_cast<std::uint32_t>(i);

  w.x.resize(n + overhang);
  w.y.resize(n + overhang);
  w.z.resize(n + overhang);
  w.radius.resize(n + overhang);
  core::for_chunks(n, chunk, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      const std::int32_t* const p = reference.data() + 4 * static_cast<std::size_t>(w.order[k]);
      w.x[k] = p[0];
      w.y[k] = p[1];
      w.z[k] = p[2];
      w.radius[k] = std::bit_cast<float>(p[3]);
    }
  });
  bins.start = w.start.data();
  bins.x = w.x.data();
  bins.y = w.y.data();
  bins.z = w.z.data();
  bins.radius = w.radius.data();
  bins.body = w.order.data();
  return bins;
}

bool all_finite(const std::vector<float>& values, std::size_t begin, std::size_t end) {
  bool finite = true;
  for (std::size_t i = begin; i < end; ++i)
    finite &= std::abs(values[i]) <= std::numeric_limits<float>::max();
  return finite;
}

/// Throws for the first body of [begin, end) that is outside or without a radius.
void fail_outside(const Bodies& bodies, const Domain& domain, std::size_t begin, std::size_t end) {
  const Lattice lattice = lattice_of(domain);
  for (std::size_t i = begin; i < end; ++i) {
    bool inside = true;
    point_of(bodies, i, domain, lattice, inside);
    if (inside && std::isfinite(bodies.radius[i])) continue;
    throw core::NumericalError("mechanics: cell " + std::to_string(bodies.id[i]) + " of radius " +
                               std::to_string(bodies.radius[i]) + " um lies at (" +
                               std::to_string(bodies.x[i]) + ", " + std::to_string(bodies.y[i]) + ", " +
                               std::to_string(bodies.z[i]) + ") um, not inside the domain");
  }
}

}  // namespace

double default_skin(double mean_radius) {
  return 0.16 * mean_radius;
}

double bin_side(const MechanicsPlan& plan, double largest, double skin) {
  return std::max(plan.reach * 2.0 * largest, 2.0 * largest + plan.contact) + skin;
}

std::size_t Neighbourhood::listed() const {
  return std::accumulate(count.begin(), count.end(), std::size_t{0});
}

std::size_t Neighbourhood::memory() const {
  const auto bytes = [](const auto& array) { return array.capacity() * sizeof(array[0]); };
  std::size_t sum = bytes(first) + bytes(count) + bytes(points);
  for (const auto& row : entries) sum += bytes(row);
  const Work& w = work;
  sum += bytes(w.velocity) + bytes(w.stickiness) + bytes(w.bin) + bytes(w.start) + bytes(w.order);
  sum += bytes(w.x) + bytes(w.y) + bytes(w.z) + bytes(w.radius) + bytes(w.link_first) + bytes(w.link_to);
  return sum + bytes(w.link_stiffness) + bytes(w.link_rest) + bytes(w.per_chunk);
}

void make_lists(Neighbourhood& nb, Bodies& bodies, const MechanicsPlan& plan, core::Threads threads) {
  const std::size_t n = bodies.size();
  const Lattice lattice = lattice_of(plan.domain);
  const Extent e = extent_of(bodies.reference, n);
  nb.skin = plan.skin > 0.0 ? plan.skin : default_skin(e.radii / static_cast<double>(n) * lattice.spacing);
  const double side = bin_side(plan, static_cast<double>(e.largest_radius) * lattice.spacing, nb.skin);
  const kernel::Bins bins =
      sort_into_bins(nb, bodies.reference, n, e, side * lattice.per_um * (1.0 + margin), threads);
  const kernel::Cutoff cutoff{static_cast<float>(plan.reach),
                              static_cast<float>(plan.contact * lattice.per_um * (1.0 + margin)),
                              static_cast<float>(nb.skin * lattice.per_um)};
  nb.first.resize(n);
  nb.count.resize(n);
  nb.entries.resize(core::chunk_count(n, Neighbourhood::rows));
  core::for_chunks(n, Neighbourhood::rows, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint32_t>& row = nb.entries[begin / Neighbourhood::rows];
    std::size_t used = 0;
    if (!kernel::list_neighbours(bins, cutoff, nb.work.bin.data(), bodies.reference.data(), begin, end, row,
                                 used, nb.first.data(), nb.count.data())) {
      throw core::LimitError("a cell has more than 65535 neighbours: the cells are too dense or too unequal");
    }
    std::fill_n(row.begin() + static_cast<std::ptrdiff_t>(used), overhang, 0U);
  });
  nb.range_reach = plan.reach;
  nb.range_contact = plan.contact;
  nb.revision = bodies.revision;
  ++nb.rebuilds;
}

void remake_lists(Neighbourhood& nb, Bodies& bodies, const MechanicsPlan& plan, core::Threads threads) {
  const std::size_t n = bodies.size();
  bodies.reference.resize(4 * n);
  core::for_chunks(n, chunk, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Point& p = nb.points[i];
      std::int32_t* const r = bodies.reference.data() + 4 * i;
      r[0] = p.x;
      r[1] = p.y;
      r[2] = p.z;
      r[3] = std::bit_cast<std::int32_t>(p.radius);
    }
  });
  make_lists(nb, bodies, plan, threads);
}

float drift_of(const Neighbourhood& nb, const Bodies& bodies, float reach, std::size_t begin,
               std::size_t end) {
  float largest = 0.0F;
  for (std::size_t i = begin; i < end; ++i) {
    const Point& p = nb.points[i];
    const std::int32_t* const r = bodies.reference.data() + 4 * i;
    const auto dx = static_cast<float>(p.x - r[0]), dy = static_cast<float>(p.y - r[1]),
               dz = static_cast<float>(p.z - r[2]);
    const float growth = std::max(0.0F, p.radius - std::bit_cast<float>(r[3]));
    largest = std::max(largest, std::sqrt(dx * dx + dy * dy + dz * dz) + reach * growth);
  }
  return largest;
}

bool lists_hold(const Neighbourhood& nb, float drift, const Lattice& lattice) {
  return static_cast<double>(drift) * lattice.spacing <= 0.5 * nb.skin * (1.0 - margin);
}

Point point_of(const Bodies& bodies, std::size_t i, const Domain& domain, const Lattice& lattice,
               bool& inside) {
  const double at[3] = {bodies.x[i], bodies.y[i], bodies.z[i]};
  std::int32_t q[3] = {0, 0, 0};
  inside = true;
  for (std::size_t k = 0; k < static_cast<std::size_t>(domain.dimensions); ++k) {
    const bool in = at[k] >= domain.low[k] && at[k] <= domain.high[k];  // false for a NaN
    if (in) q[k] = static_cast<std::int32_t>(std::floor((at[k] - lattice.low[k]) * lattice.per_um + 0.5));
    inside = inside && in;
  }
  inside = inside && (domain.dimensions == 3 || at[2] == 0.0);
  return {q[0], q[1], q[2], bodies.radius[i] * static_cast<float>(lattice.per_um)};
}

kernel::Advance place_in(const Domain& domain, const Lattice& lattice, double reach) {
  kernel::Advance how{};
  how.lattice = lattice;
  how.reach = static_cast<float>(reach);
  for (std::size_t k = 0; k < static_cast<std::size_t>(domain.dimensions); ++k) {
    how.low[k] = domain.low[k];
    how.high[k] = domain.high[k];
  }
  return how;
}

void refresh(Neighbourhood& nb, Bodies& bodies, const MechanicsPlan& plan, core::Threads threads) {
  const std::size_t n = bodies.size();
  const Lattice lattice = lattice_of(plan.domain);
  kernel::Advance where = place_in(plan.domain, lattice, plan.reach);
  where.reference = bodies.reference.size() == 4 * n ? bodies.reference.data() : nullptr;
  nb.points.resize(n);
  nb.work.per_chunk.assign(core::chunk_count(n, chunk), 0.0);
  core::for_chunks(n, chunk, threads, [&](std::size_t begin, std::size_t end) {
    const kernel::Moved placed = kernel::place(where, bodies.x.data(), bodies.y.data(), bodies.z.data(),
                                               bodies.radius.data(), nb.points.data(), begin, end);
    nb.work.per_chunk[begin / chunk] = static_cast<double>(placed.drift);
    if (placed.outside || !all_finite(bodies.radius, begin, end))
      fail_outside(bodies, plan.domain, begin, end);
  });
  if (n == 0) {
    bodies.reference.clear();
    nb.first.clear();
    nb.count.clear();
    nb.revision = bodies.revision;
    return;
  }
  const bool other_plan =
      nb.revision == bodies.revision && (nb.range_reach != plan.reach || nb.range_contact != plan.contact ||
                                         (plan.skin > 0.0 && nb.skin != plan.skin));
  if (bodies.reference.size() != 4 * n || other_plan) {
    remake_lists(nb, bodies, plan, threads);
    return;
  }
  const double drift = *std::max_element(nb.work.per_chunk.begin(), nb.work.per_chunk.end());
  if (nb.revision != bodies.revision) make_lists(nb, bodies, plan, threads);  // after a restart
  if (!lists_hold(nb, static_cast<float>(drift), lattice)) remake_lists(nb, bodies, plan, threads);
}

}  // namespace stroma::cells
