// How cells push and pull each other and where they go. Overdamped: the velocity of body i is
//     v_i = sum_j n_ij [ c_r (1 - d/R)^2 [d < R] - c_a (1 - d/(reach R))^2 [d < reach R] ] + planes
//           + attachments + migration,     R = r_i + r_j, n_ij = (x_i - x_j)/d,
// the pair potential of the reference simulator of the field (Ghaffarizadeh et al., PLoS Comput Biol 2018,
// after Macklin et al., J Theor Biol 2012).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cells/attachments.hpp"
#include "cells/bodies.hpp"
#include "cells/domain.hpp"
#include "cells/motility.hpp"
#include "cells/neighbourhood.hpp"
#include "core/diagnostics.hpp"
#include "core/parallel.hpp"
#include "core/time.hpp"

namespace stroma::cells {

/// Coefficients of one cell type. Defaults: the reference simulator's.
struct TypeMechanics {
  double repulsion = 10.0;  ///< c_r, um/min, >= 0
  double adhesion = 0.4;    ///< c_a, um/min, >= 0
};

/// Everything that decides forces. Pairs combine as c_r = sqrt(c_ri c_rj), c_a = sqrt(c_ai c_aj)
/// sqrt(A_ij A_ji), A the affinity; equal for both partners, so that forces cancel to the bit.
struct MechanicsPlan {
  Domain domain;
  std::vector<TypeMechanics> types;
  std::vector<double> affinity;  ///< types x types, row by row, each >= 0; empty: all 1
  double reach = 1.25;           ///< adhesion ends at reach R; >= 1, <= 4
  double contact = 1.0;          ///< um; cells whose surfaces are nearer than this are in contact; >= 0
  double skin = 0.0;             ///< um; margin of the neighbour lists; 0: chosen (see default_skin)
  double step = 0.1;             ///< min; the first step and, where `tolerance` is 0, every step
  double longest_step = 1.0;     ///< min
  double tolerance = 0.02;       ///< um; error of one step that adapts it (see move); 0: fixed steps
  double largest_move = 2.0;     ///< um; a step moves no cell further than this by forces
};

void validate(const MechanicsPlan& plan, core::Diagnostics& diagnostics);

/// What a call of `move` did.
struct MoveReport {
  std::int64_t steps = 0;             ///< steps of the mechanics
  std::int64_t rebuilds = 0;          ///< of the neighbour lists
  std::int64_t reflections = 0;       ///< centres reflected at a side of the box
  std::int64_t coincidences = 0;      ///< pairs, counted from both sides and per step, on one lattice point
  double largest_displacement = 0.0;  ///< um; of one cell in one step
  double largest_error = 0.0;         ///< um; estimated error of one cell in one step
  double shortest_step = 0.0, longest_step = 0.0;  ///< min
};

/// Moves all bodies by `minutes`. Never changes their order or number.
///
/// Steps: second-order Adams-Bashforth with variable step, x += h [v + (h/2h') (v - v')], v' and h' of the
/// step before (first order for a body without one). One evaluation of forces per step. With a tolerance, h
/// is the longest that keeps (a) the difference of the second- and first-order formula, h^2/(2h') |v - v'|,
/// below `tolerance` for every body, (b) the displacement by forces below `largest_move`, (c) h <=
/// longest_step, h <= 1.5 h', (d) h <= 0.25 / the largest sum of attachment stiffness of a body; `minutes` is
/// then cut into equal steps of at most h. Without one, the steps are minutes/ceil(minutes/plan.step).
/// Migration is exact between turns (see motility.hpp).
///
/// Two bodies on one lattice point have no direction: they part along a unit vector drawn from (seed,
/// contact, both ids), opposite for the two; counted in the report. Same bits for any number of threads.
/// Throws NumericalError with the cell id, the tick and the value where a position is not finite or leaves
/// the box by more than its extent; InputError never (validate first).
MoveReport move(Bodies& bodies, const MechanicsPlan& plan, Neighbourhood& neighbourhood, const Motion& motion,
                const Attachments& attachments, core::Tick begin, double minutes, core::Threads threads);

/// Velocities by forces at the present positions, 4 per body (um/min, the fourth 1): what move integrates,
/// without migration. For tests and for readouts of stress.
std::span<const float> velocities(Bodies& bodies, const MechanicsPlan& plan, Neighbourhood& neighbourhood,
                                  const Motion& motion, const Attachments& attachments,
                                  core::Threads threads);

/// Distance at which two cells that touch at R rest: s = (1 - q)/(1/R - q/(reach R)), q = sqrt(c_a/c_r).
double resting_distance(double sum_of_radii, double repulsion, double adhesion, double reach);

/// What a cell senses of its neighbours.
struct ContactSignals {
  std::vector<float> pressure;  ///< sum_j (1 - d/R)^2 [d < R] / 12 (1 - sqrt(pi/(2 sqrt 3)))^2: 1 for a cell
                                ///< with twelve neighbours at the spacing at which hexagonally packed discs
                                ///< cover the plane (the reference simulator's normalisation)
  std::vector<std::uint16_t> contacts;  ///< [body x types + type]: neighbours of that type in contact
};

/// Pressure and contacts of every body at the present positions.
void sense_contacts(Bodies& bodies, const MechanicsPlan& plan, Neighbourhood& neighbourhood,
                    core::Threads threads, ContactSignals& signals);

}  // namespace stroma::cells
