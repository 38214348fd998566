// substances.csv and drugs.csv: one row is one number of one substance. A half-life becomes a rate, k = ln 2
// / t.
#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "model/builder.hpp"

namespace stroma::model {
namespace {

constexpr double ln2 = std::numbers::ln2_v<double>;

const std::vector<std::string> substance_parameters = {
    "label",   "molar_mass", "diffusivity", "half_life", "half_life_in_serum", "consumption_half_max",
    "ambient", "in_medium",  "in_serum"};
const std::vector<std::string> drug_parameters = {"label",
                                                  "molar_mass",
                                                  "diffusivity",
                                                  "half_life",
                                                  "half_life_in_serum",
                                                  "free_fraction_in_serum",
                                                  "influx",
                                                  "efflux",
                                                  "efflux_by_transporter",
                                                  "transporter",
                                                  "solubility",
                                                  "acute_toxicity"};

bool read_substance_row(Builder& b, Substance& s, const core::Row& row, const std::string& parameter) {
  using namespace core::dimension;
  if (parameter == "label") {
    s.label = b.read_text(row, "value");
    return true;
  }
  const auto number = [&](const NumberSpec& spec) {
    return (s.parameters[parameter] = b.read_number(row, "value", spec)).value;
  };
  if (parameter == "molar_mass")
    s.molar_mass = number(positive(molar_mass));
  else if (parameter == "diffusivity")
    s.diffusivity = number(non_negative(diffusivity));
  else if (parameter == "half_life")
    s.decay = ln2 / number(positive(time));
  else if (parameter == "half_life_in_serum")
    s.decay_in_serum = ln2 / number(positive(time));
  else if (parameter == "consumption_half_max")
    s.consumption_half_max = number(positive(concentration));
  else if (parameter == "ambient")
    s.ambient = number(positive(concentration));
  else if (parameter == "in_medium" || parameter == "in_serum")
    (parameter == "in_medium" ? s.in_medium : s.in_serum) = number(non_negative(concentration));
  else
    return false;
  return true;
}

bool read_drug_row(Builder& b, Drug& d, const core::Row& row, const std::string& parameter) {
  if (parameter == "transporter") return true;  // a node: read once the nodes are known
  const auto number = [&](const NumberSpec& spec) {
    return (d.parameters[parameter] = b.read_number(row, "value", spec)).value;
  };
  const NumberSpec rate = non_negative(core::dimension::rate);
  if (parameter == "free_fraction_in_serum")
    d.free_fraction_in_serum = number({core::dimension::none, {0.0, 1.0, true}});
  else if (parameter == "influx")
    d.influx = number(rate);
  else if (parameter == "efflux")
    d.efflux = number(rate);
  else if (parameter == "efflux_by_transporter")
    d.efflux_by_transporter = number(rate);
  else if (parameter == "solubility" || parameter == "acute_toxicity")
    (parameter == "solubility" ? d.solubility : d.acute_toxicity) =
        number(positive(core::dimension::concentration));
  else
    return false;
  return true;
}

void unknown_parameter(const core::Row& row, const std::string& parameter,
                       const std::vector<std::string>& known) {
  row.wrong("parameter", "unknown-parameter", fmt::format("'{}' is not a parameter of this table", parameter),
            core::did_you_mean(parameter, known));
}

}  // namespace

void Builder::read_substances() {
  const core::Table& table = files.substances;
  substances.complete = usable(table, substance_columns());
  if (!substances.complete) return;
  FirstSeen seen;
  std::vector<bool> labelled;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const core::Row row(table, r, problems);
    if (!valid_name(row, "substance", "substance") || refuse_resistance(row, "substance", "substance"))
      continue;
    const std::string name = row.text("substance"), parameter = row.required_text("parameter");
    Index index = substances.find(name);
    if (index == none) {
      index = static_cast<Index>(substances.all.size());
      substances.all.push_back(name);
      model.substances.push_back({});
      model.substances.back().name = name;
      model.substances.back().place = row.place("substance");
      labelled.push_back(false);
    }
    if (parameter.empty()) continue;
    if (const auto first = seen.earlier(name + "\n" + parameter, row.place("parameter")))
      report_duplicate(problems, row, "parameter", fmt::format("'{}' of substance '{}'", parameter, name),
                       *first);
    if (parameter == "label") labelled[static_cast<std::size_t>(index)] = true;
    if (!read_substance_row(*this, model.substances[static_cast<std::size_t>(index)], row, parameter))
      unknown_parameter(row, parameter, substance_parameters);
  }
  for (std::size_t i = 0; i < labelled.size(); ++i) {
    const Substance& s = model.substances[i];
    if (!labelled[i])
      problems.add("missing-parameter", s.place, "label",
                   fmt::format("substance '{}' has no row 'label'", s.name),
                   "a misspelt name makes a second substance");
  }
}

