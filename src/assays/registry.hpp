// The assays that a program knows: a value that is handed on, never a global.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "assays/descriptor.hpp"

namespace stroma::assays {

class Registry {
 public:
  /// Throws InputError ("assay-there-already") where an assay of this name, or one whose metric has the same
  /// name, is there, and InternalError where an assay with an instrument lacks an analysis, its metric or
  /// files.
  void add(Descriptor descriptor);
  /// Null where there is none.
  std::shared_ptr<const Descriptor> find(std::string_view name) const;
  const std::vector<std::shared_ptr<const Descriptor>>& all() const { return all_; }
  /// Names of those that can be simulated, in the order in which they were added.
  std::vector<std::string> simulated_names() const;

 private:
  std::vector<std::shared_ptr<const Descriptor>> all_;
};

/// The assays of this program.
Registry built_in();

}  // namespace stroma::assays
