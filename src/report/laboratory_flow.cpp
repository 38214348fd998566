// Flow cytometry: cytograms with their gates, fractions of tubes, arms.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "report/laboratory_mice.hpp"
#include "report/laboratory_plates.hpp"
#include "report/words.hpp"

namespace stroma::report {
namespace {

constexpr std::size_t most_drawn = 50'000;  // events of a cytogram: more look the same

std::vector<float> drawn(const assays::FlowSample& sample, const std::string& channel) {
  std::size_t c = 0;
  while (sample.channels[c].name != channel) ++c;
  const std::size_t width = sample.channels.size(), events = sample.event_count(),
                    step = (events + most_drawn - 1) / most_drawn;
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

Figure cytograms(const std::vector<AnalysedTube>& tubes) {
  Figure figure;
  figure.id = "cytograms";
  figure.title = "Cytograms";
  Flow flow;
  flow.annexin_title = axis_title(tubes.front(), tubes.front().annexin);
  flow.pi_title = axis_title(tubes.front(), tubes.front().pi);
  int first = tubes.front().sample.replicate;
  for (const AnalysedTube& tube : tubes) first = std::min(first, tube.sample.replicate);
  double top = 1e3;
  for (const AnalysedTube& tube : tubes) {
    if (tube.sample.replicate != first || tube.sample.event_count() == 0) continue;
    const assays::Quadrants& q = tube.quadrants;
    FlowPanel panel{fmt::format("#{}", tube.sample.replicate),
                    arm_name(tube.sample.arm, tube.simulated),
                    drawn(tube.sample, tube.annexin),
                    drawn(tube.sample, tube.pi),
                    tube.gate.annexin,
                    tube.gate.pi,
                    {q.live, q.early, q.late, q.necrotic}};
    for (const std::vector<float>* values : {&panel.annexin, &panel.pi})
      for (const float v : *values) top = std::max(top, static_cast<double>(v));
    flow.panels.push_back(std::move(panel));
  }
  flow.low = std::min({10.0, 0.5 * tubes.front().gate.annexin, 0.5 * tubes.front().gate.pi});
  if (!(flow.low > 0.0)) flow.low = 1.0;
  flow.high = std::pow(10.0, std::ceil(std::log10(top)));
  flow.columns = static_cast<int>(std::clamp<std::size_t>(flow.panels.size(), 1, 4));
  figure.see = "Lower right: early apoptotic cells; upper right: late apoptotic cells.";
  figure.alt = fmt::format("{} cytograms of annexin V against propidium iodide with quadrant fractions.",
                           flow.panels.size());
  figure.caption.text = fmt::format(
      "Density of events on logarithmic axes, tubes of the first experiment; percentages are fractions of "
      "all events in "
      "the quadrant. Of tubes with more than {} events, an evenly spaced part is drawn.",
      most_drawn);
  figure.content = std::move(flow);
  return figure;
}

Table tubes_table(const std::vector<AnalysedTube>& tubes) {
  Table table{"tubes",
              "Fractions of every tube",
              "Per cent of all events.",
              {"file", "arm", "replicate", "events", "annexin gate", "PI gate", "viable (%)",
               "early apoptotic (%)", "late apoptotic (%)", "necrotic (%)", "apoptotic (%)"},
              {}};
  for (const AnalysedTube& tube : tubes) {
    const assays::Quadrants& q = tube.quadrants;
    const auto percent = [&](double f) { return q.events > 0 ? 100.0 * f : missing; };
    table.rows.push_back({tube.name, arm_name(q.arm, tube.simulated), static_cast<double>(q.replicate),
                          static_cast<double>(q.events), tube.gate.annexin, tube.gate.pi, percent(q.live),
                          percent(q.early), percent(q.late), percent(q.necrotic),
                          q.apoptotic ? 100.0 * *q.apoptotic : missing});
  }
  return table;
}

}  // namespace

Section flow_section(const std::vector<AnalysedTube>& tubes, const std::string& reference,
                     core::Diagnostics& warnings) {
  Section section{"flow", "Apoptosis", "", {}, {}, {}};
  section.figures.push_back(cytograms(tubes));
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
  add_arms(section, "apoptotic", "Apoptotic cells", "early and late apoptotic (% of events)", panels,
           reference, {}, warnings);
  section.tables.push_back(tubes_table(tubes));
  return section;
}

}  // namespace stroma::report
