// Where every substance of a run in space came from and went to, and whose it was.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "report/quantities.hpp"
#include "report/tissue_report.hpp"

namespace stroma::report {
namespace {

struct Entry {
  std::string who, how;
  double amount = 0.0;  ///< nM um^3; what left is negative
};

std::vector<Entry> entries_of(const TissueRun& run, std::size_t f) {
  const fields::Budget& b = run.state.fields.substances[f].budget;
  std::vector<Entry> entries = {{"experimenter", "placed", b.placed}};
  const std::vector<TypeWords> types = types_of(run);
  for (std::size_t k = 0; k < types.size(); ++k) {
    const tissue::CellPort& port = run.state.ports[f][k];
    entries.push_back({types[k].label, "secreted", port.secreted});
    entries.push_back({types[k].label, "cleared", -port.cleared});
    entries.push_back({types[k].label, "consumed", -port.consumed});
    entries.push_back({types[k].label, "entered", -port.entered});
  }
  const tissue::GroundPort& ground = run.state.ground_ports[f];
  entries.push_back({"between the cells", "source", ground.source});
  entries.push_back({"between the cells", "sink", -ground.sink});
  entries.push_back({"between the cells", "consumption", -ground.consumption});
  entries.push_back({"faces", "passed", b.boundary});
  entries.push_back({"medium above", "passed", b.above});
  entries.push_back({"fixed voxels", "passed", b.fixed});
  entries.push_back({"decay", "decayed", -b.decayed});
  entries.push_back({"quasi-steady solves", "storage", b.storage});
  return entries;
}

}  // namespace

Table mass_budget(const TissueRun& run) {
  Table table{
      "mass-budget",
      "Where every substance came from and went to",
      "Amounts since the start; what left is negative. Of cells: entered is drug that is in them now, or "
      "fell apart there. Storage is the change of content that quasi-steady solves do not resolve in "
      "time. What is there now is the sum of the others; the balance is the difference over the "
      "turnover.",
      {"substance", "unit", "who", "how", "amount", "balance"},
      {}};
  for (std::size_t f = 0; f < run.plan.fields.substances.size(); ++f) {
    const double content = run.state.fields.substances[f].content;
    const std::string& name = run.plan.fields.substances[f].name;
    const std::vector<Entry> entries = entries_of(run, f);
    double largest = std::fabs(content), turnover = largest, expected = 0.0;
    for (const Entry& entry : entries) {
      largest = std::max(largest, std::fabs(entry.amount));
      turnover += std::fabs(entry.amount);
      expected += entry.amount;
    }
    // The largest entry has three to five digits before its point, so that the small ones are still seen.
    // What is below the rounding of the others is nothing.
    const DisplayUnit unit = amount_unit(largest / 100.0);
    for (const Entry& entry : entries)
      if (std::fabs(entry.amount) > 1e-14 * turnover)
        table.rows.push_back({name, unit.name, entry.who, entry.how, entry.amount / unit.size, ""});
    table.rows.push_back({name, unit.name, "fields", "there now", content / unit.size,
                          turnover > 0.0 ? (content - expected) / turnover : 0.0});
  }
  return table;
}

}  // namespace stroma::report
