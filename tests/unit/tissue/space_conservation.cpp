// What a cell takes leaves its voxel, and what it loses returns there: the drug in the fields, in the cells
// and through the sides adds up over uptake, division, shrinkage, swelling and lysis.
#include <gtest/gtest.h>

#include "support/tissues.hpp"

namespace stroma::tissue {
namespace space_conservation {

// The drug that is not accounted for, relative to all that there is, after every step; and the fields' own
// balance.
struct Watch : TissueObserver {
  explicit Watch(const test::Tissue& t) : tissue(t) {}
  void observe(const TissueState&, const TissuePlan&) override {
    const fields::Budget& b = tissue.state.fields.substances[tissue.field("D")].budget;
    // Treatments enter through the sides. What moves between fields and cells must not count: linear uptake
    // into cells, the source out of them, and `placed` where they fell apart.
    const double entered = b.boundary + b.fixed + b.storage - b.decayed - b.uptake_saturable;
    const double there = tissue.content("D") + tissue.inside();
    if (there > 0.0) worst = std::max(worst, std::abs(there - entered) / largest());
    most_inside = std::max(most_inside, tissue.inside() / std::max(there, 1e-300));
  }
  double largest() {
    most = std::max(most, tissue.content("D") + tissue.inside());
    return most;
  }
  const test::Tissue& tissue;
  double worst = 0.0, most = 0.0, most_inside = 0.0;
};

TEST(SpaceConservation, of_the_drug_over_uptake_division_shrinkage_and_lysis) {
  const model::Model m = test::living_tissue();
  for (const int dimensions : {2, 3}) {
    TissueSetup setup = test::busy_setup(m, dimensions, 100, 10, 6, dimensions == 2 ? 18 : 12);
    test::Tissue t(m, setup);
    Watch watch(t);
    t.run_to(2.0 * 1440.0, &watch);
    EXPECT_GT(t.state.counters.tally.births, 10);
    EXPECT_GT(t.state.counters.tally.lyses, 10);
    EXPECT_GT(watch.most_inside, 0.01);
    EXPECT_LE(watch.worst, 1e-9) << dimensions;
    EXPECT_LE(t.state.counters.worst_balance, 1e-12) << dimensions;
  }
}

}  // namespace space_conservation
}  // namespace stroma::tissue
