#include "store/tissue_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "assays/section/section.hpp"
#include "fields/sample.hpp"
#include "io/file.hpp"
#include "io/png.hpp"
#include "store/tissue_tables.hpp"
#include "tissue/tissue.hpp"

namespace stroma::store {
namespace {

constexpr double section_thickness = 5.0;     // um, a paraffin section
constexpr double most_pixels_across = 640.0;  // drawing must stay below 5 % of a run

double hours(core::Tick tick) {
  return core::minutes(tick) / 60.0;
}

// A time in file names: hundredths of an hour, and four digits where two would name two outputs alike (a tick
// is 1/6000 h).
std::string time_in_name(core::Tick tick) {
  constexpr std::int64_t ticks_per_hundredth = 60;
  return tick.count % ticks_per_hundredth == 0 ? fmt::format("{:08.2f}h", hours(tick))
                                               : fmt::format("{:010.4f}h", hours(tick));
}

std::string growth_header(const tissue::TissuePlan& plan) {
  std::string header = "tick,time_h";
  for (const tissue::PopulationPlan& population : plan.populations) {
    const std::string& type = plan.model->cell_types[static_cast<std::size_t>(population.type)].name;
    header += fmt::format(",{0}_live,{0}_apoptotic,{0}_necrotic,{0}_cycling,{0}_live_volume_um3", type);
  }
  return header + ",live_radius_um,necrotic_radius_um";
}

std::string profile_header(const tissue::TissuePlan& plan) {
  std::string header = "tick,time_h,shell_from_um,shell_to_um,live_cells,dead_cells";
  for (const auto& substance : plan.fields.substances)
    header += fmt::format(",{0}_nM,{0}_sem_nM", substance.name);
  return header;
}

std::string probe_header(const study::ProbeSpec& probe, const tissue::TissuePlan& plan) {
  std::string header = "tick,time_h,x_um,y_um,z_um";
  for (const std::size_t f : probe.substances)
    header += fmt::format(",{}_nM", plan.fields.substances[f].name);
  return header;
}

FrameGrid frame_grid(const fields::Grid& grid) {
  FrameGrid out;
  for (std::size_t a = 0; a < 3; ++a) {
    out.voxels[a] = static_cast<std::size_t>(grid.n[a]);
    out.origin[a] = grid.origin[a];
    out.spacing[a] = grid.spacing[a];
  }
  return out;
}

}  // namespace

std::string TableLog::csv() const {
  std::string out = header_ + "\n";
  for (const auto& [tick, row] : rows_) out += fmt::format("{},{}\n", tick, row);
  return out;
}

bool TableLog::take_up(const std::string& csv, core::Tick tick) {
  std::istringstream lines(csv);
  std::string line;
  std::getline(lines, line);
  if (line != header_) return false;
  while (std::getline(lines, line)) {
    const std::size_t comma = line.find(',');
    if (comma == std::string::npos) continue;
    const std::int64_t at = std::strtoll(line.c_str(), nullptr, 10);
    if (at <= tick.count) rows_.emplace_back(at, line.substr(comma + 1));
  }
  return true;
}

GrowthPoint measure_growth(const tissue::TissueState& s, const tissue::TissuePlan& plan) {
  GrowthPoint point;
  point.tick = s.tick;
  point.types.resize(plan.populations.size());
  std::vector<std::uint8_t> dead(s.bodies.size());
  for (std::size_t b = 0; b < s.bodies.size(); ++b) {
    const cells::Lives& cells = s.populations[s.bodies.type[b]].cells;
    const std::size_t i = s.bodies.slot[b];
    GrowthPoint::PerType& type = point.types[s.bodies.type[b]];
    dead[b] = cells.fate[i] != cells::Fate::live;
    if (dead[b] == 0) {
      ++type.live;
      type.cycling += cells.phase[i] > 0;
      type.live_volume += static_cast<double>(s.bodies.fluid[b]) + static_cast<double>(s.bodies.solid[b]);
    } else {
      ++(cells.fate[i] == cells::Fate::necrotic ? type.necrotic : type.apoptotic);
    }
  }
  const auto centre = assays::mean_position(s.bodies.x, s.bodies.y, s.bodies.z);
  point.radii = assays::spheroid_radii(centre, plan.mechanics.domain.dimensions, s.bodies.x, s.bodies.y,
                                       s.bodies.z, dead);
  return point;
}

TissueOutput::TissueOutput(OutputFolder& folder, const study::TissueExperiment& experiment,
                           const tissue::TissuePlan& plan, const std::string& engine_version)
    : folder_(folder),
      experiment_(experiment),
      plan_(plan),
      results_(folder, {experiment.title, engine_version, frame_grid(plan.fields.grid), 0}),
      growth_log_("tables/growth.csv", growth_header(plan)),
      profile_log_("tables/profiles.csv", profile_header(plan)) {
  for (const study::ProbeSpec& probe : experiment.probes)
    probe_logs_.emplace_back("tables/probe-" + probe.name + ".csv", probe_header(probe, plan));
}

TissueOutput::~TissueOutput() = default;

bool TissueOutput::due(core::Tick period, core::Tick now, bool last) const {
  return now.count == 0 || last || (period.count > 0 && now.count % period.count == 0);
}

core::Tick TissueOutput::next(core::Tick now, core::Tick end) const {
  core::Tick next = end;
  const auto consider = [&](core::Tick period) {
    if (period.count > 0) next = std::min(next, core::Tick{(now.count / period.count + 1) * period.count});
  };
  const study::OutputSpec& output = experiment_.output;
  for (const core::Tick period :
       {output.growth, output.profiles, output.cells, output.fields, output.sections})
    consider(period);
  for (const study::ProbeSpec& probe : experiment_.probes) consider(probe.every);
  return next;
}

void TissueOutput::write(const tissue::TissueState& s, bool last) {
  if (s.tick == last_written_) return;
  last_written_ = s.tick;
  const study::OutputSpec& output = experiment_.output;
  const bool has_cells = !plan_.populations.empty();
  if (due(output.growth, s.tick, last)) write_growth(s);
  if (has_cells && due(output.profiles, s.tick, last)) write_profiles(s);
  for (std::size_t p = 0; p < experiment_.probes.size(); ++p)
    if (due(experiment_.probes[p].every, s.tick, last)) write_probe(p, s);
  if (due(output.fields, s.tick, last)) write_frame(s);
  if (has_cells && due(output.cells, s.tick, last)) write_cell_table(s);
  if (has_cells && due(output.sections, s.tick, last)) write_sections(s);
  if (has_cells && last) write_lineages(s);
}

void TissueOutput::write_growth(const tissue::TissueState& s) {
  const GrowthPoint point = measure_growth(s, plan_);
  growth_.push_back(point);
  std::string row = fmt::format("{:.6g}", hours(s.tick));
  std::vector<SeriesValue> series;
  for (std::size_t k = 0; k < point.types.size(); ++k) {
    const GrowthPoint::PerType& t = point.types[k];
    const std::string& type =
        plan_.model->cell_types[static_cast<std::size_t>(plan_.populations[k].type)].name;
    row += fmt::format(",{},{},{},{},{:.8g}", t.live, t.apoptotic, t.necrotic, t.cycling, t.live_volume);
    series.push_back({"count/" + link_name(type) + "/live", "", static_cast<double>(t.live)});
    series.push_back({"count/" + link_name(type) + "/apoptotic", "", static_cast<double>(t.apoptotic)});
    series.push_back({"count/" + link_name(type) + "/necrotic", "", static_cast<double>(t.necrotic)});
    series.push_back({"volume/" + link_name(type) + "/live", "um^3", t.live_volume});
  }
  growth_log_.add(s.tick, row + fmt::format(",{:.6g},{:.6g}", point.radii.live, point.radii.necrotic));
  series.push_back({"radius/live", "um", point.radii.live});
  series.push_back({"radius/necrotic", "um", point.radii.necrotic});
  for (std::size_t f = 0; f < plan_.fields.substances.size(); ++f) {
    const std::string& name = plan_.fields.substances[f].name;
    const double volume = plan_.fields.grid.voxel_volume() * static_cast<double>(plan_.fields.grid.voxels());
    series.push_back({"mean/" + link_name(name), "nM", s.fields.substances[f].content / volume});
  }
  results_.sample(s.tick, series);
}

std::array<double, 3> TissueOutput::centre(const tissue::TissueState& s) const {
  return assays::mean_position(s.bodies.x, s.bodies.y, s.bodies.z);
}

void TissueOutput::write_profiles(const tissue::TissueState& s) {
  if (s.bodies.size() == 0) return;
  const fields::Grid& grid = plan_.fields.grid;
  assays::Shells shells;
  shells.centre = centre(s);
  shells.dimensions = grid.dimensions;
  shells.width = std::max(grid.spacing[0], 20.0);
  double reach = 0.0;
  for (int a = 0; a < grid.dimensions; ++a) reach = std::max(reach, 0.5 * grid.length(a));
  shells.count = static_cast<std::size_t>(std::ceil(reach / shells.width));
  std::vector<std::uint8_t> dead(s.bodies.size());
  for (std::size_t b = 0; b < dead.size(); ++b)
    dead[b] = s.populations[s.bodies.type[b]].cells.fate[s.bodies.slot[b]] != cells::Fate::live;
  const auto counts = assays::counts_of_cells(shells, s.bodies.x, s.bodies.y, s.bodies.z, dead);
  const FrameGrid frame = frame_grid(grid);
  std::vector<std::vector<assays::ShellMean>> means;
  for (std::size_t f = 0; f < plan_.fields.substances.size(); ++f)
    means.push_back(assays::profile_of_voxels(shells, {frame.voxels, frame.origin, frame.spacing},
                                              s.fields.concentration(f)));
  for (std::size_t i = 0; i < shells.count; ++i) {
    std::string row =
        fmt::format("{:.6g},{:.6g},{:.6g},{},{}", hours(s.tick), shells.width * static_cast<double>(i),
                    shells.width * static_cast<double>(i + 1), counts[i].live, counts[i].dead);
    for (const auto& mean : means)
      row += std::isfinite(mean[i].mean)
                 ? fmt::format(",{:.8g},{:.4g}", mean[i].mean, std::isfinite(mean[i].sem) ? mean[i].sem : 0.0)
                 : std::string(",,");
    profile_log_.add(s.tick, row);
  }
}

void TissueOutput::write_probe(std::size_t index, const tissue::TissueState& s) {
  const study::ProbeSpec& probe = experiment_.probes[index];
  const fields::Grid& grid = plan_.fields.grid;
  std::vector<double> x, y, z;
  if (probe.kind == study::ProbeSpec::Kind::line) {
    for (int i = 0; i < probe.points; ++i) {
      const double share = static_cast<double>(i) / (probe.points - 1);
      x.push_back(probe.from[0] + share * (probe.to[0] - probe.from[0]));
      y.push_back(probe.from[1] + share * (probe.to[1] - probe.from[1]));
      z.push_back(probe.from[2] + share * (probe.to[2] - probe.from[2]));
    }
  } else {
    // The centres of the voxels of one layer: no interpolation within it.
    const auto a = static_cast<std::size_t>(probe.axis);
    for (std::size_t v = 0; v < grid.voxels(); ++v) {
      const std::array<double, 3> c = grid.centre(v);
      const auto layer = static_cast<int>((probe.position - grid.origin[a]) / grid.spacing[a]);
      if (grid.place(v)[a] != std::min(layer, grid.n[a] - 1)) continue;
      x.push_back(c[0]);
      y.push_back(c[1]);
      z.push_back(c[2]);
    }
  }
  std::vector<std::vector<double>> values;
  for (const std::size_t f : probe.substances) {
    values.emplace_back(x.size());
    fields::sample(values.back(), grid, s.fields.concentration(f), x, y, z, {1});
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::string row = fmt::format("{:.8g},{:.8g},{:.8g},{:.8g}", hours(s.tick), x[i], y[i], z[i]);
    for (const auto& value : values) row += fmt::format(",{:.15g}", value[i]);
    probe_logs_[index].add(s.tick, row);
  }
}

void TissueOutput::write_frame(const tissue::TissueState& s) {
  Frame frame;
  frame.tick = s.tick;
  for (std::size_t f = 0; f < plan_.fields.substances.size(); ++f)
    frame.fields.push_back({link_name(plan_.fields.substances[f].name), "nM", s.fields.concentration(f)});
  const CellColumns columns = cell_columns(s, plan_);
  frame.cells.x = s.bodies.x;
  frame.cells.y = s.bodies.y;
  frame.cells.z = s.bodies.z;
  frame.cells.columns = frame_columns(columns, s);
  for (CellColumn& column : frame.cells.columns) column.name = link_name(column.name);
  results_.add(frame);
}

// How many live and dead cells descend from each founder, also where none is left: who was selected. Founders
// have the first ids, type after type; descendants of another type than their founder have a row of their
// own.
void TissueOutput::write_lineages(const tissue::TissueState& s) {
  std::string table = "type,founder,live,dead\n";
  std::uint64_t next_founder = tissue::Populations{}.next_id;
  for (std::size_t k = 0; k < s.populations.size(); ++k) {
    std::map<std::uint64_t, std::array<std::int64_t, 2>> clones;
    if (k < experiment_.setup.cells.size())
      for (std::size_t i = 0; i < experiment_.setup.cells[k].positions.size(); ++i) clones[next_founder++];
    const cells::Lives& cells = s.populations[k].cells;
    for (std::size_t i = 0; i < cells.size(); ++i)
      ++clones[cells.lineage[i]][cells.fate[i] == cells::Fate::live ? 0 : 1];
    const std::string& type =
        plan_.model->cell_types[static_cast<std::size_t>(plan_.populations[k].type)].name;
    for (const auto& [founder, counts] : clones)
      table += fmt::format("{},{},{},{}\n", type, founder, counts[0], counts[1]);
  }
  folder_.write("tables/lineages.csv", table);
}

void TissueOutput::write_cell_table(const tissue::TissueState& s) {
  folder_.write(fmt::format("cells/cells-{}.h5ad", time_in_name(s.tick)), cell_table_bytes(s, plan_));
}

void TissueOutput::write_sections(const tissue::TissueState& s) {
  const fields::Grid& grid = plan_.fields.grid;
  std::vector<assays::SectionCell> cells(s.bodies.size());
  for (std::size_t b = 0; b < cells.size(); ++b) {
    const cells::Fate fate = s.populations[s.bodies.type[b]].cells.fate[s.bodies.slot[b]];
    cells[b] = {s.bodies.x[b], s.bodies.y[b], s.bodies.z[b], static_cast<double>(s.bodies.radius[b])};
    cells[b].fate = fate == cells::Fate::live       ? assays::SectionFate::live
                    : fate == cells::Fate::necrotic ? assays::SectionFate::necrotic
                                                    : assays::SectionFate::apoptotic;
    cells[b].colour = s.bodies.type[b];
  }
  assays::SectionSetup setup;
  setup.flat = grid.dimensions == 2;
  setup.plane = grid.dimensions == 3 ? centre(s)[2] : 0.0;
  setup.thickness = section_thickness;
  setup.origin = {grid.origin[0], grid.origin[1]};
  setup.size = {grid.length(0), grid.length(1)};
  setup.um_per_pixel = std::max(0.5, std::max(setup.size[0], setup.size[1]) / most_pixels_across);
  const std::pair<assays::SectionStain, const char*> stains[] = {{assays::SectionStain::h_and_e, "he"},
                                                                 {assays::SectionStain::types, "types"}};
  for (const auto& [stain, name] : stains) {
    setup.stain = stain;
    const assays::Raster raster = assays::draw_section(cells, setup);
    const std::string path = fmt::format("sections/{}-{}.png", name, time_in_name(s.tick));
    folder_.write(path, io::png_bytes(raster.width, raster.height, raster.rgb, raster.um_per_pixel));
    pictures_.push_back({path, s.tick, name});
  }
}

void TissueOutput::commit() {
  results_.commit();
  folder_.write(growth_log_.path(), growth_log_.csv());
  if (!plan_.populations.empty()) folder_.write(profile_log_.path(), profile_log_.csv());
  for (const TableLog& log : probe_logs_) folder_.write(log.path(), log.csv());
}

std::vector<std::string> TissueOutput::resume_at(core::Tick tick) {
  std::vector<std::string> notes;
  for (const core::Diagnostic& d : results_.resume_at(tick)) notes.push_back(core::to_string(d));
  const auto take_up = [&](TableLog& log) {
    const std::filesystem::path file = folder_.path() / log.path();
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) {
      if (!log.take_up(io::read_file(file), tick))
        notes.push_back(fmt::format("{} has other columns than this run writes; it begins again at {:.6g} h",
                                    log.path(), hours(tick)));
    } else {
      notes.push_back(fmt::format("{} is gone; it begins again at {:.6g} h", log.path(), hours(tick)));
    }
  };
  take_up(growth_log_);
  if (!plan_.populations.empty()) take_up(profile_log_);
  for (TableLog& log : probe_logs_) take_up(log);
  last_written_ = tick;
  return notes;
}

}  // namespace stroma::store
