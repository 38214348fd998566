#include "assays/fluorescence/fluorescence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace stroma::assays {
namespace {

constexpr double most_saturated = 0.001, neck = 0.75;
constexpr double most_taken = 0.1;  // share of the intensity that the rolling ball may take without a word

std::size_t channel_of(const imaging::Image& image, const std::string& wanted, const std::string& file) {
  if (wanted.empty()) return 0;
  std::vector<std::string> names;
  for (std::size_t c = 0; c < image.channels.size(); ++c) {
    if (image.channels[c].name == wanted || std::to_string(c + 1) == wanted) return c;
    names.push_back(image.channels[c].name);
  }
  std::string all;
  for (std::size_t c = 0; c < names.size(); ++c)
    all += fmt::format("{}{} '{}'", c == 0 ? "" : ", ", c + 1, names[c]);
  const std::string meant = core::did_you_mean(wanted, names);
  throw core::InputError({{"no-such-channel",
                           {file, 0, 0},
                           wanted,
                           fmt::format("the picture has no channel '{}'; it has {}", wanted, all),
                           meant.empty() ? "name a channel or give its number" : meant}});
}

void warn_of_saturation(const imaging::Image& image, std::size_t channel, const std::string& file,
                        core::Diagnostics& warnings) {
  if (image.bits == 32) return;  // floats have no limit to run into
  const auto& values = image.channels[channel].plane.values;
  const double limit = imaging::detector_limit(image.channels[channel].plane, image.full_scale());
  const auto at_limit =
      static_cast<double>(std::count(values.begin(), values.end(), static_cast<float>(limit))) /
      static_cast<double>(values.size());
  if (at_limit > most_saturated)
    warnings.add("saturated-pixels", {file, 0, 0}, image.channels[channel].name,
                 fmt::format("{:.2f} % of the pixels of channel '{}' are at the detector's limit, {:.0f}: "
                             "intensities are too low",
                             100.0 * at_limit, image.channels[channel].name, limit),
                 "expose shorter");
}

/// A ball that is small against the objects takes their light, or part of it, for background.
void warn_of_small_ball(const imaging::Plane& plane, const imaging::Plane& net, const imaging::Mask& mask,
                        double threshold, const FluorescenceSetup& setup, double step,
                        const std::string& file, const std::string& channel, core::Diagnostics& warnings) {
  const imaging::BackgroundRule& rule = setup.background;
  if (rule.method != imaging::BackgroundMethod::rolling_ball) return;
  constexpr double least_clear = 3.0;  // standard deviations of noise: below it the threshold is the trouble
  const auto clear = imaging::clear_of_noise(net, threshold);
  if (clear && *clear < least_clear) return;
  constexpr double most_walls = 1e-4;  // of the picture: a wall 100 pixels long in one of a million
  const std::string hint =
      fmt::format("try --background rolling:{:.0f}, or median where the light is even", 4.0 * rule.value);
  if (imaging::walls_in_background(plane, net, threshold) > most_walls) {
    warnings.add("ball-too-small", {file, 0, 0}, channel,
                 fmt::format("the rolling ball of {} pixels fits into objects of '{}' and took them for "
                             "background: it has walls as high as the threshold, which light has not",
                             rule.value, channel),
                 hint);
    return;
  }
  const double taken = imaging::taken_by_ball(mask, rule.value, step);
  double left = 0.0;
  for (std::size_t i = 0; i < net.size(); ++i)
    if (mask.values[i] != 0) left += net.values[i];
  const double share = taken / (taken + left);
  if (!(left > 0.0) || share <= most_taken) return;
  warnings.add(
      "ball-too-small", {file, 0, 0}, channel,
      fmt::format("the rolling ball of {} pixels is small against the objects of '{}' and takes up to "
                  "{:.0f} % of their intensity for background",
                  rule.value, channel, 100.0 * share),
      hint);
}

}  // namespace

