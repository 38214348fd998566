// Colour deconvolution on sections drawn with known amounts of stain.
#include "imaging/stains.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "imaging/white.hpp"
#include "support/pictures.hpp"

namespace stroma::imaging {
namespace stains_test {

using test::StainedField;
using test::StainedScene;

/// What rounding to whole grey values can change an amount of DAB by. An intensity I is off by at most 1/2,
/// its optical density by at most -log10(1 - 1/(2 I)), and least squares weighs the three channels with the
/// row of the pseudo-inverse that belongs to DAB: w = (d - (d.h) h) / (1 - (d.h)^2) for unit vectors h and d.
double rounding_bound(const Image& image) {
  const auto h = test::haematoxylin_vector(), d = test::dab_vector();
  const double cosine = h[0] * d[0] + h[1] * d[1] + h[2] * d[2];
  double bound = 0.0;
  for (std::size_t c = 0; c < 3; ++c) {
    const double weight = std::fabs(d[c] - cosine * h[c]) / (1.0 - cosine * cosine);
    const auto& values = image.channels[c].plane.values;
    const double darkest = *std::min_element(values.begin(), values.end());
    bound += weight * -std::log10(1.0 - 0.5 / darkest);
  }
  return bound;
}

struct Measured {
  StainMeasure dab;
  double bound;
};

Measured measure(const StainedField& field, const StainSet& set, std::size_t which, double threshold) {
  const Separation parts = separate(field.image, set, field.white);
  const Mask all(field.image.width, field.image.height, true);
  return {measure_stain(parts.amounts[which], all, threshold), rounding_bound(field.image)};
}

TEST(Stains, positive_area_is_exact_and_density_as_good_as_rounding_allows) {
  const StainedField field = test::stained_field({});
  const auto [dab, bound] = measure(field, *find_stain_set("h-dab"), 1, 0.2);
  ASSERT_LT(bound, 0.2);  // else a pixel could change sides of the threshold
  EXPECT_EQ(dab.positive, field.positive);
  EXPECT_NEAR(dab.positive_sum, field.dab, bound * static_cast<double>(field.positive));
  EXPECT_NEAR(*dab.positive_density(), 0.40, bound);
}

TEST(Stains, sixteen_bits_make_the_error_of_rounding_as_much_smaller) {
  StainedScene scene;
  scene.bits = 16;
  scene.white = {62000.0, 61000.0, 60000.0};
  const StainedField field = test::stained_field(scene);
  const auto [dab, bound] = measure(field, *find_stain_set("h-dab"), 1, 0.2);
  EXPECT_LT(bound, 2e-4);
  EXPECT_EQ(dab.positive, field.positive);
  EXPECT_NEAR(dab.positive_sum, field.dab, bound * static_cast<double>(field.positive));
}

TEST(Stains, swapped_vectors_and_swapped_colours_break_the_bounds) {
  const StainedField field = test::stained_field({});
  StainSet swapped = *find_stain_set("h-dab");
  std::swap(swapped.stains[0].vector, swapped.stains[1].vector);
  const auto [wrong, bound] = measure(field, swapped, 1, 0.2);
  EXPECT_NE(wrong.positive, field.positive);
  EXPECT_GT(std::fabs(wrong.positive_sum - field.dab), bound * static_cast<double>(field.positive));

  StainSet blue_red = *find_stain_set("h-dab");
  for (Stain& stain : blue_red.stains) std::swap(stain.vector[0], stain.vector[2]);
  const auto [mirrored, same_bound] = measure(field, blue_red, 1, 0.2);
  EXPECT_GT(std::fabs(mirrored.positive_sum - field.dab), same_bound * static_cast<double>(field.positive));
}

TEST(Stains, what_the_vectors_do_not_explain_is_reported) {
  const StainedField field = test::stained_field({});
  const double right = separate(field.image, *find_stain_set("h-dab"), field.white).residual;
  const double wrong = separate(field.image, *find_stain_set("h-e"), field.white).residual;
  EXPECT_LT(right, rounding_bound(field.image));
  EXPECT_GT(wrong, 5.0 * right);
}

TEST(Stains, three_stains_are_separated_exactly) {
  // One pixel of known amounts; floats leave no rounding.
  const StainSet& set = *find_stain_set("h-e-dab");
  const std::array<double, 3> amounts{0.3, 0.2, 0.5};
  Image image = test::blank(1, 1, {"red", "green", "blue"}, true, 32);
  for (std::size_t c = 0; c < 3; ++c) {
    double od = 0.0;
    for (std::size_t k = 0; k < 3; ++k) od += amounts[k] * test::unit_vector(set.stains[k].vector)[c];
    image.channels[c].plane.values[0] = static_cast<float>(std::pow(10.0, -od));
  }
  const Separation parts = separate(image, set, Rgb{1.0, 1.0, 1.0});
  // A float holds the intensity to 6e-8 of its value; the condition of these vectors is below 50.
  for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(parts.amounts[k].values[0], amounts[k], 50.0 * 6e-8);
}

TEST(Stains, white_point_is_the_empty_slide_to_the_grey_value) {
  for (const double noise : {0.0, 2.0}) {
    StainedScene scene;
    scene.noise = noise;
    const StainedField field = test::stained_field(scene);
    const White white = estimate_white(field.image);
    // A quarter of the slide is empty: 19200 pixels, whose median has a standard error of 1.25 x 2 / 139 grey
    // values.
    for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(white.value[c], field.white[c], 1.0);
    EXPECT_NEAR(white.share, 0.25, 0.01);
  }
}

TEST(Stains, uneven_light_is_taken_out_by_a_picture_of_the_empty_field) {
  StainedScene scene;
  scene.bits = 16;
  scene.white = {60000.0, 60000.0, 60000.0};
  StainedField field = test::stained_field(scene);
  Image empty = test::blank(field.image.width, field.image.height, {"red", "green", "blue"}, true, 16);
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t y = 0; y < empty.height; ++y)
      for (std::size_t x = 0; x < empty.width; ++x) {
        const double vignette = 1.0 - 0.4 * static_cast<double>(x) / static_cast<double>(empty.width);
        empty.channels[c].plane.at(x, y) = test::digitised(60000.0 * vignette, 16);
        float& value = field.image.channels[c].plane.at(x, y);
        value = test::digitised(value * vignette, 16);
      }
  const Mask all(empty.width, empty.height, true);
  const StainMeasure dab =
      measure_stain(separate(field.image, *find_stain_set("h-dab"), empty).amounts[1], all, 0.2);
  EXPECT_EQ(dab.positive, field.positive);
  // Rounded twice and divided by a rounded blank: three times the bound.
  EXPECT_NEAR(dab.positive_sum, field.dab,
              3.0 * rounding_bound(field.image) * static_cast<double>(field.positive));
}

TEST(Stains, sets_that_cannot_be_told_apart_are_refused) {
  EXPECT_FALSE(fault_of({"none", {}}).empty());
  EXPECT_FALSE(fault_of({"zero", {{"a", {0.0, 0.0, 0.0}}}}).empty());
  EXPECT_FALSE(fault_of({"twice", {{"a", {0.6, 0.7, 0.3}}, {"b", {0.6, 0.7, 0.3}}}}).empty());
  EXPECT_FALSE(
      fault_of({"four", {{"a", {1, 0, 0}}, {"b", {0, 1, 0}}, {"c", {0, 0, 1}}, {"d", {1, 1, 0}}}}).empty());
  for (const StainSet& set : stain_sets()) EXPECT_EQ(fault_of(set), "") << set.name;
  const StainedField field = test::stained_field({});
  EXPECT_THROW(separate(field.image, {"none", {}}, field.white), core::InternalError);
}

TEST(Stains, a_pixel_without_light_is_counted) {
  Image image = test::blank(2, 1, {"red", "green", "blue"}, true, 8);
  for (std::size_t c = 0; c < 3; ++c) image.channels[c].plane.values = {0.0F, 200.0F};
  EXPECT_DOUBLE_EQ(separate(image, *find_stain_set("h-dab"), Rgb{255.0, 255.0, 255.0}).black, 0.5);
}

}  // namespace stains_test
}  // namespace stroma::imaging
