// `analyse blot-picture`: pictures of blots become a densitometry table, which the analysis of Western blots
// takes over.
#include "assays/blot/blot_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

#include "assays/raw_tables.hpp"
#include "core/errors.hpp"
#include "core/units.hpp"
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
  std::string control = "beta-actin", bands = "auto", background = "flanks", extent, edges;
  std::size_t lanes = 0, rows = 0;
  double radius = 500.0;
};

imaging::BlotSetup setup_of(const Options& options) {
  imaging::BlotSetup setup;
  if (options.bands != "auto") setup.dark_bands = options.bands == "dark";
  setup.background = options.background == "flanks"        ? imaging::BlotBackground::flanks
                     : options.background == "rolling"     ? imaging::BlotBackground::rolling
                     : options.background == "rubber-band" ? imaging::BlotBackground::rubber_band
                                                           : imaging::BlotBackground::none;
  setup.radius = options.radius;
  if (options.lanes > 0) setup.lanes = options.lanes;
  if (options.rows > 0) setup.rows = options.rows;
  return setup;
}

/// --edges LEFT-RIGHT,LEFT-RIGHT,...: the columns of every lane, from the left.
std::vector<imaging::Lane> edges_of(const std::string& text, const imaging::Image& image,
                                    const std::string& file) {
  std::vector<imaging::Lane> lanes;
  std::string_view rest = text;
  bool fits = true;
  while (fits && !rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view one = rest.substr(0, comma);
    rest = rest.substr(std::min(rest.size(), comma + 1));
    const std::size_t dash = std::min(one.find('-'), one.size());
    const core::ParsedNumber left = core::parse_number(one.substr(0, dash)),
                             right = core::parse_number(one.substr(std::min(one.size(), dash + 1)));
    fits = left.error.empty() && right.error.empty() && left.value >= 0.0 &&
           left.value + 2.0 <= right.value && right.value <= static_cast<double>(image.width) &&
           (lanes.empty() || left.value >= static_cast<double>(lanes.back().right));
    if (fits) lanes.push_back({static_cast<std::size_t>(left.value), static_cast<std::size_t>(right.value)});
  }
  if (!fits)
    throw core::InputError(
        {{"bad-edges",
          {file, 0, 0},
          "--edges",
          fmt::format("'{}' is not LEFT-RIGHT,LEFT-RIGHT,... of lanes from the left that do not overlap, in "
                      "the {} columns of the picture",
                      text, image.width),
          "such as 12-58,70-118: the columns where each lane begins and ends"}});
  return lanes;
}

/// --extent LEFT,RIGHT: columns of the picture, which must hold them.
void set_extent(const Options& options, const imaging::Image& image, const std::string& file,
                imaging::BlotSetup& setup) {
  if (setup.lanes && 2 * *setup.lanes > image.width)
    throw core::InputError({{"too-many-lanes",
                             {file, 0, 0},
                             "--lanes",
                             fmt::format("{} lanes do not fit into {} pixels", *setup.lanes, image.width),
                             "check --lanes and the sheet"}});
  if (!options.edges.empty()) {
    setup.edges = edges_of(options.edges, image, file);
    if (setup.lanes && *setup.lanes != setup.edges.size())
      throw core::InputError(
          {{"bad-edges",
            {file, 0, 0},
            "--edges",
            fmt::format("--lanes says {} lanes and --edges has {}", *setup.lanes, setup.edges.size()),
            "leave --lanes out"}});
  }
  if (options.extent.empty()) return;
  const std::size_t comma = options.extent.find(',');
  const core::ParsedNumber left = core::parse_number(std::string_view(options.extent).substr(0, comma));
  const core::ParsedNumber right = core::parse_number(
      comma == std::string::npos ? std::string_view{} : std::string_view(options.extent).substr(comma + 1));
  const bool fits = left.error.empty() && right.error.empty() && left.value >= 0.0 &&
                    left.value < right.value && right.value <= static_cast<double>(image.width) &&
                    setup.lanes && right.value - left.value >= 2.0 * static_cast<double>(*setup.lanes);
  if (!fits)
    throw core::InputError(
        {{"bad-extent",
          {file, 0, 0},
          "--extent",
          fmt::format("'{}' is not LEFT,RIGHT inside the {} columns of the picture with room for the lanes",
                      options.extent, image.width),
          "give the columns where the first lane begins and the last one ends"}});
  setup.extent = imaging::Lane{static_cast<std::size_t>(left.value), static_cast<std::size_t>(right.value)};
}

