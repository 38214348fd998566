// Random models for property tests and benchmarks: a few cell types, nodes with random kinetics and rows,
// receptors with ligands, drugs and traits. A pure function of the seed.
#pragma once

#include <cstdint>
#include <vector>

#include "model/model.hpp"
#include "reference/network.hpp"

namespace stroma::reference {

/// What a random network is made of.
struct RandomNetwork {
  int nodes = 20;
  int rows_per_node = 3;  ///< rows whose source is a node
  std::vector<double> hills = {1.0, 2.0, 3.0, 4.0};
  double lowest_half_max = 0.2, highest_half_max = 0.8;
  double share_inhibiting = 0.35;                  ///< of the rows
  double share_all = 0.3;                          ///< of the nodes with gate all
  int receptors = 4;                               ///< nodes with one further row whose source is a substance
  int drug_targets = 4;                            ///< on random nodes, both intracellular modes in turn
  int traits = 3;                                  ///< on random nodes
  double shortest_tau = 5.0, longest_tau = 600.0;  ///< min, log-uniform
  bool all_nodes_everywhere = false;               ///< otherwise cell type 1 lacks some nodes and rows
};

/// Cell types 0 and 1, "first" and "second".
model::Model random_network(const RandomNetwork& options, std::uint64_t seed);
/// Random inputs for a cell of that model.
NetworkInputs random_inputs(const model::Model& model, model::Index cell_type, std::uint64_t seed);
/// A random state by model node; 0 where the cell type lacks the node.
std::vector<double> random_state(const model::Model& model, model::Index cell_type, std::uint64_t seed);

}  // namespace stroma::reference
