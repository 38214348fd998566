// `describe`: what a model or an experiment contains, for people and as JSON.
#include "model/describe.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/units.hpp"
#include "io/file.hpp"
#include "io/model_folder.hpp"
#include "jobs/machine.hpp"
#include "jobs/paths.hpp"
#include "jobs/requests.hpp"
#include "jobs/version.hpp"
#include "report/html.hpp"
#include "report/rule_figures.hpp"
#include "study/tissue_arms.hpp"

namespace stroma::jobs {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Json bound(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json to_json(const model::Description& d) {
  Json out;
  out["kind"] = "model";
  out["name"] = d.name;
  out["version"] = d.version;
  out["title"] = d.title;
  out["content_hash"] = d.content_hash;
  const model::Counts& c = d.counts;
  out["counts"] = {{"substances", c.substances},
                   {"drugs", c.drugs},
                   {"drug_targets", c.drug_targets},
                   {"nodes", c.nodes},
                   {"cell_types", c.cell_types},
                   {"mechanisms", c.mechanisms},
                   {"rules", c.rules},
                   {"references", c.references},
                   {"numbers_sourced", c.numbers_sourced},
                   {"numbers_assumed", c.numbers_assumed},
                   {"arrows_by_grade",
                    {{"A", c.arrows_by_grade[0]},
                     {"B", c.arrows_by_grade[1]},
                     {"C", c.arrows_by_grade[2]},
                     {"D", c.arrows_by_grade[3]}}}};
  Json types = Json::array(), numbers = Json::array(), rows = Json::array(), references = Json::array();
  for (const model::CellTypeLine& t : d.cell_types)
    types.push_back({{"name", t.name},
                     {"label", t.label},
                     {"is", t.parent},
                     {"abstract", t.abstract},
                     {"nodes", t.nodes},
                     {"phases", t.phases},
                     {"behaviours", t.behaviours},
                     {"traits", t.traits}});
  for (const model::NumberLine& n : d.numbers)
    numbers.push_back({{"owner", n.owner},
                       {"parameter", n.parameter},
                       {"value", n.value},
                       {"reference", n.reference},
                       {"assumed", n.assumed},
                       {"low", bound(n.low)},
                       {"high", bound(n.high)},
                       {"note", n.note}});
  for (const model::RowLine& r : d.rows)
    rows.push_back({{"id", r.id},
                    {"kind", r.kind},
                    {"source", r.source},
                    {"effect", r.effect},
                    {"target", r.target},
                    {"cell_types", r.cell_types},
                    {"strength", r.strength},
                    {"grade", r.grade},
                    {"reference", r.reference},
                    {"assumed", r.assumed},
                    {"note", r.note}});
  for (const model::Reference& r : d.references)
    references.push_back({{"key", r.key}, {"citation", r.citation}, {"doi", r.doi}, {"url", r.url}});
  out["cell_types"] = types;
  out["numbers"] = numbers;
  out["rows"] = rows;
  out["references"] = references;
  return out;
}

Json to_json(const study::TissueExperiment& e, const model::Model& m);
std::string text_of(const study::TissueExperiment& e, const model::Model& m);

Json to_json(const study::Experiment& e, const model::Model& m) {
  Json out;
  out["kind"] = "experiment";
  out["name"] = e.name;
  out["title"] = e.title;
  out["figure"] = e.figure;
  out["model"] = e.model;
  out["replicates"] = e.replicates;
  out["systems"] = e.systems;
  out["wells_per_arm"] = e.wells_per_arm;
  out["step_min"] = core::minutes(e.step);
  Json cultures = Json::array(), arms = Json::array(), readouts = Json::array();
  for (const study::CultureSpec& c : e.cultures)
    cultures.push_back({{"name", c.name},
                        {"medium", c.medium.written},
                        {"volume_mL", core::in_unit(c.volume, "mL")},
                        {"duration_h", core::minutes(c.duration) / 60.0}});
  for (const study::ArmSpec& a : e.arms) {
    Json treatments = Json::array();
    for (const study::TreatmentSpec& t : a.treatments)
      treatments.push_back({{"substance", m.substances[static_cast<std::size_t>(t.substance)].name},
                            {"at_h", core::minutes(t.at) / 60.0},
                            {"until_h", t.until.count < 0 ? Json() : Json(core::minutes(t.until) / 60.0)},
                            {"every_h", t.every.count == 0 ? Json() : Json(core::minutes(t.every) / 60.0)},
                            {"times", t.times == 0 ? Json() : Json(t.times)},
                            {"doses", t.written},
                            {"doses_nM", t.doses}});
    arms.push_back({{"name", a.name}, {"medium", a.medium.written}, {"treatments", treatments}});
  }
  for (const study::ReadoutSpec& r : e.readouts)
    readouts.push_back(
        {{"assay", r.assay->name}, {"at_h", core::minutes(r.at) / 60.0}, {"targets", r.targets}});
  if (e.space) out["tissue_of_the_first_arm"] = to_json(e.space->first, m);
  out["cultures"] = cultures;
  out["arms"] = arms;
  out["readouts"] = readouts;
  return out;
}

std::string text_of(const study::Experiment& e, const model::Model& m) {
  std::string out = fmt::format("{}\n  model {}, {} replicates, steps of {} min\n", e.title, e.model,
                                e.replicates, core::minutes(e.step));
  for (const study::CultureSpec& c : e.cultures)
    out += fmt::format("  culture '{}': {} mL of {} for {} h\n", c.name, core::in_unit(c.volume, "mL"),
                       c.medium.written, core::minutes(c.duration) / 60.0);
  for (const study::ArmSpec& a : e.arms) {
    std::string text = fmt::format("  arm '{}'", a.name);
    if (!e.space) text += fmt::format(": in {}", a.medium.written);
    for (const study::TreatmentSpec& t : a.treatments)
      text += fmt::format(", {} {}{} at {} h", m.substances[static_cast<std::size_t>(t.substance)].name,
                          t.written.front(),
                          t.series ? fmt::format(" to {} ({} doses)", t.written.back(), t.doses.size()) : "",
                          core::minutes(t.at) / 60.0) +
              (t.every.count > 0 ? fmt::format(", every {} h{}", core::minutes(t.every) / 60.0,
                                               t.times > 0 ? fmt::format(" {} times", t.times) : "")
                                 : "") +
              (t.until.count >= 0 ? fmt::format(" until {} h", core::minutes(t.until) / 60.0) : "");
    out += text + "\n";
  }
  if (e.space) {
    const std::string tissue = text_of(e.space->first, m);
    out += fmt::format("  the tissue of '{}'", e.arms.front().name) + tissue.substr(tissue.find('\n'));
  }
  for (const study::ReadoutSpec& r : e.readouts)
    out += fmt::format("  readout {} at {} h\n", r.assay->name, core::minutes(r.at) / 60.0);
  return out;
}

// A page of the model's rules and network.
void write_page(const model::Model& m, const DescribeRequest& request, const std::string& command,
                Result& out) {
  if (request.output.empty()) return;
  const std::vector<model::Index> types = report::concrete_types(m);
  const report::Report page = report::make_model_report(m, types, fmt::format("Stroma {}", version), command);
  io::write_file_atomically(request.output, report::render_html(page));
  out.remark(Remark::Kind::plain, "page: " + io::printable(fs::absolute(request.output)));
}

Json to_json(const study::TissueExperiment& e, const model::Model& m) {
  Json out;
  out["title"] = e.title;
  out["dimensions"] = e.setup.grid.dimensions;
  out["voxels"] = e.setup.grid.n;
  out["spacing_um"] = e.setup.grid.spacing;
  out["duration_h"] = core::minutes(e.duration) / 60.0;
  out["step_min"] = core::minutes(e.setup.step);
  out["checkpoint_every_h"] = core::minutes(e.checkpoint_every) / 60.0;
  out["serum"] = e.setup.serum;
  out["substances"] = Json::array();
  for (const auto& s : e.setup.substances) {
    Json sides = Json::array();
    for (int face = 0; face < 2 * e.setup.grid.dimensions; ++face) {
      const fields::Boundary& b = s.plan.boundary[static_cast<std::size_t>(face)];
      const char* const kind = b.kind == fields::Boundary::Kind::value      ? "value"
                               : b.kind == fields::Boundary::Kind::exchange ? "exchange"
                                                                            : "flux";
      sides.push_back({{"kind", kind}, {"value", b.value}, {"permeability_um_per_min", b.permeability}});
    }
    const fields::Boundary& above = s.plan.boundary.back();
    Json medium = nullptr;
    if (fields::is_under_medium(e.setup.grid, s.plan))
      medium = {{"closed", s.plan.layer_depth > 0.0},
                {"concentration_nM", above.value},
                {"permeability_um_per_min", above.permeability}};
    out["substances"].push_back({{"name", s.plan.name},
                                 {"diffusivity_um2_per_min", s.plan.diffusivity},
                                 {"decay_per_min", s.plan.decay},
                                 {"method", fields::to_string(s.plan.method)},
                                 {"error", s.plan.error_target},
                                 {"sides", sides},
                                 {"medium_above", medium}});
  }
  out["cells"] = Json::object();
  for (const auto& cells : e.setup.cells)
    out["cells"][m.cell_types[static_cast<std::size_t>(cells.type)].name] = cells.positions.size();
  out["coming"] = Json::array();
  for (const auto& a : e.setup.arrivals)
    out["coming"].push_back({{"at_h", core::minutes(a.at) / 60.0},
                             {"type", m.cell_types[static_cast<std::size_t>(a.type)].name},
                             {"cells", a.count}});
  out["treatments"] = Json::array();
  for (const auto& t : e.setup.treatments)
    out["treatments"].push_back(
        {{"at_h", core::minutes(t.at) / 60.0},
         {"until_h", t.until.count < 0 ? Json(nullptr) : Json(core::minutes(t.until) / 60.0)},
         {"substance", e.setup.substances[t.substance].plan.name},
         {"concentration_nM", t.concentration}});
  out["left_out"] = e.left_out;
  return out;
}

std::string text_of(const study::TissueExperiment& e, const model::Model& m) {
  const fields::Grid& grid = e.setup.grid;
  std::string out =
      fmt::format("{}\n  {}-D, {} x {} x {} voxels of {} x {} x {} um, {:.6g} h in steps of {} min\n",
                  e.title, grid.dimensions, grid.n[0], grid.n[1], grid.n[2], grid.spacing[0], grid.spacing[1],
                  grid.spacing[2], core::minutes(e.duration) / 60.0, core::minutes(e.setup.step));
  for (const auto& s : e.setup.substances)
    out += fmt::format("  substance {:<12} D {:.6g} um^2/min, decay {:.4g} 1/min, {}\n", s.plan.name,
                       s.plan.diffusivity, s.plan.decay, fields::to_string(s.plan.method));
  for (const auto& cells : e.setup.cells)
    out += fmt::format("  cells     {:<12} {}\n", m.cell_types[static_cast<std::size_t>(cells.type)].name,
                       cells.positions.size());
  for (const auto& a : e.setup.arrivals)
    out +=
        fmt::format("  cells     {:<12} {} at {:.6g} h\n",
                    m.cell_types[static_cast<std::size_t>(a.type)].name, a.count, core::minutes(a.at) / 60.0);
  for (const auto& t : e.setup.treatments)
    out += fmt::format(
        "  treatment {:<12} {:.6g} uM from {:.6g} h{}\n", e.setup.substances[t.substance].plan.name,
        t.concentration * 1e-3, core::minutes(t.at) / 60.0,
        t.until.count < 0 ? "" : fmt::format(" until {:.6g} h", core::minutes(t.until) / 60.0));
  for (const std::string& name : e.left_out)
    out +=
        fmt::format("  left out  {:<12} the cells exchange it; this experiment does not simulate it\n", name);
  return out;
}

}  // namespace

Result describe(const DescribeRequest& request, Session& session) {
  const fs::path path = find_described(request.name);
  const bool is_study = fs::exists(path / "study.toml");
  Result out;
  if (!is_study && fs::is_directory(path)) {
    const model::Model loaded = io::load_model(path);
    write_page(loaded, request, session.command, out);
    const model::Description description = model::describe(loaded);
    out.json = to_json(description);
    out.text = model::to_text(description) + "\n";
    return out;
  }
  if (!is_study && store::describes_tissue(path)) {
    const store::LoadedTissue loaded = store::load_tissue(path, model_search(), {}, 1, memory_of_machine());
    write_page(*loaded.model, request, session.command, out);
    out.json = to_json(loaded.experiment, *loaded.model);
    out.text = text_of(loaded.experiment, *loaded.model);
    return out;
  }
  const study::Study study =
      is_study ? store::load_study(path, model_search())
               : store::load_experiment(path, model_search(), {}, assays::built_in(), memory_of_machine());
  write_page(*study.model, request, session.command, out);
  Json all = Json::array();
  for (const study::Experiment& e : study.experiments) {
    all.push_back(to_json(e, *study.model));
    out.text += text_of(e, *study.model);
  }
  out.json = is_study ? all : all.front();
  return out;
}

Job describe_job() {
  return make_job<DescribeRequest>(
      "describe", "what a model or an experiment contains, with sources",
      [](Job& job, DescribeRequest& request) {
        job.options()
            .add("name", request.name, "path or name of a model or study, or an experiment file")
            .required();
        job.options().add("-o,--output", request.output,
                          "also write a page (HTML) with the rules as curves and the network");
        job.options().add("--json", job.shown->json, "as JSON");
      },
      describe);
}

}  // namespace stroma::jobs
