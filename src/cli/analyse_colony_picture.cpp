// `analyse colony-picture`: photographs of dishes become a counting sheet, which the analysis of colony
// formation takes over.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "assays/colony_picture.hpp"
#include "cli/analyse_inputs.hpp"
#include "cli/analyse_pictures.hpp"
#include "io/file.hpp"
#include "io/lab_files.hpp"
#include "io/picture_sheets.hpp"
#include "report/laboratory_plates.hpp"
#include "report/words.hpp"

namespace stroma::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  PictureOptions pictures;
  std::string threshold = "otsu", colonies = "dark";
  double radius = 50.0, least = 4.0, largest = 1e9, roundness = 0.5;
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
  setup.whole = options.whole;
  return setup;
}

imaging::Canvas drawn(const imaging::Image& image, const std::vector<assays::CountedDish>& dishes,
                      double rim) {
  imaging::Canvas canvas = imaging::canvas_of(image);
  const double side = static_cast<double>(std::min(image.width, image.height));
  for (const assays::CountedDish& dish : dishes) {
    const double letters =
        std::clamp((dish.picture.dish ? 2.0 * dish.picture.dish->radius : side) / 50.0, 7.0, 20.0);
    if (dish.picture.dish) {
      const imaging::Dish& d = *dish.picture.dish;
      imaging::draw_circle(canvas, d.x, d.y, d.radius, imaging::sky_blue);
      imaging::draw_circle(canvas, d.x, d.y, rim * d.radius, imaging::sky_blue);
    }
    for (const imaging::Object& o : dish.picture.colonies.objects) {
      imaging::draw_circle(canvas, o.x, o.y, 0.5 * o.diameter() + 2.0, imaging::vermilion);
      imaging::draw_text(canvas, o.x + 0.5 * o.diameter() + 3.0, o.y, std::to_string(o.label), letters,
                         imaging::vermilion);
    }
  }
  return canvas;
}

Analysis analyse(const AnalyseRequest& request, const Options& options) {
  const imaging::ColonySetup setup = setup_of(options);
  const InputText sheet =
      required_sheet(request, options.pictures, "what is in the dishes and how many cells were plated",
                     "file, arm, replicate, plated");
  const std::vector<assays::DishSample> lines = io::read_dish_sheet(sheet.named());
  match_lines(request, lines, sheet.name);

  Analysis out;
  report::Table about = pictures_table();
  report::Table dishes_table{"dishes",
                             "Dishes",
                             "",
                             {"file", "arm", "replicate", "technical", "plated", "colonies", "mean area (px)",
                              "mean area (um^2)", "covered (%)", "threshold", "x", "y", "radius"},
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
                          {{web_colour(imaging::sky_blue), "dish, and the part that was counted"},
                           {web_colour(imaging::vermilion), "colony"}},
                          ""});
  std::vector<assays::ColonyCount> counts;
  nlohmann::ordered_json dishes_json = nlohmann::ordered_json::array();
  core::Diagnostics problems;
  const std::vector<AssayFile> files = measured_files(request);
  for_each_file(files, problems, [&](const AssayFile& file) {
    const imaging::Image image = load_picture(file.path, options.pictures, about);
    const std::string name = io::printable(file.path);
    std::vector<assays::CountedDish> dishes;
    for (assays::DishSample line : lines) {
      if (!is_named(line.file, file.path)) continue;
      line.file = name;
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
           circle ? circle->radius : report::missing});
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
                             {"covered", d.picture.covered()}});
      out.summary += fmt::format("{}{}: {}, replicate {}: {} colonies", out.summary.empty() ? "" : "\n", name,
                                 s.arm, s.replicate, counts.back().colonies);
    }
    overlays.add(drawn(image, dishes, setup.rim), file.path, name, image.um_per_pixel);
  });
  std::vector<report::AnalysedColonies> sheets{{"pictures", assays::analyse_colonies(counts), false}};
  if (!request.against.empty())
    for (const fs::path& file : simulated_files(request, "-colonies.csv", problems)) {
      const InputText text = read_input(file);
      sheets.push_back(
          {file.stem().string(), assays::analyse_colonies(io::read_colony_counts(text.named())), true});
    }
  problems.throw_if_any();
  report::Section section = report::colonies_section(sheets, request.reference, out.warnings);
  section.pictures.push_back(overlays.done());
  for (report::Table* table : {&dishes_table, &colonies_table, &about})
    section.tables.push_back(std::move(*table));
  out.title = "Colony formation, from photographs";
  out.question = "How many of the cells plated grow into colonies?";
  out.sections.push_back(std::move(section));
  out.files.emplace_back("tables/colony-counts.csv", io::write_colony_counts(counts));
  out.methods = fmt::format(
      "The dish was found as the clearest circle, and what lies within {} of its radius was counted. After a "
      "median of 3 x 3 pixels and a rolling ball of "
      "radius {} pixels, {} against the dish above the threshold ({}, but at least {} robust standard "
      "deviations of the dish) was divided by a watershed of the distance to "
      "its edge; objects from {} pixels in diameter with a roundness of at least {} are colonies. {}",
      setup.rim, setup.radius, setup.dark ? "what is dark" : "what is bright",
      imaging::to_string(setup.threshold), setup.noise, setup.least_diameter, setup.roundness,
      tests_between_arms);
  out.results = {{"assay", "colony-picture"}, {"dishes", std::move(dishes_json)}};
  return out;
}

}  // namespace

void add_colony_picture(CLI::App& analyse_command, AnalyseRequest& request, AnalyseJob& job) {
  CLI::App* assay =
      add_assay(analyse_command, "colony-picture", "photographs of dishes: colonies counted and measured",
                "pictures of dishes or wells (PNG, JPEG, TIFF)", request);
  auto options = std::make_shared<Options>();
  add_line_option(assay, request);
  add_picture_options(
      *assay, options->pictures,
      "file, arm, replicate, plated; technical, and x, y, radius (pixels) of the dish where wanted");
  assay
      ->add_option("--threshold", options->threshold,
                   "grey values against the dish, or otsu, li, triangle, mean+2sd")
      ->capture_default_str();
  assay->add_option("--colonies", options->colonies, "dark (stained) or bright")
      ->capture_default_str()
      ->check(CLI::IsMember({"dark", "bright"}));
  assay->add_option("--radius", options->radius, "radius of the rolling ball, pixels; larger than a colony")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  assay->add_option("--least-diameter", options->least, "smallest colony, pixels")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  assay->add_option("--largest-diameter", options->largest, "largest colony, pixels")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  assay->add_option("--roundness", options->roundness, "least roundness of a colony, 0 to 1")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  assay->add_flag("--whole", options->whole, "the whole picture is dish");
  assay->callback(
      [&job, options] { job = [options](const AnalyseRequest& given) { return analyse(given, *options); }; });
}

}  // namespace stroma::cli
