#include "io/caliper_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/units.hpp"
#include "io/column_names.hpp"
#include "io/sheet.hpp"

namespace stroma::io {
namespace {

// Names of one animal before those of anything larger or smaller, and of treatments before those of cohorts.
constexpr std::array<std::string_view, 14> animals_first{
    "animal", "animalid", "animalno", "mouse",     "mouseid", "mouseno", "mousenumber",
    "rat",    "ratid",    "subject",  "subjectid", "id",      "ids",     "individual"};
constexpr std::array<std::string_view, 6> nests{"cage",     "cageid", "litter",
                                                "litterid", "cageno", "cagenumber"};
constexpr std::array<std::string_view, 14> treatments_first{
    "arm",   "treatmentarm", "studyarm", "treatmentgroup", "treatment", "treat",       "trt",
    "group", "groups",       "therapy",  "drug",           "regimen",   "drugregimen", "grp"};
constexpr std::array<std::string_view, 4> tumours{"tumour", "tumor", "flank", "side"};

template <std::size_t N>
std::size_t rank_in(const std::array<std::string_view, N>& names, const std::string& plain) {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), plain) - names.begin());
}

class Chooser {
 public:
  Chooser(core::Table& table, const CaliperColumns& given, core::Understanding& understanding,
          core::Diagnostics& warnings, core::Diagnostics& problems)
      : table_(table), given_(given), said_(understanding), warnings_(warnings), problems_(problems) {
    for (const core::Cell& cell : table.header) plain_.push_back(plain_name(cell.text));
  }

  void choose() {
    const std::size_t before = problems_.size();
    const std::optional<std::size_t> animal = choose_animal();
    if (!animal) return;
    const std::optional<std::size_t> arm = choose_arm(*animal);
    if (problems_.size() > before) return;
    nest_animals(*animal, arm);
    refuse_index(*animal, arm);
    say(*animal, arm);
    for (std::size_t c = 0; c < plain_.size(); ++c)
      if (c == *animal)
        table_.header[c].text = "animal";
      else if (arm && c == *arm)
        table_.header[c].text = "arm";
      else if (const ColumnRole role = role_of_column(plain_[c]);
               (role == ColumnRole::group || role == ColumnRole::subject) && !is_tumour(c))
        table_.header[c].text = "not used: " + table_.header[c].text;
  }

 private:
  const std::string& cell(std::size_t row, std::size_t column) const { return table_.rows[row][column].text; }
  const std::string& header(std::size_t column) const { return table_.header[column].text; }
  bool is_tumour(std::size_t c) const { return rank_in(tumours, plain_[c]) < tumours.size(); }

  std::optional<std::size_t> named(const std::string& name, const char* option) {
    for (std::size_t c = 0; c < plain_.size(); ++c)
      if (header(c) == name) return c;
    for (std::size_t c = 0; c < plain_.size(); ++c)
      if (plain_[c] == plain_name(name)) return c;
    std::vector<std::string> all;
    for (const core::Cell& h : table_.header) all.push_back(h.text);
    problems_.add("missing-column", {table_.file, 1, 0}, option, fmt::format("there is no column '{}'", name),
                  core::did_you_mean(name, all));
    return std::nullopt;
  }

  std::optional<std::size_t> choose_animal() {
    if (!given_.animal.empty()) return named(given_.animal, "--animal");
    std::optional<std::size_t> best;
    const auto rank = [&](std::size_t c) {
      const bool nest = rank_in(nests, plain_[c]) < nests.size();
      return rank_in(animals_first, plain_[c]) + (nest ? 100 : 0);
    };
    for (std::size_t c = 0; c < plain_.size(); ++c)
      if (role_of_column(plain_[c]) == ColumnRole::subject && !is_tumour(c) &&
          (!best || rank(c) < rank(*best)))
        best = c;
    for (std::size_t c = 0; !best && c < plain_.size(); ++c)
      if (is_tumour(c) && plain_[c].starts_with("tum")) best = c;  // each tumour an animal
    if (best) return best;
    problems_.add("missing-column", {table_.file, 1, 0}, "animal",
                  "column 'animal' is missing: no column is called animal, mouse, ID or the like",
                  "say which column tells the animals apart: --animal COLUMN");
    return std::nullopt;
  }

  // Values of a column by animal; a column of the animals has one each.
  std::map<std::string, std::set<std::string>> by_animal(std::size_t column, std::size_t animal) const {
    std::map<std::string, std::set<std::string>> out;
    for (std::size_t r = 0; r < table_.rows.size(); ++r) out[cell(r, animal)].insert(cell(r, column));
    return out;
  }

  std::set<std::string> values(std::size_t column) const {
    std::set<std::string> out;
    for (std::size_t r = 0; r < table_.rows.size(); ++r)
      if (!cell(r, column).empty()) out.insert(cell(r, column));
    return out;
  }

