// A fluorescence channel: signal above the background, and how much of it lies where another channel has
// signal.
//   Pearson   r of the two channels over the pixels of the marker mask
//   Manders   M1 = share of the first channel's signal in pixels where the second is above its threshold; M2
//   the reverse overlap   pixels above both thresholds / pixels above either
// Sources: Manders et al., J. Microsc. 169:375 (1993); Dunn et al., Am. J. Physiol. Cell 300:C723 (2011).
#pragma once

#include <optional>

#include "imaging/image.hpp"
#include "imaging/threshold.hpp"

namespace stroma::imaging {

enum class BackgroundMethod { none, rolling_ball, median, percentile };

/// What is subtracted before anything is measured.
struct BackgroundRule {
  BackgroundMethod method = BackgroundMethod::rolling_ball;
  double value = 50.0;  ///< rolling ball: radius in pixels, > 0; percentile: 0..100
};

/// "none", "rolling" or "rolling:50", "median", "percentile:10"; nothing for anything else.
std::optional<BackgroundRule> parse_background(std::string_view text);
std::string to_string(const BackgroundRule& rule);  ///< the reverse

/// The plane without its background; negative values stay. The ball rolls under the mean of 3 x 3 pixels, is
/// as wide as its radius to either side, and `step` grey values high for each pixel: 1, as ImageJ takes
/// pictures of 8 and 16 bits and of grey values as floats, whatever the picture's brightest pixel is.
Plane without_background(const Plane& plane, const BackgroundRule& rule, double step = 1.0);

/// The height of the ball's pixel for a picture: 1 grey value; of floats whose scale is 1, a 255th.
double ball_step(const Image& image);

/// What a rolling ball takes from the intensity of objects at most: under one of width w the background rises
/// by step x w^2 / (8 radius), over its area. The width is that of the largest circle inside.
double taken_by_ball(const Mask& signal, double radius, double step);

/// The share of a picture in which its background rises or falls by more than `threshold` within three
/// pixels, [0, 1]. Light does not: objects that the ball fits into were taken for background, and their walls
/// stand in it.
double walls_in_background(const Plane& plane, const Plane& net, double threshold);

/// Signal of one channel under a mask; grey values above the background.
struct SignalMeasure {
  double threshold = 0.0;
  std::size_t pixels = 0;     ///< under the mask
  std::size_t positive = 0;   ///< of them, above the threshold
  double sum = 0.0;           ///< over the mask
  double positive_sum = 0.0;  ///< over the positive pixels: integrated intensity

  std::optional<double> share() const;          ///< positive / pixels
  std::optional<double> mean() const;           ///< over the mask
  std::optional<double> positive_mean() const;  ///< over the positive pixels
};
SignalMeasure measure_signal(const Plane& net, double threshold, const Mask& within);

struct Colocalisation {
  std::size_t pixels = 0;          ///< of the marker mask
  std::optional<double> pearson;   ///< [-1, 1]; none where a channel does not vary
  std::optional<double> manders1;  ///< [0, 1]; none where the first channel has no signal above its threshold
  std::optional<double> manders2;
  std::optional<double> overlap;  ///< [0, 1]; none where neither has
};

/// Both channels without background, each with its own threshold, inside the marker mask only. Manders' sums
/// run over the pixels in which the summed channel is above its threshold.
Colocalisation colocalise(const Plane& first, double first_threshold, const Plane& second,
                          double second_threshold, const Mask& marker);

}  // namespace stroma::imaging
