// What the commands of survival share: the table read as their options say, and the beginning of an answer.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "io/survival_table.hpp"
#include "jobs/stats/answers.hpp"
#include "stats/cox_regression.hpp"

namespace stroma::jobs {

/// The rows of the arms, in order of appearance, each subject's intervals joined.
struct SurvivalArms {
  std::vector<std::string> names;
  std::vector<std::size_t> n;                      ///< different subjects
  std::vector<std::vector<stats::FollowUp>> rows;  ///< by arm
  std::vector<stats::FollowUp> all;                ///< of all arms
  std::vector<int> arm, stratum;                   ///< of each of `all`; strata empty without them
};

SurvivalArms arms_of(const io::SurvivalTable& table);

/// Reads the table as `request` says and begins `answer`: understanding, columns, n, events.
io::SurvivalTable read_survival(const StatsRequest& request, const io::PlainTable& table, io::ArmsWanted arms,
                                StatsAnswer& answer);

nlohmann::ordered_json test_json(const stats::ChiSquareTest& t);

}  // namespace stroma::jobs