imaging::Canvas drawn(const imaging::Image& image, const imaging::BlotPicture& blot) {
  imaging::Canvas canvas = imaging::canvas_of(image);
  const double letters = std::clamp(static_cast<double>(image.height) / 14.0, 7.0, 24.0);
  for (std::size_t l = 0; l < blot.lanes.size(); ++l) {
    const imaging::Lane& lane = blot.lanes[l];
    imaging::draw_box(canvas, lane.left, 0, lane.right, image.height, imaging::sky_blue);
    imaging::draw_text(canvas, static_cast<double>(lane.left) + 3.0, letters + 3.0, std::to_string(l + 1),
                       letters, imaging::vermilion);
  }
  for (const imaging::BandBox& band : blot.bands) {
    const imaging::Lane& lane = blot.lanes[band.lane];
    imaging::draw_box(canvas, lane.left + 1, band.top, lane.right - 1, band.bottom,
                      band.saturated ? imaging::vermilion
                      : band.clear() ? imaging::green
                                     : imaging::yellow);
    if (blot.rows.size() > 1)
      imaging::draw_text(canvas, static_cast<double>(lane.left) + 3.0, static_cast<double>(band.top) - 1.0,
                         std::to_string(band.row + 1), 0.7 * letters, imaging::green);
  }
  return canvas;
}

report::Table band_table(const std::string& file, const imaging::BlotPicture& blot, report::Table table) {
  for (const imaging::BandBox& b : blot.bands)
    table.rows.push_back({file, static_cast<double>(b.lane + 1), static_cast<double>(b.row + 1),
                          static_cast<double>(blot.lanes[b.lane].left),
                          static_cast<double>(blot.lanes[b.lane].right), static_cast<double>(b.top),
                          static_cast<double>(b.bottom), b.volume, b.background, b.volume - b.background,
                          100.0 * b.at_limit, b.saturated ? "yes" : "no", b.detection,
                          b.clear() ? "yes" : "no"});
  return table;
}

std::string basis_words(const imaging::BlotPicture& blot) {
  switch (blot.basis) {
    case imaging::LaneBasis::given:
      return "given";
    case imaging::LaneBasis::bands:
      return "each where its band lies";
    case imaging::LaneBasis::comb:
      return "where bands lie, those without one in an even comb";
    case imaging::LaneBasis::uneven:
      return "an even comb that the bands do not fit";
    case imaging::LaneBasis::stretches:
      return "every band that stands out, their number was not given";
  }
  throw core::InternalError("lanes without a basis");
}

/// One line for each picture: its lanes and rows, and which side is the signal.
void understand_blot(const std::string& file, const imaging::BlotPicture& blot, const Options& options,
                     core::Understanding& to) {
  const std::string what = fmt::format(
      "{} lanes ({}{}), {} row{} of {} bands", blot.lanes.size(), basis_words(blot),
      blot.unevenness > 1.15 ? fmt::format("; distances differ by a factor of {:.2f}", blot.unevenness) : "",
      blot.rows.size(), blot.rows.size() == 1 ? "" : "s", blot.dark_bands ? "dark" : "bright");
  const std::string about = "lanes of " + file;
  if (blot.basis == imaging::LaneBasis::given)
    to.given(about, what, options.edges.empty() ? "--extent" : "--edges");
  else if (blot.basis == imaging::LaneBasis::bands)
    to.found(about, what, "--edges");
  else
    to.assumed(about, what, "--lanes or --edges");
}

/// What is in the lanes: proteins, arms with their independent replicates, and the control.
void understand_sheet(const std::vector<assays::BlotPictureLane>& lines, const Options& options,
                      core::Understanding& to) {
  std::vector<std::string> arms;
  std::map<std::string, std::set<std::pair<std::string, int>>> replicates;
  std::set<std::string> proteins, membranes;
  for (const assays::BlotPictureLane& line : lines) {
    if (std::find(arms.begin(), arms.end(), line.arm) == arms.end()) arms.push_back(line.arm);
    replicates[line.arm].insert({"", line.replicate});
    proteins.insert(line.protein);
    membranes.insert(line.membrane);
  }
  std::string words, names;
  for (const std::string& arm : arms)
    words += fmt::format("{}{} n = {}", words.empty() ? "" : ", ", arm, replicates[arm].size());
  for (const std::string& protein : proteins) names += (names.empty() ? "" : ", ") + protein;
  to.found("arms", words + "; replicate is the independent experiment", "the column arm of --sheet");
  const std::string control = fmt::format("{} (of {}), on {} membrane{}", options.control, names,
                                          membranes.size(), membranes.size() == 1 ? "" : "s");
  if (options.control == Options{}.control)
    to.assumed("loading control", control, "--control");
  else
    to.given("loading control", control, "--control");
}

