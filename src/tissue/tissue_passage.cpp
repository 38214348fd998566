#include "tissue/tissue_passage.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"

namespace stroma::tissue {

std::size_t OutsideOfTissue::room(std::size_t k) const {
  std::size_t others = 0;
  for (std::size_t j = 0; j < s_.populations.size(); ++j)
    if (j != k) others += s_.populations[j].cells.size();
  return std::max(plan_.setup.max_cells, others) - others;
}

void OutsideOfTissue::refuse_growth(core::Tick now) const {
  throw core::LimitError(fmt::format("the tissue grows to {} cells, more than the limit of {}, at {} h",
                                     plan_.setup.max_cells + 1, plan_.setup.max_cells,
                                     core::minutes(now) / 60.0));
}

void OutsideOfTissue::release(std::size_t k, std::size_t d, std::size_t cell, double amount) {
  const std::size_t b = body_of(k)[cell];
  const std::size_t f = field(k, d);
  const std::size_t voxel = plan_.fields.grid.voxel_at(s_.bodies.x[b], s_.bodies.y[b], s_.bodies.z[b]);
  fields::Field& there = s_.fields.substances[f];
  s_.ports[f][k].entered -= amount;
  const auto& fixed = plan_.fields.substances[f].fixed;
  if (std::ranges::binary_search(fixed, voxel, {},
                                 &fields::FixedVoxel::voxel)) {  // whoever holds it takes it
    there.budget.source += amount;
    there.budget.fixed -= amount;
  } else {
    there.concentration[voxel] += amount / plan_.fields.grid.voxel_volume();
  }
}

void OutsideOfTissue::hand_over(std::size_t k, std::size_t d, std::size_t to, double amount) {
  std::vector<CellPort>& ports = s_.ports[field(k, d)];
  ports[k].entered -= amount;
  ports[to].entered += amount;
}

void OutsideOfTissue::bring(std::size_t k, std::size_t d, double amount) {
  const std::size_t f = field(k, d);
  s_.fields.substances[f].budget.placed += amount;
  s_.fields.substances[f].budget.uptake_linear += amount;
  s_.ports[f][k].entered += amount;
}

void OutsideOfTissue::born(std::size_t k, const cells::Change& change) {
  std::vector<std::uint32_t>& bodies = body_of(k);
  const auto slot = static_cast<std::uint32_t>(bodies.size());
  bodies.push_back(static_cast<std::uint32_t>(cells::divide(s_.bodies, bodies[change.cell], change.id, slot,
                                                            plan_.mechanics.domain, plan_.setup.seed, now_)));
}

void OutsideOfTissue::removed(std::size_t k, std::size_t cell) {
  work_->gone.push_back(body_of(k)[cell]);
  move_last(k, cell);
}

// The body stays where it is and as large as it is; its volume approaches that of the new type.
void OutsideOfTissue::converted(std::size_t k, std::size_t cell, std::size_t to) {
  const std::uint32_t b = body_of(k)[cell];
  cells::retype(s_.bodies, b, static_cast<std::uint8_t>(to), static_cast<std::uint32_t>(body_of(to).size()));
  body_of(to).push_back(b);
}

void OutsideOfTissue::vacated(std::size_t k, std::size_t cell) {
  move_last(k, cell);
}

void OutsideOfTissue::move_last(std::size_t k, std::size_t cell) {
  std::vector<std::uint32_t>& bodies = body_of(k);
  if (cell + 1 < bodies.size()) {
    bodies[cell] = bodies.back();
    s_.bodies.slot[bodies[cell]] = static_cast<std::uint32_t>(cell);
  }
  bodies.pop_back();
}

void OutsideOfTissue::arrived(std::size_t k, std::size_t first, const Arrival& arrival) {
  const cells::Lives& lives = s_.populations[k].cells;
  for (std::size_t i = 0; i < arrival.positions.size(); ++i) {
    const std::size_t slot = first + i;
    cells::NewBody body =
        body_at(arrival.positions[i], k, plan_, lives.id[slot], static_cast<std::uint32_t>(slot));
    if (lives.phase[slot] > 0) {  // past its first phase: half-way grown to the volume of two
      body.fluid *= 1.5F;
      body.solid *= 1.5F;
    }
    cells::append(s_.bodies, body);
  }
  require_room(now_, plan_, s_);
}

cells::NewBody body_at(const std::array<double, 3>& position, std::size_t k, const TissuePlan& plan,
                       std::uint64_t id, std::uint32_t slot) {
  const TypeInSpace& type = plan.types[k];
  cells::NewBody body;
  body.x = position[0];
  body.y = position[1];
  body.z = plan.mechanics.domain.dimensions == 3 ? position[2] : 0.0;
  body.id = id;
  body.type = static_cast<std::uint8_t>(k);
  body.slot = slot;
  body.fluid = type.volume * type.fluid_fraction;
  body.solid = type.volume * (1.0F - type.fluid_fraction);
  return body;
}

void require_room(core::Tick now, const TissuePlan& plan, const TissueState& s) {
  if (s.bodies.size() > plan.setup.max_cells)
    throw core::LimitError(fmt::format("the tissue has grown to {} cells, more than the limit of {}, at {} h",
                                       s.bodies.size(), plan.setup.max_cells, core::minutes(now) / 60.0));
}

}  // namespace stroma::tissue
