// What the report of a run in space promises, on runs small enough to be checked by hand: that it shows what
// the tables say, also of fields without cells and of a run that was taken up again; that words from outside
// stay words; that curves are those of the rules.
#include "report/tissue_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <numbers>

#include "core/errors.hpp"
#include "io/model_folder.hpp"
#include "io/png.hpp"
#include "report/figures.hpp"
#include "report/html.hpp"
#include "report/pictures_html.hpp"
#include "report/quantities.hpp"
#include "report/rule_figures.hpp"
#include "store/tissue_results.hpp"
#include "test_paths.hpp"

namespace stroma::report {
namespace tissue_report_test {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const char* hostile = "<b>x</b>\"';alert(1)</script>{{body}}";

std::shared_ptr<const model::Model> hcc() {
  static const auto model = std::make_shared<const model::Model>(
      io::load_model(std::filesystem::path(STROMA_SOURCE_DIR) / "models/hcc"));
  return model;
}

std::string picture(std::uint8_t grey) {
  return io::png_bytes(4, 4, std::vector<std::uint8_t>(48, grey), 1.0);
}

// A tissue of a few cells, or fields alone, that was never advanced: what the report says of time comes from
// the tables that each test gives it.
struct Tissue {
  study::TissueExperiment experiment;
  tissue::TissuePlan plan;
  tissue::TissueState state;
  study::RunRecord record;
  study::TissueResults results;

