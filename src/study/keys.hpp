// The keys of the files of this module, each declared once (core/keys.hpp): the readers, `stroma schema` and
// the tables in docs/ take them from here.
#pragma once

#include <string>
#include <vector>

#include "core/keys.hpp"

namespace stroma::study {

/// An experiment in cultures.
const core::Keys& experiment_keys();
const core::Keys& culture_keys();
const core::Keys& plate_keys();
const core::Keys& plate_treatment_keys();
const core::Keys& plate_arm_keys();
/// Of both settings.
const core::Keys& readout_keys();

/// An experiment in space.
const core::Keys& tissue_keys();
const core::Keys& domain_keys();
const core::Keys& plane_keys();
const core::Keys& medium_keys();
const core::Keys& matrix_keys();
const core::Keys& substance_keys();
const core::Keys& boundary_keys();  ///< { outside, permeability }
const core::Keys& above_keys();     ///< { held or initial, permeability }
const core::Keys& sides_keys();     ///< { x_low, ..., all }
const core::Keys& initial_keys();
const core::Keys& source_keys();
const core::Keys& sink_keys();
const core::Keys& consumption_keys();
const core::Keys& fixed_keys();
const core::Keys& cells_keys();
const core::Keys& attachment_keys();
const core::Keys& tissue_treatment_keys();
const core::Keys& probe_keys();
const core::Keys& output_keys();
const core::Keys& tissue_arm_keys();

/// study.toml with its figures, findings.csv; a calibration with its data.
const core::Keys& study_keys();
const core::Keys& figure_keys();
const core::Keys& finding_columns();
const core::Keys& calibration_keys();
const core::Keys& parameter_keys();
const core::Keys& datum_columns();

/// A concentration, molar or as mass per volume. 1e12 nM at most: water has 5.5e10 of itself, and products of
/// such numbers stay finite.
core::Key concentration_key(std::string name, std::string help);
/// The keys of a region, whose shape is `shape` where the file says none; `more` shapes beside the usual
/// ones.
std::vector<core::Key> region_keys(std::string shape, const std::vector<std::string>& more = {});
/// A point: one length per axis.
core::Key point_key(std::string name, std::string help);
/// Sides of a domain in the order of its faces.
const std::vector<std::string>& side_names();

}  // namespace stroma::study
