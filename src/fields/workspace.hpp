// Buffers of a plan's fields. Internal to the module.
#pragma once

#include <memory>
#include <vector>

#include "fields/advance.hpp"
#include "fields/multigrid.hpp"
#include "fields/split.hpp"
#include "fields/transport.hpp"

namespace stroma::fields {

struct Workspace::Impl {
  const Plan* plan = nullptr;
  std::vector<Transport> transports;
  AlignedDoubles full, half, third;      ///< trial fields; the third for implicit steps only
  std::unique_ptr<Multigrid> multigrid;  ///< made at its first use
  SplitScratch split;
  std::vector<SubstanceReport> reports;
  struct Norms {
    double difference = 0.0, largest = 0.0, lowest = 0.0, sum = 0.0;
  };
  std::vector<Norms> norms;

  void prepare(const Plan& plan);
  Multigrid& solver();
};

}  // namespace stroma::fields
