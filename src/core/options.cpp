#include "core/options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/errors.hpp"
#include "core/units.hpp"

namespace stroma::core {
namespace {

template <class T>
constexpr bool is_list =
    std::is_same_v<T, std::vector<std::string>> || std::is_same_v<T, std::vector<std::filesystem::path>>;

bool same_letters(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

template <class T>
std::optional<T> whole_number(const std::string& word) {
  T value{};
  const char* const end = word.data() + word.size();
  const auto [at, error] = std::from_chars(word.data(), end, value);
  if (error != std::errc() || at != end) return std::nullopt;
  return value;
}

// A text as it was written, a path or a number as it is printed.
std::string written(const std::string& value) {
  return value;
}
std::string written(const std::filesystem::path& value) {
  return value.string();
}
template <class Number>
std::string written(const Number& value) {
  return fmt::format("{}", value);
}

}  // namespace

std::string to_string(OptionKind kind) {
  switch (kind) {
    case OptionKind::flag:
      return "flag";
    case OptionKind::whole:
      return "whole number";
    case OptionKind::number:
      return "number";
    case OptionKind::text:
      return "text";
    case OptionKind::quantity:
      return "quantity";
    case OptionKind::path:
      return "path";
  }
  throw InternalError("an option without a kind");
}

Option::Option(std::string names, Target target, std::string help) : target_(target), help_(std::move(help)) {
  for (std::size_t at = 0; at <= names.size();) {
    const std::size_t end = std::min(names.find(',', at), names.size());
    names_.push_back(names.substr(at, end - at));
    at = end + 1;
  }
}

Option& Option::required() {
  required_ = true;
  return *this;
}

Option& Option::range(double low, double high) {
  low_ = low;
  high_ = high;
  return *this;
}

Option& Option::positive() {
  low_ = 0.0;
  above_ = true;
  return *this;
}

Option& Option::not_negative() {
  low_ = 0.0;
  return *this;
}

Option& Option::choices(std::vector<std::string> choices) {
  choices_ = std::move(choices);
  return *this;
}

Option& Option::any_case() {
  any_case_ = true;
  return *this;
}

Option& Option::in(std::string unit) {
  unit_ = std::move(unit);
  return *this;
}

Option& Option::says_default() {
  default_ = fmt::format("{}", fmt::join(values(), ","));
  return *this;
}

Option& Option::repeated() {
  repeated_ = true;
  return *this;
}

Option& Option::separated(char by) {
  separator_ = by;
  return *this;
}

Option& Option::needs(std::string other) {
  needed_.push_back(std::move(other));
  return *this;
}

Option& Option::excludes(std::string other) {
  excluded_.push_back(std::move(other));
  return *this;
}

const std::string& Option::name() const {
  for (const std::string& name : names_)
    if (name.starts_with("--")) return name;
  return names_.front();
}

bool Option::is_named(std::string_view name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

bool Option::list() const {
  return std::visit([](auto* to) { return is_list<std::remove_pointer_t<decltype(to)>>; }, target_);
}

OptionKind Option::kind() const {
  const auto of = [&](auto* to) {
    using T = std::remove_pointer_t<decltype(to)>;
    if constexpr (std::is_same_v<T, bool>) return OptionKind::flag;
    if constexpr (std::is_same_v<T, double> || std::is_same_v<T, std::optional<double>>)
      return OptionKind::number;
    if constexpr (std::is_same_v<T, std::filesystem::path> ||
                  std::is_same_v<T, std::vector<std::filesystem::path>>)
      return OptionKind::path;
    if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, std::vector<std::string>>)
      return unit_.empty() ? OptionKind::text : OptionKind::quantity;
    return OptionKind::whole;
  };
  return std::visit(of, target_);
}

std::vector<std::string> Option::values() const {
  std::vector<std::string> out;
  const auto read = [&](auto* from) {
    using T = std::remove_pointer_t<decltype(from)>;
    if constexpr (is_list<T>)
      for (const auto& one : *from) out.push_back(written(one));
    else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, std::filesystem::path>) {
      if (!from->empty()) out.push_back(written(*from));
    } else if constexpr (std::is_same_v<T, bool>) {
      if (*from) out.push_back("true");
    } else if constexpr (requires { from->has_value(); }) {
      if (*from) out.push_back(written(**from));
    } else
      out.push_back(written(*from));
  };
  std::visit(read, target_);
  return out;
}

std::string Option::check_number(double value, const std::string& word) const {
  const bool low = low_ && (above_ ? !(value > *low_) : !(value >= *low_));
  if (!low && !(high_ && value > *high_)) return {};
  if (above_) return fmt::format("{} is not above {}", word, *low_);
  if (!high_) return fmt::format("{} is below {}", word, *low_);
  return fmt::format("{} is not in the range {} to {}", word, *low_, *high_);
}

std::string Option::check_choice(std::string& word) const {
  if (choices_.empty()) return {};
  for (const std::string& choice : choices_)
    if (any_case_ ? same_letters(choice, word) : choice == word) {
      word = choice;
      return {};
    }
  const std::string near = nearest(word, choices_);
  return fmt::format("'{}' is none of {}{}", word, fmt::join(choices_, ", "),
                     near.empty() ? "" : fmt::format("; did you mean '{}'?", near));
}

std::string Option::assign(std::span<const std::string> words) const {
  std::vector<std::string> given;
  for (const std::string& word : words) {
    std::size_t at = 0;
    for (std::size_t end = 0; separator_ != '\0' && (end = word.find(separator_, at)) != std::string::npos;
         at = end + 1)
      given.push_back(word.substr(at, end - at));
    given.push_back(word.substr(at));
  }
  for (std::string& word : given)
    if (std::string wrong = check_choice(word); !wrong.empty()) return wrong;
  const auto set = [&](auto* to) -> std::string {
    using T = std::remove_pointer_t<decltype(to)>;
    if constexpr (is_list<T>) {
      if (given.empty()) return "a value is missing";
      *to = T(given.begin(), given.end());
      return {};
    } else if constexpr (std::is_same_v<T, bool>) {
      if (given.size() > 1 || (!given.empty() && given[0] != "true" && given[0] != "false"))
        return "takes no value";
      *to = given.empty() || given[0] == "true";
      return {};
    } else {
      if (given.size() != 1) return given.empty() ? "a value is missing" : "takes one value";
      const std::string& word = given.front();
      if constexpr (std::is_same_v<T, double> || std::is_same_v<T, std::optional<double>>) {
        const ParsedNumber number = parse_number(word);
        if (!number.error.empty() || !std::isfinite(number.value))
          return fmt::format("'{}' is no number", word);
        std::string wrong = check_number(number.value, word);
        if (wrong.empty()) *to = number.value;
        return wrong;
      } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, std::filesystem::path>) {
        *to = word;
        return {};
      } else {
        using Whole = std::conditional_t<std::is_same_v<T, int> || std::is_same_v<T, std::optional<int>>, int,
                                         std::uint64_t>;
        const std::optional<Whole> number = whole_number<Whole>(word);
        if (!number)
          return fmt::format("'{}' is no whole number{}", word, std::is_signed_v<Whole> ? "" : " from 0 on");
        std::string wrong = check_number(static_cast<double>(*number), word);
        if (wrong.empty()) *to = *number;
        return wrong;
      }
    }
  };
  return std::visit(set, target_);
}

