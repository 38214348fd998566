#include "store/tissue_record.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <sstream>

#include "io/file.hpp"
#include "io/model_folder.hpp"
#include "store/record_json.hpp"
#include "tissue/tissue.hpp"

namespace stroma::store {
namespace {

// As tissue::counted_contacts.
constexpr std::array names_of_contacts = {"injuries", "ingestions", "fusions"};
static_assert(names_of_contacts.size() == tissue::counted_contacts.size());

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
constexpr const char* request_file = "input/request.json";
constexpr const char* input_folder = "input";

[[noreturn]] void refuse(const fs::path& folder, const std::string& message, const std::string& hint) {
  core::Diagnostics problems;
  problems.add("not-a-run", {io::printable(folder), 0, 0}, io::printable(folder), message, hint);
  problems.throw_if_any();
  std::abort();
}

std::string type_name(const tissue::TissuePlan& plan, std::size_t k) {
  return plan.model->cell_types[static_cast<std::size_t>(plan.populations[k].type)].name;
}

// What the fields booked, and of the exchange with cells and with what lies between them, whose it was.
Json budget(const tissue::TissuePlan& plan, const tissue::TissueState& s, std::size_t f) {
  const fields::Field& field = s.fields.substances[f];
  Json out = {{"content", field.content}};
  for (const auto& [name, term] : fields::budget_terms) out[std::string(name)] = field.budget.*term;
  if (field.is_under_medium) out["above"] = field.budget.above;
  out["expected"] = field.budget.expected();
  if (const double volume = fields::layer_volume(plan.fields.grid, plan.fields.substances[f]); volume > 0.0)
    out["medium_above"] = {{"concentration_nM", field.boundary_value[fields::faces - 1]},
                           {"content", field.boundary_value[fields::faces - 1] * volume},
                           {"placed", field.layer.placed},
                           {"decayed", field.layer.decayed},
                           {"given", field.budget.above}};
  Json cells = Json::object(), ground = Json::object();
  for (std::size_t k = 0; k < plan.populations.size(); ++k)
    for (const auto& [name, port] : tissue::cell_ports)
      cells[type_name(plan, k)][std::string(name)] = s.ports[f][k].*port;
  for (const auto& [name, port] : tissue::ground_ports) ground[std::string(name)] = s.ground_ports[f].*port;
  out["cells"] = cells;
  out["between_cells"] = ground;
  return out;
}

// Copies the model beside the experiment, where its reader looks first. Returns where it lies in input/;
// where the experiment calls it by a path of its own, that path, and nothing is copied.
fs::path keep_model(OutputFolder& folder, const fs::path& model, const std::string& name) {
  if (model.empty()) return model;
  const fs::path part(name);
  if (part.has_parent_path() || part == ".." || part == ".") return model;
  const fs::path copy = fs::path("models") / part;
  for (const std::string& file : io::model_file_names())
    folder.write(input_folder / copy / file, io::read_file(model / file));
  return copy;
}

}  // namespace

bool holds_tissue_run(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / request_file, ignored);
}

void write_inputs(OutputFolder& folder, const TissueRequest& request, const LoadedTissue& loaded) {
  for (const auto& [name, bytes] : loaded.inputs) folder.write(fs::path(input_folder) / name, bytes);
  const fs::path model = keep_model(folder, request.model_folder, loaded.experiment.model);
  Json out;
  out["name"] = request.name;
  out["model_folder"] = io::printable(model);
  out["model_hash"] = request.model_hash;
  out["overrides"] = request.overrides;
  out["without"] = request.without;
  out["seed"] = request.seed;
  folder.write(request_file, out.dump(2) + "\n");
}

TissueRequest read_request(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::exists(folder / request_file, ignored))
    refuse(folder,
           fmt::format("'{}' is not the folder of a run in space: it has no {}", io::printable(folder),
                       request_file),
           "give the folder that `stroma run FILE -o DIR` wrote");
  TissueRequest request;
  try {
    const Json in = Json::parse(io::read_file(folder / request_file));
    request.name = in.at("name").get<std::string>();
    request.model_folder = in.at("model_folder").get<std::string>();
    if (!request.model_folder.empty() && request.model_folder.is_relative())
      request.model_folder = folder / input_folder / request.model_folder;
    request.model_hash = in.at("model_hash").get<std::string>();
    request.overrides = in.at("overrides").get<std::vector<std::string>>();
    request.without = in.at("without").get<std::vector<std::string>>();
    request.seed = in.at("seed").get<std::uint64_t>();
  } catch (const nlohmann::json::exception& error) {
    refuse(folder / request_file, fmt::format("{} cannot be read: {}", request_file, error.what()),
           "the file was changed by hand or damaged");
  }
  return request;
}

