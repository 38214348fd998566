#include "cells/lives.hpp"

#include "core/errors.hpp"
#include "core/permute.hpp"

namespace stroma::cells {
namespace {

// Every per-cell array, in one place: whoever adds one adds it here.
template <class Cells, class Function>
void for_each_array(Cells& cells, const Function& function) {
  function(cells.id);
  function(cells.lineage);
  function(cells.draws);
  function(cells.fate);
  function(cells.phase);
  function(cells.cycle_budget);
  function(cells.death_budget);
  for (auto& trait : cells.traits) function(trait);
  for (auto& budget : cells.conversion_budgets) function(budget);
  for (auto& mark : cells.marks) function(mark);
}

}  // namespace

std::size_t Lives::append_copy(std::size_t from) {
  const std::size_t at = size();
  core::require(from <= at, "copying a cell that does not exist");
  for_each_array(*this, [&](auto& array) {
    using Value = typename std::decay_t<decltype(array)>::value_type;
    const Value value = from < at ? array[from] : Value{};
    array.push_back(value);
  });
  return at;
}

void Lives::append(const Lives& others) {
  core::require(traits.size() == others.traits.size() &&
                    conversion_budgets.size() == others.conversion_budgets.size() &&
                    marks.size() == others.marks.size(),
                "appending cells that carry other arrays");
  const auto add = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  add(id, others.id);
  add(lineage, others.lineage);
  add(draws, others.draws);
  add(fate, others.fate);
  add(phase, others.phase);
  add(cycle_budget, others.cycle_budget);
  add(death_budget, others.death_budget);
  for (std::size_t t = 0; t < traits.size(); ++t) add(traits[t], others.traits[t]);
  for (std::size_t c = 0; c < conversion_budgets.size(); ++c)
    add(conversion_budgets[c], others.conversion_budgets[c]);
  for (std::size_t m = 0; m < marks.size(); ++m) add(marks[m], others.marks[m]);
}

void Lives::remove(std::size_t at) {
  core::require(at < size(), "removing a cell that does not exist");
  for_each_array(*this, [&](auto& array) {
    array[at] = array.back();
    array.pop_back();
  });
}

void Lives::reserve(std::size_t n) {
  for_each_array(*this, [&](auto& array) { array.reserve(n); });
}

void Lives::permute(std::span<const std::uint32_t> order, std::vector<std::byte>& old) {
  core::require(order.size() == size(), "a permutation of the cells names each of them");
  for_each_array(*this, [&](auto& array) { core::permute(std::span(array), 1, order, old); });
}

void Lives::hash(core::Hasher& hasher) const {
  for_each_array(*this, [&](const auto& array) {
    using Value = typename std::decay_t<decltype(array)>::value_type;
    hasher.array(std::span<const Value>(array));
  });
}

FateCounts count_fates(const Lives& cells) {
  FateCounts counts;
  for (const Fate fate : cells.fate) {
    counts.live += fate == Fate::live;
    counts.early_apoptotic += fate == Fate::early_apoptotic;
    counts.late_apoptotic += fate == Fate::late_apoptotic;
    counts.necrotic += fate == Fate::necrotic;
  }
  return counts;
}

}  // namespace stroma::cells
