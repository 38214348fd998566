// The screen for genes that change alike in several series as a report: volcanoes, overlaps, a heat map of
// what is common, and the ranking against the list of known genes.
#pragma once

#include <string>
#include <vector>

#include "assays/expression/targets.hpp"
#include "report/document.hpp"

namespace stroma::report {

/// `list_name`: what the list of known genes is, for captions. Everything that is said is read from the
/// results.
Section targets_section(const std::vector<assays::ExpressionResult>& series, const assays::Targets& targets,
                        const assays::TargetCriteria& criteria, const std::string& list_name);

/// What was done, to paste into a manuscript.
std::string targets_methods(const std::vector<assays::ExpressionResult>& series,
                            const assays::TargetCriteria& criteria, const std::string& list_name);

/// The result in two or three sentences.
std::string targets_summary(const std::vector<assays::ExpressionResult>& series,
                            const assays::Targets& targets);

}  // namespace stroma::report