  explicit Tissue(bool cells, int dimensions = 3) {
    const auto& m = *hcc();
    tissue::TissueSetup& setup = experiment.setup;
    setup.grid.dimensions = dimensions;
    setup.grid.n = {6, 6, dimensions == 3 ? 6 : 1};
    tissue::TissueSetup::Substance oxygen;
    oxygen.index = m.substance("oxygen");
    oxygen.plan.name = "oxygen";
    oxygen.plan.diffusivity = 1e5;
    oxygen.plan.half_uptake = 1000.0;
    for (int face = 0; face < 2 * dimensions; ++face)
      oxygen.plan.boundary[static_cast<std::size_t>(face)] = {fields::Boundary::Kind::value, 185000.0, 0.0};
    oxygen.initial = {185000.0};
    setup.substances.push_back(oxygen);
    const double middle = dimensions == 3 ? 60.0 : 0.0;
    if (cells)
      setup.cells = {{m.cell_type("HepG2"), {{50.0, 60.0, middle}, {70.0, 60.0, middle}}},
                     {m.cell_type("CAF"), {{60.0, 75.0, middle}}}};
    experiment.title = "A small tissue";
    experiment.name = "small";
    experiment.duration = core::to_tick(600);
    core::Diagnostics problems;
    plan = tissue::compile_tissue(hcc(), setup, {1}, problems);
    EXPECT_TRUE(problems.empty()) << (problems.empty() ? "" : core::to_string(problems.entries().front()));
    state = tissue::found_tissue(plan, setup);
    state.tick = core::to_tick(600);
    record.version = "0.0";
    record.seed = 7;
    if (!cells) return;
    results.growth = store::read_numbers(
        "tick,time_h,HepG2_live,HepG2_apoptotic,HepG2_necrotic,HepG2_cycling,HepG2_live_volume_um3,"
        "CAF_live,CAF_apoptotic,CAF_necrotic,CAF_cycling,CAF_live_volume_um3,live_radius_um,necrotic_radius_"
        "um\n"
        "0,0,2,0,0,1,6000,1,0,0,0,1600,15,0\n"
        "60000,10,4,1,1,3,12000,1,0,0,0,1600,22,8\n",
        state.tick, 0);
    results.profiles = store::read_numbers(
        "tick,time_h,shell_from_um,shell_to_um,live_cells,dead_cells,oxygen_nM,oxygen_sem_nM\n"
        "0,0,0,20,3,0,185000,0\n0,0,20,40,0,0,185000,0\n"
        "60000,10,0,20,4,2,90000,10\n60000,10,20,40,1,0,,\n",
        state.tick, 0);
    for (const char* stain : {"he", "types"}) {
      results.sections.push_back({stain, 0.0, picture(10)});
      results.sections.push_back({stain, 10.0, picture(200)});
    }
  }
  Report report() const {
    return make_tissue_report({experiment, plan, state, record, results, io::png_bytes});
  }
};

std::vector<std::string> ids_of_sections(const Report& report) {
  std::vector<std::string> ids;
  for (const Section& section : report.sections) ids.push_back(section.id);
  return ids;
}

const Lines& lines_of(const Report& report, const std::string& id) {
  for (const Section& section : report.sections)
    for (const Figure& figure : section.figures)
      if (figure.id == id) return std::get<Lines>(figure.content);
  throw core::InternalError("no figure " + id);
}

TEST(TissueReport, shows_sections_growth_profiles_budget_rules_and_network) {
  const Report report = Tissue(true).report();
  EXPECT_THAT(ids_of_sections(report),
              ElementsAre("sections", "growth", "profiles", "budget", "rules", "network"));
  EXPECT_THAT(report.warnings, IsEmpty());
  EXPECT_THAT(report.facts.state_hash, testing::SizeIs(32));
}

TEST(TissueReport, says_in_its_figures_what_the_tables_say) {
  const Report report = Tissue(true).report();
  const Lines& cells = lines_of(report, "growth-cells");
  EXPECT_EQ(cells.panels[0].series[0].points.back().y, 4.0);
  EXPECT_EQ(cells.panels[1].series[0].points.back().y, 2.0) << "apoptotic and necrotic together";
  EXPECT_EQ(cells.panels[2].series[0].points.back().y, 75.0) << "three of four live cells cycle";
  const Lines& substances = lines_of(report, "profiles-substances");
  EXPECT_EQ(substances.panels[0].y_title, "oxygen (µM)");
  EXPECT_EQ(substances.panels[0].series[1].points[0].y, 90.0);
  EXPECT_TRUE(std::isnan(substances.panels[0].series[1].points[1].y)) << "an empty cell is missing, not zero";
  const Lines& density = lines_of(report, "profiles-cells");
  EXPECT_NEAR(density.panels[0].series[0].points[0].y, 3.0 / (4.0 / 3.0 * std::numbers::pi * 8000.0 / 1e6),
              1e-9);
}

TEST(TissueReport, draws_a_cell_type_in_the_colour_that_it_has_in_the_pictures) {
  const Report report = Tissue(true).report();
  const std::string colour = report.sections[0].pictures[1].legend[1].colour;
  for (const auto& file : figure_files(report)) {
    if (file.id != "growth-cells") continue;
    const json scale = json::parse(file.spec)["concat"][0]["layer"][0]["encoding"]["color"]["scale"];
    EXPECT_EQ(scale["domain"][1], "CAF");
    EXPECT_EQ(scale["range"][1], colour);
  }
}

TEST(TissueReport, of_fields_alone_has_neither_cells_nor_rules) {
  Tissue run(false);
  study::ProbeSpec line;
  line.name = "line";
  line.substances = {0};
  line.to = {120.0, 0.0, 0.0};
  study::ProbeSpec plane = line;
  plane.name = "plane";
  plane.kind = study::ProbeSpec::Kind::plane;
  run.experiment.probes = {line, plane};
  run.results.growth =
      store::read_numbers("tick,time_h,live_radius_um,necrotic_radius_um\n0,0,0,0\n", {0}, 0);
  run.results.probes.push_back(store::read_numbers(
      "tick,time_h,x_um,y_um,z_um,oxygen_nM\n0,0,0,0,0,5\n0,0,60,0,0,7\n0,0,120,0,0,5\n", {0}, 6));
  std::string csv = "tick,time_h,x_um,y_um,z_um,oxygen_nM\n";
  for (int v = 0; v < 36; ++v) csv += "0,0,1,1,1," + std::to_string(v) + "\n";
  run.results.probes.push_back(store::read_numbers(csv, {0}, 6));
  const Report report = run.report();
  EXPECT_THAT(ids_of_sections(report), ElementsAre("probes", "budget"));
  EXPECT_EQ(lines_of(report, "probe-line").panels[0].series[0].points[1].x, 60.0);
  ASSERT_EQ(report.sections[0].pictures.size(), 1u);
  EXPECT_THAT(report.sections[0].pictures[0].see, HasSubstr("35 nM"));
  EXPECT_THAT(report.methods, Not(HasSubstr("Cells")));
  EXPECT_THAT(render_html(report), HasSubstr("probe-plane-oxygen"));
}

TEST(TissueReport, without_any_table_still_tells_what_was_run) {
  Tissue run(true);
  run.results = {};
  const Report report = run.report();
  EXPECT_THAT(ids_of_sections(report), ElementsAre("budget", "rules", "network"));
  EXPECT_THAT(report.summary, HasSubstr("2 HepG2 and 1 CAF cells are alive"));
  EXPECT_NO_THROW(render_html(report));
}

TEST(TissueReport, opens_with_what_is_unusual) {
  Tissue run(true);
  run.state.tick = core::to_tick(300);
  run.record.without = {"caspase_kills"};
  run.experiment.left_out = {"HGF", "IL6"};
  run.state.counters.reflections = 3;
  run.state.counters.negative_voxels = 2;
  run.results.growth.rows.erase(run.results.growth.rows.begin());
  const Report report = run.report();
  EXPECT_THAT(report.warnings,
              ElementsAre(HasSubstr("stands at 5 h of 10 h"), HasSubstr("Knocked out: caspase_kills"),
                          HasSubstr("HGF and IL6"), HasSubstr("3 times a cell was reflected"),
                          HasSubstr("2 times a voxel"), HasSubstr("begin at 10 h")));
}

TEST(TissueReport, marks_treatments_that_have_happened) {
  Tissue run(true);
  run.plan.setup.treatments = {{core::to_tick(120), core::to_tick(240), 0, 5000.0},
                               {core::to_tick(120), {-1}, 0, 20.0},
                               {core::to_tick(900), {-1}, 0, 1.0}};
  const auto marks = lines_of(run.report(), "growth-cells").panels[0].at_x;
  ASSERT_EQ(marks.size(), 2u) << "one at 2 h for both, one where the first ends, none in the future";
  EXPECT_EQ(marks[0].label, "oxygen 5 µM + oxygen 20 nM");
  EXPECT_EQ(marks[0].at, 2.0);
  EXPECT_EQ(marks[1].at, 4.0);
  EXPECT_EQ(marks[1].label, "oxygen withdrawn");
}

TEST(TissueReport, lets_no_text_become_markup) {
  Tissue run(true);
  run.experiment.title = hostile;
  run.record.command = hostile;
  run.record.without = {hostile};
  run.plan.fields.substances[0].name = hostile;
  const std::string page = render_html(run.report());
  EXPECT_THAT(page, Not(HasSubstr("<b>x</b>")));
  EXPECT_THAT(page, Not(HasSubstr("alert(1)</script>")));
}

TEST(TissueReport, of_one_run_is_the_same_bytes_every_time) {
  const Tissue run(true, 2);
  EXPECT_EQ(render_html(run.report()), render_html(run.report()));
}

TEST(TissueReport, is_written_for_the_browser_test) {
  Tissue run(true);
  run.plan.setup.treatments = {{core::to_tick(120), {-1}, 0, 5000.0}};
  run.record.without = {hostile};
  const auto folder = std::filesystem::path(STROMA_BINARY_DIR) / "report-demo";
  std::filesystem::create_directories(folder);
  std::ofstream file(folder / "tissue.html", std::ios::binary);
  file << render_html(run.report());
  EXPECT_TRUE(file.flush());
}

TEST(MassBudget, is_in_a_readable_unit_says_who_and_closes) {
  Tissue run(true);
  fields::Field& field = run.state.fields.substances[0];
  field.budget = {};
  field.budget.placed = 3e9;
  field.budget.source = 5e8;
  field.budget.decayed = 1e9;
  field.content = 2.5e9;
  run.state.ports[0][0] = {5e8, 0.0, 0.0, 0.0};
  run.state.ground_ports[0] = {};
  for (std::size_t k = 1; k < run.state.ports[0].size(); ++k) run.state.ports[0][k] = {};
  const Table table =
      mass_budget({run.experiment, run.plan, run.state, run.record, run.results, io::png_bytes});
  const auto row = [&](std::size_t r, const std::string& how, double amount) {
    EXPECT_EQ(std::get<std::string>(table.rows[r][1]), "amol");
    EXPECT_EQ(std::get<std::string>(table.rows[r][3]), how);
    EXPECT_DOUBLE_EQ(std::get<double>(table.rows[r][4]), amount);
  };
  row(0, "placed", 3000.0);
  row(1, "secreted", 500.0);
  row(2, "decayed", -1000.0);
  row(3, "there now", 2500.0);
  EXPECT_EQ(std::get<double>(table.rows[3][5]), 0.0);
}

TEST(Quantities, are_in_the_largest_unit_of_at_least_one) {
  EXPECT_EQ(print_concentration(185000.0), "185 µM");
  EXPECT_EQ(print_concentration(0.25), "250 pM");
  EXPECT_EQ(print_concentration(2.5e6), "2.5 mM");
  EXPECT_EQ(print_concentration(0.0), "0 nM");
  EXPECT_EQ(amount_unit(2e9).name, "fmol");
  EXPECT_EQ(volume_unit(3e6).name, "nL");
  EXPECT_EQ(amount_rate_unit(1e9).name, "fmol/h");
  EXPECT_DOUBLE_EQ(1e9 / amount_rate_unit(1e9).size, 60.0);
}

TEST(Pictures, are_inside_the_page_as_they_were_written) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("\xff\xfe\xfd"), "//79");
  const std::string html = pictures_html({"p", "t", "s", {{picture(1), "24 h", hostile}}, {}, hostile});
  EXPECT_THAT(html, HasSubstr("width=\"4\" height=\"4\""));
  EXPECT_THAT(html, Not(HasSubstr("<b>")));
  EXPECT_THROW(pictures_html({"p", "t", "s", {}, {{"red;background:url(x)", "x"}}, ""}), core::InternalError);
}

