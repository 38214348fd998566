// A model as the texts of its files, for tests that vary what stands in them. T divides every 300 min or so
// after a wait that the node X shortens from 3000 to 300 min; the drug D stops X. S does not divide and
// secretes L.
#pragma once

#include <memory>

#include "unit/model/tiny_model.hpp"

namespace stroma::study {

inline constexpr double true_ic50 = 20.0, true_entry = 0.2;  // nM, 1/h

inline model::test::TinyModel letter_texts() {
  model::test::TinyModel t;
  t.text["substances.csv"] =
      "substance,parameter,value,low,high,reference,note\n"
      "L,label,Ligand,,,,\n"
      "L,molar_mass,8 kDa,,,r1,\n";
  t.text["drugs.csv"] =
      "drug,parameter,value,low,high,reference,note\n"
      "D,label,Drug,,,,\n"
      "D,molar_mass,500 g/mol,,,r1,\n"
      "D,free_fraction_in_serum,0.05,,,r1,\n"
      "D,influx,0.02 1/min,,,r1,\n"
      "D,efflux,0.04 1/min,,,r1,\n";
  t.text["drug_targets.csv"] =
      "id,drug,target,mode,ic50,hill,low,high,grade,reference,note\n"
      "D_X,D,X,inhibits_activity,20 nM,1,2 nM,0.8 uM,A,assumption,\n";
  t.text["cell_types.csv"] =
      "cell_type,parameter,value,low,high,reference,note\n"
      "T,label,T,,,,\n"
      "T,volume,2000 um^3,,,r1,\n"
      "T,apoptosis,0 1/h,,,r1,\n"
      "T,early_apoptosis,8 h,,,r1,\n"
      "T,late_apoptosis,16 h,,,r1,\n"
      "T,plating_efficiency,1,,,r1,\n"
      "T,phase:G1,50 h,,,r1,\n"
      "T,phase:S,5 h,,,r1,\n"
      "T,stages:G1,2,,,r1,\n"
      "T,stages:S,5,,,r1,\n"
      "S,label,S,,,,\n"
      "S,volume,2000 um^3,,,r1,\n"
      "S,apoptosis,0.001 1/h,,,r1,\n"
      "S,early_apoptosis,8 h,,,r1,\n"
      "S,late_apoptosis,16 h,,,r1,\n"
      "S,plating_efficiency,1,,,r1,\n"
      "S,secretion:L,0.08 fg/h,0.02 fg/h,0.4 fg/h,assumption,\n";
  t.text["nodes.csv"] =
      "node,cell_type,parameter,value,low,high,reference,note\n"
      "X,,layer,signalling,,,,\n"
      "X,T,basal,0.8,,,r1,\n"
      "X,T,tau,1 h,,,r1,\n";
  t.text["mechanisms.csv"] =
      "id,source,effect,target,cell_types,weight,half_max,hill,gate,grade,reference,note\n";
  t.text["rules.csv"] =
      "id,cell_type,signal,direction,behaviour,saturation,half_max,hill,low,high,dead,grade,reference,note\n"
      "entry,T,X,increases,cycle_entry,0.2 1/h,0.5,2,0.001 1/h,3 1/h,no,A,assumption,\n";
  return t;
}

inline std::shared_ptr<const model::Model> letter_model() {
  return std::make_shared<const model::Model>(model::test::build_valid(letter_texts()));
}

}  // namespace stroma::study
