// Runs an R script once with CSV files in and out, for tests that take R as their oracle.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "test_paths.hpp"

namespace r_oracle {

using Row = std::vector<std::string>;

/// A folder of its own for the files of one test, removed at the end.
class Scratch {
 public:
  Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "stroma-r-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a scratch folder");
    path_ = pattern;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// Runs tests/crosscheck/r/<script> with the arguments given (no quotes in them); throws with R's own words
/// if it fails.
inline void run(const std::string& script, const std::vector<std::string>& arguments,
                const Scratch& scratch) {
  std::string command =
      "Rscript --vanilla '" + std::string(STROMA_SOURCE_DIR) + "/tests/crosscheck/r/" + script + "'";
  for (const std::string& a : arguments) command += " '" + a + "'";
  const std::string log = scratch.file("log");
  command += " > '" + log + "' 2>&1";
  if (std::system(command.c_str()) != 0) {
    std::ifstream in(log);
    std::stringstream words;
    words << in.rdbuf();
    throw std::runtime_error(script + " failed (is r-base-core installed?): " + words.str());
  }
}

/// Rows of a plain CSV file without its header.
inline std::vector<Row> read_csv(const std::string& path) {
  std::ifstream in(path);
  std::vector<Row> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    Row row;
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
    rows.push_back(row);
  }
  return rows;
}

inline double number(const std::string& cell) {
  return std::strtod(cell.c_str(), nullptr);
}

}  // namespace r_oracle
