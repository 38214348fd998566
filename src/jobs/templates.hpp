// Tables that a person fills in: one set of files per assay, with example values that `analyse` reads as they
// are.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace stroma::jobs {

/// The files of an assay and how to analyse them.
struct AssayTemplate {
  std::string assay;
  std::vector<std::pair<std::string, std::string>>
      files;            ///< (name, text); the first is what `analyse` is given
  std::string options;  ///< further words of the command, such as "--counts elisa-counts.csv"
  std::string advice;   ///< what to replace
  std::string given =
      {};  ///< what `analyse` is given where that is not the first file: the pictures of a sheet
};

/// All assays that have one, in the order of the documentation.
std::vector<AssayTemplate> assay_templates();

}  // namespace stroma::jobs
