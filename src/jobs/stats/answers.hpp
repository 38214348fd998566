// Words and JSON that several families of methods share.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "jobs/stats/columns.hpp"
#include "jobs/stats/stats.hpp"
#include "stats/effect_size.hpp"
#include "stats/interval.hpp"
#include "stats/t_test.hpp"

namespace stroma::jobs {

nlohmann::ordered_json interval_json(const stats::Interval& ci);
nlohmann::ordered_json effect_json(const stats::EffectSize& effect);
std::string shown_interval(const stats::Interval& ci);

/// n, mean, sd, SEM, interval and quartiles of each group, as JSON; the moments on all digits.
nlohmann::ordered_json groups_json(const Grouped& g, double level);
/// "treated (n = 6, mean 3.21, sd 0.4)" for each group.
std::string groups_text(const Grouped& g);

/// The index of each value's block, group by group.
std::vector<std::vector<std::size_t>> block_indices(const Grouped& g);

/// The values less the mean of their block: what is left to judge the assumptions by.
Grouped without_blocks(const Grouped& g);

/// Looks at normality within groups (Shapiro-Wilk of the residuals), equal variances (Brown-Forsythe) and
/// group sizes; writes them into `assumptions` and a note for each doubt.
void check_assumptions(const Grouped& g, bool equal_variances, StatsAnswer& answer);

}  // namespace stroma::jobs
