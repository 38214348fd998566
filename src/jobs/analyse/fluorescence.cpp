// `analyse fluorescence`: micrographs of one or more channels, field by field and by animal.
#include "assays/fluorescence/fluorescence.hpp"

#include <fmt/format.h>

#include <memory>

#include "jobs/analyse/inputs.hpp"
#include "jobs/analyse/pictures.hpp"
#include "report/words.hpp"

namespace stroma::jobs {
namespace {

namespace fs = std::filesystem;

struct Options {
  PictureOptions pictures;
  std::string signal, marker, background = "rolling:50", threshold = "otsu", marker_threshold = "otsu";
  double least_area = 20.0, largest_area = 1e9;
  bool keep_together = false;
};

assays::FluorescenceSetup setup_of(const Options& options) {
  core::Diagnostics problems;
  assays::FluorescenceSetup setup;
  setup.signal = options.signal;
  if (!options.marker.empty()) setup.marker = options.marker;
  setup.least_area = options.least_area;
  setup.largest_area = options.largest_area;
  setup.split = !options.keep_together;
  const auto background = imaging::parse_background(options.background);
  if (!background)
    problems.add("bad-background", {}, "--background",
                 fmt::format("'{}' is no background", options.background),
                 "rolling:RADIUS (pixels), median, percentile:P or none");
  else
    setup.background = *background;
  const auto rule = [&](const std::string& text, const char* key, imaging::ThresholdRule& to) {
    const auto parsed = imaging::parse_threshold(text);
    if (!parsed)
      problems.add("bad-threshold", {}, key, fmt::format("'{}' is no threshold", text),
                   "give grey values above the background, or otsu, li, triangle, mean+2sd");
    else
      to = *parsed;
  };
  rule(options.threshold, "--threshold", setup.signal_threshold);
  rule(options.marker_threshold, "--marker-threshold", setup.marker_threshold);
  problems.throw_if_any();
  return setup;
}

report::Table fields_table(const std::vector<assays::FluorescentField>& fields) {
  report::Table table{"fields",
                      "Fields",
                      "Intensities are grey values above the background.",
                      {"file",
                       "arm",
                       "replicate",
                       "field",
                       "signal",
                       "threshold",
                       "measured (px)",
                       "positive (px)",
                       "positive (%)",
                       "mean",
                       "mean of positive",
                       "sum",
                       "sum of positive",
                       "objects",
                       "marker",
                       "marker threshold",
                       "Pearson r",
                       "Manders M1",
                       "Manders M2",
                       "overlap"},
                      {}};
  for (const assays::FluorescentField& f : fields) {
    const imaging::Colocalisation none;
    const imaging::Colocalisation& o = f.overlap ? *f.overlap : none;
    const auto share = f.signal.share();
    table.rows.push_back({f.sample.file,
                          f.sample.arm,
                          f.sample.subject,
                          f.sample.field,
                          f.signal_name,
                          f.signal.threshold,
                          static_cast<double>(f.signal.pixels),
                          static_cast<double>(f.signal.positive),
                          share ? 100.0 * *share : report::missing,
                          or_missing(f.signal.mean()),
                          or_missing(f.signal.positive_mean()),
                          f.signal.sum,
                          f.signal.positive_sum,
                          static_cast<double>(f.objects.objects.size()),
                          f.marker_name,
                          f.overlap ? f.marker_threshold : report::missing,
                          or_missing(o.pearson),
                          or_missing(o.manders1),
                          or_missing(o.manders2),
                          or_missing(o.overlap)});
  }
  return table;
}

nlohmann::ordered_json fields_json(const std::vector<assays::FluorescentField>& fields) {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const assays::FluorescentField& f : fields) {
    nlohmann::ordered_json row = {{"file", f.sample.file},
                                  {"arm", f.sample.arm},
                                  {"replicate", f.sample.subject},
                                  {"field", f.sample.field},
                                  {"signal", f.signal_name},
                                  {"threshold", f.signal.threshold},
                                  {"pixels", f.signal.pixels},
                                  {"positive_pixels", f.signal.positive},
                                  {"mean", or_null(f.signal.mean())},
                                  {"integrated", f.signal.positive_sum},
                                  {"objects", f.objects.objects.size()}};
    if (f.overlap) {
      row["marker"] = f.marker_name;
      row["marker_threshold"] = f.marker_threshold;
      row["pearson"] = or_null(f.overlap->pearson);
      row["manders_m1"] = or_null(f.overlap->manders1);
      row["manders_m2"] = or_null(f.overlap->manders2);
      row["overlap"] = or_null(f.overlap->overlap);
    }
    out.push_back(std::move(row));
  }
  return out;
}

void understand(const Options& options, const assays::FluorescenceSetup& setup,
                const std::vector<assays::FieldSample>& samples,
                const std::vector<assays::FluorescentField>& fields, const report::Table& about,
                core::Understanding& to) {
  understand_pictures(about, options.pictures, to);
  understand_arms(options.pictures, samples, to);
  std::vector<double> cuts, marker_cuts, shares;
  for (const assays::FluorescentField& f : fields) {
    cuts.push_back(f.signal.threshold);
    marker_cuts.push_back(f.marker_threshold);
    if (f.overlap)
      shares.push_back(100.0 * static_cast<double>(f.overlap->pixels) / static_cast<double>(f.field_pixels));
  }
  const std::string signal = fields.empty() ? std::string() : fields.front().signal_name;
  if (options.signal.empty())
    to.assumed("signal", fmt::format("channel '{}', the first", signal), "--signal");
  else
    to.given("signal", fmt::format("channel '{}'", signal), "--signal");
  if (setup.marker)
    to.given(
        "marker",
        fmt::format("channel '{}'; its objects are {} % of the picture", *setup.marker, range_words(shares)),
        "--marker");
  else
    to.assumed("measured", "the whole field", "--marker");
  const std::string ground = imaging::to_string(setup.background);
  if (options.background == Options{}.background)
    to.assumed("background", ground + " (ball of 1 grey value a pixel in all pictures)", "--background");
  else
    to.given("background", ground, "--background");
  const auto rule = [&](const char* about_what, const std::string& text, const imaging::ThresholdRule& of,
                        const std::vector<double>& found, const char* option) {
    const std::string what =
        of.method == imaging::ThresholdMethod::fixed
            ? fmt::format("{} grey values above the background, in all pictures", of.value)
            : fmt::format("{} of each picture: {} grey values above the background", imaging::to_string(of),
                          range_words(found));
    if (text == Options{}.threshold)
      to.assumed(about_what, what, option);
    else
      to.given(about_what, what, option);
  };
  rule("positive above", options.threshold, setup.signal_threshold, cuts, "--threshold");
  if (setup.marker)
    rule("marker above", options.marker_threshold, setup.marker_threshold, marker_cuts, "--marker-threshold");
}

Analysis analyse(const AnalyseRequest& request, const Options& options) {
  const assays::FluorescenceSetup setup = setup_of(options);
  Analysis out;
  const std::vector<assays::FieldSample> samples =
      field_samples(request, options.pictures, out.understanding);
  report::Table about = pictures_table();
  Overlays overlays(out, {"overlays",
                          "What was measured",
                          "The outlines should hold what an eye calls signal and marker.",
                          {},
                          {{web_colour(imaging::yellow), "signal above its threshold"},
                           {web_colour(imaging::sky_blue), "marker objects"}},
                          ""});
  std::vector<assays::FluorescentField> fields;
  core::Diagnostics problems;
  const std::vector<AssayFile> files = measured_files(request);
  for_each_file(files, problems, [&](const AssayFile& file) {
    const imaging::Image image = load_picture(file.path, options.pictures, &about);
    assays::FluorescentField field = assays::measure_fluorescent_field(
        image, samples[static_cast<std::size_t>(&file - files.data())], setup, out.warnings);
    const auto draw = [&](imaging::Canvas& canvas) {
      imaging::draw_outline(canvas, field.signal_mask, imaging::yellow);
      if (field.overlap) imaging::draw_outline(canvas, field.marker_mask, imaging::sky_blue);
    };
    overlays.add(imaging::canvas_of(image), draw, file.path, field.sample.file, image.um_per_pixel);
    field.signal_mask = field.marker_mask = {};
    field.objects.values = {};
    fields.push_back(std::move(field));
  });
  assays::check_subjects(samples, out.warnings);
  const std::vector<std::string> beside = assays::check_series(fields, setup, out.warnings);
  understand(options, setup, samples, fields, about, out.understanding);
  const std::string reference = reference_in(samples, request, io::printable(options.pictures.sheet), out);
  const std::vector<assays::FieldReadout> readouts = assays::fluorescence_readouts(fields);
  report::Section section{"fluorescence", "Fluorescence", "", {}, {}, {overlays.done()}};
  add_readouts(section, samples, readouts, reference, out.warnings);
  section.tables.push_back(fields_table(fields));
  section.tables.push_back(std::move(about));
  out.title = "Fluorescence";
  out.question = "How much of the field is positive, how bright is it, and does it differ between arms?";
  out.sections.push_back(std::move(section));
  out.methods = fmt::format(
      "The background ({}) was subtracted from each channel. Pixels above {} were positive; intensities are "
      "grey values above the background. "
      "{}Objects had {} to {} pixels{}. Values were averaged over the fields of an animal. {}",
      imaging::to_string(setup.background), imaging::to_string(setup.signal_threshold),
      setup.marker
          ? fmt::format(
                "The signal was measured inside the objects of the marker (threshold {}); Pearson's r runs "
                "over the pixels of the "
                "marker; Manders' coefficients and the overlap take the whole field, pixels above the "
                "thresholds and the marker's inside its objects (Manders et al. 1993). ",
                imaging::to_string(setup.marker_threshold))
          : std::string(),
      setup.least_area, setup.largest_area,
      setup.split ? ", touching ones divided by a watershed of the distance to their edge" : "",
      tests_between_arms);
  out.references = {{"manders1993",
                     "Manders EMM, Verbeek FJ, Aten JA. Measurement of co-localization of objects in "
                     "dual-colour confocal images. J Microsc 169:375 (1993)",
                     ""}};
  out.results = {{"assay", "fluorescence"},
                 {"fields", fields_json(fields)},
                 {"subjects", subjects_json(samples, readouts)}};
  out.summary = arms_summary(samples, readouts[0]) + "\n" + arms_summary(samples, readouts[2]);
  add_notes(out, beside);
  return out;
}

void declare_fluorescence(core::Options& options, Options& own) {
  add_picture_options(options, own.pictures, "file, arm, replicate (the animal), field");
  options.add("--signal", own.signal, "name or number of the channel that is measured (default: the first)");
  options.add("--marker", own.marker,
              "name or number of the channel whose objects count (default: the whole field)");
  options.add("--background", own.background, "rolling:RADIUS in pixels, median, percentile:P or none")
      .says_default();
  options
      .add("--threshold", own.threshold, "grey values above the background, or otsu, li, triangle, mean+2sd")
      .says_default();
  options.add("--marker-threshold", own.marker_threshold, "the same for the marker").says_default();
  options.add("--least-area", own.least_area, "smallest object, pixels")
      .says_default()
      .not_negative()
      .in("px");
  options.add("--largest-area", own.largest_area, "largest object, pixels")
      .says_default()
      .positive()
      .in("px");
  options.add("--keep-together", own.keep_together, "touching objects are one");
}

}  // namespace

Job fluorescence_job() {
  return make_assay<Options>("fluorescence", "micrographs: area, intensity, objects, co-localisation",
                             "pictures of fields (PNG, JPEG, TIFF, OME-TIFF)",
                             Shares::against | Shares::reference, declare_fluorescence, analyse);
}

}  // namespace stroma::jobs
