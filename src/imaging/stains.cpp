#include "imaging/stains.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

#include "core/errors.hpp"

namespace stroma::imaging {
namespace {

constexpr Rgb haematoxylin{0.650, 0.704, 0.286};
constexpr Rgb eosin_2001{0.072, 0.990, 0.105};
constexpr Rgb eosin_slides{0.216, 0.801, 0.558};
constexpr Rgb dab{0.268, 0.570, 0.776};
constexpr double largest_condition = 50.0;

/// Stain vectors of length 1 as the columns of a 3 x n matrix.
cv::Mat matrix_of(const StainSet& set) {
  cv::Mat out(3, static_cast<int>(set.stains.size()), CV_64F);
  for (int k = 0; k < out.cols; ++k) {
    const Rgb& v = set.stains[static_cast<std::size_t>(k)].vector;
    const double length = std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    for (int c = 0; c < 3; ++c) out.at<double>(c, k) = v[static_cast<std::size_t>(c)] / length;
  }
  return out;
}

/// `light(c, i)` is the light on pixel i in channel c.
template <typename Light>
Separation separated(const Image& image, const StainSet& set, Light light) {
  require_valid(image);
  core::require(image.colour, "only a colour picture can be separated into stains");
  core::require(fault_of(set).empty(), "a set of stains that cannot be separated");
  const cv::Mat stains = matrix_of(set);
  cv::Mat inverse;
  cv::invert(stains, inverse, cv::DECOMP_SVD);  // the pseudo-inverse: least squares
  const std::size_t n = set.stains.size();
  // 255 and 65535 are steps of 1; a float picture has no step, and an 8-bit one is what it is likened to.
  const double half_step = image.bits == 32 ? image.full_scale() / 510.0 : 0.5;

  Separation out;
  out.amounts.assign(n, Plane(image.width, image.height));
  out.density = Plane(image.width, image.height);
  std::size_t black = 0;
  double squares = 0.0;
  for (std::size_t i = 0; i < image.width * image.height; ++i) {
    Rgb od{};
    bool dark = false;
    for (std::size_t c = 0; c < 3; ++c) {
      const double value = image.channels[c].plane.values[i];
      dark = dark || value <= 0.0;
      od[c] = -std::log10((value <= 0.0 ? half_step : value) / light(c, i));
    }
    black += dark ? 1 : 0;
    Rgb rest = od;
    for (std::size_t k = 0; k < n; ++k) {
      double amount = 0.0;
      for (std::size_t c = 0; c < 3; ++c)
        amount += inverse.at<double>(static_cast<int>(k), static_cast<int>(c)) * od[c];
      out.amounts[k].values[i] = static_cast<float>(amount);
      for (std::size_t c = 0; c < 3; ++c)
        rest[c] -= amount * stains.at<double>(static_cast<int>(c), static_cast<int>(k));
    }
    out.density.values[i] = static_cast<float>((od[0] + od[1] + od[2]) / 3.0);
    squares += (rest[0] * rest[0] + rest[1] * rest[1] + rest[2] * rest[2]) / 3.0;
  }
  const auto pixels = static_cast<double>(image.width * image.height);
  out.residual = std::sqrt(squares / pixels);
  out.black = static_cast<double>(black) / pixels;
  return out;
}

std::optional<double> ratio(double sum, std::size_t n) {
  if (n == 0) return std::nullopt;
  return sum / static_cast<double>(n);
}

}  // namespace

std::span<const StainSet> stain_sets() {
  static const std::vector<StainSet> sets{
      {"h-dab", {{"haematoxylin", haematoxylin}, {"DAB", dab}}},
      {"h-e", {{"haematoxylin", haematoxylin}, {"eosin", eosin_slides}}},
      {"h-e-dab", {{"haematoxylin", haematoxylin}, {"eosin", eosin_2001}, {"DAB", dab}}}};
  return sets;
}

const StainSet* find_stain_set(std::string_view name) {
  const auto sets = stain_sets();
  const auto at =
      std::find_if(sets.begin(), sets.end(), [&](const StainSet& set) { return set.name == name; });
  return at == sets.end() ? nullptr : &*at;
}

std::string fault_of(const StainSet& set) {
  if (set.stains.empty() || set.stains.size() > 3)
    return "one to three stains can be told apart in three colours";
  for (const Stain& stain : set.stains) {
    const Rgb& v = stain.vector;
    if (!std::all_of(v.begin(), v.end(), [](double x) { return std::isfinite(x); }))
      return "the vector of " + stain.name + " is not finite";
    const double square = v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
    if (!(square > 1e-12) || !std::isfinite(square))
      return "the vector of " + stain.name + " has no direction";
  }
  cv::Mat sizes;
  cv::SVD::compute(matrix_of(set), sizes);
  const double smallest = sizes.at<double>(sizes.rows - 1);
  if (sizes.at<double>(0) > largest_condition * smallest)
    return "the stain vectors are too much alike to be told apart";
  return {};
}

Separation separate(const Image& image, const StainSet& set, const Rgb& white) {
  core::require(white[0] > 0.0 && white[1] > 0.0 && white[2] > 0.0, "a white point that is not positive");
  return separated(image, set, [&](std::size_t c, std::size_t) { return white[c]; });
}

Separation separate(const Image& image, const StainSet& set, const Image& blank) {
  require_valid(blank);
  core::require(blank.colour && blank.width == image.width && blank.height == image.height,
                "the picture of the empty field differs in size or colour");
  for (const Channel& channel : blank.channels)
    core::require(*std::min_element(channel.plane.values.begin(), channel.plane.values.end()) > 0.0F,
                  "the picture of the empty field has black pixels");
  return separated(image, set, [&](std::size_t c, std::size_t i) {
    return static_cast<double>(blank.channels[c].plane.values[i]);
  });
}

std::optional<double> StainMeasure::positive_share() const {
  return ratio(static_cast<double>(positive), tissue);
}
std::optional<double> StainMeasure::mean_density() const {
  return ratio(sum, tissue);
}
std::optional<double> StainMeasure::positive_density() const {
  return ratio(positive_sum, positive);
}

StainMeasure measure_stain(const Plane& amount, const Mask& tissue, double threshold) {
  core::require(amount.width == tissue.width && amount.height == tissue.height, "a mask differs in size");
  StainMeasure out;
  out.threshold = threshold;
  for (std::size_t i = 0; i < amount.size(); ++i) {
    if (tissue.values[i] == 0) continue;
    const double value = amount.values[i];
    ++out.tissue;
    out.sum += value;
    if (value > threshold) {
      ++out.positive;
      out.positive_sum += value;
    }
  }
  return out;
}

}  // namespace stroma::imaging
