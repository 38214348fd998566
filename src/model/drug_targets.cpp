// drug_targets.csv: what a drug binds, in which mode and how tightly.
#include <fmt/format.h>

#include "model/builder.hpp"

namespace stroma::model {

void Builder::read_drug_targets() {
  const core::Table& table = files.drug_targets;
  if (!usable(table, drug_target_columns())) return;
  FirstSeen seen;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const core::Row row(table, r, problems);
    DrugTarget target;
    target.id = read_row_id(row);
    target.drug = resolve(drugs, row, "drug", row.required_text("drug"));
    if (!refuse_resistance(row, "target", "node"))
      target.node = resolve(nodes, row, "target", row.required_text("target"));
    const std::string mode = row.choice("mode", {"inhibits_activity", "activates", "competes"});
    target.mode = mode == "activates"  ? TargetMode::activates
                  : mode == "competes" ? TargetMode::competes
                                       : TargetMode::inhibits_activity;
    const Index substance =
        target.drug == none ? none : model.drugs[static_cast<std::size_t>(target.drug)].substance;
    const Parameter ic50 = read_number(row, "ic50", concentration_spec(substance));
    target.ic50 = ic50.value;
    target.provenance = ic50.provenance;
    target.hill = row.text("hill").empty() && mode == "competes"
                      ? 1.0
                      : read_strength(row, "hill", hill_power(), {0.0, 10.0});
    if (mode == "competes" && target.hill != 1.0)
      row.wrong("hill", "competition-has-hill-1",
                "a competitive antagonist enters Gaddum's equation as B/K: hill is 1");
    target.grade = read_grade(row);
    if (target.drug != none && target.node != none) {
      const std::string key = fmt::format("{} {} {}", target.drug, target.node, mode);
      if (const auto first = seen.earlier(key, row.place("target")))
        report_duplicate(
            problems, row, "target",
            fmt::format("'{}' of drug '{}' in mode {}", row.text("target"), row.text("drug"), mode), *first);
    }
    model.drug_targets.push_back(std::move(target));
  }
}

}  // namespace stroma::model
