// `analyse colony-picture`: photographs of dishes become a counting sheet, which the analysis of colony
// formation takes over.
#include "assays/colonies/colony_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "assays/raw_tables.hpp"
#include "io/file.hpp"
#include "io/lab_files.hpp"
#include "io/picture_sheets.hpp"
#include "jobs/analyse/inputs.hpp"
#include "jobs/analyse/pictures.hpp"
#include "report/laboratory_plates.hpp"
#include "report/words.hpp"

namespace stroma::jobs {
namespace {

namespace fs = std::filesystem;

struct Options {
  PictureOptions pictures;
  std::string threshold = "otsu", colonies = "dark";
  double radius = 50.0, least = 4.0, largest = 1e9, roundness = 0.5;
  std::optional<double> rim;
  bool whole = false;
};

imaging::ColonySetup setup_of(const Options& options) {
  imaging::ColonySetup setup;
  const auto threshold = imaging::parse_threshold(options.threshold);
  if (!threshold)
    throw core::InputError({{"bad-threshold",
                             {},
                             "--threshold",
                             fmt::format("'{}' is no threshold", options.threshold),
                             "give grey values against the dish, or otsu, li, triangle, mean+2sd"}});
  setup.threshold = *threshold;
  setup.dark = options.colonies == "dark";
  setup.radius = options.radius;
  setup.least_diameter = options.least;
  setup.largest_diameter = options.largest;
  setup.roundness = options.roundness;
  setup.rim = options.rim;
  return setup;
}

imaging::Canvas drawn(const imaging::Image& image, const std::vector<assays::CountedDish>& dishes) {
  imaging::Canvas canvas = imaging::canvas_of(image);
  const double side = static_cast<double>(std::min(image.width, image.height));
  for (const assays::CountedDish& dish : dishes) {
    const double letters =
        std::clamp((dish.picture.dish ? 2.0 * dish.picture.dish->radius : side) / 50.0, 7.0, 20.0);
    if (dish.picture.dish) {
      const imaging::Dish& d = *dish.picture.dish;
      imaging::draw_circle(canvas, d.x, d.y, d.radius, imaging::sky_blue);
      const imaging::Mask floor =
          imaging::floor_of(d, dish.picture.reach, image.width, image.height);  // what was counted
      imaging::draw_outline(canvas, floor, imaging::green);
    }
    for (const imaging::Object& o : dish.picture.colonies.objects) {
      imaging::draw_circle(canvas, o.x, o.y, 0.5 * o.diameter() + 2.0, imaging::vermilion);
      imaging::draw_text(canvas, o.x + 0.5 * o.diameter() + 3.0, o.y, std::to_string(o.label), letters,
                         imaging::vermilion);
    }
  }
  return canvas;
}

/// Dishes of one photograph: those that were found and those that the sheet means.
struct ReadPicture {
  std::string file;
  std::size_t found = 0, named = 0;
};

void understand(const Options& options, const std::vector<assays::DishSample>& lines,
                const std::vector<ReadPicture>& read, const std::vector<double>& reaches,
                const std::vector<double>& thresholds, core::Understanding& to) {
  std::vector<std::string> arms;
  std::map<std::string, std::set<int>> replicates;
  std::map<std::string, std::size_t> dishes;
  for (const assays::DishSample& line : lines) {
    if (std::find(arms.begin(), arms.end(), line.arm) == arms.end()) arms.push_back(line.arm);
    replicates[line.arm].insert(line.replicate);
    ++dishes[line.arm];
  }
  std::string words, places;
  for (const std::string& arm : arms)
    words += fmt::format("{}{} n = {} ({} dish{})", words.empty() ? "" : ", ", arm, replicates[arm].size(),
                         dishes[arm], dishes[arm] == 1 ? "" : "es");
  to.found("arms", words + "; replicate is the independent experiment", "the column arm of --sheet");
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> kinds;
  for (const ReadPicture& r : read) ++kinds[{r.found, r.named}];
  for (const auto& [kind, pictures] : kinds)
    places +=
        fmt::format("{}{}{} in {} picture{}", places.empty() ? "" : "; ",
                    kind.first == 0 ? std::string("not looked for") : fmt::format("{} found", kind.first),
                    kind.first > kind.second ? fmt::format(", {} named by the sheet", kind.second) : "",
                    pictures, pictures == 1 ? "" : "s");
  to.found("dishes", places, "x, y, radius or dish in --sheet, or --whole");
  if (options.rim)
    to.given("counted", fmt::format("up to {} of the dish's radius", *options.rim), "--rim");
  else if (!options.whole)
    to.found("counted", fmt::format("up to the wall, {} of the dish's radius", range_words(reaches)),
             "--rim");
  const std::string rule = fmt::format("{} than the dish by {} grey values ({})",
                                       options.colonies == "dark" ? "darker" : "brighter",
                                       range_words(thresholds), options.threshold);
  if (options.threshold == Options{}.threshold)
    to.assumed("colonies", rule, "--colonies and --threshold");
  else
    to.given("colonies", rule, "--threshold");
}

Analysis analyse(const AnalyseRequest& request, const Options& options) {
  const imaging::ColonySetup setup = setup_of(options);
  const InputText sheet =
      required_sheet(request, options.pictures, "what is in the dishes and how many cells were plated",
                     "file, arm, replicate, plated");
  Analysis out;
  const std::vector<assays::DishSample> lines = io::read_dish_sheet(sheet.named(), &out.understanding);
  match_lines(request, lines, sheet.name);
  report::Table about = pictures_table();
  report::Table dishes_table{
      "dishes",
      "Dishes",
      "",
      {"file", "arm", "replicate", "technical", "plated", "colonies", "mean area (px)", "mean area (um^2)",
       "covered (%)", "threshold", "x", "y", "radius", "dish", "counted to (radii)", "left out (px)"},
      {}};
  report::Table colonies_table{"colonies",
                               "Colonies",
                               "Numbered as in the overlays.",
                               {"file", "arm", "replicate", "technical", "colony", "x", "y", "area (px)",
                                "diameter (px)", "roundness"},
                               {}};
  Overlays overlays(out, {"overlays",
                          "Dishes and colonies",
                          "Every circle should hold one colony.",
                          {},
                          {{web_colour(imaging::sky_blue), "dish"},
                           {web_colour(imaging::green), "edge of the floor that was counted"},
                           {web_colour(imaging::vermilion), "colony"}},
                          ""});
  std::vector<assays::ColonyCount> counts;
  nlohmann::ordered_json dishes_json = nlohmann::ordered_json::array();
  std::vector<ReadPicture> read;
  std::vector<double> reaches, thresholds;
  core::Diagnostics problems;
  const std::vector<AssayFile> files = measured_files(request);
  for_each_file(files, problems, [&](const AssayFile& file) {
    const imaging::Image image = load_picture(file.path, options.pictures, &about);
    const std::string name = io::printable(file.path);
    std::vector<assays::CountedDish> dishes;
    std::vector<assays::DishSample> mine;
    for (assays::DishSample line : lines) {
      if (!is_named(line.file, file.path)) continue;
      line.file = name;
      mine.push_back(std::move(line));
    }
    const assays::PlacedDishes placed = assays::place_dishes(image, std::move(mine), options.whole);
    read.push_back({name, placed.found, placed.lines.size()});
    for (const assays::DishSample& line : placed.lines) {
      dishes.push_back(assays::count_dish(image, line, setup, out.warnings));
      const assays::CountedDish& d = dishes.back();
      const assays::DishSample& s = d.sample;
      counts.push_back(d.count());
      const std::optional<imaging::Dish>& circle = d.picture.dish;
      dishes_table.rows.push_back(
          {name, s.arm, static_cast<double>(s.replicate), static_cast<double>(s.technical),
           static_cast<double>(s.plated), static_cast<double>(counts.back().colonies),
           or_missing(d.mean_area()), or_missing(d.mean_area_um2()), 100.0 * d.picture.covered(),
           d.picture.threshold, circle ? circle->x : report::missing, circle ? circle->y : report::missing,
           circle ? circle->radius : report::missing, s.place,
           circle ? d.picture.mean_reach() : report::missing, static_cast<double>(d.picture.foreign)});
      reaches.push_back(d.picture.mean_reach());
      thresholds.push_back(d.picture.threshold);
      for (const imaging::Object& o : d.picture.colonies.objects)
        colonies_table.rows.push_back({name, s.arm, static_cast<double>(s.replicate),
                                       static_cast<double>(s.technical), static_cast<double>(o.label), o.x,
                                       o.y, static_cast<double>(o.area), o.diameter(), o.roundness});
      dishes_json.push_back({{"file", name},
                             {"arm", s.arm},
                             {"replicate", s.replicate},
                             {"technical", s.technical},
                             {"plated", s.plated},
                             {"colonies", counts.back().colonies},
                             {"mean_area_px", or_null(d.mean_area())},
                             {"mean_area_um2", or_null(d.mean_area_um2())},
                             {"covered", d.picture.covered()},
                             {"dish", s.place},
                             {"counted_to_radii", circle ? d.picture.mean_reach() : 1.0},
                             {"threshold", d.picture.threshold}});
      out.summary +=
          fmt::format("{}{}{}: {}, replicate {}: {} colonies", out.summary.empty() ? "" : "\n", name,
                      s.place.empty() ? "" : ", dish " + s.place, s.arm, s.replicate, counts.back().colonies);
    }
    overlays.add(drawn(image, dishes), file.path, name, image.um_per_pixel);
  });
  std::vector<report::AnalysedColonies> sheets{{"pictures", assays::analyse_colonies(counts), false}};
  if (!request.against.empty())
    for (const fs::path& file : simulated_files(request, "-colonies.csv", problems)) {
      const InputText text = read_input(file);
      sheets.push_back(
          {file.stem().string(), assays::analyse_colonies(io::read_colony_counts(text.named())), true});
    }
  problems.throw_if_any();
  understand_pictures(about, options.pictures, out.understanding);
  understand(options, lines, read, reaches, thresholds, out.understanding);
  const std::string reference = reference_in(lines, request, sheet.name, out);
  report::Section section = report::colonies_section(sheets, reference, out.warnings);
  section.pictures.push_back(overlays.done());
  for (report::Table* table : {&dishes_table, &colonies_table, &about})
    section.tables.push_back(std::move(*table));
  out.title = "Colony formation, from photographs";
  out.question = "How many of the cells plated grow into colonies?";
  out.sections.push_back(std::move(section));
  out.files.emplace_back("tables/colony-counts.csv", assays::write_colony_counts(counts));
  out.methods = fmt::format(
      "Dishes were found as circles whose edge is seen nearly all around, and what lies {} was counted. "
      "After a "
      "median of 3 x 3 pixels and a rolling ball of "
      "radius {} pixels, {} against the dish above the threshold ({}, but at least {} robust standard "
      "deviations of the dish) was divided by a watershed of the distance to "
      "its edge; objects from {} pixels in diameter with a roundness of at least {} are colonies. Things "
      "that are mostly "
      "no colonies by their shape or size had no say in the threshold. {}",
      options.whole ? std::string("in the picture")
      : options.rim ? fmt::format("within {} of the radius", *options.rim)
                    : std::string("on the floor up to its wall"),
      setup.radius, setup.dark ? "what is dark" : "what is bright", imaging::to_string(setup.threshold),
      setup.noise, setup.least_diameter, setup.roundness, tests_between_arms);
  out.results = {{"assay", "colony-picture"}, {"dishes", std::move(dishes_json)}};
  return out;
}

void declare_colony_picture(core::Options& options, Options& own) {
  add_picture_options(
      options, own.pictures,
      "file, arm, replicate, plated; technical; dish (A1, A2, ... of several in one photograph), or x, y, "
      "radius (pixels)");
  options.add("--threshold", own.threshold, "grey values against the dish, or otsu, li, triangle, mean+2sd")
      .says_default();
  options.add("--colonies", own.colonies, "dark (stained) or bright")
      .says_default()
      .choices({"dark", "bright"});
  options.add("--radius", own.radius, "radius of the rolling ball, pixels; larger than a colony")
      .says_default()
      .positive()
      .in("px");
  options.add("--least-diameter", own.least, "smallest colony, pixels").says_default().positive().in("px");
  options.add("--largest-diameter", own.largest, "largest colony, pixels").says_default().positive().in("px");
  options.add("--roundness", own.roundness, "least roundness of a colony, 0 to 1")
      .says_default()
      .range(0.0, 1.0);
  options
      .add("--rim", own.rim,
           "share of the dish's radius that is counted (default: up to the wall, found in each direction)")
      .range(0.1, 1.0);
  options.add("--whole", own.whole, "the whole picture is dish");
}

}  // namespace

Job colony_picture_job() {
  return make_assay<Options>("colony-picture", "photographs of dishes: colonies counted and measured",
                             "pictures of dishes or wells (PNG, JPEG, TIFF)",
                             Shares::against | Shares::reference | Shares::line, declare_colony_picture,
                             analyse);
}

}  // namespace stroma::jobs
