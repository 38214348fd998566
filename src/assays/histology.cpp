#include "assays/histology.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"

namespace stroma::assays {
namespace {

constexpr double least_empty = 0.01, least_bright = 0.6, most_tinted = 1.25, most_black = 0.001,
                 other_colours = 0.5;

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

/// An empty slide is bright, nearly neutral, and more than a few pixels. How bright is known of 8-bit
/// pictures only: a 12-bit camera in a 16-bit file is white far below the file's full scale.
bool looks_empty(const imaging::White& white, const imaging::Image& image) {
  const auto [low, high] = std::minmax_element(white.value.begin(), white.value.end());
  return white.share >= least_empty && *high <= most_tinted * *low &&
         (image.bits != 8 || *low >= least_bright * image.full_scale());
}

}  // namespace

std::optional<double> StainedField::positive_area() const {
  if (!um_per_pixel) return std::nullopt;
  return static_cast<double>(stain.positive) * *um_per_pixel * *um_per_pixel;
}

double StainedField::picture_share() const {
  return static_cast<double>(stain.positive) / static_cast<double>(pixels);
}

StainedField measure_stained_field(const imaging::Image& image, const FieldSample& sample,
                                   const StainingSetup& setup, const imaging::Image* blank,
                                   core::Diagnostics& warnings) {
  core::require(setup.measured < setup.stains.stains.size(), "a stain that is not in the set");
  if (!image.colour)
    throw core::InputError(
        {{"not-in-colour",
          {sample.file, 0, 0},
          {},
          fmt::format("a stained section needs red, green and blue; the picture has {} channel(s) of grey",
                      image.channels.size()),
          "for fluorescence use `stroma analyse fluorescence`"}});
  StainedField out;
  out.sample = sample;
  out.um_per_pixel = image.um_per_pixel;
  out.pixels = image.width * image.height;
  imaging::Separation parts;
  if (blank != nullptr) {
    check_blank(image, *blank);
    parts = imaging::separate(image, setup.stains, *blank);
  } else {
    out.white = setup.white ? imaging::White{*setup.white, 1.0} : imaging::estimate_white(image);
    if (std::any_of(out.white.value.begin(), out.white.value.end(), [](double v) { return v <= 0.0; }))
      throw core::InputError({{"no-light",
                               {sample.file, 0, 0},
                               {},
                               "a colour of the picture is black throughout",
                               "open the picture and look; give the white point by --white"}});
    if (!setup.white && !looks_empty(out.white, image))
      warnings.add(
          "no-empty-place", {sample.file, 0, 0}, {},
          fmt::format("the white point {:.0f}, {:.0f}, {:.0f}, estimated from {:.2f} % of the picture, does "
                      "not look like "
                      "an empty slide: it may be pale tissue, and densities are too low then",
                      out.white.value[0], out.white.value[1], out.white.value[2], 100.0 * out.white.share),
          "give it by --white R,G,B or a picture of an empty field by --blank");
    parts = imaging::separate(image, setup.stains, out.white.value);
  }
  const imaging::Plane& amount = parts.amounts[setup.measured];
  out.tissue = imaging::above(parts.density, setup.tissue);
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

std::vector<FieldReadout> stain_readouts(std::span<const StainedField> fields, const std::string& stain) {
  std::vector<FieldReadout> out{{stain + "-positive area (% of tissue)", {}},
                                {stain + ", mean optical density of tissue", {}},
                                {stain + ", mean optical density of positive area", {}},
                                {stain + ", IOD per 1000 tissue pixels", {}}};
  for (const StainedField& f : fields) {
    const auto share = f.stain.positive_share();
    out[0].values.push_back(share ? std::optional(100.0 * *share) : std::nullopt);
    out[1].values.push_back(f.stain.mean_density());
    out[2].values.push_back(f.stain.positive_density());
    out[3].values.push_back(f.stain.tissue == 0 ? std::nullopt
                                                : std::optional(1000.0 * f.stain.positive_sum /
                                                                static_cast<double>(f.stain.tissue)));
  }
  return out;
}

}  // namespace stroma::assays
