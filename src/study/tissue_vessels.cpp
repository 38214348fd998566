// The tissues of an experiment's arms as vessels: what each is called and what its result depends on.
#include <fmt/format.h>

#include <algorithm>

#include "core/hash.hpp"
#include "study/tissue_arms.hpp"

namespace stroma::study {
namespace {

std::string key_of(const Vessel& v, const TissueExperiment& tissue, const model::Model& model) {
  core::Hasher h;
  h.text("tissue");
  h.number(tissue_engine_version);
  h.text(model.content_hash);
  h.text(configuration_hash(tissue));
  h.array(std::span<const core::Tick>(v.times));
  return h.digest();
}

}  // namespace

std::vector<Vessel> expand_tissues(const Experiment& e, const model::Model& model, std::uint64_t seed) {
  std::vector<Vessel> vessels;
  for (int r = 0; r < e.replicates; ++r)
    for (const TissueArms::Condition& condition : e.space->conditions) {
      const std::uint64_t own = replicate_seed(seed, r);
      const TissueExperiment tissue = tissue_of(e, condition.arm, condition.dose, model, own);
      Vessel v;
      v.replicate = r;
      v.system = 0;
      v.arm = condition.arm;
      v.dose = condition.dose;
      v.setup.step = tissue.setup.step;
      v.setup.seed = own;
      v.setup.volume = static_cast<double>(tissue.setup.grid.voxels()) * tissue.setup.grid.voxel_volume();
      for (const auto& cells : tissue.setup.cells) {
        v.setup.cells.push_back({cells.type, cells.positions.size()});
        v.plated += static_cast<std::int64_t>(cells.positions.size());
      }
      for (const ReadoutSpec& readout : e.readouts) v.times.push_back(readout.at);
      v.times.push_back(tissue.duration);
      std::sort(v.times.begin(), v.times.end());
      v.times.erase(std::unique(v.times.begin(), v.times.end()), v.times.end());
      v.label = fmt::format("{}: {}, {}, dose {}, replicate {}", e.name, e.systems.front(),
                            e.arms[static_cast<std::size_t>(v.arm)].name, v.dose + 1, r + 1);
      v.key = key_of(v, tissue, model);
      vessels.push_back(std::move(v));
    }
  return vessels;
}

}  // namespace stroma::study
