#include "jobs/schema.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/diagnostics.hpp"
#include "core/units.hpp"
#include "io/known_columns.hpp"
#include "jobs/assays_page.hpp"
#include "jobs/key_schema.hpp"

namespace stroma::jobs {
namespace {

using Json = nlohmann::ordered_json;

// Names of JSON members have no hyphens in front.
std::string member_of(const std::string& name) {
  return name.substr(std::min(name.find_first_not_of('-'), name.size()));
}

Json number_or_text(core::OptionKind kind, const std::string& text) {
  if (kind == core::OptionKind::whole || kind == core::OptionKind::number) return Json::parse(text);
  return text;
}

// How short texts, paths and quantities look to a machine.
Json one_value(const core::Option& option) {
  Json out;
  switch (option.kind()) {
    case core::OptionKind::flag:
      return {{"type", "boolean"}};
    case core::OptionKind::whole:
      out = {{"type", "integer"}};
      break;
    case core::OptionKind::number:
      out = {{"type", "number"}};
      break;
    case core::OptionKind::text:
      out = {{"type", "string"}};
      break;
    case core::OptionKind::quantity:
      out = {{"type", "string"}, {"x-quantity", option.unit()}};
      break;
    case core::OptionKind::path:
      out = {{"type", "string"}, {"format", "path"}};
      break;
  }
  if (option.kind() == core::OptionKind::number && !option.unit().empty()) out["x-unit"] = option.unit();
  if (!option.choices().empty()) out["enum"] = option.choices();
  if (option.low())
    out[option.excludes_low() ? "exclusiveMinimum" : "minimum"] =
        Json::parse(limit_text(option, *option.low()));
  if (option.high()) out["maximum"] = Json::parse(limit_text(option, *option.high()));
  return out;
}

Json schema_of(const core::Option& option) {
  Json out = option.list() ? Json{{"type", "array"}, {"items", one_value(option)}} : one_value(option);
  out["description"] = option.help();
  const std::vector<std::string> now = option.values();
  if (option.kind() == core::OptionKind::flag)
    out["default"] = !now.empty();
  else if (option.list() && !now.empty())
    out["default"] = now;
  else if (!now.empty())
    out["default"] = number_or_text(option.kind(), now.front());
  if (option.list() && option.is_required()) out["minItems"] = 1;
  return out;
}

// "FILE", "--level NUMBER".
std::string heading(const core::Option& option) {
  std::string out;
  for (const std::string& name : option.names()) out += fmt::format("{}`{}`", out.empty() ? "" : ", ", name);
  return out;
}

// What a table of the page says on kind, limits and default.
std::string limits(const core::Option& option) {
  std::string out = core::to_string(option.kind());
  if (option.kind() == core::OptionKind::number && !option.unit().empty())
    out += fmt::format(" ({})", option.unit());
  if (option.list()) out += option.is_repeated() ? ", may be repeated" : ", one or more";
  if (option.separator() != '\0') out += fmt::format(", separated by `{}`", option.separator());
  if (!option.choices().empty()) out = fmt::format("`{}`", fmt::join(option.choices(), "`, `"));
  if (option.low() && option.high())
    out += fmt::format(", {} to {}", limit_text(option, *option.low()), limit_text(option, *option.high()));
  else if (option.low())
    out += option.excludes_low() ? ", positive" : ", not negative";
  if (!option.default_text().empty()) out += fmt::format(", default `{}`", option.default_text());
  if (option.is_required()) out += ", required";
  for (const std::string& other : option.needed()) out += fmt::format(", only with `{}`", other);
  for (const std::string& other : option.excluded()) out += fmt::format(", not with `{}`", other);
  return out;
}

// Bars would end a cell of the table.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

// Tables that `analyse` reads by the names of their columns.
struct KnownTable {
  const char *assay, *what;
  std::vector<io::ColumnSpec> columns;
};

std::vector<KnownTable> known_tables() {
  return {{"growth", "calipers: lengths and widths", io::caliper_columns(false)},
          {"growth", "calipers: volumes", io::caliper_columns(true)},
          {"dose-response", "long table of dose responses", io::dose_columns({})},
          {"pk", "concentrations in plasma", io::pk_columns()},
          {"qpcr", "Ct table of a machine", io::ct_columns()}};
}

Result tables_schema() {
  Result out;
  out.json = Json::array();
  out.text = "# Tables that are read by the names of their columns\n";
  for (const KnownTable& table : known_tables()) {
    Json columns = Json::array();
    out.text += fmt::format("\n## `analyse {}`: {}\n\n| column | also called | unit | |\n|---|---|---|---|\n",
                            table.assay, table.what);
    for (const io::ColumnSpec& column : table.columns) {
      std::vector<std::string> dimensions;
      for (const core::Dimension& dimension : column.dimensions)
        dimensions.push_back(core::describe(dimension));
      columns.push_back({{"name", column.name},
                         {"required", column.required},
                         {"aliases", column.aliases},
                         {"dimensions", dimensions}});
      out.text += fmt::format("| `{}` | {} | {} | {} |\n", column.name, fmt::join(column.aliases, ", "),
                              fmt::join(dimensions, ", or "), column.required ? "required" : "");
    }
    out.json.push_back({{"assay", table.assay}, {"what", table.what}, {"columns", std::move(columns)}});
  }
  return out;
}

const Job& find_job(const std::vector<Job>& all, const std::vector<std::string>& thing) {
  const std::vector<Job>* here = &all;
  const Job* found = nullptr;
  for (const std::string& word : thing) {
    const auto at =
        std::find_if(here->begin(), here->end(), [&](const Job& job) { return job.command.name == word; });
    if (at == here->end()) {
      std::vector<std::string> names;
      for (const Job& job : *here) names.push_back(job.command.name);
      throw core::InputError({{"unknown-command",
                               {},
                               word,
                               fmt::format("there is no command '{}'", word),
                               core::did_you_mean(word, names)}});
    }
    found = &*at;
    here = &found->jobs;
  }
  return *found;
}

void add_schemas(const Job& job, const std::string& path, Json& definitions) {
  if (job.run) definitions[path] = request_schema(job.command, path);
  for (const Job& below : job.jobs) add_schemas(below, path + " " + below.command.name, definitions);
}

Json with_dialect(Json schema) {
  Json out = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}};
  out.update(schema);
  return out;
}

