#include "study/tissue_experiment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/errors.hpp"
#include "core/hash.hpp"
#include "core/units.hpp"
#include "study/arrival_key.hpp"
#include "study/experiment_checks.hpp"
#include "study/keys.hpp"
#include "study/reading.hpp"
#include "study/region.hpp"
#include "study/tissue_reader.hpp"

namespace stroma::study {

bool is_tissue_experiment(const core::Node& document) {
  return document.find("dimensions") != nullptr || document.find("domain") != nullptr;
}

TissueExperiment read_tissue_experiment(const core::Node& document, const std::string& name,
                                        const model::Model& model, std::uint64_t seed, double memory_limit,
                                        const TableReader& read_table, core::Diagnostics& problems) {
  TissueReader reader(document, name, model, seed, memory_limit, read_table, problems);
  return reader.read();
}

namespace {

// Of everything that decides a history, but for what is given on the way.
void hash_setup(core::Hasher& h, const TissueExperiment& experiment) {
  const tissue::TissueSetup& setup = experiment.setup;
  h.number(setup.grid.dimensions);
  for (std::size_t a = 0; a < 3; ++a) {
    h.number(setup.grid.n[a]);
    h.number(setup.grid.spacing[a]);
    h.number(setup.grid.origin[a]);
  }
  for (const auto& s : setup.substances) {
    h.text(s.plan.name);
    for (const double x :
         {s.plan.diffusivity, s.plan.decay, s.plan.half_uptake, s.plan.error_target, s.plan.fixed_step})
      h.number(x);
    h.number(s.plan.method);
    for (const fields::Boundary& b : s.plan.boundary) {
      h.number(b.kind);
      h.number(b.value);
      h.number(b.permeability);
    }
    for (const fields::FixedVoxel& f : s.plan.fixed) {
      h.number(static_cast<std::uint64_t>(f.voxel));
      h.number(f.value);
    }
    for (const std::vector<double>* values :
         {&s.plan.mobility, &s.initial, &s.source, &s.sink, &s.consumption})
      h.array(std::span<const double>(*values));
  }
  for (const auto& cells : setup.cells) {
    h.number(cells.type);
    for (const auto& p : cells.positions)
      for (const double x : p) h.number(x);
  }
  for (const auto& a : setup.attachments) {
    h.number(a.one);
    h.number(a.other);
    for (const double x : {a.formation, a.breaking, a.stiffness}) h.number(x);
  }
  h.number(static_cast<std::uint64_t>(setup.attachments_per_cell));
  for (const cells::Face& face : setup.faces) {
    h.number(face.repulsion);
    h.number(face.adhesion);
  }
  for (const double x :
       {setup.serum, setup.adhesion_reach, setup.mechanics_tolerance, setup.longest_mechanics_step})
    h.number(x);
  h.number(setup.step.count);
  h.number(setup.seed);
  h.number(setup.donor_seed);
}

// Who arrived before the fork belongs to the history.
std::string history_hash(const TissueExperiment& experiment, core::Tick fork) {
  core::Hasher h;
  hash_setup(h, experiment);
  for (const tissue::Arrival& a : experiment.setup.arrivals)
    if (a.at < fork) hash_arrival(h, a);
  return h.digest();
}

}  // namespace

std::string founding_hash(const TissueExperiment& experiment) {
  return history_hash(experiment, core::Tick{std::numeric_limits<std::int64_t>::max()});
}

std::string configuration_hash(const TissueExperiment& experiment) {
  core::Hasher h;
  hash_setup(h, experiment);
  for (const auto& t : experiment.setup.treatments) {
    h.number(t.at.count);
    h.number(t.until.count);
    h.number(static_cast<std::uint64_t>(t.substance));
    h.number(t.concentration);
  }
  for (const tissue::Arrival& a : experiment.setup.arrivals) hash_arrival(h, a);
  return h.digest();
}

void check_fork(const TissueExperiment& before, const TissueExperiment& after, core::Tick tick,
                const std::string& file, core::Diagnostics& problems) {
  const tissue::TissueSetup &a = before.setup, &b = after.setup;
  const auto wrong = [&](const char* key, const std::string& message) {
    problems.add("fork-differs", {file, 0, 0}, key, fmt::format("{}: {}", key, message),
                 "a fork shares its history with the run; only treatments, durations and output may differ");
  };
  const std::size_t before_details = problems.size();
  if (!(a.grid == b.grid)) wrong("domain", "the grid is not that of the run that is forked");
  if (a.step != b.step) wrong("step", "the step is not that of the run that is forked");
  if (after.duration <= tick) wrong("duration", "ends before the fork begins");
  const auto names = [](const tissue::TissueSetup& setup) {
    std::string all;
    for (const auto& s : setup.substances)
      all += fmt::format("{} ({} fixed voxels), ", s.plan.name, s.plan.fixed.size());
    return all;
  };
  if (names(a) != names(b))
    wrong("substance", "the substances are not those of the run that is forked, in their order");
  const auto types = [](const tissue::TissueSetup& setup) {
    std::vector<model::Index> all;
    for (const auto& cells : setup.cells) all.push_back(cells.type);
    return all;
  };
  if (types(a) != types(b))
    wrong("cells", "the cell types are not those of the run that is forked, in their order");
  // What has ended by then belongs to the history; what goes on may end otherwise.
  const auto given = [tick](const tissue::TissueSetup& setup) {
    std::vector<std::array<double, 4>> all;
    for (const auto& t : setup.treatments)
      if (t.at < tick)
        all.push_back({static_cast<double>(t.at.count), static_cast<double>(t.substance), t.concentration,
                       t.until.count >= 0 && t.until < tick ? static_cast<double>(t.until.count) : -1.0});
    std::sort(all.begin(), all.end());
    return all;
  };
  if (given(a) != given(b))
    wrong("treatment", fmt::format("what is given before the fork at {:.6g} h is not what the run was given",
                                   core::minutes(tick) / 60.0));
  if (problems.size() == before_details && history_hash(before, tick) != history_hash(after, tick))
    wrong("experiment", "a boundary, an initial value, a position or another number is not that of the run");
}

TissueReader::TissueReader(const core::Node& document, const std::string& name, const model::Model& m,
                           std::uint64_t seed, double memory_limit, const TableReader& read_table,
                           core::Diagnostics& problems)
    : document_(document),
      model_(m),
      memory_limit_(memory_limit),
      read_table_(read_table),
      problems_(problems) {
  experiment_.name = name;
  experiment_.setup.seed = seed;
  experiment_.setup.donor_seed = core::derive_seed(seed, 1);
}

TissueExperiment TissueReader::read() {
  core::Section top(document_, tissue_keys(), problems_);
  top.schema();
  experiment_.title = top.text("title");
  experiment_.model = top.text("model");
  experiment_.setup.grid.dimensions = static_cast<int>(top.whole("dimensions"));
  // Everything else hangs on it: one message for one cause.
  if (!top.has("dimensions")) return std::move(experiment_);
  experiment_.duration = read_tick(top, "duration");
  experiment_.setup.step = read_tick(top, "step");
  if (!top.has("step")) experiment_.setup.step = std::min(experiment_.setup.step, experiment_.duration);
  experiment_.checkpoint_every = read_tick(top, "checkpoint_every");
  experiment_.setup.mechanics_tolerance = top.quantity("mechanics_error");
  experiment_.setup.adhesion_reach = top.quantity("adhesion_reach");
  experiment_.setup.max_cells = static_cast<std::size_t>(top.whole("max_cells"));
  check_steps(top);
  if (const core::Node* domain = top.table("domain")) read_domain(*domain);
  if (const core::Node* medium = top.node("medium")) read_medium(*medium);
  for (const core::Node* matrix : top.tables("matrix")) read_matrix(*matrix);
  if (top.node("substance") != nullptr)
    for (const core::Node* substance : top.tables("substance")) read_substance(*substance);
  for (const core::Node* cells : top.tables("cells")) read_cells(*cells);
  for (const core::Node* attachment : top.tables("attachment")) read_attachment(*attachment);
  experiment_.setup.attachments_per_cell = static_cast<std::uint32_t>(top.whole("attachments_per_cell"));
  name_idle(top);
  for (const core::Node* treatment : top.tables("treatment")) read_treatment(*treatment);
  for (const core::Node* probe : top.tables("probe")) read_probe(*probe);
  const core::Node* output = top.node("output");
  read_output(output);
  top.finish();
  if (!top.has("substance") && !top.has("cells")) top.missing("substance");
  name_left_out();
  return std::move(experiment_);
}

// Keys that nothing in this experiment could read.
void TissueReader::name_idle(core::Section& top) {
  const auto idle = [&](const char* key, const char* why) {
    if (top.has(key)) top.wrong(key, "cannot-act", why, "leave it out");
  };
  if (experiment_.setup.attachments.empty())
    idle("attachments_per_cell", "there is no [[attachment]] whose springs it could limit");
  if (!has_cells())
    for (const char* key : {"mechanics_error", "adhesion_reach", "max_cells"})
      idle(key, "there are no [[cells]] that it could act on");
  if (experiment_.setup.substances.empty()) idle("matrix", "there is no [[substance]] that it could hinder");
  const auto& substances = experiment_.setup.substances;
  const auto hindered = [](const auto& s) {
    return std::any_of(s.plan.mobility.begin(), s.plan.mobility.end(), [](double m) { return m < 1.0; });
  };
  if (!matrix_.empty() && !substances.empty() && std::none_of(substances.begin(), substances.end(), hindered))
    experiment_.idle.push_back("the [[matrix]] hinders no substance");
  const auto decays_in_serum = [&](const auto& s) {
    return s.index != model::none &&
           model_.substances[static_cast<std::size_t>(s.index)].decay_in_serum > 0.0;
  };
  if (experiment_.setup.serum > 0.0 && !has_cells() &&
      std::none_of(substances.begin(), substances.end(), decays_in_serum))
    experiment_.idle.push_back(
        "no substance decays faster in the serum, and there are no [[cells]] that take one up");
}

bool TissueReader::has_cells() const {
  return document_.find("cells") != nullptr;
}

// A step longer than the run would be cut in silence; a step that does not divide checkpoints would move
// them.
void TissueReader::check_steps(core::Section& top) {
  const core::Tick step = experiment_.setup.step;
  if (experiment_.duration.count > 0 && step > experiment_.duration)
    top.wrong("step", "out-of-range", "is longer than the run", "leave it out, or make the duration longer");
  if (step.count > 0 && experiment_.checkpoint_every.count % step.count != 0)
    top.wrong("checkpoint_every", "not-a-multiple", "must be a multiple of `step`");
  if (step.count > core::to_tick(60).count)
    top.wrong("step", "out-of-range", "a coupling step beyond 1 h would miss what cells do to each other",
              "the steps of fields and mechanics within it adapt themselves; leave it at a few minutes");
}

void TissueReader::read_domain(const core::Node& node) {
  core::Section section(node, domain_keys(), problems_);
  fields::Grid& grid = experiment_.setup.grid;
  const auto used = static_cast<std::size_t>(grid.dimensions);
  const auto lengths = [&](const char* key, double fallback) {
    std::array<double, 3> values{fallback, fallback, fallback};
    const auto texts = section.texts(key);
    if (!section.has(key)) return values;
    if (texts.size() != 1 && texts.size() < used)
      section.wrong(key, "wrong-length", fmt::format("expected one length, or {} of them", used));
    for (std::size_t a = 0; a < 3; ++a) {
      const auto& [text, place] = texts[texts.size() == 1 ? 0 : std::min(a, texts.size() - 1)];
      if (texts.size() == 1 && a > 0) {
        values[a] = values[0];
      } else {
        values[a] = core::check_quantity(section.declared(key), text, place, section.full(key), problems_)
                        .value_or(fallback);
      }
    }
    return values;
  };
  const std::size_t before = problems_.size();
  const std::array<double, 3> size = lengths("size", 1.0), voxel = lengths("voxel", 1.0);
  grid.origin = lengths("origin", 0.0);
  for (std::size_t a = used; a < 3; ++a) grid.origin[a] = 0.0;
  double voxels = 1.0;
  for (std::size_t a = 0; a < 3; ++a) {
    grid.spacing[a] = voxel[a];
    if (a >= used) continue;
    const double n = std::round(size[a] / voxel[a]);
    voxels *= std::max(1.0, n);
    if (problems_.size() == before && (n < 1.0 || std::abs(n * voxel[a] - size[a]) > 1e-6 * size[a]))
      section.wrong("voxel", "not-a-divisor",
                    fmt::format("{} um along {} is not a whole number of voxels of {} um", size[a], "xyz"[a],
                                voxel[a]));
    grid.n[a] = n < 2e9 ? static_cast<int>(std::max(1.0, n)) : 2'000'000'000;
  }
  if (problems_.size() != before) {  // the rest is judged in one voxel as large as the box
    grid.spacing = size;
    grid.n = {1, 1, 1};
    voxels = 1.0;
  }
  for (const core::Node* plane : section.tables("plane")) read_plane(*plane);
  section.finish();
  refuse_too_large(voxels);
}

// Before anything of its size is allocated: the fields alone must fit.
void TissueReader::refuse_too_large(double voxels) {
  const std::size_t substances = std::max<std::size_t>(1, count_tables("substance"));
  const double per_voxel = fields::memory_estimate(fields::Grid{3, {1024, 1, 1}, {1, 1, 1}, {0, 0, 0}}, 1,
                                                   fields::Method::automatic) /
                           1024.0;
  const double bytes = voxels * static_cast<double>(substances) * (per_voxel + 24.0);
  if (bytes > memory_limit_)
    throw core::LimitError(
        fmt::format("{} voxels of {} substance{} would take about {:.3g} GiB, and this machine has {:.3g} "
                    "GiB; make [domain] "
                    "smaller or its voxel larger",
                    voxels < 1e15 ? fmt::format("{:.0f}", voxels) : fmt::format("{:.3g}", voxels), substances,
                    substances == 1 ? "" : "s", bytes / 1073741824.0, memory_limit_ / 1073741824.0));
}

std::size_t TissueReader::count_tables(std::string_view key) const {
  const core::Node* node = document_.find(key);
  return node == nullptr ? 0 : node->kind == core::Node::Kind::list ? node->items.size() : 1;
}

void TissueReader::read_plane(const core::Node& node) {
  core::Section section(node, plane_keys(), problems_);
  const std::size_t face = section.word("side");
  if (!has_cells())
    section.wrong("side", "cannot-act", "there are no [[cells]] that a basement plane could act on",
                  "what substances meet at a side is their `boundary`");
  else if (static_cast<int>(face / 2) >= experiment_.setup.grid.dimensions)
    experiment_.idle.push_back(fmt::format("the plane at {}: a domain of {} dimensions has no such side",
                                           side_names()[face], experiment_.setup.grid.dimensions));
  experiment_.setup.faces[face] = {section.quantity("repulsion"), section.quantity("adhesion")};
  section.finish();
}

void TissueReader::read_medium(const core::Node& node) {
  core::Section section(node, medium_keys(), problems_);
  experiment_.setup.serum = section.quantity("serum");
  section.finish();
}

void TissueReader::read_matrix(const core::Node& node) {
  core::Section section(node, matrix_keys(), problems_);
  const Region region = read_region(section, experiment_.setup.grid);
  const double density = section.quantity("density");
  section.finish();
  if (matrix_.empty()) matrix_.assign(experiment_.setup.grid.voxels(), 0.0);
  for (const std::size_t v : voxels_of(region, experiment_.setup.grid)) matrix_[v] = density;
}

void TissueReader::read_treatment(const core::Node& node) {
  core::Section section(node, tissue_treatment_keys(), problems_);
  tissue::TissueSetup::Treatment treatment;
  treatment.at = read_tick(section, "at");
  if (section.node("until") != nullptr) treatment.until = read_tick(section, "until");
  if (treatment.until.count >= 0 && treatment.until <= treatment.at)
    section.wrong("until", "out-of-range", "must be later than `at`");
  if (experiment_.duration.count > 0 && treatment.at >= experiment_.duration)
    check_late(section, treatment.at);
  if (const std::string key = section.chosen("drug"); !key.empty())
    treatment.substance = substance_named(section, key, section.text(key)).value_or(0);
  const model::Index index = experiment_.setup.substances.empty()
                                 ? model::none
                                 : experiment_.setup.substances[treatment.substance].index;
  if (!section.has("dose")) section.missing("dose");
  treatment.concentration = read_concentration(section, "dose", index, model_);
  if (treatment.until.count >= 0 && !experiment_.setup.substances.empty()) {
    const auto& faces = experiment_.setup.substances[treatment.substance].plan.boundary;
    if (std::all_of(faces.begin(), faces.end(),
                    [](const fields::Boundary& face) { return face.kind == fields::Boundary::Kind::flux; }))
      section.wrong("until", "cannot-act",
                    "what is poured into a sealed domain cannot be taken out again: `until` has no effect",
                    "give the substance a boundary that holds a concentration, or leave `until` out");
  }
  section.finish();
  if (!experiment_.setup.substances.empty()) experiment_.setup.treatments.push_back(treatment);
}

// A treatment after the end is a mistake, unless the run was cut short on purpose: then it is said.
void TissueReader::check_late(core::Section& section, core::Tick at) {
  const std::string what = fmt::format("a treatment at {} cannot act: the run ends at {}", time_words(at),
                                       time_words(experiment_.duration));
  const core::Node* duration = document_.find("duration");
  if (duration != nullptr && duration->place.file.starts_with("--set"))
    experiment_.idle.push_back(what);
  else
    section.wrong("at", "cannot-act", what, "treat earlier, or make `duration` longer");
}

void TissueReader::read_probe(const core::Node& node) {
  core::Section section(node, probe_keys(), problems_);
  const fields::Grid& grid = experiment_.setup.grid;
  ProbeSpec probe;
  probe.name = section.text("name");
  if (probe.name.find_first_of("/\\ ") != std::string::npos || probe.name.starts_with("."))
    section.wrong("name", "bad-name", "becomes a file name: use letters, digits, '_' and '-'");
  for (const ProbeSpec& other : experiment_.probes)
    if (other.name == probe.name)
      section.wrong("name", "duplicate-name", fmt::format("'{}' is there twice", probe.name));
  for (const auto& [text, place] : section.texts("substances"))
    if (const auto index = substance_named(section, "substances", text)) probe.substances.push_back(*index);
  if (!section.has("substances"))
    for (std::size_t f = 0; f < experiment_.setup.substances.size(); ++f) probe.substances.push_back(f);
  if (section.node("axis") != nullptr) {
    probe.kind = ProbeSpec::Kind::plane;
    probe.axis = static_cast<int>(section.word("axis"));
    probe.position = position(section, "position", probe.axis);
  } else {
    probe.from = read_point(section, "from", grid);
    probe.to = read_point(section, "to", grid);
    probe.points = static_cast<int>(section.whole("points"));
  }
  probe.every = every(section, "every");
  section.finish();
  refuse_too_long(probe);
  experiment_.probes.push_back(std::move(probe));
}

// Before the run: a table that nobody could read back, and no spreadsheet either.
void TissueReader::refuse_too_long(const ProbeSpec& probe) const {
  constexpr double largest = 256.0 * 1048576.0;  // bytes, what the report reads
  const fields::Grid& grid = experiment_.setup.grid;
  const auto a = static_cast<std::size_t>(probe.axis);
  const double places = probe.kind == ProbeSpec::Kind::line
                            ? probe.points
                            : static_cast<double>(grid.voxels()) / static_cast<double>(grid.n[a]);
  const double times = probe.every.count > 0 ? 2.0 + static_cast<double>(experiment_.duration.count) /
                                                         static_cast<double>(probe.every.count)
                                             : 2.0;
  const double bytes = places * times * (45.0 + 23.0 * static_cast<double>(probe.substances.size()));
  if (bytes > largest)
    throw core::LimitError(fmt::format(
        "the table of probe '{}' would have {:.3g} places at {:.3g} times, about {:.3g} MiB; a table may "
        "have 256 MiB; take fewer `points`, or `every` longer",
        probe.name, places, times, bytes / 1048576.0));
}

// Along an axis, within the domain; the middle where the key is absent.
double TissueReader::position(core::Section& section, std::string_view key, int axis) {
  const fields::Grid& grid = experiment_.setup.grid;
  const double low = grid.origin[static_cast<std::size_t>(axis)], length = grid.length(axis);
  const std::size_t before = problems_.size();
  const double place = section.quantity_or(key, low + 0.5 * length);
  if (problems_.size() != before) return place;
  if (place < low || place > low + length)
    section.wrong(key, "out-of-range",
                  fmt::format("lies outside the domain, {} um to {} um", low, low + length));
  return place;
}

// A period of output: a multiple of the step, so that no output ever cuts a step and moves the result.
core::Tick TissueReader::every(core::Section& section, std::string_view key) {
  const core::Tick step = experiment_.setup.step;
  if (section.says_word(key)) return {};  // "never"
  const core::Tick period = read_tick(section, key);
  if (!section.has(key) || step.count <= 0) {
    // A default follows the step instead of asking the user to mend it.
    return step.count > 0 ? core::Tick{(period.count + step.count - 1) / step.count * step.count} : period;
  }
  if (period.count % step.count != 0)
    section.wrong(key, "not-a-multiple",
                  fmt::format("must be a multiple of `step` ({} min)", core::minutes(step)));
  return period;
}

void TissueReader::read_output(const core::Node* node) {
  const core::Node nothing;
  core::Section section(node == nullptr ? nothing : *node, output_keys(), problems_);
  OutputSpec& output = experiment_.output;
  output.growth = every(section, "growth_every");
  output.profiles = every(section, "profiles_every");
  output.cells = every(section, "cells_every");
  output.fields = every(section, "fields_every");
  output.sections = every(section, "sections_every");
  if (experiment_.setup.cells.empty() && !section.has("sections_every")) output.sections = {};
  if (!has_cells())
    for (const char* key : {"growth_every", "cells_every", "sections_every"})
      if (section.has(key) && !section.says_word(key))
        section.wrong(key, "cannot-act", "there are no [[cells]] that it could show", "leave it out");
  section.finish();
}

// What the cells secrete or read and the file does not list is absent from the tissue: said, not guessed.
void TissueReader::name_left_out() {
  std::set<model::Index> there, wanted;
  for (const auto& substance : experiment_.setup.substances) there.insert(substance.index);
  for (const auto& cells : experiment_.setup.cells)
    for (const auto& [behaviour, value] :
         model_.cell_types[static_cast<std::size_t>(cells.type)].behaviours) {
      const bool flows = behaviour.kind == model::BehaviourKind::secretion ||
                         behaviour.kind == model::BehaviourKind::consumption;
      if (flows && value > 0.0) wanted.insert(behaviour.operand);
    }
  for (const model::Index substance : wanted)
    if (substance != model::none && !there.contains(substance))
      experiment_.left_out.push_back(model_.substances[static_cast<std::size_t>(substance)].name);
}

}  // namespace stroma::study
