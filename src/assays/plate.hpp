// A plate as a reader and its operator leave it: optical densities and the map that says what is in each
// well. CCK-8 and ELISA share it, and so does a user's own plate. Simulated plates have 96 wells, a user's
// own 96 or 384.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"

namespace stroma::assays {

inline constexpr int plate_rows = 8, plate_columns = 12, plate_wells = plate_rows * plate_columns;

/// A well: row 0 is A, column 0 is 1.
struct Position {
  int row = 0, column = 0;
  /// Of a plate of 96 wells, row by row.
  std::size_t index() const { return static_cast<std::size_t>(row * plate_columns + column); }
  friend auto operator<=>(const Position&, const Position&) = default;
};

/// How many wells a plate has.
struct PlateFormat {
  int rows = plate_rows, columns = plate_columns;
  std::size_t wells() const { return static_cast<std::size_t>(rows * columns); }
  bool contains(Position p) const {
    return p.row >= 0 && p.row < rows && p.column >= 0 && p.column < columns;
  }
  std::size_t index(Position p) const { return static_cast<std::size_t>(p.row * columns + p.column); }
  Position position(std::size_t i) const {
    return {static_cast<int>(i) / columns, static_cast<int>(i) % columns};
  }
  friend bool operator==(const PlateFormat&, const PlateFormat&) = default;
};
inline constexpr PlateFormat plate_96{}, plate_384{16, 24};

Position position_of(std::size_t index);   ///< of well 0..95 of a plate of 96, row by row
std::string to_string(Position position);  ///< "B7"
/// "B7", "b07"; nothing for anything else or a well that the plate does not have.
std::optional<Position> parse_position(std::string_view text, PlateFormat format = plate_96);

enum class WellRole { empty, blank, standard, sample };
std::string_view to_string(WellRole role);
std::optional<WellRole> parse_role(std::string_view text);

/// One well: what the map says and what the reader read.
struct PlateWell {
  WellRole role = WellRole::empty;
  std::string arm;                 ///< what was put in, in the operator's words
  int replicate = 1;               ///< independent experiment
  int technical = 1;               ///< repeat within it
  std::optional<double> dose;      ///< nM (or ng/mL, as `Plate::dose_unit`) of the plate's drug
  std::optional<double> standard;  ///< ng/mL; standards of an ELISA
  double dilution = 1.0;           ///< factor >= 1 by which a sample was diluted
  std::optional<double> od;        ///< reading; none in an empty well
  bool over_range = false;         ///< the reader's limit was exceeded; `od` is that limit
};

/// A plate that has been read.
struct Plate {
  std::string name;
  std::string substance;         ///< the drug of a dose response or the analyte of an ELISA
  double wavelength = 450.0;     ///< nm
  std::string dose_unit = "uM";  ///< in which doses are shown; one of mass where the map says so
  std::string standard_unit =
      "ng/mL";  ///< in which the map gives the highest standard, and readouts are shown
  std::vector<PlateWell> wells{
      static_cast<std::size_t>(plate_wells)};  ///< row by row, as many as `format` has
  PlateFormat format;
  PlateWell& at(Position p) { return wells[format.index(p)]; }
  const PlateWell& at(Position p) const { return wells[format.index(p)]; }
};

/// Where the samples and blanks of a plate go. `groups` has one entry per sample: samples of one group (an
/// arm and a technical repeat, say) share a row in the order given. Where they fit, groups take the inner
/// wells B2..G11 and blanks the outer column 1; else groups take rows A..H from column 1; else wells are
/// filled row by row, blanks last. Throws InputError ("plate-full") where samples and blanks exceed 96 wells.
struct Arrangement {
  std::vector<Position> samples, blanks;
};
Arrangement arrange(std::span<const std::string> groups, std::size_t blanks);

/// Adds "well-taken-twice" for each well that is named more than once, and "no-such-well" for one outside the
/// plate.
void check_positions(std::span<const Position> positions, std::string_view plate,
                     core::Diagnostics& problems);

}  // namespace stroma::assays
