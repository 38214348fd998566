// Reads the text files of NIST's Statistical Reference Datasets kept in tests/data/nist, and counts correct
// digits as NIST does (log relative error).
#pragma once

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "test_paths.hpp"

namespace nist {

inline std::vector<std::string> lines_of(const std::string& name) {
  const std::string path = std::string(STROMA_SOURCE_DIR) + "/tests/data/nist/" + name;
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

inline std::vector<double> numbers(const std::string& text) {
  std::istringstream in(text);
  std::vector<double> v;
  for (double x = 0.0; in >> x;) v.push_back(x);
  return v;
}

/// The number that follows the first ':' or '=' of the first line that begins with `key`; throws if there is
/// none.
inline double certified(const std::vector<std::string>& lines, const std::string& key) {
  for (const std::string& line : lines) {
    if (!line.starts_with(key)) continue;
    const auto colon = line.find_first_of(":=", key.size());
    if (colon == std::string::npos) continue;
    const auto v = numbers(line.substr(colon + 1));
    if (!v.empty()) return v.front();
  }
  throw std::runtime_error("no certified value for " + key);
}

/// Significant digits on which two numbers agree, at most 15.
inline double digits(double value, double expected) {
  if (value == expected) return 15.0;
  const double scale = expected != 0.0 ? std::abs(expected) : 1.0;
  return std::min(15.0, -std::log10(std::abs(value - expected) / scale));
}

}  // namespace nist
