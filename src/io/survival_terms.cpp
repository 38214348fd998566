// Covariates of a Cox model: which columns, as numbers or as names, and against which level.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "assays/arms.hpp"
#include "core/units.hpp"
#include "io/column_names.hpp"
#include "io/survival_table.hpp"

namespace stroma::io {
namespace {

/// A level comes before another in the order of numbers, else of the alphabet.
bool level_before(const std::string& a, const std::string& b) {
  const core::ParsedNumber x = core::parse_number(a), y = core::parse_number(b);
  if (x.error.empty() && y.error.empty() && x.value != y.value) return x.value < y.value;
  return a < b;
}

bool names_arms(const PlainColumn& c) {
  return role_of_column(c.name) == ColumnRole::group;
}

/// What a column of a table is for where every other one is a covariate: not who, when or which row.
bool is_no_covariate(const PlainColumn& c) {
  switch (role_of_column(c.name)) {
    case ColumnRole::subject:
    case ColumnRole::replicate:
    case ColumnRole::well:
    case ColumnRole::block:
      return true;
    default:
      break;
  }
  const std::size_t levels = count_levels(c);
  const bool names_rows = !c.is_number && 2 * levels > std::max<std::size_t>(c.texts.size() - c.missing, 4);
  return names_time_or_status(c) || counts_rows(c) || levels < 2 || names_rows;
}

void apply_bases(std::vector<TermColumn>& terms, const PlainTable& table, const SurvivalColumns& wanted,
                 core::Diagnostics& problems) {
  for (const std::string& item : wanted.base) {
    const auto equals = item.find('=');
    const auto term = std::find_if(terms.begin(), terms.end(), [&](const TermColumn& one) {
      return one.column->name == item.substr(0, equals);
    });
    if (equals == std::string::npos || term == terms.end() || !term->levels) {
      problems.add("unknown-group", {table.file, 1, 0}, "--base",
                   fmt::format("--base {}: this is no level of a covariate of names", item),
                   "write COLUMN=LEVEL; numbers become names with --covariates \"factor(COLUMN)\"");
      continue;
    }
    term->base = item.substr(equals + 1);
  }
}

/// --reference is a level of the arms, or of the only covariate of names.
void apply_reference(std::vector<TermColumn>& terms, const PlainTable& table, const std::string& reference,
                     core::Diagnostics& problems) {
  if (reference.empty()) return;
  std::vector<TermColumn*> named, arms;
  for (TermColumn& term : terms) {
    if (term.levels) named.push_back(&term);
    if (term.levels && names_arms(*term.column)) arms.push_back(&term);
  }
  TermColumn* term = arms.size() == 1 ? arms.front() : named.size() == 1 ? named.front() : nullptr;
  if (term != nullptr) {
    term->base = reference;
    return;
  }
  problems.add("bad-reference", {table.file, 1, 0}, "--reference",
               fmt::format("{} covariates are columns of names, so whose level '{}' is cannot be told",
                           named.size(), reference),
               "write --base COLUMN=LEVEL");
}

std::string joined_with_and(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace

std::vector<TermColumn> find_survival_terms(const PlainTable& table, const SurvivalColumns& wanted,
                                            const SurvivalRoles& roles, bool every,
                                            const std::string& reference, core::Diagnostics& problems) {
  std::vector<TermColumn> terms;
  const auto add = [&](const PlainColumn* column, bool levels, bool said) {
    if (std::none_of(terms.begin(), terms.end(), [&](const TermColumn& t) { return t.column == column; }))
      terms.push_back({column, levels, "", said, column == roles.arm || names_arms(*column)});
  };
  if (every && roles.arm != nullptr) add(roles.arm, true, true);
  for (std::size_t i = 0; i < wanted.covariates.size(); ++i) {
    const std::string& term = wanted.covariates[i];
    const PlainColumn* c = i < roles.covariates.size() ? roles.covariates[i] : nullptr;
    if (c == nullptr) continue;
    const bool plain = column_of_term(table, term) == term;
    const bool factor = !plain && term.starts_with("factor(");
    if (!plain && !factor && !c->is_number)
      problems.add("not-a-number", c->place, term, fmt::format("column '{}' holds words", c->name),
                   "name it without numeric(): each word is a level");
    add(c, factor || !c->is_number || (plain && names_arms(*c)), !plain || !c->is_number);
  }
  constexpr std::size_t most = 50;  // of which nobody wants a model that was not asked for
  if (every && terms.empty())
    for (const PlainColumn& c : table.columns) {
      const bool taken = &c == roles.time || &c == roles.status || &c == roles.start || &c == roles.stratum ||
                         &c == roles.subject;
      if (taken || is_no_covariate(c)) continue;
      add(&c, !c.is_number || names_arms(c), !c.is_number);
      if (terms.size() <= most) continue;
      problems.add("too-many-covariates", {table.file, 1, 0}, "--covariates",
                   fmt::format("more than {} columns could be covariates", most),
                   "name those that are with --covariates A,B,..., or the arms with --group");
      return {};
    }
  if (every && terms.empty())
    problems.add("missing-column", {table.file, 1, 0}, "--covariates",
                 "there is no column beside time and status that could be a covariate",
                 "a Cox model needs one: name it with --covariates, or the arms with --group");
  apply_bases(terms, table, wanted, problems);
  if (every) apply_reference(terms, table, reference, problems);
  return terms;
}

void add_survival_terms(SurvivalTable& out, const PlainTable& table, const std::vector<TermColumn>& terms,
                        core::Diagnostics& problems) {
  std::vector<std::string> numbers, assumed;
  for (const TermColumn& term : terms) {
    const PlainColumn& c = *term.column;
    if (!term.levels) {
      out.terms.push_back({c.name, false, "", 1});
      out.data.covariates.push_back(c.name);
      for (std::size_t i = 0; i < out.rows.size(); ++i)
        out.data.subjects[i].covariates.push_back(static_cast<double>(c.values[out.rows[i]]));
      (!term.said && count_levels(c) > 2 && numbers_groups(c) ? assumed : numbers)
          .push_back(fmt::format("'{}'", c.name));
      continue;
    }
    std::vector<std::string> levels;
    for (const std::size_t row : out.rows)
      if (std::find(levels.begin(), levels.end(), c.texts[row]) == levels.end())
        levels.push_back(c.texts[row]);
    std::sort(levels.begin(), levels.end(), level_before);
    if (levels.size() < 2) {
      problems.add("one-level", c.place, c.name,
                   fmt::format("'{}' is the same in all rows that are complete", c.name), "leave it out");
      continue;
    }
    if (!term.base.empty()) {
      const auto base = std::find(levels.begin(), levels.end(), term.base);
      if (base == levels.end()) {
        problems.add("unknown-level", {table.file, 1, 0}, "--base",
                     fmt::format("column '{}' has no level '{}'", c.name, term.base),
                     core::did_you_mean(term.base, levels));
        continue;
      }
      std::rotate(levels.begin(), base, base + 1);
    }
    const std::vector<std::string> controls =
        term.arms && term.base.empty() ? assays::arms_called_control(levels) : std::vector<std::string>();
    if (controls.size() == 1) {
      const auto control = std::find(levels.begin(), levels.end(), controls.front());
      std::rotate(levels.begin(), control, control + 1);
    }
    const std::vector<std::string> others(std::next(levels.begin()), levels.end());
    const std::string what = fmt::format("column '{}', names: {} against {}", c.name,
                                         others.size() > 8 ? fmt::format("{} levels", others.size())
                                                           : fmt::format("{}", fmt::join(others, ", ")),
                                         levels.front());
    if (term.base.empty())
      out.understanding.assumed("covariate", what, fmt::format("--base {}=LEVEL", c.name));
    else
      out.understanding.given("covariate", what, "--base");
    out.terms.push_back({c.name, true, levels.front(), others.size()});
    for (const std::string& level : others) {
      out.data.covariates.push_back(fmt::format("{}={}", c.name, level));
      for (std::size_t i = 0; i < out.rows.size(); ++i)
        out.data.subjects[i].covariates.push_back(c.texts[out.rows[i]] == level ? 1.0 : 0.0);
    }
  }
  if (!numbers.empty())
    out.understanding.found("covariates",
                            joined_with_and(numbers) + " as numbers: a hazard ratio per 1 of its unit");
  if (!assumed.empty())
    out.understanding.assumed(
        "covariates", joined_with_and(assumed) + " as numbers, though the few whole ones could be names",
        "--covariates \"factor(COLUMN)\"");
}

}  // namespace stroma::io
