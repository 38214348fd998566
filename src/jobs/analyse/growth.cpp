// `analyse growth`: caliper tables.
#include <fmt/format.h>

#include <cmath>

#include "io/caliper_table.hpp"
#include "jobs/analyse/inputs.hpp"
#include "report/laboratory_mice.hpp"
#include "report/words.hpp"

namespace stroma::jobs {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::string formula = io::usual_volume;
  io::CaliperColumns columns;
  assays::GrowthOptions analysis;
};

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json interval(const stats::Interval& i) {
  return Json::array({number(i.low), number(i.high)});
}

Json results_of(const assays::GrowthAnalysis& a) {
  Json out = {{"assay", "growth"}, {"reference", a.reference}};
  out["baseline_day"] = a.baseline ? Json(*a.baseline) : Json(nullptr);
  out["arms"] = Json::array();
  for (const assays::ArmGrowth& arm : a.arms)
    out["arms"].push_back({{"arm", arm.arm},
                           {"animals", arm.animals},
                           {"rate_per_day", number(arm.rate)},
                           {"rate_ci95", interval(arm.rate_ci)}});
  out["comparisons"] = Json::array();
  for (const assays::GrowthComparison& c : a.comparisons) {
    Json row = {{"arm", c.arm},
                {"rate_difference", number(c.rate_difference)},
                {"rate_difference_ci95", interval(c.rate_ci)},
                {"rate_p", number(c.rate_p)}};
    if (c.inhibition)
      row.update({{"day", *a.day},
                  {"inhibition", *c.inhibition},
                  {"inhibition_ci95", interval(c.inhibition_ci)},
                  {"inhibition_p", c.inhibition_p},
                  {"n", c.n},
                  {"n_reference", c.n_reference},
                  {"t_over_c", 1.0 - *c.inhibition},
                  {"t_over_c_ci95", interval({1.0 - c.inhibition_ci.high, 1.0 - c.inhibition_ci.low})}});
    if (c.relative_volumes)
      row["t_over_c_of_means"] = {{"value", c.relative_volumes->ratio},
                                  {"ci95", interval(c.relative_volumes->ci)}};
    if (c.changes)
      row["tgi_of_mean_changes"] = {{"value", 1.0 - c.changes->ratio},
                                    {"ci95", interval({1.0 - c.changes->ci.high, 1.0 - c.changes->ci.low})}};
    out["comparisons"].push_back(std::move(row));
  }
  out["animals"] = Json::array();
  for (const assays::AnimalGrowth& animal : a.animals) {
    Json points = Json::array();
    for (const assays::VolumePoint& p : animal.points) points.push_back({p.day, p.volume});
    out["animals"].push_back({{"animal", animal.animal},
                              {"arm", animal.arm},
                              {"slope_per_day", animal.slope ? Json(*animal.slope) : Json(nullptr)},
                              {"slope_se", animal.slope ? Json(animal.slope_se) : Json(nullptr)},
                              {"day_volume_mm3", std::move(points)}});
  }
  if (a.modelled) {
    Json fixed = Json::array();
    for (const stats::FixedEffect& f : a.model.fixed)
      fixed.push_back({{"name", f.name},
                       {"estimate", f.estimate},
                       {"standard_error", f.standard_error},
                       {"df", f.df},
                       {"p", number(f.p)}});
    out["mixed_model"] = {{"fixed", std::move(fixed)},
                          {"random_covariance", a.model.random_covariance},
                          {"residual_sd", a.model.residual_sd},
                          {"log_likelihood", a.model.log_likelihood}};
  }
  Json times = Json::array();
  for (const assays::SurvivalSubject& s : a.reached.subjects)
    times.push_back(
        {{"animal", s.subject}, {"arm", s.arm}, {"days", s.follow_up.time}, {"reached", s.follow_up.event}});
  out["time_to_volume"] = {{"animals", std::move(times)}};
  if (a.time_to_volume.log_rank.status == stats::LogRankStatus::tested)
    out["time_to_volume"]["log_rank_p"] = a.time_to_volume.log_rank.p;
  return out;
}

std::string summary_of(const assays::GrowthAnalysis& a) {
  std::string out;
  for (const assays::ArmGrowth& arm : a.arms) {
    out += fmt::format("{}{}: {} animals, rate {} per day", out.empty() ? "" : "\n", arm.arm, arm.animals,
                       report::print(arm.rate));
    for (const assays::GrowthComparison& c : a.comparisons)
      if (c.arm == arm.arm && c.inhibition)
        out += fmt::format(
            ", inhibition on day {:g} {} % ({}), n = {} against {}", *a.day,
            report::print(100.0 * *c.inhibition),
            report::print(report::Interval{100.0 * c.inhibition_ci.low, 100.0 * c.inhibition_ci.high}), c.n,
            c.n_reference);
  }
  return out;
}

