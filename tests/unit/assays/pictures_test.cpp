// From measured fields to animals, densitometry lines and counting sheets.
#include "support/pictures.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "assays/blot_picture.hpp"
#include "assays/colony_picture.hpp"
#include "assays/fluorescence.hpp"
#include "assays/histology.hpp"

namespace stroma::assays {
namespace {

std::vector<std::string> codes(const core::Diagnostics& diagnostics) {
  std::vector<std::string> out;
  for (const core::Diagnostic& d : diagnostics.entries()) out.push_back(d.code);
  return out;
}

std::string code_of(const auto& call) {
  try {
    call();
  } catch (const core::InputError& error) {
    return error.diagnostics()[0].code;
  }
  return "nothing refused";
}

StainingSetup h_dab() {
  StainingSetup setup;
  setup.stains = *imaging::find_stain_set("h-dab");
  return setup;
}

TEST(PictureFields, fields_of_an_animal_are_averaged_and_absent_values_do_not_count) {
  const std::vector<FieldSample> samples{{"1", "a", "m1", "1"},
                                         {"2", "a", "m1", "2"},
                                         {"3", "a", "m2", "1"},
                                         {"4", "b", "m1", "1"},
                                         {"5", "b", "", ""}};
  const auto means =
      subject_means(samples, std::vector<std::optional<double>>{1.0, 3.0, std::nullopt, 7.0, 9.0});
  ASSERT_EQ(means.size(), 3U);
  EXPECT_EQ(means[0].fields, 2U);
  EXPECT_DOUBLE_EQ(means[0].mean, 2.0);
  EXPECT_EQ(means[1].arm, "b");  // the same name in another arm is another subject
  EXPECT_DOUBLE_EQ(means[1].mean, 7.0);
  EXPECT_EQ(means[2].subject, "5");
}

TEST(PictureFields, fields_counted_as_animals_are_said) {
  core::Diagnostics warnings;
  check_subjects(std::vector<FieldSample>{{"1", "a", "", ""}, {"2", "a", "", ""}, {"3", "b", "", ""}},
                 warnings);
  EXPECT_EQ(codes(warnings), std::vector<std::string>{"fields-as-subjects"});
  core::Diagnostics none;
  check_subjects(
      std::vector<FieldSample>{{"1", "a", "m1", "1"}, {"2", "a", "m1", "2"}, {"3", "b", "m2", "1"}}, none);
  EXPECT_TRUE(none.empty());
  core::Diagnostics both;
  check_subjects(std::vector<FieldSample>{{"1", "a", "m1", "1"}, {"2", "b", "m1", "1"}}, both);
  EXPECT_EQ(codes(both), (std::vector<std::string>{"subject-in-two-arms", "one-field"}));
}

TEST(Histology, a_field_gives_the_drawn_tissue_and_positive_area) {
  const test::StainedField drawn = test::stained_field({});
  imaging::Image image = drawn.image;
  image.um_per_pixel = 0.5;
  core::Diagnostics warnings;
  const StainedField field = measure_stained_field(image, {"f", "a", "m", "1"}, h_dab(), nullptr, warnings);
  EXPECT_TRUE(warnings.empty());
  EXPECT_EQ(field.stain.tissue, drawn.tissue);
  EXPECT_EQ(field.stain.positive, drawn.positive);
  EXPECT_DOUBLE_EQ(*field.positive_area(), 0.25 * static_cast<double>(drawn.positive));
  EXPECT_EQ(field.positive.count(), drawn.positive);
  const auto readouts = stain_readouts(std::vector<StainedField>{field}, "DAB");
  EXPECT_DOUBLE_EQ(*readouts[0].values[0],
                   100.0 * static_cast<double>(drawn.positive) / static_cast<double>(drawn.tissue));
}

TEST(Histology, what_makes_a_field_doubtful_is_said) {
  test::StainedScene full;
  full.tissue_share = 1.0;
  full.counterstain = 0.2;
  core::Diagnostics warnings;
  imaging::Image covered = test::stained_field(full).image;
  for (imaging::Channel& c : covered.channels)  // tissue of two densities and no empty place
    for (std::size_t i = 0; i < c.plane.size(); ++i)
      if (i % 500 != 0) c.plane.values[i] = std::floor(c.plane.values[i] * 0.8F);
  measure_stained_field(covered, {"f", "a", "m", "1"}, h_dab(), nullptr, warnings);
  const auto said = codes(warnings);
  EXPECT_NE(std::find(said.begin(), said.end(), "no-empty-place"), said.end());

  core::Diagnostics other;
  StainingSetup wrong = h_dab();
  wrong.stains = {"one", {{"red", {0.0, 0.0, 1.0}}}};
  wrong.measured = 0;
  measure_stained_field(test::stained_field({}).image, {"f", "a", "m", "1"}, wrong, nullptr, other);
  EXPECT_EQ(codes(other), std::vector<std::string>{"other-colours"});

  core::Diagnostics empty;
  test::StainedScene nothing;
  nothing.tissue_share = 0.0;
  nothing.positive_cells = nothing.nuclei = 0;
  const StainedField blank = measure_stained_field(test::stained_field(nothing).image, {"f", "a", "m", "1"},
                                                   h_dab(), nullptr, empty);
  EXPECT_EQ(codes(empty), std::vector<std::string>{"no-tissue"});
  EXPECT_FALSE(stain_readouts(std::vector<StainedField>{blank}, "DAB")[0].values[0]);
}

TEST(Histology, pictures_of_another_kind_are_refused) {
  core::Diagnostics warnings;
  const imaging::Image grey = test::blank(4, 4, {"grey"}, false, 8);
  EXPECT_EQ(code_of([&] { measure_stained_field(grey, {}, h_dab(), nullptr, warnings); }), "not-in-colour");
  const imaging::Image field = test::stained_field({}).image;
  const imaging::Image small = test::blank(4, 4, {"red", "green", "blue"}, true, 8);
  EXPECT_EQ(code_of([&] { measure_stained_field(field, {}, h_dab(), &small, warnings); }), "bad-blank");
  const imaging::Image black = test::blank(field.width, field.height, {"red", "green", "blue"}, true, 8);
  EXPECT_EQ(code_of([&] { measure_stained_field(field, {}, h_dab(), &black, warnings); }), "bad-blank");
  EXPECT_EQ(code_of([&] { measure_stained_field(black, {}, h_dab(), nullptr, warnings); }), "no-light");
}

TEST(FluorescenceAssay, signal_counts_inside_the_marker_only) {
  const test::FluorescentField drawn = test::fluorescent_field({});
  FluorescenceSetup setup;
  setup.signal = "signal";
  setup.marker = "1";
  core::Diagnostics warnings;
  const FluorescentField field =
      measure_fluorescent_field(drawn.image, {"f", "a", "m", "1"}, setup, warnings);
  EXPECT_TRUE(warnings.empty());
  EXPECT_EQ(field.marker_name, "marker");
  EXPECT_EQ(field.objects.objects.size(), drawn.cells);
  EXPECT_EQ(field.signal.pixels, drawn.marker);
  EXPECT_EQ(field.signal.positive, drawn.both);
  // Manders' coefficients take the whole field: of the signal a part lies beside the marker. Discs are even
  // but for 5 sd of their noise and the background's bias of some sd, a fiftieth of their height.
  const auto share = [](std::size_t part, std::size_t all) {
    return static_cast<double>(part) / static_cast<double>(all);
  };
  EXPECT_NEAR(*field.overlap->manders1, share(drawn.both, drawn.signal), 0.04);
  EXPECT_NEAR(*field.overlap->manders2, share(drawn.both, drawn.marker), 0.04);
  EXPECT_DOUBLE_EQ(*field.overlap->overlap, share(drawn.both, drawn.marker + drawn.signal - drawn.both));
  setup.marker.reset();
  const FluorescentField whole =
      measure_fluorescent_field(drawn.image, {"f", "a", "m", "1"}, setup, warnings);
  EXPECT_EQ(whole.signal.positive, drawn.signal);
  EXPECT_FALSE(whole.overlap);
}

/// The scene as a camera of 12 bits sees it: a sixteenth of every grey value, in a file of 16 bits.
test::FluorescentScene seen_by_12_bits() {
  test::FluorescentScene scene;
  for (double* v : {&scene.height, &scene.base, &scene.slope, &scene.noise}) *v /= 16.0;
  return scene;
}

TEST(FluorescenceAssay, a_12_bit_camera_in_a_16_bit_file_keeps_its_intensity) {
  const test::FluorescentScene scene = seen_by_12_bits();
  const test::FluorescentField drawn = test::fluorescent_field(scene);
  EXPECT_DOUBLE_EQ(drawn.image.grey_range(), 1023.0);
  FluorescenceSetup setup;
  setup.signal = "signal";
  core::Diagnostics warnings;
  const FluorescentField field =
      measure_fluorescent_field(drawn.image, {"f", "a", "m", "1"}, setup, warnings);
  EXPECT_TRUE(warnings.empty());
  EXPECT_EQ(field.signal.positive, drawn.signal);
  // The ball's rise under a disc, the envelope under the noise of 9 pixels, the slope over a pixel, and the
  // noise of the sum (background_bound in tests/unit/imaging/fluorescence_test.cpp).
  const double step = 1023.0 / 255.0, gap = 2.0 * scene.radius + 4.0;
  const double bound =
      std::max(5.0 * scene.noise / 3.0, step / (8.0 * setup.background.value) * gap * gap) + scene.slope;
  const auto n = static_cast<double>(drawn.signal);
  EXPECT_NEAR(field.signal.positive_sum, drawn.signal_sum, n * bound + 5.0 * scene.noise * std::sqrt(n));
}

TEST(FluorescenceAssay, a_threshold_in_the_noise_is_said) {
  test::FluorescentScene dark;
  dark.height = 0.0;
  FluorescenceSetup setup;
  setup.signal = "signal";
  core::Diagnostics warnings;
  const imaging::Image image = test::fluorescent_field(dark).image;
  measure_fluorescent_field(image, {"f", "a", "m", "1"}, setup, warnings);
  EXPECT_EQ(codes(warnings), std::vector<std::string>{"threshold-in-noise"});
  // Five standard deviations: of 55 000 pixels 0.02 are expected above, none of a fixed threshold is warned
  // of.
  setup.signal_threshold = {imaging::ThresholdMethod::fixed, 10.0 * dark.noise};
  core::Diagnostics fixed;
  measure_fluorescent_field(image, {"f", "a", "m", "1"}, setup, fixed);
  EXPECT_EQ(codes(fixed), std::vector<std::string>{"no-signal"});
}

TEST(FluorescenceAssay, a_ball_that_takes_a_tenth_of_the_light_is_said) {
  const test::FluorescentField drawn = test::fluorescent_field({});
  FluorescenceSetup setup;
  setup.signal = "signal";
  // Under discs of radius 12 the background rises by 16383 / 255 x 24^2 / (8 r): 463 of 8000 with 10 pixels,
  // 2313 with 2.
  for (const auto& [radius, said] : {std::pair{10.0, false}, {2.0, true}}) {
    setup.background.value = radius;
    core::Diagnostics warnings;
    measure_fluorescent_field(drawn.image, {"f", "a", "m", "1"}, setup, warnings);
    EXPECT_EQ(codes(warnings),
              said ? std::vector<std::string>{"ball-too-small"} : std::vector<std::string>{});
  }
}

TEST(FluorescenceAssay, saturation_is_seen_where_the_camera_has_fewer_bits_than_the_file) {
  imaging::Image image = test::fluorescent_field(seen_by_12_bits()).image;
  for (float& v : image.channels[1].plane.values) v = std::min(v, 400.0F);  // where this camera ends
  FluorescenceSetup setup;
  setup.signal = "signal";
  core::Diagnostics warnings;
  measure_fluorescent_field(image, {"f", "a", "m", "1"}, setup, warnings);
  EXPECT_EQ(codes(warnings), std::vector<std::string>{"saturated-pixels"});
}

TEST(FluorescenceAssay, channels_are_found_by_name_or_number_or_named_in_the_error) {
  const imaging::Image image = test::fluorescent_field({}).image;
  FluorescenceSetup setup;
  setup.signal = "sginal";
  core::Diagnostics warnings;
  try {
    measure_fluorescent_field(image, {"f", "", "", ""}, setup, warnings);
    FAIL();
  } catch (const core::InputError& error) {
    EXPECT_EQ(error.diagnostics()[0].code, "no-such-channel");
    EXPECT_EQ(error.diagnostics()[0].hint, "did you mean 'signal'?");
  }
}

TEST(FluorescenceAssay, a_detector_at_its_limit_is_said) {
  imaging::Image image = test::fluorescent_field({}).image;
  for (std::size_t i = 0; i < image.channels[0].plane.size(); i += 100)
    image.channels[0].plane.values[i] = 65535.0F;
  core::Diagnostics warnings;
  measure_fluorescent_field(image, {"f", "", "", ""}, {}, warnings);
  const auto said = codes(warnings);
  EXPECT_NE(std::find(said.begin(), said.end(), "saturated-pixels"), said.end());
}

TEST(BlotPicture, lines_of_the_sheet_get_their_bands_and_what_is_not_there_is_named) {
  imaging::BlotPicture picture;
  picture.lanes = {{0, 10}, {10, 20}};
  picture.rows = {{0, 5, 2.0}, {10, 15, 12.0}};
  for (std::size_t l = 0; l < 2; ++l)
    for (std::size_t r = 0; r < 2; ++r)
      picture.bands.push_back({l, r, 0, 5, 100.0 + 10.0 * static_cast<double>(l) + static_cast<double>(r),
                               7.0, 0.0, l == 1 && r == 1});
  const std::vector<BlotPictureLane> lanes{
      {"f", "m", "ERK", 1, "a", 1, 1}, {"f", "m", "ERK", 2, "b", 1, 1}, {"f", "m", "actin", 2, "b", 1, 2}};
  core::Diagnostics warnings;
  const std::vector<BlotBand> bands = bands_of_picture(picture, lanes, warnings);
  ASSERT_EQ(bands.size(), 3U);
  EXPECT_DOUBLE_EQ(bands[1].volume, 110.0);
  EXPECT_DOUBLE_EQ(bands[2].volume, 111.0);
  EXPECT_TRUE(bands[2].saturated);
  EXPECT_EQ(codes(warnings), std::vector<std::string>{"saturated-band"});
  const auto refused = [&](int lane, int band) {
    return code_of([&] {
      bands_of_picture(picture, std::vector<BlotPictureLane>{{"f", "m", "ERK", lane, "a", 1, band}},
                       warnings);
    });
  };
  EXPECT_EQ(refused(3, 1), "no-such-lane");
  EXPECT_EQ(refused(1, 3), "no-such-band");
  EXPECT_EQ(code_of([&] { bands_of_picture({}, lanes, warnings); }), "no-lanes");
  core::Diagnostics unnamed;
  bands_of_picture(picture, std::vector<BlotPictureLane>{lanes[0]}, unnamed);
  EXPECT_EQ(codes(unnamed), (std::vector<std::string>{"lanes-not-named", "bands-not-named"}));
}

TEST(ColonyPicture, a_photograph_becomes_a_line_of_the_counting_sheet) {
  const test::ColonyPlate plate = test::colony_plate({});
  imaging::Image image = plate.image;
  image.um_per_pixel = 100.0;
  core::Diagnostics warnings;
  const CountedDish dish = count_dish(image, {"f", "a", 2, 3, 500, {}}, {}, warnings);
  EXPECT_TRUE(warnings.empty());
  const ColonyCount count = dish.count();
  EXPECT_EQ(count.colonies, static_cast<std::int64_t>(plate.colonies.size()));
  EXPECT_EQ(count.replicate, 2);
  EXPECT_EQ(count.technical, 3);
  EXPECT_DOUBLE_EQ(analyse_colonies(std::vector<ColonyCount>{count})[0].rate,
                   static_cast<double>(plate.colonies.size()) / 500.0);
  EXPECT_DOUBLE_EQ(*dish.mean_area_um2(), *dish.mean_area() * 1e4);
}

TEST(ColonyPicture, wells_of_one_photograph_are_counted_as_if_each_had_its_own) {
  test::ColonyScene scene;
  const test::ColonyPlate first = test::colony_plate(scene);
  scene.seed = 2;
  scene.single = 11;
  const test::ColonyPlate second = test::colony_plate(scene);
  const std::size_t side = first.image.width;
  imaging::Image plate = test::blank(2 * side, side, {"red", "green", "blue"}, true, 8);
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t y = 0; y < side; ++y)
      for (std::size_t x = 0; x < side; ++x) {
        plate.channels[c].plane.at(x, y) = first.image.channels[c].plane.at(x, y);
        plate.channels[c].plane.at(side + x, y) = second.image.channels[c].plane.at(x, y);
      }
  core::Diagnostics warnings;
  const auto counted = [&](const test::ColonyPlate& drawn, double left) {
    const imaging::Dish circle{drawn.dish.x + left, drawn.dish.y, drawn.dish.radius};
    const CountedDish dish = count_dish(plate, {"f", "a", 1, 1, 500, circle}, {}, warnings);
    for (const imaging::Object& o : dish.picture.colonies.objects) {
      // Numbered and placed in the photograph, not in a part of it.
      EXPECT_LT(std::hypot(o.x - circle.x, o.y - circle.y), circle.radius);
      EXPECT_EQ(dish.picture.colonies.values[static_cast<std::size_t>(std::lround(o.y)) * 2 * side +
                                             static_cast<std::size_t>(std::lround(o.x))],
                o.label);
    }
    return dish.count().colonies;
  };
  EXPECT_EQ(counted(first, 0.0), static_cast<std::int64_t>(first.colonies.size()));
  EXPECT_EQ(counted(second, static_cast<double>(side)), static_cast<std::int64_t>(second.colonies.size()));
  EXPECT_TRUE(warnings.empty());
  const imaging::Dish beside{5000.0, 100.0, 80.0};
  EXPECT_EQ(code_of([&] { count_dish(plate, {"f", "a", 1, 1, 500, beside}, {}, warnings); }), "no-such-dish");
}

TEST(ColonyPicture, a_picture_without_a_dish_is_counted_as_a_whole_and_that_is_said) {
  imaging::Image image = test::blank(200, 200, {"grey"}, false, 8);
  for (float& v : image.channels[0].plane.values) v = 200.0F;
  core::Diagnostics warnings;
  EXPECT_EQ(count_dish(image, {"f", "a", 1, 1, 10, {}}, {}, warnings).count().colonies, 0);
  EXPECT_EQ(codes(warnings), std::vector<std::string>{"no-dish"});
}

}  // namespace
}  // namespace stroma::assays
