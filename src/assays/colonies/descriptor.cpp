// Colony formation as the road sees it: a counting sheet of each system, one rate of each arm and replicate.
#include "assays/descriptors.hpp"
#include "assays/raw_tables.hpp"

namespace stroma::assays {
namespace {

using Sheet = std::vector<ColonyCount>;

Raw count(const Order& order) {
  Sheet sheet;
  for (const Sample& s : order.samples)
    sheet.push_back(count_colonies(*s.specimen, s.named, s.replicate + 1, s.well + 1, s.plated, {},
                                   order.seed_of(tube_name(order, s))));
  return sheet;
}

Analysis analyse(const Raw& raw, const Question&) {
  Analysis out;
  for (const ColonyRate& rate : analyse_colonies(std::any_cast<const Sheet&>(raw)))
    out.readings.push_back({"", rate.arm, rate.replicate - 1, rate.rate, {}});
  return out;
}

std::vector<RawFiles> files_of(const Raw& raw, const Order& order) {
  return {{order.system + " colonies", {{".csv", write_colony_counts(std::any_cast<const Sheet&>(raw))}}}};
}

}  // namespace

Descriptor colonies_assay() {
  Descriptor a;
  a.name = a.analysis = "colonies";
  a.title = "colony formation";
  a.signal = "lineages with >= 50 live cells";
  a.noise = "each seen with probability 0.98";
  a.constants = "ColonyCounter";
  a.needs = Needs::lineages;
  a.metric = "colony_rate";
  a.unit = "1";
  a.words = {"colony formation rate", "rate of colonies", "colonies / cells plated", {}};
  a.methods = [](const Question&, const std::string&) {
    return "counting colonies of at least 50 cells, divided by the cells plated";
  };
  a.instrument = count;
  a.analyse = analyse;
  a.files = files_of;
  return a;
}

// Measured data only: nothing simulates it yet.
Descriptor colony_picture_assay() {
  Descriptor a;
  a.name = a.analysis = "colony-picture";
  a.title = "pictures of stained colonies";
  return a;
}

}  // namespace stroma::assays
