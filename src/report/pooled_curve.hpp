#pragma once

#include <vector>

#include "report/document.hpp"

namespace stroma::report {

/// The curve that a figure draws through the points of all experiments of an arm: a logistic fit with its 95
/// % band, from half the lowest dose above zero to 1.2 times the highest. Doses in the figure's unit, one
/// response (per cent) each. Empty where there is no dose above zero or the points determine no curve.
std::vector<CurveSample> pooled_curve(const std::vector<double>& doses, const std::vector<double>& responses);

}  // namespace stroma::report
