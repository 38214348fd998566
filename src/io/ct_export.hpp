// Ct tables: Stroma's own (arm, replicate, gene, technical, ct) and those of machines, where lines about the
// instrument stand before a header with well, sample, target and Ct (QuantStudio and StepOne: "Sample Name",
// "Target Name", "CT"; CFX: "Sample", "Target", "Cq"; LightCycler: "Name", "Gene", "Cp").
#pragma once

#include <string>
#include <vector>

#include "assays/qpcr/qpcr.hpp"
#include "assays/qpcr/qpcr_relative.hpp"
#include "core/reading.hpp"
#include "io/sheet.hpp"

namespace stroma::io {

/// What a table of a run holds: lysates, and a dilution series where the task column says "standard".
struct CtExport {
  std::vector<assays::CtRow> rows;
  std::vector<assays::QpcrStandard> standards;
  std::size_t skipped = 0;              ///< lines that are no samples and no standards
  std::vector<std::string> endogenous;  ///< housekeeping genes that the instrument's program was told
  std::string reference;                ///< arm of the sample that it was told is the reference; may be empty
  core::Understanding understanding;  ///< columns, lysates, and every well that was left out with its reason
};

/// Reads either form. Machines know samples and not arms: `samples` (sample, arm, replicate) says what they
/// are; where it has no text, the groups of the instrument do (Biological Set Name, Biogroup Name: each
/// sample is a replicate of its group), or a sample is called ARM_REPLICATE, such as "CAF_2" (or "CAF 2",
/// where all are). Wells that a column omits, does not include, or whose task or content is no sample (NTC,
/// NRT, negative and positive controls) are left out and listed. Where no column names the gene and there are
/// several fluors, they are the genes. Throws InputError: no-ct-table, unknown-sample, sample-name,
/// no-samples, bad-reading and those of tables.
CtExport read_ct_export(const NamedText& text, const NamedText& samples);

/// gene, quantity (relative, > 0), ct: a dilution series of its own.
std::vector<assays::QpcrStandard> read_ct_standards(const NamedText& text);

}  // namespace stroma::io
