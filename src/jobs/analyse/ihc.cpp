// `analyse ihc`: stained sections by colour deconvolution, field by field and by animal.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>

#include "assays/ihc/histology.hpp"
#include "core/errors.hpp"
#include "core/units.hpp"
#include "jobs/analyse/inputs.hpp"
#include "jobs/analyse/pictures.hpp"
#include "report/words.hpp"

namespace stroma::jobs {
namespace {

namespace fs = std::filesystem;

struct Options {
  PictureOptions pictures;
  std::string stains = "h-dab", measure, threshold = "0.15", white;
  std::vector<std::string> own;  // NAME=R,G,B
  fs::path blank;
  std::optional<double> tissue;
};

/// "R,G,B" as three numbers; nothing where it is none.
std::optional<imaging::Rgb> parse_rgb(std::string_view text) {
  imaging::Rgb out{};
  for (std::size_t c = 0; c < 3; ++c) {
    const std::size_t comma = text.find(',');
    if ((comma == std::string_view::npos) != (c == 2)) return std::nullopt;
    const core::ParsedNumber n = core::parse_number(text.substr(0, comma));
    if (!n.error.empty()) return std::nullopt;
    out[c] = n.value;
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
  }
  return out;
}

imaging::StainSet stains_of(const Options& options, core::Diagnostics& problems) {
  imaging::StainSet set;
  if (options.own.empty()) {
    const imaging::StainSet* named = imaging::find_stain_set(options.stains);
    if (named != nullptr) return *named;
    std::vector<std::string> names;
    for (const imaging::StainSet& s : imaging::stain_sets()) names.push_back(s.name);
    problems.add("unknown-stains", {}, "--stains",
                 fmt::format("there is no set of stains '{}'", options.stains),
                 core::did_you_mean(options.stains, names));
    return set;
  }
  set.name = "own";
  for (const std::string& text : options.own) {
    const std::size_t equals = text.find('=');
    const auto vector =
        equals == std::string::npos ? std::nullopt : parse_rgb(std::string_view(text).substr(equals + 1));
    if (!vector || equals == 0)
      problems.add("bad-stain", {}, "--stain",
                   fmt::format("'{}' is not NAME=R,G,B with three optical densities", text),
                   "such as DAB=0.268,0.570,0.776");
    else
      set.stains.push_back({text.substr(0, equals), *vector});
  }
  const std::string fault = imaging::fault_of(set);
  if (!fault.empty()) problems.add("bad-stain", {}, "--stain", fault);
  return set;
}

/// DAB where the set has it, else the last stain.
std::size_t default_stain(const imaging::StainSet& set) {
  for (std::size_t k = 0; k < set.stains.size(); ++k)
    if (set.stains[k].name == "DAB") return k;
  return set.stains.size() - 1;
}

assays::StainingSetup setup_of(const Options& options) {
  core::Diagnostics problems;
  assays::StainingSetup setup;
  setup.stains = stains_of(options, problems);
  setup.tissue = options.tissue;
  const auto threshold = imaging::parse_threshold(options.threshold);
  if (!threshold)
    problems.add("bad-threshold", {}, "--threshold", fmt::format("'{}' is no threshold", options.threshold),
                 "give an optical density such as 0.15, or otsu, li, triangle, mean+2sd");
  else
    setup.threshold = *threshold;
  if (!options.white.empty()) {
    setup.white = parse_rgb(options.white);
    if (!setup.white ||
        std::any_of(setup.white->begin(), setup.white->end(), [](double v) { return v <= 0.0; }))
      problems.add("bad-white", {}, "--white",
                   fmt::format("'{}' is not R,G,B with three grey values above 0", options.white),
                   "such as 243,240,236");
  }
  if (problems.empty()) {
    setup.measured = default_stain(setup.stains);
    std::vector<std::string> names;
    for (const imaging::Stain& s : setup.stains.stains) names.push_back(s.name);
    if (!options.measure.empty()) {
      const auto at = std::find(names.begin(), names.end(), options.measure);
      if (at == names.end())
        problems.add("unknown-stain", {}, "--measure",
                     fmt::format("the set has no stain '{}'", options.measure),
                     core::did_you_mean(options.measure, names));
      else
        setup.measured = static_cast<std::size_t>(at - names.begin());
    }
  }
  problems.throw_if_any();
  return setup;
}

std::string basis_words(assays::LightBasis basis) {
  switch (basis) {
    case assays::LightBasis::given:
      return "given";
    case assays::LightBasis::own:
      return "empty place";
    case assays::LightBasis::series:
      return "other pictures";
    case assays::LightBasis::grey:
      return "grey lamp assumed";
    case assays::LightBasis::palest:
      return "palest place";
  }
  throw core::InternalError("a light without a basis");
}

report::Table fields_table(const std::vector<assays::StainedField>& fields, const std::string& stain) {
  report::Table table{"fields",
                      "Fields",
                      "Densities are optical densities; the sum over the positive pixels is the IOD.",
                      {"file",
                       "arm",
                       "replicate",
                       "field",
                       "tissue (px)",
                       stain + "-positive (px)",
                       "positive (% of tissue)",
                       "positive (% of picture)",
                       "positive (um^2)",
                       "threshold",
                       "mean density, tissue",
                       "mean density, positive",
                       "sum, tissue",
                       "IOD",
                       "white R",
                       "white G",
                       "white B",
                       "unexplained",
                       "tissue (% of picture)",
                       "tissue threshold",
                       "white from"},
                      {}};
  for (const assays::StainedField& f : fields) {
    const auto share = f.stain.positive_share();
    table.rows.push_back({f.sample.file,
                          f.sample.arm,
                          f.sample.subject,
                          f.sample.field,
                          static_cast<double>(f.stain.tissue),
                          static_cast<double>(f.stain.positive),
                          share ? 100.0 * *share : report::missing,
                          100.0 * f.picture_share(),
                          or_missing(f.positive_area()),
                          f.stain.threshold,
                          or_missing(f.stain.mean_density()),
                          or_missing(f.stain.positive_density()),
                          f.stain.sum,
                          f.stain.positive_sum,
                          f.white.value[0],
                          f.white.value[1],
                          f.white.value[2],
                          f.residual,
                          100.0 * f.tissue_share(),
                          f.tissue_threshold,
                          basis_words(f.basis)});
  }
  return table;
}

nlohmann::ordered_json fields_json(const std::vector<assays::StainedField>& fields) {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const assays::StainedField& f : fields)
    out.push_back({{"file", f.sample.file},
                   {"arm", f.sample.arm},
                   {"replicate", f.sample.subject},
                   {"field", f.sample.field},
                   {"tissue_pixels", f.stain.tissue},
                   {"positive_pixels", f.stain.positive},
                   {"positive_share", or_null(f.stain.positive_share())},
                   {"positive_share_of_picture", f.picture_share()},
                   {"positive_um2", or_null(f.positive_area())},
                   {"threshold", f.stain.threshold},
                   {"mean_density", or_null(f.stain.mean_density())},
                   {"positive_density", or_null(f.stain.positive_density())},
                   {"sum", f.stain.sum},
                   {"iod", f.stain.positive_sum},
                   {"white", f.white.value},
                   {"unexplained", f.residual},
                   {"tissue_share_of_picture", f.tissue_share()},
                   {"tissue_threshold", f.tissue_threshold},
                   {"white_from", basis_words(f.basis)}});
  return out;
}

/// The light of every picture, before any is measured: those without an empty place borrow it.
std::vector<assays::SectionLight> lights_of(const std::vector<AssayFile>& files,
                                            const std::vector<assays::FieldSample>& samples,
                                            const assays::StainingSetup& setup, const Options& options) {
  std::vector<assays::SectionLight> lights;
  if (setup.white || !options.blank.empty()) {
    const imaging::Rgb white = setup.white.value_or(imaging::Rgb{1.0, 1.0, 1.0});
    lights.assign(files.size(), {{white, 1.0, 0.0, 1.0}, assays::LightBasis::given, {}});
    return lights;
  }
  core::Diagnostics problems;
  for_each_file(files, problems, [&](const AssayFile& file) {
    lights.push_back(assays::light_of(load_picture(file.path, options.pictures, nullptr),
                                      samples[static_cast<std::size_t>(&file - files.data())], setup));
  });
  assays::share_light(lights);
  return lights;
}

void understand(const Options& options, const assays::StainingSetup& setup,
                const std::vector<assays::FieldSample>& samples,
                const std::vector<assays::StainedField>& fields, const report::Table& about,
                core::Understanding& to) {
  understand_pictures(about, options.pictures, to);
  understand_arms(options.pictures, samples, to);
  std::string vectors;
  for (const imaging::Stain& s : setup.stains.stains)
    vectors += fmt::format("{}{} {:.3g},{:.3g},{:.3g}", vectors.empty() ? "" : "; ", s.name, s.vector[0],
                           s.vector[1], s.vector[2]);
  const std::string stains =
      fmt::format("{}; {} is measured", vectors, setup.stains.stains[setup.measured].name);
  if (!options.own.empty())
    to.given("stains", stains, "--stain");
  else
    to.assumed("stains", fmt::format("set {}: {}", setup.stains.name, stains), "--stains or --stain");
  std::map<std::string, std::size_t> bases;
  std::vector<double> white, cuts, shares, thresholds;
  for (const assays::StainedField& f : fields) {
    ++bases[basis_words(f.basis)];
    white.push_back((f.white.value[0] + f.white.value[1] + f.white.value[2]) / 3.0);
    cuts.push_back(f.tissue_threshold);
    shares.push_back(100.0 * f.tissue_share());
    thresholds.push_back(f.stain.threshold);
  }
  if (!options.blank.empty()) {
    to.given("white point", "pixel by pixel from the picture of an empty field", "--blank");
  } else if (setup.white) {
    to.given("white point", options.white, "--white");
  } else {
    std::string from;
    for (const auto& [words, count] : bases)
      from += fmt::format("{}{} in {} of {} pictures", from.empty() ? "" : ", ", words, count, fields.size());
    const std::string what = fmt::format("{}; mean of its colours {}", from, range_words(white));
    if (bases.size() == 1 && bases.begin()->first == basis_words(assays::LightBasis::own))
      to.found("white point", what, "--white or --blank");
    else
      to.assumed("white point", what, "--white or --blank");
  }
  const std::string mask = fmt::format("{} % of the picture", range_words(shares));
  if (setup.tissue)
    to.given("tissue", fmt::format("mean density above {}: {}", *setup.tissue, mask), "--tissue");
  else
    to.found("tissue",
             fmt::format("mean density above {}, between empty place and palest tissue of each picture: {}",
                         range_words(cuts), mask),
             "--tissue");
  const std::string fixed = fmt::format("density above {}, the same in all pictures", setup.threshold.value);
  if (options.threshold == Options{}.threshold)
    to.assumed("positive", fixed, "--threshold");
  else if (setup.threshold.method == imaging::ThresholdMethod::fixed)
    to.given("positive", fixed, "--threshold");
  else
    to.given("positive",
             fmt::format("density above the threshold of each picture by {}: {}",
                         imaging::to_string(setup.threshold), range_words(thresholds)),
             "--threshold");
}

Analysis analyse(const AnalyseRequest& request, const Options& options) {
  const assays::StainingSetup setup = setup_of(options);
  const std::string stain = setup.stains.stains[setup.measured].name;
  Analysis out;
  const std::vector<assays::FieldSample> samples =
      field_samples(request, options.pictures, out.understanding);
  report::Table about = pictures_table();
  std::optional<imaging::Image> blank;
  if (!options.blank.empty()) blank = load_picture(options.blank, options.pictures, nullptr);
  Overlays overlays(out, {"overlays",
                          "What was measured",
                          fmt::format("The outlines should hold what an eye calls {}.", stain),
                          {},
                          {{web_colour(imaging::yellow), stain + "-positive"},
                           {web_colour(imaging::sky_blue), "edge of the tissue"}},
                          ""});
  std::vector<assays::StainedField> fields;
  core::Diagnostics problems;
  const std::vector<AssayFile> files = measured_files(request);
  const std::vector<assays::SectionLight> lights = lights_of(files, samples, setup, options);
  for_each_file(files, problems, [&](const AssayFile& file) {
    const imaging::Image image = load_picture(file.path, options.pictures, &about);
    const auto i = static_cast<std::size_t>(&file - files.data());
    assays::StainedField field = assays::measure_stained_field(image, samples[i], setup, lights[i],
                                                               blank ? &*blank : nullptr, out.warnings);
    const auto draw = [&](imaging::Canvas& canvas) {
      imaging::draw_outline(canvas, field.tissue, imaging::sky_blue);
      imaging::draw_outline(canvas, field.positive, imaging::yellow);
    };
    overlays.add(imaging::canvas_of(image), draw, file.path, field.sample.file, image.um_per_pixel);
    field.tissue = field.positive = {};  // drawn; a hundred slides need not stay in memory
    fields.push_back(std::move(field));
  });
  assays::check_subjects(samples, out.warnings);
  const std::vector<std::string> beside = assays::check_series(fields, lights, setup, out.warnings);
  understand(options, setup, samples, fields, about, out.understanding);
  const std::string reference = reference_in(samples, request, io::printable(options.pictures.sheet), out);
  const std::vector<assays::FieldReadout> readouts = assays::stain_readouts(fields, stain);
  report::Section section{"ihc", "Stained sections", "", {}, {}, {overlays.done()}};
  add_readouts(section, samples, readouts, reference, out.warnings);
  section.tables.push_back(fields_table(fields, stain));
  section.tables.push_back(std::move(about));
  out.title = "Stained sections";
  out.question = fmt::format("How much {} is in the tissue, and does it differ between arms?", stain);
  out.sections.push_back(std::move(section));
  out.methods = fmt::format(
      "Colours were turned into optical densities by Beer-Lambert's law against {} and separated into {} "
      "stains by least squares "
      "(Ruifrok & Johnston 2001; vectors {}). Tissue was where the mean density exceeded {}; pixels of "
      "tissue with a density of "
      "{} above {} were positive. Mean density, its sum over the tissue and over the positive pixels (IOD) "
      "were taken per "
      "field and averaged over the fields of an animal. {}",
      blank         ? "a picture of an empty field"
      : setup.white ? "the white point given"
                    : "the white point of each picture (its empty place, or what the table says)",
      setup.stains.stains.size(), setup.stains.name,
      setup.tissue ? fmt::format("{}", *setup.tissue)
                   : std::string("the valley of its histogram between the empty place and the palest tissue"),
      stain,
      setup.threshold.method == imaging::ThresholdMethod::fixed
          ? imaging::to_string(setup.threshold)
          : "the threshold of each field by " + imaging::to_string(setup.threshold),
      tests_between_arms);
  out.references = {{"ruifrok2001",
                     "Ruifrok AC, Johnston DA. Quantification of histochemical staining by color "
                     "deconvolution. Anal Quant Cytol Histol 23:291 (2001)",
                     ""}};
  out.results = {{"assay", "ihc"},
                 {"stain", stain},
                 {"fields", fields_json(fields)},
                 {"subjects", subjects_json(samples, readouts)}};
  out.summary = arms_summary(samples, readouts[0]) + "\n" + arms_summary(samples, readouts[4]);
  add_notes(out, beside);
  return out;
}

void declare_ihc(core::Options& options, Options& own) {
  add_picture_options(options, own.pictures, "file, arm, replicate (the animal), field");
  options.add("--stains", own.stains, "h-dab, h-e or h-e-dab").says_default();
  options.add("--stain", own.own,
              "your own stain vector, NAME=R,G,B in optical density; one to three of them");
  options.add("--measure", own.measure, "the stain that is measured (default: DAB, else the last)");
  options
      .add("--threshold", own.threshold,
           "optical density above which a pixel is positive, or otsu, li, triangle, mean+2sd")
      .says_default();
  options
      .add("--tissue", own.tissue,
           "mean optical density above which a pixel is tissue (default: found in each picture, between "
           "its empty place and its palest tissue)")
      .range(0.0, 3.0);
  options.add("--white", own.white,
              "grey values R,G,B of an empty place (default: estimated in each picture)");
  options.add("--blank", own.blank, "picture of an empty field: takes uneven light out");
}

}  // namespace

Job ihc_job() {
  return make_assay<Options>("ihc", "stained sections: positive area and optical density",
                             "pictures of fields (PNG, JPEG, TIFF, OME-TIFF)",
                             Shares::against | Shares::reference, declare_ihc, analyse);
}

}  // namespace stroma::jobs
