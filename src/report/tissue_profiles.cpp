// Substances and cells against the distance from the centre of the tissue, substances along probes, and
// planes of the grid as pictures.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <numbers>

#include "report/quantities.hpp"
#include "report/tissue_report.hpp"

namespace stroma::report {
namespace {

// Rows of a table by their time, in order; a line is drawn per time.
std::vector<std::pair<double, std::vector<const std::vector<double>*>>> by_time(
    const study::NumberTable& table) {
  std::vector<std::pair<double, std::vector<const std::vector<double>*>>> groups;
  const auto time = static_cast<std::size_t>(table.column("time_h"));
  for (const auto& row : table.rows) {
    if (groups.empty() || groups.back().first != row[time]) groups.push_back({row[time], {}});
    groups.back().second.push_back(&row);
  }
  return groups;
}

double largest(const study::NumberTable& table, int column) {
  double most = 0.0;
  for (const auto& row : table.rows)
    if (const double v = std::fabs(row[static_cast<std::size_t>(column)]); v > most) most = v;
  return most;
}

// One line per time of y against x.
template <class X, class Y>
std::vector<LineSeries> lines_by_time(const study::NumberTable& table, const X& x, const Y& y) {
  std::vector<LineSeries> series;
  for (const auto& [hours, rows] : by_time(table)) {
    LineSeries line{print_time(60.0 * hours), "", true, {}};
    for (const std::size_t i : study::evenly_chosen(rows.size(), 400))
      line.points.push_back({x(*rows[i]), y(*rows[i])});
    series.push_back(std::move(line));
  }
  return series;
}

// Ball, disc or segment between two distances: in nL, mm^2 or mm.
double shell_size(int dimensions, double from, double to) {
  if (dimensions == 3) return 4.0 / 3.0 * std::numbers::pi * (to * to * to - from * from * from) / 1e6;
  if (dimensions == 2) return std::numbers::pi * (to * to - from * from) / 1e6;
  return 2.0 * (to - from) / 1e3;
}

std::string times_words(const study::NumberTable& table) {
  const auto groups = by_time(table);
  return groups.size() == 1
             ? "at " + print_time(60.0 * groups.front().first)
             : fmt::format("at {} times from {} to {}", groups.size(),
                           print_time(60.0 * groups.front().first), print_time(60.0 * groups.back().first));
}

std::string capital(std::string text) {
  if (!text.empty()) text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text;
}

template <class X>
LinePanel substance_panel(const study::NumberTable& table, const std::string& name, const X& x) {
  const int column = table.column(name + "_nM");
  const DisplayUnit unit = concentration_unit(largest(table, column));
  LinePanel panel{name, {}, {}, fmt::format("{} ({})", name, unit.name)};
  panel.series = lines_by_time(table, x, [&](const std::vector<double>& row) {
    return row[static_cast<std::size_t>(column)] / unit.size;
  });
  return panel;
}

double middle_of_shell(const std::vector<double>& row) {
  return 0.5 * (row[2] + row[3]);
}

Figure substance_profiles(const TissueRun& run) {
  const study::NumberTable& t = run.results.profiles;
  Lines lines;
  lines.x_title = "distance from the centre (µm)";
  lines.zero = lines.ordered = true;
  std::string see;
  for (const auto& substance : run.plan.fields.substances) {
    if (t.column(substance.name + "_nM") < 0) continue;
    lines.panels.push_back(substance_panel(t, substance.name, middle_of_shell));
    const auto& last = lines.panels.back().series.back().points;
    const std::string unit = lines.panels.back().y_title.substr(substance.name.size() + 2);
    const auto value = [](double v) { return std::isfinite(v) ? fmt::format("{:.3g}", v) : "none"; };
    see += fmt::format("{}{} {} in the centre and {} {} outside",
                       see.empty() ? capital(when_last(run, t)) + ": " : "; ", substance.name,
                       value(last.front().y), value(last.back().y), unit.substr(0, unit.size() - 1));
  }
  Figure figure;
  figure.id = "profiles-substances";
  figure.title = "Substances from the centre outwards";
  figure.see = see + ".";
  figure.alt = "A line chart per substance: concentration against the distance from the centre, " +
               times_words(t) + ". " + figure.see;
  figure.caption.text =
      "Means over shells about the mean position of the cells, one line per time, light to dark; each voxel "
      "counts with the volume that it has in the shell. Standard errors are in tables/profiles.csv.";
  figure.content = std::move(lines);
  return figure;
}

Figure cell_profiles(const TissueRun& run) {
  const study::NumberTable& t = run.results.profiles;
  const int dimensions = run.plan.fields.grid.dimensions;
  const char* unit = dimensions == 3 ? "cells per nL" : dimensions == 2 ? "cells per mm²" : "cells per mm";
  Lines lines;
  lines.x_title = "distance from the centre (µm)";
  lines.zero = lines.ordered = true;
  for (const std::size_t column : {4U, 5U}) {
    LinePanel panel{column == 4 ? "Live cells" : "Dead cells", {}, {}, unit};
    panel.series = lines_by_time(t, middle_of_shell, [&](const std::vector<double>& row) {
      return row[column] / shell_size(dimensions, row[2], row[3]);
    });
    lines.panels.push_back(std::move(panel));
  }
  Figure figure;
  figure.id = "profiles-cells";
  figure.title = "Cells from the centre outwards";
  double dead = 0.0;
  const auto groups = by_time(t);
  for (const auto* row : groups.back().second) dead += (*row)[5];
  figure.see = dead > 0.0
                   ? fmt::format(
                         "How densely live and dead cells lie; {} {:.0f} dead cells lie "
                         "within the largest shell.",
                         when_last(run, t), dead)
                   : fmt::format("How densely the cells lie; no dead cell lies there {}.", when_last(run, t));
  figure.alt = "Two line charts: live and dead cells per " +
               std::string(dimensions == 3 ? "volume" : "area") + " against the distance, " + times_words(t) +
               ".";
  figure.caption.text =
      "Cells whose centre lies in a shell, divided by the size of the whole shell; the innermost shells hold "
      "few cells and scatter. One line per time, light to dark.";
  figure.content = std::move(lines);
  return figure;
}

Figure line_probe(const TissueRun& run, const study::ProbeSpec& probe, const study::NumberTable& table) {
  Lines lines;
  lines.x_title = "distance along the line (µm)";
  lines.zero = lines.ordered = true;
  const auto from = probe.from;
  for (const std::size_t f : probe.substances) {
    const std::string& name = run.plan.fields.substances[f].name;
    if (table.column(name + "_nM") < 0) continue;
    lines.panels.push_back(substance_panel(table, name, [&](const std::vector<double>& row) {
      return std::hypot(row[2] - from[0], row[3] - from[1], row[4] - from[2]);
    }));
  }
  Figure figure;
  figure.id = "probe-" + id_of(probe.name);
  figure.title = fmt::format("Probe '{}'", probe.name);
  figure.see = fmt::format("Concentrations along a line, {}.", times_words(table));
  figure.alt = "A line chart per substance: concentration along the probe's line. " + figure.see;
  figure.caption.text = fmt::format(
      "From ({:.4g}, {:.4g}, {:.4g}) to ({:.4g}, {:.4g}, {:.4g}) µm, {} points, interpolated linearly "
      "between "
      "voxels; light to dark with time. All times and digits are in tables/probe-{}.csv.",
      probe.from[0], probe.from[1], probe.from[2], probe.to[0], probe.to[1], probe.to[2], probe.points,
      probe.name);
  figure.content = std::move(lines);
  return figure;
}

using Rgb = std::array<double, 3>;

// Viridis: even in lightness, legible to colour-blind readers and in grey.
Rgb viridis(double share) {
  constexpr std::array<Rgb, 5> stops{
      {{68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}}};
  const double at = 4.0 * std::clamp(share, 0.0, 1.0);
  const auto i = std::min(static_cast<std::size_t>(at), std::size_t{3});
  Rgb rgb;
  for (std::size_t c = 0; c < 3; ++c)
    rgb[c] = stops[i][c] + (at - static_cast<double>(i)) * (stops[i + 1][c] - stops[i][c]);
  return rgb;
}

// A plane as a picture: every voxel a square of its colour, the first axis to the right, the second down.
std::string plane_png(const PngEncoder& encode, const std::vector<const std::vector<double>*>& rows,
                      std::size_t column, std::size_t across, std::size_t down, double low, double high,
                      double spacing) {
  const std::size_t side = std::clamp<std::size_t>(360 / std::max(across, down), 1, 24);
  std::vector<std::uint8_t> rgb(3 * across * side * down * side);
  for (std::size_t v = 0; v < down * across; ++v) {
    const Rgb colour = viridis(high > low ? ((*rows[v])[column] - low) / (high - low) : 0.0);
    for (std::size_t y = 0; y < side; ++y)
      for (std::size_t x = 0; x < side; ++x)
        for (std::size_t c = 0; c < 3; ++c)
          rgb[3 * ((v / across * side + y) * across * side + v % across * side + x) + c] =
              static_cast<std::uint8_t>(std::lround(colour[c]));
  }
  return encode(across * side, down * side, rgb, spacing / static_cast<double>(side));
}

Pictures plane_pictures(const TissueRun& run, const study::ProbeSpec& probe, const study::NumberTable& table,
                        const std::string& substance) {
  const fields::Grid& grid = run.plan.fields.grid;
  const std::size_t first = probe.axis == 0 ? 1 : 0, second = probe.axis == 2 ? 1 : 2;
  const std::size_t across = grid.size(static_cast<int>(first)), down = grid.size(static_cast<int>(second));
  const int index = table.column(substance + "_nM");
  Pictures out;
  out.id = "probe-" + id_of(probe.name) + "-" + id_of(substance);
  out.title = fmt::format("Probe '{}': {}", probe.name, substance);
  if (index < 0 || table.rows.empty()) return out;
  const auto column = static_cast<std::size_t>(index);
  double low = INFINITY, high = -INFINITY;
  for (const auto& row : table.rows) {
    low = std::min(low, row[column]);
    high = std::max(high, row[column]);
  }
  constexpr const char* axes[] = {"x", "y", "z"};
  for (const auto& [hours, rows] : by_time(table)) {
    if (rows.size() != across * down) continue;
    double least = INFINITY, most = -INFINITY;
    for (const auto* row : rows) {
      least = std::min(least, (*row)[column]);
      most = std::max(most, (*row)[column]);
    }
    const std::string time = print_time(60.0 * hours);
    out.pictures.push_back(
        {plane_png(run.encode_png, rows, column, across, down, low, high, grid.spacing[first]), time,
         fmt::format("{} at {}: {} to {}", substance, time, print_concentration(least),
                     print_concentration(most))});
  }
  out.see = fmt::format("{} to {} over all times shown; one colour scale for all.", print_concentration(low),
                        print_concentration(high));
  const DisplayUnit unit = concentration_unit(std::max(std::fabs(low), std::fabs(high)));
  for (int i = 0; i <= 4; ++i) {
    const Rgb c = viridis(0.25 * i);
    out.legend.push_back(
        {fmt::format("#{:02x}{:02x}{:02x}", std::lround(c[0]), std::lround(c[1]), std::lround(c[2])),
         fmt::format("{:.3g} {}", (low + 0.25 * i * (high - low)) / unit.size, unit.name)});
  }
  out.note = fmt::format(
      "The layer of voxels at {} = {:.4g} µm; {} to the right, {} down, {:.4g} x {:.4g} µm, a square per "
      "voxel. "
      "All times and digits are in tables/probe-{}.csv.",
      axes[probe.axis], probe.position, axes[first], axes[second], grid.length(static_cast<int>(first)),
      grid.length(static_cast<int>(second)), probe.name);
  return out;
}

bool has_rows(const study::NumberTable& table, std::size_t columns) {
  return table.columns.size() > columns && !table.rows.empty() && table.column("time_h") >= 0;
}

}  // namespace

Section profile_section(const TissueRun& run) {
  Section section{"profiles", "Profiles", {}, {}, {}};
  if (!has_rows(run.results.profiles, 5)) return section;
  if (!run.plan.fields.substances.empty()) section.figures.push_back(substance_profiles(run));
  section.figures.push_back(cell_profiles(run));
  return section;
}

Section probe_section(const TissueRun& run) {
  Section section{"probes", "Probes", {}, {}, {}};
  for (std::size_t p = 0; p < run.experiment.probes.size() && p < run.results.probes.size(); ++p) {
    const study::ProbeSpec& probe = run.experiment.probes[p];
    const study::NumberTable& table = run.results.probes[p];
    if (!has_rows(table, 5)) continue;
    if (probe.kind == study::ProbeSpec::Kind::line) {
      section.figures.push_back(line_probe(run, probe, table));
      continue;
    }
    for (const std::size_t f : probe.substances) {
      Pictures pictures = plane_pictures(run, probe, table, run.plan.fields.substances[f].name);
      if (!pictures.pictures.empty()) section.pictures.push_back(std::move(pictures));
    }
  }
  return section;
}

}  // namespace stroma::report
