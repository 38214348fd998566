// Keys of study.toml and calibrations, and the columns of their tables.
#include "study/keys.hpp"

namespace stroma::study {

using core::Keys;
using core::Range;
namespace dim = core::dimension;

const Keys& study_keys() {
  static const Keys keys{
      "",
      "a study: experiments, and what a paper found in them",
      {core::whole_key("schema", 1, 1, "of this format").required(),
       core::text_key("title", "of the report").required(),
       core::text_key("model", "a folder models/NAME, as for experiments").required(),
       core::text_key("source", "the paper, for the report"),
       core::text_key("question", "what is asked, for the report"),
       core::text_key("experiments", "files, in the report's order")
           .list()
           .required("a list of experiment files"),
       core::text_key("findings", "a table of what the paper found (its columns are below)"),
       core::whole_key("paper_n", 2, 1000,
                       "replicates of the paper; verdicts are given at this n and over all replicates")
           .default_is("3"),
       core::tables_key("figure", figure_keys(), "figures of the report").else_is("one for every readout")},
      {},
      "study.toml"};
  return keys;
}

const Keys& figure_keys() {
  static const Keys keys{"figure",
                         "a figure of the report",
                         {core::text_key("section", "heading under which it stands").default_is("Figures"),
                          core::text_key("panel", "of the paper"),
                          core::text_key("id", "by which its files are called")
                              .expects("an id, or a panel of the paper")
                              .else_is("the panel"),
                          core::text_key("title", "of the figure").required(),
                          core::text_key("experiment", "the stem of its file").required(),
                          core::text_key("readouts", "which are drawn").list().required("a list"),
                          core::text_key("arms", "which are drawn").list().required("a list")}};
  return keys;
}

const Keys& finding_columns() {
  static const Keys keys{
      "",
      "findings.csv: one row is one comparison of two arms",
      {core::text_key("id", "by which the report calls it").required(),
       core::text_key("figure", "panel of the paper; may be empty").required(),
       core::text_key("system", "cell line or mixture").required(),
       core::text_key("readout", "such as ic50, or qpcr:FOLR1").required(),
       core::text_key("arm", "that is compared").required(),
       core::text_key("reference_arm", "with which it is compared").required(),
       core::word_key("expected", {"up", "down", "same"}, "what the paper found").required(),
       core::word_key("role", {"calibrated", "predicted"}, "whether numbers of the model were chosen by it")
           .required(),
       core::text_key("experiment", "the stem of its file").required(), core::text_key("note", "free text")},
      {},
      "findings.csv"};
  return keys;
}

const Keys& calibration_keys() {
  static const Keys keys{
      "",
      "a calibration: numbers of the model that are fitted to data",
      {core::whole_key("schema", 1, 1, "of this format").required(),
       core::text_key("title", "what is fitted to what").required(),
       core::text_key("model", "a folder models/NAME").required(),
       core::text_key("experiment", "file of one arm of one cell line, read by cck8").required(),
       core::text_key("data", "table of what was measured (its columns are below)").required(),
       core::whole_key("seed", 0, 1e12, "of the simulations").default_is("1"),
       core::tables_key("parameter", parameter_keys(), "what is fitted")
           .required("at least one [[parameter]]")},
      {},
      "calibration"};
  return keys;
}

const Keys& parameter_keys() {
  static const Keys keys{
      "parameter",
      "a number of the model that is fitted",
      {core::text_key("address", "of the number (docs/model.md)").required(),
       core::Key{.name = "low",
                 .kind = core::KeyKind::quantity,
                 .help = "lower end of the range in which it is sought, in the number's dimension",
                 .range = Range::positive()}
           .required(),
       core::Key{
           .name = "high", .kind = core::KeyKind::quantity, .help = "upper end", .range = Range::positive()}
           .required()}};
  return keys;
}

const Keys& datum_columns() {
  static const Keys keys{
      "",
      "data of a calibration: one row is one measurement",
      {core::word_key("quantity", {"growth_change", "doubling_time"},
                      "a fraction of the control, minus 1; or a time")
           .required(),
       core::quantity_key("dose", dim::concentration, Range::positive(), "of a growth_change").required(),
       core::number_key("value", Range::closed(-1.0, 10.0), "what was measured").or_in(dim::time).required(),
       core::number_key("sd", Range::positive(), "its standard deviation").or_in(dim::time).required(),
       core::text_key("reference", "key of the model's references.csv").required(),
       core::text_key("note", "free text")},
      {},
      "data"};
  return keys;
}

}  // namespace stroma::study
