// From a concentration in the medium to an effect on a target:
//   free fraction   f_u(s) = 1 / (1 + s (1/f_u(1) - 1))           s: serum fraction
//   occupancy       theta  = (L/Kd) / (1 + L/Kd + sum_j B_j/K_j)  Gaddum 1937
//   activity left   r      = 1 / (1 + (C/IC50)^h)
// The free and the total concentration are never compared: medium holds totals, cells and receptors see free
// ones.
#pragma once

#include <span>

#include "core/parallel.hpp"

namespace stroma::pharmacology {

/// Unbound fraction of a drug in medium with the serum fraction `serum` in [0, 1], from its unbound fraction
/// in whole serum (0, 1]. Binding sites are taken to be in excess and proportional to the serum. Source: law
/// of mass action; for sorafenib 0.005 at s = 1 gives 0.048 in 10 % serum.
double free_fraction(double free_fraction_in_serum, double serum);

/// Gaddum's occupancy in [0, 1) for a free ligand concentration [nM], its dissociation constant [nM] and
/// `antagonism` = sum of B_j/K_j of competitive antagonists.
double occupancy(double ligand, double kd, double antagonism);

/// Activity a target has left, in (0, 1], at the free intracellular concentration `c` [nM].
double remaining_activity(double c, double ic50, double hill);

/// remaining[i] = remaining_activity(c[i], ic50, hill), for every cell i. Spans have equal length.
void remaining_activities(std::span<float> remaining, std::span<const float> c, double ic50, double hill);

/// Entry and efflux rates of one drug, 1/min.
struct Entry {
  double influx = 0.0;
  double efflux = 0.0;
  double efflux_by_transporter = 0.0;
};

/// Advances what every cell of `volume` [um^3] holds of a drug by `minutes` with the outside held constant:
///   dC/dt = k_in m f_u C_out - (k_out + k_efflux a) C,   C = held/volume free inside,   solved exactly.
/// `held` [nM um^3] is advanced; `influx_multiplier` m and `transporter` a hold one value per cell, or are
/// empty for m = 1, a = 0. Returns the sum over cells of the change [nM um^3], added in index order.
double enter_cells(std::span<double> held, double volume, std::span<const float> influx_multiplier,
                   std::span<const float> transporter, const Entry& entry, double free_outside,
                   double minutes);

/// The same solution for a concentration outside that is still to be found: over `minutes`, a cell gives off
/// the share lost[i] of what it holds and keeps gained[i] nM/min for each nM of the mean free concentration
/// outside,
///   lost = 1 - exp(-k t),   gained = k_in m lost/(k t),   k = k_out + k_efflux a.
/// Where the outside is constant this is enter_cells; where it varies, of second order in t. Both are >= 0.
void entry_rates(std::span<double> lost, std::span<double> gained, std::span<const float> influx_multiplier,
                 std::span<const float> transporter, const Entry& entry, double minutes,
                 core::Threads threads);

}  // namespace stroma::pharmacology
