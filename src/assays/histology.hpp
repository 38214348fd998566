// Immunohistochemistry and other stained sections, field by field: white point, stains apart, tissue,
// positive area, density. The integrated optical density (IOD) is the sum of one stain's density over the
// positive pixels.
#pragma once

#include <optional>
#include <string>

#include "assays/picture_fields.hpp"
#include "core/diagnostics.hpp"
#include "imaging/stains.hpp"
#include "imaging/threshold.hpp"

namespace stroma::assays {

struct StainingSetup {
  imaging::StainSet stains;  ///< "h-dab" by default
  std::size_t measured = 1;  ///< which of them is measured
  imaging::ThresholdRule threshold{imaging::ThresholdMethod::fixed,
                                   0.15};  ///< of its density; assumption: above
                                           ///< the brown of unspecific binding
  double tissue = 0.05;                    ///< mean optical density from which a pixel is tissue; assumption
  std::optional<imaging::Rgb> white;       ///< none: estimated from the empty places of each picture
};

/// One field, measured.
struct StainedField {
  FieldSample sample;
  imaging::White white;
  imaging::StainMeasure stain;
  double residual = 0.0;  ///< optical density that no stain explains
  std::optional<double> um_per_pixel;
  std::size_t pixels = 0;          ///< of the picture
  imaging::Mask tissue, positive;  ///< what was measured, to be drawn over the picture

  double picture_share() const;                 ///< positive pixels / pixels of the picture
  std::optional<double> positive_area() const;  ///< um^2; none where the pixels' size is not known
};

/// Measures one field. `blank`: a picture of an empty field, or null. Warnings: no-empty-place (the white
/// point is a guess), no-tissue, black-pixels, other-colours (the residual exceeds half of the mean density
/// of the tissue: other stains, or vectors that are not these). Throws core::InputError for a picture that is
/// not in colour (not-in-colour) or a blank of another size or with black pixels (bad-blank).
StainedField measure_stained_field(const imaging::Image& image, const FieldSample& sample,
                                   const StainingSetup& setup, const imaging::Image* blank,
                                   core::Diagnostics& warnings);

/// The readouts of fields: positive area (% of tissue), mean density of the tissue, mean density of the
/// positive area, IOD (per tissue pixel, comparable between fields), with the stain's name.
std::vector<FieldReadout> stain_readouts(std::span<const StainedField> fields, const std::string& stain);

}  // namespace stroma::assays
