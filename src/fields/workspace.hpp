// Buffers of a plan's fields. Internal to the module.
#pragma once

#include <memory>
#include <vector>

#include "fields/advance.hpp"
#include "fields/extrapolation.hpp"
#include "fields/multigrid.hpp"
#include "fields/split.hpp"
#include "fields/transport.hpp"

namespace stroma::fields {

struct Workspace::Impl {
  const Plan* plan = nullptr;
  std::vector<Transport> transports;
  AlignedDoubles full, half, third;      ///< trial fields; the third for implicit steps only
  AlignedDoubles start;                  ///< where a sub-call began; of fields under a closed layer only
  std::unique_ptr<Multigrid> multigrid;  ///< made at its first use
  SplitScratch split;
  std::vector<SubstanceReport> reports;
  Extrapolation extrapolation;

  void prepare(const Plan& plan);
  /// Takes up a mobility that is not the one of the last call; empty: that of the plan.
  void prepare(std::size_t substance, std::span<const double> mobility);
  Multigrid& solver();
};

}  // namespace stroma::fields
