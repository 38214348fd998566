// What the bench is handed, whatever it was taken from: a well of a plate, the supernatant of a flask, a
// spheroid. Measuring starts here and knows neither vessels nor engines.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assays/plate.hpp"
#include "assays/specimen.hpp"
#include "core/time.hpp"
#include "study/readout_spec.hpp"

namespace stroma::study {

/// One tube, well or piece of one replicate, with what it held at the times at which it was looked at.
struct Sample {
  std::string system;       ///< what is tested, such as a cell line; empty for medium of no system
  std::string arm;          ///< without its dose
  std::string dose_words;   ///< as the protocol writes it, "4 uM"; empty where the arm has no series of doses
  double dose = 0.0;        ///< nM
  int replicate = 0;        ///< independent experiment, 0-based
  int well = 0;             ///< technical repeat within it, 0-based
  std::int64_t plated = 0;  ///< cells that the protocol put into what was simulated
  std::optional<assays::Position> position;     ///< where the protocol names the well of a plate
  std::span<const core::Tick> times;            ///< ascending; as `specimens`
  std::span<const assays::Specimen> specimens;  ///< the truth at each time; none where it failed
  std::string failure;                          ///< why there is nothing; empty where there is

  bool finished() const { return failure.empty(); }
  /// The arm at its dose, as an assay without dose axis calls it: "arm, 4 uM".
  std::string named() const { return dose_words.empty() ? arm : arm + ", " + dose_words; }
};

/// Who is compared with whom, how often, and what is read: all that a laboratory needs to know of an
/// experiment.
struct Protocol {
  struct Arm {
    std::string name;
    std::vector<double> doses;            ///< nM; none where the arm has no series
    std::vector<std::string> dose_words;  ///< as `doses`
  };
  std::string name;                  ///< of the experiment, for labels
  std::vector<std::string> systems;  ///< none where medium of no system is read
  std::vector<Arm> arms;
  std::string drug;  ///< of the series of doses, or empty
  int replicates = 1;
  std::vector<ReadoutSpec> readouts;
};

}  // namespace stroma::study
