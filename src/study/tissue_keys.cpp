// Keys of experiments in space, but for their substances and cells.
#include "study/keys.hpp"

namespace stroma::study {

using core::Keys;
using core::Range;
namespace dim = core::dimension;

const Keys& tissue_keys() {
  static const Keys keys{
      "",
      "an experiment in space",
      {core::whole_key("schema", 1, 1, "of this format").required(),
       core::text_key("title", "what is done, in one line").required(),
       core::text_key("model", "a folder models/NAME, as for cultures").else_is("none: fields only"),
       core::whole_key("dimensions", 1, 3, "of space; cells need 2 or 3").required(),
       core::quantity_key("duration", dim::time, Range::positive(), "length of the run")
           .required("how long it runs, such as \"72 h\""),
       core::quantity_key(
           "step", dim::time, Range::positive(),
           "coupling step of cells, networks and fields; each takes steps of its own within it")
           .default_is("6 min")
           .else_is("6 min, or the duration where that is shorter"),
       core::quantity_key("checkpoint_every", dim::time, Range::non_negative(),
                          "a multiple of `step`; 0: only at the end and on a signal")
           .default_is("0 h"),
       core::quantity_key("mechanics_error", dim::length, Range::positive(),
                          "error that one step of the mechanics may have, which sets its length")
           .default_is("0.02 um"),
       core::number_key("adhesion_reach", Range::closed(1.0, 2.0), "where adhesion ends, in sums of radii")
           .default_is("1.25"),
       core::whole_key("attachments_per_cell", 1, 100, "most springs of one cell").default_is("12"),
       core::whole_key("max_cells", 1, 100'000'000, "a run that exceeds it ends with exit code 6")
           .default_is("20000000"),
       core::table_key("domain", domain_keys(), "the box").required("the box: its size and voxel"),
       core::table_key("medium", medium_keys(), "what surrounds the cells"),
       core::tables_key("matrix", matrix_keys(), "what hinders diffusion"),
       core::tables_key("substance", substance_keys(), "what diffuses")
           .expects("at least one [[substance]] or [[cells]]"),
       core::tables_key("cells", cells_keys(), "which cells stand where at the start"),
       core::tables_key("attachment", attachment_keys(), "springs between cells that touch"),
       core::tables_key("treatment", tissue_treatment_keys(), "what is given when"),
       core::tables_key("probe", probe_keys(), "tables of values along a line or in a plane"),
       core::table_key("output", output_keys(), "how often what is written"),
       core::tables_key("arm", tissue_arm_keys(), "tissues that are compared")
           .expects("[[arm]] tables with a name and what is done in each"),
       core::whole_key("replicates", 1, 1000, "of every arm, with seeds of their own")
           .default_is("3")
           .only_with("arm"),
       core::tables_key("readout", readout_keys(), "what is measured when").only_with("arm"),
       core::text_key("figure", "panel of a paper, for the report").only_with("arm")},
      {},
      "tissue"};
  return keys;
}

const Keys& domain_keys() {
  static const Keys keys{
      "domain",
      "the box",
      {core::quantity_key("size", dim::length, Range::positive(),
                          "length per used axis, a whole number of voxels; or one for all")
           .list()
           .required("lengths of the box, such as [\"800 um\", \"800 um\", \"800 um\"]"),
       core::quantity_key("voxel", dim::length, Range::positive(),
                          "one length for all axes, or one per used axis")
           .list()
           .required("the length of a voxel, such as \"20 um\""),
       core::quantity_key("thickness", dim::length, Range::positive(),
                          "of a domain of 1 or 2 dimensions: its length along each axis that it lacks, "
                          "whatever the mesh; amounts "
                          "of cells and points become concentrations by it")
           .default_is("20 um"),
       core::quantity_key("origin", dim::length, Range::any(), "the lowest corner").list().else_is("0"),
       core::tables_key("plane", plane_keys(), "basement planes")}};
  return keys;
}

const std::vector<std::string>& side_names() {
  static const std::vector<std::string> names = {"x_low", "x_high", "y_low", "y_high", "z_low", "z_high"};
  return names;
}

const Keys& plane_keys() {
  static const Keys keys{
      "domain.plane",
      "a basement plane at a side of the domain",
      {core::word_key("side", side_names(), "of the domain").required(),
       core::quantity_key("repulsion", dim::velocity, Range::non_negative(), "of cells that overlap it")
           .default_is("10 um/min"),
       core::quantity_key("adhesion", dim::velocity, Range::non_negative(), "of cells near it")
           .default_is("0 um/min")}};
  return keys;
}

const Keys& medium_keys() {
  static const Keys keys{"medium",
                         "what surrounds the cells",
                         {core::number_key("serum", Range::closed(0.0, 1.0),
                                           "volume fraction that binds drugs and decays what serum decays")
                              .default_is("0"),
                          core::quantity_key("depth", dim::length, Range::positive(),
                                             "of the medium above a domain of 2 dimensions; what is above "
                                             "each substance is its `above`")
                              .else_is("none above")}};
  return keys;
}

const Keys& matrix_keys() {
  static const Keys keys = [] {
    Keys out{"matrix", "a region in which a substance diffuses with D/(1 + hindrance density)",
             region_keys("everywhere")};
    out.all.push_back(core::number_key("density", Range::non_negative(), "of the matrix").required());
    return out;
  }();
  return keys;
}

const Keys& tissue_treatment_keys() {
  static const Keys keys{
      "treatment",
      "the surroundings hold that much more from `at` to `until`; a substance without an open side is poured "
      "into "
      "the whole domain at `at`",
      {core::quantity_key("at", dim::time, Range::non_negative(), "when it is given")
           .required("a time such as \"24 h\""),
       core::quantity_key("until", dim::time, Range::positive(),
                          "when it is taken away; with `every`, when no more is given")
           .else_is("to the end"),
       core::quantity_key("every", dim::time, Range::positive(), "given again after each such time")
           .else_is("once"),
       core::whole_key("times", 2, 1000, "how often in all")
           .only_with("every")
           .else_is("until `until` or the end"),
       core::quantity_key("lasting", dim::time, Range::positive(),
                          "how long each time; of what the surroundings hold, and needed there with `every`")
           .else_is("until `until`"),
       core::text_key("drug", "one of the substances of the experiment")
           .expects("the name of a drug of this experiment's substances"),
       core::text_key("factor", "the same, of a factor"),
       core::text_key("substance", "the same, of any substance"),
       concentration_key("dose", "how much more").expects("a concentration such as \"5 uM\""),
       concentration_key("doses", "a series, in a file with [[arm]]; one per arm").list()},
      {{{"drug", "factor", "substance"}}, {{"dose", "doses"}}}};
  return keys;
}

const Keys& probe_keys() {
  static const Keys keys{
      "probe",
      "writes tables/probe-NAME.csv; one that would exceed 256 MiB is refused before the run",
      {core::text_key("name", "of the table").required(),
       core::text_key("substances", "which are written").list().else_is("all"),
       point_key("from", "where the line begins")
           .required("where the line begins (or `axis` for a plane)")
           .not_with("axis"),
       point_key("to", "where the line ends").required("where the line ends").not_with("axis"),
       core::whole_key("points", 2, 1'000'000, "of the line").default_is("101").not_with("axis"),
       core::word_key("axis", {"x", "y", "z"}, "normal of a plane, the layer of voxels there"),
       core::quantity_key("position", dim::length, Range::any(), "of the plane along it, within the domain")
           .else_is("the middle")
           .only_with("axis"),
       core::quantity_key("every", dim::time, Range::positive(),
                          "period, a multiple of `step`; the start and the end are always written")
           .or_words({"never"})
           .default_is("never")}};
  return keys;
}

namespace {

core::Key period_key(std::string name, std::string help) {
  return core::quantity_key(std::move(name), dim::time, Range::positive(), std::move(help))
      .or_words({"never"});
}

}  // namespace

const Keys& output_keys() {
  static const Keys keys{
      "output",
      "how often what is written: multiples of `step`, so that no output moves a result; `never` leaves all "
      "but "
      "the start and the end out",
      {period_key("growth_every", "`tables/growth.csv`: cells by type and fate, volumes, radii")
           .default_is("1 h"),
       period_key("profiles_every",
                  "`tables/profiles.csv`: concentrations and cells against the distance from the centre")
           .default_is("6 h"),
       period_key("fields_every", "frames of fields and cells: `results.h5`, `results.xdmf` for ParaView")
           .default_is("12 h"),
       period_key("cells_every", "`cells/*.h5ad`: every cell with its network, for scanpy or Seurat")
           .default_is("6 h"),
       period_key("sections_every", "`sections/*.png`: a slice through the middle, H&E-like and by cell type")
           .default_is("24 h")}};
  return keys;
}

namespace {

// What changes a table that is there: only its name is needed.
Keys changing(const Keys& whole, std::string name, std::string help) {
  Keys out = whole;
  out.name = std::move(name);
  out.help = std::move(help);
  out.alternatives.clear();
  for (core::Key& key : out.all)
    if (key.name != "name") {
      key.is_required = false;
      key.by_default.clear();
      key.otherwise = "as it is";
    }
  return out;
}

}  // namespace

const Keys& tissue_arm_keys() {
  static const Keys substance =
      changing(substance_keys(), "arm.substance", "changes keys of the substance of that name");
  static const Keys medium = changing(medium_keys(), "arm.medium", "changes keys of [medium]");
  static const Keys keys{
      "arm",
      "a tissue at each dose, in every replicate: the file with what the arm adds and changes",
      {core::text_key("name", "by which readouts, findings and figures call it").required(),
       core::tables_key("treatment", tissue_treatment_keys(), "added to those of all arms"),
       core::tables_key("cells", cells_keys(), "instead of those of the file"),
       core::tables_key("substance", substance, "changes keys of the substance of that name"),
       core::table_key("medium", medium, "changes its keys")}};
  return keys;
}

}  // namespace stroma::study
