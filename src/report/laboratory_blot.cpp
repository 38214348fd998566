// Densitometry of blots and colony counts: one readout per arm and replicate.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "assays/descriptors.hpp"
#include "report/laboratory_plates.hpp"
#include "stats/descriptive.hpp"

namespace stroma::report {
namespace {

// Shares of a protein in the reference arm of one table, by which the others are divided: the reference is 1
// on average and keeps its own spread.
double reference_share(const AnalysedBlot& blot, const std::string& protein, const std::string& reference) {
  std::vector<double> shares;
  for (const assays::BlotReadout& r : blot.analysis.readouts)
    if (r.protein == protein && r.arm == reference && r.share) shares.push_back(*r.share);
  return shares.empty() ? missing : stats::mean(shares);
}

// One lysate: its lanes averaged, against the reference.
struct Lysate {
  std::string protein, arm;
  double value = 0.0;
  std::string block;  // the membrane, where lanes of several are compared
};

// Where all membranes show the same arms, shares are comparable between them and the reference keeps its
// spread; else every lane is put over the reference of its own membrane. A lysate that was run several times
// is one value. Lanes of membranes without the reference have no value.
std::vector<Lysate> lysates_of(const AnalysedBlot& blot, const std::string& reference) {
  const assays::BlotComparability membranes = assays::compare_membranes(blot.analysis, reference);
  std::map<std::tuple<std::string, std::string, int>, std::set<std::string>> places;
  for (const assays::BlotReadout& r : blot.analysis.readouts)
    places[{r.protein, r.arm, r.replicate}].insert(r.membrane);
  const bool once =
      std::all_of(places.begin(), places.end(), [](const auto& p) { return p.second.size() == 1; });
  std::vector<Lysate> out;
  std::map<std::tuple<std::string, std::string, int>, std::vector<double>> values;
  std::vector<std::tuple<std::string, std::string, int>> order;
  for (const assays::BlotReadout& r : blot.analysis.readouts) {
    const double whole = reference_share(blot, r.protein, reference);
    const double value = membranes.unequal        ? r.relative.value_or(missing)
                         : r.share && whole > 0.0 ? *r.share / whole
                                                  : missing;
    const std::tuple key{r.protein, r.arm, r.replicate};
    if (!values.contains(key)) order.push_back(key);
    values[key];
    if (std::isfinite(value)) values[key].push_back(value);
  }
  for (const auto& key : order) {
    const auto& [protein, arm, replicate] = key;
    if (std::find(blot.apart.begin(), blot.apart.end(), arm) != blot.apart.end()) continue;
    if (values[key].empty()) continue;
    const std::string block = membranes.membranes < 2 ? ""
                              : once                  ? *places[key].begin()
                                                      : fmt::format("replicate {}", replicate);
    out.push_back({protein, arm, stats::mean(values[key]), block});
  }
  return out;
}

// Plating efficiency over that of the reference arm (or the first) in the same replicate.
double surviving_fraction(const AnalysedColonies& sheet, const assays::ColonyRate& rate,
                          const std::string& reference) {
  const auto is_arm = [&](const std::string& arm) {
    return std::any_of(sheet.rates.begin(), sheet.rates.end(),
                       [&](const assays::ColonyRate& r) { return r.arm == arm; });
  };
  const std::string& base = is_arm(reference) ? reference : sheet.rates.front().arm;
  for (const assays::ColonyRate& r : sheet.rates)
    if (r.arm == base && r.replicate == rate.replicate && r.rate > 0.0) return rate.rate / r.rate;
  return missing;
}

}  // namespace

Section blot_section(const std::vector<AnalysedBlot>& blots, const std::string& reference,
                     core::Diagnostics& warnings) {
  Section section{"blot", "Western blot", "", {}, {}, {}};
  Table table{"bands",
              "Bands",
              "Ratio: band over the loading control of its lane, backgrounds subtracted. Share: ratio over "
              "the mean of "
              "all lanes of the membrane, comparable between membranes.",
              {"table", "membrane", "lane", "arm", "replicate", "protein", "ratio", "relative", "share"},
              {}};
  std::vector<ArmValues> panels;
  for (const AnalysedBlot& blot : blots)
    for (const assays::BlotReadout& r : blot.analysis.readouts) {
      table.rows.push_back({blot.name, r.membrane, whole(static_cast<std::size_t>(r.lane)),
                            arm_name(r.arm, blot.simulated), whole(static_cast<std::size_t>(r.replicate)),
                            r.protein, r.ratio.value_or(missing), r.relative.value_or(missing),
                            r.share.value_or(missing)});
    }
  const assays::Descriptor assay = assays::blot_assay();
  for (const AnalysedBlot& blot : blots)
    for (const Lysate& lysate : lysates_of(blot, blot.reference.empty() ? reference : blot.reference))
      add_value(panels, need_names(blots) ? fmt::format("{}: {}", blot.name, lysate.protein) : lysate.protein,
                arm_name(lysate.arm, blot.simulated), lysate.value, assay.ratios, lysate.block);
  add_arms(section, "protein", "Protein against the reference arm", "band / loading control (reference = 1)",
           panels, reference, 1.0, warnings);
  section.tables.insert(section.tables.begin(), std::move(table));
  return section;
}

Section colonies_section(const std::vector<AnalysedColonies>& sheets, const std::string& reference,
                         core::Diagnostics& warnings) {
  Section section{"colonies", "Colony formation", "", {}, {}, {}};
  Table table{"rates",
              "Rates",
              "Plating efficiency: colonies per cell plated, mean over the wells of a replicate. Surviving "
              "fraction: over that of the reference arm in the same sheet and replicate.",
              {"sheet", "arm", "replicate", "wells", "plating efficiency", "surviving fraction"},
              {}};
  std::vector<ArmValues> panels;
  for (const AnalysedColonies& sheet : sheets)
    for (const assays::ColonyRate& r : sheet.rates) {
      const std::string arm = arm_name(r.arm, sheet.simulated);
      table.rows.push_back({sheet.name, arm, whole(static_cast<std::size_t>(r.replicate)), whole(r.wells),
                            r.rate, surviving_fraction(sheet, r, reference)});
      add_value(panels, need_names(sheets) ? sheet.name : "colonies", arm, r.rate, false);
    }
  add_arms(section, "rates", "Colonies formed", "colonies / cells plated", panels, reference, {}, warnings);
  section.tables.insert(section.tables.begin(), std::move(table));
  return section;
}

}  // namespace stroma::report
