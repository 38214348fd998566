// What an instrument is handed: samples as they stand on the bench, and what is asked of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "assays/plate.hpp"
#include "assays/specimen.hpp"

namespace stroma::assays {

/// One tube, well or piece at the time at which the assay is taken.
struct Sample {
  std::string arm;                   ///< without its dose
  std::string named;                 ///< the arm at its dose: "arm, 4 uM"
  double dose = 0.0;                 ///< nM
  int replicate = 0;                 ///< independent experiment, 0-based
  int well = 0;                      ///< technical repeat within it, 0-based
  std::int64_t plated = 0;           ///< cells that the protocol put in
  std::optional<Position> position;  ///< where the protocol names the well of a plate
  const Specimen* specimen = nullptr;
};

/// What is measured: a node or a substance of the model.
struct Target {
  std::string name;
  double molar_mass = 0.0;  ///< pg per nM um^3; 0 for a node, or where the model has none
};

/// What is asked, of simulated and of measured samples alike.
struct Question {
  std::vector<Target> targets;
  std::string reference;  ///< arm to which the others are relative, or empty
  double dilution = 1.0;  ///< factor >= 1
};

/// One run of an instrument.
struct Order {
  Question question;
  std::string experiment;       ///< its name, for labels
  std::string system;           ///< what is tested, such as a cell line
  int replicate = -1;           ///< 0-based; -1: all of them
  std::string at;               ///< the time in words where the assay is taken at several, else empty
  std::string drug;             ///< of the series of doses, or empty
  std::vector<Sample> samples;  ///< at least one; those that failed are not among them
  std::uint64_t seed = 0;       ///< of the study
  std::string seed_name;        ///< the assay and its time: what a run's draws belong to

  /// The seed of a part of the run that is called `what`; it depends on names alone.
  std::uint64_t seed_of(const std::string& what) const;
  /// What a person calls a plate or a membrane: "EXPERIMENT what at 24 h".
  std::string title(const std::string& what) const;
};

/// What a tube is called in its draws.
std::string tube_name(const Order& order, const Sample& sample);

}  // namespace stroma::assays
