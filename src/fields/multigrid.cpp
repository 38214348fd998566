#include "fields/multigrid.hpp"
namespace stroma::fields {
struct Multigrid::Impl {};
Multigrid::Multigrid(const Grid&) {}
Multigrid::~Multigrid() = default;
Solved Multigrid::step(double*, const double*, const Transport&, const Given&, double, double, core::Threads) { return {}; }
Solved Multigrid::steady(double*, const Transport&, const Given&, double, core::Threads) { return {}; }
}  // namespace stroma::fields
