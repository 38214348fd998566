#include "assays/expression/targets.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <unordered_map>

#include "core/errors.hpp"

namespace stroma::assays {
namespace {

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// What every series says of one gene; null where a series did not measure it.
struct Everywhere {
  std::string name;
  std::vector<const GeneTest*> tests;
};

// Ordered by name, so that results do not depend on the order of a hash.
std::map<std::string, Everywhere> by_gene(const std::vector<ExpressionResult>& series) {
  std::map<std::string, Everywhere> genes;
  for (std::size_t s = 0; s < series.size(); ++s)
    for (const GeneTest& test : series[s].genes) {
      Everywhere& e = genes[upper(test.gene)];
      if (e.tests.empty()) {
        e.name = test.gene;
        e.tests.assign(series.size(), nullptr);
      }
      if (e.tests[s] == nullptr) e.tests[s] = &test;
    }
  return genes;
}

TargetGene target_of(const Everywhere& e, Change change) {
  TargetGene g;
  g.gene = e.name;
  g.change = change;
  g.p_worst = 0.0;
  for (const GeneTest* test : e.tests) {
    g.log2_change.push_back(test->log2_change);
    g.p_adjusted.push_back(test->p_adjusted);
    g.mean_change += test->log2_change / static_cast<double>(e.tests.size());
    g.p_worst = std::max(g.p_worst, test->p_adjusted);
  }
  return g;
}

std::vector<Overlap> overlaps(const std::map<std::vector<std::size_t>, std::vector<std::string>>& regions) {
  std::vector<Overlap> out;
  for (const auto& [in, genes] : regions) out.push_back({in, genes});
  return out;
}

}  // namespace

Change change_of(const GeneTest& gene, const TargetCriteria& criteria) {
  if (!(gene.p_adjusted <= criteria.fdr) || !(std::abs(gene.log2_change) >= criteria.log2_change))
    return Change::none;
  if (gene.log2_change == 0.0) return Change::none;
  return gene.log2_change > 0.0 ? Change::up : Change::down;
}

Targets find_targets(const std::vector<ExpressionResult>& series, const std::vector<ResistanceGene>& list,
                     const TargetCriteria& criteria) {
  core::require(!series.empty(), "find_targets: no series");
  std::unordered_map<std::string, const ResistanceGene*> listed;
  for (const ResistanceGene& gene : list) {
    listed.try_emplace(upper(gene.symbol), &gene);
    for (const std::string& other : gene.also) listed.try_emplace(upper(other), &gene);
  }
  Targets targets;
  std::map<std::vector<std::size_t>, std::vector<std::string>> up, down;
  for (const auto& [key, gene] : by_gene(series)) {
    std::vector<std::size_t> rising, falling;
    bool everywhere = true;
    for (std::size_t s = 0; s < series.size(); ++s) {
      if (gene.tests[s] == nullptr) {
        everywhere = false;
        continue;
      }
      const Change change = change_of(*gene.tests[s], criteria);
      if (change == Change::up) rising.push_back(s);
      if (change == Change::down) falling.push_back(s);
    }
    const auto known = listed.find(key);
    const bool on_list = known != listed.end();
    if (on_list && everywhere) ++targets.listed_and_measured;
    if (rising.size() + falling.size() == series.size() && !rising.empty() && !falling.empty())
      targets.opposed.push_back(gene.name);
    for (const Change change : {Change::up, Change::down}) {
      std::vector<std::size_t> in = change == Change::up ? rising : falling;
      if (in.size() == series.size()) {
        TargetGene target = target_of(gene, change);
        if (on_list) {
          target.known = *known->second;
          target.towards_resistance =
              known->second->influence == (change == Change::up ? Influence::raises : Influence::lowers);
        }
        targets.common.push_back(std::move(target));
      }
      if (on_list) in.push_back(series.size());
      if (!in.empty()) (change == Change::up ? up : down)[in].push_back(gene.name);
    }
  }
  targets.up = overlaps(up);
  targets.down = overlaps(down);
  std::stable_sort(targets.common.begin(), targets.common.end(),
                   [](const TargetGene& a, const TargetGene& b) {
                     return std::pair(a.p_worst, -std::abs(a.mean_change)) <
                            std::pair(b.p_worst, -std::abs(b.mean_change));
                   });
  for (const TargetGene& g : targets.common)
    if (g.known) targets.ranked.push_back(g);
  std::stable_partition(targets.ranked.begin(), targets.ranked.end(),
                        [](const TargetGene& g) { return g.towards_resistance; });
  return targets;
}

}  // namespace stroma::assays
