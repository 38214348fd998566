// What leaves the incubator: the true content of one vessel, without any noise, and small enough (a few kB)
// to be stored for every vessel of a study. Instruments read specimens; analyses never do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stroma::assays {

/// Simulated cells by fate. To a cytometer or a dye a cell is what its fate is, so counts say all.
struct FateCounts {
  std::int64_t live = 0, early_apoptotic = 0, late_apoptotic = 0, necrotic = 0;
  std::int64_t total() const { return live + early_apoptotic + late_apoptotic + necrotic; }
  friend bool operator==(const FateCounts&, const FateCounts&) = default;
};

/// The cells of one type in a vessel.
struct CellSpecimen {
  std::string cell_type;
  double pipetted = 0.0;           ///< real cells put into the vessel, before attachment
  FateCounts fates;                ///< simulated cells; times Specimen::scale times `weight` for real ones
  double weight = 1.0;             ///< of a type that is simulated by more cells than its share, below 1
  std::vector<std::string> nodes;  ///< network nodes of the cell type
  /// Mean activity [0, 1] of each node over all cells that have not fallen apart, dying ones included (a
  /// lysate takes them all); 0 where there is no cell. Summed in double in the order of the cells.
  std::vector<double> lysate;
  /// Live cells of each lineage that has any, in the order of the lineages; empty unless asked for.
  std::vector<std::int32_t> lineage_sizes;
  friend bool operator==(const CellSpecimen&, const CellSpecimen&) = default;
};

/// Cells by fate in the unit of a specimen's `scale`: simulated ones times the weight of their type.
struct CellCounts {
  double live = 0.0, early_apoptotic = 0.0, late_apoptotic = 0.0, necrotic = 0.0;
  double total() const { return live + early_apoptotic + late_apoptotic + necrotic; }
};

/// Total (free and bound) concentration of one substance in the medium.
struct Analyte {
  std::string substance;
  double concentration = 0.0;  ///< nM
  friend bool operator==(const Analyte&, const Analyte&) = default;
};

/// The content of one vessel at one time.
struct Specimen {
  double scale = 1.0;    ///< real cells that one simulated cell stands for, > 0
  double minutes = 0.0;  ///< age of the culture
  std::vector<CellSpecimen> cells;
  std::vector<Analyte> medium;
  double serum = 0.0;   ///< volume fraction
  double volume = 0.0;  ///< um^3 of real medium: that of the simulation times `scale`

  CellCounts counts() const;  ///< over all cell types
  double pipetted() const;    ///< over all cell types, real cells
  double real_cells() const { return scale * counts().total(); }
  bool is_weighted() const;  ///< some type has another weight than 1
  friend bool operator==(const Specimen&, const Specimen&) = default;
};

/// Mean activity of a node per cell in the lysate of a vessel, over all cell types (a type without the node
/// counts as 0); 0 in a vessel without cells. Throws InputError ("unknown-node", with "did you mean") where
/// no cell type has it.
double lysate_mean(const Specimen& specimen, std::string_view node);

/// Total concentration [nM] of a substance. Throws InputError ("unknown-substance") where the medium does not
/// list it.
double medium_concentration(const Specimen& specimen, std::string_view substance);

/// The specimen as bytes: a versioned, little-endian record with a 128-bit checksum. Equal specimens give
/// equal bytes.
std::string encode(const Specimen& specimen);

/// The reverse; encode(decode(x)) == x. Throws InputError ("specimen-damaged", "specimen-version") for
/// anything else than what `encode` of this version wrote; never allocates more than a few times the size of
/// `bytes`.
Specimen decode(std::string_view bytes);

}  // namespace stroma::assays