FluorescentField measure_fluorescent_field(const imaging::Image& image, const FieldSample& sample,
                                           const FluorescenceSetup& setup, core::Diagnostics& warnings) {
  FluorescentField out;
  out.sample = sample;
  out.um_per_pixel = image.um_per_pixel;
  out.field_pixels = image.width * image.height;
  const std::size_t s = channel_of(image, setup.signal, sample.file);
  const double step = imaging::ball_step(image);
  warn_of_saturation(image, s, sample.file, warnings);
  const imaging::Plane signal = imaging::without_background(image.channels[s].plane, setup.background, step);
  out.signal_name = image.channels[s].name;
  const imaging::Mask everything(image.width, image.height, true);
  const double threshold = imaging::threshold_of(setup.signal_threshold, signal.values);
  check_threshold(signal, setup.signal_threshold, threshold, nullptr, sample.file, out.signal_name,
                  "--threshold", warnings);
  out.signal_mask = imaging::above(signal, threshold);
  warn_of_small_ball(image.channels[s].plane, signal, out.signal_mask, threshold, setup, step, sample.file,
                     out.signal_name, warnings);
  const imaging::ObjectLimits limits{setup.least_area, setup.largest_area, 0.0, false};
  const auto objects = [&](const imaging::Mask& mask) {
    return imaging::keep_objects(
        setup.split ? imaging::split_objects(mask, neck) : imaging::find_objects(mask), limits);
  };
  if (!setup.marker) {
    out.signal = imaging::measure_signal(signal, threshold, everything);
    out.objects = objects(out.signal_mask);
  } else {
    const std::size_t m = channel_of(image, *setup.marker, sample.file);
    warn_of_saturation(image, m, sample.file, warnings);
    const imaging::Plane marker =
        imaging::without_background(image.channels[m].plane, setup.background, step);
    out.marker_name = image.channels[m].name;
    out.marker_threshold = imaging::threshold_of(setup.marker_threshold, marker.values);
    check_threshold(marker, setup.marker_threshold, out.marker_threshold, nullptr, sample.file,
                    out.marker_name, "--marker-threshold", warnings);
    const imaging::Mask marked = imaging::above(marker, out.marker_threshold);
    warn_of_small_ball(image.channels[m].plane, marker, marked, out.marker_threshold, setup, step,
                       sample.file, out.marker_name, warnings);
    out.objects = objects(marked);
    out.marker_mask = out.objects.mask();
    if (out.objects.objects.empty())
      warnings.add("no-marker", {sample.file, 0, 0}, out.marker_name,
                   "no object of the marker is within the limits: nothing was measured in this field",
                   "look at the overlay; change --marker-threshold, --least-area or --largest-area");
    out.signal = imaging::measure_signal(signal, threshold, out.marker_mask);
    out.overlap = imaging::colocalise(signal, threshold, marker, out.marker_threshold, out.marker_mask);
    // Inside the marker all signal is in the marker: how much of it is, only the whole field says.
    imaging::Plane kept = marker;
    for (std::size_t i = 0; i < kept.size(); ++i)
      if (out.marker_mask.values[i] == 0)
        kept.values[i] = std::min(kept.values[i], static_cast<float>(out.marker_threshold));
    const imaging::Colocalisation whole =
        imaging::colocalise(signal, threshold, kept, out.marker_threshold, everything);
    out.overlap->manders1 = whole.manders1;
    out.overlap->manders2 = whole.manders2;
    out.overlap->overlap = whole.overlap;
  }
  if (out.signal.positive == 0 && out.signal.pixels > 0)
    warnings.add("no-signal", {sample.file, 0, 0}, out.signal_name, "no pixel is above the threshold",
                 "look at the overlay; change --threshold");
  return out;
}

std::vector<std::string> check_series(std::span<const FluorescentField> fields,
                                      const FluorescenceSetup& setup, core::Diagnostics& warnings) {
  std::vector<std::string> beside;
  std::vector<FieldSample> samples;
  FieldReadout marker{"marker (% of picture)", {}}, cuts{"threshold", {}}, marker_cuts{"threshold", {}};
  for (const FluorescentField& f : fields) {
    samples.push_back(f.sample);
    marker.values.push_back(f.overlap
                                ? std::optional(100.0 * static_cast<double>(f.overlap->pixels) /
                                                static_cast<double>(std::max<std::size_t>(1, f.field_pixels)))
                                : std::nullopt);
    cuts.values.push_back(f.signal.threshold);
    marker_cuts.values.push_back(f.overlap ? std::optional(f.marker_threshold) : std::nullopt);
  }
  if (const auto apart = mask_difference(samples, marker.values)) {
    warnings.add(
        "marker-differs", {}, "--marker",
        fmt::format("the marker's area differs between arms ({} % of the picture): a share of it "
                    "compares arms only where it marks the same kind of place",
                    *apart),
        "look at the blue outlines of the overlays; set --marker-threshold, the same for all pictures");
    beside.push_back("the marker's area differs between arms, " + *apart);
  }
  const auto check = [&](const imaging::ThresholdRule& rule, const FieldReadout& values, const char* option) {
    if (rule.method == imaging::ThresholdMethod::fixed) return;
    const auto apart = mask_difference(samples, values.values);
    if (!apart) return;
    warnings.add("threshold-differs", {}, option,
                 fmt::format("the thresholds found in each picture differ between arms ({}): what counts as "
                             "positive is not the same in both",
                             *apart),
                 fmt::format("give one grey value for all pictures by {}, taken from a control", option));
    beside.push_back(
        fmt::format("the thresholds found by {} differ between arms, {}", imaging::to_string(rule), *apart));
  };
  check(setup.signal_threshold, cuts, "--threshold");
  if (setup.marker) check(setup.marker_threshold, marker_cuts, "--marker-threshold");
  return beside;
}

std::vector<FieldReadout> fluorescence_readouts(std::span<const FluorescentField> fields) {
  const bool marked = !fields.empty() && fields.front().overlap.has_value();
  const std::string where = marked ? " of marker" : " of field";
  std::vector<FieldReadout> out{{"positive area (%" + where + ")", {}},
                                {"mean intensity" + where + " (grey values above background)", {}},
                                {"integrated intensity of positive pixels (million grey values)", {}},
                                {"objects per field", {}}};
  if (marked)
    for (const char* name : {"Pearson's r inside the marker", "Manders M1 (share of signal in the marker)",
                             "Manders M2 (share of marker with signal)", "overlap of areas"})
      out.push_back({name, {}});
  for (const FluorescentField& f : fields) {
    const auto share = f.signal.share();
    out[0].values.push_back(share ? std::optional(100.0 * *share) : std::nullopt);
    out[1].values.push_back(f.signal.mean());
    out[2].values.push_back(f.signal.pixels == 0 ? std::nullopt
                                                 : std::optional(1e-6 * f.signal.positive_sum));
    out[3].values.push_back(static_cast<double>(f.objects.objects.size()));
    if (!marked) continue;
    out[4].values.push_back(f.overlap->pearson);
    out[5].values.push_back(f.overlap->manders1);
    out[6].values.push_back(f.overlap->manders2);
    out[7].values.push_back(f.overlap->overlap);
  }
  return out;
}

}  // namespace stroma::assays
