#include "assays/section/section.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include "core/errors.hpp"
#include "core/maths.hpp"

namespace stroma::assays {
namespace {

using Rgb = std::array<double, 3>;

constexpr std::size_t samples = 3;  // per pixel and direction
constexpr std::size_t largest_picture = std::size_t{1} << 28;

// Optical density per unit of stain in red, green and blue (sources in the header).
constexpr Rgb haematoxylin_vector{0.650, 0.704, 0.286};
constexpr Rgb eosin_vector{0.216, 0.801, 0.558};
constexpr Rgb dab_vector{0.268, 0.570, 0.776};

constexpr std::array<std::uint32_t, 8> okabe_ito{0xD55E00, 0x0072B2, 0xE69F00, 0x56B4E9,
                                                 0xCC79A7, 0x009E73, 0xF0E442, 0x5A5A5A};

/// Amounts of stain in the parts of a cell. Assumption: chosen by eye on slides of HepG2 spheroids; the order
/// is what textbooks say (necrosis pale and without nuclei: karyolysis; apoptosis shrunken, eosinophilic,
/// nucleus condensed: pyknosis).
struct Look {
  double cytoplasm_eosin, cytoplasm_haematoxylin;
  double nucleus_haematoxylin;
  double nucleus_scale;  ///< of the live nucleus's radius
  double cell_scale;     ///< of the cell's radius
};
constexpr Look looks[] = {
    {0.30, 0.05, 0.85, 1.0, 1.0}, {0.85, 0.15, 1.6, 0.7, 0.85}, {0.16, 0.0, 0.0, 0.0, 1.0}};
constexpr double nucleus_eosin = 0.12;
constexpr double membrane_eosin = 0.3;   // more than the cytoplasm
constexpr double membrane_width = 0.4;   // um, on either side of a border
constexpr double counterstain = 0.55;    // haematoxylin of an immunostained section against that of H&E
constexpr double dab_saturated = 1.1;    // optical density of marker 1
constexpr double dab_background = 0.03;  // unspecific brown of the cytoplasm

/// What a cell shows in the plane: the disc of its sphere, and that of its nucleus.
struct Disc {
  double x, y;
  double r2;          // squared radius of the cell's disc, > 0
  double nucleus_r2;  // of its nucleus, 0 where the plane misses it
  std::uint32_t cell;
};

const Look& look_of(const SectionCell& cell) {
  return looks[static_cast<std::size_t>(cell.fate)];
}

Rgb channels(std::uint32_t colour) {
  return {static_cast<double>(colour >> 16 & 0xFF), static_cast<double>(colour >> 8 & 0xFF),
          static_cast<double>(colour & 0xFF)};
}

Rgb mixed(const Rgb& a, const Rgb& b, double share_of_b) {
  Rgb out;
  for (std::size_t c = 0; c < 3; ++c) out[c] = a[c] + share_of_b * (b[c] - a[c]);
  return out;
}

/// Colours of one cell.
struct Paint {
  Rgb cytoplasm, nucleus, membrane;
};

Paint paint_of(const SectionCell& cell, SectionStain stain) {
  const Look& look = look_of(cell);
  if (stain == SectionStain::h_and_e)
    return {transmitted(look.cytoplasm_haematoxylin, look.cytoplasm_eosin, 0.0),
            transmitted(look.nucleus_haematoxylin, nucleus_eosin, 0.0),
            transmitted(look.cytoplasm_haematoxylin, look.cytoplasm_eosin * (1.0 + membrane_eosin), 0.0)};
  if (stain == SectionStain::dab) {
    const double brown = dab_background + dab_saturated * std::clamp(cell.marker, 0.0, 1.0);
    const Rgb cytoplasm = transmitted(counterstain * look.cytoplasm_haematoxylin, 0.0, brown);
    return {cytoplasm, transmitted(counterstain * look.nucleus_haematoxylin, 0.0, 0.4 * brown), cytoplasm};
  }
  const Rgb black{0, 0, 0}, white{255, 255, 255}, grey{190, 190, 190};
  Rgb body = channels(section_colour(cell.colour));
  if (cell.fate == SectionFate::apoptotic) body = mixed(body, black, 0.65);
  if (cell.fate == SectionFate::necrotic) body = mixed(body, grey, 0.8);
  return {body, cell.fate == SectionFate::necrotic ? body : mixed(body, black, 0.35),
          mixed(body, white, 0.5)};
}

Rgb background(const SectionSetup& setup) {
  if (setup.stain == SectionStain::h_and_e) return transmitted(0.0, setup.matrix, 0.0);
  if (setup.stain == SectionStain::dab) return transmitted(0.02, 0.0, 0.0);
  return {255, 255, 255};
}

/// The discs that the slice shows. A sphere is widest where the slice comes nearest to its centre.
std::vector<Disc> discs_of(std::span<const SectionCell> cells, const SectionSetup& setup) {
  std::vector<Disc> discs;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const SectionCell& cell = cells[i];
    const double away =
        setup.flat ? 0.0 : std::max(0.0, std::abs(cell.z - setup.plane) - 0.5 * setup.thickness);
    const auto cut = [away](double radius) { return std::max(0.0, radius * radius - away * away); };
    const Look& look = look_of(cell);
    const double r2 = cut(cell.radius * look.cell_scale);
    if (r2 <= 0.0) continue;
    discs.push_back({cell.x, cell.y, r2, cut(cell.radius * cell.nucleus * look.nucleus_scale),
                     static_cast<std::uint32_t>(i)});
  }
  return discs;
}

/// For every tile of the picture the discs that reach into it, so that a sample looks at its neighbours only.
class Tiles {
 public:
  static constexpr std::size_t side = 8;  // pixels
  Tiles(const std::vector<Disc>& discs, const SectionSetup& setup, std::size_t width, std::size_t height)
      : across_((width + side - 1) / side), lists_(across_ * ((height + side - 1) / side)) {
    const double tile = static_cast<double>(side) * setup.um_per_pixel;
    const auto range = [&](double centre, double radius, double origin, std::size_t count) {
      const double low = std::floor((centre - radius - origin) / tile);
      const double high = std::floor((centre + radius - origin) / tile);
      const double last = static_cast<double>(count) - 1.0;
      if (high < 0.0 || low > last) return std::pair<std::size_t, std::size_t>{1, 0};
      return std::pair<std::size_t, std::size_t>{static_cast<std::size_t>(std::max(0.0, low)),
                                                 static_cast<std::size_t>(std::min(last, high))};
    };
    for (std::uint32_t d = 0; d < discs.size(); ++d) {
      const double radius = std::sqrt(discs[d].r2);
      const auto [x0, x1] = range(discs[d].x, radius, setup.origin[0], across_);
      const auto [y0, y1] = range(discs[d].y, radius, setup.origin[1], lists_.size() / across_);
      for (std::size_t ty = y0; ty <= y1; ++ty)
        for (std::size_t tx = x0; tx <= x1; ++tx) lists_[ty * across_ + tx].push_back(d);
    }
  }
  const std::vector<std::uint32_t>& at(std::size_t px, std::size_t py) const {
    return lists_[py / side * across_ + px / side];
  }

