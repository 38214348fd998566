// Keys of experiments in cultures.
#include "assays/registry.hpp"
#include "study/keys.hpp"

namespace stroma::study {

using core::Keys;
using core::Range;
namespace dim = core::dimension;

const Keys& experiment_keys() {
  static const Keys keys{
      "",
      "an experiment in cultures",
      {core::whole_key("schema", 1, 1, "of this format").required(),
       core::text_key("title", "what is done, in one line").required(),
       core::text_key("model",
                      "a folder models/NAME beside or above the file, or one that comes with the program")
           .required(),
       core::text_key("figure", "panel of a paper, for the report"),
       core::whole_key("replicates", 1, 1000,
                       "independent experiments, with seeds, donors and instrument noise of their own")
           .default_is("3"),
       core::whole_key("simulated_cells", 1, 50'000'000,
                       "most cells simulated per vessel at plating; the volume shrinks with them, so "
                       "concentrations stay right; a type below a twentieth of it is simulated by that many, "
                       "each weighted")
           .default_is("2000"),
       core::quantity_key("step", dim::time, Range::positive(), "coupling step of medium, networks and cells")
           .default_is("15 min"),
       core::quantity_key(
           "checkpoint_every", dim::time, Range::positive(),
           "how often the state of a vessel that is being run is kept, and when it is interrupted")
           .else_is("never: an interrupted vessel begins again"),
       core::tables_key("culture", culture_keys(), "medium that cells condition before it is collected"),
       core::table_key("plate", plate_keys(), "wells that are treated and read")
           .expects("a [plate] or at least one [[culture]]"),
       core::tables_key("readout", readout_keys(), "what is measured when")
           .required("at least one [[readout]]")},
      {},
      "experiment"};
  return keys;
}

const Keys& culture_keys() {
  static const Keys keys{
      "culture",
      "medium that cells condition before it is collected",
      {core::text_key("name", "by which a `medium` takes its supernatant").required(),
       core::quantity_key("cells", dim::density, Range::positive(), "cell types with their density")
           .named()
           .required("cells with their density, such as { CAF = \"1e6 /mL\" }"),
       core::text_key("medium", "base medium with its serum, or the name of a culture above")
           .required("a medium such as \"DMEM + 10 % FBS\", or the name of a culture"),
       core::quantity_key("volume", dim::volume, Range::positive(), "of the medium").required(),
       core::quantity_key("area", dim::area, Range::positive(), "on which the cells grow")
           .else_is("as if the medium stood 3 mm deep, an assumption"),
       core::quantity_key("duration", dim::time, Range::positive(), "until it is collected").required()}};
  return keys;
}

const Keys& plate_keys() {
  static const Keys keys{
      "plate",
      "wells that are treated and read",
      {core::number_key("cells", Range::closed(1.0, 1e9), "cells per well; several types make a co-culture")
           .named()
           .expects("cells per well, such as { HepG2 = 10000 }, or `lines` with `cells_per_well`"),
       core::text_key("lines", "cell lines tested side by side, one system each").list().not_with("cells"),
       core::number_key("cells_per_well", Range::closed(1.0, 1e9), "of each line")
           .required()
           .only_with("lines"),
       core::quantity_key("volume", dim::volume, Range::positive(), "of one well").required(),
       core::quantity_key("area", dim::area, Range::positive(), "of one well, on which cells grow")
           .else_is("as if the medium stood 3 mm deep, an assumption"),
       core::quantity_key("evaporation", dim::rate, Range::non_negative(),
                          "share of the volume of a well that evaporates per time, such as `3 %/d`")
           .else_is("none"),
       core::text_key("medium", "of arms that name none")
           .expects("a medium, or [[plate.arm]] tables that have one"),
       core::whole_key("wells_per_arm", 1, 96,
                       "technical wells per arm and dose: averaged, never counted as subjects")
           .default_is("1"),
       core::quantity_key("renewal", dim::time, Range::positive(),
                          "period of full medium changes, treatments included")
           .else_is("never"),
       core::tables_key("treatment", plate_treatment_keys(), "of every arm"),
       core::tables_key("arm", plate_arm_keys(), "wells that are compared").else_is("one arm")}};
  return keys;
}

const Keys& plate_treatment_keys() {
  static const Keys keys{
      "plate.treatment",
      "a substance that is added to the wells of every arm, or in `[[plate.arm.treatment]]` of one",
      {core::quantity_key("at", dim::time, Range::non_negative(), "time after plating").required(),
       core::text_key("drug", "a drug of the model")
           .expects("the name of a drug, or `factor` with a secreted factor"),
       core::text_key("factor", "a secreted factor of the model"),
       concentration_key("dose", "how much")
           .expects("a concentration such as \"3 uM\", or `doses` with a list"),
       concentration_key("doses", "a series; one per arm").list(),
       core::quantity_key("until", dim::time, Range::positive(),
                          "wash-out: then the medium is changed for a fresh one, with the other treatments")
           .else_is("the end"),
       core::quantity_key(
           "every", dim::time, Range::positive(),
           "given again after each such time; not beside the plate's `renewal`, which gives all "
           "of them anew")
           .else_is("once"),
       core::whole_key("times", 2, 1000, "how often in all")
           .only_with("every")
           .else_is("until the wash-out or the last reading")},
      {{{"drug", "factor"}}, {{"dose", "doses"}}}};
  return keys;
}

const Keys& plate_arm_keys() {
  static const Keys keys{
      "plate.arm",
      "wells that are compared with those of other arms",
      {core::text_key("name", "by which readouts, findings and figures call it").required(),
       core::text_key("medium", "base medium with its serum, or the name of a culture")
           .else_is("the plate's")
           .expects("a medium such as \"DMEM + 10 % FBS\", or the name of a culture"),
       core::number_key("cells", Range::closed(1.0, 1e9), "cells per well")
           .named()
           .expects("cells per well, such as { HepG2 = 10000 }")
           .else_is("the plate's"),
       core::tables_key("treatment", plate_treatment_keys(), "added to the plate's"),
       core::text_key("wells", "such as `[\"B2\", \"B3\"]`, dose by dose")
           .list()
           .else_is("arranged automatically")}};
  return keys;
}

namespace {

// The simulated assays of which something holds.
template <class Holds>
std::vector<std::string> assays_that(const Holds& holds) {
  std::vector<std::string> names;
  for (const std::string& name : assays::built_in().simulated_names())
    if (holds(*assays::built_in().find(name))) names.push_back(name);
  return names;
}

}  // namespace

const Keys& readout_keys() {
  using assays::Descriptor;
  static const Keys keys{
      "readout",
      "what is measured when",
      {core::word_key("assay", assays_that([](const Descriptor&) { return true; }),
                      "one that can be simulated (docs/assays.md)")
           .required("a text"),
       core::quantity_key("at", dim::time, Range::positive(),
                          "time of the readout; an `elisa` without a plate reads the cultures at their end")
           .else_is("required, but without a plate"),
       core::text_key("targets", "nodes or substances of the model, as the assay has them")
           .list()
           .required("a list of what is measured, such as [\"FOLR1\"]")
           .only_with("assay",
                      assays_that([](const Descriptor& a) { return a.targets != assays::TargetKind::none; })),
       core::text_key("reference", "the arm to which the others are relative")
           .required("the arm to which the others are relative")
           .only_with("assay", assays_that([](const Descriptor& a) { return a.relative; })),
       core::number_key("dilution", Range::closed(1.0, 1e6), "of the sample")
           .default_is("1")
           .only_with("assay", assays_that([](const Descriptor& a) { return a.diluted; }))}};
  return keys;
}

core::Key concentration_key(std::string name, std::string help) {
  return core::quantity_key(std::move(name), dim::concentration, Range::closed(0.0, 1e12), std::move(help))
      .or_in(dim::mass_concentration);
}

}  // namespace stroma::study
