// Which columns of a plain table are times, status, arms and strata, and the subjects in its complete rows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/stats_answers.hpp"
#include "stats/cox_regression.hpp"
#include "stats/follow_up.hpp"

namespace stroma::cli {

struct SurvivalRows {
  const io::PlainColumn *time = nullptr, *status = nullptr, *group = nullptr, *strata = nullptr,
                        *subject = nullptr, *numbered_in = nullptr;
  std::vector<std::size_t> rows;  ///< complete ones
  std::vector<stats::FollowUp> subjects;
  std::vector<std::string> arms;  ///< names, in order of appearance
  std::vector<int> arm, stratum;  ///< of each subject

  std::vector<std::vector<stats::FollowUp>> by_arm() const {
    std::vector<std::vector<stats::FollowUp>> all(std::max<std::size_t>(arms.size(), 1));
    for (std::size_t i = 0; i < subjects.size(); ++i)
      all[arms.empty() ? 0 : static_cast<std::size_t>(arm[i])].push_back(subjects[i]);
    return all;
  }
  std::string arm_name(std::size_t i) const { return arms.empty() ? "all" : arms[i]; }
};

/// Reads them; without `with_group` no column is taken for the arms. Problems go to `columns` and are thrown.
SurvivalRows read_survival_rows(const StatsRequest& request, const io::PlainTable& table, Columns& columns,
                                bool with_group);

/// Puts n and the rows that were left out into the answer, and says where rows share a subject.
void note_left_out(const SurvivalRows& t, const io::PlainTable& table, StatsAnswer& answer);

nlohmann::ordered_json test_json(const stats::ChiSquareTest& t);

}  // namespace stroma::cli
