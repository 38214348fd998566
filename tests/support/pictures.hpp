// Pictures drawn with known truth: stained sections, fluorescent cells, blots and plates of colonies. Edges
// are hard (a pixel belongs to a disc where its centre does), so that areas are known to the pixel; noise is
// normal with a fixed seed. What a measurement may miss by then follows from rounding, noise and the method
// alone.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "imaging/image.hpp"

namespace stroma::test {

/// Standard normal numbers by Box & Muller from a generator whose sequence the C++ standard fixes.
class Normal {
 public:
  explicit Normal(std::uint64_t seed) : bits_(seed) {}
  double operator()() {
    const double u = (static_cast<double>(bits_() >> 11) + 1.0) * 0x1p-53,
                 v = static_cast<double>(bits_() >> 11) * 0x1p-53;
    return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
  }

 private:
  std::mt19937_64 bits_;
};

struct Disc {
  double x = 0.0, y = 0.0, radius = 0.0;
  bool holds(std::size_t u, std::size_t v) const {
    const double dx = static_cast<double>(u) - x, dy = static_cast<double>(v) - y;
    return dx * dx + dy * dy <= radius * radius;
  }
};

inline imaging::Image blank(std::size_t width, std::size_t height, std::vector<std::string> names,
                            bool colour, int bits) {
  imaging::Image image;
  image.width = width;
  image.height = height;
  image.colour = colour;
  image.bits = bits;
  for (std::string& name : names) image.channels.push_back({std::move(name), imaging::Plane(width, height)});
  return image;
}

/// Rounds to the detector's steps; what lies outside its range is at its ends, as in a camera.
inline float digitised(double value, int bits) {
  if (bits == 32) return static_cast<float>(value);
  return static_cast<float>(std::lround(std::min(std::max(value, 0.0), bits == 8 ? 255.0 : 65535.0)));
}

// ------------------------------------------------------------------------------------------------- sections

/// A section stained with haematoxylin and DAB on an empty slide: tissue in the left part, nuclei, brown
/// cells.
struct StainedField {
  imaging::Image image;
  std::array<double, 3> white{};
  std::size_t tissue = 0, positive = 0;  ///< pixels
  double dab = 0.0;                      ///< sum of the amounts over the positive pixels
  double tissue_dab = 0.0;               ///< over the tissue
};

struct StainedScene {
  std::size_t width = 320, height = 240;
  std::array<double, 3> white{243.0, 240.0, 236.0};
  double tissue_share = 0.75;  ///< of the width
  double counterstain = 0.12;  ///< haematoxylin between the nuclei, optical density
  double nucleus = 0.45;       ///< haematoxylin of a nucleus
  double brown = 0.40;         ///< DAB of a positive cell
  std::size_t positive_cells = 12, nuclei = 25;
  double noise = 0.0;  ///< grey values
  int bits = 8;
  std::uint64_t seed = 1;
};

/// Published vectors, of length 1 here.
inline std::array<double, 3> unit_vector(std::array<double, 3> v) {
  const double length = std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  return {v[0] / length, v[1] / length, v[2] / length};
}
inline std::array<double, 3> haematoxylin_vector() {
  return unit_vector({0.650, 0.704, 0.286});
}
inline std::array<double, 3> dab_vector() {
  return unit_vector({0.268, 0.570, 0.776});
}

inline StainedField stained_field(const StainedScene& scene) {
  StainedField out;
  out.white = scene.white;
  out.image = blank(scene.width, scene.height, {"red", "green", "blue"}, true, scene.bits);
  std::mt19937_64 bits(scene.seed);
  const auto uniform = [&] { return static_cast<double>(bits() >> 11) * 0x1p-53; };
  const double edge = scene.tissue_share * static_cast<double>(scene.width);
  const auto discs = [&](std::size_t n, double radius) {
    std::vector<Disc> made;
    for (std::size_t i = 0; i < n; ++i)
      made.push_back({radius + uniform() * (edge - 2.0 * radius),
                      radius + uniform() * (static_cast<double>(scene.height) - 2.0 * radius), radius});
    return made;
  };
  const std::vector<Disc> nuclei = discs(scene.nuclei, 6.0), brown = discs(scene.positive_cells, 11.0);
  const auto h = haematoxylin_vector(), d = dab_vector();
  Normal normal(scene.seed + 1000);
  for (std::size_t y = 0; y < scene.height; ++y)
    for (std::size_t x = 0; x < scene.width; ++x) {
      const bool tissue = static_cast<double>(x) < edge;
      double haematoxylin = tissue ? scene.counterstain : 0.0, dab = 0.0;
      for (const Disc& disc : nuclei)
        if (disc.holds(x, y)) haematoxylin = scene.nucleus;
      for (const Disc& disc : brown)
        if (disc.holds(x, y)) dab = scene.brown;
      out.tissue += tissue ? 1 : 0;
      out.positive += dab > 0.0 ? 1 : 0;
      out.dab += dab;
      for (std::size_t c = 0; c < 3; ++c) {
        const double light = scene.white[c] * std::pow(10.0, -(haematoxylin * h[c] + dab * d[c]));
        const double grain = scene.noise > 0.0 ? scene.noise * normal() : 0.0;
        out.image.channels[c].plane.at(x, y) = digitised(light + grain, scene.bits);
      }
    }
  out.tissue_dab = out.dab;
  return out;
}

// --------------------------------------------------------------------------------------------- fluorescence

/// Two channels of discs on a sloped background: every cell is in the marker channel, some also in the signal
/// channel, shifted so that they overlap in part.
struct FluorescentField {
  imaging::Image image;                          ///< "marker", "signal", 16 bits
  std::size_t marker = 0, signal = 0, both = 0;  ///< pixels
  std::size_t cells = 0;                         ///< in the marker channel, none touching
  double marker_sum = 0.0, signal_sum = 0.0;     ///< grey values above the background
};

struct FluorescentScene {
  std::size_t columns = 6, rows = 4;   ///< of cells, on a grid
  double pitch = 48.0, radius = 12.0;  ///< pixels
  double shift = 8.0;                  ///< of the signal disc against the marker's, pixels
  std::size_t every = 2;               ///< every n-th cell has signal
  double height = 8000.0;              ///< grey values of a disc
  double base = 900.0, slope = 4.0;    ///< of the background, per pixel to the right
  double noise = 60.0;
  std::uint64_t seed = 1;
};

inline FluorescentField fluorescent_field(const FluorescentScene& scene) {
  FluorescentField out;
  const auto width = static_cast<std::size_t>(static_cast<double>(scene.columns) * scene.pitch);
  const auto height = static_cast<std::size_t>(static_cast<double>(scene.rows) * scene.pitch);
  out.image = blank(width, height, {"marker", "signal"}, false, 16);
  std::vector<Disc> marker, signal;
  for (std::size_t r = 0; r < scene.rows; ++r)
    for (std::size_t c = 0; c < scene.columns; ++c) {
      const Disc disc{(static_cast<double>(c) + 0.5) * scene.pitch,
                      (static_cast<double>(r) + 0.5) * scene.pitch, scene.radius};
      marker.push_back(disc);
      if (marker.size() % scene.every == 0) signal.push_back({disc.x + scene.shift, disc.y, disc.radius});
    }
  out.cells = marker.size();
  Normal normal(scene.seed);
  const auto inside = [](const std::vector<Disc>& discs, std::size_t x, std::size_t y) {
    for (const Disc& disc : discs)
      if (disc.holds(x, y)) return true;
    return false;
  };
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t x = 0; x < width; ++x) {
      const bool m = inside(marker, x, y), s = inside(signal, x, y);
      out.marker += m ? 1 : 0;
      out.signal += s ? 1 : 0;
      out.both += m && s ? 1 : 0;
      const double ground = scene.base + scene.slope * static_cast<double>(x);
      out.image.channels[0].plane.at(x, y) =
          digitised(ground + (m ? scene.height : 0.0) + scene.noise * normal(), 16);
      out.image.channels[1].plane.at(x, y) =
          digitised(ground + (s ? scene.height : 0.0) + scene.noise * normal(), 16);
    }
  out.marker_sum = scene.height * static_cast<double>(out.marker);
  out.signal_sum = scene.height * static_cast<double>(out.signal);
  return out;
}