  // A column with another value for every animal divides them into no groups.
  bool one_each(std::size_t column, std::size_t animal) const {
    constexpr std::size_t enough = 4;
    const std::size_t animals = values(animal).size();
    return animals >= enough && values(column).size() >= animals;
  }

  // Divides the animals into the same sets as another column does.
  bool same_division(std::size_t a, std::size_t b) const {
    std::map<std::string, std::string> there, back;
    for (std::size_t r = 0; r < table_.rows.size(); ++r) {
      const bool one = there.emplace(cell(r, a), cell(r, b)).first->second == cell(r, b);
      if (!one || back.emplace(cell(r, b), cell(r, a)).first->second != cell(r, a)) return false;
    }
    return true;
  }

  std::optional<std::size_t> choose_arm(std::size_t animal) {
    if (given_.one_arm) {
      said_.given("arm", "all animals are one", "--one-arm");
      return std::nullopt;
    }
    if (!given_.arm.empty()) return named(given_.arm, "--arm");
    std::vector<std::size_t> strong, weak, unknown;
    for (std::size_t c = 0; c < plain_.size(); ++c) {
      if (c == animal || header(c).empty()) continue;
      const bool treatment = rank_in(treatments_first, plain_[c]) < treatments_first.size();
      if (treatment || role_of_column(plain_[c]) == ColumnRole::group)
        (treatment ? strong : weak).push_back(c);
      else if (may_divide(c, animal))
        unknown.push_back(c);
    }
    for (std::vector<std::size_t>* found : {&strong, &weak}) {
      std::vector<std::size_t> several;
      for (const std::size_t c : *found)
        if (values(c).size() >= 2 && !one_each(c, animal) &&
            std::none_of(several.begin(), several.end(), [&](std::size_t s) { return same_division(s, c); }))
          several.push_back(c);
      if (several.size() == 1) return several.front();
      if (several.size() > 1) return ask(several, "columns may be the arms", false);
    }
    if (!unknown.empty()) return ask(unknown, "no column is called arm, group or treatment, and", true);
    for (const std::vector<std::size_t>* found : {&strong, &weak})
      for (const std::size_t c : *found)
        if (!one_each(c, animal)) return c;  // one value throughout
    return std::nullopt;
  }

  // Words or a few numbers, one for each animal, fewer than the animals: a column that could be the arms.
  bool may_divide(std::size_t c, std::size_t animal) const {
    const ColumnRole role = role_of_column(plain_[c]);
    if (role != ColumnRole::unknown && role != ColumnRole::dose && role != ColumnRole::block) return false;
    for (const std::string_view measured : {"volume", "length", "width", "weight", "mass", "notes", "comment",
                                            "date", "strain", "species", "operator", "birth"})
      if (plain_[c].find(measured) != std::string::npos) return false;
    if (is_tumour(c) || plain_[c] == "site") return false;
    const auto each = by_animal(c, animal);
    const std::size_t different = values(c).size();
    constexpr std::size_t most_arms = 20;
    return different >= 2 && different <= most_arms && 2 * different <= each.size() &&
           std::all_of(each.begin(), each.end(), [](const auto& one) { return one.second.size() == 1; });
  }

  std::optional<std::size_t> ask(const std::vector<std::size_t>& columns, const std::string& why,
                                 bool one_arm) {
    std::vector<core::Choice> choices;
    std::string names;
    for (const std::size_t c : columns) {
      std::string shown;
      const std::set<std::string> all = values(c);
      std::size_t k = 0;
      for (const std::string& value : all)
        if (k++ < 4) shown += (shown.empty() ? "" : ", ") + value;
      choices.push_back({fmt::format("the arms are those of '{}' ({}{})", header(c), shown,
                                     all.size() > 4 ? fmt::format(", ... {} in all", all.size()) : ""),
                         fmt::format("--arm '{}'", header(c))});
      names += fmt::format("{}'{}'", names.empty() ? "" : ", ", header(c));
    }
    if (one_arm) choices.push_back({"all animals are one arm", "--one-arm"});
    problems_.add("which-arm", {table_.file, 1, 0}, "--arm",
                  one_arm
                      ? fmt::format("{} {} divide{} the animals", why, names, columns.size() == 1 ? "s" : "")
                      : fmt::format("{} {}: {}", columns.size(), why, names),
                  core::choices(given_.command, choices));
    return std::nullopt;
  }

  // Growth needs animals that were measured more than once; a column in which no value returns counts lines.
  void refuse_index(std::size_t animal, const std::optional<std::size_t>& arm) {
    constexpr std::size_t enough = 4;
    std::set<std::pair<std::string, std::string>> seen;
    for (std::size_t r = 0; r < table_.rows.size(); ++r)
      seen.insert({arm ? cell(r, *arm) : "", cell(r, animal)});
    if (table_.rows.size() >= enough && seen.size() == table_.rows.size())
      problems_.add("which-animal", {table_.file, 1, 0}, header(animal),
                    fmt::format("every line has another '{}': no animal was measured twice", header(animal)),
                    "say which column tells the animals apart: --animal COLUMN");
  }