void Builder::read_drugs() {
  const core::Table& table = files.drugs;
  drugs.complete = usable(table, drug_columns());
  if (!drugs.complete) {
    substances.complete = false;  // a drug is also a substance
    return;
  }
  FirstSeen seen;
  std::vector<std::set<std::string>> given;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const core::Row row(table, r, problems);
    if (!valid_name(row, "drug", "drug") || refuse_resistance(row, "drug", "drug")) continue;
    const std::string name = row.text("drug"), parameter = row.required_text("parameter");
    Index index = drugs.find(name);
    if (index == none) {
      if (const Index other = substances.find(name); other != none) {
        const core::Place first = model.substances[static_cast<std::size_t>(other)].place;
        report_duplicate(problems, row, "drug", fmt::format("substance '{}'", name), first);
      }
      index = static_cast<Index>(drugs.all.size());
      drugs.all.push_back(name);
      given.push_back({});
      model.drugs.push_back({});
      model.drugs.back().name = name;
      model.drugs.back().place = row.place("drug");
      model.drugs.back().substance = static_cast<Index>(substances.all.size());
      substances.all.push_back(name);
      model.substances.push_back({});
      model.substances.back().name = name;
      model.substances.back().is_drug = true;
      model.substances.back().place = row.place("drug");
    }
    if (parameter.empty()) continue;
    if (const auto first = seen.earlier(name + "\n" + parameter, row.place("parameter")))
      report_duplicate(problems, row, "parameter", fmt::format("'{}' of drug '{}'", parameter, name), *first);
    given[static_cast<std::size_t>(index)].insert(parameter);
    Drug& drug = model.drugs[static_cast<std::size_t>(index)];
    if (!read_substance_row(*this, model.substances[static_cast<std::size_t>(drug.substance)], row,
                            parameter) &&
        !read_drug_row(*this, drug, row, parameter))
      unknown_parameter(row, parameter, drug_parameters);
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    const Drug& drug = model.drugs[i];
    const auto needs = [&](std::string_view parameter, std::string_view why) {
      if (!given[i].contains(std::string(parameter)))
        problems.add("missing-parameter", drug.place, std::string(parameter),
                     fmt::format("drug '{}' has no row '{}'", drug.name, parameter), std::string(why));
    };
    needs("label", "a misspelt name makes a second drug");
    needs("free_fraction_in_serum", "say how much of it serum leaves unbound; 1 where none is bound");
    if (given[i].contains("influx"))
      needs("efflux", "a drug that enters and never leaves would pile up in cells");
    if (given[i].contains("efflux")) needs("influx", "a drug that does not enter cells has no efflux");
    if (given[i].contains("transporter"))
      needs("efflux_by_transporter", "say how fast the transporter pumps at full activity");
    if (given[i].contains("efflux_by_transporter"))
      needs("transporter", "name the node whose activity pumps the drug out");
  }
}

void Builder::read_transporters() {
  const core::Table& table = files.drugs;
  if (!drugs.complete) return;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const core::Row row(table, r, problems);
    const Index drug = drugs.find(row.text("drug"));
    if (drug == none || row.text("parameter") != "transporter") continue;
    Drug& pumped = model.drugs[static_cast<std::size_t>(drug)];
    refuse_range(row);
    pumped.transporter_provenance = read_sources(row, true);
    if (!refuse_resistance(row, "value", "node"))
      pumped.transporter = resolve(nodes, row, "value", row.required_text("value"));
  }
}

}  // namespace stroma::model
