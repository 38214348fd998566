// `above` of [[substance]]: what the medium above a domain of two dimensions does.
#include <fmt/format.h>

#include "study/keys.hpp"
#include "study/reading.hpp"
#include "study/tissue_reader.hpp"

namespace stroma::study {
namespace {

/// Diffusion through a layer whose upper side is held: its steady profile is a line, flux = D/depth times the
/// difference across it.
constexpr double across = 1.0;
/// Diffusion out of a closed layer: its mean follows what leaves through its floor, and lies above the
/// concentration there by flux depth/(3 D), the parabola of a layer that empties evenly.
constexpr double out_of_closed = 3.0;

}  // namespace

// above = "surroundings", "closed", "sealed", a concentration, or { held or initial, permeability }.
void TissueReader::read_above(core::Section& section, tissue::TissueSetup::Substance& substance) {
  const core::Node* node = section.node("above");
  if (depth_ == 0.0) {
    if (node != nullptr &&
        !(document_.find("medium") != nullptr && document_.find("medium")->find("depth") != nullptr))
      section.wrong("above", "cannot-act", "there is no medium above: [medium] has no `depth`",
                    "give [medium] a depth, or leave it out");
    return;
  }
  fields::SubstancePlan& plan = substance.plan;
  fields::Boundary& top = plan.boundary.back();
  const auto uniform = [&](const char* what) {
    if (substance.initial.size() == 1) return substance.initial.front();
    section.wrong("above", "needs-uniform",
                  fmt::format("{} begins at the uniform initial concentration, and there is none", what),
                  "write { held = ... } or { initial = ... } instead");
    return 0.0;
  };
  const auto begin = [&](bool closed, double concentration, double permeability) {
    top = {fields::Boundary::Kind::exchange, concentration, permeability};
    if (permeability == 0.0) top.permeability = (closed ? out_of_closed : across) * plan.diffusivity / depth_;
    plan.layer_depth = closed ? depth_ : 0.0;
  };
  if (node != nullptr && node->kind == core::Node::Kind::table) {
    core::Section table(*node, above_keys(), problems_);
    const std::string key = table.chosen("held");
    const double permeability = table.quantity_or("permeability", 0.0);
    if (!key.empty())
      begin(key == "initial", read_concentration(table, key, substance.index, model_), permeability);
    return table.finish();
  }
  const bool is_ambient = substance.index != model::none &&
                          model_.substances[static_cast<std::size_t>(substance.index)].ambient > 0.0;
  const std::string word = node != nullptr ? node->text : is_ambient ? "surroundings" : "closed";
  if (word == "sealed") return;
  if (word == "surroundings") return begin(false, uniform("what is held above"), 0.0);
  if (word == "closed") return begin(true, uniform("a closed volume"), 0.0);
  begin(false, read_concentration(section, "above", word, node->place, substance.index, model_), 0.0);
}

}  // namespace stroma::study