double level(const LinePanel& panel, const std::string& name) {
  for (const LineMark& mark : panel.at_y)
    if (mark.label.find(name) != std::string::npos) return mark.at;
  return missing;
}

TEST(Rules, are_drawn_from_zero_to_three_half_maxima_by_the_equation) {
  const auto types = concrete_types(*hcc());
  bool decreasing = false, increasing = false;
  for (const Figure& figure : rule_figures(*hcc(), types))
    for (const LinePanel& panel : std::get<Lines>(figure.content).panels) {
      const auto rule = std::find_if(hcc()->rules.begin(), hcc()->rules.end(),
                                     [&](const model::Rule& r) { return r.id == panel.title; });
      ASSERT_NE(rule, hcc()->rules.end());
      const double half = panel.at_x[0].at;
      const auto& points = panel.series[0].points;
      EXPECT_EQ(points.front().x, 0.0);
      const bool bounded = rule->signal.kind == model::SignalKind::node && 3.0 * rule->half_max > 1.0;
      EXPECT_NEAR(points.back().x, bounded ? 1.0 : 3.0 * half, 1e-6 * points.back().x);
      // A rule alone: base + (saturation - base) x^n/(K^n + x^n).
      const bool falls = rule->direction == model::Direction::decreases;
      (falls ? decreasing : increasing) = true;
      const double share = 1.0 / (1.0 + std::pow(half / points[60].x, rule->hill));
      const double base = level(panel, "base"), end = level(panel, falls ? "min" : "max");
      EXPECT_NEAR(points[60].y, base + (end - base) * share, 2e-6 * std::max(base, end)) << rule->id;
    }
  EXPECT_TRUE(decreasing && increasing) << "the model has rules of both directions";
}

TEST(Rules, have_a_source_each_in_the_table_and_are_on_the_page_of_a_model) {
  const auto types = concrete_types(*hcc());
  const Table table = rule_table(*hcc(), types);
  EXPECT_EQ(table.rows.size(), hcc()->rules.size());
  for (const auto& row : table.rows) EXPECT_FALSE(std::get<std::string>(row.back()).empty());
  const Report page = make_model_report(*hcc(), types, "Stroma 0.0", "stroma describe");
  EXPECT_THAT(ids_of_sections(page), ElementsAre("rules", "network"));
  EXPECT_THAT(render_html(page), HasSubstr("This page"));
}

}  // namespace tissue_report_test
}  // namespace stroma::report
