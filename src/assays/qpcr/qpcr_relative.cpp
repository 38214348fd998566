#include "assays/qpcr/qpcr_relative.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "stats/descriptive.hpp"
#include "stats/straight_line.hpp"

namespace stroma::assays {
namespace {

constexpr double usual_low = 1.8, usual_high = 2.1;  // 80 to 110 %: what MIQE and kit makers accept

struct Wells {
  double mean = 0.0;
  std::optional<double> variance;  ///< of the mean; none for one well
};

using Key = std::tuple<std::string, int, std::string>;

std::map<Key, Wells> means_of(std::span<const CtRow> table) {
  std::map<Key, std::vector<double>> cts;
  for (const CtRow& row : table)
    if (row.ct) cts[{row.arm, row.replicate, row.gene}].push_back(*row.ct);
  std::map<Key, Wells> out;
  for (const auto& [key, values] : cts) {
    Wells& wells = out[key];
    wells.mean = stats::mean(values);
    if (values.size() >= 2) wells.variance = stats::variance(values) / static_cast<double>(values.size());
  }
  return out;
}

class Relative {
 public:
  Relative(std::span<const CtRow> table, const std::vector<std::string>& housekeeping,
           const std::map<std::string, Amplification>& amplification)
      : means_(means_of(table)), housekeeping_(housekeeping), amplification_(amplification) {}

  double log2_factor(const std::string& gene) const {
    const auto found = amplification_.find(gene);
    return found == amplification_.end() ? 1.0 : std::log2(found->second.factor);
  }
  double log2_se(const std::string& gene) const {
    const auto found = amplification_.find(gene);
    return found == amplification_.end() ? 0.0 : found->second.log2_se;
  }
  const Wells* wells(const std::string& arm, int replicate, const std::string& gene) const {
    const auto found = means_.find({arm, replicate, gene});
    return found == means_.end() ? nullptr : &found->second;
  }

  std::optional<double> dct(const std::string& arm, int replicate, const std::string& gene) const {
    const Wells* target = wells(arm, replicate, gene);
    if (!target) return std::nullopt;
    double keepers = 0.0;
    for (const std::string& keeper : housekeeping_) {
      const Wells* found = wells(arm, replicate, keeper);
      if (!found) return std::nullopt;
      keepers += log2_factor(keeper) * found->mean;
    }
    return log2_factor(gene) * target->mean - keepers / static_cast<double>(housekeeping_.size());
  }

  // Wells of one sample: the variance of a mean Ct times log2(E)^2, and of log2(E) times the distance from
  // the reference's mean Ct squared; housekeeping genes count 1/H each.
  std::optional<double> variance(const std::string& arm, int replicate, const std::string& gene,
                                 const std::map<std::string, double>& reference) const {
    double total = 0.0;
    const double share = 1.0 / static_cast<double>(housekeeping_.size());
    const auto add = [&](const std::string& name, double weight) {
      const Wells* found = wells(arm, replicate, name);
      if (!found || !found->variance) return false;
      const auto origin = reference.find(name);
      const double away = origin == reference.end() ? 0.0 : found->mean - origin->second;
      total += weight * weight *
               (std::pow(log2_factor(name), 2) * *found->variance + std::pow(away * log2_se(name), 2));
      return true;
    };
    if (!add(gene, 1.0)) return std::nullopt;
    for (const std::string& keeper : housekeeping_)
      if (!add(keeper, share)) return std::nullopt;
    return total;
  }

