#include "stats/formula.hpp"

#include <fmt/format.h>
#include <muParser.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <string_view>

namespace stroma::stats {
namespace {

/// The spellings of other languages, byte for byte so that positions stay what the user typed.
std::string in_our_spelling(std::string text) {
  std::replace(text.begin(), text.end(), '[', '(');
  std::replace(text.begin(), text.end(), ']', ')');
  for (std::size_t at = 0; (at = text.find("**", at)) != std::string::npos; ++at) text.replace(at, 2, "^ ");
  return text;
}

double natural_log(double x) {
  return std::log(x);
}
double arc_tangent(double x) {
  return std::atan(x);
}

/// A single '=' would assign, which a formula has no use for.
void refuse_assignment(const std::string& formula) {
  for (std::size_t i = 0; i < formula.size(); ++i) {
    if (formula[i] != '=') continue;
    const bool comparison =
        (i > 0 && std::string_view("=<>!").find(formula[i - 1]) != std::string_view::npos) ||
        (i + 1 < formula.size() && formula[i + 1] == '=');
    if (!comparison)
      throw FormulaError(fmt::format("formula \"{}\": '=' inside a formula (character {})", formula, i + 1),
                         i + 1);
  }
}

mu::Parser parser_of(const std::string& formula) {
  refuse_assignment(formula);
  mu::Parser parser;
  parser.ResetLocale();  // a point is the decimal mark, whatever the machine's language
  parser.DefineNameChars("0123456789_.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");  // R's names
  parser.DefineFun("log", natural_log);
  parser.DefineFun("arctan", arc_tangent);
  parser.DefineConst("pi", std::numbers::pi);
  parser.SetExpr(in_our_spelling(formula));
  return parser;
}

bool word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

/// muParser's complaint in words of ours, with its place.
[[noreturn]] void fail(const std::string& formula, const mu::Parser::exception_type& error) {
  // Without a token, or with a position before the first byte, the end of the text is meant.
  const std::size_t at = error.GetPos() >= 0 ? static_cast<std::size_t>(error.GetPos()) + 1 : formula.size();
  const std::size_t position = std::max<std::size_t>(1, std::min(at, formula.size()));
  const bool opens =
      position < formula.size() + 1 && (formula[position - 1] == '(' || formula[position - 1] == '[');
  std::size_t word = position - 1;
  while (opens && word > 0 && word_character(formula[word - 1])) --word;
  if (word + 1 < position) {
    throw FormulaError(fmt::format("formula \"{}\": there is no function '{}' (character {})", formula,
                                   formula.substr(word, position - 1 - word), word + 1),
                       word + 1);
  }
  std::string message = error.GetMsg();
  message = message.substr(0, message.find(" at position"));  // counted from 0 there
  throw FormulaError(fmt::format("formula \"{}\": {} (character {})", formula, message, position), position);
}

/// Where a name stands in a formula as a whole word; from 1.
std::size_t place_of(const std::string& name, const std::string& formula) {
  for (std::size_t at = 0; (at = formula.find(name, at)) != std::string::npos; ++at) {
    const std::size_t end = at + name.size();
    const bool begins = at == 0 || !word_character(formula[at - 1]);
    if (begins && (end == formula.size() || !word_character(formula[end]))) return at + 1;
  }
  return 0;
}

}  // namespace

std::vector<std::string> names_in(const std::string& formula) {
  try {
    mu::Parser parser = parser_of(formula);
    std::vector<std::string> names;
    for (const auto& [name, value] : parser.GetUsedVar()) names.push_back(name);
    std::sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
      return place_of(a, formula) < place_of(b, formula);
    });
    return names;
  } catch (const mu::Parser::exception_type& error) {
    fail(formula, error);
  }
}

struct Formula::Parser {
  mu::Parser parser;
  std::string text;
  std::vector<double> predictors, parameters;  // what the parser's variables point to; never resized
};

Formula::Formula(const std::string& formula, std::vector<std::string> predictors,
                 std::vector<std::string> parameters)
    : parser_(std::make_unique<Parser>()) {
  const std::vector<std::string> used = names_in(formula);
  const auto contains = [](const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  for (const std::string& name : used) {
    if (!contains(predictors, name) && !contains(parameters, name))
      throw FormulaError(
          fmt::format("formula \"{}\": '{}' is neither a predictor nor a parameter with a starting value",
                      formula, name),
          place_of(name, formula));
  }
  for (const std::string& name : parameters) {
    if (!contains(used, name))
      throw FormulaError(
          fmt::format("formula \"{}\": the parameter '{}' does not occur in it", formula, name), 0);
  }
  parser_->text = formula;
  parser_->parser = parser_of(formula);
  parser_->predictors.assign(predictors.size(), 0.0);
  parser_->parameters.assign(parameters.size(), 0.0);
  try {
    for (std::size_t i = 0; i < predictors.size(); ++i)
      if (contains(used, predictors[i])) parser_->parser.DefineVar(predictors[i], &parser_->predictors[i]);
    for (std::size_t i = 0; i < parameters.size(); ++i)
      parser_->parser.DefineVar(parameters[i], &parser_->parameters[i]);
    int values = 0;
    parser_->parser.Eval(values);
    if (values != 1) {
      const std::size_t comma = formula.find(',') + 1;
      throw FormulaError(fmt::format("formula \"{}\": a comma separates {} values where one is needed "
                                     "(character {}); decimals have a "
                                     "point",
                                     formula, values, comma),
                         comma);
    }
  } catch (const mu::Parser::exception_type& error) {
    fail(formula, error);
  }
}

Formula::~Formula() = default;
Formula::Formula(Formula&&) noexcept = default;
Formula& Formula::operator=(Formula&&) noexcept = default;

void Formula::evaluate(std::span<const std::vector<double>> columns, std::span<const double> parameters,
                       std::span<double> out) const {
  Parser& p = *parser_;
  if (columns.size() != p.predictors.size() || parameters.size() != p.parameters.size())
    throw StatisticsError(
        fmt::format("formula \"{}\": {} predictors and {} parameters given, {} and {} needed", p.text,
                    columns.size(), parameters.size(), p.predictors.size(), p.parameters.size()));
  std::copy(parameters.begin(), parameters.end(), p.parameters.begin());
  try {
    for (std::size_t i = 0; i < out.size(); ++i) {
      for (std::size_t k = 0; k < columns.size(); ++k) p.predictors[k] = columns[k][i];
      out[i] = p.parser.Eval();
    }
  } catch (const mu::Parser::exception_type& error) {
    fail(p.text, error);
  }
}

Prediction Formula::prediction(std::span<const std::vector<double>> columns) const {
  return [this, columns](std::span<const double> parameters, std::span<double> out) {
    evaluate(columns, parameters, out);
  };
}

}  // namespace stroma::stats
