// What people call things, as names of files.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace stroma::store {

/// Letters, digits and single dashes: names of arms become names of files. Letters beyond ASCII stay as they
/// are.
std::string slug(std::string_view text);

/// Names that are not taken yet: two arms whose names differ only in what a file name cannot say ("2+3",
/// "2/3") get two files, the later one with a number.
class FileNames {
 public:
  std::string fresh(const std::string& wanted);

 private:
  std::set<std::string> taken_;
};

/// The folder of an experiment: its name without what a path cannot hold. "a/plate" keeps its two parts.
std::string folder_name(const std::string& experiment);

}  // namespace stroma::store
