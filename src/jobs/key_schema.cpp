#include "jobs/key_schema.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/units.hpp"
#include "jobs/key_json.hpp"
#include "model/keys.hpp"
#include "study/keys.hpp"

namespace stroma::jobs {
namespace {

using core::Key;
using core::KeyForm;
using core::KeyKind;
using core::Keys;

// A file of the second setting is told from one of the first by these keys.
const std::vector<std::string> of_space = {"dimensions", "domain"};

std::string quoted(const std::vector<std::string>& words) {
  return fmt::format("`{}`", fmt::join(words, "`, `"));
}

// "a time (such as h)", "from 1 to 96".
std::string kind_text(const Key& key) {
  std::string out;
  if (key.kind == KeyKind::table) return key.form == KeyForm::list ? "tables" : "table";
  if (key.kind == KeyKind::boolean) return "true or false";
  if (key.kind == KeyKind::whole)
    return key.range.low == key.range.high
               ? fmt::format("`{:.0f}`", key.range.low)
               : fmt::format("whole number, {:.0f} to {:.0f}", key.range.low, key.range.high);
  if (key.kind == KeyKind::text && !key.words.empty()) {
    out = quoted(key.words);
  } else if (key.kind == KeyKind::text) {
    out = "text";
  } else {
    std::vector<std::string> kinds;
    for (const core::Dimension& dimension : key.dimensions) kinds.push_back(core::describe(dimension));
    out = kinds.empty() ? "a quantity" : fmt::format("{}", fmt::join(kinds, ", or "));
    const bool bounded = !std::isinf(key.range.low) || !std::isinf(key.range.high);
    if (bounded)
      out += key.range.low != 0.0 || !std::isinf(key.range.high) ? ", " + range_text(key)
             : key.range.low_open                                ? ", positive"
                                                                 : ", not negative";
    if (!key.words.empty()) out += fmt::format(", or {}", quoted(key.words));
  }
  for (std::size_t t = 0; t < key.tables.size(); ++t) out += t == 0 ? ", or a table" : "";
  switch (key.form) {
    case KeyForm::one:
      return out;
    case KeyForm::list:
      return out + "; one or a list";
    case KeyForm::pair:
      return out + "; two of them";
    case KeyForm::lists:
      return out + "; a list of lists";
    case KeyForm::named:
      return out + " per name";
  }
  return out;
}

std::string default_text(const Keys& keys, const Key& key) {
  std::string out;
  if (!key.otherwise.empty())
    out = key.otherwise;
  else if (!key.by_default.empty())
    out = fmt::format("`{}`", key.by_default);
  else if (key.is_required)
    out = "required";
  for (const core::Alternatives& group : keys.alternatives) {
    if (std::find(group.names.begin(), group.names.end(), key.name) == group.names.end()) continue;
    std::vector<std::string> others = group.names;
    std::erase(others, key.name);
    out = fmt::format("required, or `{}`", fmt::join(others, "` or `"));
  }
  const std::string condition = key.condition();
  if (condition.empty()) return out;
  return out.empty() ? condition : fmt::format("{}; {}", out, condition);
}

std::string cell(std::string text) {
  for (std::size_t i = 0; (i = text.find('|', i)) != std::string::npos; i += 2) text.insert(i, 1, '\\');
  return text;
}

}  // namespace

const std::vector<FileKind>& file_kinds() {
  static const std::vector<FileKind> kinds = {
      {"experiment",
       "experiments in cultures and in space",
       {&study::experiment_keys(), &study::tissue_keys()}},
      {"study", "study.toml and its findings", {&study::study_keys()}, {&study::finding_columns()}},
      {"model",
       "model.toml and the tables of a model",
       {&model::model_keys()},
       {&model::substance_columns(), &model::drug_columns(), &model::drug_target_columns(),
        &model::cell_type_columns(), &model::node_columns(), &model::mechanism_columns(),
        &model::rule_columns(), &model::reference_columns()}},
      {"calibration",
       "calibrations and their data",
       {&study::calibration_keys()},
       {&study::datum_columns()}}};
  return kinds;
}

std::string keys_text(const Keys& keys) {
  std::string out = "| key | what it is | value | default |\n|---|---|---|---|\n";
  for (const Key& key : keys.all)
    out += fmt::format("| `{}` | {} | {} | {} |\n", key.name, cell(key.help), cell(kind_text(key)),
                       cell(default_text(keys, key)));
  return out;
}

Result file_schema(const FileKind& kind, const std::string& path) {
  Result out;
  std::vector<std::string> known;
  std::vector<const Keys*> seen;
  for (const Keys* file : kind.files) {
    for (const Keys* table : tables_below(*file)) {
      if (std::find(seen.begin(), seen.end(), table) != seen.end()) continue;
      seen.push_back(table);
      known.push_back(name_of(*table));
    }
  }
  for (const Keys* table : kind.tables) {
    seen.push_back(table);
    known.push_back(name_of(*table));
  }
  for (std::size_t t = 0; t < seen.size(); ++t) {
    if (path.empty())
      out.text += fmt::format("{}## {}\n\n{}.\n\n{}", t == 0 ? "" : "\n", known[t], seen[t]->help,
                              keys_text(*seen[t]));
    else if (known[t] == path)
      out.text += (out.text.empty() ? "" : "\n") + keys_text(*seen[t]);
  }
  if (out.text.empty())
    throw core::InputError({{"unknown-table",
                             {},
                             path,
                             fmt::format("a file of kind '{}' has no table '{}'", kind.name, path),
                             core::did_you_mean(path, known)}});
  out.json = files_json(kind.files, of_space);
  for (const Keys* table : kind.tables) out.json["x-tables"][name_of(*table)] = columns_json(*table);
  return out;
}

}  // namespace stroma::jobs
