#include "model/keys.hpp"

namespace stroma::model {

using core::Keys;
using core::Range;

const Keys& model_keys() {
  static const Keys keys{
      "",
      "model.toml: who the model is, and the ranges that its assumed numbers share",
      {core::whole_key("schema", 1, 1, "of this format").required(),
       core::text_key("name", "of the model").required(),
       core::text_key("version", "of the model").required(),
       core::text_key("title", "in one line").required(),
       core::table_key("assumptions", assumption_keys(), "ranges that hold for rows of mechanisms and rules")
           .required("a table with weight, half_max and hill, each [low, high]")},
      {},
      "model.toml"};
  return keys;
}

const Keys& assumption_keys() {
  static const Keys keys{
      "assumptions",
      "ranges in which numbers of mechanisms and rules are assumed to lie, as `[low, high]`",
      {core::number_key("weight", Range::closed(0.0, 1.0), "of mechanisms")
           .pair()
           .required("two numbers, [low, high]"),
       core::number_key("half_max", Range::closed(0.0, 1.0), "of mechanisms and rules from nodes")
           .pair()
           .required("two numbers, [low, high]"),
       core::number_key("hill", {0.0, 300.0, true}, "of mechanisms, up to 10, and rules, up to 300")
           .pair()
           .required("two numbers, [low, high]"),
       core::quantity_key("dissociation_constant", core::dimension::concentration, Range::positive(),
                          "half_max of mechanisms from substances")
           .pair()
           .else_is("each such row gives its own"),
       core::number_key("saturation", Range::non_negative(), "of rules, as factors of the written value")
           .pair()
           .else_is("each such row gives its own")}};
  return keys;
}

}  // namespace stroma::model
