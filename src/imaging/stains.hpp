// Stains separated by their colour. Light through a section is dimmed by Beer-Lambert's law, in each colour
// channel c
//   OD_c = -log10(I_c / I0_c) = sum over stains k of a_k v_kc,     |v_k| = 1,
// and the amounts a_k are what least squares says of the three optical densities: the inverse of the matrix
// of stain vectors where there are three, the projection on their plane where there are two. Source: Ruifrok
// & Johnston, Anal Quant Cytol Histol 23:291 (2001).
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "imaging/image.hpp"

namespace stroma::imaging {

using Rgb = std::array<double, 3>;

/// A stain and the direction of its optical density in red, green, blue; any length > 0, made 1 when used.
struct Stain {
  std::string name;
  Rgb vector{};
};

/// One to three stains; the first is what is measured unless the caller names another.
struct StainSet {
  std::string name;
  std::vector<Stain> stains;
};

/// The sets that have a name: "h-dab", "h-e", "h-e-dab". Haematoxylin, DAB and the eosin of h-e-dab as
/// published by Ruifrok & Johnston 2001; the eosin of h-e as measured on scanned slides (QuPath's default,
/// Bankhead et al., Sci Rep 7:16878, 2017), the one that Stroma's own sections are drawn with.
std::span<const StainSet> stain_sets();
/// The set of that name, or null.
const StainSet* find_stain_set(std::string_view name);

/// What is wrong with a set: no stain or more than three, a component that is not finite, a vector without
/// length, or vectors so alike that a change of 1 % in a colour would change an amount by more than half
/// (condition number of the matrix above 50). Empty where nothing is.
std::string fault_of(const StainSet& set);

/// A colour picture as amounts of stain.
struct Separation {
  std::vector<Plane>
      amounts;            ///< optical density of each stain, in the order of the set; noise may be below 0
  Plane density;          ///< mean optical density of the three channels
  double residual = 0.0;  ///< root mean square optical density that no stain of the set explains
  double black = 0.0;     ///< share of pixels with a channel at 0: their true density is not known (>= shown)
};

/// Separates a colour picture. A channel that reads 0 counts as half a grey value (1/510 of full scale at 8
/// bits), since no density is known of it. `white` > 0 in every channel. Throws core::InternalError for a
/// picture that is not in colour, a set with a fault or a white point that is not positive.
Separation separate(const Image& image, const StainSet& set, const Rgb& white);

/// As `separate`, with the light measured pixel by pixel in a picture of an empty field of the same size,
/// without black pixels.
Separation separate(const Image& image, const StainSet& set, const Image& blank);

/// What one stain says about the pixels under a mask.
struct StainMeasure {
  std::size_t tissue = 0;     ///< pixels under the mask
  std::size_t positive = 0;   ///< of them, above the threshold
  double threshold = 0.0;     ///< optical density
  double sum = 0.0;           ///< of the density over the tissue
  double positive_sum = 0.0;  ///< over the positive pixels: the integrated optical density (IOD)

  std::optional<double> positive_share() const;    ///< positive / tissue, [0, 1]; none without tissue
  std::optional<double> mean_density() const;      ///< over the tissue
  std::optional<double> positive_density() const;  ///< over the positive pixels; none where there are none
};

/// Measures the amounts of one stain: positive is above `threshold`.
StainMeasure measure_stain(const Plane& amount, const Mask& tissue, double threshold);

}  // namespace stroma::imaging
