// qPCR as the road sees it: a table of threshold cycles of each system, one fold of each arm, replicate and
// gene.
#include <fmt/format.h>

#include "assays/descriptors.hpp"
#include "assays/raw_tables.hpp"

namespace stroma::assays {
namespace {

using Table = std::vector<CtRow>;

Raw run_cycler(const Order& order) {
  std::vector<QpcrSample> samples;
  for (const Sample& s : order.samples) samples.push_back({s.specimen, s.named, s.replicate + 1});
  std::vector<std::string> genes;
  for (const Target& target : order.question.targets) genes.push_back(target.name);
  return run_qpcr(samples, genes, QpcrInstrument{}, order.seed_of(order.system));
}

Analysis analyse_table(const Raw& raw, const Question& question) {
  const QpcrAnalysis table =
      analyse_qpcr(std::any_cast<const Table&>(raw), QpcrInstrument{}.housekeeping, question.reference);
  Analysis out;
  out.warnings = table.warnings;
  for (const QpcrReadout& r : table.readouts)
    out.readings.push_back({r.gene, r.arm, r.replicate - 1, r.fold, r.fold ? std::string() : "not detected"});
  return out;
}

std::vector<RawFiles> files_of(const Raw& raw, const Order& order) {
  return {{order.system + " ct", {{".csv", write_ct_table(std::any_cast<const Table&>(raw))}}}};
}

}  // namespace

Descriptor qpcr_assay() {
  Descriptor a;
  a.name = a.analysis = "qpcr";
  a.title = "qPCR";
  a.signal = "Ct = Ct_ref - log2(transcript per cell x RNA input)";
  a.noise = "input 15 % (common to all genes of a sample), 0.15 cycles per well";
  a.constants = "QpcrInstrument";
  a.needs = Needs::lysate;
  a.targets = TargetKind::nodes;
  a.relative = true;
  a.one_well = true;
  a.metric = "qpcr";
  a.unit = "fold";
  a.words = {"{} (qPCR)", "{}", "{} (fold of untreated, 2^-ΔΔCt)", 1.0};
  a.ratios = true;
  a.methods = [](const Question& question, const std::string& targets) {
    return fmt::format("qPCR of {} against GAPDH, as 2^-ΔΔCt against '{}'", targets, question.reference);
  };
  a.instrument = run_cycler;
  a.analyse = analyse_table;
  a.files = files_of;
  return a;
}

}  // namespace stroma::assays
