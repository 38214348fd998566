// A mobility that is given in a call, because matrix grows, does what that of the plan does, bit for bit.
#include <gtest/gtest.h>

#include "unit/fields/cases.hpp"

namespace stroma::fields {
namespace mobility_test {

using testing::Case;

Case hindered(Method method) {
  Case c = testing::random_case({12, 10, 8}, {.mobility = true}, 7);
  c.plan.substances[0].method = method;
  return c;
}

Case freed(Case c) {
  c.plan.substances[0].mobility.clear();
  return c;
}

std::vector<double> values(const Fields& fields) {
  const auto c = fields.concentration(0);
  return {c.begin(), c.end()};
}

void advance_by(Fields& fields, const Case& c, Workspace& work, std::span<const double> mobility,
                int threads = 1) {
  Exchange exchange = c.exchange();
  exchange.mobility = mobility;
  advance(fields, c.plan, {&exchange, 1}, 0.5, work, {threads});
}

class Mobility : public ::testing::TestWithParam<Method> {};
INSTANTIATE_TEST_SUITE_P(Methods, Mobility,
                         ::testing::Values(Method::split, Method::implicit, Method::quasi_steady,
                                           Method::automatic),
                         [](const auto& method) {
                           return std::string(to_string(method.param)).substr(0, 5);
                         });

TEST_P(Mobility, given_is_that_of_the_plan) {
  const Case planned = hindered(GetParam()), free = freed(planned);
  const std::vector<double>& m = planned.plan.substances[0].mobility;
  Fields a = testing::start_fields(planned), b = testing::start_fields(free), none = b;
  Workspace work_a, work_b, work_none;
  for (int call = 0; call < 3; ++call) {
    advance_by(a, planned, work_a, {});
    advance_by(b, free, work_b, m, 1 + call % 2);
    advance_by(none, free, work_none, {});
  }
  EXPECT_EQ(values(a), values(b));
  EXPECT_NE(values(none), values(b)) << "it hinders";
}

// The workspace holds nothing that results depend on: neither another mobility before, nor none.
TEST_P(Mobility, may_change_from_call_to_call) {
  const Case free = freed(hindered(GetParam()));
  const std::vector<double> thin(free.start.size(), 0.9), thick(free.start.size(), 0.1);
  Fields kept = testing::start_fields(free), fresh = kept;
  Workspace work;
  for (const std::span<const double> m :
       std::initializer_list<std::span<const double>>{{}, thin, thick, {}, thick}) {
    Workspace anew;
    advance_by(kept, free, work, m);
    advance_by(fresh, free, anew, m);
    EXPECT_EQ(values(kept), values(fresh));
  }
}

}  // namespace mobility_test
}  // namespace stroma::fields
