// Pressure and numbers of contacts; see ContactSignals in mechanics.hpp.
#include <cmath>
#include <numbers>

#include "cells/mechanics.hpp"

namespace stroma::cells {

void sense_contacts(Bodies& bodies, const MechanicsPlan& plan, Neighbourhood& nb, core::Threads threads,
                    ContactSignals& signals) {
  refresh(nb, bodies, plan, threads);
  const std::size_t n = bodies.size(), types = plan.types.size();
  const Lattice lattice = lattice_of(plan.domain);
  const double contact = plan.contact * lattice.per_um;
  const double edge = 1.0 - std::sqrt(std::numbers::pi / (2.0 * std::numbers::sqrt3));
  const double per_unit = 1.0 / (12.0 * edge * edge);
  signals.pressure.resize(n);
  signals.contacts.assign(n * types, 0);
  core::for_chunks(n, std::size_t{1024}, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Point& p = nb.points[i];
      double pressure = 0.0;
      for (const std::uint32_t j : nb.of(i)) {
        const Point& q = nb.points[j];
        const double dx = p.x - q.x, dy = p.y - q.y, dz = p.z - q.z;
        const double sum = static_cast<double>(p.radius) + static_cast<double>(q.radius);
        const double d2 = dx * dx + dy * dy + dz * dz;
        if (d2 >= (sum + contact) * (sum + contact)) continue;
        ++signals.contacts[i * types + bodies.type[j]];
        if (d2 >= sum * sum) continue;
        const double overlap = 1.0 - std::sqrt(d2) / sum;
        pressure += overlap * overlap;
      }
      signals.pressure[i] = static_cast<float>(pressure * per_unit);
    }
  });
}

}  // namespace stroma::cells
