// Two-way analysis of variance of a long table.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "cli/stats_answers.hpp"
#include "stats/two_way_anova.hpp"

namespace stroma::cli {
namespace {

using Json = nlohmann::ordered_json;

/// The columns that could be a factor: words, or codes; not subjects.
std::vector<const io::PlainColumn*> factors(const Columns& columns, const StatsRequest& request,
                                            const io::PlainTable& table) {
  const io::PlainColumn* subject = request.subject.empty() ? columns.subject() : table.find(request.subject);
  std::vector<const io::PlainColumn*> words, codes;
  // A column of numbers is left for the values.
  const auto numbers = std::count_if(table.columns.begin(), table.columns.end(),
                                     [&](const io::PlainColumn& c) { return c.is_number && &c != subject; });
  for (const io::PlainColumn& c : table.columns) {
    if (&c == subject || c.name == request.value || c.name == request.group || c.name == request.group2)
      continue;
    if (!c.is_number)
      words.push_back(&c);
    else if (numbers > 1 && looks_like_codes(c))
      codes.push_back(&c);
  }
  const std::size_t needed = 2u - (request.group.empty() ? 0u : 1u) - (request.group2.empty() ? 0u : 1u);
  if (words.size() >= needed) return words;
  words.insert(words.end(), codes.begin(), codes.end());
  return words;
}

struct Factor {
  std::vector<std::string> names;
  std::vector<std::size_t> level;  // of each row that is used
};

void add_level(Factor& factor, const std::string& name) {
  const auto known = std::find(factor.names.begin(), factor.names.end(), name);
  factor.level.push_back(static_cast<std::size_t>(known - factor.names.begin()));
  if (known == factor.names.end()) factor.names.push_back(name);
}

void write_effect(StatsAnswer& answer, const std::string& name, const stats::AnovaEffect& e,
                  double residual_df) {
  answer.json["effects"].push_back({{"name", name},
                                    {"ss", e.ss},
                                    {"df", e.df},
                                    {"ms", e.ss / e.df},
                                    {"f", e.f},
                                    {"p", e.p},
                                    {"partial_eta_squared", e.partial_eta_squared}});
  answer.lines.push_back(fmt::format("{}: SS {}, F({:g}, {:g}) = {}, p = {}, partial eta squared {}", name,
                                     shown(e.ss), e.df, residual_df, shown(e.f), shown_p(e.p),
                                     shown(e.partial_eta_squared)));
}

}  // namespace

StatsAnswer stats_anova2(const StatsRequest& request, const io::PlainTable& table) {
  StatsAnswer answer;
  Columns columns(table, answer);
  const auto candidates = factors(columns, request, table);
  std::array<const io::PlainColumn*, 2> by{};
  std::size_t next = 0;
  const std::size_t needed = 2u - (request.group.empty() ? 0u : 1u) - (request.group2.empty() ? 0u : 1u);
  if (needed > 0 && candidates.size() != needed) {
    std::string names;
    for (const io::PlainColumn* c : candidates) names += fmt::format(" '{}'", c->name);
    columns.wrong("ambiguous-columns",
                  fmt::format("two columns of groups are needed; those that could be:{}",
                              names.empty() ? " none" : names),
                  "say which with --group and --group2; the table is long: one value per row");
    columns.problems().throw_if_any();
  }
  by[0] = request.group.empty() ? candidates[next++] : columns.named(request.group, "--group");
  by[1] = request.group2.empty() ? candidates[next++] : columns.named(request.group2, "--group2");
  const io::PlainColumn* value = value_column(columns, request, table, by);
  columns.use(by[0], "group", false);
  columns.use(by[1], "group2", false);
  columns.done();

  Grouped cells;
  cells.origin = origin_of(value->values);
  cells.unit = value->unit;
  std::vector<double> values;
  std::array<Factor, 2> factor;
  std::map<std::string, std::size_t> cell_index;
  for (std::size_t row = 0; row < table.rows; ++row) {
    const std::string &a = by[0]->texts[row], &b = by[1]->texts[row];
    if (std::isnan(value->values[row]) || a.empty() || b.empty()) continue;
    values.push_back(static_cast<double>(value->values[row] - static_cast<long double>(cells.origin)));
    add_level(factor[0], a);
    add_level(factor[1], b);
    const std::string name = fmt::format("{}, {}", a, b);
    const auto [at, fresh] = cell_index.emplace(name, cells.names.size());
    if (fresh) {
      cells.names.push_back(name);
      cells.values.emplace_back();
    }
    cells.values[at->second].push_back(values.back());
  }
  require_squares(values, value->name);
  const auto type = request.sums == 1 ? stats::SumsOfSquares::type_i : stats::SumsOfSquares::type_ii;
  const stats::TwoWayAnova t =
      stats::two_way_anova(values, factor[0].level, factor[1].level, !request.no_interaction, type);
  answer.json["cells"] = groups_json(cells, request.level);
  answer.json["sums_of_squares"] = request.sums == 1 ? "type I" : "type II";
  answer.json["balanced"] = t.balanced;
  answer.json["empty_cells"] = t.empty_cells;
  answer.json["effects"] = Json::array();
  write_effect(answer, by[0]->name, t.first, t.residual_df);
  write_effect(answer, by[1]->name, t.second, t.residual_df);
  if (t.interaction) write_effect(answer, by[0]->name + ":" + by[1]->name, *t.interaction, t.residual_df);
  answer.json["residual_ss"] = t.residual_ss;
  answer.json["residual_df"] = t.residual_df;
  answer.json["residual_ms"] = t.residual_ss / t.residual_df;
  answer.lines.push_back(fmt::format("residuals: SS {}, df {:g}", shown(t.residual_ss), t.residual_df));
  if (!t.balanced)
    answer.notes.push_back(
        request.sums == 1
            ? "the cells differ in size: type I sums of squares depend on which factor is named first"
            : "the cells differ in size: type II sums of squares ask what each factor adds beside the other");
  if (t.empty_cells > 0)
    answer.notes.push_back(fmt::format("{} combinations of groups have no value", t.empty_cells));
  check_assumptions(cells, true, answer);
  return answer;
}

}  // namespace stroma::cli
