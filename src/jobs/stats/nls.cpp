// Nonlinear least squares of a formula that a person typed.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <optional>

#include "core/units.hpp"
#include "io/column_shape.hpp"
#include "jobs/stats/answers.hpp"
#include "stats/distributions.hpp"
#include "stats/formula.hpp"
#include "stats/nonlinear_fit.hpp"

namespace stroma::jobs {
namespace {

using Json = nlohmann::ordered_json;
using Names = std::vector<std::string>;

bool contains(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// "log(y) ~ b1*x": the response, which may be empty, and the curve. A single '=' divides as '~' does.
struct Sides {
  std::string response, curve;
};

Sides sides_of(const std::string& formula) {
  auto at = formula.find('~');
  for (std::size_t i = 0; at == std::string::npos && i < formula.size(); ++i) {
    const bool comparison =
        i > 0 && (formula[i - 1] == '=' || formula[i - 1] == '<' || formula[i - 1] == '>' ||
                  formula[i - 1] == '!' || (i + 1 < formula.size() && formula[i + 1] == '='));
    if (formula[i] == '=' && !comparison && !(i + 1 < formula.size() && formula[i + 1] == '=')) at = i;
  }
  if (at == std::string::npos) return {"", trimmed(formula)};
  return {trimmed(formula.substr(0, at)), trimmed(formula.substr(at + 1))};
}

/// Names of columns that are no names of a formula ("dose (uM)") are written between backticks, as in R. Here
/// each becomes a word of the same length, so that places stay what the user typed, in the formula and in a
/// copy of the table.
class QuotedNames {
 public:
  QuotedNames(std::string& formula, const io::PlainTable& table) {
    for (std::size_t open = 0; (open = formula.find('`', open)) != std::string::npos;) {
      const std::size_t close = formula.find('`', open + 1);
      if (close == std::string::npos) return;  // the parser says what is wrong
      const std::string name = formula.substr(open + 1, close - open - 1);
      std::string word = formula.substr(open, close - open + 1);
      for (char& c : word)
        if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
      if (table.find(name) == nullptr) {
        std::vector<std::string> names;
        for (const io::PlainColumn& c : table.columns) names.push_back(c.name);
        throw core::InputError({{"bad-formula",
                                 {"--formula", 1, static_cast<int>(open + 1)},
                                 "--formula",
                                 fmt::format("formula \"{}\": there is no column '{}'", formula, name),
                                 core::did_you_mean(name, names)}});
      }
      words_[word] = name;
      formula.replace(open, word.size(), word);
      open = close + 1;
    }
    if (words_.empty()) return;
    renamed_ = table;
    for (io::PlainColumn& column : renamed_->columns)
      for (const auto& [word, name] : words_)
        if (column.name == name) column.name = word;
  }

  const io::PlainTable& table(const io::PlainTable& original) const {
    return renamed_ ? *renamed_ : original;
  }

  /// The names of the table again, in what was said of the columns.
  void restore(StatsAnswer& answer) const {
    for (const auto& [word, name] : words_) {
      for (auto& [role, columns] : answer.json["columns"].items()) {
        if (columns == word) columns = name;
        if (!columns.is_array()) continue;
        for (auto& column : columns)
          if (column == word) column = name;
      }
      for (std::string& note : answer.notes) put_back(note, word, name);
    }
    core::Understanding understood;
    for (const core::Fact& fact : answer.understanding.facts()) {
      std::string what = fact.what;
      for (const auto& [word, name] : words_) put_back(what, word, name);
      if (fact.basis == core::Basis::given)
        understood.given(fact.about, what, fact.option);
      else if (fact.basis == core::Basis::found)
        understood.found(fact.about, what, fact.option);
      else
        understood.assumed(fact.about, what, fact.option);
    }
    answer.understanding = std::move(understood);
  }

 private:
  static void put_back(std::string& text, const std::string& word, const std::string& name) {
    for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += name.size())
      text.replace(at, word.size(), name);
  }

  std::map<std::string, std::string> words_;
  std::optional<io::PlainTable> renamed_;
};

struct Start {
  Names names;
  std::vector<double> values;
};

Start start_of(const StatsRequest& request, core::Diagnostics& problems) {
  Start start;
  for (const std::string& item : request.start) {
    const auto equals = item.find('=');
    const std::string name = trimmed(item.substr(0, equals));
    const core::ParsedNumber number = equals == std::string::npos
                                          ? core::ParsedNumber{0.0, "a starting value is missing"}
                                          : core::parse_number(item.substr(equals + 1));
    if (!number.error.empty() || name.empty())
      problems.add("bad-start", {}, "--start", fmt::format("--start {}: {}", item, number.error),
                   "write name=value for every parameter: --start b1=500,b2=1e-4");
    else if (contains(start.names, name))
      problems.add("bad-start", {}, "--start", fmt::format("--start: '{}' is given twice", name), "");
    start.names.push_back(name);
    start.values.push_back(number.value);
  }
  return start;
}

/// Columns of doubles for the rows that are complete.
struct Data {
  std::vector<std::vector<double>> predictors;
  std::vector<double> y, weights;
};

double number_at(const io::PlainColumn& column, std::size_t row) {
  return static_cast<double>(column.values[row]);
}

/// The response column where the formula names none: y, or the only one of numbers that is not used.
const io::PlainColumn* response_column(Columns& columns, const StatsRequest& request,
                                       const io::PlainTable& table, const Names& used) {
  if (!request.y.empty()) return columns.number(request.y, "--y");
  std::vector<const io::PlainColumn*> left;
  for (const io::PlainColumn& c : table.columns)
    if (c.is_number && !contains(used, c.name) && c.name != request.weights) left.push_back(&c);
  if (left.size() > 1)  // names of subjects and counters are no measurements
    std::erase_if(left, [](const io::PlainColumn* c) {
      const io::ColumnRole role = io::plausible_role(*c);
      return role == io::ColumnRole::subject || role == io::ColumnRole::block ||
             role == io::ColumnRole::index || role == io::ColumnRole::replicate ||
             role == io::ColumnRole::well;
    });
  const auto y = std::find_if(left.begin(), left.end(), [](const auto* c) { return c->name == "y"; });
  if (y != left.end()) return columns.use(*y, "y", true);
  if (left.size() == 1) return columns.use(left.front(), "y", true);
  columns.wrong("ambiguous-columns",
                left.empty() ? "every column of numbers is a predictor: there is no response"
                             : fmt::format("several columns could be the response: '{}', '{}'{}",
                                           left[0]->name, left[1]->name, left.size() > 2 ? ", ..." : ""),
                "say which with --y, or write the formula as \"y ~ ...\"");
  return nullptr;
}

[[noreturn]] void refuse_formula(const stats::FormulaError& error, const std::string& hint) {
  throw core::InputError(
      {{"bad-formula", {"--formula", 1, static_cast<int>(error.position)}, "--formula", error.what(), hint}});
}

/// The names of a side that are columns; those that are nothing are reported with their place.
Names columns_in(const std::string& text, const io::PlainTable& table, const Names& parameters) {
  Names used;
  for (const std::string& name : stats::names_in(text))
    if (!contains(parameters, name)) used.push_back(name);
  for (const std::string& name : used) {
    if (table.find(name) != nullptr) continue;
    Names all = parameters;
    for (const io::PlainColumn& c : table.columns) all.push_back(c.name);
    const std::string near = core::did_you_mean(name, all);
    stats::FormulaError error(
        fmt::format(
            "formula \"{}\": '{}' is neither a column of the table nor a parameter with a starting value",
            text, name),
        text.find(name) + 1);
    refuse_formula(error, near.empty() ? fmt::format("give it a starting value: --start {}=1", name) : near);
  }
  return used;
}

/// Rows of one subject are not independent: one curve through several subjects has intervals that are too
/// narrow.
void settle_subjects(const StatsRequest& request, const io::PlainTable& table, const Names& used,
                     core::Understanding& facts) {
  if (request.independent) return facts.given("independent unit", "each row", "--independent");
  const io::PlainColumn* subject = io::choose_subject(table, request);
  const io::ColumnShape shape = subject != nullptr ? io::shape_of(*subject) : io::ColumnShape{};
  if (subject != nullptr && shape.levels < shape.filled && !contains(used, subject->name))
    io::ask(table, "not-independent",
            fmt::format("the {} rows come from {} subjects ('{}'): one curve through all of them takes their "
                        "differences for scatter, and its intervals are too narrow",
                        shape.filled, shape.levels, subject->name),
            request.command,
            {{fmt::format("one '{}' only", subject->name),
              "--where " + io::as_argument(subject->name + "=" + subject->texts.front())},
             {"every row is independent all the same", "--independent"}});
  if (subject != nullptr)
    facts.found("independent unit", fmt::format("column '{}', one row each", subject->name));
  else
    facts.assumed("independent unit", "each row (no column says from whom a value is)", "--independent");
}

void write_fit(StatsAnswer& answer, const stats::NonlinearFit& fit, const Start& start, double level) {
  const bool errors = fit.dof > 0;
  const double critical = errors ? stats::student_t_critical(level, static_cast<double>(fit.dof)) : 0.0;
  answer.json["status"] = fit.converged() ? "converged" : fit.message;
  answer.json["converged"] = fit.converged();
  answer.json["level"] = level;
  answer.json["parameters"] = Json::array();
  for (std::size_t i = 0; i < start.names.size(); ++i) {
    const double value = fit.estimates[i], error = fit.standard_errors[i];
    const stats::Interval ci{value - critical * error, value + critical * error};
    answer.json["parameters"].push_back({{"name", start.names[i]},
                                         {"estimate", value},
                                         {"standard_error", error},
                                         {"ci", errors ? interval_json(ci) : Json(nullptr)}});
    answer.lines.push_back(fmt::format("{} = {} +- {} ({:g} % interval {})", start.names[i], value, error,
                                       100.0 * level, shown_interval(ci)));
  }
  answer.json["residual_sum_of_squares"] = fit.residual_sum_of_squares;
  answer.json["residual_sd"] = fit.residual_sd;
  answer.json["dof"] = fit.dof;
  answer.json["n"] = fit.n;
  answer.json["iterations"] = fit.iterations;
  answer.json["covariance"] = fit.covariance;
  answer.lines.push_back(fmt::format("residual sum of squares {}, residual sd {}, {} degrees of freedom",
                                     fit.residual_sum_of_squares, fit.residual_sd, fit.dof));
  if (!fit.converged()) {
    answer.notes.push_back(fit.message);
    answer.status = Status::numerical;
  }
}

}  // namespace

StatsAnswer stats_nls(const StatsRequest& request, const io::PlainTable& original) {
  StatsAnswer answer;
  std::string written = request.formula;
  const QuotedNames quoted(written, original);
  const io::PlainTable& table = quoted.table(original);
  Columns columns(table, answer);
  const Start start = start_of(request, columns.problems());
  columns.problems().throw_if_any();
  const Sides sides = sides_of(written);
  try {
    const Names predictors = columns_in(sides.curve, table, start.names);
    const Names responses = sides.response.empty() ? Names{} : columns_in(sides.response, table, {});
    for (const std::string& name : predictors) columns.number(name, "x");
    for (const std::string& name : responses) columns.number(name, "y");
    const io::PlainColumn* y =
        sides.response.empty() ? response_column(columns, request, table, predictors) : nullptr;
    const io::PlainColumn* weight =
        request.weights.empty() ? nullptr : columns.number(request.weights, "--weights");
    columns.done();
    Names used = predictors;
    used.insert(used.end(), responses.begin(), responses.end());
    settle_subjects(request, original, used, answer.understanding);

    Data data;
    data.predictors.resize(predictors.size());
    std::vector<std::vector<double>> response_columns(responses.size());
    std::size_t incomplete = 0;
    for (std::size_t row = 0; row < table.rows; ++row) {
      bool complete = (y == nullptr || !std::isnan(y->values[row])) &&
                      (weight == nullptr || !std::isnan(weight->values[row]));
      for (const Names& names : {predictors, responses})
        for (const std::string& name : names)
          complete = complete && !std::isnan(table.find(name)->values[row]);
      if (!complete) {
        ++incomplete;
        continue;
      }
      for (std::size_t k = 0; k < predictors.size(); ++k)
        data.predictors[k].push_back(number_at(*table.find(predictors[k]), row));
      for (std::size_t k = 0; k < responses.size(); ++k)
        response_columns[k].push_back(number_at(*table.find(responses[k]), row));
      data.y.push_back(y != nullptr ? number_at(*y, row) : 0.0);
      if (weight != nullptr) data.weights.push_back(number_at(*weight, row));
    }
    if (y == nullptr) stats::Formula(sides.response, responses, {}).evaluate(response_columns, {}, data.y);
    answer.json["incomplete_rows"] = incomplete;
    if (incomplete > 0)
      answer.notes.push_back(fmt::format("{} rows are incomplete and were left out", incomplete));
    const stats::Formula formula(sides.curve, predictors, start.names);
    stats::NonlinearOptions options;
    options.weights = data.weights;
    answer.json["formula"] = request.formula;
    write_fit(answer,
              stats::fit_nonlinear(formula.prediction(data.predictors), data.y, start.values, options), start,
              request.level);
    quoted.restore(answer);
  } catch (const stats::FormulaError& error) {
    refuse_formula(error, "");
  }
  return answer;
}

}  // namespace stroma::jobs
