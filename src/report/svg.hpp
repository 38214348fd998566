// Figures drawn without a browser: the embedded renderer runs in Node and writes one SVG per figure.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "report/figures.hpp"

namespace stroma::report {

/// Draws every figure into `folder`/<id>.svg (the folder must exist) with the program `node`, a path or a
/// name to look up in PATH. The files are the ones that the page offers for download. Throws core::IoError
/// where Node cannot be started or a file cannot be written, core::InternalError where a figure cannot be
/// drawn.
void write_svgs(const std::vector<FigureFile>& figures, const std::filesystem::path& folder,
                const std::string& node = "node");

}  // namespace stroma::report
