// The methods section of a run in space, to paste: what was simulated, on which grid, between which borders,
// by which methods and to which errors. Everything is said from the plan that was run.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/units.hpp"
#include "report/quantities.hpp"
#include "report/study_report.hpp"
#include "report/tissue_report.hpp"
#include "report/words.hpp"

namespace stroma::report {
namespace {

std::string face_words(const fields::Boundary& b) {
  switch (b.kind) {
    case fields::Boundary::Kind::flux:
      return b.value == 0.0 ? "sealed" : fmt::format("an inward flux of {:.4g} nM µm/min", b.value);
    case fields::Boundary::Kind::value:
      return "held at " + print_concentration(b.value);
    case fields::Boundary::Kind::exchange:
      return fmt::format("exchanging with {} outside through a permeability of {:.4g} µm/min",
                         print_concentration(b.value), b.permeability);
  }
  return {};
}

// "all faces held at 185 µM", or each group of equal faces by itself.
std::string boundary_words(const fields::SubstancePlan& substance, int dimensions) {
  std::map<std::string, std::vector<std::string>> groups;
  for (int face = 0; face < 2 * dimensions; ++face)
    groups[face_words(substance.boundary[static_cast<std::size_t>(face)])].emplace_back(
        fields::face_names[static_cast<std::size_t>(face)]);
  if (groups.size() == 1)
    return (dimensions == 1   ? "both ends "
            : dimensions == 2 ? "all sides "
                              : "all faces ") +
           groups.begin()->first;
  std::string text;
  for (const auto& [words, faces] : groups) text += (text.empty() ? "" : "; ") + listed(faces) + " " + words;
  return text;
}

std::string method_words(const fields::SubstancePlan& s) {
  if (s.fixed_step > 0.0)
    return fmt::format("{} backward Euler steps of {:.4g} min",
                       s.method == fields::Method::implicit ? "unsplit" : "locally one-dimensional",
                       s.fixed_step);
  const std::string error = fmt::format("an error target of {:.2g}", s.error_target);
  switch (s.method) {
    case fields::Method::automatic:
      return "a method chosen in every step from " + error;
    case fields::Method::split:
      return "locally one-dimensional implicit steps, extrapolated to second order, to " + error;
    case fields::Method::implicit:
      return "unsplit implicit steps by multigrid, extrapolated to second order, to " + error;
    case fields::Method::quasi_steady:
      return "a quasi-steady solve by multigrid in every step, to " + error;
  }
  return error;
}

std::string substance_words(const fields::SubstancePlan& s, int dimensions, bool treated) {
  std::string text = fmt::format("{} (D = {:.6g} µm²/min", s.name, s.diffusivity);
  if (s.decay > 0.0) text += fmt::format(", decay {:.3g}/min", s.decay);
  if (s.half_uptake > 0.0) text += ", consumption half-maximal at " + print_concentration(s.half_uptake);
  text += "; " + boundary_words(s, dimensions);
  if (s.boundary.back().kind == fields::Boundary::Kind::exchange && dimensions == 2)
    text +=
        s.layer_depth > 0.0
            ? fmt::format(
                  "; under a closed layer of {:.4g} µm of medium, well mixed, first of {}, through "
                  "a permeability of {:.4g} µm/min",
                  s.layer_depth, print_concentration(s.boundary.back().value), s.boundary.back().permeability)
            : fmt::format("; under medium that is held at {} above, through a permeability of {:.4g} µm/min",
                          print_concentration(s.boundary.back().value), s.boundary.back().permeability);
  if (treated) text += " before its treatment";
  if (!s.fixed.empty()) text += fmt::format("; {} voxels held", s.fixed.size());
  if (!s.mobility.empty()) text += "; slowed by the matrix";
  return text + "; " + method_words(s) + ")";
}

std::string fields_words(const TissueRun& run) {
  const fields::Grid& grid = run.plan.fields.grid;
  std::string voxels, spacing;
  for (std::size_t a = 0; a < static_cast<std::size_t>(grid.dimensions); ++a) {
    voxels += fmt::format("{}{}", a ? " x " : "", grid.n[a]);
    spacing += fmt::format("{}{:.4g}", a ? " x " : "", grid.spacing[a]);
  }
  std::string text = fmt::format("The domain has {} dimension{} and {} voxels of {} µm", grid.dimensions,
                                 grid.dimensions == 1 ? "" : "s", voxels, spacing);
  if (grid.dimensions < 3) {
    text += fmt::format(" and a thickness of {:.4g} µm", grid.spacing[2]);
  }
  text += ". ";
  std::vector<std::string> substances;
  for (std::size_t f = 0; f < run.plan.fields.substances.size(); ++f) {
    const auto& treatments = run.plan.setup.treatments;
    const bool treated =
        std::any_of(treatments.begin(), treatments.end(), [f](const auto& t) { return t.substance == f; });
    substances.push_back(substance_words(run.plan.fields.substances[f], grid.dimensions, treated));
  }
  if (substances.empty()) return text + "No substances diffuse in it. ";
  text +=
      "Concentrations follow dc/dt = div(D grad c) - k c - U c - Vmax c/(Km + c) + S, solved by finite "
      "volumes with uptake in the implicit operator: ";
  for (std::size_t i = 0; i < substances.size(); ++i) text += (i ? "; " : "") + substances[i];
  return text + fmt::format(". The worst mass balance of a step was {:.1e} of the turnover. ",
                            run.state.counters.worst_balance);
}

std::string cells_words(const TissueRun& run) {
  const tissue::TissueSetup& setup = run.plan.setup;
  const study::NumberTable& t = run.results.growth;
  std::vector<std::string> types;
  for (const TypeWords& type : types_of(run)) {
    const int column = t.column(type.name + "_live");
    types.push_back(
        column >= 0 && !t.rows.empty() && t.rows.front()[1] == 0.0
            ? fmt::format("{:.0f} {}", t.rows.front()[static_cast<std::size_t>(column)], type.label)
            : type.label);
  }
  const int dimensions = run.plan.fields.grid.dimensions;
  std::string text = fmt::format(
      "Cells ({} at the start) are spheres that move {}overdamped by pairwise repulsion and adhesion, which "
      "ends at {:.3g} sums of radii (Macklin et al. 2012; Ghaffarizadeh et al. 2018), integrated by "
      "second-order Adams-Bashforth steps of at most {:.3g} min and {:.3g} µm of estimated error each, and "
      "by "
      "persistent random walks with chemotaxis where their type migrates. Fluid and solid volumes relax to "
      "targets that the cell's state sets. ",
      listed(types), dimensions == 2 ? "in a plane, " : "", setup.adhesion_reach,
      setup.longest_mechanics_step, setup.mechanics_tolerance);
  text += fmt::format(
      "Each cell carries the signalling network of its type as normalised-Hill logic ODEs, advanced by an "
      "exponential Runge-Kutta method (Cox and Matthews 2002) to an error of {:.2g} per step; receptors "
      "follow "
      "Gaddum's occupancy, drugs enter and leave cells and act by their free intracellular concentration. "
      "Cells pass Erlang phases, and rules turn signals into rates (Johnson et al. 2025): the rules are "
      "listed with their sources in the report. ",
      run.plan.accuracy.tolerance);
  text += fmt::format(
      "Fields, signalling, fates and motion are coupled by first-order splitting in steps of "
      "{:.4g} min.",
      core::minutes(setup.step));
  return text;
}

std::string treatment_words(const TissueRun& run) {
  std::vector<std::string> words;
  for (const auto& t : run.plan.setup.treatments) {
    const fields::SubstancePlan& s = run.plan.fields.substances[t.substance];
    const bool outside = std::any_of(s.boundary.begin(), s.boundary.end(), [](const fields::Boundary& b) {
      return b.kind != fields::Boundary::Kind::flux;
    });
    std::string text = fmt::format("{} {} {} at {}", print_concentration(t.concentration), s.name,
                                   outside ? "more in the surroundings" : "more in every voxel",
                                   print_time(core::minutes(t.at)));
    if (t.until.count >= 0) text += " until " + print_time(core::minutes(t.until));
    words.push_back(std::move(text));
  }
  return words.empty() ? std::string() : "Treatments: " + listed(words) + ".";
}

}  // namespace

std::string tissue_methods(const TissueRun& run) {
  const study::RunRecord& r = run.record;
  const bool cells = !run.plan.populations.empty();
  std::string text =
      fmt::format("{} simulated with Stroma {}", cells ? "The tissue was" : "Diffusion was", r.version);
  if (cells)
    text += fmt::format(" and the model {} {} (content hash {})", run.plan.model->name,
                        run.plan.model->version, run.plan.model->content_hash.substr(0, 12));
  text += fmt::format(" for {}, seed {}, state hash {}", print_time(core::minutes(run.state.tick)), r.seed,
                      tissue::state_hash(run.state).substr(0, 12));
  if (!r.without.empty()) text += ", without " + listed(r.without);
  text += fmt::format(
      ". Random numbers are keyed by seed, cell and time (Philox), so that the result does not "
      "depend on the number of threads ({} here).\n\n",
      r.threads);
  text += fields_words(run) + "\n\n";
  if (cells) text += cells_words(run) + "\n\n";
  if (const std::string treated = treatment_words(run); !treated.empty()) text += treated + "\n\n";
  if (cells && !run.results.sections.empty())
    text +=
        "Section pictures are drawn from the cells' positions and states by Beer-Lambert with published "
        "stain vectors (Ruifrok and Johnston 2001).\n\n";
  return text;
}

std::vector<Reference> tissue_references(const TissueRun& run) {
  if (run.plan.populations.empty()) return {};
  std::vector<Reference> references = {
      {"cox2002",
       "Cox SM, Matthews PC. Exponential time differencing for stiff systems. J Comput Phys 176:430 (2002).",
       "https://doi.org/10.1006/jcph.2002.6995"},
      {"ghaffarizadeh2018",
       "Ghaffarizadeh A et al. PhysiCell: an open source physics-based cell simulator for 3-D multicellular "
       "systems. PLoS Comput Biol 14:e1005991 (2018).",
       "https://doi.org/10.1371/journal.pcbi.1005991"},
      {"johnson2025",
       "Johnson JAI et al. Human interpretable grammar encodes multicellular systems biology models to "
       "democratize virtual cell laboratories. Cell (2025).",
       ""},
      {"macklin2012",
       "Macklin P et al. Patient-calibrated agent-based modelling of ductal carcinoma in situ. J Theor Biol "
       "301:122 (2012).",
       "https://doi.org/10.1016/j.jtbi.2012.02.002"},
      {"ruifrok2001",
       "Ruifrok AC, Johnston DA. Quantification of histochemical staining by color deconvolution. Anal Quant "
       "Cytol Histol 23:291 (2001).",
       ""}};
  // Of the model's works, those that rows of this run's cell types cite.
  std::set<model::Index> types;
  for (const tissue::PopulationPlan& population : run.plan.populations) types.insert(population.type);
  std::set<std::string> cited;
  const auto cite = [&](const std::vector<model::Index>& of, const std::string& keys) {
    if (std::any_of(of.begin(), of.end(), [&](model::Index t) { return types.contains(t); }))
      for (const std::string& key : core::split_list(keys)) cited.insert(key);
  };
  for (const model::Mechanism& m : run.plan.model->mechanisms) cite(m.cell_types, m.provenance.reference);
  for (const model::Rule& rule : run.plan.model->rules) cite(rule.cell_types, rule.provenance.reference);
  for (const model::DrugTarget& t : run.plan.model->drug_targets)
    for (const std::string& key : core::split_list(t.provenance.reference)) cited.insert(key);
  for (const Reference& reference : model_references(*run.plan.model))
    if (cited.contains(reference.key)) references.push_back(reference);
  return references;
}

}  // namespace stroma::report
