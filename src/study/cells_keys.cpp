// Keys of regions, [[cells]] and [[attachment]].
#include "study/keys.hpp"

namespace stroma::study {

using core::Keys;
using core::Range;
namespace dim = core::dimension;

core::Key point_key(std::string name, std::string help) {
  return core::quantity_key(std::move(name), dim::length, Range::any(), std::move(help))
      .list()
      .else_is("the middle of the domain");
}

std::vector<core::Key> region_keys(std::string shape, const std::vector<std::string>& more) {
  std::vector<std::string> shapes = {"everywhere", "sphere", "cylinder", "box"};
  shapes.insert(shapes.end(), more.begin(), more.end());
  return {
      core::word_key("shape", shapes, "of the region; in 2-D a sphere is a disc")
          .default_is(std::move(shape)),
      point_key("centre", "of it").only_with("shape", {"sphere", "cylinder"}),
      core::quantity_key("radius", dim::length, Range::positive(), "of it")
          .required()
          .only_with("shape", {"sphere", "cylinder"}),
      core::word_key("axis", {"x", "y", "z"}, "of the cylinder")
          .default_is("z")
          .only_with("shape", {"cylinder"}),
      point_key("low", "lower corner").required("the lower corner of the box").only_with("shape", {"box"}),
      point_key("high", "upper corner").required("the upper corner of the box").only_with("shape", {"box"})};
}

const Keys& cells_keys() {
  static const Keys keys = [] {
    Keys out{
        "cells",
        "which cells stand where, at the start or from a time on",
        {core::number_key(
             "cells", Range::closed(0.0, 1e8),
             "types with their numbers, such as { HepG2 = 80, CAF = 20 }, or their shares, which sum to 1")
             .named()
             .required("cell types with their share or number, such as { HepG2 = 0.8, CAF = 0.2 }")
             .not_with("type"),
         core::word_key("arrangement", {"packed", "scattered"},
                        "hexagonal close packing of the region with 5 % jitter, types at random places of "
                        "it: of all that "
                        "fits with shares, of the places nearest to its middle with numbers; or at random "
                        "places, no two "
                        "nearer than `spacing`")
             .default_is("packed")
             .not_with("type"),
         core::whole_key("number", 1, 1e8, "cells in all; `cells` are then shares of it")
             .else_is("what fits (packed), or the sum of the numbers")
             .not_with("type")}};
    for (core::Key& key : region_keys("sphere")) out.all.push_back(key.not_with("type"));
    out.all.push_back(core::quantity_key("spacing", dim::length, Range::positive(),
                                         "between neighbours (packed), least distance (scattered)")
                          .else_is("0.95 diameters")
                          .not_with("type"));
    out.all.push_back(core::text_key("type", "instead of `cells`: one type at points"));
    out.all.push_back(
        core::quantity_key("points", dim::length, Range::any(),
                           "such as `[[\"10 um\", \"20 um\", \"0 um\"], ...]`")
            .lists()
            .expects("either `points`, a list of points, or `file`, a table with columns x, y, z")
            .only_with("type"));
    out.all.push_back(core::text_key("file", "a CSV with columns `x`, `y`, `z`").only_with("type"));
    out.all.push_back(core::quantity_key("at", dim::time, Range::positive(), "when they come")
                          .else_is("they are there from the start"));
    return out;
  }();
  return keys;
}

const Keys& attachment_keys() {
  static const Keys keys{
      "attachment",
      "springs between cells of two types that touch",
      {core::text_key("cells", "the two types that springs join; the same twice for springs within one")
           .pair()
           .required("the two cell types that springs join, such as [\"HepG2\", \"CAF\"]"),
       core::quantity_key("attach", dim::rate, Range::positive(),
                          "rate at which a pair in contact ties itself")
           .required(),
       core::quantity_key("detach", dim::rate, Range::non_negative(),
                          "rate at which a spring breaks; 0: only when one of the two is gone")
           .default_is("0 1/min"),
       core::quantity_key("stiffness", dim::rate, Range::positive(),
                          "of the spring: both move at stiffness x (distance - rest length)")
           .required()}};
  return keys;
}

}  // namespace stroma::study