const Option* Options::find(std::string_view name) const {
  const auto found =
      std::find_if(all_.begin(), all_.end(), [&](const Option& option) { return option.is_named(name); });
  return found == all_.end() ? nullptr : &*found;
}

void Options::assign(std::string_view name, std::span<const std::string> words, Diagnostics& problems) const {
  const Option* option = find(name);
  if (option == nullptr) {
    std::vector<std::string> known;
    for (const Option& one : all_) known.push_back(one.name());
    problems.add("unknown-option", {}, std::string(name), fmt::format("there is no option '{}'", name),
                 did_you_mean(name, known));
    return;
  }
  if (std::string wrong = option->assign(words); !wrong.empty())
    problems.add("bad-value", {}, option->name(), fmt::format("{}: {}", option->name(), wrong));
}

void Options::check(std::span<const std::string> given, Diagnostics& problems) const {
  const auto there = [&](const Option& option) {
    return std::any_of(given.begin(), given.end(),
                       [&](const std::string& name) { return option.is_named(name); });
  };
  const auto is_given = [&](const std::string& name) {
    const Option* option = find(name);
    if (option == nullptr) throw InternalError("an option refers to one that is not there: " + name);
    return there(*option);
  };
  for (const Option& option : all_) {
    const std::string& name = option.name();
    if (option.is_required() && !there(option))
      problems.add("missing-option", {}, name, fmt::format("{} is required", name));
    if (!there(option)) continue;
    for (const std::string& other : option.needed())
      if (!is_given(other))
        problems.add("missing-option", {}, name, fmt::format("{} requires {}", name, other));
    for (const std::string& other : option.excluded())
      if (is_given(other))
        problems.add("excluded-option", {}, name, fmt::format("{} excludes {}", name, other));
  }
}

}  // namespace stroma::core
