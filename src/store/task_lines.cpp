#include "store/task_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/errors.hpp"
#include "model/build.hpp"
#include "store/files_json.hpp"
#include "study/vessels.hpp"
#include "tissue/medium.hpp"

namespace stroma::store {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(std::string code, const std::string& what, std::string hint = {}) {
  throw core::InputError({{std::move(code), {}, {}, what, std::move(hint)}});
}

// Whatever a line lacks or has of another type is one refusal.
template <class Read>
auto reading(std::string_view line, const char* code, const char* what, const Read& read) {
  try {
    return read(Json::parse(line));
  } catch (const nlohmann::json::exception& error) {
    refuse(code, fmt::format("this is no {}: {}", what, error.what()));
  }
}

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char c : bytes) {
    out += digits[static_cast<unsigned char>(c) >> 4U];
    out += digits[static_cast<unsigned char>(c) & 15U];
  }
  return out;
}

std::string bytes_of(const std::string& text) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  std::string out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = digit(text[i]), low = digit(text[i + 1]);
    if (high < 0 || low < 0) refuse("bad-outcome", "a specimen is not in hexadecimal digits");
    out += static_cast<char>(16 * high + low);
  }
  return out;
}

// A number that an engine can work with.
double finite(const Json& json, double low) {
  const double value = json.get<double>();
  if (!std::isfinite(value) || value < low)
    refuse("bad-task", fmt::format("{} is below {}", json.dump(), low));
  return value;
}

model::Index named(model::Index index, const std::string& name, const char* what) {
  if (index == model::none) refuse("bad-task", fmt::format("the model has no {} '{}'", what, name));
  return index;
}

core::Tick tick(const Json& json) {
  const core::Tick at{json.get<std::int64_t>()};
  if (at.count < 0) refuse("bad-task", "a time before the start");
  return at;
}

Json arrivals_json(const std::vector<tissue::Arrival>& arrivals, const model::Model& model) {
  Json all = Json::array();
  for (const tissue::Arrival& a : arrivals) {
    Json content = Json::object();
    for (const auto& c : a.content)
      content[model.substances[static_cast<std::size_t>(c.substance)].name] = c.amount;
    all.push_back({a.at.count, model.cell_types[static_cast<std::size_t>(a.type)].name, a.count, content});
  }
  return all;
}

std::vector<tissue::Arrival> arrivals_of_json(const Json& json, const model::Model& model) {
  std::vector<tissue::Arrival> all;
  for (const Json& one : json) {
    const std::string type = one.at(1);
    tissue::Arrival a{tick(one.at(0)),
                      named(model.cell_type(type), type, "cell type"),
                      one.at(2).get<std::size_t>(),
                      {},
                      {}};
    for (const auto& [name, amount] : one.at(3).items())
      a.content.push_back({named(model.substance(name), name, "substance"), finite(amount, 0.0)});
    all.push_back(std::move(a));
  }
  return all;
}

}  // namespace

std::string model_line(const model::Model& model) {
  if (!model.files) refuse("model-in-code", "a model that was not built from files cannot be sent");
  return Json{{"model", model.name},
              {"engine", study::engine_version},
              {"content_hash", model.content_hash},
              {"without", model.knocked_out},
              {"files", files_json(*model.files)}}
      .dump();
}

bool is_model_line(std::string_view line) {
  return line.starts_with("{\"model\":");
}

std::shared_ptr<const model::Model> read_model_line(std::string_view line) {
  return reading(line, "bad-model", "model", [](const Json& json) {
    if (const int engine = json.at("engine"); engine != study::engine_version)
      refuse("other-engine",
             fmt::format("the tasks are for engine {}, and this is engine {}", engine, study::engine_version),
             "use one version of stroma everywhere");
    core::Diagnostics problems;
    auto built = model::build(files_of_json(json.at("files")), problems);
    problems.throw_if_any();
    core::require(built.has_value(), "a model without problems was not built");
    const std::vector<std::string> rows = json.at("without");
    auto model = std::make_shared<model::Model>(rows.empty() ? std::move(*built)
                                                             : model::without(*built, rows, problems));
    problems.throw_if_any();
    if (model->content_hash != json.at("content_hash"))
      refuse("other-model", "the model did not come through as it was sent",
             "use one version of stroma everywhere");
    return std::shared_ptr<const model::Model>(std::move(model));
  });
}

std::string ready_line() {
  return Json{{"ready", study::engine_version}}.dump();
}

bool is_ready_line(std::string_view line) {
  return line == ready_line();
}

