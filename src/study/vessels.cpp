#include "study/vessels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "assays/noise.hpp"
#include "core/errors.hpp"
#include "core/hash.hpp"
#include "core/maths.hpp"
#include "core/random.hpp"
#include "study/arrival_key.hpp"
#include "study/sampling.hpp"
#include "study/tissue_arms.hpp"
#include "tissue/medium.hpp"

namespace stroma::study {
namespace {

// Coefficient of variation of a pipetted volume; assumption, range 0.01 to 0.08 (as assays::Cck8Instrument).
constexpr double pipetting_cv = 0.03;
constexpr std::int64_t quick_divisor = 10;
constexpr std::int64_t quick_floor = 80;

std::uint64_t hash_seed(std::uint64_t seed, const std::string& text) {
  core::Hasher hasher;
  hasher.number(seed);
  hasher.text(text);
  return std::stoull(hasher.digest().substr(0, 16), nullptr, 16);
}

std::string key_of(const Vessel& v, const model::Model& model, const std::string& supernatant_key) {
  core::Hasher h;
  h.number(engine_version);
  h.text(model.content_hash);
  h.text(supernatant_key);
  h.number(v.scale);
  h.number(v.with_colonies);
  h.array(std::span<const core::Tick>(v.times));
  const tissue::CultureSetup& s = v.setup;
  for (const auto& c : s.cells) {
    h.text(model.cell_types[static_cast<std::size_t>(c.type)].name);
    h.number(static_cast<std::uint64_t>(c.count));
    if (c.weight != 1.0) h.number(c.weight);
  }
  h.array(std::span<const double>(s.medium.concentration));
  h.number(s.medium.serum);
  h.number(s.volume);
  h.number(s.area);
  h.number(s.evaporation);
  for (const auto& t : s.treatments) {
    h.number(t.at.count);
    h.text(model.substances[static_cast<std::size_t>(t.substance)].name);
    h.number(t.concentration);
    if (t.until.count >= 0) h.number(t.until.count);
  }
  for (const tissue::Arrival& a : s.arrivals) hash_arrival(h, a);
  h.number(s.renewal.count);
  h.number(s.step.count);
  h.number(s.seed);
  h.number(s.donor_seed);
  h.number(static_cast<std::uint64_t>(s.max_cells));
  return h.digest();
}

}  // namespace

std::vector<core::Tick> given_at(const TreatmentSpec& t, core::Tick end) {
  std::vector<core::Tick> out{t.at};
  if (t.every.count <= 0) return out;
  const core::Tick stop = t.until.count >= 0 ? std::min(t.until, end) : end;
  for (core::Tick at = t.at + t.every;
       at < stop && (t.times == 0 || out.size() < static_cast<std::size_t>(t.times)); at = at + t.every)
    out.push_back(at);
  return out;
}

namespace {

class Expander {
 public:
  Expander(const Experiment& e, const model::Model& m, std::uint64_t seed, bool quick)
      : e_(e), model_(m), seed_(seed) {
    cells_ = quick ? std::max(std::min(quick_floor, e.simulated_cells), e.simulated_cells / quick_divisor)
                   : e.simulated_cells;
  }

  std::vector<Vessel> all() {
    for (int r = 0; r < e_.replicates; ++r)
      for (std::size_t c = 0; c < e_.cultures.size(); ++c) add_culture(r, static_cast<int>(c));
    for (int r = 0; r < e_.replicates; ++r)
      for (std::size_t s = 0; s < e_.systems.size(); ++s)
        for (std::size_t a = 0; a < e_.arms.size(); ++a) add_arm(r, static_cast<int>(s), static_cast<int>(a));
    return std::move(vessels_);
  }

 private:
  void fill(Vessel& v, const std::vector<std::pair<model::Index, double>>& cells, double volume,
            double area) {
    // A colony is counted by its cells: these are not weighted.
    SampledCells sampled = sample_cells(cells, cells_, model_, !v.with_colonies);
    v.setup.cells = std::move(sampled.cells);
    v.scale = 1.0 / sampled.share;
    v.setup.volume = volume * sampled.share;
    v.setup.area = area * sampled.share;
    v.setup.step = e_.step;
    for (const auto& c : v.setup.cells) v.plated += static_cast<std::int64_t>(c.count);
  }

  int culture_vessel(int replicate, int culture) const {
    return replicate * static_cast<int>(e_.cultures.size()) + culture;
  }

  void pour(Vessel& v, const MediumSpec& medium) {
    if (medium.culture >= 0) {
      v.supernatant = culture_vessel(v.replicate, medium.culture);
      v.setup.medium.concentration.assign(model_.substances.size(), 0.0);
    } else {
      v.setup.medium = base_medium(medium, model_);
    }
  }

  void finish(Vessel v, const std::string& identity) {
    v.setup.seed = hash_seed(seed_, identity);
    if (v.with_colonies) v.scale = 1.0;  // a colony cannot be scaled; the well is smaller instead
    // A pipette does not count: the cells that get into the vessel vary about the nominal number.
    for (auto& c : v.setup.cells) {
      const double each = v.scale * c.weight;
      const double nominal = static_cast<double>(c.count) * each;
      const auto pipetted =
          assays::pipette_cells(nominal, pipetting_cv, v.setup.seed,
                                core::name_key(model_.cell_types[static_cast<std::size_t>(c.type)].name));
      c.count = static_cast<std::size_t>(std::llround(static_cast<double>(pipetted) / each));
    }
    require_within_limits(v);
    v.setup.donor_seed = hash_seed(seed_, fmt::format("donor\n{}", v.replicate));
    v.key =
        key_of(v, model_,
               v.supernatant >= 0 ? vessels_[static_cast<std::size_t>(v.supernatant)].key : std::string());
    vessels_.push_back(std::move(v));
  }