constexpr const char* page_head =
    "# Commands\n\n"
    "Made by `stroma schema` from the tables of options that the program itself reads; a test holds it to "
    "them. `stroma COMMAND --help` says the same, `stroma schema --json` says it to machines.\n";

}  // namespace

Json request_schema(const core::Command& command, const std::string& path) {
  Json out = {{"title", path}, {"description", command.summary}, {"type", "object"}};
  Json properties = Json::object(), required = Json::array(), together = Json::object(),
       apart = Json::array();
  for (const core::Option& option : command.options.all()) {
    const std::string name = member_of(option.name());
    properties[name] = schema_of(option);
    if (option.is_required()) required.push_back(name);
    for (const std::string& other : option.needed()) together[name].push_back(member_of(other));
    for (const std::string& other : option.excluded())
      apart.push_back({{"not", {{"required", {name, member_of(other)}}}}});
  }
  out["properties"] = std::move(properties);
  if (!required.empty()) out["required"] = std::move(required);
  if (!together.empty()) out["dependentRequired"] = std::move(together);
  if (!apart.empty()) out["allOf"] = std::move(apart);
  out["additionalProperties"] = false;
  return out;
}

std::string limit_text(const core::Option& option, double limit) {
  return option.kind() == core::OptionKind::whole ? fmt::format("{:.0f}", limit) : fmt::format("{}", limit);
}

std::string reference_text(const Job& job, const std::string& path) {
  std::string out;
  if (!job.run) {
    out = fmt::format("\n## `{}`\n\n{}.\n", path, job.command.summary);
  } else {
    std::string words;
    for (const core::Option& option : job.command.options.all())
      if (option.positional())
        words += fmt::format(" {}{}{}{}", option.is_required() ? "" : "[", option.name(),
                             option.list() ? "..." : "", option.is_required() ? "" : "]");
    out = fmt::format("\n### `{}{}`\n\n{}.\n", path, words, job.command.summary);
    if (!job.command.options.all().empty()) out += "\n| option | value | |\n|---|---|---|\n";
    for (const core::Option& option : job.command.options.all())
      out += fmt::format("| {} | {} | {} |\n", heading(option), cell(limits(option)), cell(option.help()));
  }
  if (!job.command.footer.empty()) out += "\n" + job.command.footer + "\n";
  if (!job.command.examples.empty())
    out += fmt::format("\n    {}\n", fmt::join(job.command.examples, "\n    "));
  for (const Job& below : job.jobs) out += reference_text(below, path + " " + below.command.name);
  return out;
}

Result schema(const SchemaRequest& request, Session&) {
  const std::vector<Job> all = all_jobs();
  Result out;
  if (request.thing.empty()) {
    out.text = page_head;
    Json definitions = Json::object();
    for (const Job& job : all) {
      const std::string path = "stroma " + job.command.name;
      out.text += reference_text(job, path);
      add_schemas(job, path, definitions);
    }
    out.json = with_dialect({{"title", "requests of stroma"}, {"$defs", std::move(definitions)}});
    return out;
  }
  if (request.thing == std::vector<std::string>{"tables"}) return tables_schema();
  if (request.thing == std::vector<std::string>{"assays"}) return assays_schema();
  for (const FileKind& kind : file_kinds())
    if (request.thing.front() == kind.name)
      return file_schema(kind,
                         fmt::format("{}", fmt::join(request.thing.begin() + 1, request.thing.end(), " ")));
  const Job& job = find_job(all, request.thing);
  const std::string path = fmt::format("stroma {}", fmt::join(request.thing, " "));
  out.text = reference_text(job, path);
  if (job.run) {
    out.json = with_dialect(request_schema(job.command, path));
  } else {
    Json definitions = Json::object();
    add_schemas(job, path, definitions);
    out.json = with_dialect({{"title", path}, {"$defs", std::move(definitions)}});
  }
  return out;
}

Job schema_job() {
  return make_job<SchemaRequest>(
      "schema",
      "what may be asked of each command and assay, the keys of files, and columns of tables: a page, or "
      "JSON",
      [](Job& job, SchemaRequest& request) {
        job.options().add(
            "thing", request.thing,
            "a command, such as analyse cck8; a file, which is experiment, study, model or "
            "calibration, with one of its tables, such as plate.arm; tables; or assays (default: all "
            "commands)");
        job.options().add("--json", job.shown->json,
                          "JSON Schema of the request or file; tables and assays as a list");
        job.command.examples = {"stroma schema analyse cck8 --json", "stroma schema experiment --json",
                                "stroma schema experiment plate.arm"};
      },
      schema);
}

}  // namespace stroma::jobs
