// Annexin V and propidium iodide as the road sees them: a rack of tubes of each system and replicate with the
// controls on which its gates are set, one apoptotic fraction of each arm.
#include <fmt/format.h>

#include "assays/descriptors.hpp"

namespace stroma::assays {
namespace {

struct Rack {
  GatingControls controls;
  std::vector<FlowSample> tubes;
};

struct Gated {
  QuadrantGate gate;
  std::vector<Quadrants> quadrants;  // as the tubes
};

Raw acquire_rack(const Order& order) {
  const FlowInstrument cytometer;
  Rack rack;
  rack.controls = acquire_controls(
      cytometer, order.seed_of(fmt::format("controls\n{}\n{}", order.system, order.replicate)));
  for (const Sample& s : order.samples)
    rack.tubes.push_back(acquire(*s.specimen, s.named, s.replicate + 1, s.well + 1, cytometer,
                                 order.seed_of(tube_name(order, s))));
  return rack;
}

std::optional<double> mean(const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  double sum = 0.0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

Analysis analyse_rack(const Raw& raw, const Question&) {
  const auto& rack = std::any_cast<const Rack&>(raw);
  Gated gated{set_gate(rack.controls.unstained, rack.controls.live), {}};
  struct Arm {
    std::string name;
    int replicate;
    std::vector<double> fractions;  // of technical tubes
  };
  std::vector<Arm> arms;
  for (const FlowSample& tube : rack.tubes) {
    gated.quadrants.push_back(analyse_flow(tube, gated.gate));
    if (arms.empty() || arms.back().name != tube.arm || arms.back().replicate != tube.replicate)
      arms.push_back({tube.arm, tube.replicate, {}});
    if (const auto apoptotic = gated.quadrants.back().apoptotic) arms.back().fractions.push_back(*apoptotic);
  }
  Analysis out;
  for (const Arm& arm : arms) {
    const std::optional<double> fraction = mean(arm.fractions);
    out.readings.push_back(
        {"", arm.name, arm.replicate - 1, fraction, fraction ? std::string() : "no events"});
  }
  out.details = std::move(gated);
  return out;
}

// One tube of an arm is drawn and written; the quadrants of all are kept.
void thin(Raw& raw) {
  auto& rack = std::any_cast<Rack&>(raw);
  rack.controls = {};
  for (FlowSample& tube : rack.tubes)
    if (tube.replicate > 1 || tube.technical > 1) tube.events = {};
}

std::vector<RawFiles> files_of(const Raw& raw, const Order& order) {
  std::vector<RawFiles> out;
  for (const FlowSample& tube : std::any_cast<const Rack&>(raw).tubes)
    if (!tube.events.empty())
      out.push_back(
          {fmt::format("{} {} replicate {:02}", order.system, tube.arm, tube.replicate), {{".fcs", tube}}});
  return out;
}

Pictures pictures_of(const Raw& raw, const Analysis& analysis) {
  const auto& rack = std::any_cast<const Rack&>(raw);
  const auto& gated = std::any_cast<const Gated&>(analysis.details);
  Pictures out;
  for (std::size_t i = 0; i < rack.tubes.size(); ++i)
    if (!rack.tubes[i].events.empty())
      out.cytograms.push_back({rack.tubes[i], gated.gate, gated.quadrants[i]});
  return out;
}

}  // namespace

Descriptor annexin_assay() {
  Descriptor a;
  a.name = "annexin";
  a.analysis = "flow";
  a.title = "annexin V / PI";
  a.signal = "FSC-A, SSC-A, FITC-A, PI-A, lognormal by fate";
  a.noise = "which cells are drawn (without replacement, at most 10 000), stain";
  a.constants = "FlowInstrument";
  a.batch = Batch::system_and_replicate;
  a.metric = "apoptotic_fraction";
  a.unit = "1";
  a.words = {"apoptotic fraction (annexin V)", "apoptotic fraction", "apoptotic cells (fraction)", {}};
  a.methods = [](const Question&, const std::string&) {
    return "flow cytometry after annexin V-FITC and propidium iodide";
  };
  a.instrument = acquire_rack;
  a.analyse = analyse_rack;
  a.files = files_of;
  a.thin = thin;
  a.pictures = pictures_of;
  return a;
}

}  // namespace stroma::assays
