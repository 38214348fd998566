// Everything that can be wrong with a model, one fault at a time: each is the only problem reported, at its
// exact place, with what was expected and, for a name, what it might have been.
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/model/tiny_model.hpp"

namespace stroma::model {
namespace problems_test {

using test::listing;
using test::TinyModel;

struct Fault {
  const char* name;
  const char* file;
  const char* from;  ///< empty: `to` is appended
  const char* to;
  const char* code;
  int line;            ///< of the place
  const char* column;  ///< name of the column of the place; empty: the line as a whole or the document's key
  const char* says;    ///< part of the message or of the hint
};

void PrintTo(const Fault& fault, std::ostream* out) {
  *out << fault.name;
}

const core::Table& table_of(const Files& files, const std::string& name) {
  const std::pair<const char*, const core::Table*> all[] = {{"substances.csv", &files.substances},
                                                            {"drugs.csv", &files.drugs},
                                                            {"drug_targets.csv", &files.drug_targets},
                                                            {"cell_types.csv", &files.cell_types},
                                                            {"nodes.csv", &files.nodes},
                                                            {"mechanisms.csv", &files.mechanisms},
                                                            {"rules.csv", &files.rules},
                                                            {"references.csv", &files.references}};
  for (const auto& [known, table] : all)
    if (name == known) return *table;
  throw std::logic_error("no table " + name);
}

int column_at(const Files& files, const Fault& fault) {
  const core::Table& table = table_of(files, fault.file);
  const auto index = table.column(fault.column);
  if (!index) throw std::logic_error(std::string("no column ") + fault.column);
  if (fault.line == 1) return table.header[*index].column;
  return table.rows.at(static_cast<std::size_t>(fault.line - 2)).at(*index).column;
}

class Problems : public testing::TestWithParam<Fault> {};

TEST_P(Problems, is_reported_alone_at_its_place) {
  const Fault& fault = GetParam();
  TinyModel tiny;
  if (*fault.from == '\0')
    tiny.append(fault.file, fault.to);
  else
    tiny.replace(fault.file, fault.from, fault.to);
  const Files files = tiny.files();
  core::Diagnostics problems;
  EXPECT_FALSE(build(files, problems).has_value());
  ASSERT_EQ(problems.size(), 1u) << listing(problems.entries());
  const core::Diagnostic& found = problems.entries()[0];
  EXPECT_EQ(found.code, fault.code) << core::to_string(found);
  EXPECT_EQ(found.place.file, fault.file);
  EXPECT_EQ(found.place.line, fault.line) << core::to_string(found);
  if (*fault.column != '\0') {
    EXPECT_EQ(found.place.column, column_at(files, fault)) << core::to_string(found);
  }
  EXPECT_NE(core::to_string(found).find(fault.says), std::string::npos) << core::to_string(found);
}

// clang-format off
const Fault header_faults[] = {
    {"schema_of_the_future", "model.toml", "schema = 1", "schema = 2", "unknown-schema", 1, "", "reads schema 1"},
    {"missing_title", "model.toml", "title = \"A tiny model\"\n", "", "missing-key", 1, "", "title is missing"},
    {"misspelt_key", "model.toml", "[assumptions]", "titel = \"x\"\n[assumptions]", "unknown-key", 5, "", "did you mean 'title'?"},
    {"misspelt_range", "model.toml", "", "weigth = [0, 1]\n", "unknown-key", 9, "", "did you mean 'weight'?"},
    {"missing_range", "model.toml", "hill = [1.0, 8.0]\n", "", "missing-key", 5, "", "assumptions.hill"},
    {"range_upside_down", "model.toml", "[1.0, 8.0]", "[8.0, 1.0]", "inverted-range", 8, "", "low is above high"},
    {"range_beyond_what_is_allowed", "model.toml", "[1.0, 8.0]", "[1.0, 301.0]", "out-of-range", 8, "", "above 0 to 300"},
    {"range_without_unit", "model.toml", "", "dissociation_constant = [1, 2]\n", "missing-unit", 9, "", "concentration"},
    {"range_of_one_number", "model.toml", "[1.0, 8.0]", "[8.0]", "wrong-type", 8, "", "two numbers"},
};
INSTANTIATE_TEST_SUITE_P(Header, Problems, testing::ValuesIn(header_faults), [](const auto& i) { return i.param.name; });

const Fault source_faults[] = {
    {"number_without_source", "substances.csv", "10 h,,,r1", "10 h,,,", "no-source", 4, "reference", "'assumption' together with low and high"},
    {"assumption_without_range", "substances.csv", "10 h,,,r1", "10 h,,,assumption", "assumption-without-range", 4, "low", "low and high"},
    {"assumption_with_half_a_range", "substances.csv", "10 h,,,r1", "10 h,1 h,,assumption", "half-a-range", 4, "high", "both low and high"},
    {"source_with_half_a_range", "substances.csv", "10 h,,,r1", "10 h,,20 h,r1", "half-a-range", 4, "low", "both low and high"},
    {"value_outside_its_range", "substances.csv", "10 h,,,r1", "10 h,11 h,12 h,assumption", "outside-its-range", 4, "value", "11 h to 12 h"},
    {"range_upside_down", "substances.csv", "10 h,,,r1", "10 h,12 h,1 h,r1", "inverted-range", 4, "low", "above"},
    {"range_in_another_dimension", "substances.csv", "10 h,,,r1", "10 h,1 nM,12 h,r1", "wrong-dimension", 4, "low", "a time"},
    {"text_with_a_range", "substances.csv", "L,label,Ligand,,,", "L,label,Ligand,1,,", "range-of-a-text", 2, "low", "leave it empty"},
    {"reference_twice", "references.csv", "", "r1,Again,,\n", "duplicate-row", 4, "key", "the first is at references.csv:2"},
    {"reference_named_assumption", "references.csv", "", "assumption,Mine,,\n", "reserved-name", 4, "key", "cannot be a key"},
    {"reference_without_citation", "references.csv", "First 2001", "", "empty", 2, "citation", "must not be empty"},
    {"source_named_twice", "mechanisms.csv", "r1; r2", "r1; r1", "duplicate-value", 2, "reference", "twice"},
    {"assumed_arrow_without_reason", "mechanisms.csv", "assumption,refuted if blocking P leaves T", "assumption,", "assumed-arrow-without-reason", 5, "note", "refute"},
};

INSTANTIATE_TEST_SUITE_P(Sources, Problems, testing::ValuesIn(source_faults), [](const auto& i) { return i.param.name; });

const Fault quantity_faults[] = {
    {"negative_diffusion", "substances.csv", "", "M,diffusivity,-1 um^2/min,,,r1,\n", "out-of-range", 7, "value", "0 or more"},
    {"negative_half_life", "substances.csv", "10 h", "-10 h", "out-of-range", 4, "value", "above 0"},
    {"zero_half_life", "substances.csv", "10 h", "0 h", "out-of-range", 4, "value", "above 0"},
    {"not_a_number", "substances.csv", "10 h", "nan h", "bad-quantity", 4, "value", "not a number"},
    {"infinite", "substances.csv", "10 h", "inf h", "bad-quantity", 4, "value", "not a number"},
    {"beyond_double", "substances.csv", "10 h", "1e400 h", "bad-quantity", 4, "value", "outside the range of numbers"},
    {"denormal", "substances.csv", "10 h", "1e-310 h", "bad-quantity", 4, "value", ""},
    {"missing_unit", "substances.csv", "10 h", "10", "missing-unit", 4, "value", "has no unit"},
    {"wrong_dimension", "substances.csv", "10 h", "10 nM", "wrong-dimension", 4, "value", "expected a time"},
    {"unknown_unit", "substances.csv", "10 h", "10 hrs", "bad-quantity", 4, "value", "unknown unit 'hrs'"},
    {"empty_value", "substances.csv", "10 h", "", "empty", 4, "value", "expected a time"},
    {"free_fraction_zero", "drugs.csv", "0.5,,,r1", "0,,,r1", "out-of-range", 4, "value", "above 0 to 1"},
    {"free_fraction_above_one", "drugs.csv", "0.5,,,r1", "1.5,,,r1", "out-of-range", 4, "value", "above 0 to 1"},
    {"ic50_zero", "drug_targets.csv", "6 nM", "0 nM", "out-of-range", 2, "ic50", "above 0"},
    {"ic50_in_minutes", "drug_targets.csv", "6 nM", "6 min", "wrong-dimension", 2, "ic50", "expected a concentration"},
    {"hill_of_a_target_zero", "drug_targets.csv", "6 nM,1,", "6 nM,0,", "out-of-range", 2, "hill", "above 0 to 10"},
    {"hill_of_a_competitor", "drug_targets.csv", "44 nM,1,", "44 nM,2,", "competition-has-hill-1", 3, "hill", "Gaddum"},
    {"fractional_stages", "cell_types.csv", "stages:G1,2,1,8,", "stages:G1,2.5,1,8,", "not-whole", 12, "value", "whole number"},
    {"too_many_stages", "cell_types.csv", "stages:G1,2,1,8,assumption", "stages:G1,201,,,r1", "out-of-range", 12, "value", "from 1 to 200"},
    {"no_stages", "cell_types.csv", "stages:G1,2,1,8,assumption", "stages:G1,0,,,r1", "out-of-range", 12, "value", "from 1 to 200"},
    {"phase_of_no_time", "cell_types.csv", "phase:S,8 h", "phase:S,0 h", "out-of-range", 11, "value", "above 0"},
    {"negative_hazard", "cell_types.csv", "F,apoptosis,0.001", "F,apoptosis,-0.001", "out-of-range", 5, "value", "0 or more"},
    {"negative_sigma", "cell_types.csv", "trait:node:S,0.5,0.2", "trait:node:S,-0.5,0.2", "out-of-range", 13, "value", "0 or more"},
    {"heritability_above_one", "cell_types.csv", "0.8,0.4,0.98,assumption", "1.2,,,r1", "out-of-range", 14, "value", "from 0 to 1"},
    {"basal_above_one", "nodes.csv", "S,F,basal,0.1,0.02,0.3,assumption", "S,F,basal,1.1,,,r1", "out-of-range", 7, "value", "from 0 to 1"},
    {"tau_zero", "nodes.csv", "0.25 h", "0 h", "out-of-range", 8, "value", "above 0"},
    {"weight_above_one", "mechanisms.csv", "F,0.7,", "F,1.7,", "out-of-range", 3, "weight", "from 0 to 1"},
    {"half_max_zero", "mechanisms.csv", "0.7,0.4,2", "0.7,0,2", "out-of-range", 3, "half_max", "above 0"},
    {"half_max_one", "mechanisms.csv", "0.7,0.4,2", "0.7,1,2", "out-of-range", 3, "half_max", "between 0 and 1"},
    {"half_max_outside_the_assumed_range", "mechanisms.csv", "0.7,0.4,2", "0.7,0.97,2", "outside-its-range", 3, "half_max", "assumptions.half_max"},
    {"half_max_with_a_unit_for_a_node", "mechanisms.csv", "0.7,0.4,2", "0.7,3 nM,2", "wrong-dimension", 3, "half_max", "a number without unit"},
    {"hill_zero", "mechanisms.csv", "0.7,0.4,2", "0.7,0.4,0", "out-of-range", 3, "hill", "above 0 to 10"},
    {"hill_negative", "mechanisms.csv", "0.7,0.4,2", "0.7,0.4,-2", "out-of-range", 3, "hill", "above 0 to 10"},
    {"hill_above_ten", "mechanisms.csv", "0.7,0.4,2", "0.7,0.4,11", "out-of-range", 3, "hill", "above 0 to 10"},
    {"hill_outside_the_assumed_range", "mechanisms.csv", "0.7,0.4,2", "0.7,0.4,9", "outside-its-range", 3, "hill", "assumptions.hill"},
    {"kd_without_unit", "mechanisms.csv", "3.6 nM", "3.6", "missing-unit", 2, "half_max", "concentration"},
    {"kd_zero", "mechanisms.csv", "3.6 nM", "0 nM", "out-of-range", 2, "half_max", "above 0"},
    {"kd_assumed_without_range", "mechanisms.csv", "r1; r2", "assumption", "assumption-without-range", 2, "half_max", "assumptions.dissociation_constant"},
    {"occupancy_with_a_hill_power", "mechanisms.csv", "3.6 nM,1", "3.6 nM,2", "occupancy-has-hill-1", 2, "hill", "occupancy"},
    {"saturation_in_the_wrong_dimension", "rules.csv", "0.3 1/h", "0.3 h", "wrong-dimension", 2, "saturation", "expected a rate"},
    {"saturation_negative", "rules.csv", "0.3 1/h", "-0.3 1/h", "out-of-range", 2, "saturation", "0 or more"},
    {"saturation_assumed_without_range", "rules.csv", "no,A,r1", "no,A,assumption", "assumption-without-range", 2, "saturation", "assumptions.saturation"},
    {"rule_half_max_zero", "rules.csv", "0.4,3,no", "0,3,no", "out-of-range", 2, "half_max", "above 0"},
    {"mass_without_molar_mass", "cell_types.csv", "", "C,secretion:M,1 fg/h,,,r1,\n", "needs-molar-mass", 28, "value", "no molar_mass"},
};
INSTANTIATE_TEST_SUITE_P(Quantities, Problems, testing::ValuesIn(quantity_faults), [](const auto& i) { return i.param.name; });

const Fault name_faults[] = {
    {"unknown_cell_type", "mechanisms.csv", "R,F,1,", "R,FF,1,", "unknown-cell-type", 2, "cell_types", "did you mean 'F'?"},
    {"cell_type_twice", "mechanisms.csv", "A; B", "A; A", "duplicate-value", 4, "cell_types", "twice"},
    {"no_cell_type", "mechanisms.csv", "A; B", "", "empty", 4, "cell_types", "separated by ';'"},
    {"unknown_source", "mechanisms.csv", "m2,R,", "m2,RR,", "unknown-source", 3, "source", "neither a node nor a substance"},
    {"unknown_source_with_a_unit", "mechanisms.csv", "m1,L,", "m1,LL,", "unknown-source", 2, "source", "did you mean 'L'?"},
    {"unknown_target", "mechanisms.csv", "activates,P", "activates,PP", "unknown-node", 4, "target", "did you mean 'P'?"},
    {"target_is_a_substance", "mechanisms.csv", "activates,P", "activates,M", "unknown-node", 4, "target", "node 'M'"},
    {"unknown_effect", "mechanisms.csv", "R,activates", "R,activate", "unknown-value", 3, "effect", "did you mean 'activates'?"},
    {"unknown_gate", "mechanisms.csv", "0.4,2,,B", "0.4,2,or,B", "unknown-value", 3, "gate", "any, all"},
    {"unknown_grade", "mechanisms.csv", "0.4,2,,B", "0.4,2,,E", "unknown-value", 3, "grade", ""},
    {"missing_grade", "rules.csv", "no,A,r1", "no,,r1", "unknown-value", 2, "grade", ""},
    {"unknown_signal", "rules.csv", "u1,F,S", "u1,F,SS", "unknown-source", 2, "signal", "did you mean 'S'?"},
    {"unknown_signal_substance", "rules.csv", "u1,F,S", "u1,F,substance:LL", "unknown-substance", 2, "signal", "did you mean 'L'?"},
    {"unknown_direction", "rules.csv", "increases", "increase", "unknown-value", 2, "direction", "did you mean 'increases'?"},
    {"unknown_behaviour", "rules.csv", "cycle_entry", "cycle_entri", "unknown-behaviour", 2, "behaviour", "did you mean 'cycle_entry'?"},
    {"behaviour_of_an_unknown_substance", "rules.csv", "cycle_entry,0.3 1/h", "uptake:LL,3 um^3/min", "unknown-substance", 2, "behaviour", "did you mean 'L'?"},
    {"cycle_entry_without_a_cycle", "rules.csv", "", "u3,C,substance:L,increases,cycle_entry,1 1/h,3 nM,1,no,C,r1,\n", "no-cycle", 4, "behaviour", "no phases"},
    {"unknown_flag", "rules.csv", "3,no,A", "3,maybe,A", "unknown-value", 2, "dead", "yes or no"},
    {"unknown_drug", "drug_targets.csv", "t1,D,", "t1,DD,", "unknown-drug", 2, "drug", "did you mean 'D'?"},
    {"unknown_target_of_a_drug", "drug_targets.csv", "D,S,", "D,SS,", "unknown-node", 2, "target", "did you mean 'S'?"},
    {"unknown_mode", "drug_targets.csv", "inhibits_activity", "inhibits", "unknown-value", 2, "mode", ""},
    {"unknown_transporter", "drugs.csv", "transporter,T", "transporter,TT", "unknown-node", 8, "value", "did you mean 'T'?"},
    {"unknown_layer", "nodes.csv", "layer,receptor", "layer,recepter", "unknown-value", 3, "value", "did you mean 'receptor'?"},
    {"node_of_an_unknown_cell_type", "nodes.csv", "", "S,D,tau,1 h,,,r1,\n", "unknown-cell-type", 16, "cell_type", ""},
    {"unknown_node_parameter", "nodes.csv", "", "S,F,taus,1 h,,,r1,\n", "unknown-parameter", 16, "parameter", "did you mean 'tau'?"},
    {"layer_per_cell_type", "nodes.csv", "R,,layer", "R,F,layer", "not-per-cell-type", 3, "cell_type", "leave it empty"},
    {"unknown_substance_parameter", "substances.csv", "half_life,", "halflife,", "unknown-parameter", 4, "parameter", "did you mean 'half_life'?"},
    {"unknown_drug_parameter", "drugs.csv", "D,molar_mass", "D,molarmass", "unknown-parameter", 3, "parameter", "did you mean 'molar_mass'?"},
    {"unknown_cell_type_parameter", "cell_types.csv", "", "C,plating_eficiency,1,,,r1,\n", "unknown-parameter", 28, "parameter", "did you mean 'plating_efficiency'?"},
    {"unknown_prefix", "cell_types.csv", "", "C,secretes:L,1 fg/h,,,r1,\n", "unknown-parameter", 28, "parameter", "secretion:"},
    {"secretion_of_an_unknown_substance", "cell_types.csv", "secretion:L", "secretion:LL", "unknown-substance", 26, "parameter", "did you mean 'L'?"},
    {"stages_of_an_unknown_phase", "cell_types.csv", "", "C,stages:G1,2,,,r1,\n", "unknown-phase", 28, "value", "no phase 'G1'"},
    {"trait_of_an_unknown_node", "cell_types.csv", "trait:node:S", "trait:node:SS", "unknown-node", 13, "parameter", "did you mean 'S'?"},
    {"trait_of_an_unknown_drug", "cell_types.csv", "trait:node:S", "trait:influx:E", "unknown-drug", 13, "parameter", ""},
    {"on_apoptosis_of_an_unknown_node", "cell_types.csv", "", "C,on_apoptosis:SS,1,,,r1,\n", "unknown-node", 28, "parameter", "did you mean 'S'?"},
    {"on_apoptosis_without_a_node", "cell_types.csv", "", "C,on_apoptosis:S,1,,,r1,\n", "node-missing-in-cell-type", 28, "value", "'C' does not have node 'S'"},
    {"trait_of_nothing_known", "cell_types.csv", "trait:node:S", "trait:colour", "unknown-trait", 13, "parameter", "trait:node:NAME"},
    {"family_that_is_a_cell_type", "cell_types.csv", "", "C,is,A,,,,\n", "not-a-family", 28, "value", "not a family"},
    {"node_named_resistance", "nodes.csv", "", "sorafenib_Resistance,F,tau,1 h,,,r1,\n", "resistance-is-a-readout", 16, "node", "never a node"},
    {"substance_named_resistance", "substances.csv", "", "resistance,label,x,,,,\n", "resistance-is-a-readout", 7, "substance", "never a substance"},
    {"arrow_to_resistance", "mechanisms.csv", "", "m5,S,activates,drug_resistance,F,1,0.5,2,,D,r1,\n", "resistance-is-a-readout", 6, "target", "autophagy"},
    {"rule_on_resistance", "rules.csv", "cycle_entry", "resistant", "resistance-is-a-readout", 2, "behaviour", "never a behaviour"},
};
INSTANTIATE_TEST_SUITE_P(Names, Problems, testing::ValuesIn(name_faults), [](const auto& i) { return i.param.name; });

const Fault structure_faults[] = {
    {"row_id_twice_in_one_file", "mechanisms.csv", "m2,", "m1,", "duplicate-id", 3, "id", "the first is at mechanisms.csv:2:1"},
    {"row_id_twice_over_files", "rules.csv", "u1,", "m1,", "duplicate-id", 2, "id", "the first is at mechanisms.csv:2:1"},
    {"parameter_twice", "substances.csv", "", "L,half_life,11 h,,,r1,\n", "duplicate-row", 7, "parameter", "the first is at substances.csv:4:3"},
    {"drug_parameter_twice", "drugs.csv", "", "D,influx,1 1/h,,,r1,\n", "duplicate-row", 9, "parameter", "the first is at drugs.csv:5:3"},
    {"cell_type_parameter_twice", "cell_types.csv", "", "F,volume,1 um^3,,,r1,\n", "duplicate-row", 28, "parameter", "the first is at cell_types.csv:4:3"},
    {"node_parameter_twice", "nodes.csv", "", "S,A,basal,0.4,,,r1,\n", "duplicate-row", 16, "parameter", "the first is at nodes.csv:9:5"},
    {"drug_target_twice", "drug_targets.csv", "", "t3,D,S,inhibits_activity,9 nM,1,,,A,r1,\n", "duplicate-row", 4, "target", "the first is at drug_targets.csv:2"},
    {"arrow_twice_in_overlapping_cell_types", "mechanisms.csv", "", "m5,S,activates,P,F,0.5,0.5,2,,C,r1,\n", "duplicate-row", 6, "source", "in A, B ('m3' and 'm5') is there twice; the first is at mechanisms.csv:4:1"},
    {"rule_twice", "rules.csv", "", "u3,A,S,increases,cycle_entry,0.3 1/h,0.4,3,no,A,r1,\n", "duplicate-row", 4, "signal", "for A ('u1' and 'u3') is there twice; the first is at rules.csv:2:1"},
    {"rules_that_saturate_apart", "rules.csv", "", "u3,A,P,increases,cycle_entry,0.4 1/h,0.4,3,no,A,r1,\n", "saturation-differs", 4, "saturation", "rule 'u1' (rules.csv:2:1)"},
    {"gates_that_disagree", "mechanisms.csv", "", "m5,T,activates,P,A,0.5,0.5,2,all,C,r1,\n", "gate-conflict", 6, "gate", "row 'm3' (mechanisms.csv:4"},
    {"gate_of_an_inhibitor", "mechanisms.csv", "0.3,2,,D", "0.3,2,all,D", "gate-of-an-inhibitor", 5, "gate", "activators"},
    {"target_that_a_cell_type_lacks", "mechanisms.csv", "m1,L,activates,R,F,", "m1,L,activates,R,F; C,", "node-missing-in-cell-type", 2, "target", "does not exist in C"},
    {"signal_that_a_cell_type_lacks", "rules.csv", "", "u3,C,S,increases,apoptosis,1 1/h,0.4,2,no,C,r1,\n", "node-missing-in-cell-type", 4, "signal", "does not exist in C"},
    {"trait_that_a_cell_type_lacks", "cell_types.csv", "", "C,trait:node:S,0.1,,,r1,\nC,heritability,1,,,r1,\n", "node-missing-in-cell-type", 28, "value", "'C' does not have node 'S'"},
    {"trait_without_heritability", "cell_types.csv", "", "C,trait:apoptosis,0.1,,,r1,\n", "missing-parameter", 20, "cell_type", "heritability"},
    {"trait_of_a_cycle_that_is_not_there", "cell_types.csv", "", "C,heritability,1,,,r1,\nC,trait:cycle_entry,0.1,,,r1,\n", "no-cycle", 29, "value", "no phases"},
    {"half_a_node", "nodes.csv", "", "S,C,tau,1 h,,,r1,\n", "half-a-node", 16, "value", "no basal in cell type 'C'"},
    {"node_without_a_layer", "nodes.csv", "P,,layer,process,,,,\n", "", "missing-parameter", 10, "node", "'P' has no row 'layer'"},
    {"substance_without_a_label", "substances.csv", "M,label,Metabolite,,,,", "M,half_life,1 h,,,r1,", "missing-parameter", 6, "substance", "'M' has no row 'label'"},
    {"cell_type_without_a_volume", "cell_types.csv", "C,volume,1000 um^3,,,r1,\n", "", "missing-parameter", 20, "cell_type", "'C' has no row 'volume'"},
    {"drug_without_a_free_fraction", "drugs.csv", "D,free_fraction_in_serum,0.5,,,r1,\n", "", "missing-parameter", 2, "drug", "free_fraction_in_serum"},
    {"drug_that_never_leaves", "drugs.csv", "D,efflux,3 1/h,,,r1,\n", "", "missing-parameter", 2, "drug", "'efflux'"},
    {"pump_without_a_rate", "drugs.csv", "D,efflux_by_transporter,0.05 1/min,,,r1,\n", "", "missing-parameter", 2, "drug", "'efflux_by_transporter'"},
    {"pump_without_a_node", "drugs.csv", "D,transporter,T,,,r2,\n", "", "missing-parameter", 2, "drug", "'transporter'"},
    {"pump_without_a_source", "drugs.csv", "transporter,T,,,r2", "transporter,T,,,", "no-source", 8, "reference", "a source is missing"},
};
INSTANTIATE_TEST_SUITE_P(Structure, Problems, testing::ValuesIn(structure_faults), [](const auto& i) { return i.param.name; });
// clang-format on

}  // namespace problems_test
}  // namespace stroma::model
