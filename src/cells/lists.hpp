// What mechanics shares with the neighbour lists; not for other modules.
#pragma once

#include <cstddef>

#include "cells/neighbourhood.hpp"

namespace stroma::cells {

/// The lattice point of body i; `inside` is false where it is outside the domain or not a number.
Point point_of(const Bodies& bodies, std::size_t i, const Domain& domain, const Lattice& lattice,
               bool& inside);

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
