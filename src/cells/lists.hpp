// What mechanics shares with the neighbour lists; not for other modules.
#pragma once

#include <cstddef>

#include "cells/kernel.hpp"
#include "cells/neighbourhood.hpp"

namespace stroma::cells {

/// The lattice point of body i; `inside` is false where it is outside the domain or not a number.
Point point_of(const Bodies& bodies, std::size_t i, const Domain& domain, const Lattice& lattice,
               bool& inside);

/// The box as the kernels want it; in 2-D it has no extent along z. No step, no velocities.
kernel::Advance place_in(const Domain& domain, const Lattice& lattice, double reach);

/// Lists from bodies.reference.
void make_lists(Neighbourhood& nb, Bodies& bodies, const MechanicsPlan& plan, core::Threads threads);

/// Lists from nb.points, which become bodies.reference.
void remake_lists(Neighbourhood& nb, Bodies& bodies, const MechanicsPlan& plan, core::Threads threads);

/// Largest u + reach g of bodies [begin, end), in lattice units; see Neighbourhood.
float drift_of(const Neighbourhood& nb, const Bodies& bodies, float reach, std::size_t begin,
               std::size_t end);

/// Whether lists are complete after a drift (lattice units).
bool lists_hold(const Neighbourhood& nb, float drift, const Lattice& lattice);

}  // namespace stroma::cells
