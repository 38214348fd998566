// Two-way analysis of variance of a long table.
#include <fmt/format.h>

#include <array>
#include <map>
#include <optional>
#include <utility>

#include "io/factor_rows.hpp"
#include "jobs/stats/answers.hpp"
#include "stats/repeated_measures.hpp"
#include "stats/two_way_anova.hpp"

namespace stroma::jobs {
namespace {

using Json = nlohmann::ordered_json;

void write_effect(StatsAnswer& answer, const std::string& name, const stats::AnovaEffect& e,
                  double residual_df) {
  answer.json["effects"].push_back({{"name", name},
                                    {"ss", e.ss},
                                    {"df", e.df},
                                    {"ms", e.ss / e.df},
                                    {"f", e.f},
                                    {"p", e.p},
                                    {"error_df", residual_df},
                                    {"partial_eta_squared", e.partial_eta_squared}});
  answer.lines.push_back(fmt::format("{}: SS {}, F({:g}, {:g}) = {}, p = {}, partial eta squared {}", name,
                                     shown(e.ss), e.df, residual_df, shown(e.f), shown_p(e.p),
                                     shown(e.partial_eta_squared)));
}

/// Values less the mean of their block; what was taken out costs a degree of freedom for each block but one.
double take_blocks_out(std::vector<double>& values, const std::vector<std::string>& block) {
  std::map<std::string, std::pair<double, double>> sums;
  double all = 0.0;
  for (std::size_t i = 0; i < block.size(); ++i) {
    auto& [sum, n] = sums[block[i]];
    sum += values[i];
    n += 1.0;
    all += values[i] / static_cast<double>(values.size());
  }
  for (std::size_t i = 0; i < block.size(); ++i) {
    const auto& [sum, n] = sums.at(block[i]);
    values[i] += all - sum / n;
  }
  return static_cast<double>(sums.size()) - 1.0;
}

/// Means over the other factor say little where its levels differ in what the first one does.
void warn_of_interaction(StatsAnswer& answer, const io::FactorRows& f, double p, int sums, bool balanced) {
  constexpr double strong = 0.05;
  if (!(p < strong)) return;
  answer.notes.push_back(fmt::format(
      "the factors act on each other (interaction p = {}): the effects of '{}' and '{}' are averages over "
      "levels "
      "in which they differ, and do not hold at each of them; compare within one level, such as --where {}{}",
      shown_p(p), f.factor[0]->name, f.factor[1]->name,
      io::as_argument(fmt::format("{}={}", f.factor[1]->name, f.names[1].front())),
      balanced || sums == 3 ? "" : "; --type 3 asks for the averages with equal weight to every cell"));
}

StatsAnswer repeated(const io::FactorRows& f, const std::vector<double>& values, StatsAnswer answer) {
  const std::size_t levels = f.names[f.within].size(), subjects = values.size() / levels;
  std::vector<std::vector<double>> of(subjects, std::vector<double>(levels));
  std::vector<std::size_t> group(subjects);
  std::vector<std::size_t> index(f.names[1 - f.within].size(),
                                 subjects);  // groups that are left, numbered anew
  std::size_t groups = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    of[f.subject_of[i]][f.level[i][f.within]] = values[i];
    std::size_t& g = index[f.level[i][1 - f.within]];
    if (g == subjects) g = groups++;
    group[f.subject_of[i]] = g;
  }
  const stats::RepeatedMeasures t = stats::repeated_measures(of, group);
  const std::string between = f.factor[1 - f.within]->name, within = f.factor[f.within]->name;
  answer.json["design"] = "repeated measures";
  answer.json["subject"] = f.subject->name;
  answer.json["subjects"] = subjects;
  answer.json["effects"] = Json::array();
  write_effect(answer, between, t.between, t.error_between_df);
  write_effect(answer, within, t.within, t.error_within_df);
  write_effect(answer, between + ":" + within, t.interaction, t.error_within_df);
  answer.json["error_between"] = {{"ss", t.error_between_ss}, {"df", t.error_between_df}};
  answer.json["error_within"] = {{"ss", t.error_within_ss}, {"df", t.error_within_df}};
  answer.lines.push_back(fmt::format("between '{}': SS {}, df {:g}; within: SS {}, df {:g}", f.subject->name,
                                     shown(t.error_between_ss), t.error_between_df, shown(t.error_within_ss),
                                     t.error_within_df));
  if (levels > 2) {
    answer.json["greenhouse_geisser"] = {{"epsilon", t.epsilon},
                                         {"within_p", t.within_p_corrected},
                                         {"interaction_p", t.interaction_p_corrected}};
    answer.lines.push_back(fmt::format(
        "without sphericity (Greenhouse-Geisser epsilon {}): {} p = {}, {}:{} p = {}", shown(t.epsilon),
        within, shown_p(t.within_p_corrected), between, within, shown_p(t.interaction_p_corrected)));
  }
  warn_of_interaction(answer, f, t.interaction.p, 3, true);
  return answer;
}

}  // namespace

