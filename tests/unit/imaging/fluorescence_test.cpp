// Fluorescent cells of known overlap on a sloped, noisy background.
#include "imaging/fluorescence.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "imaging/objects.hpp"
#include "support/pictures.hpp"

namespace stroma::imaging {
namespace fluorescence_test {

using test::FluorescentField;
using test::FluorescentScene;

constexpr double radius = 50.0, step = 65535.0 / 255.0;

/// How far the rolling ball may be from the true background of the scene, grey values. Below: it hangs on the
/// lowest values of noise whose standard deviation the mean of 3 x 3 pixels has made three times smaller (of
/// some 1e5 values none lies 5 of them out). Above: under a disc it rises by k (2 R + 4)^2 / 4 at most, the
/// gap between the free pixels beside it and those that the mean of 3 x 3 brightens. The slope is exact, but
/// for a margin of g r / step.
double background_bound(const FluorescentScene& scene) {
  const double k = step / (2.0 * radius), gap = 2.0 * scene.radius + 4.0;
  return std::max(5.0 * scene.noise / 3.0, 0.25 * k * gap * gap) + scene.slope * 1.0;
}

TEST(Fluorescence, area_is_exact_and_intensity_within_the_bound_of_the_background) {
  const FluorescentScene scene;
  const FluorescentField field = test::fluorescent_field(scene);
  const Mask all(field.image.width, field.image.height, true);
  for (const std::size_t channel : {0U, 1U}) {
    const Plane net = without_background(field.image.channels[channel].plane,
                                         {BackgroundMethod::rolling_ball, radius}, step);
    // Half the height is 20 standard deviations and more than the background's bound away from either side.
    ASSERT_LT(background_bound(scene) + 10.0 * scene.noise, 0.5 * scene.height);
    const SignalMeasure signal = measure_signal(net, 0.5 * scene.height, all);
    const std::size_t truth = channel == 0 ? field.marker : field.signal;
    EXPECT_EQ(signal.positive, truth);
    // Each pixel's background is off by at most the bound; its noise averages out to sd sqrt(n).
    const auto n = static_cast<double>(truth);
    EXPECT_NEAR(signal.positive_sum, channel == 0 ? field.marker_sum : field.signal_sum,
                n * background_bound(scene) + 5.0 * scene.noise * std::sqrt(n));
  }
}

TEST(Fluorescence, without_subtraction_the_intensity_is_wrong) {
  const FluorescentScene scene;
  const FluorescentField field = test::fluorescent_field(scene);
  const Mask all(field.image.width, field.image.height, true);
  const Plane raw = without_background(field.image.channels[0].plane, {BackgroundMethod::none, 0.0}, step);
  const SignalMeasure signal = measure_signal(raw, 0.5 * scene.height, all);
  const auto n = static_cast<double>(field.marker);
  EXPECT_GT(std::fabs(signal.positive_sum - field.marker_sum),
            n * background_bound(scene) + 5.0 * scene.noise * std::sqrt(n));
}

TEST(Fluorescence, every_automatic_threshold_finds_the_cells) {
  FluorescentScene scene;
  const FluorescentField field = test::fluorescent_field(scene);
  const Plane net =
      without_background(field.image.channels[0].plane, {BackgroundMethod::rolling_ball, radius}, step);
  for (const ThresholdMethod method : {ThresholdMethod::otsu, ThresholdMethod::li}) {
    const double threshold = threshold_of({method, 0.0}, net.values);
    const Labels cells = keep_objects(find_objects(above(net, threshold)), {20.0, 1e9, 0.0, false});
    EXPECT_EQ(cells.objects.size(), field.cells);
    EXPECT_EQ(cells.mask().count(), field.marker);
  }
}

TEST(Fluorescence, co_localisation_is_that_of_the_drawn_discs) {
  const FluorescentScene scene;
  const FluorescentField field = test::fluorescent_field(scene);
  const BackgroundRule ball{BackgroundMethod::rolling_ball, radius};
  const Plane marker = without_background(field.image.channels[0].plane, ball, step);
  const Plane signal = without_background(field.image.channels[1].plane, ball, step);
  const double half = 0.5 * scene.height;
  const Mask all(field.image.width, field.image.height, true);
  const Colocalisation whole = colocalise(marker, half, signal, half, all);
  // Signals are equal in every pixel of a disc up to `off` of their height, so that shares of intensity are
  // shares of area up to twice that.
  const double off =
      (background_bound(scene) + 5.0 * scene.noise / std::sqrt(static_cast<double>(field.both))) /
      scene.height;
  const auto share = [](std::size_t part, std::size_t all_of) {
    return static_cast<double>(part) / static_cast<double>(all_of);
  };
  EXPECT_NEAR(*whole.manders1, share(field.both, field.marker), 2.0 * off);
  EXPECT_NEAR(*whole.manders2, share(field.both, field.signal), 2.0 * off);
  EXPECT_DOUBLE_EQ(*whole.overlap, share(field.both, field.marker + field.signal - field.both));
  // Two binary pictures with shares p, q and pq' in common: r = (c - p q) / sqrt(p (1 - p) q (1 - q)).
  const auto n = static_cast<double>(all.count());
  const double p = static_cast<double>(field.marker) / n, q = static_cast<double>(field.signal) / n,
               c = static_cast<double>(field.both) / n;
  EXPECT_NEAR(*whole.pearson, (c - p * q) / std::sqrt(p * (1.0 - p) * q * (1.0 - q)), 4.0 * off);

  // Inside the marker the signal elsewhere does not count: all signal above the threshold is then inside
  // both.
  const Colocalisation inside = colocalise(marker, half, signal, half, above(marker, half));
  EXPECT_EQ(inside.pixels, field.marker);
  EXPECT_DOUBLE_EQ(*inside.manders2, 1.0);
  EXPECT_NE(*whole.manders2, 1.0);
}

TEST(Fluorescence, one_hot_pixel_changes_its_own_light_alone) {
  FluorescentField field = test::fluorescent_field({});
  Plane& plane = field.image.channels[0].plane;
  const BackgroundRule ball{BackgroundMethod::rolling_ball, radius};
  const Mask all(plane.width, plane.height, true);
  const auto sum = [&] {
    return measure_signal(without_background(plane, ball, ball_step(field.image)), 4000.0, all).positive_sum;
  };
  const double before = sum();
  const double limit = detector_limit(plane, field.image.full_scale());
  plane.at(3, 3) = 60000.0F;
  // Its own value, and the mean of 3 x 3 that the ball rolls under.
  EXPECT_NEAR(sum() - before, 60000.0, 10000.0);
  EXPECT_DOUBLE_EQ(detector_limit(plane, field.image.full_scale()), limit);
}

TEST(Fluorescence, a_hot_pixel_does_not_hide_a_saturated_camera) {
  FluorescentField field = test::fluorescent_field({});
  Plane& plane = field.image.channels[0].plane;
  for (float& v : plane.values) v = std::min(v, 4095.0F);
  EXPECT_DOUBLE_EQ(detector_limit(plane, 65535.0), 4095.0);
  plane.at(3, 3) = 60000.0F;
  EXPECT_DOUBLE_EQ(detector_limit(plane, 65535.0), 4095.0);
}

TEST(Fluorescence, what_does_not_exist_is_absent_and_not_zero) {
  const Plane dark(4, 4, 0.0F);
  const Colocalisation none = colocalise(dark, 1.0, dark, 1.0, Mask(4, 4, true));
  EXPECT_FALSE(none.pearson);
  EXPECT_FALSE(none.manders1);
  EXPECT_FALSE(none.overlap);
  EXPECT_FALSE(measure_signal(dark, 1.0, Mask(4, 4)).mean());
}

TEST(Fluorescence, constant_backgrounds_and_their_names) {
  Plane plane(10, 1);
  for (std::size_t i = 0; i < 10; ++i) plane.values[i] = static_cast<float>(i);
  EXPECT_FLOAT_EQ(without_background(plane, {BackgroundMethod::median, 0.0}, 255.0).values[9], 5.0F);
  EXPECT_FLOAT_EQ(without_background(plane, {BackgroundMethod::percentile, 0.0}, 255.0).values[9], 9.0F);
  for (const std::string text : {"none", "median", "rolling:50", "percentile:10"})
    EXPECT_EQ(to_string(*parse_background(text)), text);
  for (const std::string text : {"", "rolling:", "rolling:0", "rolling:-3", "percentile:101", "ball:3"})
    EXPECT_FALSE(parse_background(text)) << text;
}

}  // namespace fluorescence_test
}  // namespace stroma::imaging
