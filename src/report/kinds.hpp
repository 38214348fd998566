// The kinds of figure: each has one function that gives its specification and one that gives its data as CSV.
// A specification is data (Vega-Lite v5), so that the page, the SVG files and a notebook draw the same
// figure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "report/document.hpp"
#include "report/palette.hpp"

namespace stroma::report {

nlohmann::json specify(const DoseResponse& figure, const Palette& palette);
nlohmann::json specify(const Bars& figure, const Palette& palette);
nlohmann::json specify(const Flow& figure, const Palette& palette);
nlohmann::json specify(const Plate& figure, const Palette& palette);
nlohmann::json specify(const Network& figure, const Palette& palette);
nlohmann::json specify(const Lines& figure, const Palette& palette);
nlohmann::json specify(const Scatter& figure, const Palette& palette);
nlohmann::json specify(const HeatMap& figure, const Palette& palette);
nlohmann::json specify(const Venn& figure, const Palette& palette);
nlohmann::json specify(const Survival& figure, const Palette& palette);

std::string tabulate(const DoseResponse& figure);
std::string tabulate(const Bars& figure);
std::string tabulate(const Flow& figure);
std::string tabulate(const Plate& figure);
std::string tabulate(const Network& figure);
std::string tabulate(const Lines& figure);
std::string tabulate(const Scatter& figure);
std::string tabulate(const HeatMap& figure);
std::string tabulate(const Venn& figure);
std::string tabulate(const Survival& figure);

/// Effects of all findings with their intervals, one row each.
nlohmann::json specify_forest(const std::vector<Finding>& findings);
std::string tabulate(const std::vector<Finding>& findings);

}  // namespace stroma::report
