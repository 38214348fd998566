// How cells come and go: births, removals, arrivals and conversions, in a culture and in space. A cell is an
// entry in the arrays of its population (identity and life, activities, drugs held) and whatever its setting
// keeps beside them; everything that changes who is in a population changes all of these here.
//   birth       the daughter has the mother's network; what she holds, the setting says
//   removal     what the cell held returns to its surroundings
//   arrival     as a founder, with what it brings
//   conversion  id, lineage, count of draws and amounts of drug are kept; nodes and traits go by name, a node
//               that only the new type has begins at rest; nothing is given to or taken from the surroundings
// Private to the module.
#pragma once

#include <cstddef>
#include <vector>

#include "cells/passage.hpp"
#include "tissue/arrival.hpp"
#include "tissue/behaviours.hpp"
#include "tissue/populations.hpp"

namespace stroma::tissue {

/// What a setting keeps of its cells and of their drugs beside the populations. `k` is a population, `d` a
/// drug of its plan.
class Outside {
 public:
  virtual ~Outside() = default;
  virtual bool has_drug(std::size_t k, std::size_t d) const = 0;
  /// How many cells population k may have.
  virtual std::size_t room(std::size_t k) const = 0;
  /// Says that there is no more room. Throws LimitError.
  [[noreturn]] virtual void refuse_growth(core::Tick now) const = 0;
  /// A daughter is born; returns what she holds of a drug of which the mother holds `mothers` (changed where
  /// she shares it).
  virtual double share(std::size_t k, std::size_t d, double& mothers) = 0;
  /// `amount` leaves cell `cell`, which falls apart.
  virtual void release(std::size_t k, std::size_t d, std::size_t cell, double amount) = 0;
  /// `amount` is held by a cell of population `to` that was one of `k`; it stays where it is.
  virtual void hand_over(std::size_t k, std::size_t d, std::size_t to, double amount) = 0;
  /// `amount` was brought in by a cell that arrived.
  virtual void bring(std::size_t k, std::size_t d, double amount) = 0;

  // The setting's own record of a cell: where it is.
  virtual void born(std::size_t, const cells::Change&) {}
  virtual void removed(std::size_t, std::size_t) {}  ///< before the last cell takes its place
  virtual void converted(std::size_t, std::size_t, std::size_t) {}
  virtual void vacated(std::size_t, std::size_t) {}  ///< by a conversion; the last cell takes the place
  virtual void arrived(std::size_t, std::size_t, const Arrival&) {}  ///< from this index on
};

/// Carries out what happens to the cells of population k within the step, in the order of their indices.
/// Throws LimitError before more are born than there is room for, and NumericalError where a cell divides
/// without end.
void commit_life(const Step& step, std::size_t k, Populations& s, const PopulationsPlan& plan, LifeWork& work,
                 Outside& outside);

/// Every cell whose hazard of a conversion has run out becomes one of the other type. After all populations
/// are committed. Whether there was any.
bool convert_cells(Populations& s, const PopulationsPlan& plan, std::vector<cells::Change>& scratch,
                   Outside& outside);

/// `arrival.count` cells enter population k.
void admit(const Arrival& arrival, std::size_t k, Populations& s, const PopulationsPlan& plan,
           Outside& outside);

/// The tick of the next arrival after `now`, or `next` where that is sooner.
core::Tick next_arrival(const std::vector<Arrival>& arrivals, core::Tick now, core::Tick next);

/// Admits whoever arrives at `now`.
void admit_due(const std::vector<Arrival>& arrivals, core::Tick now, Populations& s,
               const PopulationsPlan& plan, Outside& outside);

/// Compiles a population for every type of `types`, for those that arrive and for those that their cells may
/// become, with the maps from one to the other. `plan.model` and `plan.accuracy` are set. What cannot be
/// passed over is added to `problems`.
void compile_populations(PopulationsPlan& plan, std::vector<model::Index> types,
                         const std::vector<Arrival>& arrivals, std::uint64_t seed, std::uint64_t donor_seed,
                         double serum, core::Diagnostics& problems);

/// Adds what is wrong with arrivals: a place that is missing or has no meaning, a content that the cell
/// cannot hold. `has_drug`: whether the setting knows a drug of population k at all.
void check_arrivals(const std::vector<Arrival>& arrivals, const PopulationsPlan& plan, model::Setting setting,
                    const std::vector<std::vector<bool>>& has_drug, core::Diagnostics& problems);

}  // namespace stroma::tissue
