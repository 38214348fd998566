// Ct tables: Stroma's own (arm, replicate, gene, technical, ct) and those of machines, where lines about the
// instrument stand before a header with well, sample, target and Ct (QuantStudio and StepOne: "Sample Name",
// "Target Name", "CT"; CFX: "Sample", "Target", "Cq"; LightCycler: "Name", "Gene", "Cp").
#pragma once

#include <string>
#include <vector>

#include "assays/qpcr.hpp"
#include "assays/qpcr_relative.hpp"
#include "io/sheet.hpp"

namespace stroma::io {

/// What a table of a run holds: lysates, and a dilution series where the task column says "standard".
struct CtExport {
  std::vector<assays::CtRow> rows;
  std::vector<assays::QpcrStandard> standards;
  std::size_t skipped = 0;  ///< lines of controls without template
};

/// Reads either form. Machines know samples and not arms: `samples` (sample, arm, replicate) says what they
/// are; where it has no text, a sample is called ARM_REPLICATE, such as "CAF_2". Throws InputError:
/// no-ct-table, unknown-sample, sample-name, bad-reading and those of tables.
CtExport read_ct_export(const NamedText& text, const NamedText& samples);

/// gene, quantity (relative, > 0), ct: a dilution series of its own.
std::vector<assays::QpcrStandard> read_ct_standards(const NamedText& text);

}  // namespace stroma::io
