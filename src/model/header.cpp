// model.toml and references.csv: who the model is, which ranges its assumed strengths share, and its sources.
#include <fmt/format.h>

#include "core/document.hpp"
#include "model/builder.hpp"

namespace stroma::model {
namespace {

constexpr int schema_version = 1;

// [low, high], each a number or a quantity in quotes.
std::optional<Interval> read_interval(core::Section& section, std::string_view key, core::Dimension dim,
                                      core::Range range, core::Diagnostics& problems) {
  const core::Node* found = section.node(key);
  if (found == nullptr) return std::nullopt;
  if (found->kind != core::Node::Kind::list || found->items.size() != 2) {
    section.wrong(key, "wrong-type", "expected two numbers, [low, high]");
    return std::nullopt;
  }
  double bounds[2];
  const std::string name = fmt::format("{}.{}", section.path(), key);
  for (std::size_t i = 0; i < 2; ++i) {
    const core::Node& item = found->items[i];
    if (item.kind != core::Node::Kind::number && item.kind != core::Node::Kind::text) {
      problems.add("wrong-type", item.place, name, fmt::format("{}: expected {}", name, core::describe(dim)));
      return std::nullopt;
    }
    const auto value = core::check_quantity(item.text, dim, range, item.place, name, problems);
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
  core::Section top(files.model, "", problems);
  const auto schema = top.integer("schema", 0, 1000000);
  if (top.has("schema") && schema != schema_version)
    top.wrong("schema", "unknown-schema",
              fmt::format("this version of Stroma reads schema {}", schema_version));
  model.name = top.text("name");
  model.version = top.text("version");
  model.title = top.text("title");
  const core::Node* table = top.node("assumptions");
  if (table == nullptr || table->kind != core::Node::Kind::table) {
    if (table == nullptr)
      top.missing("assumptions", "a table with weight, half_max and hill, each [low, high]");
    if (table != nullptr) top.wrong("assumptions", "wrong-type", "expected a table [assumptions]");
    top.finish();
    return;
  }
  core::Section ranges(*table, "assumptions", problems);
  const auto required = [&](std::string_view key, core::Range range, Interval& to) {
    if (!ranges.has(key)) ranges.missing(key, "two numbers, [low, high]");
    if (const auto read = read_interval(ranges, key, core::dimension::none, range, problems)) to = *read;
  };
  required("weight", core::Range::closed(0.0, 1.0), model.assumptions.weight);
  required("half_max", core::Range::closed(0.0, 1.0), model.assumptions.half_max);
  required("hill", {0.0, 10.0, true}, model.assumptions.hill);
  model.assumptions.dissociation_constant = read_interval(
      ranges, "dissociation_constant", core::dimension::concentration, core::Range::positive(), problems);
  model.assumptions.saturation =
      read_interval(ranges, "saturation", core::dimension::none, core::Range::non_negative(), problems);
  ranges.finish();
  top.finish();
}

void Builder::read_references() {
  const core::Table& table = files.references;
  references.complete = usable(table, {"key", "citation", "doi", "url"});
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