std::string task_line(const study::Task& task, const study::TaskLimits& limits, const model::Model& model) {
  const tissue::CultureSetup& s = task.setup;
  Json cells = Json::array(), treatments = Json::array(), times = Json::array();
  for (const auto& c : s.cells)
    cells.push_back({model.cell_types[static_cast<std::size_t>(c.type)].name, c.count, c.weight});
  for (const auto& t : s.treatments)
    treatments.push_back({t.at.count, model.substances[static_cast<std::size_t>(t.substance)].name,
                          t.concentration, t.until.count});
  for (const core::Tick at : task.times) times.push_back(at.count);
  Json medium = Json::object();  // in the model's order; what is not there is 0
  for (std::size_t i = 0; i < s.medium.concentration.size(); ++i)
    if (s.medium.concentration[i] != 0.0) medium[model.substances[i].name] = s.medium.concentration[i];
  return Json{{"key", task.key},
              {"label", task.label},
              {"scale", task.scale},
              {"lineages", task.lineages},
              {"times", times},
              {"cells", cells},
              {"medium", medium},
              {"serum", s.medium.serum},
              {"volume", s.volume},
              {"area", s.area},
              {"evaporation", s.evaporation},
              {"treatments", treatments},
              {"arrivals", arrivals_json(s.arrivals, model)},
              {"renewal", s.renewal.count},
              {"step", s.step.count},
              {"seed", s.seed},
              {"donor_seed", s.donor_seed},
              {"max_cells", s.max_cells},
              {"threads", limits.threads},
              {"time_limit_s", limits.time_limit_s}}
      .dump();
}

study::Task read_task_line(std::string_view line, const model::Model& model, study::TaskLimits& limits) {
  return reading(line, "bad-task", "task", [&](const Json& json) {
    study::Task task;
    task.key = json.at("key");
    task.label = json.at("label");
    task.scale = finite(json.at("scale"), 0.0);
    task.lineages = json.at("lineages");
    for (const Json& at : json.at("times")) task.times.push_back(tick(at));
    if (task.times.empty() || task.times.back().count == 0 ||
        !std::is_sorted(task.times.begin(), task.times.end()))
      refuse("bad-task", "times must ascend to an end after the start");
    tissue::CultureSetup& s = task.setup;
    for (const Json& cell : json.at("cells")) {
      const std::string name = cell.at(0);
      s.cells.push_back({named(model.cell_type(name), name, "cell type"), cell.at(1).get<std::size_t>(),
                         finite(cell.at(2), 0.0)});
    }
    s.medium.serum = finite(json.at("serum"), 0.0);
    s.medium.concentration.assign(model.substances.size(), 0.0);
    for (const auto& [name, concentration] : json.at("medium").items())
      s.medium.concentration[static_cast<std::size_t>(named(model.substance(name), name, "substance"))] =
          finite(concentration, 0.0);
    s.volume = finite(json.at("volume"), 0.0);
    s.area = finite(json.at("area"), 0.0);
    s.evaporation = finite(json.at("evaporation"), 0.0);
    for (const Json& t : json.at("treatments")) {
      const std::string name = t.at(1);
      s.treatments.push_back({tick(t.at(0)), named(model.substance(name), name, "substance"),
                              finite(t.at(2), 0.0), t.at(3) == -1 ? core::Tick{-1} : tick(t.at(3))});
    }
    s.arrivals = arrivals_of_json(json.at("arrivals"), model);
    s.renewal = tick(json.at("renewal"));
    s.step = tick(json.at("step"));
    s.seed = json.at("seed");
    s.donor_seed = json.at("donor_seed");
    s.max_cells = json.at("max_cells");
    limits.threads = json.at("threads");
    limits.time_limit_s = finite(json.at("time_limit_s"), 0.0);
    if (!(task.scale > 0.0) || !(s.volume > 0.0) || s.step.count == 0 || limits.threads < 1)
      refuse("bad-task", "scale, volume, step and threads must be positive");
    return task;
  });
}

std::string outcome_line(const std::string& key, const study::Outcome& outcome) {
  Json specimens = Json::array();
  for (const assays::Specimen& specimen : outcome.specimens)
    specimens.push_back(hexadecimal(assays::encode(specimen)));
  Json passages = Json::array();
  for (const study::Passage& p : outcome.passages) passages.push_back({p.from, p.to, p.cells});
  return Json{{"key", key},
              {"state_hash", outcome.state_hash},
              {"cell_steps", outcome.cell_steps},
              {"failure", outcome.failure},
              {"passages", passages},
              {"specimens", specimens}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string bug_line(const std::string& key, const std::string& what) {
  return Json{{"key", key}, {"bug", what}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

study::Outcome read_outcome_line(std::string_view line, const std::string& key) {
  return reading(line, "bad-outcome", "outcome", [&](const Json& json) {
    if (json.at("key") != key) refuse("bad-outcome", "the outcome is another vessel's");
    if (json.contains("bug")) throw core::InternalError(json.at("bug").get<std::string>());
    study::Outcome outcome;
    outcome.state_hash = json.at("state_hash");
    outcome.cell_steps = json.at("cell_steps");
    outcome.failure = json.at("failure");
    for (const Json& p : json.at("passages"))
      outcome.passages.push_back({p.at(0), p.at(1), p.at(2).get<std::int64_t>()});
    for (const Json& specimen : json.at("specimens"))
      outcome.specimens.push_back(assays::decode(bytes_of(specimen.get<std::string>())));
    return outcome;
  });
}

}  // namespace stroma::store
