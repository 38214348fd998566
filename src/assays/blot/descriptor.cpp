// Western blots as the road sees them: a membrane of each replicate of a system, one share of each arm and
// protein. `share` compares arms across membranes without taking the spread out of the reference.
#include <fmt/format.h>

#include <map>

#include "assays/descriptors.hpp"
#include "assays/raw_tables.hpp"

namespace stroma::assays {
namespace {

using Membranes = std::vector<std::vector<BlotBand>>;

Raw run_membranes(const Order& order) {
  std::vector<std::string> proteins;
  for (const Target& target : order.question.targets) proteins.push_back(target.name);
  std::map<int, std::vector<BlotLane>> lanes;  // by replicate
  for (const Sample& s : order.samples) lanes[s.replicate].push_back({s.specimen, s.named, s.replicate + 1});
  Membranes membranes;
  for (const auto& [r, mine] : lanes)
    membranes.push_back(run_blot(order.title(fmt::format("{} replicate {}", order.system, r + 1)), mine,
                                 proteins, BlotInstrument{},
                                 order.seed_of(fmt::format("{}\n{}", order.system, r))));
  return membranes;
}

Analysis analyse_membranes(const Raw& raw, const Question& question) {
  Analysis out;
  for (const std::vector<BlotBand>& bands : std::any_cast<const Membranes&>(raw)) {
    const BlotAnalysis membrane = analyse_blot(bands, BlotInstrument{}.loading_control, question.reference);
    for (const core::Diagnostic& w : membrane.warnings.entries()) out.warnings.add(w);
    for (const BlotReadout& b : membrane.readouts)
      out.readings.push_back(
          {b.protein, b.arm, b.replicate - 1, b.share, b.share ? std::string() : "no band above background"});
  }
  return out;
}

std::vector<RawFiles> files_of(const Raw& raw, const Order& order) {
  std::vector<BlotBand> all;
  for (const std::vector<BlotBand>& bands : std::any_cast<const Membranes&>(raw))
    all.insert(all.end(), bands.begin(), bands.end());
  return {{order.system + " densitometry", {{".csv", write_densitometry(all)}}}};
}

}  // namespace

Descriptor blot_assay() {
  Descriptor a;
  a.name = a.analysis = "blot";
  a.title = "Western blot";
  a.signal = "gain x protein per cell x loading + background";
  a.noise =
      "loading 10 % (common to a lane), exposure 20 % (common to a protein of a membrane), band 10 %, "
      "background";
  a.constants = "BlotInstrument";
  a.needs = Needs::lysate;
  a.targets = TargetKind::nodes;
  a.relative = true;
  a.one_well = true;
  a.metric = "blot";
  a.unit = "1";
  a.words = {"{} (Western blot)", "{}", "{} / β-actin (membrane mean = 1)", {}};
  a.ratios = a.within_replicate = true;
  a.methods = [](const Question&, const std::string& targets) {
    return fmt::format("Western blot of {}, densities relative to β-actin", targets);
  };
  a.instrument = run_membranes;
  a.analyse = analyse_membranes;
  a.files = files_of;
  return a;
}

// Measured data only: nothing simulates it yet.
Descriptor blot_picture_assay() {
  Descriptor a;
  a.name = a.analysis = "blot-picture";
  a.title = "pictures of blots";
  return a;
}

}  // namespace stroma::assays
