// What is said of dose-response curves beside their IC50s: areas, growth rates, models, relative potencies.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "assays/dose_response/dose_unit.hpp"
#include "report/laboratory_plates.hpp"
#include "report/words.hpp"

namespace stroma::report {
namespace {

Table area_table(const std::vector<assays::DrugResponses>& drugs) {
  bool growth = false, words = false;
  for (const assays::DrugResponses& drug : drugs)
    for (const assays::DoseMeasures& m : drug.measures) {
      growth = growth || m.growth || !m.no_growth.empty();
      words = words || !m.no_growth.empty() || (m.growth && !m.growth->message.empty());
    }
  Table table{"areas",
              growth ? "Areas and growth rates" : "Areas",
              "Area under the mean responses over the logarithm of the doses, as a share of control: 1 for a "
              "drug without effect.",
              {"drug", "arm", "replicate", "area"},
              {}};
  if (growth) {
    table.lead +=
        " GR values compare growth rates (Hafner et al. 2016): GR50 halves the rate of growth, GRmax is the "
        "value at the highest dose (0: standstill, below 0: death).";
    table.columns.insert(table.columns.end(), {"GR50", "95 % low", "95 % high", "unit", "GRmax"});
  }
  if (words) table.columns.push_back("in words");
  for (const assays::DrugResponses& drug : drugs)
    for (std::size_t i = 0; i < drug.responses.size(); ++i) {
      const assays::DoseResponse& r = drug.responses[i];
      const assays::DoseMeasures& m = drug.measures[i];
      std::vector<Cell> row{drug.drug, r.arm, whole(static_cast<std::size_t>(r.replicate)),
                            m.area.value_or(missing)};
      if (growth) {
        const bool gr = m.growth && m.growth->gr50.defined;
        const auto shown = [&](double held) { return gr ? assays::shown_dose(held, r.dose_unit) : missing; };
        row.insert(row.end(),
                   {gr ? shown(m.growth->gr50.value) : missing, gr ? shown(m.growth->gr50.ci.low) : missing,
                    gr ? shown(m.growth->gr50.ci.high) : missing, assays::printed_unit(r.dose_unit),
                    m.growth ? m.growth->gr_max : missing});
      }
      if (words) row.emplace_back(m.growth ? m.growth->message : m.no_growth);
      table.rows.push_back(std::move(row));
    }
  return table;
}

Table model_table(const std::vector<assays::DrugResponses>& drugs) {
  constexpr std::array<const char*, 3> names{"3 (ends at 0 %)", "4", "5"};
  Table table{"models",
              "How many parameters the curves need",
              "Logistic curves with 3, 4 and 5 parameters on the same data: Akaike weights (share of the "
              "evidence, from AICc) "
              "and the F test whether one more parameter is worth having.",
              {"drug", "arm", "replicate", "weight of 3", "weight of 4", "weight of 5", "p, 4 over 3",
               "p, 5 over 4", "least AICc"},
              {}};
  for (const assays::DrugResponses& drug : drugs)
    for (std::size_t i = 0; i < drug.responses.size(); ++i) {
      if (!drug.measures[i].models) continue;
      const stats::DoseModels& m = *drug.measures[i].models;
      const bool any = std::isfinite(m.models[m.best].aicc);
      table.rows.push_back(
          {drug.drug, drug.responses[i].arm, whole(static_cast<std::size_t>(drug.responses[i].replicate)),
           m.models[0].weight, m.models[1].weight, m.models[2].weight,
           m.four_over_three ? m.four_over_three->p : missing,
           m.five_over_four ? m.five_over_four->p : missing, std::string(any ? names[m.best] : "no fit")});
    }
  return table;
}

Table potency_table(const std::vector<assays::DrugResponses>& drugs) {
  Table table{
      "potency",
      "Relative potency",
      "IC50 (midway between the plateaus) over that of the reference arm, from curves of all arms that share "
      "parameters: above 1, more drug is needed. The F test of parallelism asks whether they may share. "
      "Intervals "
      "see the scatter of the measurements and not that between experiments; the test of IC50s by arm does.",
      {"drug", "arm", "reference", "ratio", "95 % low", "95 % high", "p", "p of parallelism", "in words"},
      {}};
  for (const assays::DrugResponses& drug : drugs) {
    if (!drug.potency) continue;
    const double parallel = drug.potency->parallelism ? drug.potency->parallelism->p : missing;
    if (drug.potency->arms.empty())
      table.rows.push_back({drug.drug, std::string(), drug.potency->reference, missing, missing, missing,
                            missing, parallel, drug.potency->message});
    for (const assays::RelativePotency& p : drug.potency->arms) {
      const bool has = p.ratio.has_value();
      std::string words = has ? (p.ratio->extrapolated ? "an IC50 lies outside its doses" : "") : p.reason;
      if (parallel < 0.05) words += std::string(words.empty() ? "" : "; ") + "the curves are not parallel";
      table.rows.push_back({drug.drug, p.arm, drug.potency->reference, has ? p.ratio->ratio : missing,
                            has ? p.ratio->ci.low : missing, has ? p.ratio->ci.high : missing,
                            has ? p.ratio->p : missing, parallel, words});
    }
  }
  return table;
}

}  // namespace

void add_dose_measures(Section& section, const std::vector<assays::DrugResponses>& drugs) {
  section.tables.push_back(area_table(drugs));
  if (Table models = model_table(drugs); !models.rows.empty()) section.tables.push_back(std::move(models));
  if (Table potency = potency_table(drugs); !potency.rows.empty())
    section.tables.push_back(std::move(potency));
}

}  // namespace stroma::report
