// Figures drawn without a browser: the embedded renderer runs in Node and gives one SVG per figure.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace stroma::store {

/// A figure to be drawn: the name of its file and its specification as JSON (report/figures.hpp).
struct Drawing {
  std::string id;
  std::string specification;
};

/// Draws every figure into `folder`/<id>.svg (the folder must exist) with the program `node`, a path or a
/// name to look up in PATH. The files are the ones that the page offers for download; the page does without
/// them. Throws core::IoError where Node cannot be started, fails, gives no drawings or takes longer than
/// `patience` (it is then killed), or where a file cannot be written; core::InternalError where a figure
/// cannot be drawn, with those of the others written. Leaves no files but the drawings, in no folder.
void write_svgs(const std::vector<Drawing>& figures, const std::filesystem::path& folder,
                const std::string& node = "node",
                std::chrono::milliseconds patience = std::chrono::seconds(60));

}  // namespace stroma::store