  // Animals that are numbered anew in every cage are told apart by cage and number.
  void nest_animals(std::size_t animal, const std::optional<std::size_t>& arm) {
    for (std::size_t c = 0; c < plain_.size(); ++c) {
      if (c == animal || (arm && c == *arm) || rank_in(nests, plain_[c]) == nests.size()) continue;
      std::map<std::pair<std::string, std::string>, std::set<std::string>> of_animal;
      std::map<std::string, std::set<std::string>> arms;
      for (std::size_t r = 0; r < table_.rows.size(); ++r) {
        const std::string in = arm ? cell(r, *arm) : "";
        of_animal[{in, cell(r, animal)}].insert(cell(r, c));
        arms[cell(r, c)].insert(in);
      }
      const bool anew = std::any_of(of_animal.begin(), of_animal.end(),
                                    [](const auto& one) { return one.second.size() > 1; });
      if (anew)
        for (auto& row : table_.rows) row[animal].text = row[c].text + "/" + row[animal].text;
      said_.found(header(c), anew ? fmt::format("{}; animals are numbered anew in each", arms.size())
                                  : fmt::format("{}; not part of the model", arms.size()));
      const bool whole =
          std::all_of(arms.begin(), arms.end(), [](const auto& one) { return one.second.size() == 1; });
      if (arm && whole && arms.size() > 1)
        warnings_.add("whole-cages", {table_.file, 1, 0}, header(c),
                      fmt::format("every {} is in one arm only: its animals are not independent, and the "
                                  "intervals, which count animals, are too narrow where they are alike",
                                  header(c)),
                      "mix the arms within each, or judge by their means");
    }
  }

  void say(std::size_t animal, const std::optional<std::size_t>& arm) {
    std::vector<std::string> arms;
    std::map<std::string, std::set<std::string>> animals, places;
    for (std::size_t r = 0; r < table_.rows.size(); ++r) {
      const std::string in = arm ? cell(r, *arm) : "all";
      if (!animals.contains(in)) arms.push_back(in);
      animals[in].insert(cell(r, animal));
      places[cell(r, animal)].insert(in);
    }
    std::size_t total = 0, anew = 0;
    std::string listed;
    for (const std::string& a : arms) {
      total += animals[a].size();
      listed += fmt::format("{}{} {}", listed.empty() ? "" : ", ", a, animals[a].size());
    }
    for (const auto& [name, in] : places) anew += in.size() > 1;
    say_as(given_.animal, "animal",
           fmt::format("column '{}', {} animals: the independent unit", header(animal), total),
           "--animal COLUMN");
    if (arm)
      say_as(given_.arm, "arm", fmt::format("column '{}' ({})", header(*arm), listed), "--arm COLUMN");
    else if (!given_.one_arm)
      said_.found("arm", "no column divides the animals: all are one arm", "--arm COLUMN");
    if (anew > 0)
      said_.assumed("animals", fmt::format("{} names occur in several arms and are different animals", anew),
                    "--animal COLUMN");
    std::map<std::string, std::string> small;
    for (const std::string& a : arms)
      if (const auto [first, fresh] = small.emplace(plain_name(a), a); !fresh)
        warnings_.add(
            "arms-alike", {table_.file, 1, 0}, a,
            fmt::format("'{}' and '{}' are two arms whose names differ only in case, blanks or signs",
                        first->second, a),
            "write one name where one arm is meant");
    std::string unused;
    for (std::size_t c = 0; c < plain_.size(); ++c) {
      const ColumnRole role = role_of_column(plain_[c]);
      if (c != animal && !(arm && c == *arm) && !is_tumour(c) && role == ColumnRole::group)
        unused += fmt::format("{}'{}'", unused.empty() ? "" : ", ", header(c));
    }
    if (!unused.empty()) said_.found("not used", "column " + unused);
  }

  void say_as(const std::string& given, const char* about, std::string what, const char* option) {
    if (given.empty())
      said_.found(about, std::move(what), option);
    else
      said_.given(about, std::move(what), std::string(option).substr(0, std::string(option).find(' ')));
  }

  core::Table& table_;
  const CaliperColumns& given_;
  core::Understanding& said_;
  core::Diagnostics& warnings_;
  core::Diagnostics& problems_;
  std::vector<std::string> plain_;
};

}  // namespace

void name_caliper_columns(core::Table& table, const CaliperColumns& given, core::Understanding& understanding,
                          core::Diagnostics& warnings, core::Diagnostics& problems) {
  Chooser(table, given, understanding, warnings, problems).choose();
}

}  // namespace stroma::io
