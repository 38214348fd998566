#include "assays/qpcr/qpcr.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "assays/noise.hpp"
#include "core/errors.hpp"
#include "core/maths.hpp"
#include "core/random.hpp"
#include "stats/descriptive.hpp"

namespace stroma::assays {
namespace {

constexpr double wide_triplicate = 0.5;  // cycles from the mean; the usual limit for repeating a well
constexpr double greatest_ct = 60.0;     // no machine runs longer

struct Group {
  std::string arm;
  int replicate;
  std::string gene;
  std::vector<double> cts;
};

void check_rows(std::span<const CtRow> table, core::Diagnostics& problems) {
  std::set<std::tuple<std::string, int, std::string, int>> seen;
  for (const CtRow& row : table) {
    const std::string where =
        fmt::format("{}, replicate {}, {}, well {}", row.arm, row.replicate, row.gene, row.technical);
    if (!seen.insert({row.arm, row.replicate, row.gene, row.technical}).second)
      problems.add("duplicate-well", {}, row.arm, where + " is given twice");
    if (row.ct && !(*row.ct > 0.0 && *row.ct < greatest_ct))
      problems.add("bad-ct", {}, row.arm,
                   fmt::format("{}: a Ct of {} is outside (0, {})", where, *row.ct, greatest_ct));
  }
}

void require_named(std::string_view name, const std::vector<std::string>& names, const char* code,
                   const char* what, core::Diagnostics& problems) {
  if (std::find(names.begin(), names.end(), name) == names.end())
    problems.add(code, {}, std::string(name), fmt::format("the table has no {} '{}'", what, name),
                 core::did_you_mean(name, names));
}

// Technical repeats together, in the order of the table.
std::vector<Group> group_rows(std::span<const CtRow> table) {
  std::vector<Group> groups;
  for (const CtRow& row : table) {
    auto found = std::find_if(groups.begin(), groups.end(), [&](const Group& g) {
      return g.arm == row.arm && g.replicate == row.replicate && g.gene == row.gene;
    });
    if (found == groups.end())
      found = groups.insert(groups.end(), Group{row.arm, row.replicate, row.gene, {}});
    if (row.ct) found->cts.push_back(*row.ct);
  }
  return groups;
}

void warn(const Group& group, core::Diagnostics& warnings) {
  const std::string where = fmt::format("{}, replicate {}, {}", group.arm, group.replicate, group.gene);
  if (group.cts.empty()) {
    warnings.add("undetermined", {}, group.arm, where + " is undetermined in every well");
    return;
  }
  const double mean = stats::mean(group.cts);
  for (const double ct : group.cts)
    if (std::abs(ct - mean) > wide_triplicate) {
      warnings.add("wide-triplicate", {}, group.arm,
                   fmt::format("{}: a Ct of {:.2f} beside a mean of {:.2f}", where, ct, mean),
                   "repeat the wells");
      return;
    }
}

const Group* find(const std::vector<Group>& groups, const std::string& arm, int replicate,
                  std::string_view gene) {
  for (const Group& group : groups)
    if (group.arm == arm && group.replicate == replicate && group.gene == gene) return &group;
  return nullptr;
}

}  // namespace

std::vector<CtRow> run_qpcr(std::span<const QpcrSample> samples, std::span<const std::string> targets,
                            const QpcrInstrument& instrument, std::uint64_t seed) {
  std::vector<CtRow> table;
  for (std::size_t s = 0; s < samples.size(); ++s) {
    core::require(samples[s].specimen != nullptr, "qPCR needs lysates");
    const Specimen& lysate = *samples[s].specimen;
    const std::uint64_t sample = core::name_key(fmt::format("{}\n{}", samples[s].arm, samples[s].replicate));
    core::Stream hand(seed, core::Purpose::pipetting, sample);
    // Equal masses of RNA go in, so an amount is per cell; without cells there is none.
    const double input = (lysate.counts().total() > 0.0 ? 1.0 : 0.0) * dispense(hand, instrument.input_cv);
    for (std::size_t g = 0; g <= targets.size(); ++g) {
      const bool housekeeping = g == targets.size();
      const double amount = input * (housekeeping ? 1.0 : lysate_mean(lysate, targets[g]));
      const double reference = housekeeping ? instrument.housekeeping_ct : instrument.target_ct;
      const std::string& gene = housekeeping ? instrument.housekeeping : targets[g];
      core::Stream machine(core::derive_seed(seed, core::name_key(gene)), core::Purpose::instrument, sample);
      for (int technical = 1; technical <= instrument.technical; ++technical) {
        const double ct = reference - core::maths::log2(amount) + instrument.noise_sd * machine.normal();
        CtRow row{samples[s].arm, samples[s].replicate, gene, technical, std::nullopt};
        if (ct <= instrument.cycles) row.ct = ct;
        table.push_back(std::move(row));
      }
    }
  }
  return table;
}

QpcrAnalysis analyse_qpcr(std::span<const CtRow> table, std::string_view housekeeping,
                          std::string_view reference_arm) {
  core::Diagnostics problems;
  check_rows(table, problems);
  std::vector<std::string> genes, arms;
  for (const CtRow& row : table) {
    genes.push_back(row.gene);
    arms.push_back(row.arm);
  }
  require_named(housekeeping, genes, "no-housekeeping-gene", "gene", problems);
  require_named(reference_arm, arms, "no-reference-arm", "arm", problems);
  problems.throw_if_any();

  QpcrAnalysis out;
  const std::vector<Group> groups = group_rows(table);
  for (const Group& group : groups) {
    warn(group, out.warnings);
    if (group.gene == housekeeping) continue;
    QpcrReadout readout{group.arm, group.replicate, group.gene, std::nullopt, std::nullopt, std::nullopt};
    const Group* keeper = find(groups, group.arm, group.replicate, housekeeping);
    if (!keeper)
      out.warnings.add(
          "undetermined", {}, group.arm,
          fmt::format("{}, replicate {} was not run for {}", group.arm, group.replicate, housekeeping));
    else if (!keeper->cts.empty() && !group.cts.empty())
      readout.dct = stats::mean(group.cts) - stats::mean(keeper->cts);
    out.readouts.push_back(std::move(readout));
  }
  for (QpcrReadout& readout : out.readouts) {
    std::vector<double> reference;
    for (const QpcrReadout& other : out.readouts)
      if (other.arm == reference_arm && other.gene == readout.gene && other.dct)
        reference.push_back(*other.dct);
    if (!readout.dct || reference.empty()) continue;
    readout.ddct = *readout.dct - stats::mean(reference);
    readout.fold = core::maths::exp2(-*readout.ddct);
  }
  return out;
}

}  // namespace stroma::assays
