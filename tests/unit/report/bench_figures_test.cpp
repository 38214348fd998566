// What figures of bench data promise: that no point, cell, region or subject is lost between data, drawing
// and CSV, and that each is drawn where it belongs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "core/errors.hpp"
#include "report/figures.hpp"
#include "report/palette.hpp"
#include "report/scatter_layout.hpp"
#include "report/vega.hpp"
#include "unit/report/demo.hpp"

namespace stroma::report {
namespace bench_figures_test {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct Drawn {
  json spec;
  std::string text, csv;
};

Drawn draw(decltype(Figure::content) content) {
  Report report;
  report.sections.push_back({"s", "", "", {{"f", "", "", "", "", {}, std::move(content)}}, {}});
  const auto files = figure_files(report);
  return {json::parse(files[0].spec), files[0].spec, files[0].csv};
}

std::size_t lines_with(const std::string& csv, const std::string& what) {
  std::size_t n = 0;
  std::istringstream lines(csv);
  for (std::string line; std::getline(lines, line);) n += line.find(what) != std::string::npos ? 1 : 0;
  return n;
}

// The layers of one mark in a panel, in order.
std::vector<json> layers_of(const json& panel, const std::string& mark) {
  std::vector<json> found;
  for (const json& layer : panel["layer"])
    if (layer["mark"]["type"] == mark) found.push_back(layer);
  return found;
}

json rows_of(const json& layer) {
  return layer["data"]["values"];
}

// ---------------------------------------------------------------------------------------------- scatter

Scatter cloud(std::size_t count) {
  Scatter figure{"x (a.u.)", "y (a.u.)", {{"panel", {}}}};
  std::mt19937 engine{7};
  const auto uniform = [&] { return static_cast<double>(engine()) / 4294967296.0; };
  for (std::size_t i = 0; i < count; ++i)
    figure.panels[0].points.push_back({uniform(), uniform(), "many", "gene " + std::to_string(i)});
  return figure;
}

TEST(Scatter, of_60000_points_draws_few_stands_for_all_and_keeps_all_in_the_csv) {
  Scatter figure = cloud(60000);
  for (std::size_t i = 0; i < 60000; i += 1000) figure.panels[0].points[i].emphasis = true;
  for (std::size_t i = 1; i < 60000; i += 6000) figure.panels[0].points[i].arm = "few";
  const Drawn drawn = draw(figure);
  std::size_t points = 0, emphasised = 0, few = 0;
  long stands_for = 0;
  for (const json& layer : layers_of(drawn.spec["concat"][0], "point"))
    for (const json& row : rows_of(layer)) {
      ++points;
      stands_for += row["n"].get<long>();
      emphasised += layer["mark"].contains("stroke") ? 1 : 0;
      few += row["arm"] == "few" ? 1 : 0;
    }
  EXPECT_LE(points, 4060u);
  EXPECT_GT(points, 1500u);  // a grid coarser by half leaves more than 1 / 1.5^2 of those before
  EXPECT_EQ(stands_for, 60000);
  EXPECT_EQ(emphasised, 60u);
  EXPECT_EQ(few, 10u);  // the most numerous are thinned, not the others
  EXPECT_EQ(lines_with(drawn.csv, ",point,"), 60000u);
  EXPECT_THAT(drawn.text, HasSubstr(std::to_string(points) + " of 60000 points drawn"));
}

TEST(Scatter, of_few_points_draws_each_and_says_nothing_of_thinning) {
  const Drawn drawn = draw(cloud(4000));
  EXPECT_EQ(rows_of(layers_of(drawn.spec["concat"][0], "point")[0]).size(), 4000u);
  EXPECT_THAT(drawn.text, Not(HasSubstr("points drawn")));
}

// Cells tile the plot, so that what is left out lies in the cell of a point that is drawn: no farther from it
// than the diagonal of the coarsest grid that can have been needed. Uniform points in 320 x 280 px at 4000
// cells: cells of at most 1.5 sqrt(320 * 280 / 4000) px.
TEST(Scatter, leaves_no_hole_where_it_thins) {
  const auto points = cloud(20000).panels[0].points;
  const ScatterAxis x{0, 1, 320}, y{0, 1, 280, false, true};
  const auto drawn = thin(points, x, y, 4000);
  ASSERT_LT(drawn.size(), 4001u);
  const double reach = std::sqrt(2) * 1.5 * std::sqrt(320 * 280 / 4000.0);
  for (std::size_t i = 0; i < points.size(); i += 97) {
    double nearest = 1e9;
    for (const DrawnPoint& d : drawn)
      nearest = std::min(nearest, std::hypot(x.pixel(points[d.index].x) - x.pixel(points[i].x),
                                             y.pixel(points[d.index].y) - y.pixel(points[i].y)));
    EXPECT_LE(nearest, reach) << i;
  }
}

TEST(Scatter, counts_points_that_have_no_place_and_keeps_them_in_the_csv) {
  Scatter figure{
      "x", "y", {{"panel", {{0, 1, "a"}, {10, 2, "a"}, {100, INFINITY, "a"}, {1000, 4, "a"}}}}, true};
  const Drawn drawn = draw(figure);
  EXPECT_EQ(rows_of(layers_of(drawn.spec["concat"][0], "point")[0]).size(), 2u);
  EXPECT_THAT(drawn.text, HasSubstr("but are in the CSV: 2"));
  EXPECT_EQ(lines_with(drawn.csv, ",point,"), 4u);
}

TEST(Scatter, axes_hold_all_values_and_turn_pixels_back_into_them) {
  for (const bool log : {false, true})
    for (const bool upward : {false, true}) {
      const ScatterAxis axis = axis_over({0.02, 3, 500, missing, -INFINITY}, 300, log, upward);
      for (const double v : {0.02, 3.0, 500.0}) {
        EXPECT_GT(axis.pixel(v), 0);
        EXPECT_LT(axis.pixel(v), 300);
        EXPECT_NEAR(axis.value(axis.pixel(v)), v, 1e-9 * 500);
      }
      EXPECT_EQ(axis.pixel(500) > axis.pixel(3), !upward);
    }
}

TEST(Scatter, has_an_axis_for_no_value_and_for_one) {
  for (const bool log : {false, true})
    for (const auto& values : {std::vector<double>{}, std::vector<double>{7}, std::vector<double>{missing}}) {
      const ScatterAxis axis = axis_over(values, 100, log, false);
      EXPECT_LT(axis.low, axis.high);
      const bool one = values.size() == 1 && axis.has_place(values[0]);
      EXPECT_NEAR(one ? axis.pixel(7) : 50, 50, 1e-9);
    }
}

TEST(Scatter, labels_lie_inside_over_no_point_and_over_no_other_label) {
  auto points = cloud(30).panels[0].points;
  for (auto& point : points) {  // a crowd in a corner
    point.x = 0.8 + 0.2 * point.x;
    point.y = 0.8 + 0.2 * point.y;
    point.emphasis = true;
  }
  const ScatterAxis x{0, 1, 320}, y{0, 1, 280, false, true};
  const auto boxes = place_labels(points, x, y);
  EXPECT_GE(boxes.size(), 10u);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const LabelBox& a = boxes[i];
    EXPECT_GE(a.left, 0);
    EXPECT_LE(a.left + a.width, 320);
    EXPECT_GE(a.top, 0);
    EXPECT_LE(a.top + a.height, 280);
    for (std::size_t k = 0; k < i; ++k)
      EXPECT_TRUE(a.left + a.width <= boxes[k].left || boxes[k].left + boxes[k].width <= a.left ||
                  a.top + a.height <= boxes[k].top || boxes[k].top + boxes[k].height <= a.top);
    for (const auto& point : points)
      EXPECT_FALSE(x.pixel(point.x) > a.left && x.pixel(point.x) < a.left + a.width &&
                   y.pixel(point.y) > a.top && y.pixel(point.y) < a.top + a.height);
  }
}

TEST(Scatter, with_the_line_of_identity_has_one_range_on_both_axes) {
  Scatter figure{"x", "y", {{"panel", {{1, 40, "a", "", {}, {30, 70}}, {9, 20, "a"}}}}};
  figure.identity = true;
  const json line = layers_of(draw(figure).spec["concat"][0], "rule")[0];
  const json& x = line["encoding"]["x"]["scale"]["domain"];
  EXPECT_EQ(x, line["encoding"]["y"]["scale"]["domain"]);
  EXPECT_LT(x[0], 1);
  EXPECT_GT(x[1], 70);
  EXPECT_EQ(rows_of(line)[0]["x"], rows_of(line)[0]["y"]);
  EXPECT_EQ(rows_of(line)[0]["x2"], rows_of(line)[0]["y2"]);
}

// -------------------------------------------------------------------------------------------- heat map

HeatMap small_map() {
  return {"score", "row", "column", {{"p", {"r1", "r2"}, {"c1", "c2", "c3"}, {-1, 0, 2, missing, 5, 3}}}};
}

TEST(HeatMap, draws_every_value_in_its_cell_and_what_is_missing_apart) {
  const Drawn drawn = draw(small_map());
  const auto rects = layers_of(drawn.spec["concat"][0], "rect");
  ASSERT_EQ(rects.size(), 2u);
  ASSERT_EQ(rows_of(rects[0]).size(), 5u);
  const json last = rows_of(rects[0])[4];
  EXPECT_EQ(last["row"], "r2");
  EXPECT_EQ(last["column"], "c3");
  EXPECT_EQ(last["value"], 3);
  EXPECT_THAT((std::vector<double>{last["x"], last["x2"], last["y"], last["y2"]}), ElementsAre(2, 3, 1, 2));
  ASSERT_EQ(rows_of(rects[1]).size(), 1u);
  EXPECT_EQ(rows_of(rects[1])[0]["column"], "c1");
  EXPECT_THAT(drawn.text, HasSubstr("1 missing"));
  EXPECT_EQ(lines_with(drawn.csv, ",score"), 6u);
  EXPECT_EQ(lines_with(drawn.csv, "r2,,c1,,,"), 1u);
}

TEST(HeatMap, that_diverges_reaches_equally_far_to_both_sides_of_its_midpoint) {
  HeatMap figure = small_map();
  figure.midpoint = 1;
  const json rects = layers_of(draw(figure).spec["concat"][0], "rect")[0];
  EXPECT_EQ(rects["encoding"]["fill"]["scale"]["domain"], json({-3.0, 5.0}));
  EXPECT_EQ(rects["encoding"]["fill"]["scale"]["range"].size() % 2, 1u);  // the midpoint has its own shade
}

TEST(HeatMap, writes_numbers_into_few_cells_and_not_into_many) {
  EXPECT_EQ(layers_of(draw(small_map()).spec["concat"][0], "text").size(), 3u);  // rows, columns, numbers
  HeatMap many{"score",
               "",
               "",
               {{"p", std::vector<std::string>(20, "r"), std::vector<std::string>(20, "c"),
                 std::vector<double>(400, 1)}}};
  EXPECT_EQ(layers_of(draw(many).spec["concat"][0], "text").size(), 2u);
}

TEST(HeatMap, refuses_values_or_groups_that_are_not_one_each) {
  HeatMap figure = small_map();
  figure.panels[0].values.pop_back();
  EXPECT_THROW(draw(figure), core::InternalError);
  figure = small_map();
  figure.panels[0].row_groups = {"g"};
  EXPECT_THROW(draw(figure), core::InternalError);
}

TEST(HeatMap, strips_have_the_colours_of_their_arms) {
  Report report = demo_report(false);
  const Palette palette(report);
  int maps = 0;
  for (const auto& file : figure_files(report)) {
    if (file.id != "expression") continue;
    EXPECT_THAT(file.spec, HasSubstr(palette["CAF supernatant"].colour));
    ++maps;
  }
  EXPECT_EQ(maps, 1);
}

TEST(HeatMap, numbers_in_cells_have_three_digits_at_the_end_of_the_scale) {
  HeatMap figure = small_map();
  figure.panels[0].values = {-12.34, -0.004, 15.96, missing, 5, 0};
  std::vector<std::string> texts;
  for (const json& row : rows_of(layers_of(draw(figure).spec["concat"][0], "rect")[0]))
    texts.push_back(row["text"]);
  EXPECT_THAT(texts, ElementsAre("−12.3", "0.0", "16.0", "5.0", "0.0"));
}

// ------------------------------------------------------------------------------------- overlaps of sets

Venn sets_of(std::size_t count, const std::vector<VennRegion>& regions) {
  Venn figure{"genes", {}, regions};
  for (std::size_t i = 0; i < count; ++i) figure.sets.push_back(std::string(1, static_cast<char>('A' + i)));
  return figure;
}

// Every region has a number, and it stands inside the circles of its sets and outside the others.
TEST(Venn, writes_the_size_of_each_region_into_it) {
  for (const std::size_t count : {2U, 3U}) {
    std::vector<VennRegion> regions{{{0}, 11, {}}, {{1}, 12, {}}, {{0, 1}, 13, {}}};
    if (count == 3) regions.insert(regions.end(), {{{2}, 14, {}}, {{0, 2}, 15, {}}, {{1, 2}, 16, {}}});
    const json panel = draw(sets_of(count, regions)).spec["concat"][0];
    const json circles = layers_of(panel, "point")[0], numbers = layers_of(panel, "text")[0];
    const double radius = std::sqrt(circles["mark"]["size"].get<double>()) / 2;
    ASSERT_EQ(rows_of(numbers).size(), (std::size_t{1} << count) - 1);
    std::vector<int> sizes;
    for (const json& number : rows_of(numbers)) {
      std::vector<std::size_t> in;
      for (std::size_t i = 0; i < count; ++i) {
        const json circle = rows_of(circles)[i];
        const double distance = std::hypot(circle["x"].get<double>() - number["x"].get<double>(),
                                           circle["y"].get<double>() - number["y"].get<double>());
        EXPECT_GT(std::fabs(distance - radius), 8) << "a number on a line";
        if (distance < radius) in.push_back(i);
      }
      std::int64_t expected = 0;
      for (const auto& region : regions)
        if (region.in == in) expected = region.size;
      EXPECT_EQ(number["size"], expected) << number["region"];
      sizes.push_back(number["size"].get<int>());
    }
    EXPECT_EQ(std::count(sizes.begin(), sizes.end(), 13), 1);
  }
}

TEST(Venn, of_more_than_three_sets_shows_the_largest_overlaps_first_and_says_what_it_leaves_out) {
  std::vector<VennRegion> regions;
  for (std::size_t mask = 1; mask < 64; ++mask) {
    regions.push_back({{}, static_cast<std::int64_t>(mask * 7 % 64), {}});
    for (std::size_t i = 0; i < 6; ++i)
      if ((mask >> i & 1U) != 0) regions.back().in.push_back(i);
  }
  const Drawn drawn = draw(sets_of(6, regions));
  const json& parts = drawn.spec["concat"][0]["vconcat"];
  const json bars = layers_of(parts[0], "rect")[0], dots = layers_of(parts[1], "point")[0];
  ASSERT_EQ(rows_of(bars).size(), 40u);
  for (std::size_t i = 0; i < 40; ++i) EXPECT_EQ(rows_of(bars)[i]["size"], 63 - i);  // 7 and 64 are coprime
  EXPECT_EQ(rows_of(dots).size(), 40u * 6);
  EXPECT_THAT(drawn.text, HasSubstr("the 40 largest of 63 overlaps"));
  EXPECT_EQ(lines_with(drawn.csv, ""), 64u);
}

TEST(Venn, counts_a_set_as_the_sum_of_its_regions) {
  const Drawn drawn = draw(sets_of(4, {{{0}, 5, {}}, {{0, 3}, 6, {}}, {{1, 2}, 7, {}}, {{2}, 0, {}}}));
  for (const char* name : {"A (11)", "B (7)", "C (7)", "D (6)"}) EXPECT_THAT(drawn.text, HasSubstr(name));
}

TEST(Venn, csv_names_the_members_of_each_region) {
  const std::string csv = draw(sets_of(2, {{{0}, 5, {}}, {{0, 1}, 2, {"TP53", "FOLR1"}}})).csv;
  EXPECT_THAT(csv, HasSubstr("A only,5,yes,no,\n"));
  EXPECT_THAT(csv, HasSubstr("A and B,2,yes,yes,\n"));
  EXPECT_THAT(csv, HasSubstr("A and B,,yes,yes,FOLR1\n"));
}

TEST(Venn, refuses_regions_that_contradict_the_sets) {
  EXPECT_THROW(draw(sets_of(1, {{{0}, 5, {}}})), core::InternalError);
  EXPECT_THROW(draw(sets_of(2, {{{0, 2}, 5, {}}})), core::InternalError);
  EXPECT_THROW(draw(sets_of(2, {{{1, 0}, 5, {}}})), core::InternalError);
  EXPECT_THROW(draw(sets_of(2, {{{0}, 5, {}}, {{0}, 4, {}}})), core::InternalError);
  EXPECT_THROW(draw(sets_of(2, {{{0}, 5, {"only one"}}})), core::InternalError);
}

// -------------------------------------------------------------------------------------------- survival

// Four subjects: death at 10, censored at 20, death at 30, censored at 40; S = 3/4 from 10, 3/8 from 30.
Survival four_subjects() {
  return {"days",
          "alive (%)",
          {{"p",
            {{"a",
              {{10, true}, {20, false}, {30, true}, {40, false}},
              {{10, 0.75, {0.4, 1}}, {30, 0.375, {0.1, 0.9}}},
              {30, {10, missing}}}}}}};
}

TEST(Survival, steps_begin_with_all_alive_and_end_with_the_last_subject) {
  const json plot = draw(four_subjects()).spec["concat"][0]["vconcat"][0];
  const json line = layers_of(plot, "line")[0];
  EXPECT_EQ(line["mark"]["interpolate"], "step-after");
  std::vector<std::pair<double, double>> steps;
  for (const json& row : rows_of(line)) steps.emplace_back(row["x"], row["y"]);
  EXPECT_THAT(steps, ElementsAre(std::pair(0.0, 100.0), std::pair(10.0, 75.0), std::pair(30.0, 37.5),
                                 std::pair(40.0, 37.5)));
}

TEST(Survival, marks_each_censored_subject_on_its_curve) {
  const json plot = draw(four_subjects()).spec["concat"][0]["vconcat"][0];
  std::vector<std::pair<double, double>> marks;
  for (const json& row : rows_of(layers_of(plot, "tick")[0])) marks.emplace_back(row["x"], row["y"]);
  EXPECT_THAT(marks, ElementsAre(std::pair(20.0, 75.0), std::pair(40.0, 37.5)));
}

TEST(Survival, counts_as_at_risk_who_was_observed_until_then) {
  const json table = draw(four_subjects()).spec["concat"][0]["vconcat"][1];
  std::map<double, int> at_risk;
  for (const json& row : rows_of(layers_of(table, "text")[0])) at_risk[row["x"]] = row["n"];
  EXPECT_EQ(at_risk[0], 4);
  EXPECT_EQ(at_risk[10], 4);
  EXPECT_EQ(at_risk[20], 3);
  EXPECT_EQ(at_risk[30], 2);
  EXPECT_EQ(at_risk[40], 1);
}

TEST(Survival, draws_a_median_where_there_is_one) {
  Survival figure = four_subjects();
  EXPECT_EQ(layers_of(draw(figure).spec["concat"][0]["vconcat"][0], "rule").size(), 2u);
  figure.panels[0].arms[0].median = {};
  EXPECT_EQ(layers_of(draw(figure).spec["concat"][0]["vconcat"][0], "rule").size(), 0u);
}

TEST(Survival, arm_of_an_estimate_has_its_deaths_as_steps_and_its_median) {
  const auto subjects = four_subjects().panels[0].arms[0].subjects;
  const SurvivalArm arm = survival_arm("a", subjects, stats::kaplan_meier(subjects));
  ASSERT_EQ(arm.steps.size(), 2u);
  EXPECT_EQ(arm.steps[0].time, 10);
  EXPECT_DOUBLE_EQ(arm.steps[0].survival, 3.0 / 4);
  EXPECT_DOUBLE_EQ(arm.steps[1].survival, 3.0 / 4 * 1 / 2);
  EXPECT_EQ(arm.median.value, 30);
  EXPECT_EQ(arm.subjects.size(), 4u);
}

TEST(Survival, csv_has_every_subject_and_step) {
  const std::string csv = draw(four_subjects()).csv;
  EXPECT_EQ(lines_with(csv, ",event,"), 2u);
  EXPECT_EQ(lines_with(csv, ",censored,"), 2u);
  EXPECT_EQ(lines_with(csv, ",survival,"), 2u);
  EXPECT_THAT(csv, HasSubstr("p,a,median,30,,10,\n"));
}

// Vega-Lite writes titles of tooltips into an expression without escaping backslashes.
TEST(BenchFigures, tooltips_have_titles_that_cannot_end_a_string) {
  EXPECT_EQ(vega::tip_title("dose (µM)"), "dose (µM)");
  EXPECT_EQ(vega::tip_title("a\\\"b\nc\u2028d\u2029e'"), "a  b c d e ");
}

TEST(BenchFigures, name_their_arms_so_that_colours_hold_in_the_whole_report) {
  const auto arms = [](decltype(Figure::content) content) {
    return arms_of({"f", "", "", "", "", {}, std::move(content)});
  };
  EXPECT_THAT(arms(four_subjects()), ElementsAre("a"));
  EXPECT_THAT(arms(sets_of(3, {})), ElementsAre("A", "B", "C"));
  EXPECT_THAT(arms(Scatter{"", "", {{"", {{1, 1, "p"}}, {{"c", {}}}}}}), ElementsAre("p", "c"));
  HeatMap map = small_map();
  map.panels[0].row_groups = {"", "g"};
  EXPECT_THAT(arms(map), ElementsAre("g"));
}

}  // namespace bench_figures_test
}  // namespace stroma::report
