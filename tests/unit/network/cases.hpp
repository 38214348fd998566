// A population of cells in random states with random inputs, in the form of the program and of its slow twin.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "network/relax.hpp"
#include "reference/network_random.hpp"

namespace stroma::network::testing {

/// Cells that differ in state and inputs. Values are rounded to float32 first, so that both sides start from
/// the same numbers.
class Case {
 public:
  Case(const model::Model& model, model::Index cell_type, std::size_t cells, std::uint64_t seed,
       bool uniform_inputs = false)
      : model_(model),
        cell_type_(cell_type),
        program_(compile(model, cell_type)),
        activities_(program_.size()) {
    activities_.resize(cells);
    const auto rounded = [](std::vector<double> values) {
      for (double& value : values) value = static_cast<float>(value);
      return values;
    };
    for (std::size_t c = 0; c < cells; ++c) {
      states_.push_back(rounded(reference::random_state(model, cell_type, seed + 1000 * c)));
      reference::NetworkInputs inputs =
          reference::random_inputs(model, cell_type, uniform_inputs ? seed : seed + 1000 * c);
      inputs = {rounded(inputs.occupancy), rounded(inputs.drug_factor), rounded(inputs.multiplier)};
      inputs_.push_back(inputs);
      for (std::size_t s = 0; s < program_.size(); ++s)
        activities_.at(s, c) = static_cast<float>(states_[c][static_cast<std::size_t>(program_.nodes[s])]);
    }
    const auto collect = [&](auto&& value_of, std::vector<InputValues>& out) {
      std::vector<float> row;
      for (std::size_t c = 0; c < cells; ++c) row.push_back(static_cast<float>(value_of(inputs_[c])));
      rows_.push_back(row);
      out.push_back(uniform_inputs ? InputValues::same(row.front()) : InputValues::each(rows_.back()));
    };
    rows_.reserve(program_.inputs());
    for (const auto& in : program_.substance_inputs)
      collect([&](const auto& i) { return i.occupancy[static_cast<std::size_t>(in.mechanism)]; },
              occupancies_);
    for (const auto& in : program_.drug_inputs)
      collect([&](const auto& i) { return i.drug_factor[static_cast<std::size_t>(in.drug_target)]; },
              drug_factors_);
    for (const auto& in : program_.trait_inputs)
      collect([&](const auto& i) { return i.multiplier[static_cast<std::size_t>(in.node)]; }, multipliers_);
  }
  Case(const Case&) = delete;
  Case& operator=(const Case&) = delete;

  const model::Model& model() const { return model_; }
  model::Index cell_type() const { return cell_type_; }
  const Program& program() const { return program_; }
  const Activities& activities() const { return activities_; }
  Inputs inputs() const { return {occupancies_, drug_factors_, multipliers_}; }
  /// The same cells for the twin.
  const std::vector<double>& state(std::size_t cell) const { return states_[cell]; }
  const reference::NetworkInputs& inputs_of(std::size_t cell) const { return inputs_[cell]; }
  std::size_t size() const { return activities_.size(); }

 private:
  model::Model model_;
  model::Index cell_type_;
  Program program_;
  Activities activities_;
  std::vector<std::vector<double>> states_;
  std::vector<reference::NetworkInputs> inputs_;
  std::vector<std::vector<float>> rows_;
  std::vector<InputValues> occupancies_, drug_factors_, multipliers_;
};

/// Largest difference between two populations.
inline double largest_difference(const Activities& a, const Activities& b) {
  double out = 0.0;
  for (std::size_t s = 0; s < a.nodes(); ++s)
    for (std::size_t c = 0; c < a.size(); ++c)
      out = std::max(out, std::abs(static_cast<double>(a.at(s, c)) - static_cast<double>(b.at(s, c))));
  return out;
}

/// Whether two populations are the same bits.
inline bool same_bits(const Activities& a, const Activities& b) {
  if (a.nodes() != b.nodes() || a.size() != b.size()) return false;
  for (std::size_t s = 0; s < a.nodes(); ++s)
    if (std::memcmp(a.node(s).data(), b.node(s).data(), a.size() * sizeof(float)) != 0) return false;
  return true;
}

}  // namespace stroma::network::testing
