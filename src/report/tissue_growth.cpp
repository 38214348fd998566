// Growth of a tissue against time, and pictures of its sections.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "assays/section/section.hpp"
#include "report/quantities.hpp"
#include "report/tissue_report.hpp"

namespace stroma::report {
namespace {

constexpr std::size_t most_points = 400;  // of one line: a finer one looks the same

// A column against time in hours, thinned; `value(row)` may combine columns.
template <class Value>
std::vector<LinePoint> against_time(const study::NumberTable& table, const Value& value) {
  const auto time = static_cast<std::size_t>(table.column("time_h"));
  std::vector<LinePoint> points;
  for (const std::size_t r : study::evenly_chosen(table.rows.size(), most_points))
    points.push_back({table.rows[r][time], value(table.rows[r])});
  return points;
}

struct Column {
  int index = -1;
  double operator()(const std::vector<double>& row) const {
    return index < 0 ? missing : row[static_cast<std::size_t>(index)];
  }
};

double largest(const study::NumberTable& table, const Column& column) {
  double most = 0.0;
  for (const auto& row : table.rows)
    if (const double v = column(row); v > most) most = v;
  return most;
}

std::string marks_words(const std::vector<LineMark>& marks) {
  if (marks.empty()) return {};
  std::string text = " Dashed:";
  for (const LineMark& mark : marks) text += fmt::format(" {} at {:.4g} h,", mark.label, mark.at);
  text.back() = '.';
  return text;
}

std::string change_words(double first, double last, const char* unit) {
  std::string text = fmt::format("{:.4g} to {:.4g}{}", first, last, unit);
  if (first > 0.0) {
    const double change = 100.0 * (last / first - 1.0);
    text += fmt::format(" ({}{:.3g} %)", change < 0.0 ? "−" : "+", std::fabs(change));
  }
  return text;
}

Figure counts_figure(const TissueRun& run) {
  const study::NumberTable& t = run.results.growth;
  Lines lines;
  lines.x_title = "time (h)";
  lines.zero = true;
  LinePanel live{"Live cells", {}, {}, "live cells"},
      dead{"Dead cells", {}, {}, "dead cells not yet cleared"},
      cycling{"Cells in cycle", {}, {}, "% of live cells"};
  std::string see;
  for (const TypeWords& type : types_of(run)) {
    const auto column = [&](const char* what) { return Column{t.column(type.name + "_" + what)}; };
    const Column alive = column("live"), apoptotic = column("apoptotic"), necrotic = column("necrotic"),
                 dividing = column("cycling");
    live.series.push_back({type.label, "", true, against_time(t, alive)});
    dead.series.push_back({type.label, "", true, against_time(t, [&](const std::vector<double>& row) {
                             return apoptotic(row) + necrotic(row);
                           })});
    cycling.series.push_back({type.label, "", true, against_time(t, [&](const std::vector<double>& row) {
                                return alive(row) > 0.0 ? 100.0 * dividing(row) / alive(row) : missing;
                              })});
    see += fmt::format("{}{}: {}", see.empty() ? "Live cells, " : "; ", type.label,
                       change_words(alive(t.rows.front()), alive(t.rows.back()), ""));
  }
  lines.panels = {live, dead, cycling};
  for (LinePanel& panel : lines.panels) panel.at_x = treatment_marks(run);
  Figure figure;
  figure.id = "growth-cells";
  figure.title = "Cells against time";
  figure.see = see + ".";
  figure.alt =
      "Three line charts against time: live cells, dead cells and the share of live cells in cycle. " +
      figure.see;
  figure.caption.text =
      "One simulated tissue; counts are exact, without a sampling error. Dead cells are "
      "apoptotic and necrotic ones that have not yet fallen apart or been cleared." +
      marks_words(treatment_marks(run));
  figure.content = std::move(lines);
  return figure;
}

Figure size_figure(const TissueRun& run) {
  const study::NumberTable& t = run.results.growth;
  const bool flat = run.plan.fields.grid.dimensions < 3;
  Lines lines;
  lines.x_title = "time (h)";
  lines.zero = true;
  double most = 0.0;
  for (const TypeWords& type : types_of(run))
    most = std::max(most, largest(t, {t.column(type.name + "_live_volume_um3")}));
  const DisplayUnit unit = volume_unit(most);
  LinePanel volume{"Volume of live cells", {}, {}, fmt::format("volume ({})", unit.name)};
  for (const TypeWords& type : types_of(run)) {
    const Column column{t.column(type.name + "_live_volume_um3")};
    volume.series.push_back({type.label, "", true, against_time(t, [&](const std::vector<double>& row) {
                               return column(row) / unit.size;
                             })});
  }
  const Column live{t.column("live_radius_um")}, necrotic{t.column("necrotic_radius_um")};
  LinePanel radius{flat ? "Radius of the colony" : "Radius of the spheroid", {}, {}, "radius (µm)"};
  radius.series = {{"outer, live cells", "", true, against_time(t, live)},
                   {"necrotic core", "", true, against_time(t, necrotic)}};
  lines.panels = {volume, radius};
  for (LinePanel& panel : lines.panels) panel.at_x = treatment_marks(run);
  Figure figure;
  figure.id = "growth-size";
  figure.title = "Volume and radii against time";
  const double core = necrotic(t.rows.back());
  figure.see =
      fmt::format("Outer radius {}; {}.", change_words(live(t.rows.front()), live(t.rows.back()), " µm"),
                  core > 0.0 ? fmt::format("necrotic core of {:.4g} µm {}", core, when_last(run, t))
                             : "no necrotic core " + when_last(run, t));
  figure.alt = "Two line charts against time: volume of live cells by type, and outer and necrotic radius. " +
               figure.see;
  figure.caption.text =
      fmt::format(
          "Volume is the sum of fluid and solid parts of live cells. The outer radius is that of a "
          "uniform {} with the mean squared distance of the live cells from the centre; the necrotic "
          "radius is that of the {} that best tells dead from live cells, 0 where none does.",
          flat ? "disc" : "ball", flat ? "circle" : "sphere") +
      marks_words(treatment_marks(run));
  figure.content = std::move(lines);
  return figure;
}

Pictures pictures_of(const TissueRun& run, const std::string& stain) {
  const bool he = stain == "he", flat = run.plan.fields.grid.dimensions < 3;
  Pictures out;
  out.id = "sections-" + id_of(stain);
  out.title = he ? "Haematoxylin and eosin" : "Cell types";
  std::size_t there = 0;
  for (const study::SectionPicture& picture : run.results.sections) {
    if (picture.stain != stain) continue;
    ++there;
    if (picture.png.empty()) continue;
    const std::string time = print_time(60.0 * picture.hours);
    out.pictures.push_back(
        {picture.png, time,
         fmt::format(
             "{} at {}, {}, with a scale bar", flat ? "Monolayer" : "Section", time,
             he ? "in the colours of haematoxylin and eosin" : "each cell in the colour of its type")});
  }
  if (he) {
    out.see =
        "Nuclei purple, cytoplasm pink; apoptotic cells are small and dark, necrotic ones pale and "
        "without nuclei.";
  } else {
    out.see = "Which cells lie where; dead cells are dark (apoptotic) or grey (necrotic).";
    for (const TypeWords& type : types_of(run)) out.legend.push_back({type.colour, type.label});
  }
  out.note = flat ? "The monolayer seen from above; every cell shows its full disc. "
                  : "A slice of 5 µm through the middle of the domain. ";
  out.note += there > out.pictures.size()
                  ? fmt::format("{} of {} times are shown; all pictures are in sections/{}-*.png.",
                                out.pictures.size(), there, stain)
                  : fmt::format("The files are sections/{}-*.png.", stain);
  return out;
}

}  // namespace

std::vector<TypeWords> types_of(const TissueRun& run) {
  std::vector<TypeWords> types;
  for (std::size_t k = 0; k < run.plan.populations.size(); ++k) {
    const std::string& name =
        run.plan.model->cell_types[static_cast<std::size_t>(run.plan.populations[k].type)].name;
    types.push_back(
        {name, name, fmt::format("#{:06x}", assays::section_colour(static_cast<std::uint8_t>(k)))});
  }
  return types;
}

std::vector<LineMark> treatment_marks(const TissueRun& run) {
  std::map<std::int64_t, std::string> at;
  const auto add = [&](core::Tick tick, const std::string& label) {
    std::string& text = at[tick.count];
    text += (text.empty() ? "" : " + ") + label;
  };
  for (const auto& t : run.plan.setup.treatments) {
    const std::string& name = run.plan.fields.substances[t.substance].name;
    add(t.at, name + " " + print_concentration(t.concentration));
    if (t.until.count >= 0 && t.until < run.state.tick) add(t.until, name + " withdrawn");
  }
  std::vector<LineMark> marks;
  for (const auto& [tick, label] : at)
    if (tick == 0 || tick < run.state.tick.count)
      marks.push_back({core::minutes(core::Tick{tick}) / 60.0, label});
  return marks;
}

Section tissue_sections(const TissueRun& run) {
  const bool flat = run.plan.fields.grid.dimensions < 3;
  Section section{"sections", flat ? "The monolayer" : "Sections", {}, {}, {}};
  for (const char* stain : {"he", "types"}) {
    Pictures pictures = pictures_of(run, stain);
    if (!pictures.pictures.empty()) section.pictures.push_back(std::move(pictures));
  }
  return section;
}

Section growth_section(const TissueRun& run) {
  Section section{"growth", "Growth", {}, {}, {}};
  if (run.plan.populations.empty() || run.results.growth.rows.empty() ||
      run.results.growth.column("time_h") < 0)
    return section;
  section.figures = {counts_figure(run), size_figure(run)};
  return section;
}

}  // namespace stroma::report
