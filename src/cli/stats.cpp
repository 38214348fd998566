#include "cli/stats.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <functional>
#include <map>

#include "cli/understanding.hpp"
#include "core/errors.hpp"
#include "io/file.hpp"
#include "stats/error.hpp"

namespace stroma::cli {
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

void add_columns(CLI::App& method, StatsRequest& r, unsigned wants) {
  if (wants & groups) {
    method.add_option("--value", r.value, "column of values (default: the only column of numbers)");
    method.add_option(
        "--group", r.group,
        "column of group names (default: the one called group, arm, treatment ..., or the only column of "
        "words)");
    method.add_flag("--wide", r.wide, "each column of numbers is a group");
    method.add_option("--columns", r.columns, "the groups are these columns: NF,CAF")->delimiter(',');
    method.add_flag("--replicates", r.replicates,
                    "columns numbered within a name (NF1, NF2, CAF1, CAF2) are replicates of a group");
    method.add_flag("--any-case", r.any_case, "names that differ only in case or blanks are one group");
    method.add_flag("--exact-names", r.exact_names, "they are different groups");
    method.add_option(
        "--block", r.block,
        "column of experiments, plates or litters that hold several groups: blocks in the model");
    method.add_flag("--own-numbers", r.own_numbers,
                    "each group numbers its own subjects: 1 of one group is not 1 of another");
  }
  if (wants & (groups | pairs)) {
    method.add_option("--subject", r.subject,
                      "column that says which animal, patient or culture a value is from (default: the one "
                      "whose name says so)");
    method.add_flag("--per-subject", r.per_subject, "the mean of each subject's rows is one value");
  }
  if (wants & (groups | pairs | fit))
    method.add_flag("--independent", r.independent, "every row is independent, whatever other columns say");
  if (wants & pairs) {
    method.add_option("--x", r.x, "first column (default: the first of two columns of numbers)");
    method.add_option("--y", r.y, "second column");
  }
  if (wants & level)
    method.add_option("--level", r.level, "confidence level")
        ->check(CLI::Range(0.5, 0.9999))
        ->capture_default_str();
}

void add_power_options(CLI::App& method, StatsRequest& r) {
  method.add_option("--test", r.test, "t, paired, one-sample, anova, proportions or logrank")
      ->check(CLI::IsMember({"t", "paired", "one-sample", "anova", "proportions", "logrank"}))
      ->capture_default_str();
  method.add_option("--n", r.n, "per group (logrank: events); left out: solved for");
  method.add_option("--delta", r.delta, "true difference of means; left out: solved for");
  method.add_option("--sd", r.sd,
                    "standard deviation of one value (of one difference for pairs); left out: 1, or solved "
                    "for where n, the difference and the power are given");
  method.add_option("--power", r.power, "wanted power; left out: computed");
  method
      .add_option("--alpha", r.alpha,
                  "level of the test; left out: 0.05, or solved for where all else is given")
      ->check(CLI::Range(1e-12, 0.5));
  method.add_flag("--one-sided", r.one_sided, "one-sided test (t, paired, one-sample, proportions)");
  method.add_flag("--strict", r.strict,
                  "count rejections on the wrong side as well (as R's strict = TRUE; t tests, proportions)");
  method.add_option("--groups", r.groups, "anova: number of groups");
  method.add_option("--between-var", r.between_var, "anova: variance of the true means");
  method.add_option("--within-var", r.within_var, "anova: variance within groups");
  method.add_option("--p1", r.p1, "proportions: the first, as a fraction");
  method.add_option("--p2", r.p2, "proportions: the second, as a fraction");
  method.add_option("--hazard-ratio", r.hazard_ratio, "logrank");
  method.add_option("--event-chance", r.event_chance,
                    "logrank: chance that a subject has the event, as a fraction");
}

void add_own_options(CLI::App& method, StatsRequest& r, const std::string& name) {
  if (name == "ttest") method.add_option("--reference", r.reference, "one sample against this mean");
  if (name == "anova2") {
    method.add_option("--group2", r.group2, "column of the second factor");
    method.add_flag("--no-interaction", r.no_interaction, "leave the interaction out");
    method
        .add_option(
            "--type", r.sums,
            "sums of squares: 2 (each factor beside the other), 1 (one after the other) or 3 (each factor "
            "beside the other and their interaction, equal weight to every cell)")
        ->check(CLI::Range(1, 3))
        ->capture_default_str();
  }
  if (name == "dunnett")
    method.add_option("--control", r.control,
                      "name of the control group (default: the one called control, vehicle, untreated ...)");
  if (name == "adjust") {
    method.add_option("--value", r.value,
                      "column of p values (default: the only column of numbers, or the one called p)");
    method
        .add_option("--method", r.method,
                    "only this one: bonferroni, holm, hochberg, hommel, bh (also called fdr) or by")
        ->transform(CLI::CheckedTransformer(std::map<std::string, std::string>{{"bonferroni", "bonferroni"},
                                                                               {"holm", "holm"},
                                                                               {"hochberg", "hochberg"},
                                                                               {"hommel", "hommel"},
                                                                               {"bh", "bh"},
                                                                               {"fdr", "bh"},
                                                                               {"by", "by"}},
                                            CLI::ignore_case));
  }
  if (name == "nls") {
    method
        .add_option("--formula", r.formula,
                    "such as \"b1*(1-exp(-b2*x))\", or with its response: \"log(y) ~ ...\"")
        ->required();
    method.add_option("--start", r.start, "starting values: b1=500,b2=1e-4")->delimiter(',')->required();
    method.add_option("--y", r.y,
                      "column of the response (default: y, or the only column the formula does not use)");
    method.add_option("--weights", r.weights, "column of weights, proportional to 1 / variance");
  }
  if (name == "power") add_power_options(method, r);
}

Json missing_json(const io::PlainTable& table) {
  Json missing = Json::object();
  for (const io::PlainColumn& column : table.columns)
    if (column.missing > 0) missing[column.name] = column.missing;
  return missing;
}

void print_text(const StatsAnswer& answer) {
  print_understanding(answer.understanding);
  for (const std::string& line : answer.lines) fmt::print("{}\n", line);
  for (const std::string& note : answer.notes) fmt::print("note: {}\n", note);
}

}  // namespace

