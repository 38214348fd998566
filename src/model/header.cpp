// model.toml and references.csv: who the model is, which ranges its assumed strengths share, and its sources.
#include <fmt/format.h>

#include "core/section.hpp"
#include "model/builder.hpp"
#include "model/keys.hpp"

namespace stroma::model {
namespace {

// [low, high], each a number or a quantity in quotes.
std::optional<Interval> read_interval(core::Section& section, std::string_view key) {
  core::Diagnostics& problems = section.problems();
  const core::Key& declared = section.declared(key);
  const core::Node* found = section.node(key);
  if (found == nullptr) {
    if (declared.is_required) section.missing(key);
    return std::nullopt;
  }
  if (found->kind != core::Node::Kind::list || found->items.size() != 2) {
    section.wrong(key, "wrong-type", "expected two numbers, [low, high]");
    return std::nullopt;
  }
  double bounds[2];
  const std::string name = fmt::format("{}.{}", section.path(), key);
  for (std::size_t i = 0; i < 2; ++i) {
    const core::Node& item = found->items[i];
    if (item.kind != core::Node::Kind::number && item.kind != core::Node::Kind::text) {
      problems.add("wrong-type", item.place, name,
                   fmt::format("{}: expected {}", name, declared.kind_words()));
      return std::nullopt;
    }
    const auto value = core::check_quantity(declared, item.text, item.place, name, problems);
    if (!value) return std::nullopt;
    bounds[i] = *value;
  }
  if (bounds[0] > bounds[1]) {
    section.wrong(key, "inverted-range", "low is above high");
    return std::nullopt;
  }
  return Interval{bounds[0], bounds[1]};
}

}  // namespace

void Builder::read_header() {
  if (files.model.keys.empty() && reported(files.model.place.file)) return;
  core::Section top(files.model, model_keys(), problems);
  top.schema();
  model.name = top.text("name");
  model.version = top.text("version");
  model.title = top.text("title");
  const core::Node* table = top.table("assumptions");
  top.finish();
  if (table == nullptr) return;
  core::Section ranges(*table, assumption_keys(), problems);
  const auto read = [&](std::string_view key, Interval& to) {
    if (const auto interval = read_interval(ranges, key)) to = *interval;
  };
  read("weight", model.assumptions.weight);
  read("half_max", model.assumptions.half_max);
  read("hill", model.assumptions.hill);
  model.assumptions.dissociation_constant = read_interval(ranges, "dissociation_constant");
  model.assumptions.saturation = read_interval(ranges, "saturation");
  ranges.finish();
}

void Builder::read_references() {
  const core::Table& table = files.references;
  references.complete = usable(table, reference_columns());
  if (!references.complete) return;
  FirstSeen seen;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const core::Row row(table, r, problems);
    if (!valid_name(row, "key", "reference")) continue;
    const Reference reference{row.text("key"), row.required_text("citation"), row.text("doi"),
                              row.text("url"), row.place("key")};
    if (reference.key == "assumption")
      row.wrong("key", "reserved-name", "'assumption' says that there is no source; it cannot be a key");
    if (const auto first = seen.earlier(reference.key, reference.place)) {
      report_duplicate(problems, row, "key", fmt::format("reference '{}'", reference.key), *first);
      continue;
    }
    references.all.push_back(reference.key);
    model.references.emplace(reference.key, reference);
  }
}

}  // namespace stroma::model
