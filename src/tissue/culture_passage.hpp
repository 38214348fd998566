// What a culture does when its cells come and go. Private to the module.
#pragma once

#include <fmt/format.h>

#include "core/errors.hpp"
#include "tissue/culture.hpp"
#include "tissue/passage.hpp"

namespace stroma::tissue {

/// What the cells of a population hold of a drug leaves the medium; a negative amount returns to it.
inline void take_from_medium(State& s, model::Index substance, std::size_t k, double amount) {
  const auto i = static_cast<std::size_t>(substance);
  s.medium.solution.concentration[i] -= amount / s.medium.volume;
  s.budgets[i].entered += amount;
  s.ports[i][k].entered += amount;
}

/// A culture keeps nothing of a cell beside its population; drugs are in its medium.
class OutsideOfCulture : public Outside {
 public:
  OutsideOfCulture(const Plan& plan, State& s) : plan_(plan), s_(s) {}

  bool has_drug(std::size_t, std::size_t) const override { return true; }
  std::size_t room(std::size_t) const override { return plan_.setup.max_cells; }
  [[noreturn]] void refuse_growth(core::Tick now) const override {
    throw core::LimitError(fmt::format("the culture grows to {} cells, more than the limit of {}, at {} h",
                                       plan_.setup.max_cells + 1, plan_.setup.max_cells,
                                       core::minutes(now) / 60.0));
  }
  // A daughter fills up from the medium to what her mother has: the cell grew to two volumes before it
  // divided.
  double share(std::size_t k, std::size_t d, double& mothers) override {
    if (mothers != 0.0) take_from_medium(s_, substance(k, d), k, weight(k) * mothers);
    return mothers;
  }
  void release(std::size_t k, std::size_t d, std::size_t, double amount) override {
    if (amount != 0.0) take_from_medium(s_, substance(k, d), k, weight(k) * -amount);
  }
  void hand_over(std::size_t k, std::size_t d, std::size_t to, double amount) override {
    std::vector<CellPort>& ports = s_.ports[static_cast<std::size_t>(substance(k, d))];
    ports[k].entered -= weight(k) * amount;
    ports[to].entered += weight(k) * amount;
  }
  // Dosed by the experimenter, and in the cells already.
  void bring(std::size_t k, std::size_t d, double amount) override {
    const auto i = static_cast<std::size_t>(substance(k, d));
    amount *= weight(k);
    s_.budgets[i].added += amount;
    s_.budgets[i].entered += amount;
    s_.ports[i][k].entered += amount;
  }

 private:
  double weight(std::size_t k) const { return plan_.populations[k].weight; }
  model::Index substance(std::size_t k, std::size_t d) const {
    return plan_.model->drugs[static_cast<std::size_t>(plan_.populations[k].drugs[d].drug)].substance;
  }
  const Plan& plan_;
  State& s_;
};

}  // namespace stroma::tissue