// ---------------------------------------------------------------------------------------------------- blots

/// Bands that are flat across their lane and normal along it, of known volume, on a sloped background.
struct Blot {
  imaging::Image image;
  std::vector<double> volumes;  ///< lane by lane, as given
  std::vector<double> centres;  ///< of the lanes, x
  double lane_width = 0.0;      ///< of a band, pixels
};

struct BlotScene {
  std::vector<double> volumes;  ///< grey values x pixels squared, one per lane
  std::size_t pitch = 60, band_width = 40, height = 120;
  std::size_t margin = 30;  ///< left and right of the lanes
  double band_y = 60.0, band_sd = 5.0;
  double base = 3000.0, slope_x = 2.0, slope_y = 5.0;
  double noise = 100.0;
  bool dark = true;  ///< dark bands on a bright picture
  int bits = 16;
  double limit = 65535.0;  ///< signal at which the detector saturates
  std::uint64_t seed = 1;
};

inline Blot blot(const BlotScene& scene) {
  Blot out;
  const std::size_t width = 2 * scene.margin + scene.pitch * scene.volumes.size();
  out.image = blank(width, scene.height, {"grey"}, false, scene.bits);
  out.volumes = scene.volumes;
  out.lane_width = static_cast<double>(scene.band_width);
  const double full = scene.bits == 8 ? 255.0 : 65535.0;
  Normal normal(scene.seed);
  for (std::size_t l = 0; l < scene.volumes.size(); ++l)
    out.centres.push_back(static_cast<double>(scene.margin + l * scene.pitch) +
                          0.5 * static_cast<double>(scene.pitch) - 0.5);
  for (std::size_t y = 0; y < scene.height; ++y)
    for (std::size_t x = 0; x < width; ++x) {
      double signal =
          scene.base + scene.slope_x * static_cast<double>(x) + scene.slope_y * static_cast<double>(y);
      for (std::size_t l = 0; l < scene.volumes.size(); ++l) {
        if (std::fabs(static_cast<double>(x) - out.centres[l]) > 0.5 * out.lane_width) continue;
        const double z = (static_cast<double>(y) - scene.band_y) / scene.band_sd;
        signal += scene.volumes[l] / (out.lane_width * scene.band_sd * std::sqrt(2.0 * std::numbers::pi)) *
                  std::exp(-0.5 * z * z);
      }
      signal = std::min(signal + scene.noise * normal(), scene.limit);
      out.image.channels[0].plane.at(x, y) = digitised(scene.dark ? full - signal : signal, scene.bits);
    }
  return out;
}

