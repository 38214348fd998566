// Where a number comes from. Every number of a model has either a source (a key of references.csv) or the word
// "assumption" together with the range in which it may lie.
#pragma once

#include <limits>
#include <string>

#include "core/diagnostics.hpp"

namespace stroma::model {

struct Provenance {
  std::string reference;  ///< a key of references.csv, or "assumption"
  double low = std::numeric_limits<double>::quiet_NaN();   ///< internal units; NaN where no range is stated
  double high = std::numeric_limits<double>::quiet_NaN();
  std::string note;
  core::Place place;
  bool assumed() const { return reference == "assumption"; }
};

/// A number in internal units with its provenance.
struct Parameter {
  double value = 0.0;
  Provenance provenance;
  std::string written;  ///< as the file says it, with its unit
};

/// An entry of references.csv.
struct Reference {
  std::string key, citation, doi, url;
};

}  // namespace stroma::model
