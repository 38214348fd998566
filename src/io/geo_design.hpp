// The design of a comparison within a GEO series: which samples stand against which, and what they share. A
// characteristic that names people or animals (patient, donor, mouse) and has samples on both sides is a
// block: the comparison is made within it.
#pragma once

#include <string>

#include "assays/expression/expression.hpp"
#include "core/diagnostics.hpp"
#include "core/reading.hpp"

namespace stroma::io {

/// Sets the blocks of `groups`: the annotation `wanted`, none where it is "none", found by name where it is
/// empty. Problems: unknown-annotation, no-blocks (the annotation asked for has no value with samples of both
/// sides), repeated-subjects (found: one subject has several samples on its only side, which are not
/// independent; with the options that say what is meant).
void find_blocks(const assays::ExpressionSeries& series, const std::string& wanted,
                 assays::SampleGroups& groups, core::Diagnostics& problems);

/// Says who is compared: both groups with their samples, those in neither, blocks.
void say_groups(const assays::ExpressionSeries& series, const assays::SampleGroups& groups,
                const assays::ExpressionResult& result, const std::string& wanted_block,
                core::Understanding& understanding);

}  // namespace stroma::io
