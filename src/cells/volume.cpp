// See volume.hpp.
#include "cells/volume.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/errors.hpp"
#include "core/maths.hpp"
#include "core/random.hpp"

namespace stroma::cells {

namespace {

constexpr std::size_t chunk = 4096;

VolumeLaw law_towards(float solid, float fluid, float solid_rate, float fluid_rate) {
  VolumeLaw law;
  law.solid_target = solid;
  law.fluid_target = fluid;
  law.solid_rate = solid_rate;
  law.fluid_rate = fluid_rate;
  return law;
}

}  // namespace

VolumeLaw live_volume(float volume, float fluid) {
  return law_towards(volume * (1.0F - fluid), volume * fluid, 4.5e-3F, 5e-2F);
}
VolumeLaw apoptotic_volume(float /*volume*/, float /*fluid*/) {
  return law_towards(0.0F, 0.0F, 1.67e-2F, 5e-2F);
}
VolumeLaw swelling_volume(float volume, float fluid) {
  // solid is lost slowly, and water enters as if the cell wanted to hold three times its volume of it
  VolumeLaw law = law_towards(0.0F, 3.0F * volume * fluid, 5.3e-5F, 1.12e-2F);
  law.rupture = 2.0F * volume;
  return law;
}
VolumeLaw lysed_volume(float /*volume*/, float /*fluid*/) {
  return law_towards(0.0F, 0.0F, 5.3e-5F, 8.3e-4F);
}

float radius_of(float volume) {
  return core::maths::cbrt(volume * static_cast<float>(3.0 / (4.0 * std::numbers::pi)));
}
float volume_of(float radius) {
  return static_cast<float>(4.0 * std::numbers::pi / 3.0) * radius * radius * radius;
}

void relax_volumes(Bodies& bodies, std::span<const VolumeLaw> laws, std::span<const std::uint8_t> law,
                   double minutes, core::Threads threads, std::vector<std::uint32_t>& ruptured) {
  const std::size_t n = bodies.size();
  core::require(law.size() == n && laws.size() <= 256, "each body follows one of at most 256 volume laws");
  core::require(std::all_of(law.begin(), law.end(), [&](std::uint8_t k) { return k < laws.size(); }),
                "a body follows a volume law that is not there");
  // 1 - e^(-k t): once per law, not per body
  std::array<float, 256> solid_part{}, fluid_part{};
  for (std::size_t k = 0; k < laws.size(); ++k) {
    solid_part[k] =
        static_cast<float>(-core::maths::expm1(-static_cast<double>(laws[k].solid_rate) * minutes));
    fluid_part[k] =
        static_cast<float>(-core::maths::expm1(-static_cast<double>(laws[k].fluid_rate) * minutes));
  }
  core::for_chunks(n, chunk, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const VolumeLaw& l = laws[law[i]];
      const float solid = bodies.solid[i] + (l.solid_target - bodies.solid[i]) * solid_part[law[i]];
      const float fluid = bodies.fluid[i] + (l.fluid_target - bodies.fluid[i]) * fluid_part[law[i]];
      if (solid == bodies.solid[i] && fluid == bodies.fluid[i]) continue;  // at its target
      bodies.solid[i] = solid;
      bodies.fluid[i] = fluid;
      bodies.radius[i] = radius_of(solid + fluid);
    }
  });
  ruptured.clear();
  const bool any =
      std::any_of(laws.begin(), laws.end(), [](const VolumeLaw& l) { return std::isfinite(l.rupture); });
  if (!any) return;
  for (std::size_t i = 0; i < n; ++i) {
    if (bodies.solid[i] + bodies.fluid[i] > laws[law[i]].rupture)
      ruptured.push_back(static_cast<std::uint32_t>(i));
  }
}

std::size_t divide(Bodies& bodies, std::size_t mother, std::uint64_t daughter_id, std::uint32_t daughter_slot,
                   const Domain& domain, std::uint64_t seed, core::Tick tick, double offset) {
  core::require(mother < bodies.size() && offset > 0.0 && offset <= 1.0,
                "a division of a body that is there");
  core::Stream stream(seed, core::Purpose::division_axis, bodies.id[mother], tick.count);
  const core::maths::OnCircle round = core::maths::on_circle(stream.uniform());
  const double cosine = domain.dimensions == 3 ? 2.0 * stream.uniform() - 1.0 : 0.0;
  const double sine = std::sqrt(1.0 - cosine * cosine);
  const std::array<double, 3> axis = {sine * round.cosine, sine * round.sine, cosine};
  const double shift = offset * static_cast<double>(bodies.radius[mother]);
  std::array<double, 3> centre = {bodies.x[mother], bodies.y[mother], bodies.z[mother]};
  for (std::size_t k = 0; k < static_cast<std::size_t>(domain.dimensions); ++k) {
    const double room = std::abs(axis[k]) * shift;
    centre[k] = std::max(std::min(centre[k], domain.high[k] - room), domain.low[k] + room);
  }

  bodies.fluid[mother] *= 0.5F;
  bodies.solid[mother] *= 0.5F;
  NewBody daughter;
  daughter.x = centre[0] + shift * axis[0];
  daughter.y = centre[1] + shift * axis[1];
  daughter.z = centre[2] + shift * axis[2];
  daughter.id = daughter_id;
  daughter.type = bodies.type[mother];
  daughter.slot = daughter_slot;
  daughter.fluid = bodies.fluid[mother];
  daughter.solid = bodies.solid[mother];
  const std::size_t at = append(bodies, daughter);
  bodies.x[mother] = centre[0] - shift * axis[0];
  bodies.y[mother] = centre[1] - shift * axis[1];
  bodies.z[mother] = centre[2] - shift * axis[2];
  bodies.radius[mother] = bodies.radius[at];
  bodies.turn_budget[mother] = -1.0F;
  for (std::size_t k = 0; k < 4; ++k) bodies.previous[4 * mother + k] = 0.0F;
  return at;
}

}  // namespace stroma::cells
