// A valid model: units, inheritance, override, expansion of families, names.
#include "model/build.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/errors.hpp"
#include "unit/model/tiny_model.hpp"

namespace stroma::model {
namespace build_test {

using test::build_valid;
using test::TinyModel;

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

const CellType& type(const Model& model, std::string_view name) {
  return model.cell_types.at(at(model.cell_type(name)));
}
double base(const Model& model, std::string_view name, std::string_view behaviour) {
  return type(model, name).behaviours.at(find_behaviour(model, behaviour).value());
}
bool has(const Model& model, std::string_view name, std::string_view behaviour) {
  return type(model, name).behaviours.contains(find_behaviour(model, behaviour).value());
}
const Node& node(const Model& model, std::string_view name) {
  return model.nodes.at(at(model.node(name)));
}

TEST(BuildModel, header_and_hash_are_taken_over) {
  const Model model = build_valid({});
  EXPECT_EQ(model.name, "tiny");
  EXPECT_EQ(model.version, "1");
  EXPECT_EQ(model.title, "A tiny model");
  EXPECT_EQ(model.content_hash, "tiny");
  EXPECT_EQ(model.assumptions.half_max.low, 0.05);
  EXPECT_EQ(model.references.at("r2").citation, "Second 2002");
}

TEST(BuildModel, a_half_life_becomes_a_rate_per_minute) {
  const Model model = build_valid({});
  const Substance& ligand = model.substances.at(at(model.substance("L")));
  EXPECT_DOUBLE_EQ(ligand.decay, std::log(2.0) / 600.0);
  EXPECT_DOUBLE_EQ(ligand.decay_in_serum, std::log(2.0) / 300.0);
  EXPECT_DOUBLE_EQ(ligand.molar_mass, 8.0 * 1e15 / 1e24);
  EXPECT_EQ(model.substances.at(at(model.substance("M"))).decay, 0.0) << "no half-life means stable";
}

TEST(BuildModel, a_drug_is_also_a_substance) {
  const Model model = build_valid({});
  const Drug& drug = model.drugs.at(at(model.drug("D")));
  EXPECT_EQ(drug.substance, model.substance("D"));
  EXPECT_TRUE(model.substances.at(at(drug.substance)).is_drug);
  EXPECT_EQ(model.substances.at(at(drug.substance)).label, "Drug");
  EXPECT_DOUBLE_EQ(drug.influx, 0.05);
  EXPECT_DOUBLE_EQ(drug.efflux, 0.05) << "3 per hour";
  EXPECT_EQ(drug.transporter, model.node("T"));
}

TEST(BuildModel, a_family_is_inherited_and_the_more_specific_row_wins) {
  const Model model = build_valid({});
  const CellType &a = type(model, "A"), &b = type(model, "B");
  EXPECT_EQ(a.parent, "F");
  EXPECT_DOUBLE_EQ(a.parameter("volume"), 2000.0);
  ASSERT_EQ(a.cycle.size(), 2u);
  EXPECT_EQ(a.cycle[0].name, "G1") << "an overriding row keeps the place of its phase in the cycle";
  EXPECT_DOUBLE_EQ(a.cycle[0].duration, 1200.0);
  EXPECT_DOUBLE_EQ(b.cycle[0].duration, 600.0);
  EXPECT_EQ(a.cycle[0].stages, 2);
  EXPECT_EQ(a.cycle[1].stages, 1) << "without a row an exponential phase";
  EXPECT_EQ(node(model, "S").per_cell_type[at(model.cell_type("A"))]->basal, 0.5);
  EXPECT_EQ(node(model, "S").per_cell_type[at(model.cell_type("B"))]->basal, 0.1);
  EXPECT_EQ(node(model, "S").per_cell_type[at(model.cell_type("A"))]->tau, 15.0);
}

TEST(BuildModel, rows_of_a_grandparent_are_inherited_and_the_nearest_wins) {
  TinyModel tiny;
  tiny.append("cell_types.csv",
              "E,label,E,,,,\nE,is,G,,,,\nG,label,G,,,,\nG,abstract,true,,,,\nG,is,F,,,,\nG,volume,3000 "
              "um^3,,,r1,\n");
  const Model model = build_valid(tiny);
  EXPECT_DOUBLE_EQ(type(model, "E").parameter("volume"), 3000.0);
  EXPECT_DOUBLE_EQ(type(model, "E").cycle.at(0).duration, 600.0);
  EXPECT_TRUE(node(model, "R").per_cell_type[at(model.cell_type("E"))].has_value());
}

TEST(BuildModel, a_node_exists_where_basal_and_tau_are_given_and_never_in_a_family_itself) {
  const Model model = build_valid({});
  EXPECT_TRUE(node(model, "P").per_cell_type[at(model.cell_type("A"))].has_value())
      << "tau is given for all types";
  EXPECT_FALSE(node(model, "P").per_cell_type[at(model.cell_type("C"))].has_value());
  EXPECT_FALSE(node(model, "R").per_cell_type[at(model.cell_type("F"))].has_value());
  EXPECT_EQ(node(model, "R").layer, Layer::receptor);
  EXPECT_EQ(node(model, "S").label, "S") << "the label is optional";
}

TEST(BuildModel, base_values_of_behaviours_are_in_internal_units) {
  const Model model = build_valid({});
  EXPECT_DOUBLE_EQ(base(model, "A", "cycle_entry"), 1.0 / 1200.0);
  EXPECT_DOUBLE_EQ(base(model, "A", "apoptosis"), 0.001 / 60.0);
  EXPECT_EQ(base(model, "A", "necrosis"), 0.0);
  // 0.8 fg/h = 0.8e-3 pg / 60 min, over 8 kDa = 8e-9 pg per nM um^3: 1666.67 nM um^3/min.
  EXPECT_NEAR(base(model, "C", "secretion:L"), 0.8e-3 / 60.0 / 8e-9, 1e-9);
  const Provenance& range = type(model, "C").parameters.at("secretion:L").provenance;
  EXPECT_NEAR(range.low, 0.2e-3 / 60.0 / 8e-9, 1e-9) << "the range is converted like the value";
  EXPECT_DOUBLE_EQ(base(model, "C", "uptake:L"), 20.0);
  EXPECT_FALSE(has(model, "C", "cycle_entry")) << "no phases, no division";
}

TEST(BuildModel, a_secretion_in_moles_needs_no_molar_mass) {
  TinyModel tiny;
  tiny.append("cell_types.csv", "C,secretion:M,100 molecules/min,,,r1,\n");
  EXPECT_NEAR(base(build_valid(tiny), "C", "secretion:M"), 100.0 * 1e24 / 6.02214076e23, 1e-9);
}

TEST(BuildModel, parameter_knows_the_schema) {
  const Model model = build_valid({});
  EXPECT_EQ(type(model, "C").parameter("necrosis"), 0.0);
  EXPECT_EQ(type(model, "C").parameter("stages:early_apoptosis"), 1.0);
  EXPECT_EQ(type(model, "A").parameter("stages:early_apoptosis"), 4.0);
  EXPECT_THROW(type(model, "C").parameter("colour"), core::InternalError);
}

TEST(BuildModel, traits_carry_their_targets_and_heritability) {
  const Model model = build_valid({});
  ASSERT_EQ(type(model, "A").traits.size(), 1u);
  const Trait& trait = type(model, "A").traits[0];
  EXPECT_EQ(trait.node, model.node("S"));
  EXPECT_EQ(trait.sigma, 0.5);
  EXPECT_EQ(trait.heritability, 0.8);
}

TEST(BuildModel, a_dying_cell_holds_the_nodes_of_execution) {
  TinyModel tiny;
  tiny.append("cell_types.csv", "F,on_apoptosis:P,1,,,r1,\n");
  const Model model = build_valid(tiny);
  ASSERT_EQ(type(model, "B").on_apoptosis.size(), 1u);
  EXPECT_EQ(type(model, "B").on_apoptosis[0], std::pair(model.node("P"), 1.0));
}

TEST(BuildModel, an_arrow_on_a_family_holds_in_its_concrete_members) {
  const Model model = build_valid({});
  const std::vector<Index> members = {model.cell_type("A"), model.cell_type("B")};
  EXPECT_EQ(model.mechanisms.at(0).cell_types, members);
  EXPECT_EQ(model.rules.at(0).cell_types, members);
  EXPECT_EQ(model.mechanisms.at(0).source_substance, model.substance("L"));
  EXPECT_EQ(model.mechanisms.at(0).half_max, 3.6);
  EXPECT_EQ(model.mechanisms.at(0).provenance.reference, "r1; r2");
  EXPECT_EQ(model.mechanisms.at(1).source_node, model.node("R"));
  EXPECT_EQ(model.mechanisms.at(1).provenance.low, 0.05) << "strengths take the ranges of model.toml";
  EXPECT_DOUBLE_EQ(model.rules.at(0).saturation, 0.3 / 60.0);
}

TEST(BuildModel, an_arrow_may_state_that_its_source_is_known_and_its_constant_assumed) {
  TinyModel tiny;
  tiny.replace("mechanisms.csv", "hill,gate", "hill,low,high,gate")
      .replace("mechanisms.csv", "3.6 nM,1,,A,r1; r2", "3.6 nM,1,1 nM,10 nM,,A,r1; assumption")
      .replace("mechanisms.csv", "0.4,2,,B", "0.4,2,,,,B")
      .replace("mechanisms.csv", "0.5,2,,C", "0.5,2,,,,C")
      .replace("mechanisms.csv", "0.3,2,,D", "0.3,2,,,,D");
  const Model model = build_valid(tiny);
  EXPECT_TRUE(model.mechanisms[0].provenance.assumed());
  EXPECT_EQ(model.mechanisms[0].provenance.reference, "assumption; r1");
  EXPECT_EQ(model.mechanisms[0].provenance.high, 10.0);
}

TEST(BuildModel, ranges_of_model_toml_stand_in_where_an_assumed_row_has_none) {
  TinyModel tiny;
  tiny.append("model.toml", "dissociation_constant = [\"0.01 nM\", \"1 uM\"]\nsaturation = [0.5, 2]\n")
      .replace("mechanisms.csv", "r1; r2", "assumption")
      .replace("rules.csv", "no,A,r1", "no,A,assumption");
  const Model model = build_valid(tiny);
  EXPECT_DOUBLE_EQ(model.mechanisms[0].provenance.high, 1000.0);
  EXPECT_DOUBLE_EQ(model.rules[0].provenance.high, 2.0 * 0.3 / 60.0) << "factors of the value";
}

TEST(BuildModel, a_concentration_may_be_given_in_mass) {
  TinyModel tiny;
  tiny.replace("mechanisms.csv", "3.6 nM", "80 ng/mL");
  EXPECT_NEAR(build_valid(tiny).mechanisms[0].half_max, 10.0, 1e-9) << "80 ng/mL of 8 kDa";
}

TEST(BuildModel, a_name_of_both_a_node_and_a_substance_is_told_apart_by_its_prefix) {
  TinyModel tiny;
  tiny.append("nodes.csv", "L,,layer,gene,,,,\nL,F,basal,0.1,,,r1,\nL,F,tau,1 h,,,r1,\n")
      .replace("mechanisms.csv", "m1,L,", "m1,substance:L,")
      .append("mechanisms.csv", "m5,node:L,activates,S,F,0.5,0.5,2,,C,r1,\n");
  const Model model = build_valid(tiny);
  EXPECT_EQ(model.mechanisms[0].source_substance, model.substance("L"));
  EXPECT_EQ(model.mechanisms[4].source_node, model.node("L"));
}

TEST(BuildModel, a_gate_holds_for_all_rows_of_its_target) {
  TinyModel tiny;
  tiny.replace("mechanisms.csv", "0.4,2,,B", "0.4,2,all,B")
      .append("mechanisms.csv", "m5,T,inhibits,S,F,0.5,0.5,2,,C,r1,\n");
  const Model model = build_valid(tiny);
  EXPECT_EQ(model.mechanisms[1].gate, Gate::all);
  EXPECT_EQ(model.mechanisms[4].gate, Gate::all);
  EXPECT_EQ(model.mechanisms[2].gate, Gate::any);
}

TEST(BuildModel, a_rule_may_listen_to_a_substance) {
  TinyModel tiny;
  tiny.append("rules.csv", "u3,C,substance:L,increases,secretion:M,50 molecules/min,3 nM,2,yes,C,r1,\n");
  const Model model = build_valid(tiny);
  EXPECT_EQ(model.rules[2].signal.name, "substance:L");
  EXPECT_EQ(model.rules[2].half_max, 3.0);
  EXPECT_TRUE(model.rules[2].applies_to_dead);
  EXPECT_EQ(base(model, "C", "secretion:M"), 0.0) << "the base value is there for the rule to start from";
}

TEST(BuildModel, columns_may_stand_in_any_order) {
  TinyModel tiny;
  tiny.text["references.csv"] = "url,doi,key,citation\n,10.1/1,r1,First 2001\n,,r2,Second 2002\n";
  EXPECT_EQ(build_valid(tiny).references.at("r1").doi, "10.1/1");
}

TEST(BuildModel, lookups_say_none_for_an_unknown_name) {
  const Model model = build_valid({});
  EXPECT_EQ(model.node("Q"), none);
  EXPECT_EQ(model.substance("Q"), none);
  EXPECT_EQ(model.drug("L"), none);
  EXPECT_EQ(model.cell_type(""), none);
  EXPECT_EQ(model.row_ids(), (std::vector<std::string>{"m1", "m2", "m3", "m4", "u1", "u2", "t1", "t2"}));
}

TEST(Without, mechanisms_get_weight_zero_and_rules_and_targets_go) {
  const Model model = build_valid({});
  core::Diagnostics problems;
  const std::vector<std::string> ids = {"m1", "u2", "t1"};
  const Model less = without(model, ids, problems);
  EXPECT_TRUE(problems.empty());
  ASSERT_EQ(less.mechanisms.size(), 4u);
  EXPECT_EQ(less.mechanisms[0].weight, 0.0);
  EXPECT_EQ(less.mechanisms[1].weight, 0.7);
  ASSERT_EQ(less.rules.size(), 1u);
  EXPECT_EQ(less.rules[0].id, "u1");
  ASSERT_EQ(less.drug_targets.size(), 1u);
  EXPECT_EQ(less.drug_targets[0].id, "t2");
  EXPECT_EQ(model.mechanisms[0].weight, 1.0) << "the model itself is unchanged";
}

TEST(Without, every_unknown_id_is_named_with_a_suggestion) {
  TinyModel tiny;
  tiny.replace("mechanisms.csv", "m2,R,", "R_drives_S,R,");
  const Model model = build_valid(tiny);
  core::Diagnostics problems;
  const std::vector<std::string> ids = {"R_drive_S", "m1", "zzzzzz"};
  const Model less = without(model, ids, problems);
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_EQ(problems.entries()[0].code, "unknown-row");
  EXPECT_EQ(problems.entries()[0].hint, "did you mean 'R_drives_S'?");
  EXPECT_EQ(problems.entries()[1].key, "zzzzzz");
  EXPECT_EQ(less.mechanisms[0].weight, 0.0) << "the ids that are known still count";
}

}  // namespace build_test
}  // namespace stroma::model
