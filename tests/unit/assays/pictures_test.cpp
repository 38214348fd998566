// From measured fields to animals, densitometry lines and counting sheets.
#include "support/pictures.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "assays/blot/blot_picture.hpp"
#include "assays/colonies/colony_picture.hpp"
#include "assays/fluorescence/fluorescence.hpp"
#include "assays/ihc/histology.hpp"

namespace stroma::assays {
namespace pictures_test {

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

/// A field by itself: its own light, measured, and what a series of it alone says.
StainedField measured(const imaging::Image& image, const StainingSetup& setup, core::Diagnostics& warnings,
                      const imaging::Image* blank = nullptr) {
  const FieldSample sample{"f", "a", "m", "1"};
  const SectionLight light = blank != nullptr ? SectionLight{} : light_of(image, sample, setup);
  StainedField field = measure_stained_field(image, sample, setup, light, blank, warnings);
  check_series({&field, 1}, {&light, 1}, setup, warnings);
  return field;
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
  const StainedField field = measured(image, h_dab(), warnings);
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
  measured(covered, h_dab(), warnings);
  const auto said = codes(warnings);
  EXPECT_NE(std::find(said.begin(), said.end(), "no-empty-place"), said.end());

  core::Diagnostics other;
  StainingSetup wrong = h_dab();
  wrong.stains = {"one", {{"red", {0.0, 0.0, 1.0}}}};
  wrong.measured = 0;
  measured(test::stained_field({}).image, wrong, other);
  EXPECT_EQ(codes(other), std::vector<std::string>{"other-colours"});

  core::Diagnostics empty;
  test::StainedScene nothing;
  nothing.tissue_share = 0.0;
  nothing.positive_cells = nothing.nuclei = 0;
  const StainedField blank = measured(test::stained_field(nothing).image, h_dab(), empty);
  EXPECT_EQ(codes(empty), std::vector<std::string>{"no-tissue"});
  EXPECT_FALSE(stain_readouts(std::vector<StainedField>{blank}, "DAB")[0].values[0]);
}

/// Fields of one animal each in two arms that differ in their counterstain alone.
struct TwoArms {
  std::vector<StainedField> fields;
  std::vector<SectionLight> lights;
};
TwoArms pale_and_dark(const StainingSetup& setup) {
  TwoArms out;
  core::Diagnostics warnings;
  for (const auto& [arm, counterstain] : {std::pair{"pale", 0.06}, {"dark", 0.30}})
    for (int animal = 1; animal <= 3; ++animal) {
      test::StainedScene scene;
      scene.counterstain = counterstain;
      scene.nucleus = 3.0 * counterstain;
      scene.noise = 1.0;
      scene.seed = static_cast<std::uint64_t>(animal);  // the same cells in both arms
      const imaging::Image image = test::stained_field(scene).image;
      const FieldSample sample{"f", arm, arm + std::to_string(animal), "1"};
      out.lights.push_back(light_of(image, sample, setup));
      out.fields.push_back(measure_stained_field(image, sample, setup, out.lights.back(), nullptr, warnings));
    }
  return out;
}

TEST(Histology, a_pale_counterstain_is_tissue_like_a_dark_one) {
  const TwoArms arms = pale_and_dark(h_dab());
  // Noise of one grey value moves a pixel's density by 0.002 and its DAB by 0.01 at most: of cells that are
  // 0.25 above the threshold none changes sides. Tissue: the valley lies 0.015 and more from either side.
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(arms.fields[i].stain.positive, arms.fields[i + 3].stain.positive);
    EXPECT_EQ(arms.fields[i].stain.tissue, arms.fields[i + 3].stain.tissue);
  }
  core::Diagnostics warnings;
  EXPECT_TRUE(check_series(arms.fields, arms.lights, h_dab(), warnings).empty());
  EXPECT_TRUE(warnings.empty());
}

TEST(Histology, masks_that_differ_between_arms_are_said_beside_the_headline) {
  // The mutant of the claim above: a threshold that the pale counterstain does not reach.
  StainingSetup setup = h_dab();
  setup.tissue = 0.05;
  const TwoArms arms = pale_and_dark(setup);
  core::Diagnostics warnings;
  const auto beside = check_series(arms.fields, arms.lights, setup, warnings);
  ASSERT_EQ(beside.size(), 1U);
  EXPECT_NE(beside[0].find("pale"), std::string::npos);
  const auto said = codes(warnings);
  EXPECT_EQ(std::count(said.begin(), said.end(), "tissue-differs"), 1);
  EXPECT_EQ(std::count(said.begin(), said.end(), "tissue-unsure"), 1);
}

TEST(Histology, pale_tissue_is_not_taken_for_the_empty_slide) {
  const StainingSetup setup = h_dab();
  for (const double counterstain : {0.08, 0.15, 0.30}) {
    test::StainedScene scene;
    scene.tissue_share = 1.0;
    scene.counterstain = counterstain;
    scene.nucleus = 3.0 * counterstain;
    scene.positive_cells = 60;
    scene.nuclei = 150;
    const test::StainedField drawn = test::stained_field(scene);
    core::Diagnostics warnings;
    const StainedField field = measured(drawn.image, setup, warnings);
    const auto said = codes(warnings);
    EXPECT_EQ(std::count(said.begin(), said.end(), "no-empty-place"), 1) << counterstain;
    const double truth =
        static_cast<double>(drawn.positive) / static_cast<double>(drawn.image.width * drawn.image.height);
    EXPECT_NEAR(*field.stain.positive_share(), truth, 0.01) << counterstain;
  }
}

TEST(Histology, a_picture_without_an_empty_place_borrows_the_light_of_its_series) {
  const StainingSetup setup = h_dab();
  test::StainedScene full;
  full.tissue_share = 1.0;
  full.counterstain = 0.2;
  const imaging::Image with = test::stained_field({}).image, lacking = test::stained_field(full).image;
  std::vector<SectionLight> lights{light_of(with, {}, setup), light_of(lacking, {}, setup)};
  EXPECT_EQ(lights[0].basis, LightBasis::own);
  EXPECT_NE(lights[1].basis, LightBasis::own);
  share_light(lights);
  EXPECT_EQ(lights[1].basis, LightBasis::series);
  for (std::size_t c = 0; c < 3; ++c) EXPECT_DOUBLE_EQ(lights[1].white.value[c], lights[0].white.value[c]);
}

TEST(Histology, pictures_of_another_kind_are_refused) {
  core::Diagnostics warnings;
  const imaging::Image grey = test::blank(4, 4, {"grey"}, false, 8);
  EXPECT_EQ(code_of([&] { measured(grey, h_dab(), warnings); }), "not-in-colour");
  const imaging::Image field = test::stained_field({}).image;
  const imaging::Image small = test::blank(4, 4, {"red", "green", "blue"}, true, 8);
  EXPECT_EQ(code_of([&] { measured(field, h_dab(), warnings, &small); }), "bad-blank");
  const imaging::Image black = test::blank(field.width, field.height, {"red", "green", "blue"}, true, 8);
  EXPECT_EQ(code_of([&] { measured(field, h_dab(), warnings, &black); }), "bad-blank");
  EXPECT_EQ(code_of([&] { measured(black, h_dab(), warnings); }), "no-light");
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
  FluorescenceSetup setup;
  setup.signal = "signal";
  core::Diagnostics warnings;
  const FluorescentField field =
      measure_fluorescent_field(drawn.image, {"f", "a", "m", "1"}, setup, warnings);
  EXPECT_TRUE(warnings.empty());
  EXPECT_EQ(field.signal.positive, drawn.signal);
  // The ball's rise under a disc, the envelope under the noise of 9 pixels, the slope over a pixel, and the
  // noise of the sum (background_bound in tests/unit/imaging/fluorescence_test.cpp).
  const double step = 1.0, gap = 2.0 * scene.radius + 4.0;
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
  // A square of 21 pixels does not fit into a disc of radius 12, one of 5 does.
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
  const PlacedDishes placed = place_dishes(image, {{"f", "a", 2, 3, 500, {}}}, false);
  EXPECT_EQ(placed.found, 1U);
  const CountedDish dish = count_dish(image, placed.lines[0], {}, warnings);
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

TEST(ColonyPicture, a_picture_without_a_dish_is_refused_unless_it_is_all_dish) {
  imaging::Image image = test::blank(200, 200, {"grey"}, false, 8);
  for (float& v : image.channels[0].plane.values) v = 200.0F;
  const std::vector<DishSample> lines{{"f", "a", 1, 1, 10, {}}};
  EXPECT_EQ(code_of([&] { place_dishes(image, lines, false); }), "no-dish");
  const PlacedDishes whole = place_dishes(image, lines, true);
  core::Diagnostics warnings;
  EXPECT_EQ(count_dish(image, whole.lines[0], {}, warnings).count().colonies, 0);
  EXPECT_TRUE(warnings.empty());
}

TEST(ColonyPicture, which_of_several_dishes_is_meant_is_asked_and_never_guessed) {
  test::ColonyScene scene;
  scene.side = 300;
  const imaging::Image one = test::colony_plate(scene).image;
  imaging::Image six = test::blank(3 * scene.side, 2 * scene.side, {"red", "green", "blue"}, true, 8);
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t y = 0; y < six.height; ++y)
      for (std::size_t x = 0; x < six.width; ++x)
        six.channels[c].plane.at(x, y) = one.channels[c].plane.at(x % scene.side, y % scene.side);
  const auto dishes = imaging::find_dishes(imaging::grey(six));
  ASSERT_EQ(dishes.size(), 6U);
  EXPECT_EQ(dishes[0].place, "A1");
  EXPECT_EQ(dishes[5].place, "B3");
  const DishSample line{"f", "a", 1, 1, 10, {}, ""};
  EXPECT_EQ(code_of([&] { place_dishes(six, {line}, false); }), "several-dishes");
  EXPECT_EQ(code_of([&] { place_dishes(six, std::vector<DishSample>(6, line), false); }), "several-dishes");
  DishSample named = line, numbered = line, absent = line;
  named.place = "B2";
  numbered.place = "5";
  absent.place = "C1";
  EXPECT_EQ(code_of([&] { place_dishes(six, {absent}, false); }), "no-such-dish");
  const PlacedDishes placed = place_dishes(six, {named, numbered}, false);
  EXPECT_EQ(placed.found, 6U);
  EXPECT_DOUBLE_EQ(placed.lines[0].circle->x, dishes[4].dish.x);
  EXPECT_DOUBLE_EQ(placed.lines[1].circle->y, dishes[4].dish.y);
}

}  // namespace pictures_test
}  // namespace stroma::assays
