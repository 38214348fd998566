// A histological section: what a thin slice through the cells looks like under a bright-field microscope, or
// with one colour per cell type. A cell is a sphere; where cells touch, the border is where their power
// distances d^2 - r^2 are equal, as membranes of packed cells are flat. Light falls through the stains by
// Beer-Lambert: I = I0 10^(-sum of stain amount x stain vector) per colour channel. Stain vectors:
// haematoxylin and DAB from Ruifrok & Johnston, Anal Quant Cytol Histol 23:291 (2001); eosin as measured on
// scanned H&E slides (QuPath's default, Bankhead et al., Sci Rep 7:16878, 2017).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace stroma::assays {

enum class SectionFate : std::uint8_t { live, apoptotic, necrotic };

struct SectionCell {
  double x = 0.0, y = 0.0, z = 0.0;  ///< um
  double radius = 0.0;               ///< um, > 0
  double nucleus = 0.55;             ///< nuclear radius / cell radius, [0, 1]
  SectionFate fate = SectionFate::live;
  std::uint8_t colour = 0;  ///< class (cell type) for the type colours, any number: the palette repeats
  double marker = 0.0;      ///< [0, 1], amount of the stained marker
};

enum class SectionStain : std::uint8_t {
  h_and_e,  ///< cytoplasm pink, nuclei purple; apoptotic cells dense and dark, necrotic ones pale, without
            ///< nuclei
  types,    ///< one colour of the Okabe-Ito palette per class; dead cells dark (apoptotic) or grey (necrotic)
  dab,      ///< the marker brown (DAB) in the cytoplasm over nuclei in blue
};

struct SectionSetup {
  SectionStain stain = SectionStain::h_and_e;
  double plane = 0.0;              ///< z of the middle of the slice, um
  double thickness = 5.0;          ///< um, > 0: a paraffin section
  std::array<double, 2> origin{};  ///< x and y of the picture's top left corner, um; y grows downwards
  std::array<double, 2> size{};    ///< width and height, um, > 0
  double um_per_pixel = 1.0;       ///< > 0
  bool flat = false;  ///< a monolayer seen from above: z is ignored, every cell shows its full disc
  bool scale_bar = true;
  double matrix = 0.07;  ///< eosin of the matrix between the cells, optical density, >= 0
};

struct Raster {
  std::size_t width = 0, height = 0;
  std::vector<std::uint8_t> rgb;  ///< row after row from the top
  double um_per_pixel = 1.0;
};

/// Draws the section, edges antialiased by 3 x 3 samples per pixel. A pure function of its arguments: the
/// order of the cells matters only where two have the same power distance. Throws core::InternalError for
/// sizes that are not positive or a picture above 2^28 pixels.
Raster draw_section(std::span<const SectionCell> cells, const SectionSetup& setup);

/// Length of the scale bar for a picture of this width: 1, 2 or 5 x 10^k, the largest up to a quarter of it.
/// um.
double scale_bar_length(double width);

/// The colour of classes in SectionStain::types, as 0xRRGGBB (Okabe & Ito, Color Universal Design, 2008).
std::uint32_t section_colour(std::uint8_t colour);

/// The colour (R, G, B in [0, 255]) of light through these amounts of stain (optical densities, >= 0).
std::array<double, 3> transmitted(double haematoxylin, double eosin, double dab);

}  // namespace stroma::assays