StatsAnswer stats_anova2(const StatsRequest& request, const io::PlainTable& original) {
  StatsAnswer answer;
  const std::optional<io::PlainTable> rows_form = regrouped(request, original, answer);
  const io::PlainTable& table = rows_form ? *rows_form : original;
  Columns columns(table, answer);
  const io::FactorRows f = io::factor_rows(table, request, answer.understanding);
  columns.use(f.value, "value", true);
  columns.use(f.factor[0], "group", false);
  columns.use(f.factor[1], "group2", false);
  if (f.subject != nullptr) columns.use(f.subject, "subject", false);
  if (f.block_column != nullptr) columns.use(f.block_column, "block", false);
  columns.done(false);

  Grouped cells;
  cells.origin = origin_of(f.values);
  cells.unit = f.value->unit;
  std::vector<double> values;
  std::array<std::vector<std::size_t>, 2> level;
  std::map<std::string, std::size_t> cell_index;
  for (std::size_t i = 0; i < f.values.size(); ++i) {
    values.push_back(static_cast<double>(f.values[i] - static_cast<long double>(cells.origin)));
    for (std::size_t k = 0; k < 2; ++k) level[k].push_back(f.level[i][k]);
    const std::string name = fmt::format("{}, {}", f.names[0][f.level[i][0]], f.names[1][f.level[i][1]]);
    const auto [at, fresh] = cell_index.emplace(name, cells.names.size());
    if (fresh) {
      cells.names.push_back(name);
      cells.values.emplace_back();
    }
    cells.values[at->second].push_back(values.back());
  }
  require_squares(values, f.value->name);
  answer.json["cells"] = groups_json(cells, request.level);
  if (f.repeated) return repeated(f, values, std::move(answer));
  const double spent = f.block.empty() ? 0.0 : take_blocks_out(values, f.block);
  const auto type = request.sums == 1   ? stats::SumsOfSquares::type_i
                    : request.sums == 3 ? stats::SumsOfSquares::type_iii
                                        : stats::SumsOfSquares::type_ii;
  const stats::TwoWayAnova t =
      stats::two_way_anova(values, level[0], level[1], !request.no_interaction, type, spent);
  const std::string a = f.factor[0]->name, b = f.factor[1]->name;
  answer.json["sums_of_squares"] = request.sums == 1 ? "type I" : request.sums == 3 ? "type III" : "type II";
  answer.json["balanced"] = t.balanced;
  answer.json["empty_cells"] = t.empty_cells;
  answer.json["effects"] = Json::array();
  write_effect(answer, a, t.first, t.residual_df);
  write_effect(answer, b, t.second, t.residual_df);
  if (t.interaction) write_effect(answer, a + ":" + b, *t.interaction, t.residual_df);
  answer.json["residual_ss"] = t.residual_ss;
  answer.json["residual_df"] = t.residual_df;
  answer.json["residual_ms"] = t.residual_ss / t.residual_df;
  answer.lines.push_back(fmt::format("residuals: SS {}, df {:g}", shown(t.residual_ss), t.residual_df));
  if (!t.balanced)
    answer.notes.push_back(
        request.sums == 1
            ? "the cells differ in size: type I sums of squares depend on which factor is named first"
        : request.sums == 3
            ? "the cells differ in size: type III sums of squares give every cell equal weight"
            : "the cells differ in size: type II sums of squares ask what each factor adds beside the "
              "other; --type 3 gives every cell equal weight");
  if (t.interaction) warn_of_interaction(answer, f, t.interaction->p, request.sums, t.balanced);
  if (t.empty_cells > 0)
    answer.notes.push_back(fmt::format("{} combinations of groups have no value", t.empty_cells));
  check_assumptions(cells, true, answer);
  return answer;
}

}  // namespace stroma::jobs