Analysis analyse(const AnalyseRequest& request, const Options& options) {
  const InputText sheet = required_sheet(request, options.pictures, "what is in the lanes",
                                         "file, protein, lane, arm, replicate");
  Analysis out;
  const std::vector<assays::BlotPictureLane> lines = io::read_blot_sheet(sheet.named(), &out.understanding);
  match_lines(request, lines, sheet.name);
  report::Table about = pictures_table();
  report::Table boxes{"boxes",
                      "Bands as measured",
                      "Volumes are sums of grey values over the band's box; net is volume minus background.",
                      {"file", "lane", "band", "left", "right", "top", "bottom", "volume", "background",
                       "net", "at limit (%)", "saturated", "detection", "stands out"},
                      {}};
  Overlays overlays(out, {"overlays",
                          "Lanes and bands",
                          "Every box should hold one band and nothing of its neighbour.",
                          {},
                          {{web_colour(imaging::sky_blue), "lane"},
                           {web_colour(imaging::green), "band"},
                           {web_colour(imaging::yellow), "no band stands out: what the membrane reads"},
                           {web_colour(imaging::vermilion), "saturated band"}},
                          ""});
  std::vector<assays::BlotBand> bands;
  std::set<std::tuple<std::string, int, std::string>> bandless;  // membrane, lane, protein
  core::Understanding lanes;
  core::Diagnostics problems;
  const std::vector<AssayFile> files = measured_files(request);
  for_each_file(files, problems, [&](const AssayFile& file) {
    std::vector<assays::BlotPictureLane> mine;
    for (assays::BlotPictureLane line : lines)
      if (is_named(line.file, file.path)) {
        line.file = io::printable(file.path);
        mine.push_back(std::move(line));
      }
    const imaging::Image image = load_picture(file.path, options.pictures, &about);
    imaging::BlotSetup setup = setup_of(options);
    set_extent(options, image, io::printable(file.path), setup);
    const imaging::BlotPicture blot = imaging::measure_blot(image, setup);
    overlays.add(drawn(image, blot), file.path, io::printable(file.path), {});
    understand_blot(io::printable(file.path), blot, options, lanes);
    boxes = band_table(io::printable(file.path), blot, std::move(boxes));
    for (assays::BlotBand& band : assays::bands_of_picture(blot, mine, out.warnings))
      bands.push_back(std::move(band));
    for (const assays::BlotPictureLane& line : mine)
      if (!blot.bands[(static_cast<std::size_t>(line.lane) - 1) * blot.rows.size() +
                      static_cast<std::size_t>(line.band) - 1]
               .clear())
        bandless.insert({line.membrane, line.lane, line.protein});
  });

  understand_pictures(about, options.pictures, out.understanding);
  out.understanding.append(lanes);
  understand_sheet(lines, options, out.understanding);
  const std::string reference = reference_in(lines, request, sheet.name, out);
  std::vector<report::AnalysedBlot> blots;
  const auto add = [&](const std::string& name, std::span<const assays::BlotBand> table, bool simulated) {
    assays::BlotAnalysis analysis = assays::analyse_blot(table, options.control, reference);
    for (const core::Diagnostic& w : analysis.warnings.entries())
      if ((w.code != "saturated-band" && w.code != "no-band") || simulated)
        out.warnings.add(w);  // of pictures they were said with what was measured
    blots.push_back({name, std::move(analysis), simulated});
  };
  add("pictures", bands, false);
  if (!request.against.empty())
    for (const fs::path& file : simulated_files(request, "-densitometry.csv", problems)) {
      const InputText text = read_input(file);
      add(file.stem().string(), io::read_densitometry(text.named()), true);
    }
  problems.throw_if_any();
  report::Section section = report::blot_section(blots, reference, out.warnings);
  section.pictures.push_back(overlays.done());
  section.tables.push_back(std::move(boxes));
  section.tables.push_back(std::move(about));
  out.title = "Western blot pictures";
  out.question = "How much protein is in each lane, against the loading control and the reference arm?";
  out.sections.push_back(std::move(section));
  out.files.emplace_back("tables/densitometry.csv", assays::write_densitometry(bands));
  out.methods = fmt::format(
      "Lanes were found in the profile across the picture ({}), rows of bands in the mean profile along all "
      "lanes. In each lane the background ({}) was "
      "subtracted from the profile; the volume of a band is the sum over its box. Ratios are to {} of the "
      "same lane and membrane. {}",
      !options.edges.empty()    ? std::string("edges given by hand")
      : !options.extent.empty() ? fmt::format("{} even lanes of a given extent", options.lanes)
      : options.lanes > 0
          ? fmt::format("{} lanes where their bands lie, those without one in an even comb", options.lanes)
          : std::string("every band that stands out of its noise"),
      options.background == "flanks"
          ? std::string("a straight line between what lies above and below the band")
      : options.background == "rolling" ? fmt::format("rolling ball, radius {} pixels", options.radius)
                                        : options.background,
      options.control, tests_between_arms);
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const report::AnalysedBlot& blot : blots)
    for (const assays::BlotReadout& r : blot.analysis.readouts) {
      rows.push_back({{"table", blot.name},
                      {"simulated", blot.simulated},
                      {"membrane", r.membrane},
                      {"lane", r.lane},
                      {"arm", r.arm},
                      {"replicate", r.replicate},
                      {"protein", r.protein},
                      {"ratio", or_null(r.ratio)},
                      {"relative", or_null(r.relative)}});
      if (!blot.simulated)
        out.summary += fmt::format(
            "{}{} in lane {} ({}, replicate {}): {} of {}{}", out.summary.empty() ? "" : "\n", r.protein,
            r.lane, r.arm, r.replicate, report::print(or_missing(r.relative)), reference,
            bandless.contains({r.membrane, r.lane, r.protein}) ? " (no band stands out: an upper limit)"
                                                               : "");
    }
  nlohmann::ordered_json volumes = nlohmann::ordered_json::array();
  for (const assays::BlotBand& b : bands)
    volumes.push_back({{"membrane", b.membrane},
                       {"lane", b.lane},
                       {"protein", b.protein},
                       {"volume", b.volume},
                       {"background", b.background},
                       {"saturated", b.saturated},
                       {"stands_out", !bandless.contains({b.membrane, b.lane, b.protein})}});
  out.results = {{"assay", "blot-picture"}, {"bands", std::move(volumes)}, {"readouts", std::move(rows)}};
  return out;
}