StatsCommand::StatsCommand(CLI::App& app, CommonOptions& options) {
  command_ = app.add_subcommand("stats", "statistics of a plain table: tests, intervals, fits, sample sizes");
  command_->require_subcommand(1);
  command_->footer(
      "A table is long (a column of values, a column of groups) or wide (a column of numbers per group). "
      "Cells that are\n"
      "empty or NA are missing: they are counted and reported. Details: docs/statistics.md");
  for (const Method& m : methods) {
    CLI::App* method = command_->add_subcommand(m.name, m.what);
    CLI::Option* file = method->add_option("file", request_.file, "table (CSV or TSV)");
    if (std::string_view(m.name) != "power") file->required();
    method
        ->add_option("--where", request_.where,
                     "COLUMN=VALUE or COLUMN=VALUE,VALUE: only the rows in which it holds; may be repeated")
        ->allow_extra_args(false);
    add_columns(*method, request_, m.wants);
    add_own_options(*method, request_, m.name);
    if (m.wants & survival) add_survival_options(*method, request_, m.name);
    method->add_flag("--json", options.json, "one JSON object, every number with all its digits");
  }
}

/// Leaves only the rows that --where asks for, and says how the file was read.
core::Understanding StatsCommand::select_rows(io::PlainTable& table) const {
  core::Understanding said;
  if (!table.decimal_commas.empty()) said.found("numbers", table.decimal_commas);
  for (const std::string& condition : request_.where) {
    const std::size_t before = table.rows;
    table = io::select_rows(table, condition);
    said.given("rows", fmt::format("{} of {}: {}", table.rows, before, condition), "--where");
  }
  return said;
}

int StatsCommand::run(const CommonOptions& options) {
  request_.command = options.command;
  const std::string name = command_->get_subcommands().front()->get_name();
  const auto method =
      std::find_if(methods.begin(), methods.end(), [&](const Method& m) { return name == m.name; });
  if (method == methods.end()) throw core::InternalError("a method without an implementation");
  core::Diagnostics problems;
  io::PlainTable table;
  if (!request_.file.empty())
    table = io::read_plain_table(io::read_text_file(request_.file), io::printable(request_.file), problems);
  problems.throw_if_any();
  const core::Understanding rows = select_rows(table);
  StatsAnswer answer;
  try {
    answer = method->answer(request_, table);
  } catch (const stats::StatisticsError& error) {
    problems.add("not-computable", {table.file, 0, 0}, name, error.what());
  }
  problems.throw_if_any();
  core::Understanding understood = rows;
  understood.append(answer.understanding);
  answer.understanding = std::move(understood);
  if (!table.row_names.empty())
    answer.notes.push_back("the first column holds names of the rows and was not read as data");
  if (!options.json) {
    print_text(answer);
    return answer.exit_code;
  }
  Json out = {{"command", "stats " + name},
              {"file", table.file},
              {"rows", table.rows},
              {"missing", missing_json(table)}};
  out["understanding"] = understanding_json(answer.understanding);
  out.update(answer.json);
  out["notes"] = answer.notes;
  fmt::print("{}\n", out.dump(2, ' ', false, Json::error_handler_t::replace));
  return answer.exit_code;
}

}  // namespace stroma::cli
