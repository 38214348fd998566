#include "core/reading.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stroma::core {

std::string to_string(Basis basis) {
  switch (basis) {
    case Basis::given:
      return "given";
    case Basis::found:
      return "found";
    case Basis::assumed:
      return "assumed";
  }
  return {};
}

std::string to_string(const Fact& fact) {
  if (fact.basis == Basis::assumed)
    return fact.option.empty()
               ? fmt::format("{}: {} (assumed)", fact.about, fact.what)
               : fmt::format("{}: {} (assumed; {} says otherwise)", fact.about, fact.what, fact.option);
  if (fact.basis == Basis::given && !fact.option.empty())
    return fmt::format("{}: {} ({})", fact.about, fact.what, fact.option);
  return fmt::format("{}: {}", fact.about, fact.what);
}

void Understanding::add(Fact fact) {
  const bool there = std::any_of(facts_.begin(), facts_.end(),
                                 [&](const Fact& f) { return f.about == fact.about && f.what == fact.what; });
  if (!there) facts_.push_back(std::move(fact));
}

void Understanding::given(std::string about, std::string what, std::string option) {
  add({std::move(about), std::move(what), Basis::given, std::move(option)});
}

void Understanding::found(std::string about, std::string what, std::string option) {
  add({std::move(about), std::move(what), Basis::found, std::move(option)});
}

void Understanding::assumed(std::string about, std::string what, std::string option) {
  add({std::move(about), std::move(what), Basis::assumed, std::move(option)});
}

void Understanding::append(const Understanding& other) {
  for (const Fact& fact : other.facts_) add(fact);
}

std::string choices(const std::string& command, std::span<const Choice> readings) {
  std::string out = "say which is meant:";
  for (const Choice& choice : readings)
    out += fmt::format("\n      {}:\n        {}{}{}", choice.meaning,
                       choice.command.empty() ? command : choice.command, choice.arguments.empty() ? "" : " ",
                       choice.arguments);
  return out;
}

}  // namespace stroma::core