// --------------------------------------------------------------------------------------------------- plates

/// A round dish on a dark table under uneven light, with colonies of one size; `pairs` of them touch.
struct ColonyPlate {
  imaging::Image image;  ///< 8-bit colour
  Disc dish;
  std::vector<Disc> colonies;
  std::size_t area = 0;  ///< pixels of all colonies
};

struct ColonyScene {
  std::size_t side = 480;
  std::size_t single = 20, pairs = 4;
  double radius = 7.0;                               ///< of a colony, pixels
  double apart = 1.8;                                ///< centres of a pair, radii
  double light = 200.0, slope = 0.08, depth = 90.0;  ///< grey values; per pixel; of a colony in green
  double noise = 3.0;
  double reach = 0.80;   ///< centres lie within so many radii of the dish
  bool scratch = false;  ///< a straight dark line across the dish
  std::uint64_t seed = 1;
};

inline ColonyPlate colony_plate(const ColonyScene& scene) {
  ColonyPlate out;
  out.image = blank(scene.side, scene.side, {"red", "green", "blue"}, true, 8);
  const double middle = 0.5 * static_cast<double>(scene.side);
  out.dish = {middle + 6.0, middle - 4.0, 0.42 * static_cast<double>(scene.side)};
  std::mt19937_64 bits(scene.seed);
  const auto uniform = [&] { return static_cast<double>(bits() >> 11) * 0x1p-53; };
  const double reach = scene.reach * out.dish.radius;
  const auto free_place = [&](double room) {  // at least `room` from every colony, well inside the dish
    for (;;) {
      const double x = out.dish.x + (2.0 * uniform() - 1.0) * reach,
                   y = out.dish.y + (2.0 * uniform() - 1.0) * reach;
      if (std::hypot(x - out.dish.x, y - out.dish.y) > reach) continue;
      bool clear = true;
      for (const Disc& c : out.colonies) clear = clear && std::hypot(x - c.x, y - c.y) > room;
      if (clear) return Disc{x, y, scene.radius};
    }
  };
  for (std::size_t p = 0; p < scene.pairs; ++p) {
    const Disc first = free_place(5.0 * scene.radius);
    const double angle = 2.0 * std::numbers::pi * uniform();
    out.colonies.push_back(first);
    out.colonies.push_back({first.x + scene.apart * scene.radius * std::cos(angle),
                            first.y + scene.apart * scene.radius * std::sin(angle), scene.radius});
  }
  for (std::size_t s = 0; s < scene.single; ++s) out.colonies.push_back(free_place(3.5 * scene.radius));
  Normal normal(scene.seed + 1000);
  const std::array<double, 3> share{0.35, 1.0, 0.25};  // crystal violet takes away green most
  for (std::size_t y = 0; y < scene.side; ++y)
    for (std::size_t x = 0; x < scene.side; ++x) {
      const double from =
          std::hypot(static_cast<double>(x) - out.dish.x, static_cast<double>(y) - out.dish.y);
      const bool inside = from <= out.dish.radius, rim = inside && from > 0.96 * out.dish.radius;
      bool colony = false;
      for (const Disc& c : out.colonies) colony = colony || c.holds(x, y);
      out.area += colony ? 1 : 0;
      const bool scratch = scene.scratch && inside &&
                           std::fabs(static_cast<double>(y) - out.dish.y - 0.5 * out.dish.radius) < 2.0;
      for (std::size_t c = 0; c < 3; ++c) {
        double light = inside ? scene.light + scene.slope * (static_cast<double>(x) - middle) : 40.0;
        if (rim) light = 235.0;
        if (colony || scratch) light -= scene.depth * share[c];
        out.image.channels[c].plane.at(x, y) = digitised(light + scene.noise * normal(), 8);
      }
    }
  return out;
}

}  // namespace stroma::test
