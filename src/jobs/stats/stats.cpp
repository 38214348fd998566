#include "jobs/stats/stats.hpp"

#include <fmt/format.h>

#include <array>

#include "core/errors.hpp"
#include "io/file.hpp"
#include "jobs/understanding.hpp"
#include "stats/error.hpp"

namespace stroma::jobs {
namespace {

using Json = nlohmann::ordered_json;
enum Wants : unsigned { none = 0, groups = 1, level = 2, survival = 8, pairs = 16, fit = 32 };

struct Method {
  const char* name;
  const char* what;
  StatsAnswer (*answer)(const StatsRequest&, const io::PlainTable&);
  unsigned wants;
};

constexpr std::array methods{
    Method{"describe", "n, mean, sd, SEM, interval, quartiles of every group or column", stats_describe,
           groups | level},
    Method{"ttest", "Student's t test of two groups, or of one against --reference", stats_student,
           groups | level},
    Method{"welch", "Welch's t test of two groups (variances free)", stats_welch, groups | level},
    Method{"paired", "paired t test, by --subject or row by row", stats_paired, groups | level},
    Method{"mannwhitney", "Mann-Whitney (Wilcoxon rank sum) test of two groups", stats_mann_whitney,
           groups | level},
    Method{"anova", "one-way analysis of variance", stats_anova, groups | level},
    Method{"anova2", "two-way analysis of variance", stats_anova2, groups | level},
    Method{"brown-forsythe", "Brown and Forsythe's test of means (variances free), and theirs of variances",
           stats_brown_forsythe, groups},
    Method{"levene", "are the variances equal: Levene, Brown-Forsythe, Bartlett", stats_levene, groups},
    Method{"kruskal", "Kruskal-Wallis test of several groups", stats_kruskal, groups},
    Method{"tukey", "all pairs of groups (Tukey's HSD)", stats_tukey, groups | level},
    Method{"dunnett", "every group against --control (Dunnett)", stats_dunnett, groups | level},
    Method{"adjust",
           "p values of many tests: Holm, Hochberg, Hommel, Bonferroni, Benjamini-Hochberg, -Yekutieli",
           stats_adjust, none},
    Method{"pearson", "Pearson's correlation of two columns", stats_pearson, pairs | level},
    Method{"spearman", "Spearman's rank correlation of two columns", stats_spearman, pairs | level},
    Method{"shapiro", "Shapiro-Wilk test of normality of every group or column", stats_shapiro, groups},
    Method{"km", "Kaplan-Meier curves with medians", stats_km, survival | level},
    Method{"logrank", "log-rank test of two or more groups", stats_logrank, survival},
    Method{"cox", "Cox regression, with the test of proportional hazards", stats_cox, survival | level},
    Method{"rmst", "restricted mean survival time, and its difference between two groups", stats_rmst,
           survival | level},
    Method{"power", "power, sample size or detectable difference; sizes given or from a pilot table",
           stats_power, groups},
    Method{"nls", "nonlinear least squares of any formula", stats_nls, level | fit}};

void add_columns(core::Options& options, StatsRequest& r, unsigned wants) {
  if (wants & groups) {
    options.add("--value", r.value, "column of values (default: the only column of numbers)");
    options.add(
        "--group", r.group,
        "column of group names (default: the one called group, arm, treatment ..., or the only column of "
        "words)");
    options.add("--wide", r.wide, "each column of numbers is a group");
    options.add("--columns", r.columns, "the groups are these columns: NF,CAF").separated(',');
    options.add("--replicates", r.replicates,
                "columns numbered within a name (NF1, NF2, CAF1, CAF2) are replicates of a group");
    options.add("--any-case", r.any_case, "names that differ only in case or blanks are one group");
    options.add("--exact-names", r.exact_names, "they are different groups");
    options.add("--block", r.block,
                "column of experiments, plates or litters that hold several groups: blocks in the model");
    options.add("--own-numbers", r.own_numbers,
                "each group numbers its own subjects: 1 of one group is not 1 of another");
  }
  if (wants & (groups | pairs)) {
    options.add("--subject", r.subject,
                "column that says which animal, patient or culture a value is from (default: the one "
                "whose name says so)");
    options.add("--per-subject", r.per_subject, "the mean of each subject's rows is one value");
  }
  if (wants & (groups | pairs | fit))
    options.add("--independent", r.independent, "every row is independent, whatever other columns say");
  if (wants & pairs) {
    options.add("--x", r.x, "first column (default: the first of two columns of numbers)");
    options.add("--y", r.y, "second column");
  }
  if (wants & level) options.add("--level", r.level, "confidence level").range(0.5, 0.9999).says_default();
}

void add_power_options(core::Options& options, StatsRequest& r) {
  options.add("--test", r.test, "t, paired, one-sample, anova, proportions or logrank")
      .choices({"t", "paired", "one-sample", "anova", "proportions", "logrank"})
      .says_default();
  options.add("--n", r.n, "per group (logrank: events); left out: solved for");
  options.add("--delta", r.delta, "true difference of means; left out: solved for");
  options.add("--sd", r.sd,
              "standard deviation of one value (of one difference for pairs); left out: 1, or solved "
              "for where n, the difference and the power are given");
  options.add("--power", r.power, "wanted power; left out: computed");
  options.add("--alpha", r.alpha, "level of the test; left out: 0.05, or solved for where all else is given")
      .range(1e-12, 0.5);
  options.add("--one-sided", r.one_sided, "one-sided test (t, paired, one-sample, proportions)");
  options.add("--strict", r.strict,
              "count rejections on the wrong side as well (as R's strict = TRUE; t tests, proportions)");
  options.add("--groups", r.groups, "anova: number of groups");
  options.add("--between-var", r.between_var, "anova: variance of the true means");
  options.add("--within-var", r.within_var, "anova: variance within groups");
  options.add("--p1", r.p1, "proportions: the first, as a fraction");
  options.add("--p2", r.p2, "proportions: the second, as a fraction");
  options.add("--hazard-ratio", r.hazard_ratio, "logrank");
  options.add("--event-chance", r.event_chance,
              "logrank: chance that a subject has the event, as a fraction");
}

void add_own_options(core::Options& options, StatsRequest& r, const std::string& name) {
  if (name == "ttest") options.add("--reference", r.reference, "one sample against this mean");
  if (name == "anova2") {
    options.add("--group2", r.group2, "column of the second factor");
    options.add("--no-interaction", r.no_interaction, "leave the interaction out");
    options
        .add("--type", r.sums,
             "sums of squares: 2 (each factor beside the other), 1 (one after the other) or 3 (each factor "
             "beside the other and their interaction, equal weight to every cell)")
        .range(1, 3)
        .says_default();
  }
  if (name == "dunnett")
    options.add("--control", r.control,
                "name of the control group (default: the one called control, vehicle, untreated ...)");
  if (name == "adjust") {
    options.add("--value", r.value,
                "column of p values (default: the only column of numbers, or the one called p)");
    options
        .add("--method", r.method,
             "only this one: bonferroni, holm, hochberg, hommel, bh (also called fdr) or by")
        .choices({"bonferroni", "holm", "hochberg", "hommel", "bh", "fdr", "by"})
        .any_case();
  }
  if (name == "nls") {
    options
        .add("--formula", r.formula, "such as \"b1*(1-exp(-b2*x))\", or with its response: \"log(y) ~ ...\"")
        .required();
    options.add("--start", r.start, "starting values: b1=500,b2=1e-4").separated(',').required();
    options.add("--y", r.y,
                "column of the response (default: y, or the only column the formula does not use)");
    options.add("--weights", r.weights, "column of weights, proportional to 1 / variance");
  }
  if (name == "power") add_power_options(options, r);
}

Json missing_json(const io::PlainTable& table) {
  Json missing = Json::object();
  for (const io::PlainColumn& column : table.columns)
    if (column.missing > 0) missing[column.name] = column.missing;
  return missing;
}

std::string text_of(const StatsAnswer& answer) {
  std::string out;
  for (const std::string& line : answer.lines) out += line + "\n";
  for (const std::string& note : answer.notes) out += "note: " + note + "\n";
  return out;
}

/// Leaves only the rows that --where asks for, and says how the file was read.
core::Understanding select_rows(const StatsRequest& request, io::PlainTable& table) {
  core::Understanding said;
  if (!table.decimal_commas.empty()) said.found("numbers", table.decimal_commas);
  for (const std::string& condition : request.where) {
    const std::size_t before = table.rows;
    table = io::select_rows(table, condition);
    said.given("rows", fmt::format("{} of {}: {}", table.rows, before, condition), "--where");
  }
  return said;
}

Result answered(const Method& method, const StatsRequest& request) {
  core::Diagnostics problems;
  io::PlainTable table;
  if (!request.file.empty())
    table = io::read_plain_table(io::read_text_file(request.file), io::printable(request.file), problems);
  problems.throw_if_any();
  Result out;
  out.understanding = select_rows(request, table);
  StatsAnswer answer;
  try {
    answer = method.answer(request, table);
  } catch (const stats::StatisticsError& error) {
    problems.add("not-computable", {table.file, 0, 0}, method.name, error.what());
  }
  problems.throw_if_any();
  out.status = answer.status;
  out.understanding.append(answer.understanding);
  if (!table.row_names.empty())
    answer.notes.push_back("the first column holds names of the rows and was not read as data");
  out.text = text_of(answer);
  out.json = {{"command", fmt::format("stats {}", method.name)},
              {"file", table.file},
              {"rows", table.rows},
              {"missing", missing_json(table)}};
  out.json["understanding"] = understanding_json(out.understanding);
  out.json.update(answer.json);
  out.json["notes"] = answer.notes;
  return out;
}

Job method_job(const Method& method) {
  const auto request = std::make_shared<StatsRequest>();
  Job job;
  job.command.name = method.name;
  job.command.summary = method.what;
  core::Options& options = job.options();
  core::Option& file = options.add("file", request->file, "table (CSV or TSV)");
  if (std::string_view(method.name) != "power") file.required();
  options
      .add("--where", request->where,
           "COLUMN=VALUE or COLUMN=VALUE,VALUE: only the rows in which it holds; may be repeated")
      .repeated();
  add_columns(options, *request, method.wants);
  add_own_options(options, *request, method.name);
  if (method.wants & survival) add_survival_options(options, *request, method.name);
  options.add("--json", job.shown->json, "one JSON object, every number with all its digits");
  job.run = [request, &method](Session& session) {
    StatsRequest given = *request;
    given.command = session.command;
    if (given.method == "fdr") given.method = "bh";
    return answered(method, given);
  };
  return job;
}

}  // namespace

Job stats_job() {
  Job job;
  job.command.name = "stats";
  job.command.summary = "statistics of a plain table: tests, intervals, fits, sample sizes";
  job.command.footer =
      "A table is long (a column of values, a column of groups) or wide (a column of numbers per group). "
      "Cells that are\n"
      "empty or NA are missing: they are counted and reported. Details: docs/statistics.md";
  for (const Method& method : methods) job.jobs.push_back(method_job(method));
  return job;
}

}  // namespace stroma::jobs
