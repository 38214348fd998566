// The report of a run in space: sections, growth curves, profiles, probes, mass budget, rules and methods.
// Fields without cells have neither sections nor growth nor rules. Sentences state what was measured; none is
// written in advance of the numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "report/document.hpp"
#include "study/run_record.hpp"
#include "study/tissue_experiment.hpp"
#include "study/tissue_results.hpp"
#include "tissue/tissue.hpp"

namespace stroma::report {

/// Makes a PNG of an 8-bit RGB picture: width, height, 3 width height bytes from the top, size of a pixel in
/// um (io::png_bytes).
using PngEncoder =
    std::function<std::string(std::size_t, std::size_t, std::span<const std::uint8_t>, double)>;

/// Everything that the report of a run is made of; refers to what it is given, which must outlive it.
struct TissueRun {
  const study::TissueExperiment& experiment;
  const tissue::TissuePlan& plan;
  const tissue::TissueState& state;
  const study::RunRecord& record;
  const study::TissueResults& results;
  PngEncoder encode_png;  ///< draws planes of voxels
};

/// The report. A run that has not reached its experiment's duration opens with a warning.
Report make_tissue_report(const TissueRun& run);

// Parts of it, each in a file of its own.

Section tissue_sections(const TissueRun& run);  ///< pictures; without any: nothing in it
Section growth_section(const TissueRun& run);   ///< cells, volumes and radii against time
Section profile_section(const TissueRun& run);  ///< substances and cells against the distance
Section probe_section(const TissueRun& run);    ///< along lines, and planes as pictures
Table mass_budget(const TissueRun& run);        ///< where every substance came from and went to
/// When the last row of one of the run's tables was taken: "at the end", or, where the run stopped before its
/// end and after that row, the time of the row and that of the stop.
std::string when_last(const TissueRun& run, const study::NumberTable& table);
std::string tissue_methods(const TissueRun& run);  ///< paragraphs to paste
std::vector<Reference> tissue_references(const TissueRun& run);

/// Name and label of the type of a population, and its colour in section pictures.
struct TypeWords {
  std::string name, label, colour;
};
std::vector<TypeWords> types_of(const TissueRun& run);

/// Treatments that have begun, as marks on an axis of time in hours: "sorafenib 5 µM". Those at one time
/// share a mark.
std::vector<LineMark> treatment_marks(const TissueRun& run);

}  // namespace stroma::report
