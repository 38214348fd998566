// Flow cytometry: cytograms with their gates, fractions of tubes, arms.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "report/laboratory_mice.hpp"
#include "report/laboratory_plates.hpp"
#include "report/words.hpp"

namespace stroma::report {
namespace {

constexpr std::size_t most_drawn = 50'000;  // events of a cytogram: more look the same
constexpr std::size_t most_scatter = 20'000;

std::vector<float> drawn(const assays::FlowSample& sample, const std::string& channel,
                         std::size_t most = most_drawn) {
  std::size_t c = 0;
  while (sample.channels[c].name != channel) ++c;
  const std::size_t width = sample.channels.size(), events = sample.event_count(),
                    step = (events + most - 1) / most;
  std::vector<float> out;
  for (std::size_t e = 0; e < events; e += step) out.push_back(sample.events[e * width + c]);
  return out;
}

std::string axis_title(const AnalysedTube& tube, const std::string& channel) {
  for (const assays::FlowChannel& c : tube.sample.channels)
    if (c.name == channel)
      return c.stain.empty() ? channel + " (a.u.)" : fmt::format("{}, {} (a.u.)", c.stain, channel);
  return channel;
}

/// The tubes that are drawn: the first replicate of every arm.
std::vector<const AnalysedTube*> first_tubes(const std::vector<AnalysedTube>& tubes) {
  std::map<std::string, int> first;
  for (const AnalysedTube& tube : tubes) {
    const auto [at, is_new] = first.emplace(arm_name(tube.sample.arm, tube.simulated), tube.sample.replicate);
    if (!is_new) at->second = std::min(at->second, tube.sample.replicate);
  }
  std::vector<const AnalysedTube*> out;
  for (const AnalysedTube& tube : tubes)
    if (tube.sample.replicate == first.at(arm_name(tube.sample.arm, tube.simulated))) out.push_back(&tube);
  return out;
}

void set_axes(Flow& flow, double low) {
  double top = 1e3;
  for (const FlowPanel& panel : flow.panels)
    for (const std::vector<float>* values : {&panel.annexin, &panel.pi})
      for (const float v : *values)
        if (std::isfinite(v)) top = std::max(top, static_cast<double>(v));
  flow.low = low > 0.0 && std::isfinite(low) ? low : 1.0;
  flow.high = std::pow(10.0, std::ceil(std::log10(top)));
  flow.columns = static_cast<int>(std::clamp<std::size_t>(flow.panels.size(), 1, 4));
}

std::string drawn_part(std::size_t most = most_drawn) {
  return fmt::format("Of tubes with more than {} events, an evenly spaced part is drawn.", most);
}

Figure cytograms(const std::vector<AnalysedTube>& tubes) {
  Figure figure;
  figure.id = "cytograms";
  figure.title = "Cytograms";
  Flow flow;
  const AnalysedTube& front = tubes.front();
  flow.annexin_title = axis_title(front, front.annexin);
  flow.pi_title = axis_title(front, front.pi);
  for (const AnalysedTube* tube : first_tubes(tubes)) {
    if (tube->sample.event_count() == 0) continue;
    const assays::Quadrants& q = tube->quadrants;
    flow.panels.push_back({fmt::format("#{}", tube->sample.replicate),
                           arm_name(tube->sample.arm, tube->simulated),
                           drawn(tube->sample, tube->annexin),
                           drawn(tube->sample, tube->pi),
                           tube->gate.annexin,
                           tube->gate.pi,
                           {q.live, q.early, q.late, q.necrotic}});
  }
  set_axes(flow, std::min({10.0, 0.5 * front.gate.annexin, 0.5 * front.gate.pi}));
  figure.see = "Lower right: early apoptotic cells; upper right: late apoptotic cells.";
  figure.alt = fmt::format("{} cytograms of annexin V against {} with quadrant fractions.",
                           flow.panels.size(), front.dye);
  figure.caption.text = fmt::format(
      "Density of events on logarithmic axes, first tube of every arm; percentages are fractions of the "
      "events "
      "used in the quadrant. {}",
      drawn_part());
  figure.content = std::move(flow);
  return figure;
}

/// Scatter of the same tubes, debris and all; nothing where no tube has it.
std::optional<Figure> scatter(const std::vector<AnalysedTube>& tubes) {
  Flow flow;
  double low = std::numeric_limits<double>::infinity(), least = missing;
  for (const AnalysedTube* tube : first_tubes(tubes)) {
    if (tube->fsc.empty()) continue;
    flow.annexin_title = axis_title(*tube, tube->forward);
    flow.pi_title = axis_title(*tube, tube->side);
    for (const std::vector<float>* values : {&tube->fsc, &tube->ssc})
      for (const float v : *values)
        if (v > 0.0f) low = std::min(low, static_cast<double>(v));
    if (std::isfinite(tube->least_fsc)) least = tube->least_fsc;
    FlowPanel panel;
    panel.system = fmt::format("#{}", tube->sample.replicate);
    panel.arm = arm_name(tube->sample.arm, tube->simulated);
    panel.annexin = tube->fsc;
    panel.pi = tube->ssc;
    panel.annexin_gate = tube->least_fsc;
    flow.panels.push_back(std::move(panel));
  }
  if (flow.panels.empty()) return std::nullopt;
  set_axes(flow, std::min(low, 0.5 * (std::isfinite(least) ? least : low)));
  Figure figure;
  figure.id = "scatter";
  figure.title = "Scatter";
  figure.see = std::isfinite(least)
                   ? "Left of the line: events taken for debris and left out."
                   : "No gate was set on scatter: debris would be a cloud at the lower left.";
  figure.alt = fmt::format("{} density plots of forward against side scatter.", flow.panels.size());
  figure.caption.text =
      fmt::format("Density of all acquired events on logarithmic axes, first tube of every arm. {}",
                  drawn_part(most_scatter));
  figure.content = std::move(flow);
  return figure;
}

Table tubes_table(const std::vector<AnalysedTube>& tubes) {
  Table table{"tubes",
              "Fractions of every tube",
              "Per cent of the events used.",
              {"file", "arm", "replicate", "acquired", "events used", "annexin gate",
               fmt::format("{} gate", tubes.front().dye), "viable (%)", "early apoptotic (%)",
               "late apoptotic (%)", "necrotic (%)", "apoptotic (%)"},
              {}};
  for (const AnalysedTube& tube : tubes) {
    const assays::Quadrants& q = tube.quadrants;
    const auto percent = [&](double f) { return q.events > 0 ? 100.0 * f : missing; };
    table.rows.push_back({tube.name, arm_name(q.arm, tube.simulated), static_cast<double>(q.replicate),
                          whole(std::max(tube.acquired, q.events)), whole(q.events), tube.gate.annexin,
                          tube.gate.pi, percent(q.live), percent(q.early), percent(q.late),
                          percent(q.necrotic), q.apoptotic ? 100.0 * *q.apoptotic : missing});
  }
  return table;
}

}  // namespace

void keep_scatter(AnalysedTube& tube, std::size_t forward_channel, std::size_t side_channel) {
  tube.forward = tube.sample.channels[forward_channel].name;
  tube.side = tube.sample.channels[side_channel].name;
  tube.fsc = drawn(tube.sample, tube.forward, most_scatter);
  tube.ssc = drawn(tube.sample, tube.side, most_scatter);
}

Section flow_section(const std::vector<AnalysedTube>& tubes, const std::string& reference,
                     core::Diagnostics& warnings) {
  Section section{"flow", "Apoptosis", "", {}, {}, {}};
  section.figures.push_back(cytograms(tubes));
  if (auto figure = scatter(tubes)) section.figures.push_back(std::move(*figure));
  // Tubes of one replicate are repeats: their mean is one value. Arms in the order of the files.
  std::vector<std::string> arms;
  std::map<std::string, std::map<int, std::vector<double>>> values;
  for (const AnalysedTube& tube : tubes) {
    const std::string arm = arm_name(tube.sample.arm, tube.simulated);
    if (std::find(arms.begin(), arms.end(), arm) == arms.end()) arms.push_back(arm);
    if (tube.quadrants.apoptotic)
      values[arm][tube.sample.replicate].push_back(100.0 * *tube.quadrants.apoptotic);
  }
  std::vector<ArmValues> panels;
  for (const std::string& arm : arms)
    for (const auto& [replicate, of_tubes] : values[arm]) {
      double sum = 0.0;
      for (const double v : of_tubes) sum += v;
      add_value(panels, "", arm, sum / static_cast<double>(of_tubes.size()), false);
    }
  add_arms(section, "apoptotic", "Apoptotic cells", "early and late apoptotic (% of events used)", panels,
           reference, {}, warnings);
  section.tables.push_back(tubes_table(tubes));
  return section;
}

}  // namespace stroma::report