 private:
  std::size_t across_;
  std::vector<std::vector<std::uint32_t>> lists_;
};

/// The colour at one point: that of the cell with the least power distance there.
struct Scene {
  const std::vector<Disc>& discs;
  const std::vector<Paint>& paints;  // as discs
  Rgb empty;

  const Rgb& at(double x, double y, const std::vector<std::uint32_t>& near) const {
    double least = 0.0,
           second = 0.0;  // the second starts at 0: where no cell is behind, the disc's own edge is
    const Disc* front = nullptr;
    const Disc* behind = nullptr;
    for (const std::uint32_t d : near) {
      const Disc& disc = discs[d];
      const double dx = x - disc.x, dy = y - disc.y;
      const double power = dx * dx + dy * dy - disc.r2;
      if (power < least) {
        second = least;
        behind = front;
        least = power;
        front = &disc;
      } else if (power < second) {
        second = power;
        behind = &disc;
      }
    }
    if (front == nullptr) return empty;
    const Paint& paint = paints[static_cast<std::size_t>(front - discs.data())];
    if (least + front->r2 < front->nucleus_r2) return paint.nucleus;
    // Distance to the border: along the line between two centres the difference of powers has slope 2 |a -
    // b|; at a disc's own edge the power has slope 2 r.
    double square = front->r2;
    if (behind != nullptr)
      square =
          (front->x - behind->x) * (front->x - behind->x) + (front->y - behind->y) * (front->y - behind->y);
    const double slope = 2.0 * std::sqrt(square);
    return second - least < membrane_width * slope ? paint.membrane : paint.cytoplasm;
  }
};

void set_pixel(Raster& raster, std::size_t x, std::size_t y, const Rgb& colour) {
  for (std::size_t c = 0; c < 3; ++c)
    raster.rgb[3 * (y * raster.width + x) + c] = static_cast<std::uint8_t>(std::lround(colour[c]));
}

// Letters of 3 x 5 for the scale bar's label: five rows of three bits, the leftmost the highest.
constexpr std::string_view letters = "0123456789um.";
constexpr std::array<std::array<std::uint8_t, 6>, 13> glyphs{{{7, 5, 5, 5, 7, 0},
                                                              {2, 6, 2, 2, 7, 0},
                                                              {7, 1, 7, 4, 7, 0},
                                                              {7, 1, 7, 1, 7, 0},
                                                              {5, 5, 7, 1, 1, 0},
                                                              {7, 4, 7, 1, 7, 0},
                                                              {7, 4, 7, 5, 7, 0},
                                                              {7, 1, 1, 1, 1, 0},
                                                              {7, 5, 7, 5, 7, 0},
                                                              {7, 5, 7, 1, 7, 0},
                                                              {0, 5, 5, 5, 7, 4},
                                                              {0, 7, 7, 5, 5, 0},
                                                              {0, 0, 0, 0, 2, 0}}};

void draw_letters(Raster& raster, std::string_view text, std::size_t left, std::size_t top,
                  std::size_t scale) {
  for (const char c : text) {
    const std::size_t which = letters.find(c);
    if (which != std::string_view::npos)
      for (std::size_t row = 0; row < 6 * scale; ++row)
        for (std::size_t column = 0; column < 3 * scale; ++column)
          if ((glyphs[which][row / scale] >> (2 - column / scale) & 1) != 0 && left + column < raster.width &&
              top + row < raster.height)
            set_pixel(raster, left + column, top + row, {0, 0, 0});
    left += 4 * scale;
  }
}

std::string label_of(double length) {
  std::string text = std::to_string(length);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text + " um";
}

/// A black bar with its length, on white, in the bottom right corner.
void draw_scale_bar(Raster& raster) {
  const double length = scale_bar_length(static_cast<double>(raster.width) * raster.um_per_pixel);
  const auto bar = static_cast<std::size_t>(std::lround(length / raster.um_per_pixel));
  const std::size_t scale = std::max<std::size_t>(1, raster.width / 250);
  const std::string label = label_of(length);
  const std::size_t wide = std::max(bar, label.size() * 4 * scale), tall = 10 * scale, edge = 3 * scale;
  if (bar == 0 || raster.width < wide + 4 * edge || raster.height < tall + 4 * edge) return;
  const std::size_t left = raster.width - wide - 2 * edge, top = raster.height - tall - 2 * edge;
  for (std::size_t y = top - edge; y < top + tall + edge; ++y)
    for (std::size_t x = left - edge; x < left + wide + edge; ++x) set_pixel(raster, x, y, {255, 255, 255});
  for (std::size_t y = top + tall - 2 * scale; y < top + tall; ++y)
    for (std::size_t x = left; x < left + bar; ++x) set_pixel(raster, x, y, {0, 0, 0});
  draw_letters(raster, label, left, top, scale);
}

}  // namespace

