// Grids and weights of the multigrid solver.
#include "fields/multigrid_levels.hpp"

#include <algorithm>
#include <limits>

namespace stroma::fields {
namespace {

std::size_t padded(std::size_t n) {
  return (n + kernel::row_unit - 1) / kernel::row_unit * kernel::row_unit;
}

void allocate(Level& level) {
  level.size = padded(level.n[0]);
  level.e = AlignedFloats(level.floats());
  level.r = AlignedFloats(level.floats());
  level.react = AlignedFloats(level.floats());
  for (std::size_t k = 0; k < level.n[2]; ++k)
    for (std::size_t j = 0; j < level.n[1]; ++j) {
      float* row = level.react.data() + level.offset(j, k);
      std::fill(row + level.n[0], row + level.size, padding_rate);
    }
}

/// Which axes to halve: D/h^2 within a factor of two of the largest among those with more than one voxel.
bool choose(Level& level) {
  double finest = std::numeric_limits<double>::infinity();
  for (std::size_t a = 0; a < 3; ++a)
    if (level.n[a] > 1) finest = std::min(finest, level.width[a].front());
  bool any = false;
  for (std::size_t a = 0; a < 3; ++a) {
    const double h = level.width[a].front();
    level.coarsen[a] = level.n[a] > 1 && h * h <= 2.0 * finest * finest * (1.0 + 1e-9);
    any = any || level.coarsen[a];
  }
  return any;
}

Level next(const Level& fine) {
  Level coarse;
  for (std::size_t a = 0; a < 3; ++a) {
    if (!fine.coarsen[a]) {
      coarse.n[a] = fine.n[a];
      coarse.width[a] = fine.width[a];
      continue;
    }
    coarse.n[a] = (fine.n[a] + 1) / 2;
    for (std::size_t c = 0; c < coarse.n[a]; ++c)
      coarse.width[a].push_back(fine.width[a][2 * c] +
                                (2 * c + 1 < fine.n[a] ? fine.width[a][2 * c + 1] : 0.0));
  }
  allocate(coarse);
  return coarse;
}

/// Share of a coarse error that is left at the centre of an outer fine voxel: all of it at a sealed face,
/// half where the error is 0 at the face.
double share_at_face(const Boundary& boundary, double diffusivity, double coarse_width, double fine_width) {
  if (boundary.kind == Boundary::Kind::flux) return 1.0;
  // The error is linear from e at the coarse centre to e L/(L + H/2) at the face, L = D/P.
  const double slip = boundary.kind == Boundary::Kind::value ? 0.0 : diffusivity / boundary.permeability;
  return (slip + 0.5 * fine_width) / (slip + 0.5 * coarse_width);
}

Transfer make_transfer(const Level& fine, const Level& coarse, std::size_t a, const Transport& transport) {
  const std::vector<double>&h = fine.width[a], &H = coarse.width[a];
  Transfer t;
  const double D = transport.plan->diffusivity;
  const auto* boundary = &transport.plan->boundary[2 * a];
  t.parent.resize(fine.n[a]);
  t.other.resize(fine.n[a]);
  t.near.assign(fine.n[a], 1.0f);
  t.far.assign(fine.n[a], 0.0f);
  for (std::size_t c = 0; c < coarse.n[a]; ++c) {
    const std::size_t first = fine.coarsen[a] ? 2 * c : c;
    const std::size_t children = fine.coarsen[a] && first + 1 < fine.n[a] ? 2 : 1;
    t.first.push_back(first);
    t.children.push_back(children);
    t.low.push_back(static_cast<float>(h[first] / H[c]));
    t.high.push_back(children == 2 ? static_cast<float>(h[first + 1] / H[c]) : 0.0f);
    for (std::size_t child = 0; child < children; ++child) {
      const std::size_t f = first + child;
      t.parent[f] = t.other[f] = c;
      if (children == 1) continue;
      const double away = 0.5 * h[first + 1 - child];  // from the coarse centre
      const bool upward = child == 1, at_face = upward ? c + 1 == coarse.n[a] : c == 0;
      if (at_face) {
        t.near[f] = static_cast<float>(share_at_face(boundary[upward ? 1 : 0], D, H[c], h[f]));
        continue;
      }
      t.other[f] = upward ? c + 1 : c - 1;
      t.far[f] = static_cast<float>(away / (0.5 * H[c] + 0.5 * H[t.other[f]]));
      t.near[f] = 1.0f - t.far[f];
    }
  }
  return t;
}

void make_axis(Weights& w, const Level& level, const Transport& transport, std::size_t a) {
  const double D = transport.plan->diffusivity;
  const bool mobile = !transport.mobility.empty(), used = static_cast<int>(a) < transport.grid.dimensions;
  const std::vector<double>& h = level.width[a];
  for (std::size_t i = 0; i < level.n[a]; ++i) {
    const double low = i > 0 ? D / (h[i] * 0.5 * (h[i] + h[i - 1])) : 0.0;
    const double high = i + 1 < level.n[a] ? D / (h[i] * 0.5 * (h[i] + h[i + 1])) : 0.0;
    double diagonal = low + high;
    if (i == 0 && used) diagonal += face_sink(transport.plan->boundary[2 * a], D, h[i]);
    if (i + 1 == level.n[a] && (used || transport.is_under_medium))
      diagonal += face_sink(transport.plan->boundary[2 * a + 1], D, h[i]);
    w.low[a].push_back(static_cast<float>(low));
    w.high[a].push_back(static_cast<float>(high));
    w.diagonal[a].push_back(mobile ? 0.0f : static_cast<float>(diagonal));
  }
}

AlignedFloats row_of(const std::vector<float>& values, std::size_t size) {
  AlignedFloats row(size);
  std::copy(values.begin(), values.end(), row.data());
  return row;
}

void make_x_rows(Weights& w, const Level& level) {
  w.x_low = row_of(w.low[0], level.size);
  w.x_high = row_of(w.high[0], level.size);
  w.x_diagonal = row_of(w.diagonal[0], level.size);
}

void make_x_transfer(Weights& w, const Level& coarse) {
  const Transfer& t = w.transfer[0];
  w.x_restrict_low = row_of(t.low, coarse.size);
  w.x_restrict_high = row_of(t.high, coarse.size);
  for (AlignedFloats* row : {&w.x_even_near, &w.x_even_far, &w.x_odd_near, &w.x_odd_far})
    *row = AlignedFloats(coarse.size);
  for (std::size_t c = 0; c < t.first.size(); ++c) {
    const std::size_t even = t.first[c];
    w.x_even_near[c] = t.near[even];
    w.x_even_far[c] = t.far[even];
    if (t.children[c] < 2) continue;
    w.x_odd_near[c] = t.near[even + 1];
    w.x_odd_far[c] = t.far[even + 1];
  }
}

void make_finest_mobility(Weights& w, const Level& level, const Transport& transport) {
  for (std::size_t a = 0; a < 3; ++a) {
    w.mobility[a] = AlignedFloats(level.floats());
    std::size_t v = 0;
    for (std::size_t k = 0; k < level.n[2]; ++k)
      for (std::size_t j = 0; j < level.n[1]; ++j)
        for (std::size_t i = 0; i < level.n[0]; ++i, ++v)
          w.mobility[a][level.offset(j, k) + i] = static_cast<float>(transport.face_mobility[a][v]);
  }
}

/// Mobility of a coarse face: the mean over the fine faces in it.
void make_coarse_mobility(Weights& coarse, const Level& level, const Weights& fine, const Level& fine_level) {
  const auto& t = fine.transfer;
  for (std::size_t a = 0; a < 3; ++a) {
    coarse.mobility[a] = AlignedFloats(level.floats());
    std::array<std::size_t, 3> at{}, f{};
    for (at[2] = 0; at[2] < level.n[2]; ++at[2])
      for (at[1] = 0; at[1] < level.n[1]; ++at[1])
        for (at[0] = 0; at[0] < level.n[0]; ++at[0]) {
          std::array<std::size_t, 3> count{};
          for (std::size_t b = 0; b < 3; ++b) count[b] = b == a ? 1 : t[b].children[at[b]];
          float sum = 0.0f;
          for (std::size_t z = 0; z < count[2]; ++z)
            for (std::size_t y = 0; y < count[1]; ++y)
              for (std::size_t x = 0; x < count[0]; ++x) {
                f = {t[0].first[at[0]] + x, t[1].first[at[1]] + y, t[2].first[at[2]] + z};
                sum += fine.mobility[a][fine_level.offset(f[1], f[2]) + f[0]];
              }
          coarse.mobility[a][level.offset(at[1], at[2]) + at[0]] =
              sum / static_cast<float>(count[0] * count[1] * count[2]);
        }
  }
}

}  // namespace

std::vector<Level> make_levels(const Grid& grid) {
  std::vector<Level> levels(1);
  for (std::size_t a = 0; a < 3; ++a) {
    levels[0].n[a] = grid.size(static_cast<int>(a));
    levels[0].width[a].assign(levels[0].n[a], grid.spacing[a]);
  }
  allocate(levels[0]);
  while (choose(levels.back())) levels.push_back(next(levels.back()));
  return levels;
}

std::vector<Weights> make_weights(const std::vector<Level>& levels, const Transport& transport) {
  std::vector<Weights> all(levels.size());
  const bool mobile = !transport.mobility.empty();
  for (std::size_t l = 0; l < levels.size(); ++l) {
    Weights& w = all[l];
    for (std::size_t a = 0; a < 3; ++a) make_axis(w, levels[l], transport, a);
    make_x_rows(w, levels[l]);
    if (mobile) {
      if (l == 0)
        make_finest_mobility(w, levels[0], transport);
      else
        make_coarse_mobility(w, levels[l], all[l - 1], levels[l - 1]);
    }
    if (l + 1 == levels.size()) break;
    for (std::size_t a = 0; a < 3; ++a) w.transfer[a] = make_transfer(levels[l], levels[l + 1], a, transport);
    make_x_transfer(w, levels[l + 1]);
  }
  return all;
}

}  // namespace stroma::fields
