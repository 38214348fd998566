// Keys of [[substance]]: transport, sides, initial values, what is added and taken at places.
#include "study/keys.hpp"

namespace stroma::study {

using core::Keys;
using core::Range;
namespace dim = core::dimension;

namespace {

constexpr core::Dimension flux{.length = -2, .time = -1, .amount = 1};
constexpr core::Dimension density_rate{.length = -3, .time = -1, .amount = 1};

// What happens at a side.
core::Key side_key(std::string name, std::string help) {
  return core::quantity_key(std::move(name), dim::concentration, Range::non_negative(), std::move(help))
      .or_in(dim::mass_concentration)
      .or_in(flux)
      .or_words({"sealed", "surroundings"})
      .or_table(boundary_keys());
}

// A region and what holds there.
Keys of_region(std::string name, std::string help, std::vector<core::Key> region, core::Key value) {
  region.push_back(std::move(value));
  return {std::move(name), std::move(help), std::move(region)};
}

}  // namespace

const Keys& substance_keys() {
  static const Keys keys{
      "substance",
      "what diffuses",
      {core::text_key("name", "a substance of the model, or any name where `diffusivity` is given")
           .required(),
       core::quantity_key("diffusivity", dim::diffusivity, Range::positive(), "diffusion coefficient")
           .else_is("the model's")
           .expects("a diffusion coefficient (such as um^2/min): the model has none"),
       core::quantity_key("decay", dim::rate, Range::non_negative(), "rate of decay").else_is("the model's"),
       side_key(
           "boundary",
           "what happens at the sides: `\"sealed\"`; `\"surroundings\"` (the initial concentration is held "
           "there); a concentration; a flux inwards; a medium behind the side; or a table of sides")
           .or_table(sides_keys())
           .required("what happens at the sides: \"sealed\", \"surroundings\", a concentration, or a table "
                     "of sides"),
       core::quantity_key(
           "above", dim::concentration, Range::non_negative(),
           "of the medium above, where [medium] has a `depth`: `\"surroundings\"` (its upper side "
           "holds the initial concentration) or a concentration that it holds; `\"closed\"` (a "
           "well-mixed volume that begins at the initial concentration, is used up and gathers "
           "what is secreted); `\"sealed\"`: no exchange; or a table")
           .or_in(dim::mass_concentration)
           .or_words({"closed", "surroundings", "sealed"})
           .or_table(above_keys())
           .else_is("`surroundings` for what the incubator holds (`ambient`), else `closed`"),
       concentration_key("initial", "concentration at the start, or a table of its shape")
           .or_table(initial_keys())
           .else_is("what fresh medium has: `ambient`, `in_medium` and `in_serum` of the model; or 0"),
       core::word_key("method", {"automatic", "split", "implicit", "quasi_steady"}, "docs/theory/fields.md")
           .default_is("automatic"),
       core::number_key("error", Range::closed(1e-9, 0.5),
                        "relative error of one coupling step that chooses sub-steps and the method")
           .default_is("0.01"),
       core::quantity_key("fixed_step", dim::time, Range::positive(),
                          "backward Euler in sub-steps of this length instead")
           .else_is("none"),
       core::number_key("hindrance", Range::non_negative(), "how much the [[matrix]] hinders it")
           .default_is("1"),
       core::quantity_key("consumption_half_max", dim::concentration, Range::positive(),
                          "concentration at which saturable consumption is half its greatest")
           .expects("the concentration at which consumption is half of its rate")
           .else_is("the model's"),
       core::tables_key("source", source_keys(), "what is added at places"),
       core::tables_key("sink", sink_keys(), "what is taken at places"),
       core::tables_key("consumption", consumption_keys(), "what is taken at places and saturates"),
       core::tables_key("fixed", fixed_keys(), "voxels that are held, such as a vessel")}};
  return keys;
}

const Keys& boundary_keys() {
  static const Keys keys{
      "substance.boundary",
      "exchange with a medium behind the side",
      {concentration_key("outside", "of that medium").required("the concentration outside"),
       core::quantity_key("permeability", dim::velocity, Range::positive(), "of the side").required()}};
  return keys;
}

const Keys& above_keys() {
  static const Keys keys{
      "substance.above",
      "medium above a domain of 2 dimensions",
      {concentration_key("held", "at its upper side").expects("what its upper side holds, or `initial`"),
       concentration_key("initial", "of a closed, well-mixed volume"),
       core::quantity_key("permeability", dim::velocity, Range::positive(), "of the way to the cells")
           .else_is("D/depth; closed: 3 D/depth")},
      {{{"held", "initial"}}}};
  return keys;
}

const Keys& sides_keys() {
  static const Keys keys = [] {
    Keys out{"substance.boundary", "a table of sides", {}};
    for (const std::string& side : side_names())
      out.all.push_back(side_key(side, "at this side")
                            .expects("what happens at this side, or `all` for those that are not named")
                            .else_is("`all`"));
    out.all.push_back(side_key("all", "at those that are not named"));
    return out;
  }();
  return keys;
}

const Keys& initial_keys() {
  static const Keys keys{
      "substance.initial",
      "the concentration at the start",
      {core::word_key("shape", {"uniform", "point", "cosine", "gaussian", "sphere", "file"}, "of it")
           .required(),
       concentration_key("concentration", "everywhere")
           .required("a concentration such as \"1 uM\"")
           .only_with("shape", {"uniform"}),
       core::quantity_key("amount", dim::amount, Range::positive(), "all of it in one voxel")
           .required()
           .only_with("shape", {"point"}),
       point_key("at", "where that voxel is").only_with("shape", {"point"}),
       concentration_key("mean", "of mean + amplitude cos(half_waves pi x/L)")
           .required("a concentration such as \"1 uM\"")
           .only_with("shape", {"cosine"}),
       concentration_key("amplitude", "at most the mean")
           .required("a concentration such as \"1 uM\"")
           .only_with("shape", {"cosine"}),
       core::word_key("axis", {"x", "y", "z"}, "of the wave").default_is("x").only_with("shape", {"cosine"}),
       core::whole_key("half_waves", 1, 1000, "along the domain")
           .default_is("1")
           .only_with("shape", {"cosine"}),
       concentration_key("peak", "above the background")
           .required("a concentration such as \"1 uM\"")
           .only_with("shape", {"gaussian"}),
       core::quantity_key("width", dim::length, Range::positive(), "standard deviation")
           .required()
           .only_with("shape", {"gaussian"}),
       concentration_key("background", "beside the peak").else_is("0").only_with("shape", {"gaussian"}),
       concentration_key("inside", "of the sphere")
           .required("a concentration such as \"1 uM\"")
           .only_with("shape", {"sphere"}),
       concentration_key("outside", "of the sphere").else_is("0").only_with("shape", {"sphere"}),
       core::quantity_key("radius", dim::length, Range::positive(), "of the sphere")
           .required()
           .only_with("shape", {"sphere"}),
       point_key("centre", "of the peak or sphere").only_with("shape", {"gaussian", "sphere"}),
       core::text_key(
           "file",
           "a CSV beside the experiment with columns `i`, `j`, `k` (voxels from 0) and `concentration` "
           "with its unit; voxels that are not named are 0")
           .required()
           .only_with("shape", {"file"})}};
  return keys;
}

const Keys& source_keys() {
  static const Keys keys = [] {
    Keys out = of_region("substance.source", "what is added at places", region_keys("everywhere", {"point"}),
                         core::quantity_key("rate", density_rate, Range::positive(),
                                            "per volume; of a point, an amount per time")
                             .or_in(dim::amount_rate)
                             .required());
    out.all.push_back(point_key("at", "where the point is").only_with("shape", {"point"}));
    return out;
  }();
  return keys;
}

const Keys& sink_keys() {
  static const Keys keys =
      of_region("substance.sink", "what is taken at places", region_keys("everywhere"),
                core::quantity_key("rate", dim::rate, Range::positive(), "of what is there").required());
  return keys;
}

const Keys& consumption_keys() {
  static const Keys keys = of_region(
      "substance.consumption", "what is taken at places, saturable", region_keys("everywhere"),
      core::quantity_key("rate", density_rate, Range::positive(), "the greatest, per volume").required());
  return keys;
}

const Keys& fixed_keys() {
  static const Keys keys = of_region(
      "substance.fixed", "voxels that are held, such as a vessel", region_keys("sphere"),
      concentration_key("value", "at which they are held").required("the concentration that is held there"));
  return keys;
}

}  // namespace stroma::study
