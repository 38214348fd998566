// Medium above a plane: what is held there is a source and a sink in every voxel, and a closed layer is a
// second box beside it.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "unit/fields/cases.hpp"

namespace stroma::fields {
namespace layer_test {

using testing::Case;
using testing::random_case;
using testing::start_fields;

constexpr core::Threads threads{2};
constexpr std::size_t top = faces - 1;

void put_under(Case& c, double value, double permeability, double depth) {
  c.plan.substances[0].boundary[top] = {Boundary::Kind::exchange, value, permeability};
  c.plan.substances[0].layer_depth = depth;
}

/// The rate of exchange of each voxel: through the medium and half of the plane, in series.
std::vector<double> rates_of(const Plan& plan) {
  const SubstancePlan& s = plan.substances[0];
  const double h = plan.grid.spacing[2];
  std::vector<double> rates(plan.grid.voxels());
  for (std::size_t v = 0; v < rates.size(); ++v) {
    const double mobility = s.mobility.empty() ? 1.0 : s.mobility[v];
    rates[v] = 1.0 / (h * (1.0 / s.boundary[top].permeability + h / (2.0 * s.diffusivity * mobility)));
  }
  return rates;
}

class UnderMedium : public ::testing::TestWithParam<Method> {};

// The same equations, once as a face and once written out per voxel: equal within what each may be off, a
// tenth of the target for the equations and the target in time.
TEST_P(UnderMedium, what_is_held_above_is_a_source_and_a_sink_in_every_voxel) {
  for (const unsigned seed : {1U, 4U})
    for (const bool mobility : {false, true}) {
      Case face = random_case({13, 9, 1}, {.mobility = mobility, .fixed = seed > 2}, seed);
      face.plan.substances[0].method = GetParam();
      face.plan.substances[0].error_target = 1e-2;
      Case rates = face;
      put_under(face, 2.0, 7.0, 0.0);
      const std::vector<double> above = rates_of(face.plan);
      for (std::size_t v = 0; v < above.size(); ++v) {
        rates.uptake[v] += above[v];
        rates.source[v] += 2.0 * above[v];
      }
      Fields one = start_fields(face), other = start_fields(rates);
      Workspace of_one, of_other;
      const Exchange a = face.exchange(), b = rates.exchange();
      const StepReport report = advance(one, face.plan, {&a, 1}, 0.2, of_one, threads);
      const StepReport written = advance(other, rates.plan, {&b, 1}, 0.2, of_other, threads);
      EXPECT_LE(report.balance_residual, 1e-12);
      double largest = 0.0;
      for (const double c : one.concentration(0)) largest = std::max(largest, c);
      for (std::size_t v = 0; v < above.size(); ++v)
        EXPECT_NEAR(one.concentration(0)[v], other.concentration(0)[v], 2e-2 * largest) << seed;
      // What passed is named apart from sides and cells. Of a fixed voxel whoever holds it takes it, and a
      // steady plane stores nothing: there the two are booked otherwise.
      if (!face.plan.substances[0].fixed.empty() ||
          report.substances[0].method != written.substances[0].method)
        continue;
      const Budget &mine = one.substances[0].budget, &theirs = other.substances[0].budget;
      const double passed = theirs.source - mine.source - (theirs.uptake_linear - mine.uptake_linear);
      EXPECT_NEAR(mine.above, passed, 2e-2 * (theirs.source + theirs.uptake_linear)) << seed;
    }
}

INSTANTIATE_TEST_SUITE_P(Methods, UnderMedium,
                         ::testing::Values(Method::automatic, Method::split, Method::implicit,
                                           Method::quasi_steady),
                         [](const auto& test) {
                           return test.param == Method::quasi_steady ? std::string("quasi_steady")
                                                                     : std::string(to_string(test.param));
                         });

/// A sealed plane of one concentration under a closed layer of another.
struct TwoBoxes {
  Plan plan;
  Fields fields;
  double slab = 0.0, layer = 0.0;  ///< um^3
  double rate = 0.0;               ///< 1/min, of the difference: that of the slab plus that of the layer
};

TwoBoxes two_boxes(double depth, double decay, double error, Method method) {
  TwoBoxes out;
  out.plan.grid.dimensions = 2;
  out.plan.grid.n = {6, 5, 1};
  out.plan.grid.spacing = {20.0, 20.0, 15.0};
  SubstancePlan s;
  s.name = "drug";
  s.diffusivity = 3e4;
  s.decay = decay;
  s.error_target = error;
  s.method = method;
  s.layer_depth = depth;
  s.boundary[top] = {Boundary::Kind::exchange, 1000.0, 12.0};
  out.plan.substances = {s};
  out.fields = make_fields(out.plan);
  out.slab = out.plan.grid.voxel_volume() * 30.0;
  out.layer = layer_volume(out.plan.grid, s);
  const double of_slab = rates_of(out.plan)[0];
  out.rate = of_slab * (1.0 + out.slab / out.layer);
  return out;
}

double mean_of(const TwoBoxes& boxes) {
  const auto c = boxes.fields.substances[0].concentration.span();
  return std::accumulate(c.begin(), c.end(), 0.0) / static_cast<double>(c.size());
}

// Of both boxes together nothing is lost but by decay; the difference falls with the sum of the two rates.
TEST(ClosedLayer, and_plane_come_together_at_the_rate_of_two_boxes) {
  for (const double depth : {15.0, 60.0, 500.0})
    for (const double decay : {0.0, 0.02})
      for (const double error : {1e-2, 1e-3}) {
        TwoBoxes b = two_boxes(depth, decay, error, Method::split);
        Workspace work;
        const double total = 1000.0 * b.layer;
        for (int step = 1; step <= 5; ++step) {
          const double minutes = 0.4 / b.rate;
          advance(b.fields, b.plan, {}, minutes, work, threads);
          const double left = std::exp(-decay * minutes * step), apart = std::exp(-b.rate * minutes * step);
          const double mixed = total / (b.slab + b.layer);
          const Field& field = b.fields.substances[0];
          // In the plane C's mean over a sub-call stands for its end: the target of the larger of the two.
          EXPECT_NEAR(mean_of(b), left * mixed * (1.0 - apart), 1.5 * error * 1000.0)
              << depth << " " << decay << " " << step;
          EXPECT_NEAR(field.boundary_value[top], left * (mixed + (1000.0 - mixed) * apart),
                      1.5 * error * 1000.0)
              << depth << " " << decay << " " << step;
          const double held = field.boundary_value[top] * b.layer;
          EXPECT_NEAR(field.layer.placed - field.budget.above - field.layer.decayed, held, 1e-12 * total);
          EXPECT_NEAR(field.content + held + field.budget.decayed + field.layer.decayed, total,
                      1e-12 * total);
        }
      }
}

// Closed and sealed, under consumption of all there is: neither is ever below zero, and nothing is lost. A
// steady plane's change of content comes from the layer.
TEST(ClosedLayer, is_used_up_and_never_below_zero) {
  for (const Method method : {Method::automatic, Method::split, Method::implicit, Method::quasi_steady}) {
    TwoBoxes b = two_boxes(60.0, 0.0, 1e-2, method);
    b.plan.substances[0].half_uptake = 5.0;
    const std::vector<double> most(30, 400.0);
    const Exchange exchange{.uptake_linear = {}, .uptake_saturable = most, .source = {}};
    Workspace work;
    const double total = 1000.0 * b.layer;
    for (int step = 0; step < 10; ++step) {
      advance(b.fields, b.plan, {&exchange, 1}, 6.0, work, threads);
      const Field& field = b.fields.substances[0];
      EXPECT_GE(field.boundary_value[top], 0.0);
      for (const double c : field.concentration.span()) EXPECT_GE(c, 0.0);
      EXPECT_NEAR(field.content + field.boundary_value[top] * b.layer + field.budget.uptake_saturable, total,
                  1e-12 * total);
    }
    EXPECT_LT(b.fields.substances[0].boundary_value[top], 1.0) << to_string(method);
  }
}

TEST(ClosedLayer, has_the_same_bits_on_any_number_of_threads) {
  const auto end = [](int n) {
    TwoBoxes b = two_boxes(60.0, 0.01, 1e-3, Method::automatic);
    Workspace work;
    for (int step = 0; step < 3; ++step) advance(b.fields, b.plan, {}, 6.0, work, {n});
    return std::pair(b.fields.substances[0].boundary_value[top], mean_of(b));
  };
  EXPECT_EQ(end(1), end(3));
}

TEST(Plans, may_exchange_upwards_in_two_dimensions_only) {
  for (const int dimensions : {1, 2, 3}) {
    TwoBoxes b = two_boxes(60.0, 0.0, 1e-2, Method::split);
    b.plan.grid.dimensions = dimensions;
    if (dimensions == 1) b.plan.grid.n[1] = 1;
    core::Diagnostics problems;
    validate(b.plan, {}, problems);
    EXPECT_EQ(problems.empty(), dimensions == 2);
  }
}

}  // namespace layer_test
}  // namespace stroma::fields
