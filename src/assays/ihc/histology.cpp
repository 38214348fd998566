#include "assays/ihc/histology.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/errors.hpp"

namespace stroma::assays {
namespace {

constexpr double most_black = 0.001, other_colours = 0.5;
constexpr double slack_factor = 1.5, most_slack = 0.1;

void check_blank(const imaging::Image& image, const imaging::Image& blank) {
  const bool fits = blank.colour && blank.width == image.width && blank.height == image.height;
  const bool lit =
      fits && std::all_of(blank.channels.begin(), blank.channels.end(), [](const imaging::Channel& c) {
        return *std::min_element(c.plane.values.begin(), c.plane.values.end()) > 0.0F;
      });
  if (!lit)
    throw core::InputError(
        {{"bad-blank",
          {},
          "--blank",
          fits
              ? "the picture of the empty field has black pixels"
              : fmt::format("the picture of the empty field has {} x {} pixels and is not the colour picture "
                            "of {} x {} that is needed",
                            blank.width, blank.height, image.width, image.height),
          "take it with the same camera, light and exposure, without a section"}});
}

void require_colour(const imaging::Image& image, const FieldSample& sample) {
  if (image.colour) return;
  throw core::InputError(
      {{"not-in-colour",
        {sample.file, 0, 0},
        {},
        fmt::format("a stained section needs red, green and blue; the picture has {} channel(s) of grey",
                    image.channels.size()),
        "for fluorescence use `stroma analyse fluorescence`"}});
}

std::size_t tissue_at(const imaging::Plane& density, double threshold) {
  return static_cast<std::size_t>(
      std::count_if(density.values.begin(), density.values.end(), [&](float v) { return v > threshold; }));
}

/// The tissue of a field and how much its area hangs on the threshold.
void find_tissue(StainedField& field, const imaging::Plane& density, const StainingSetup& setup) {
  if (!setup.tissue && field.basis == LightBasis::palest) {
    field.tissue = imaging::Mask(density.width, density.height, true);
    return;
  }
  field.tissue_threshold = setup.tissue.value_or(imaging::tissue_cut(density, field.white.noise).density);
  field.tissue = imaging::above(density, field.tissue_threshold);
  const auto now = static_cast<double>(field.tissue.count());
  if (now > 0.0 && field.tissue_threshold > 0.0)
    field.tissue_slack =
        std::max(static_cast<double>(tissue_at(density, field.tissue_threshold / slack_factor)) / now - 1.0,
                 1.0 - static_cast<double>(tissue_at(density, field.tissue_threshold * slack_factor)) / now);
}

}  // namespace

std::optional<double> StainedField::positive_area() const {
  if (!um_per_pixel) return std::nullopt;
  return static_cast<double>(stain.positive) * *um_per_pixel * *um_per_pixel;
}

double StainedField::picture_share() const {
  return static_cast<double>(stain.positive) / static_cast<double>(pixels);
}

double StainedField::tissue_share() const {
  return static_cast<double>(stain.tissue) / static_cast<double>(pixels);
}

SectionLight light_of(const imaging::Image& image, const FieldSample& sample, const StainingSetup& setup) {
  require_colour(image, sample);
  if (setup.white) return {{*setup.white, 1.0, 0.0, 1.0}, LightBasis::given, {}};
  SectionLight out;
  out.white = imaging::estimate_white(image);
  if (std::any_of(out.white.value.begin(), out.white.value.end(), [](double v) { return v <= 0.0; }))
    throw core::InputError({{"no-light",
                             {sample.file, 0, 0},
                             {},
                             "a colour of the picture is black throughout",
                             "open the picture and look; give the white point by --white"}});
  out.doubt = imaging::doubt_of(out.white, image);
  if (out.doubt.empty()) return out;
  out.basis = LightBasis::palest;
  // The stain whose colour the palest place has; of 16 bits nobody knows how bright a lamp reads.
  if (image.bits == 8 && imaging::magenta_of(out.white.value) > imaging::most_magenta)
    if (const auto lamp = imaging::grey_light_behind(out.white.value, setup.stains.stains.front().vector,
                                                     image.full_scale())) {
      out.white.value = *lamp;
      out.basis = LightBasis::grey;
    }
  return out;
}

void share_light(std::span<SectionLight> lights) {
  std::array<std::vector<double>, 3> own;
  for (const SectionLight& light : lights)
    for (std::size_t c = 0; light.basis == LightBasis::own && c < 3; ++c)
      own[c].push_back(light.white.value[c]);
  if (own[0].empty()) return;
  for (std::vector<double>& values : own) std::sort(values.begin(), values.end());
  for (SectionLight& light : lights) {
    if (light.basis != LightBasis::grey && light.basis != LightBasis::palest) continue;
    for (std::size_t c = 0; c < 3; ++c) light.white.value[c] = own[c][own[c].size() / 2];
    light.basis = LightBasis::series;
  }
}

StainedField measure_stained_field(const imaging::Image& image, const FieldSample& sample,
                                   const StainingSetup& setup, const SectionLight& light,
                                   const imaging::Image* blank, core::Diagnostics& warnings) {
  core::require(setup.measured < setup.stains.stains.size(), "a stain that is not in the set");
  require_colour(image, sample);
  StainedField out;
  out.sample = sample;
  out.um_per_pixel = image.um_per_pixel;
  out.pixels = image.width * image.height;
  out.white = light.white;
  out.basis = blank != nullptr ? LightBasis::given : light.basis;
  if (blank != nullptr) check_blank(image, *blank);
  const imaging::Separation parts = blank != nullptr
                                        ? imaging::separate(image, setup.stains, *blank)
                                        : imaging::separate(image, setup.stains, light.white.value);
  const imaging::Plane& amount = parts.amounts[setup.measured];
  find_tissue(out, parts.density, setup);
  out.residual = parts.residual;
  const std::vector<float> values = imaging::values_under(amount, out.tissue);
  if (values.empty())
    warnings.add("no-tissue", {sample.file, 0, 0}, {}, "nothing in the picture is darker than an empty slide",
                 "lower --tissue, or take the field out");
  const double threshold = values.empty() ? 0.0 : imaging::threshold_of(setup.threshold, values);
  if (!values.empty())
    check_threshold(amount, setup.threshold, threshold, &out.tissue, sample.file,
                    setup.stains.stains[setup.measured].name, "--threshold", warnings);
  out.stain = imaging::measure_stain(amount, out.tissue, threshold);
  out.positive = imaging::above(amount, threshold, &out.tissue);
  if (parts.black > most_black)
    warnings.add(
        "black-pixels", {sample.file, 0, 0}, {},
        fmt::format(
            "{:.2f} % of the pixels have a colour without any light: their density is at least what is "
            "shown, and sums are too low",
            100.0 * parts.black),
        "expose longer, or stain less");
  const auto mean = values.empty() ? std::optional<double>{} : std::optional<double>([&] {
    double sum = 0.0;
    for (const float v : imaging::values_under(parts.density, out.tissue)) sum += v;
    return sum / static_cast<double>(values.size());
  }());
  if (mean && parts.residual > other_colours * *mean)
    warnings.add(
        "other-colours", {sample.file, 0, 0}, {},
        fmt::format(
            "the stain vectors leave a density of {:.3f} unexplained, {:.0f} % of the tissue's {:.3f}",
            parts.residual, 100.0 * parts.residual / *mean, *mean),
        "check --stains, or give the vectors of your stains by --stain");
  return out;
}

std::vector<std::string> check_series(std::span<const StainedField> fields,
                                      std::span<const SectionLight> lights, const StainingSetup& setup,
                                      core::Diagnostics& warnings) {
  std::vector<std::string> beside;
  std::vector<std::string> placeless, unsure;
  std::string doubt, instead;
  std::vector<FieldSample> samples;
  FieldReadout tissue{"tissue (% of picture)", {}}, cuts{"threshold", {}};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const StainedField& f = fields[i];
    if (f.basis == LightBasis::series || f.basis == LightBasis::grey || f.basis == LightBasis::palest) {
      placeless.push_back(f.sample.file);
      if (doubt.empty()) doubt = lights[i].doubt;
      const std::string what =
          f.basis == LightBasis::series ? "the median white point of the pictures that have one was taken"
          : f.basis == LightBasis::grey
              ? fmt::format("a grey lamp of {:.0f} behind the palest tissue was assumed", f.white.value[0])
              : "the palest place was taken, and the whole picture for tissue";
      if (instead.find(what) == std::string::npos) instead += (instead.empty() ? "" : "; ") + what;
    }
    if (f.tissue_slack > most_slack) unsure.push_back(f.sample.file);
    samples.push_back(f.sample);
    tissue.values.push_back(100.0 * f.tissue_share());
    cuts.values.push_back(f.stain.tissue == 0 ? std::nullopt : std::optional(f.stain.threshold));
  }
  if (!placeless.empty()) {
    warnings.add("no-empty-place", {}, names_of_files(placeless),
                 fmt::format("no empty place of the slide was recognised in {} of {} pictures ({}): {}",
                             placeless.size(), fields.size(), doubt, instead),
                 "give the light by --white R,G,B or by a picture of an empty field, --blank");
    beside.push_back(fmt::format("no empty place in {} of {} pictures: their white point is assumed",
                                 placeless.size(), fields.size()));
  }
  if (!unsure.empty())
    warnings.add(
        "tissue-unsure", {}, names_of_files(unsure),
        fmt::format("in {} of {} pictures the area of the tissue changes by more than {:.0f} % where "
                    "its threshold is divided or multiplied by {}: shares of the tissue hang on it",
                    unsure.size(), fields.size(), 100.0 * most_slack, slack_factor),
        "look at the blue outlines of the overlays; set --tissue, or use the shares of the picture");
  const auto differs = mask_difference(samples, tissue.values);
  if (differs) {
    warnings.add("tissue-differs", {}, "tissue",
                 fmt::format("the tissue mask differs between arms ({}): a share of the tissue compares arms "
                             "only where the masks hold the same kind of place",
                             *differs),
                 "look at the blue outlines of the overlays; set --tissue; compare the shares of the picture "
                 "as well");
    beside.push_back(
        fmt::format("the tissue masks differ between arms, {}: look at the overlays before you "
                    "compare shares of the tissue",
                    *differs));
  }
  if (setup.threshold.method != imaging::ThresholdMethod::fixed)
    if (const auto apart = mask_difference(samples, cuts.values)) {
      warnings.add("threshold-differs", {}, "--threshold",
                   fmt::format("the automatic thresholds differ between arms ({}): what counts as positive "
                               "is not the same in both",
                               *apart),
                   "give one threshold for all pictures by --threshold, taken from a control");
      beside.push_back("the automatic thresholds differ between arms, " + *apart);
    }
  return beside;
}

std::vector<FieldReadout> stain_readouts(std::span<const StainedField> fields, const std::string& stain) {
  std::vector<FieldReadout> out{{stain + "-positive area (% of tissue)", {}},
                                {stain + ", mean optical density of tissue", {}},
                                {stain + ", mean optical density of positive area", {}},
                                {stain + ", IOD per 1000 tissue pixels", {}},
                                {stain + "-positive share of the picture (%)", {}},
                                {"tissue, share of the picture (%)", {}}};
  for (const StainedField& f : fields) {
    const auto share = f.stain.positive_share();
    out[0].values.push_back(share ? std::optional(100.0 * *share) : std::nullopt);
    out[1].values.push_back(f.stain.mean_density());
    out[2].values.push_back(f.stain.positive_density());
    out[3].values.push_back(f.stain.tissue == 0 ? std::nullopt
                                                : std::optional(1000.0 * f.stain.positive_sum /
                                                                static_cast<double>(f.stain.tissue)));
    out[4].values.push_back(100.0 * f.picture_share());
    out[5].values.push_back(100.0 * f.tissue_share());
  }
  return out;
}

}  // namespace stroma::assays