Analysis analyse(const AnalyseRequest& request, const Options& own) {
  Options options = own;
  core::Diagnostics problems;
  Analysis out;
  options.columns.command = request.command;
  std::vector<assays::TumourVolume> volumes;
  bool calipers = false;
  const std::vector<AssayFile> files = assay_files(
      {request.files, {}, {}}, "", "a table with the columns animal, arm, day, length, width", problems);
  for_each_file(files, problems, [&](const AssayFile& file) {
    const InputText text = read_input(file.path);
    io::CaliperTable table = io::read_caliper_table(text.named(), options.formula, options.columns);
    append_warnings(out.warnings, table.warnings, text.name);
    out.understanding.append(table.understanding);
    calipers = calipers || !table.from_volume;
    std::move(table.volumes.begin(), table.volumes.end(), std::back_inserter(volumes));
  });
  options.analysis.reference = request.reference;
  options.analysis.command = request.command;
  const assays::GrowthAnalysis analysis = assays::analyse_growth(volumes, options.analysis);
  out.understanding.append(analysis.understanding);
  append_warnings(out.warnings, analysis.warnings, "");
  append_warnings(out.warnings, analysis.time_to_volume.warnings, "");
  const std::string target = options.analysis.target
                                 ? fmt::format("{} mm³", report::print(*options.analysis.target))
                                 : fmt::format("{:g} times its baseline volume", options.analysis.fold);
  out.title = "Tumour growth";
  out.question = analysis.comparisons.empty()
                     ? "How fast do the tumours grow?"
                     : fmt::format("Do tumours grow slower than in {}?", analysis.reference);
  out.sections.push_back(report::growth_section(analysis, target, out.warnings));
  const std::string baseline = analysis.baseline
                                   ? fmt::format("day {:g}, the day of the first dose", *analysis.baseline)
                                   : "each animal's first measurement, taken for the day of the first dose";
  const std::string day =
      analysis.day
          ? fmt::format(" on day {:g}{}", *analysis.day,
                        options.analysis.day
                            ? ""
                            : fmt::format(", the last on which at least {:.0f} % of every arm's animals "
                                          "were measured (where there is none, that with most)",
                                          100.0 * assays::nearly_all))
          : "";
  out.methods = fmt::format(
      "Volumes are {}. The baseline is {}; what was measured before it was not analysed. Growth rates are "
      "from "
      "a linear mixed model of ln volume with an intercept and a slope for each arm, and a random intercept "
      "and "
      "slope for each animal, by REML. Tumour growth inhibition is 1 - T/C of the geometric means of volumes "
      "relative to each animal's baseline, compared by Welch's t test of the logarithms{}; T/C of arithmetic "
      "means of relative volumes and the inhibition of mean changes of volume, 1 - (change in the arm) / "
      "(change "
      "in the reference), have Fieller's intervals. The time until a tumour had {} was interpolated on the "
      "log "
      "scale; animals that never reached it are censored at their last measurement; arms are compared by the "
      "log-rank test. {}",
      calipers ? options.formula + " (mm)" : "as given", baseline, day, target, tests_between_arms);
  out.references = {
      {"heitjan1993", "Heitjan DF, Manni A, Santen RJ. Cancer Res. 53, 6042 (1993).", ""},
      {"laird1982", "Laird NM, Ware JH. Biometrics 38, 963 (1982).", "https://doi.org/10.2307/2529876"}};
  out.results = results_of(analysis);
  out.summary = summary_of(analysis);
  return out;
}

void declare_growth(core::Options& options, Options& own) {
  options.add("--formula", own.formula, "volume (mm^3) of length and width (mm)").says_default();
  options
      .add("--day", own.analysis.day,
           "day of the inhibition (default: the last on which nearly all, 80 %, of every arm's animals "
           "were measured)")
      .in("d");
  options
      .add("--baseline,--dosing-start", own.analysis.baseline,
           "day of the first dose: volumes are relative to it (default: day 0 where there are days "
           "below 0, else each animal's first)")
      .in("d");
  options.add("--animal", own.columns.animal, "column of animals (default: animal, mouse, ID, ...)");
  options.add("--arm", own.columns.arm, "column of arms (default: arm, group, treatment, drug, ...)");
  options.add("--one-arm", own.columns.one_arm, "all animals are one arm").excludes("--arm");
  options.add("--target", own.analysis.target, "volume (mm^3) whose time is wanted").positive().in("mm^3");
  options.add("--fold", own.analysis.fold, "the same as a multiple of each animal's volume at the baseline")
      .range(1.0001, 1e6)
      .says_default()
      .excludes("--target");
}

}  // namespace

Job growth_job() {
  return make_assay<Options>(
      "growth", "tumour volumes: growth rates, inhibition, time to a volume",
      "tables with the columns animal, arm, day and length, width or volume; or one column per day",
      Shares::reference, declare_growth, analyse);
}

}  // namespace stroma::jobs
