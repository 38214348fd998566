// Sections: areas are those of the discs, stains those of Beer and Lambert, and nothing depends on the order
// of cells.
#include "assays/section/section.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "core/errors.hpp"

namespace stroma::assays {
namespace section_test {

using Colour = std::array<int, 3>;

Colour at(const Raster& raster, double x, double y) {
  const auto px = static_cast<std::size_t>(x / raster.um_per_pixel),
             py = static_cast<std::size_t>(y / raster.um_per_pixel);
  const std::size_t i = 3 * (py * raster.width + px);
  return {raster.rgb[i], raster.rgb[i + 1], raster.rgb[i + 2]};
}

SectionSetup plain(SectionStain stain, double side = 100.0, double pixel = 0.5) {
  SectionSetup setup;
  setup.stain = stain;
  setup.thickness = 1e-6;
  setup.size = {side, side};
  setup.um_per_pixel = pixel;
  setup.scale_bar = false;
  return setup;
}

/// Area of what is not white, by the amount of blue light that a type's colour takes away (colour 1 has blue
/// 0xB2).
double dark_area(const Raster& raster) {
  double sum = 0.0;
  for (std::size_t i = 0; i < raster.rgb.size(); i += 3) sum += (255.0 - raster.rgb[i]) / 255.0;
  return sum * raster.um_per_pixel * raster.um_per_pixel;
}

/// One cell without a nucleus, whose type's colour has no red.
SectionCell blue_cell(double x, double y, double z, double radius) {
  SectionCell cell;
  cell.x = x;
  cell.y = y;
  cell.z = z;
  cell.radius = radius;
  cell.nucleus = 0.0;
  cell.colour = 1;
  return cell;
}

TEST(Section, shows_the_disc_that_the_plane_cuts_out_of_a_sphere) {
  // The rim of membrane (0.4 um) is half white: pi (r - 0.2)^2 and its rim's second order. 3 x 3 samples per
  // pixel of 0.5 um leave about 0.2 um^2 along an edge of 60 um.
  for (const double away : {0.0, 5.0, 8.0, 9.5}) {
    const std::vector<SectionCell> cells{blue_cell(50.0, 50.0, away, 10.0)};
    const double r = std::sqrt(100.0 - away * away), rim = std::min(r, 0.4 * 1.0);
    const double inner = r - rim;
    const double expected = std::numbers::pi * (0.5 * (r * r) + 0.5 * inner * inner);
    EXPECT_NEAR(dark_area(draw_section(cells, plain(SectionStain::types))), expected, 0.03 * expected)
        << away;
  }
  EXPECT_EQ(dark_area(draw_section(std::vector<SectionCell>{blue_cell(50.0, 50.0, 10.1, 10.0)},
                                   plain(SectionStain::types))),
            0.0);
}

TEST(Section, a_thick_slice_shows_the_widest_disc_within_it) {
  SectionSetup setup = plain(SectionStain::types);
  setup.thickness = 10.0;
  const auto area = [&](double z) {
    return dark_area(draw_section(std::vector<SectionCell>{blue_cell(50.0, 50.0, z, 10.0)}, setup));
  };
  EXPECT_EQ(area(0.0), area(5.0));
  EXPECT_LT(area(8.0), area(5.0));
  EXPECT_GT(area(14.5), 0.0);
  EXPECT_EQ(area(15.5), 0.0);
}

TEST(Section, a_monolayer_shows_every_cell_whatever_its_height) {
  SectionSetup setup = plain(SectionStain::types);
  setup.flat = true;
  EXPECT_EQ(draw_section(std::vector<SectionCell>{blue_cell(50.0, 50.0, 1e6, 10.0)}, setup).rgb,
            draw_section(std::vector<SectionCell>{blue_cell(50.0, 50.0, 0.0, 10.0)}, setup).rgb);
}

TEST(Section, touching_cells_meet_in_a_flat_border) {
  std::vector<SectionCell> cells{blue_cell(42.0, 50.0, 0.0, 10.0), blue_cell(58.0, 50.0, 0.0, 10.0)};
  cells[1].colour = 0;
  const Raster raster = draw_section(cells, plain(SectionStain::types));
  for (const double y : {45.5, 50.0, 54.5}) {
    EXPECT_EQ(at(raster, 48.8, y), (Colour{0x00, 0x72, 0xB2})) << y;
    EXPECT_EQ(at(raster, 51.2, y), (Colour{0xD5, 0x5E, 0x00})) << y;
  }
}

TEST(Section, does_not_depend_on_the_order_of_the_cells) {
  std::mt19937_64 random(4);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  std::vector<SectionCell> cells;
  for (int i = 0; i < 300; ++i) {
    SectionCell cell = blue_cell(100.0 * uniform(random), 100.0 * uniform(random),
                                 20.0 * uniform(random) - 10.0, 5.0 + 5.0 * uniform(random));
    cell.nucleus = 0.5;
    cell.colour = static_cast<std::uint8_t>(i);
    cell.fate = static_cast<SectionFate>(i % 3);
    cell.marker = uniform(random);
    cells.push_back(cell);
  }
  for (const SectionStain stain : {SectionStain::h_and_e, SectionStain::types, SectionStain::dab}) {
    const std::vector<std::uint8_t> first = draw_section(cells, plain(stain)).rgb;
    EXPECT_EQ(draw_section(cells, plain(stain)).rgb, first);
    std::shuffle(cells.begin(), cells.end(), random);
    EXPECT_EQ(draw_section(cells, plain(stain)).rgb, first);
  }
}

TEST(Section, cells_at_the_edges_and_far_outside_are_cut_not_wrapped) {
  const std::vector<SectionCell> cells{blue_cell(0.0, 0.0, 0.0, 10.0), blue_cell(-1e9, 50.0, 0.0, 10.0),
                                       blue_cell(50.0, 1e9, 0.0, 10.0)};
  const Raster raster = draw_section(cells, plain(SectionStain::types));
  EXPECT_EQ(at(raster, 3.0, 3.0), (Colour{0x00, 0x72, 0xB2}));
  EXPECT_EQ(at(raster, 99.0, 99.0), (Colour{255, 255, 255}));
  EXPECT_EQ(at(raster, 99.0, 1.0), (Colour{255, 255, 255}));
  EXPECT_EQ(at(raster, 1.0, 99.0), (Colour{255, 255, 255}));
}

TEST(Stains, obey_beer_and_lambert) {
  EXPECT_EQ(transmitted(0, 0, 0), (std::array<double, 3>{255.0, 255.0, 255.0}));
  // One optical density of haematoxylin lets 10^-0.65, 10^-0.704, 10^-0.286 through; two stains multiply.
  const auto h = transmitted(1, 0, 0), d = transmitted(0, 0, 0.5), both = transmitted(1, 0, 0.5);
  EXPECT_NEAR(h[0], 255 * std::pow(10.0, -0.650), 1e-9);
  EXPECT_NEAR(h[1], 255 * std::pow(10.0, -0.704), 1e-9);
  EXPECT_NEAR(h[2], 255 * std::pow(10.0, -0.286), 1e-9);
  for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(both[c], h[c] * d[c] / 255.0, 1e-9);
  EXPECT_GT(h[2], h[0]);  // blue
  EXPECT_GT(d[0], d[1]);  // brown: red, then green, then blue
  EXPECT_GT(d[1], d[2]);
}

TEST(Stains, live_apoptotic_and_necrotic_cells_look_as_a_pathologist_expects) {
  SectionCell cell = blue_cell(50.0, 50.0, 0.0, 10.0);
  cell.nucleus = 0.5;
  const auto look = [&](SectionFate fate, double from_centre) {
    cell.fate = fate;
    const Colour colour = at(draw_section(std::vector<SectionCell>{cell}, plain(SectionStain::h_and_e)),
                             50.0 + from_centre, 50.0);
    return colour[0] + colour[1] + colour[2];
  };
  const int live_nucleus = look(SectionFate::live, 0.0), live_body = look(SectionFate::live, 7.0);
  EXPECT_LT(live_nucleus, live_body - 100);
  EXPECT_LT(look(SectionFate::apoptotic, 0.0), live_nucleus);  // condensed
  EXPECT_LT(look(SectionFate::apoptotic, 7.0), live_body);     // dense
  EXPECT_EQ(look(SectionFate::apoptotic, 9.0),
            look(SectionFate::live, 40.0));  // shrunken: matrix is seen there
  EXPECT_EQ(look(SectionFate::necrotic, 0.0), look(SectionFate::necrotic, 7.0));  // no nucleus
  EXPECT_GT(look(SectionFate::necrotic, 7.0), live_body);                         // pale
}

TEST(Stains, more_marker_is_darker_brown) {
  int before = 3 * 256;
  for (const double marker : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    SectionCell cell = blue_cell(50.0, 50.0, 0.0, 10.0);
    cell.marker = marker;
    const Colour colour =
        at(draw_section(std::vector<SectionCell>{cell}, plain(SectionStain::dab)), 55.0, 50.0);
    EXPECT_LT(colour[0] + colour[1] + colour[2], before);
    before = colour[0] + colour[1] + colour[2];
  }
}

TEST(ScaleBar, is_of_a_round_length_up_to_a_quarter_of_the_picture) {
  EXPECT_DOUBLE_EQ(scale_bar_length(640.0), 100.0);
  EXPECT_DOUBLE_EQ(scale_bar_length(800.0), 200.0);
  EXPECT_DOUBLE_EQ(scale_bar_length(79.0), 10.0);
  EXPECT_DOUBLE_EQ(scale_bar_length(2.0), 0.5);
  // Black pixels in the bar's lowest row: 100 um at 0.8 um per pixel are 125.
  SectionSetup setup = plain(SectionStain::types, 640.0, 0.8);
  setup.scale_bar = true;
  const Raster raster = draw_section({}, setup);
  std::size_t longest = 0;
  for (std::size_t y = 0; y < raster.height; ++y) {
    std::size_t run = 0;
    for (std::size_t x = 0; x < raster.width; ++x) run += raster.rgb[3 * (y * raster.width + x)] == 0 ? 1 : 0;
    longest = std::max(longest, run);
  }
  EXPECT_EQ(longest, 125u);
}

TEST(Section, impossible_sizes_are_bugs_of_ours) {
  for (const double side : {0.0, -1.0, 1e9})
    EXPECT_THROW(draw_section({}, plain(SectionStain::types, side)), core::InternalError);
  EXPECT_THROW(draw_section({}, plain(SectionStain::types, 10.0, 0.0)), core::InternalError);
  EXPECT_NO_THROW(draw_section({}, plain(SectionStain::types, 1.0, 1.0)));
}

}  // namespace section_test
}  // namespace stroma::assays
