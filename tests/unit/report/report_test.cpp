// What render_html and figure_files promise: specifications that are JSON, text that cannot break out of the
// page, colours that do not depend on the figure. The page itself is tested in a browser by tests/browser.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "report/agreement.hpp"
#include "report/assets.hpp"
#include "report/figures.hpp"
#include "report/html.hpp"
#include "report/markup.hpp"
#include "report/palette.hpp"
#include "report/words.hpp"
#include "store/drawings.hpp"
#include "test_paths.hpp"
#include "unit/report/demo.hpp"

namespace stroma::report {
namespace report_test {

using nlohmann::json;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size())) ++n;
  return n;
}

json data_of(const std::string& page) {
  const std::string open = "<script type=\"application/json\" id=\"report-data\">";
  const auto begin = page.find(open) + open.size();
  return json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

TEST(Figures, are_one_per_figure_and_begin_with_the_forest_plot) {
  const auto files = figure_files(demo_report(false));
  std::vector<std::string> ids;
  for (const auto& file : files) ids.push_back(file.id);
  EXPECT_THAT(ids, testing::ElementsAre("findings", "2b", "2cd", "plates", "3b", "3ef", "4cd", "growth",
                                        "volcano", "standard-curve", "measured-simulated", "synergy",
                                        "expression", "venn", "upset", "survival", "network"));
}

TEST(Figures, are_vega_lite_with_all_data_inside) {
  for (const auto& file : figure_files(demo_report(true))) {
    const json spec = json::parse(file.spec);
    if (spec.contains("stroma")) continue;
    EXPECT_EQ(spec["$schema"], "https://vega.github.io/schema/vega-lite/v5.json");
    EXPECT_THAT(file.spec, Not(HasSubstr("\"url\""))) << file.id;
    EXPECT_FALSE(spec["concat"].empty()) << file.id;
  }
}

TEST(Figures, of_one_report_are_the_same_bytes_every_time) {
  EXPECT_EQ(render_html(demo_report(true)), render_html(demo_report(true)));
}

TEST(Figures, refuse_an_id_that_is_no_file_name_and_an_id_used_twice) {
  Report report = demo_report(false);
  report.sections[0].figures[0].id = "../x";
  EXPECT_THROW(figure_files(report), core::InternalError);
  report.sections[0].figures[0].id = "2cd";
  EXPECT_THROW(figure_files(report), core::InternalError);
}

TEST(Figures, draw_no_arrow_without_a_source) {
  Report report = demo_report(false);
  std::get<Network>(report.sections.back().figures[0].content).edges[3].reference.clear();
  EXPECT_THROW(figure_files(report), core::InternalError);
}

TEST(Bars, draw_each_bracket_between_its_two_arms) {
  const json spec = json::parse(figure_files(demo_report(false))[1].spec);
  for (const auto& panel : spec["concat"]) {
    const json& plot = panel["vconcat"][0];
    const json& domain = plot["layer"][0]["encoding"]["x"]["scale"]["domain"];
    const json& height = plot["layer"][0]["encoding"]["y"]["scale"]["domain"];
    const json& bars = plot["layer"][0]["data"]["values"];
    const auto place_of = [&](const json& arm) {
      for (const auto& bar : bars)
        if (bar["arm"] == arm) return bar["x"].get<double>();
      return -1.0;
    };
    int brackets = 0;
    for (const auto& layer : plot["layer"])
      for (const auto& row : layer["data"]["values"]) {
        if (row.contains("left")) {
          EXPECT_GE(row["left"], domain[0]);
          EXPECT_LE(row["right"], domain[1]);
        }
        if (!row.contains("label")) continue;
        ++brackets;
        EXPECT_NEAR(row["x"].get<double>(), (place_of(row["arm"]) + place_of(row["reference"])) / 2, 1e-9);
        EXPECT_LT(row["y"].get<double>(), height[1].get<double>());
      }
    EXPECT_EQ(brackets, 3);
  }
}

TEST(Html, counts_have_no_decimals_and_measures_keep_theirs) {
  Report report = demo_report(true);
  report.sections.front().tables.push_back(
      {"counted", "Counted", "", {"dish", "colonies", "area"}, {{1.0, 80.0, 124.5}, {2.0, -3.0, 120.0}}});
  const std::string page = render_html(report);
  EXPECT_THAT(page,
              HasSubstr("<th scope=\"row\">1</th><td class=\"num\">80</td><td class=\"num\">124.5</td>"));
  EXPECT_THAT(page, HasSubstr("<td class=\"num\">−3</td><td class=\"num\">120.0</td>"));
}

TEST(Agreement, a_side_with_a_zero_has_no_geometric_mean) {
  study::AgreementResult result;
  study::ArmAgreement arm;
  arm.measured = {1.0, 4.0};
  arm.simulated = {2.0, 0.0, 2.0};
  result.arms.push_back(arm);
  const Section section = agreement_section(result, 0.3);
  const auto& row = section.tables.at(0).rows.at(0);
  EXPECT_DOUBLE_EQ(std::get<double>(row.at(6)), 2.0);
  EXPECT_TRUE(std::isnan(std::get<double>(row.at(7))));  // that of the others would be too high
}

TEST(Csv, has_every_point_of_a_bar_chart_and_its_comparisons) {
  const auto files = figure_files(demo_report(false));
  const std::string& csv = files[1].csv;
  EXPECT_EQ(count(csv, ",point,"), 2u * 6 * 3);
  EXPECT_EQ(count(csv, ",comparison,"), 2u * 3);
  EXPECT_EQ(count(csv, ",mean and SEM,"), 2u * 6);
}

TEST(Csv, does_not_let_a_spreadsheet_run_an_arm) {
  for (const auto& file : figure_files(demo_report(true))) {
    EXPECT_THAT(file.csv, Not(HasSubstr(",=cmd"))) << file.id;
    EXPECT_THAT(file.csv, Not(HasSubstr("\n=cmd"))) << file.id;
  }
  const auto tables = table_files(demo_report(true));
  EXPECT_THAT(tables.back().csv, HasSubstr("'=1+1"));
  EXPECT_THAT(tables.back().csv, HasSubstr(",1.01,"));
}

TEST(Csv, of_a_flow_figure_counts_every_event_once) {
  const auto files = figure_files(demo_report(false));
  long events = 0;
  std::istringstream lines(files[5].csv);
  for (std::string line; std::getline(lines, line);)
    if (line.find(",bin,") != std::string::npos) {
      const auto end = line.rfind(',');
      events += std::stol(line.substr(line.rfind(',', end - 1) + 1));
    }
  EXPECT_EQ(events, 2 * 3 * 3000);
}

TEST(Flow, says_how_many_events_lie_off_the_axes) {
  Report report = demo_report(false);
  auto& flow = std::get<Flow>(report.sections[1].figures[1].content);
  flow.panels[0].annexin[0] = -3;
  flow.panels[0].pi[1] = 5e7F;
  const std::string spec = figure_files(report)[5].spec;
  EXPECT_THAT(spec, HasSubstr("1 events at or below the axes"));
  EXPECT_THAT(spec, HasSubstr("1 events above the axes"));
}

TEST(Colours, of_an_arm_are_the_same_in_every_figure) {
  const auto files = figure_files(demo_report(false));
  const json bars = json::parse(files[1].spec), dose = json::parse(files[2].spec);
  const Palette palette(demo_report(false));
  const std::string caf = palette["CAF supernatant"].colour;
  EXPECT_EQ(caf, "#d55e00");
  EXPECT_THAT(files[2].spec, HasSubstr(caf));
  for (const auto& row : bars["concat"][0]["vconcat"][0]["layer"][0]["data"]["values"])
    EXPECT_EQ(row["colour"], palette[row["arm"]].colour);
}

TEST(Colours, of_controls_are_grey) {
  const Palette palette(demo_report(false));
  for (const char* arm : {"untreated", "NF supernatant", "sorafenib"}) {
    const std::string c = palette[arm].colour;
    EXPECT_TRUE(c.substr(1, 2) == c.substr(3, 2) && c.substr(3, 2) == c.substr(5, 2)) << arm << " is " << c;
  }
}

TEST(Colours, do_not_move_when_a_figure_is_added) {
  Report report = demo_report(false);
  const Palette before(report);
  report.sections.insert(report.sections.begin(), report.sections.back());
  const Palette after(report);
  for (const auto& arm : report.arms) EXPECT_EQ(before[arm.name].colour, after[arm.name].colour);
}

TEST(Colours, are_shared_by_equal_keys_only) {
  Report report;
  for (int i = 0; i < 14; ++i) report.arms.push_back({"arm " + std::to_string(i), false, ""});
  report.arms.push_back({"twin", false, "arm 3"});
  const Palette palette(report);
  std::set<std::string> colours;
  for (int i = 0; i < 14; ++i) colours.insert(palette["arm " + std::to_string(i)].colour);
  EXPECT_EQ(colours.size(), 14u);
  EXPECT_EQ(palette["twin"].colour, palette["arm 3"].colour);
}

TEST(Html, gives_hostile_names_as_text) {
  const std::string page = render_html(demo_report(true));
  EXPECT_THAT(page, Not(HasSubstr("<b>bold</b>")));
  EXPECT_THAT(page, Not(HasSubstr("href=\"javascript:")));
  EXPECT_THAT(page, HasSubstr("&lt;/script&gt;&lt;b&gt;bold"));
  EXPECT_EQ(count(page, "</script>"), 2u);  // the data's and the program's
  const json data = data_of(page);
  EXPECT_EQ(data["figures"].size(), 17u);
  EXPECT_THAT(data["figures"][1]["spec"].dump(), HasSubstr("</script><b>bold</b>"));
}

TEST(Html, has_no_text_that_ends_a_javascript_line_in_its_data) {
  const std::string page = render_html(demo_report(true));
  const auto begin = page.find("id=\"report-data\">"), end = page.find("</script>", begin);
  const std::string data = page.substr(begin, end - begin);
  EXPECT_THAT(data, Not(HasSubstr("\xe2\x80\xa8")));
  EXPECT_THAT(data, HasSubstr("\\u2028"));
}

TEST(Html, fills_every_slot_and_none_twice) {
  const std::string page = render_html(demo_report(true));
  EXPECT_EQ(count(page, "{{body}}"), 0u);
  EXPECT_THAT(page, HasSubstr("{{title}} &amp;"));  // came with a name, so it stays as text
}

TEST(Html, says_that_runs_failed_before_anything_else) {
  Report report = demo_report(false);
  report.facts.runs_failed = 3;
  const std::string page = render_html(report);
  const auto warning = page.find("3 of 360 runs failed");
  ASSERT_NE(warning, std::string::npos);
  EXPECT_LT(warning, page.find("id=\"findings\""));
}

TEST(Html, links_to_nothing_but_references) {
  const std::string page = render_html(demo_report(false));
  const std::string text = page.substr(0, page.find("id=\"report-data\">"));
  EXPECT_EQ(count(text, "href=\"http"), 1u);
  EXPECT_EQ(count(text, "src="), 0u);
  EXPECT_EQ(count(text, "url("), 0u);
}

TEST(Html, of_an_empty_report_is_still_a_page) {
  Report report;
  report.title = "Nothing";
  EXPECT_THAT(render_html(report), HasSubstr("<h1>Nothing</h1>"));
}

TEST(Words, print_numbers_as_a_reader_expects) {
  EXPECT_EQ(print(12.345), "12.3");
  EXPECT_EQ(print(-0.01234), "−0.0123");
  EXPECT_EQ(print(123456.0), "1.23e+05");
  EXPECT_EQ(print(missing), "–");
  EXPECT_EQ(print_p(0.0312), "0.031");
  EXPECT_EQ(print_p(3.2e-7), "3.2e-07");
  EXPECT_EQ(print(Interval{1.5, std::numeric_limits<double>::infinity()}), "1.50 to ∞");
}

TEST(Svg, files_are_drawn_without_a_browser) {
  const auto folder = std::filesystem::path(STROMA_BINARY_DIR) / "report-demo" / "figures";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const auto files = figure_files(demo_report(true));
  std::vector<store::Drawing> drawings;
  for (const auto& file : files) drawings.push_back({file.id, file.spec});
  store::Renderer().draw(drawings, folder);
  for (const auto& file : files) {
    const std::string svg = read(folder / (file.id + ".svg"));
    EXPECT_THAT(svg, HasSubstr("<svg")) << file.id;
    EXPECT_GT(count(svg, "<path"), 10u) << file.id;
    EXPECT_THAT(svg, Not(HasSubstr("<script"))) << file.id;
    EXPECT_THAT(svg, Not(HasSubstr("<b>bold"))) << file.id;
    EXPECT_THAT(svg, Not(HasSubstr("NaN"))) << file.id;
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}),
            static_cast<std::ptrdiff_t>(files.size()));
}

// The pages that tests/browser opens.
TEST(Html, is_written_for_the_browser_test) {
  const auto folder = std::filesystem::path(STROMA_BINARY_DIR) / "report-demo";
  std::filesystem::create_directories(folder);
  for (const bool hostile : {false, true}) {
    std::ofstream file(folder / (hostile ? "hostile.html" : "report.html"), std::ios::binary);
    file << render_html(demo_report(hostile));
    EXPECT_TRUE(file.flush());
  }
}

}  // namespace report_test
}  // namespace stroma::report
