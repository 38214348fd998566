// Immunohistochemistry and other stained sections, field by field: white point, stains apart, tissue,
// positive area, density. The integrated optical density (IOD) is the sum of one stain's density over the
// positive pixels.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assays/picture_fields.hpp"
#include "core/diagnostics.hpp"
#include "imaging/stains.hpp"
#include "imaging/threshold.hpp"
#include "imaging/white.hpp"

namespace stroma::assays {

struct StainingSetup {
  imaging::StainSet stains;  ///< "h-dab" by default
  std::size_t measured = 1;  ///< which of them is measured
  imaging::ThresholdRule threshold{imaging::ThresholdMethod::fixed,
                                   0.15};  ///< of its density; assumption: above
                                           ///< the brown of unspecific binding
  std::optional<double> tissue;  ///< mean optical density from which a pixel is tissue; none: found in each
                                 ///< picture, between its empty place and its palest tissue
  std::optional<imaging::Rgb> white;  ///< none: estimated from the empty places of each picture
};

/// Where a field's white point comes from.
enum class LightBasis {
  given,   ///< --white, or a picture of an empty field
  own,     ///< the picture's empty place
  series,  ///< the median of the pictures that have one
  grey,    ///< no picture has one: a grey lamp behind the palest tissue
  palest,  ///< no picture has one, and nothing says what the light was: the palest place
};

/// The light on one section, and why its palest place may not be empty.
struct SectionLight {
  imaging::White white;
  LightBasis basis = LightBasis::own;
  std::string doubt;  ///< empty where the picture has an empty place
};

/// The light of one picture by itself. Throws core::InputError for a picture that is not in colour
/// (not-in-colour) or black in one (no-light).
SectionLight light_of(const imaging::Image& image, const FieldSample& sample, const StainingSetup& setup);

/// Pictures without an empty place take the median white point of those that have one: a series is taken
/// under one light. Where none has one they keep what they have.
void share_light(std::span<SectionLight> lights);

/// One field, measured.
struct StainedField {
  FieldSample sample;
  imaging::White white;
  LightBasis basis = LightBasis::own;
  imaging::StainMeasure stain;
  double residual = 0.0;  ///< optical density that no stain explains
  std::optional<double> um_per_pixel;
  std::size_t pixels = 0;          ///< of the picture
  double tissue_threshold = 0.0;   ///< mean optical density; 0 where the whole picture is tissue
  double tissue_slack = 0.0;       ///< share by which the tissue grows or shrinks where the threshold is
                                   ///< divided or multiplied by 1.5
  imaging::Mask tissue, positive;  ///< what was measured, to be drawn over the picture

  double picture_share() const;                 ///< positive pixels / pixels of the picture
  double tissue_share() const;                  ///< pixels of tissue / pixels of the picture
  std::optional<double> positive_area() const;  ///< um^2; none where the pixels' size is not known
};

/// Measures one field. `blank`: a picture of an empty field, or null. Where nothing says what the light was
/// the whole picture is tissue, since no place of it is known to be empty. Warnings: no-tissue, black-pixels,
/// other-colours (the residual exceeds half of the mean density of the tissue: other stains, or vectors that
/// are not these). Throws core::InputError as light_of, and for a blank of another size or with black pixels
/// (bad-blank).
StainedField measure_stained_field(const imaging::Image& image, const FieldSample& sample,
                                   const StainingSetup& setup, const SectionLight& light,
                                   const imaging::Image* blank, core::Diagnostics& warnings);

/// What the fields of a series say together, one warning for each cause: no-empty-place, tissue-unsure (the
/// tissue's area hangs on its threshold), tissue-differs (its share of the picture differs between arms, so
/// that a share of it does not compare them), threshold-differs (automatic thresholds do). Returns lines to
/// be printed beside the headline.
std::vector<std::string> check_series(std::span<const StainedField> fields,
                                      std::span<const SectionLight> lights, const StainingSetup& setup,
                                      core::Diagnostics& warnings);

/// The readouts of fields: positive area (% of tissue), mean density of the tissue, mean density of the
/// positive area, IOD (per tissue pixel, comparable between fields), positive area (% of the picture) and
/// tissue (% of the picture), with the stain's name.
std::vector<FieldReadout> stain_readouts(std::span<const StainedField> fields, const std::string& stain);

}  // namespace stroma::assays
