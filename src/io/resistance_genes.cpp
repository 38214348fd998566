#include "io/resistance_genes.hpp"

#include <fmt/format.h>

#include <map>

#include "io/csv.hpp"

namespace stroma::io {

std::vector<assays::ResistanceGene> read_resistance_genes(std::string_view text, const std::string& file) {
  core::Diagnostics problems;
  const core::Table table = read_csv(text, file, {}, problems);
  if (!core::check_columns(table, {"symbol", "effect", "paper"}, {"also", "role", "section", "statement"},
                           problems))
    problems.throw_if_any();
  std::vector<assays::ResistanceGene> genes;
  std::map<std::string, int> line_of;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const core::Row row(table, r, problems);
    assays::ResistanceGene gene;
    gene.symbol = row.required_text("symbol");
    gene.also = core::split_list(row.text("also"));
    gene.role = row.text("role");
    const std::string effect = row.choice("effect", {"raises", "lowers", "unclear"});
    gene.influence = effect == "raises"   ? assays::Influence::raises
                     : effect == "lowers" ? assays::Influence::lowers
                                          : assays::Influence::unclear;
    gene.source = row.required_text("paper");
    if (const std::string section = row.text("section"); !section.empty()) gene.source += ", " + section;
    gene.statement = row.text("statement");
    if (const auto [at, is_new] = line_of.emplace(gene.symbol, row.place().line); !is_new)
      row.wrong("symbol", "duplicate-gene",
                fmt::format("'{}' stands on line {} already", gene.symbol, at->second));
    genes.push_back(std::move(gene));
  }
  problems.throw_if_any();
  return genes;
}

}  // namespace stroma::io
