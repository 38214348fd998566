// Where signal begins: thresholds that a histogram of grey values suggests. A value above the threshold is
// signal.
//   Otsu      largest variance between the two classes (Otsu, IEEE Trans. Syst. Man Cybern. 9:62, 1979)
//   Li        least cross entropy between picture and its two-valued form, by the fixed point of Li & Tam
//   (Pattern
//             Recognit. Lett. 19:771, 1998), on values above the smallest
//   triangle  the value farthest from the line between the histogram's peak and its far end (Zack et al., J.
//             Histochem. Cytochem. 25:741, 1977), for a small bright share
//   mean-sd   mean + k standard deviations
// Histograms of Otsu, Li and the triangle end at the values that all but 1 in 20 000 lie between; what lies
// beyond counts at the ends. Their range would else be that of a single hot or dead pixel.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "imaging/image.hpp"

namespace stroma::imaging {

enum class ThresholdMethod { fixed, otsu, li, triangle, mean_sd };

/// A way to find a threshold. `value`: the threshold itself (fixed) or k (mean_sd); unused otherwise.
struct ThresholdRule {
  ThresholdMethod method = ThresholdMethod::otsu;
  double value = 0.0;
};

/// "otsu", "li", "triangle", "mean+2.5sd", or a number; nothing for anything else.
std::optional<ThresholdRule> parse_threshold(std::string_view text);
std::string to_string(const ThresholdRule& rule);  ///< the reverse

/// The threshold of finite values; for Otsu and Li right to one bin of a 65536th of their range (exact for
/// integers of up to 16 bits), for the triangle to a 256th. Values without spread give their own value:
/// nothing is above it. Throws core::InternalError without values.
double threshold_of(const ThresholdRule& rule, std::span<const float> values);

/// How far a threshold lies above the middle of the values below it, in standard deviations of a pixel's
/// noise (a robust one, of the differences between neighbours). Nothing where there is no noise, or no value
/// below.
std::optional<double> clear_of_noise(const Plane& plane, double threshold, const Mask* within = nullptr);

}  // namespace stroma::imaging