 private:
  std::map<Key, Wells> means_;
  const std::vector<std::string>& housekeeping_;
  const std::map<std::string, Amplification>& amplification_;
};

// Mean Ct of each gene in the reference arm.
std::map<std::string, double> reference_cts(std::span<const CtRow> table, const std::string& arm) {
  std::map<std::string, std::vector<double>> cts;
  for (const CtRow& row : table)
    if (row.arm == arm && row.ct) cts[row.gene].push_back(*row.ct);
  std::map<std::string, double> out;
  for (const auto& [gene, values] : cts) out[gene] = stats::mean(values);
  return out;
}

void check_amplification(const std::map<std::string, Amplification>& amplification,
                         core::Diagnostics& problems, core::Diagnostics& warnings) {
  for (const auto& [gene, a] : amplification) {
    if (!(a.factor > 1.0 && a.factor <= 2.5))
      problems.add(
          "bad-efficiency", {}, gene,
          fmt::format("{}: an amplification factor of {:.3g} per cycle; it must be above 1 and at most 2.5 "
                      "(2 is an efficiency of 100 %)",
                      gene, a.factor));
    else if (a.factor < usual_low || a.factor > usual_high)
      warnings.add("poor-efficiency", {}, gene,
                   fmt::format("{} is amplified with an efficiency of {:.0f} %; 80 to 110 % is usual", gene,
                               100.0 * (a.factor - 1.0)),
                   "look at the dilution series and the primers");
  }
}

}  // namespace

std::map<std::string, Amplification> amplification_of(std::span<const QpcrStandard> standards) {
  std::map<std::string, std::vector<const QpcrStandard*>> genes;
  for (const QpcrStandard& s : standards) genes[s.gene].push_back(&s);
  core::Diagnostics problems;
  std::map<std::string, Amplification> out;
  for (const auto& [gene, wells] : genes) {
    std::set<double> quantities;
    std::vector<double> x, y;
    for (const QpcrStandard* s : wells) {
      quantities.insert(s->quantity);
      x.push_back(std::log10(s->quantity));
      y.push_back(s->ct);
    }
    if (quantities.size() < 3) {
      problems.add("too-few-standards", {}, gene,
                   fmt::format("{} has {} different quantities in its dilution series; a line needs three",
                               gene, quantities.size()));
      continue;
    }
    const stats::StraightLine line = stats::fit_straight_line(x, y);
    if (!(line.slope < 0.0)) {
      problems.add("bad-standards", {}, gene,
                   fmt::format("{}: Ct does not rise as the template is diluted (slope {:.3g} per tenfold)",
                               gene, line.slope));
      continue;
    }
    Amplification a;
    a.slope = line.slope;
    a.factor = std::pow(10.0, -1.0 / line.slope);
    a.wells = line.n;
    a.r_squared = line.r_squared;
    // log2(E) = -log2(10) / slope
    a.log2_se = std::log2(10.0) / (line.slope * line.slope) * line.slope_se;
    out[gene] = a;
  }
  problems.throw_if_any();
  return out;
}

RelativeAnalysis analyse_relative(std::span<const CtRow> table, const std::vector<std::string>& housekeeping,
                                  const std::string& reference_arm,
                                  const std::map<std::string, Amplification>& amplification) {
  RelativeAnalysis out;
  core::Diagnostics problems;
  check_amplification(amplification, problems, out.warnings);
  problems.throw_if_any();
  // The table's own checks, arms, genes and scatter of wells are those of the plain analysis, per keeper.
  for (std::size_t h = 0; h < housekeeping.size(); ++h) {
    const QpcrAnalysis plain = analyse_qpcr(table, housekeeping[h], reference_arm);
    if (h == 0)
      for (const core::Diagnostic& w : plain.warnings.entries()) out.warnings.add(w);
  }
  const Relative relative(table, housekeeping, amplification);
  const std::map<std::string, double> reference = reference_cts(table, reference_arm);
  std::set<Key> seen;
  for (const CtRow& row : table) {
    const bool keeper = std::find(housekeeping.begin(), housekeeping.end(), row.gene) != housekeeping.end();
    if (keeper || !seen.insert({row.arm, row.replicate, row.gene}).second) continue;
    RelativeReadout readout{row.arm, row.replicate, row.gene, {}, {}, {}, {}};
    readout.dct = relative.dct(row.arm, row.replicate, row.gene);
    if (const auto variance = relative.variance(row.arm, row.replicate, row.gene, reference))
      readout.ddct_se = std::sqrt(*variance);
    out.readouts.push_back(std::move(readout));
  }
  for (RelativeReadout& readout : out.readouts) {
    std::vector<double> base;
    for (const RelativeReadout& other : out.readouts)
      if (other.arm == reference_arm && other.gene == readout.gene && other.dct) base.push_back(*other.dct);
    if (!readout.dct || base.empty()) continue;
    readout.ddct = *readout.dct - stats::mean(base);
    readout.fold = std::exp2(-*readout.ddct);
  }
  return out;
}

}  // namespace stroma::assays