double scale_bar_length(double width) {
  const double most = 0.25 * width;
  double power = 1.0;  // the largest power of ten that fits
  while (10.0 * power <= most) power *= 10.0;
  while (power > most && power > 1e-300) power /= 10.0;
  for (const double step : {5.0, 2.0})
    if (step * power <= most) return step * power;
  return power;
}

std::uint32_t section_colour(std::uint8_t colour) {
  return okabe_ito[colour % okabe_ito.size()];
}

std::array<double, 3> transmitted(double haematoxylin, double eosin, double dab) {
  Rgb light;
  for (std::size_t c = 0; c < 3; ++c)
    light[c] = 255.0 * core::maths::exp10(-(haematoxylin * haematoxylin_vector[c] + eosin * eosin_vector[c] +
                                            dab * dab_vector[c]));
  return light;
}

Raster draw_section(std::span<const SectionCell> cells, const SectionSetup& setup) {
  core::require(
      setup.size[0] > 0.0 && setup.size[1] > 0.0 && setup.um_per_pixel > 0.0 && setup.thickness > 0.0,
      "a section needs a size");
  const double wide = std::ceil(setup.size[0] / setup.um_per_pixel),
               tall = std::ceil(setup.size[1] / setup.um_per_pixel);
  core::require(wide * tall <= static_cast<double>(largest_picture), "a section's picture is too large");
  Raster raster{static_cast<std::size_t>(wide), static_cast<std::size_t>(tall), {}, setup.um_per_pixel};
  raster.rgb.resize(3 * raster.width * raster.height);

  const std::vector<Disc> discs = discs_of(cells, setup);
  std::vector<Paint> paints;
  for (const Disc& disc : discs) paints.push_back(paint_of(cells[disc.cell], setup.stain));
  const Tiles tiles(discs, setup, raster.width, raster.height);
  const Scene scene{discs, paints, background(setup)};

  const double step = setup.um_per_pixel / static_cast<double>(samples);
  for (std::size_t py = 0; py < raster.height; ++py)
    for (std::size_t px = 0; px < raster.width; ++px) {
      const std::vector<std::uint32_t>& near = tiles.at(px, py);
      Rgb sum{};
      for (std::size_t sy = 0; sy < samples; ++sy)
        for (std::size_t sx = 0; sx < samples; ++sx) {
          const double x = setup.origin[0] + (static_cast<double>(px * samples + sx) + 0.5) * step;
          const double y = setup.origin[1] + (static_cast<double>(py * samples + sy) + 0.5) * step;
          const Rgb& colour = scene.at(x, y, near);
          for (std::size_t c = 0; c < 3; ++c) sum[c] += colour[c];
        }
      for (double& channel : sum) channel /= static_cast<double>(samples * samples);
      set_pixel(raster, px, py, sum);
    }
  if (setup.scale_bar) draw_scale_bar(raster);
  return raster;
}

}  // namespace stroma::assays
