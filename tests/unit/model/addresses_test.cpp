// Every number of a model has one address; what is written there is what the model then holds.
#include "model/addresses.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/errors.hpp"
#include "unit/model/tiny_model.hpp"

namespace stroma::model {
namespace addresses_test {

using test::build_valid;
using test::TinyModel;

Variable variable(const Model& model, std::string_view address) {
  for (const Variable& v : variables(model))
    if (v.address == address) return v;
  ADD_FAILURE() << "no variable " << address;
  return {};
}

std::string error_of(const Model& model, const Change& change) {
  try {
    changed(model, std::span(&change, 1));
  } catch (const core::InputError& error) {
    return error.what();
  }
  return {};
}

TEST(Addresses, are_those_of_files_rows_and_columns_and_no_two_are_alike) {
  const Model model = build_valid({});
  std::set<std::string> seen;
  for (const Variable& v : variables(model)) EXPECT_TRUE(seen.insert(v.address).second) << v.address;
  for (const char* address :
       {"mechanisms.m2.weight", "mechanisms.m1.half_max", "mechanisms.m2.hill", "rules.u1.saturation",
        "drug_targets.t1.ic50", "drugs.D.influx", "substances.L.half_life", "nodes.S.A.basal", "nodes.P.tau",
        "cell_types.C.secretion:L", "cell_types.F.phase:G1"})
    EXPECT_TRUE(seen.contains(address)) << address;
  for (const char* text : {"substances.L.label", "cell_types.A.is", "nodes.R.layer", "drugs.D.transporter"})
    EXPECT_FALSE(seen.contains(text)) << text;
}

TEST(Addresses, give_value_unit_and_range_as_the_row_writes_them) {
  const Model model = build_valid({});
  const Variable influx = variable(model, "drugs.D.influx"), target = variable(model, "drug_targets.t2.ic50");
  EXPECT_EQ(influx.value, 0.05);
  EXPECT_EQ(influx.unit, "1/min");
  EXPECT_EQ(influx.high, 0.1);
  EXPECT_EQ(target.unit, "nM");
  EXPECT_NEAR(target.high, 600.0, 1e-9) << "0.6 uM, in the unit of the value";
  EXPECT_EQ(variable(model, "mechanisms.m2.half_max").low, 0.05) << "of model.toml";
  EXPECT_TRUE(std::isnan(variable(model, "drugs.D.efflux").low));
}

TEST(Addresses, every_variable_that_is_moved_moves_itself_and_nothing_else) {
  const Model model = build_valid({});
  const std::vector<Variable> before = variables(model);
  for (const Variable& v : before) {
    const double wanted = v.value == 0.0                                   ? 1e-6
                          : v.address.find("stages:") != std::string::npos ? v.value + 1
                                                                           : 0.97 * v.value;
    if (v.address.ends_with(".hill")) continue;  // 1 of an occupancy is the only one
    const Change change{v.address, v.written(wanted)};
    const auto moved = changed(model, std::span(&change, 1));
    const std::vector<Variable> after = variables(*moved);
    ASSERT_EQ(after.size(), before.size()) << v.address;
    for (std::size_t i = 0; i < after.size(); ++i)
      EXPECT_EQ(after[i].value, before[i].address == v.address ? wanted : before[i].value) << v.address;
    EXPECT_NE(moved->content_hash, model.content_hash);
  }
}

TEST(Addresses, a_change_is_what_the_built_model_holds) {
  const Model model = build_valid({});
  const std::vector<Change> changes = {{"mechanisms.m2.weight", "0.25"}, {"nodes.S.A.basal", "0.4"}};
  const auto moved = changed(model, changes);
  EXPECT_EQ(moved->mechanisms.at(1).weight, 0.25);
  const auto s = static_cast<std::size_t>(moved->node("S"));
  EXPECT_EQ(moved->nodes[s].per_cell_type[static_cast<std::size_t>(moved->cell_type("A"))]->basal, 0.4);
  EXPECT_EQ(moved->nodes[s].per_cell_type[static_cast<std::size_t>(moved->cell_type("B"))]->basal, 0.1);
  const std::vector<Change> reversed(changes.rbegin(), changes.rend());
  EXPECT_EQ(changed(model, reversed)->content_hash, moved->content_hash);
}

TEST(Addresses, rows_that_were_knocked_out_stay_out) {
  core::Diagnostics problems;
  const std::vector<std::string> ids = {"m2", "u2"};
  const Model less = without(build_valid({}), ids, problems);
  const Change change{"drugs.D.influx", "0.06 1/min"};
  const auto moved = changed(less, std::span(&change, 1));
  EXPECT_EQ(moved->mechanisms.at(1).weight, 0.0);
  EXPECT_EQ(moved->rules.size(), less.rules.size());
  EXPECT_EQ(moved->knocked_out, ids);
}

TEST(Addresses, what_is_wrong_is_said_as_for_a_file) {
  const Model model = build_valid({});
  EXPECT_NE(error_of(model, {"mechanisms.m2.wieght", "0.1"}).find("did you mean 'mechanisms.m2.weight'"),
            std::string::npos);
  EXPECT_NE(error_of(model, {"mechanisms.m2.weight", "1.5"}).find("mechanisms.csv:3"), std::string::npos);
  EXPECT_NE(error_of(model, {"drugs.D.influx", "3 nM"}).find("drugs.csv"), std::string::npos);
}

TEST(Addresses, tell_a_model_from_an_experiment) {
  EXPECT_TRUE(in_model("mechanisms.m2.weight"));
  EXPECT_TRUE(in_model("model.assumptions.hill"));
  EXPECT_FALSE(in_model("model"));
  EXPECT_FALSE(in_model("plate.volume"));
  EXPECT_EQ(row_of("nodes.S.A.basal"), "S.A");
  EXPECT_EQ(row_of("mechanisms.m2.weight"), "m2");
}

}  // namespace addresses_test
}  // namespace stroma::model
