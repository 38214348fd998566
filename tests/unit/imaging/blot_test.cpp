// Blots with bands of known volume on a sloped, noisy membrane.
#include "imaging/blot.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "support/pictures.hpp"

namespace stroma::imaging {
namespace blot_test {

using test::Blot;
using test::BlotScene;

const std::vector<double> volumes{4e6, 1e6, 0.0, 2e6, 6e6, 3e6};

BlotSetup setup_of(std::size_t lanes) {
  BlotSetup setup;
  setup.lanes = lanes;
  setup.rows = 1;
  setup.background = BlotBackground::rubber_band;
  return setup;
}

/// What the net volume of one band may be off by. The box ends where the rows' mean profile falls to 1 % of
/// its peak or to its noise: z = 3.03, tails 0.25 % of the volume, to which rounding of the box to whole
/// pixels adds as much. An envelope over noise of sd s / sqrt(w) hangs at most 4 sd low (of some 100 values
/// none lies 4 out); a band's own rise above a hull that ends in its feet is within the tails.
double bound(const BlotScene& scene, const BandBox& band, const Lane& lane, double volume) {
  const auto rows = static_cast<double>(band.bottom - band.top), columns = static_cast<double>(lane.width());
  return 0.005 * volume + 4.0 * scene.noise * rows * std::sqrt(columns);
}

void expect_volumes(const BlotScene& scene, const BlotPicture& found) {
  ASSERT_EQ(found.lanes.size(), scene.volumes.size());
  ASSERT_EQ(found.rows.size(), 1U);
  for (const BandBox& band : found.bands)
    EXPECT_NEAR(band.volume - band.background, scene.volumes[band.lane],
                bound(scene, band, found.lanes[band.lane], scene.volumes[band.lane]))
        << "lane " << band.lane + 1;
}

TEST(Blot, volumes_are_those_that_were_drawn_with_dark_and_with_bright_bands) {
  for (const bool dark : {true, false}) {
    BlotScene scene;
    scene.volumes = volumes;
    scene.dark = dark;
    const Blot drawn = test::blot(scene);
    const BlotPicture found = measure_blot(drawn.image, setup_of(volumes.size()));
    EXPECT_EQ(found.dark_bands, dark);
    expect_volumes(scene, found);
    for (std::size_t l = 0; l < found.lanes.size(); ++l) {
      EXPECT_NEAR(found.lanes[l].centre(), drawn.centres[l], 2.0);  // rounded ends, profile smoothed over 3
      EXPECT_FALSE(found.bands[l].saturated);
    }
    EXPECT_NEAR(found.rows[0].peak, scene.band_y, 2.0);
  }
}

TEST(Blot, a_lane_without_a_band_reads_its_background) {
  BlotScene scene;
  scene.volumes = volumes;
  const BlotPicture found = measure_blot(test::blot(scene).image, setup_of(volumes.size()));
  ASSERT_EQ(found.bands.size(), volumes.size());
  const BandBox& empty = found.bands[2];
  EXPECT_LT(std::fabs(empty.volume - empty.background), 0.05 * 1e6);  // a twentieth of the weakest band
}

TEST(Blot, without_background_subtraction_the_bounds_break) {
  BlotScene scene;
  scene.volumes = volumes;
  BlotSetup setup = setup_of(volumes.size());
  setup.background = BlotBackground::none;
  const BlotPicture found = measure_blot(test::blot(scene).image, setup);
  ASSERT_EQ(found.lanes.size(), volumes.size());
  for (const BandBox& band : found.bands)
    EXPECT_GT(std::fabs(band.volume - band.background - volumes[band.lane]),
              bound(scene, band, found.lanes[band.lane], volumes[band.lane]));
}

TEST(Blot, the_rolling_ball_takes_no_more_from_a_band_than_its_curvature_allows) {
  BlotScene scene;
  scene.volumes = volumes;
  BlotSetup setup = setup_of(volumes.size());
  setup.background = BlotBackground::rolling;
  setup.radius = 150.0;
  const BlotPicture found = measure_blot(test::blot(scene).image, setup);
  ASSERT_EQ(found.rows.size(), 1U);
  for (const BandBox& band : found.bands) {
    const Lane& lane = found.lanes[band.lane];
    const auto rows = static_cast<double>(band.bottom - band.top),
               columns = static_cast<double>(lane.width());
    const double rise = (65535.0 / 255.0) / (2.0 * setup.radius) * 0.25 * (rows + 2.0) * (rows + 2.0);
    EXPECT_NEAR(band.volume - band.background, volumes[band.lane],
                bound(scene, band, lane, volumes[band.lane]) + rise * rows * columns);
  }
}

TEST(Blot, lanes_are_found_without_their_number_where_all_have_a_band) {
  BlotScene scene;
  scene.volumes = {4e6, 2e6, 3e6, 5e6, 2.5e6};
  BlotSetup setup = setup_of(0);
  setup.lanes.reset();
  const Blot drawn = test::blot(scene);
  const BlotPicture found = measure_blot(drawn.image, setup);
  expect_volumes(scene, found);
  for (std::size_t l = 0; l < found.lanes.size(); ++l) {
    EXPECT_NEAR(found.lanes[l].centre(), drawn.centres[l], 3.0);
    EXPECT_GE(static_cast<double>(found.lanes[l].width()), drawn.lane_width);
  }
}

TEST(Blot, empty_lanes_at_the_ends_are_kept_by_the_extent) {
  BlotScene scene;
  scene.volumes = {0.0, 4e6, 2e6, 0.0};
  BlotSetup setup = setup_of(4);
  const Blot drawn = test::blot(scene);
  setup.extent = Lane{scene.margin, drawn.image.width - scene.margin};
  expect_volumes(scene, measure_blot(drawn.image, setup));
}

TEST(Blot, a_saturated_band_is_flagged_also_where_the_camera_has_fewer_bits_than_the_file) {
  BlotScene scene;
  scene.volumes = {8e6, 2e6, 3e6};
  scene.dark = false;
  scene.limit = 4095.0;  // a 12-bit camera
  scene.base = 200.0;
  scene.slope_x = scene.slope_y = 0.0;
  scene.noise = 10.0;
  for (double& v : scene.volumes) v *= 4095.0 / 65535.0 * 3.0;
  const BlotPicture found = measure_blot(test::blot(scene).image, setup_of(3));
  ASSERT_EQ(found.bands.size(), 3U);
  // Peak heights 200 + V / (40 x 5 x 2.507): 3190, 948, 1322 of V = 1.5e6, 3.75e5, 5.6e5 stay below 4095.
  EXPECT_DOUBLE_EQ(found.limit, 65535.0);
  for (const BandBox& band : found.bands) EXPECT_FALSE(band.saturated);
  scene.volumes[0] *= 3.0;
  const BlotPicture over = measure_blot(test::blot(scene).image, setup_of(3));
  ASSERT_EQ(over.bands.size(), 3U);
  EXPECT_DOUBLE_EQ(over.limit, 4095.0);
  EXPECT_TRUE(over.bands[0].saturated);
  EXPECT_GT(over.bands[0].at_limit, 0.05);
  EXPECT_FALSE(over.bands[1].saturated);
}

TEST(Blot, rows_of_two_proteins_are_told_apart) {
  BlotScene upper, lower;
  upper.volumes = {4e6, 2e6, 3e6};
  lower.volumes = {2e6, 2e6, 2e6};
  upper.band_y = 30.0;
  lower.band_y = 85.0;
  upper.noise = lower.noise = 0.0;
  Blot first = test::blot(upper);
  const Blot second = test::blot(lower);
  const Blot nothing = [&] {
    BlotScene none = lower;
    none.volumes = {0.0, 0.0, 0.0};
    return test::blot(none);
  }();
  Plane& plane = first.image.channels[0].plane;
  for (std::size_t i = 0; i < plane.size(); ++i)
    plane.values[i] += second.image.channels[0].plane.values[i] - nothing.image.channels[0].plane.values[i];
  BlotSetup setup = setup_of(3);
  setup.rows.reset();
  const BlotPicture found = measure_blot(first.image, setup);
  ASSERT_EQ(found.rows.size(), 2U);
  EXPECT_NEAR(found.rows[0].peak, 30.0, 2.0);
  EXPECT_NEAR(found.rows[1].peak, 85.0, 2.0);
  for (const BandBox& band : found.bands) {
    const double truth = band.row == 0 ? upper.volumes[band.lane] : lower.volumes[band.lane];
    EXPECT_NEAR(band.volume - band.background, truth, 0.01 * truth);
  }
}

/// What a band may be off by between its flanks. Tails beyond the box hold 0.25 % and its rounding as much;
/// the flanks begin there at 1 % of the peak and take at most that over the box, 6.06 / 2.507 of the volume.
/// Noise: the sum over the box, sd s sqrt(h w), and the flanks, medians (x 1.2533) of h / 2 rows, over h
/// rows.
double flank_bound(const BlotScene& scene, const BandBox& band, const Lane& lane, double volume) {
  const double n = static_cast<double>((band.bottom - band.top) * lane.width());
  return (0.005 + 0.01 * 6.06 / 2.507) * volume +
         4.0 * scene.noise * std::sqrt(n) * std::sqrt(1.0 + 1.2533 * 1.2533);
}

TEST(Blot, by_default_volumes_are_right_with_8_12_and_16_bits_and_high_and_low_bands) {
  for (const double camera : {1.0 / 257.0, 1.0 / 16.0, 1.0})
    for (const double sd : {3.0, 5.0, 12.0}) {
      BlotScene scene;
      scene.volumes = volumes;
      scene.height = 200;
      scene.band_y = 100.0;
      scene.band_sd = sd;
      scene.bits = camera < 0.01 ? 8 : 16;
      scene.dark = false;
      for (double* v : {&scene.base, &scene.slope_x, &scene.slope_y, &scene.noise}) *v *= camera;
      for (double& v : scene.volumes) v *= camera * sd / 5.0;
      scene.noise = std::max(scene.noise, 0.3);  // the rounding of grey values, 1 / sqrt(12)
      BlotSetup setup;
      setup.lanes = volumes.size();
      const BlotPicture found = measure_blot(test::blot(scene).image, setup);
      ASSERT_EQ(found.rows.size(), 1U) << camera << ' ' << sd;
      for (const BandBox& band : found.bands)
        EXPECT_NEAR(band.volume - band.background, scene.volumes[band.lane],
                    flank_bound(scene, band, found.lanes[band.lane], scene.volumes[band.lane]))
            << camera << ' ' << sd << " lane " << band.lane + 1;
    }
}

/// Bands 40 columns wide about the given columns, on an even membrane.
Image uneven_lanes(const std::vector<double>& centres, const std::vector<double>& strengths) {
  Image image = test::blank(600, 140, {"grey"}, false, 16);
  test::Normal normal(3);
  for (std::size_t y = 0; y < 140; ++y)
    for (std::size_t x = 0; x < 600; ++x) {
      double light = 900.0;
      for (std::size_t l = 0; l < centres.size(); ++l)
        if (std::fabs(static_cast<double>(x) - centres[l]) <= 20.0)
          light += strengths[l] * std::exp(-0.5 * std::pow((static_cast<double>(y) - 70.0) / 5.0, 2.0));
      image.channels[0].plane.at(x, y) = test::digitised(light + 10.0 * normal(), 16);
    }
  return image;
}

TEST(Blot, lanes_lie_where_their_bands_are_at_whatever_distances) {
  const std::vector<double> centres{40.0, 95.0, 200.0, 290.0, 430.0, 540.0},
      strengths{500.0, 4000.0, 1000.0, 250.0, 2000.0, 8000.0};
  BlotSetup setup;
  setup.lanes = 6;
  const BlotPicture found = measure_blot(uneven_lanes(centres, strengths), setup);
  ASSERT_EQ(found.rows.size(), 1U);
  EXPECT_EQ(found.basis, LaneBasis::bands);
  EXPECT_GT(found.unevenness, 1.5);
  for (const BandBox& band : found.bands) {
    const double volume = strengths[band.lane] * 41.0 * 5.0 * std::sqrt(2.0 * std::numbers::pi);
    EXPECT_NEAR(band.volume - band.background, volume, 0.05 * volume) << band.lane;
    EXPECT_TRUE(band.clear());
  }
  // The mutant: an even comb over the same columns cuts bands.
  setup.extent = Lane{10, 590};
  const BlotPicture even = measure_blot(uneven_lanes(centres, strengths), setup);
  std::size_t off = 0;
  for (const BandBox& band : even.bands) {
    const double volume = strengths[band.lane] * 41.0 * 5.0 * std::sqrt(2.0 * std::numbers::pi);
    off += std::fabs(band.volume - band.background - volume) > 0.05 * volume ? 1 : 0;
  }
  EXPECT_GT(off, 2U);
}

TEST(Blot, uneven_lanes_of_which_one_is_empty_are_not_guessed) {
  BlotSetup setup;
  setup.lanes = 6;
  const BlotPicture found = measure_blot(
      uneven_lanes({40.0, 95.0, 290.0, 430.0, 540.0}, {500.0, 4000.0, 250.0, 2000.0, 8000.0}), setup);
  EXPECT_EQ(found.basis, LaneBasis::uneven);
  EXPECT_EQ(found.stretches.size(), 5U);
  setup.edges = {{15, 65}, {70, 120}, {170, 230}, {265, 315}, {405, 455}, {515, 565}};
  const BlotPicture given = measure_blot(
      uneven_lanes({40.0, 95.0, 290.0, 430.0, 540.0}, {500.0, 4000.0, 250.0, 2000.0, 8000.0}), setup);
  ASSERT_EQ(given.bands.size(), 6U);
  EXPECT_FALSE(given.bands[2].clear());
  EXPECT_TRUE(given.bands[3].clear());
}

TEST(Blot, a_hot_pixel_moves_no_lane_and_no_row) {
  const std::vector<double> centres{40.0, 140.0, 240.0, 340.0}, strengths{300.0, 400.0, 500.0, 350.0};
  Image image = uneven_lanes(centres, strengths);
  BlotSetup setup;
  setup.lanes = 4;
  const BlotPicture before = measure_blot(image, setup);
  image.channels[0].plane.at(500, 20) = 65535.0F;
  const BlotPicture after = measure_blot(image, setup);
  ASSERT_EQ(after.bands.size(), before.bands.size());
  for (std::size_t b = 0; b < after.bands.size(); ++b) {
    EXPECT_EQ(after.bands[b].top, before.bands[b].top);
    EXPECT_NEAR(after.bands[b].volume, before.bands[b].volume, 1e-3 * before.bands[b].volume);
  }
}

TEST(Blot, a_membrane_that_is_uneven_across_moves_no_lane) {
  BlotScene scene;
  scene.volumes = volumes;
  Blot drawn = test::blot(scene);
  Plane& plane = drawn.image.channels[0].plane;
  const auto width = static_cast<double>(plane.width);
  for (std::size_t y = 0; y < plane.height; ++y)
    for (std::size_t x = 0; x < plane.width; ++x) {  // a shade as dark as the bands, and wider
      const double z = (static_cast<double>(x) - 0.2 * width) / (0.3 * width);
      plane.at(x, y) = std::round(plane.at(x, y) - static_cast<float>(8000.0 * std::exp(-0.5 * z * z)));
    }
  BlotSetup setup;
  setup.lanes = volumes.size();
  const BlotPicture found = measure_blot(drawn.image, setup);
  ASSERT_EQ(found.rows.size(), 1U);
  for (std::size_t l = 0; l < found.lanes.size(); ++l) {
    EXPECT_NEAR(found.lanes[l].centre(), drawn.centres[l], 2.0);
    const BandBox& band = found.bands[l];
    EXPECT_NEAR(band.volume - band.background, volumes[l],
                flank_bound(scene, band, found.lanes[l], volumes[l]));
  }
}

TEST(Blot, rows_that_touch_share_the_line_under_them) {
  BlotScene scene;
  scene.volumes = {4e6, 2e6, 3e6};
  scene.noise = 0.0;
  Blot upper = test::blot(scene);
  scene.band_y += 5.0 * scene.band_sd;  // feet at 3.03 standard deviations overlap
  const Blot lower = test::blot(scene);
  scene.volumes = {0.0, 0.0, 0.0};
  const Blot nothing = test::blot(scene);
  Plane& plane = upper.image.channels[0].plane;
  for (std::size_t i = 0; i < plane.size(); ++i)
    plane.values[i] += lower.image.channels[0].plane.values[i] - nothing.image.channels[0].plane.values[i];
  BlotSetup setup;
  setup.lanes = 3;
  const BlotPicture found = measure_blot(upper.image, setup);
  ASSERT_EQ(found.rows.size(), 2U);
  // Divided in the middle, 2.5 standard deviations from either: what each loses there it gets from the other.
  for (const BandBox& band : found.bands)
    EXPECT_NEAR(band.volume - band.background, upper.volumes[band.lane], 0.03 * upper.volumes[band.lane]);
}

TEST(Blot, a_picture_without_bands_has_none) {
  Image flat = test::blank(200, 100, {"grey"}, false, 8);
  EXPECT_TRUE(measure_blot(flat, {}).lanes.empty());
}

}  // namespace blot_test
}  // namespace stroma::imaging