LoadedTissue load_inputs(const fs::path& folder, const TissueRequest& request, double memory_limit) {
  ModelSearch search;
  if (!request.model_folder.empty()) search.roots.push_back(request.model_folder.parent_path());
  search.without = request.without;
  LoadedTissue loaded = load_tissue(folder / "input" / "experiment.toml", search, request.overrides,
                                    request.seed, memory_limit, Tables::stored);
  loaded.experiment.name = request.name;
  if (loaded.model->content_hash != request.model_hash)
    refuse(request.model_folder,
           "the model is no longer the one that the run began with, so its future would be another one",
           "restore the model folder, or start a new run");
  return loaded;
}

void HashLog::add(core::Tick tick, std::string hash) {
  if (!entries_.empty() && entries_.back().first == tick) return;
  entries_.emplace_back(tick, std::move(hash));
}

std::string HashLog::csv() const {
  std::string out = "tick,time_h,state_hash\n";
  for (const auto& [tick, hash] : entries_)
    out += fmt::format("{},{:.6g},{}\n", tick.count, core::minutes(tick) / 60.0, hash);
  return out;
}

HashLog HashLog::read(const fs::path& folder, core::Tick until) {
  HashLog log;
  std::error_code ignored;
  if (!fs::exists(folder / path, ignored)) return log;
  std::istringstream lines(io::read_file(folder / path));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    const std::size_t comma = line.rfind(',');
    if (comma == std::string::npos) continue;
    const core::Tick tick{std::strtoll(line.c_str(), nullptr, 10)};
    if (tick <= until) log.add(tick, line.substr(comma + 1));
  }
  return log;
}

std::string tissue_run_json(const study::TissueExperiment& experiment, const tissue::TissuePlan& plan,
                            const tissue::TissueState& s, const study::RunRecord& record, bool complete) {
  Json out = record_json(record);
  out["experiment"] = experiment.name;
  out["title"] = experiment.title;
  out["complete"] = complete;
  out["tick"] = s.tick.count;
  out["time_h"] = core::minutes(s.tick) / 60.0;
  out["model"] = {{"name", plan.model->name}, {"hash", plan.model->content_hash}};
  out["configuration_hash"] = study::configuration_hash(experiment);
  out["state_hash"] = tissue::state_hash(s);
  const fields::Grid& grid = plan.fields.grid;
  out["grid"] = {{"dimensions", grid.dimensions},
                 {"voxels", grid.n},
                 {"spacing_um", grid.spacing},
                 {"origin_um", grid.origin}};
  out["step_min"] = core::minutes(plan.setup.step);
  Json cells = Json::object();
  for (std::size_t k = 0; k < plan.populations.size(); ++k) {
    const cells::FateCounts counts = cells::count_fates(s.populations[k].cells);
    cells[type_name(plan, k)] = {{"live", counts.live},
                                 {"apoptotic", counts.early_apoptotic + counts.late_apoptotic},
                                 {"necrotic", counts.necrotic}};
  }
  out["cells"] = cells;
  const tissue::Counters& c = s.counters;
  out["counters"] = {{"births", c.tally.births},     {"apoptoses", c.tally.apoptoses},
                     {"necroses", c.tally.necroses}, {"lyses", c.tally.lyses},
                     {"attacks", c.attacks},         {"phagocytoses", c.phagocytoses},
                     {"coupling_steps", c.steps},    {"mechanics_steps", c.mechanics_steps},
                     {"field_steps", c.field_steps}, {"list_rebuilds", c.list_rebuilds}};
  for (std::size_t i = 0; i < c.contacts.size(); ++i) out["counters"][names_of_contacts[i]] = c.contacts[i];
  add_passages(out, study::passages_of(s, plan));
  out["clamps"] = {{"reflections_at_sides", c.reflections},
                   {"coincident_pairs", c.coincidences},
                   {"negative_voxels", c.negative_voxels},
                   {"activities_out_of_bounds", c.network.out_of_bounds},
                   {"network_substeps_missing_tolerance", c.network.missed}};
  Json mass = Json::object();
  for (std::size_t f = 0; f < s.fields.substances.size(); ++f)
    mass[plan.fields.substances[f].name] = budget(plan, s, f);
  out["mass_budget_nM_um3"] = mass;
  out["mass_balance_worst_relative"] = c.worst_balance;
  out["left_out_substances"] = experiment.left_out;
  out["assumptions"] = experiment.assumptions;
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

bool is_complete(const fs::path& folder, core::Tick tick, std::string_view state_hash) {
  std::error_code ignored;
  if (!fs::exists(folder / "run.json", ignored)) return false;
  const Json run = Json::parse(io::read_file(folder / "run.json"), nullptr, false);
  return run.is_object() && run.value("complete", false) &&
         run.value("tick", std::int64_t{-1}) == tick.count &&
         (state_hash.empty() || run.value("state_hash", std::string()) == state_hash);
}

}  // namespace stroma::store
