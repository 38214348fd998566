// The columns of a model's tables, declared as keys are.
#include "model/keys.hpp"

namespace stroma::model {
namespace {

using core::Key;
using core::Keys;
using core::text_key;
using core::word_key;

// What every row with a number ends with.
std::vector<Key> with_sources(std::vector<Key> columns) {
  columns.push_back(text_key("low", "lower end of the range in which the number may lie").required());
  columns.push_back(text_key("high", "upper end").required());
  columns.push_back(
      text_key("reference", "keys of references.csv, separated by `;`, or `assumption`").required());
  columns.push_back(text_key("note", "free text").required());
  return columns;
}

// "owner, parameter, value": one number a row.
Keys numbers_of(const char* file, const char* help, std::vector<Key> owner, const char* parameters) {
  owner.push_back(text_key("parameter", parameters).required());
  owner.push_back(text_key("value", "a number with its unit, or a text").required());
  return {"", help, with_sources(std::move(owner)), {}, file};
}

// Of rows that are told apart by an id and graded; their range is optional.
std::vector<Key> graded(std::vector<Key> columns) {
  columns.push_back(word_key("grade", {"A", "B", "C", "D"}, "of the evidence").required());
  columns.push_back(text_key("reference", "keys of references.csv, or `assumption`").required());
  columns.push_back(text_key("note", "free text").required());
  columns.push_back(text_key("low", "lower end of the range of the strength").else_is("that of model.toml"));
  columns.push_back(text_key("high", "upper end").else_is("that of model.toml"));
  return columns;
}

Key id_key() {
  return text_key("id", "unique over mechanisms, rules and drug targets").required();
}

}  // namespace

const Keys& substance_columns() {
  static const Keys keys =
      numbers_of("substances.csv", "substances.csv: one row is one number of one substance",
                 {text_key("substance", "its name").required()},
                 "label, molar_mass, diffusivity, half_life, half_life_in_serum, consumption_half_max, "
                 "ambient, in_medium "
                 "or in_serum");
  return keys;
}

const Keys& drug_columns() {
  static const Keys keys = numbers_of(
      "drugs.csv", "drugs.csv: one row is one number of one drug, which is a substance, too",
      {text_key("drug", "its name").required()},
      "those of substances, and free_fraction_in_serum, influx, efflux, efflux_by_transporter, transporter, "
      "solubility, acute_toxicity");
  return keys;
}

const Keys& cell_type_columns() {
  static const Keys keys =
      numbers_of("cell_types.csv", "cell_types.csv: one row is one number of one cell type or family",
                 {text_key("cell_type", "its name").required()},
                 "such as volume, phase:NAME, trait:TARGET, or a behaviour, whose base value it is");
  return keys;
}

const Keys& node_columns() {
  static const Keys keys =
      numbers_of("nodes.csv", "nodes.csv: one row is one number of one node of the network",
                 {text_key("node", "its name").required(),
                  text_key("cell_type", "type or family for which it holds; empty: for all").required()},
                 "label, layer, basal or tau");
  return keys;
}

const Keys& drug_target_columns() {
  static const Keys keys{
      "",
      "drug_targets.csv: one row is one target of one drug",
      {id_key(), text_key("drug", "of drugs.csv").required(), text_key("target", "a node").required(),
       word_key("mode", {"inhibits_activity", "activates", "competes"}, "what the drug does to it")
           .required(),
       text_key("ic50", "a concentration: IC50, EC50 or K").required(),
       text_key("hill", "its power; may be empty").required(),
       text_key("low", "lower end of the range of ic50").required(), text_key("high", "upper end").required(),
       word_key("grade", {"A", "B", "C", "D"}, "of the evidence").required(),
       text_key("reference", "keys of references.csv, or `assumption`").required(),
       text_key("note", "free text").required()},
      {},
      "drug_targets.csv"};
  return keys;
}

const Keys& mechanism_columns() {
  static const Keys keys{
      "",
      "mechanisms.csv: one row is one arrow of the network",
      graded({id_key(), text_key("source", "a node or a substance").required(),
              word_key("effect", {"activates", "inhibits"}, "of the source on the target").required(),
              text_key("target", "a node").required(),
              text_key("cell_types", "types and families in which it holds, separated by `;`").required(),
              text_key("weight", "0 to 1").required(),
              text_key("half_max", "activity in (0, 1); of a substance its dissociation constant").required(),
              text_key("hill", "power; of a substance empty or 1").required(),
              word_key("gate", {"any", "all"}, "of the target's activators; empty: any").required()}),
      {},
      "mechanisms.csv"};
  return keys;
}

const Keys& rule_columns() {
  static const Keys keys{
      "",
      "rules.csv: one row is one hypothesis, that a signal changes a behaviour",
      graded({id_key(),
              text_key("cell_type", "types and families in which it holds, separated by `;`").required(),
              text_key("signal", "of the vocabulary, a node or a substance").required(),
              word_key("direction", {"increases", "decreases"}, "of the behaviour").required(),
              text_key("behaviour", "of the vocabulary").required(),
              text_key("saturation", "the behaviour's value at full response").required(),
              text_key("half_max", "the signal at half of it").required(),
              text_key("hill", "power, up to 300").required(),
              word_key("dead", {"yes", "no"}, "whether it holds for dying cells; empty: no").required()}),
      {},
      "rules.csv"};
  return keys;
}

const Keys& reference_columns() {
  static const Keys keys{
      "",
      "references.csv: one row is one source",
      {text_key("key", "by which rows name it").required(),
       text_key("citation", "authors, year, title, journal").required(),
       text_key("doi", "may be empty").required(), text_key("url", "may be empty").required()},
      {},
      "references.csv"};
  return keys;
}

}  // namespace stroma::model