  // A run would fail at its first step; refused here, nothing is begun.
  static void require_within_limits(const Vessel& v) {
    std::size_t cells = 0;
    for (const auto& c : v.setup.cells) cells += c.count;
    if (cells > v.setup.max_cells)
      throw core::LimitError(
          fmt::format("{}: {} cells would be simulated, and a vessel may hold {}; lower simulated_cells",
                      v.label, cells, v.setup.max_cells));
  }

  void add_culture(int replicate, int index) {
    const CultureSpec& c = e_.cultures[static_cast<std::size_t>(index)];
    Vessel v;
    v.replicate = replicate;
    v.culture = index;
    fill(v, cells_of(c), c.volume, c.area);
    pour(v, c.medium);
    v.times = {c.duration};
    v.label = fmt::format("{}: culture {}, replicate {}", e_.name, c.name, replicate + 1);
    finish(std::move(v), fmt::format("culture\n{}\n{}", c.name, replicate));
  }

  void add_arm(int replicate, int system, int index) {
    const ArmSpec& arm = e_.arms[static_cast<std::size_t>(index)];
    std::size_t doses = 1;
    for (const TreatmentSpec& t : arm.treatments)
      if (t.series) doses = t.doses.size();
    for (std::size_t d = 0; d < doses; ++d)
      for (int w = 0; w < e_.wells_per_arm; ++w)
        add_well(replicate, system, index, arm, static_cast<int>(d), w);
  }

  void add_well(int replicate, int system, int index, const ArmSpec& arm, int dose, int well) {
    Vessel v;
    v.replicate = replicate;
    v.system = system;
    v.arm = index;
    v.dose = dose;
    v.well = well;
    std::vector<std::pair<model::Index, double>> cells = cells_of(arm);
    if (cells.empty()) cells.emplace_back(e_.lines[static_cast<std::size_t>(system)], e_.cells_per_well);
    v.with_colonies = counts_clones(e_);
    fill(v, cells, e_.well_volume, e_.well_area);
    v.setup.evaporation = e_.evaporation;
    pour(v, arm.medium);
    core::Tick last;
    for (const ReadoutSpec& r : e_.readouts) last = std::max(last, r.at);
    std::string at_dose;
    for (const TreatmentSpec& t : arm.treatments) {
      const auto given = t.series ? static_cast<std::size_t>(dose) : 0;
      if (t.series) at_dose = dose_identity(t.doses, given);
      // A dose of none is washed out as well: wells of a series differ in what is in them only.
      if (t.doses[given] == 0.0 && t.until.count < 0) continue;
      for (const core::Tick at : given_at(t, last))
        v.setup.treatments.push_back({at, t.substance, t.doses[given], t.until});
    }
    v.setup.renewal = e_.renewal;
    for (const ReadoutSpec& r : e_.readouts) v.times.push_back(r.at);
    std::sort(v.times.begin(), v.times.end());
    v.times.erase(std::unique(v.times.begin(), v.times.end()), v.times.end());
    const std::string& system_name = e_.systems[static_cast<std::size_t>(system)];
    v.label = fmt::format("{}: {}, {}, dose {}, well {}, replicate {}", e_.name, system_name, arm.name,
                          dose + 1, well + 1, replicate + 1);
    finish(std::move(v),
           fmt::format("well\n{}\n{}\n{}\n{}\n{}", system_name, arm.name, at_dose, well, replicate));
  }

  // A dose by its value and not by its place in the series; zeros that are there twice are told apart.
  static std::string dose_identity(const std::vector<double>& doses, std::size_t at) {
    const auto end = doses.begin() + static_cast<std::ptrdiff_t>(at);
    return fmt::format("{} nM, {}", doses[at], std::count(doses.begin(), end, doses[at]));
  }

  const Experiment& e_;
  const model::Model& model_;
  std::uint64_t seed_;
  std::int64_t cells_ = 0;
  std::vector<Vessel> vessels_;
};

}  // namespace

tissue::Solution base_medium(const MediumSpec& spec, const model::Model& model) {
  core::require(spec.culture < 0, "a supernatant is not a base medium");
  return tissue::plain_solution(model, spec.serum);
}

double expected_work(const Vessel& v) {
  double cells = 0.0;
  for (const auto& c : v.setup.cells) cells += static_cast<double>(c.count);
  // Mean number of cells over a run in which they double every 40 h; only the time left is judged by it.
  const double doublings = core::minutes(v.times.back()) / 2400.0;
  const double growth =
      core::maths::expm1(doublings * core::maths::log(2.0)) / (doublings * core::maths::log(2.0));
  return cells * growth * static_cast<double>(v.times.back().count) / static_cast<double>(v.setup.step.count);
}

std::vector<Vessel> expand(const Experiment& experiment, const model::Model& model, std::uint64_t seed,
                           bool quick) {
  if (experiment.space) return expand_tissues(experiment, model, seed);
  return Expander(experiment, model, seed, quick).all();
}

}  // namespace stroma::study