void declare_blot_picture(core::Options& options, Options& own) {
  add_picture_options(options, own.pictures,
                      "file, protein, lane, arm, replicate; membrane and band where there are several");
  options.add("--control", own.control, "the loading control, as the sheet calls it").says_default();
  options.add("--lanes", own.lanes, "how many lanes there are (default: those that stand out)");
  options.add("--extent", own.extent,
              "LEFT,RIGHT: columns of the first and last lane, where outer lanes are empty");
  options.add("--edges", own.edges,
              "LEFT-RIGHT,LEFT-RIGHT,...: columns of every lane by hand, from the left");
  options.add("--rows", own.rows, "how many rows of bands there are (default: those that stand out)");
  options.add("--bands", own.bands, "dark, bright or auto")
      .says_default()
      .choices({"dark", "bright", "auto"});
  options.add("--background", own.background, "flanks, rolling, rubber-band or none")
      .says_default()
      .choices({"flanks", "rolling", "rubber-band", "none"});
  options.add("--radius", own.radius, "radius of the rolling ball, pixels")
      .says_default()
      .positive()
      .in("px");
}

}  // namespace

Job blot_picture_job() {
  return make_assay<Options>("blot-picture", "pictures of blots: lanes, bands, ratios to the loading control",
                             "pictures of membranes (PNG, JPEG, TIFF), lanes upright",
                             Shares::against | Shares::reference | Shares::line, declare_blot_picture,
                             analyse);
}

}  // namespace stroma::jobs
