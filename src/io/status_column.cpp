#include "io/status_column.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "core/reading.hpp"
#include "io/sheet.hpp"

namespace stroma::io {
namespace {

enum class Meaning { event, none, yes, no, unknown };

using Names = std::span<const std::string_view>;

bool is_in(Names names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 26> event_words{
    "dead",          "died",       "death",         "deceased",           "event",
    "events",        "progressed", "progressor",    "progression",        "relapse",
    "relapsed",      "recurrence", "recurred",      "recurredprogressed", "failed",
    "failure",       "expired",    "exitus",        "deathevent",         "dod",
    "diedofdisease", "metastasis", "deadofdisease", "recurrent",          "deadwithtumor",
    "killed"};
constexpr std::array<std::string_view, 33> none_words{"alive",
                                                      "living",
                                                      "live",
                                                      "censored",
                                                      "censor",
                                                      "noevent",
                                                      "none",
                                                      "lost",
                                                      "losttofollowup",
                                                      "ltfu",
                                                      "lostfollowup",
                                                      "withdrawn",
                                                      "diseasefree",
                                                      "eventfree",
                                                      "progressionfree",
                                                      "relapsefree",
                                                      "tumorfree",
                                                      "tumourfree",
                                                      "recurrencefree",
                                                      "ongoing",
                                                      "survived",
                                                      "surviving",
                                                      "survivor",
                                                      "stillalive",
                                                      "notdead",
                                                      "notprogressed",
                                                      "norelapse",
                                                      "norecurrence",
                                                      "noprogression",
                                                      "ned",
                                                      "endofstudy",
                                                      "aliveordeadtumorfree",
                                                      "nonevent"};

/// A distinct value of the column.
struct Value {
  std::string text;  // as written
  std::string word;  // plain, without a code in front
  std::string code;  // "1" of 1:DECEASED; of a number the number itself; else empty
  std::size_t rows = 0;
  core::Place first;
  Meaning meaning = Meaning::unknown;
};

/// "1:DECEASED" -> {"1", "deceased"}; "2.0" -> {"2", ""}; "Dead" -> {"", "dead"}.
void take_apart(Value& v, long double number) {
  const std::size_t colon = v.text.find(':');
  const bool coded = colon != std::string::npos && colon > 0 &&
                     v.text.find_first_not_of("0123456789") == colon && colon + 1 < v.text.size();
  if (coded) {
    v.code = v.text.substr(0, colon);
    for (const char c : v.text.substr(colon + 1))
      if (c != '/' && c != ',' && c != ';') v.word += c;
    v.word = plain_name(v.word);
  } else if (!std::isnan(number)) {
    v.code = fmt::format("{:g}", static_cast<double>(number));
  } else {
    v.word = plain_name(v.text);
  }
}

Meaning meaning_of(const Value& v) {
  constexpr std::array<std::string_view, 4> yes{"yes", "y", "true", "t"}, no{"no", "n", "false", "f"};
  if (is_in(event_words, v.word)) return Meaning::event;
  if (is_in(none_words, v.word)) return Meaning::none;
  if (is_in(yes, v.word)) return Meaning::yes;
  if (is_in(no, v.word)) return Meaning::no;
  if (v.code == "1") return Meaning::yes;
  if (v.code == "0") return Meaning::no;
  return Meaning::unknown;
}

std::vector<Value> values_of(const PlainColumn& column) {
  std::vector<Value> values;
  for (std::size_t row = 0; row < column.texts.size(); ++row) {
    if (column.texts[row].empty()) continue;
    Value v{column.texts[row], {}, {}, 1, column.places[row], Meaning::unknown};
    take_apart(v, column.values[row]);
    const auto same = std::find_if(values.begin(), values.end(), [&](const Value& other) {
      return other.word == v.word && other.code == v.code;
    });
    if (same != values.end())
      ++same->rows;
    else
      values.push_back(std::move(v));
    constexpr std::size_t most = 200;  // of which no column of status has as many
    if (values.size() > most) break;
  }
  for (Value& v : values) v.meaning = meaning_of(v);
  return values;
}

std::size_t rows_of(const std::vector<Value>& values) {
  std::size_t n = 0;
  for (const Value& v : values) n += v.rows;
  return n;
}

std::string quoted(const std::string& text) {
  return text.find_first_of(" \t'\"$&|;<>()") == std::string::npos ? text : fmt::format("\"{}\"", text);
}

/// "'0' (37 rows), '1' (60 rows)".
std::string counted(const std::vector<Value>& values) {
  std::vector<std::string> parts;
  constexpr std::size_t most = 8;
  for (const Value& v : values) {
    if (parts.size() == most) {
      parts.push_back(fmt::format("and {} more", values.size() - most));
      break;
    }
    parts.push_back(fmt::format("'{}' ({} row{})", v.text.substr(0, 40), v.rows, v.rows == 1 ? "" : "s"));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

core::Choice choice_of(const std::vector<const Value*>& events, std::size_t of) {
  std::vector<std::string> names, arguments;
  std::size_t n = 0;
  for (const Value* v : events) {
    names.push_back(v->text);
    arguments.push_back(v->text.find(',') == std::string::npos ? v->text : v->word);
    n += v->rows;
  }
  return {fmt::format("{} {} the event: {} events of {}", fmt::join(names, " and "),
                      names.size() == 1 ? "is" : "are", n, of),
          fmt::format("--event {}", quoted(fmt::format("{}", fmt::join(arguments, ","))))};
}

/// Every value as the event, and all but the smallest where there are three or more codes.
void ask(const PlainColumn& column, const std::vector<Value>& values, const std::string& why,
         const std::string& command, core::Diagnostics& problems) {
  std::vector<core::Choice> readings;
  const std::size_t of = rows_of(values);
  constexpr std::size_t most = 4;
  for (std::size_t i = 0; i < std::min(most, values.size()); ++i)
    readings.push_back(choice_of({&values[i]}, of));
  if (values.size() > 2 && values.size() <= most) {
    const auto least = std::min_element(values.begin(), values.end(),
                                        [](const Value& a, const Value& b) { return a.text < b.text; });
    std::vector<const Value*> others;
    for (const Value& v : values)
      if (&v != &*least) others.push_back(&v);
    readings.push_back(choice_of(others, of));
  }
  problems.add("ask-status", column.place, column.name,
               fmt::format("{}: {}; the column holds {}", column.name, why, counted(values)),
               core::choices(command, readings));
}

/// As the user said.
bool apply_given(const PlainColumn& column, std::vector<Value>& values, const std::vector<std::string>& event,
                 core::Diagnostics& problems) {
  for (Value& v : values) v.meaning = Meaning::none;
  bool all = true;
  for (const std::string& wanted : event) {
    Value w{wanted, {}, {}, 0, {}, Meaning::unknown};
    const core::ParsedNumber number = core::parse_number(wanted);
    take_apart(w, number.error.empty() ? static_cast<long double>(number.value)
                                       : std::numeric_limits<long double>::quiet_NaN());
    bool found = false;
    for (Value& v : values)
      if (v.text == wanted || (v.word == w.word && v.code == w.code) ||
          (w.code.empty() && !w.word.empty() && v.word == w.word) ||
          (w.word.empty() && !w.code.empty() && v.code == w.code)) {
        v.meaning = Meaning::event;
        found = true;
      }
    if (!found)
      problems.add(
          "unknown-event", column.place, "--event",
          fmt::format("no row of '{}' holds '{}'; it holds {}", column.name, wanted, counted(values)),
          "name the values that mean the event, separated by commas");
    all = all && found;
  }
  return all;
}

/// Codes 1 and 2 without 0: the second is the event, as R's survival package has it.
bool is_one_and_two(const std::vector<Value>& values) {
  bool two = false;
  for (const Value& v : values) {
    if (!v.word.empty() || (v.code != "1" && v.code != "2")) return false;
    two = two || v.code == "2";
  }
  return two;
}

/// CDISC's CNSR: 0 is the event, every other number a reason for censoring.
bool is_cnsr(const PlainColumn& column, const std::vector<Value>& values) {
  return plain_name(column.name) == "cnsr" &&
         std::all_of(values.begin(), values.end(), [](const Value& v) { return v.word.empty(); });
}

/// Settles yes and no by the direction, and unknown words by the codes in front of them. False: it was asked
/// or refused.
bool settle(const PlainColumn& column, std::vector<Value>& values, const std::string& command, bool& assumed,
            core::Diagnostics& problems) {
  const StatusDirection direction = direction_of_status(column.name);
  if (is_cnsr(column, values)) {
    for (Value& v : values) v.meaning = v.code == "0" ? Meaning::event : Meaning::none;
    return true;
  }
  if (is_one_and_two(values)) {
    if (direction == StatusDirection::no_event || direction == StatusDirection::ambiguous) {
      ask(column, values, "1 and 2 under this name could mean either", command, problems);
      return false;
    }
    for (Value& v : values) v.meaning = v.code == "2" ? Meaning::event : Meaning::none;
    assumed = true;
    return true;
  }
  const auto has = [&](Meaning m) {
    return std::any_of(values.begin(), values.end(), [&](const Value& v) { return v.meaning == m; });
  };
  if (has(Meaning::unknown)) {
    std::size_t known = 0, rows = 0;
    const Value* first = nullptr;
    std::vector<std::string> unknown;
    for (const Value& v : values) {
      known += v.meaning != Meaning::unknown ? v.rows : 0;
      rows += v.rows;
      if (v.meaning != Meaning::unknown) continue;
      unknown.push_back(fmt::format("'{}'", v.text.substr(0, 40)));
      if (first == nullptr) first = &v;
    }
    const bool numbers =
        std::all_of(values.begin(), values.end(), [](const Value& v) { return v.word.empty(); });
    const bool both = (has(Meaning::event) || has(Meaning::yes)) && (has(Meaning::none) || has(Meaning::no));
    if ((numbers || !both) && values.size() <= 10) {
      ask(column, values, "which of its values is the event is not known", command, problems);
      return false;
    }
    if (unknown.size() > 5) unknown.resize(5), unknown.push_back("...");
    problems.add("bad-status", first->first, column.name,
                 fmt::format("{}: {} {} no status ({} of {} rows)", column.name, fmt::join(unknown, ", "),
                             unknown.size() == 1 ? "is" : "are", rows - known, rows),
                 "write 1 (event) and 0 (censored), or words: dead, alive, event, censored, yes, no; or name "
                 "the values that mean the event with --event");
    return false;
  }
  if (!has(Meaning::yes) && !has(Meaning::no)) return true;
  if (direction == StatusDirection::ambiguous) {
    ask(column, values,
        "columns of this name are used both ways: for who was censored, and for who had the event", command,
        problems);
    return false;
  }
  assumed = direction == StatusDirection::unknown;
  for (Value& v : values)
    if (v.meaning == Meaning::yes || v.meaning == Meaning::no)
      v.meaning = (v.meaning == Meaning::yes) == (direction != StatusDirection::no_event) ? Meaning::event
                                                                                          : Meaning::none;
  return true;
}

std::string coding_of(const std::vector<Value>& values) {
  std::vector<std::string> event, none;
  for (const Value& v : values) (v.meaning == Meaning::event ? event : none).push_back(v.text.substr(0, 40));
  constexpr std::size_t most = 4;
  for (std::vector<std::string>* list : {&event, &none})
    if (list->size() > most) list->resize(most), list->push_back("...");
  std::string text;
  if (!event.empty()) text = fmt::format("{} = event", fmt::join(event, ", "));
  if (!none.empty()) text += fmt::format("{}{} = censored", text.empty() ? "" : "; ", fmt::join(none, ", "));
  return text;
}

}  // namespace

StatusDirection direction_of_status(std::string_view name) {
  const std::string plain = plain_name(name);
  const auto holds = [&](std::string_view word) { return plain.find(word) != std::string::npos; };
  if (holds("uncensored") || holds("notcensored") || holds("noncensored")) return StatusDirection::event;
  constexpr std::array<std::string_view, 8> inverse{"alive",     "isalive",  "living",     "survived",
                                                    "surviving", "survivor", "stillalive", "cnsr"};
  if (holds("censored") || is_in(inverse, plain) || (plain.ends_with("free") && plain.size() > 4))
    return StatusDirection::no_event;
  // Haberman's "survival status" is 1 for who survived, others' is 1 for who died.
  if (holds("cens") || holds("surviv")) return StatusDirection::ambiguous;
  constexpr std::array<std::string_view, 14> direct{"status",  "event",   "dead",      "death",    "died",
                                                    "decease", "relapse", "recur",     "progress", "fail",
                                                    "fustat",  "delta",   "mortality", "metasta"};
  constexpr std::array<std::string_view, 13> endpoints{"os",  "pfs", "dfs", "dss", "pfi", "dfi", "rfs",
                                                       "efs", "ttp", "mfs", "lfs", "css", "dmfs"};
  if (std::any_of(direct.begin(), direct.end(), holds) || is_in(endpoints, plain))
    return StatusDirection::event;
  return StatusDirection::unknown;
}

std::optional<StatusReading> read_status(const PlainColumn& column, const std::vector<std::string>& event,
                                         const std::string& command, core::Diagnostics& problems) {
  std::vector<Value> values = values_of(column);
  StatusReading reading;
  if (values.empty()) {
    problems.add("empty", column.place, column.name,
                 fmt::format("{}: the column has no values", column.name));
    return std::nullopt;
  }
  if (!event.empty()) {
    if (!apply_given(column, values, event, problems)) return std::nullopt;
  } else if (!settle(column, values, command, reading.assumed, problems)) {
    return std::nullopt;
  }
  for (std::size_t row = 0; row < column.texts.size(); ++row) {
    Value v{column.texts[row], {}, {}, 0, {}, Meaning::unknown};
    if (v.text.empty()) {
      reading.event.push_back(-1);
      continue;
    }
    take_apart(v, column.values[row]);
    const auto known = std::find_if(values.begin(), values.end(), [&](const Value& other) {
      return other.word == v.word && other.code == v.code;
    });
    reading.event.push_back(known != values.end() && known->meaning == Meaning::event ? 1 : 0);
  }
  reading.coding = coding_of(values);
  return reading;
}

}  // namespace stroma::io
