// Where a number comes from. Every number of a model has either a source (a key of references.csv) or the
// word "assumption" together with the range in which it may lie.
#pragma once

#include <limits>
#include <string>

#include "core/diagnostics.hpp"

namespace stroma::model {

struct Provenance {
  /// Keys of references.csv joined by "; ". "assumption" stands for, or first among, them where the number is
  /// assumed.
  std::string reference;
  double low = std::numeric_limits<double>::quiet_NaN();  ///< internal units; NaN where no range is stated
  double high = std::numeric_limits<double>::quiet_NaN();
  std::string note;
  core::Place place;
  bool assumed() const { return reference == "assumption" || reference.starts_with("assumption;"); }
};

/// A number in internal units with its provenance.
struct Parameter {
  double value = 0.0;
  Provenance provenance;
  std::string written;  ///< as the file says it, with its unit
};

/// From low to high, both included, internal units.
struct Interval {
  double low = 0.0, high = 0.0;
  bool contains(double x) const { return x >= low && x <= high; }
};

/// An entry of references.csv.
struct Reference {
  std::string key, citation, doi, url;
  core::Place place;
};

}  // namespace stroma::model
