// Lists of genes that change how cells answer a drug, such as data/resistance_genes.csv: symbol, also (other
// names, separated by ';'), role, effect (raises, lowers, unclear), paper, section, statement.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assays/expression/targets.hpp"

namespace stroma::io {

/// Throws core::InputError with every problem: those of read_csv, missing columns, an empty symbol or paper,
/// an effect that is none, a symbol given twice.
std::vector<assays::ResistanceGene> read_resistance_genes(std::string_view text, const std::string& file);

}  // namespace stroma::io
