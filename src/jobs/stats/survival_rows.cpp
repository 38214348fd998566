#include "jobs/stats/survival_rows.hpp"

#include <algorithm>

namespace stroma::jobs {
namespace {

int index_of(std::vector<std::string>& names, const std::string& name) {
  const auto at = std::find(names.begin(), names.end(), name) - names.begin();
  if (at == static_cast<std::ptrdiff_t>(names.size())) names.push_back(name);
  return static_cast<int>(at);
}

}  // namespace

SurvivalArms arms_of(const io::SurvivalTable& table) {
  SurvivalArms out;
  std::vector<std::string> strata;
  for (const assays::SurvivalSubject& s : assays::join_intervals(table.data.subjects)) {
    const int arm = index_of(out.names, s.arm);
    out.rows.resize(out.names.size());
    out.rows[static_cast<std::size_t>(arm)].push_back(s.follow_up);
    out.all.push_back(s.follow_up);
    out.arm.push_back(arm);
    if (!table.stratum.empty()) out.stratum.push_back(index_of(strata, s.stratum));
  }
  for (const std::string& name : out.names)
    out.n.push_back(assays::count_subjects(table.data.subjects, name));
  return out;
}

io::SurvivalTable read_survival(const StatsRequest& request, const io::PlainTable& table, io::ArmsWanted arms,
                                StatsAnswer& answer) {
  const io::SurvivalColumns wanted{
      request.time,           request.survival.start, request.status,
      request.group,          request.strata,         request.independent ? "none" : request.subject,
      request.survival.event, request.covariates,     request.base,
      request.command,        request.own_numbers};
  io::SurvivalTable t =
      io::read_survival_table(table, wanted, arms, arms == io::ArmsWanted::no, request.survival.reference);
  answer.understanding = t.understanding;
  for (const auto& [role, name] : {std::pair{"time", t.time},
                                   {"status", t.status},
                                   {"group", t.arm},
                                   {"strata", t.stratum},
                                   {"subject", t.subject}})
    if (!name.empty()) answer.json["columns"][role] = name;
  for (const io::SurvivalTerm& term : t.terms) answer.json["columns"]["covariates"].push_back(term.column);
  answer.json["n"] = t.subjects;
  answer.json["events"] = t.events;
  if (t.data.subjects.size() != t.subjects) answer.json["intervals"] = t.data.subjects.size();
  if (!t.time_unit.empty()) answer.json["time_unit"] = t.time_unit;
  answer.json["incomplete_rows"] = table.rows - t.rows.size();
  return t;
}

nlohmann::ordered_json test_json(const stats::ChiSquareTest& t) {
  return {{"statistic", t.statistic}, {"df", t.df}, {"p", t.p}};
}

}  // namespace stroma::jobs
