#include "store/overrides.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/address.hpp"
#include "io/toml.hpp"

namespace stroma::store {
namespace {

constexpr std::string_view experiment_prefix = "experiment.";

// What comes from the command line says so wherever it is wrong.
void place_all(core::Node& node, const core::Place& place) {
  node.place = place;
  node.key_place = place;
  for (core::Node& item : node.items) place_all(item, place);
  for (auto& [key, value] : node.keys) place_all(value, place);
}

}  // namespace

std::vector<core::Place> Overrides::places() const {
  std::vector<core::Place> out;
  for (const model::Change& change : model) out.push_back({"--set " + change.address, 0, 0});
  return out;
}

Overrides read_overrides(std::span<const std::string> set, core::Diagnostics& problems) {
  Overrides out;
  std::vector<std::string> seen;
  for (const std::string& text : set) {
    const std::size_t equals = text.find('=');
    std::string address = text.substr(0, equals);
    if (equals == std::string::npos || address.empty()) {
      problems.add("bad-override", {"--set", 0, 0}, text,
                   fmt::format("--set {}: expected address=value", text));
      continue;
    }
    if (address.starts_with(experiment_prefix)) address.erase(0, experiment_prefix.size());
    if (std::find(seen.begin(), seen.end(), address) != seen.end())
      problems.add("bad-override", {"--set " + address, 0, 0}, address,
                   fmt::format("--set {} is given twice; the first would have no effect", address));
    seen.push_back(address);
    std::string value = text.substr(equals + 1);
    if (!model::in_model(address)) {
      out.experiment.emplace_back(std::move(address), std::move(value));
      continue;
    }
    // A cell of a table has no quotes, a text in TOML has: both are taken.
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    out.model.push_back({std::move(address), std::move(value)});
  }
  return out;
}

void apply_overrides(core::Node& document, const Overrides& overrides, core::Diagnostics& problems) {
  for (const auto& [address, value] : overrides.experiment) {
    core::Diagnostics not_toml;
    core::Node parsed = io::read_toml("value = " + value, "--set", not_toml);
    core::Node node;
    if (not_toml.empty() && parsed.keys.size() == 1) {
      node = parsed.keys.front().second;
    } else if (value.starts_with('[') || value.starts_with('{')) {
      problems.add("bad-override", {"--set " + address, 0, 0}, address,
                   fmt::format("--set {}: '{}' is no list or table in TOML", address, value),
                   "texts in it need quotes, as in --set 'plate.treatment.doses=[\"0 uM\", \"4 uM\"]'");
      continue;
    } else {
      node.kind = core::Node::Kind::text;
      node.text = value;
    }
    place_all(node, {"--set " + address, 0, 0});
    core::set_at(document, address, std::move(node), problems);
  }
}

}  // namespace stroma::store
