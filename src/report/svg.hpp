// Figures drawn without a browser: the embedded renderer runs in Node and gives one SVG per figure.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "report/figures.hpp"

namespace stroma::report {

/// Draws every figure into `folder`/<id>.svg (the folder must exist) with the program `node`, a path or a
/// name to look up in PATH. The files are the ones that the page offers for download; the page does without
/// them. Throws core::IoError where Node cannot be started, fails, gives no drawings or takes longer than
/// `patience` (it is then killed), or where a file cannot be written; core::InternalError where a figure
/// cannot be drawn, with those of the others written. Leaves no files but the drawings, in no folder.
void write_svgs(const std::vector<FigureFile>& figures, const std::filesystem::path& folder,
                const std::string& node = "node",
                std::chrono::milliseconds patience = std::chrono::seconds(60));

}  // namespace stroma::report
