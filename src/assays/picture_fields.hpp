// Fields of view and the animals that they come from. Several fields of one animal (or dish) are repeated
// looks at one subject and no independent replicates: they are averaged, and arms are compared by subjects.
// Source: Lazic, BMC Neurosci. 11:5 (2010), on pseudo-replication.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/diagnostics.hpp"
#include "imaging/threshold.hpp"

namespace stroma::assays {

/// Where a picture comes from, in the words of the sample sheet.
struct FieldSample {
  std::string file;
  std::string arm;
  std::string subject;  ///< animal, dish or experiment; empty: not said
  std::string field;    ///< of the subject
};

/// One value per field, absent where the field has none.
struct FieldReadout {
  std::string name;  ///< "DAB-positive area (% of tissue)"
  std::vector<std::optional<double>> values;
};

struct SubjectMean {
  std::string arm, subject;
  std::size_t fields = 0;  ///< with a value
  double mean = 0.0;
};

/// Means over the fields of each subject, in the order of the samples. A sample without a subject is a
/// subject of its own. Subjects without any value are left out.
std::vector<SubjectMean> subject_means(std::span<const FieldSample> samples,
                                       std::span<const std::optional<double>> values);

/// Warnings about who is compared: fields-as-subjects where an arm has several fields and no subject is
/// named, so that fields would be counted as animals; one-field where subjects have one field each;
/// subject-in-two-arms.
void check_subjects(std::span<const FieldSample> samples, core::Diagnostics& warnings);

/// Whether what a mask or a threshold is differs between arms, by subjects: the largest mean of an arm is
/// more than a quarter above the smallest, or, by a tenth at least, a Welch test of the two says p < 0.05.
/// In words ("vehicle 20.1, drug 79.8, p = 3e-08"); nothing where it does not, or where there is one arm.
/// A headline that is a share of such a mask compares different things then.
std::optional<std::string> mask_difference(std::span<const FieldSample> samples,
                                           std::span<const std::optional<double>> values);

/// The first three names, and how many more there are.
std::string names_of_files(std::span<const std::string> files);

/// Warns where an automatic threshold lies within three standard deviations of the pixels' noise above the
/// background: it divides noise then. `channel`: of the picture `file`; `option`: gives a fixed threshold.
void check_threshold(const imaging::Plane& plane, const imaging::ThresholdRule& rule, double threshold,
                     const imaging::Mask* within, const std::string& file, const std::string& channel,
                     const std::string& option, core::Diagnostics& warnings);

}  // namespace stroma::assays
