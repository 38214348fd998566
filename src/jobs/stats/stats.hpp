// `stats`: a plain table through one statistical method. A command reads its columns (columns.hpp),
// computes, and returns an answer; what is common to all (reading, missing values, notes, JSON with every
// digit, text) is in stats.cpp. Each family of methods is a file.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/reading.hpp"
#include "io/group_columns.hpp"
#include "io/plain_table.hpp"
#include "jobs/job.hpp"

namespace stroma::jobs {

/// What the commands of survival are given beside --time, --status and --strata.
struct SurvivalRequest {
  std::string start;               ///< column; "none": there is none
  std::vector<std::string> event;  ///< values of the status column that mean the event
  std::string reference;           ///< level of the arms of a Cox model
};

/// What was asked for on the command line; empty: not given. The roles of columns are in its base.
struct StatsRequest : io::ColumnOptions {
  std::filesystem::path file;
  std::vector<std::string> where;  ///< COLUMN=VALUE: only these rows
  bool replicates = false;         ///< numbered columns are replicates of a group
  std::string x, y, time, status, strata, weights;
  std::vector<std::string> covariates, base;  ///< base: COLUMN=LEVEL
  std::string control;                        ///< group of Dunnett's test
  double level = 0.95;                        ///< of intervals
  std::optional<double> reference;            ///< mean of a one-sample t test
  bool no_interaction = false;                ///< two-way ANOVA
  int sums = 2;                               ///< type of its sums of squares, 1, 2 or 3
  std::string method;                         ///< adjust; ties of cox; scale of km
  std::optional<double> tau;                  ///< restricted mean
  std::string formula;                        ///< nls
  std::vector<std::string> start;             ///< nls: name=value
  SurvivalRequest survival;
  std::string test = "t";  ///< power: t, paired, one-sample, anova, proportions, logrank
  std::optional<double> n, delta, sd, power, groups, between_var, within_var, p1, p2, hazard_ratio,
      event_chance, alpha;
  bool one_sided = false, strict = false;  ///< power
};

/// What a method found. `json` holds every number at full precision, `lines` a short text for people, `notes`
/// what a careful reader must know (assumptions, how columns were understood, what was left out).
struct StatsAnswer {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  std::vector<std::string> lines;
  std::vector<std::string> notes;
  core::Understanding understanding;  ///< how the table was read; said before the results
  Status status = Status::done;       ///< numerical for a fit that found no minimum
};

// One function per command. `table` is empty for `power` without a file.
StatsAnswer stats_describe(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_student(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_welch(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_paired(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_mann_whitney(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_anova(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_anova2(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_brown_forsythe(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_levene(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_kruskal(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_tukey(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_dunnett(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_adjust(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_pearson(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_spearman(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_shapiro(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_nls(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_power(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_km(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_logrank(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_cox(const StatsRequest& request, const io::PlainTable& table);
StatsAnswer stats_rmst(const StatsRequest& request, const io::PlainTable& table);

/// The options of km, logrank, cox and rmst; `name` is one of them.
void add_survival_options(core::Options& options, StatsRequest& request, const std::string& name);

/// All methods, below `stats`.
Job stats_job();

}  // namespace stroma::jobs
