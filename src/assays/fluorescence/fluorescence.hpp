// Fluorescence micrographs, field by field: a signal channel, and where there is one a marker channel that
// says which pixels count.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assays/picture_fields.hpp"
#include "core/diagnostics.hpp"
#include "imaging/fluorescence.hpp"
#include "imaging/objects.hpp"

namespace stroma::assays {

struct FluorescenceSetup {
  std::string signal;  ///< name or number (from 1) of the channel that is measured; empty: the first
  std::optional<std::string> marker;  ///< of the channel whose cells count, such as a nuclear or a CAF marker
  imaging::BackgroundRule background;
  imaging::ThresholdRule signal_threshold, marker_threshold;  ///< of the values above the background
  double least_area = 20.0;                                   ///< of an object, pixels squared
  double largest_area = 1e18;
  bool split = true;  ///< touching objects are told apart
};

struct FluorescentField {
  FieldSample sample;
  std::string signal_name, marker_name;  ///< marker empty where there is none
  imaging::SignalMeasure signal;         ///< over the picture, or inside the marker mask
  imaging::Labels objects;               ///< of the marker, else of the signal
  double marker_threshold = 0.0;
  std::optional<imaging::Colocalisation> overlap;  ///< with a marker
  std::optional<double> um_per_pixel;
  std::size_t field_pixels = 0;  ///< of the whole picture
  imaging::Mask signal_mask, marker_mask;
};

/// Measures one field. Throws core::InputError for a channel that the picture has not (no-such-channel, with
/// its channels). Warnings: saturated-pixels (1 in 1000 at the detector's limit), no-marker, no-signal.
FluorescentField measure_fluorescent_field(const imaging::Image& image, const FieldSample& sample,
                                           const FluorescenceSetup& setup, core::Diagnostics& warnings);

/// What the fields of a series say together: marker-differs (the marker's area differs between arms, so that
/// shares of it do not compare them), threshold-differs (automatic thresholds do, so that "positive" is not
/// the same in both). Returns lines to be printed beside the headline.
std::vector<std::string> check_series(std::span<const FluorescentField> fields,
                                      const FluorescenceSetup& setup, core::Diagnostics& warnings);

/// Readouts of fields: area, mean and integrated intensity, objects, and with a marker the co-localisation.
std::vector<FieldReadout> fluorescence_readouts(std::span<const FluorescentField> fields);

}  // namespace stroma::assays
