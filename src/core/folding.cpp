#include "core/folding.hpp"

#include <fmt/format.h>

#include <cctype>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace stroma::core {
namespace {

constexpr std::size_t alike_at_least = 4;  // diagnostics that differ in their words, before they are folded
constexpr std::size_t keys_at_least = 20;  // the same of so many keys or columns
constexpr std::size_t places_shown = 6;
constexpr std::size_t most_told = 100;  // messages that a person is shown

/// The message without what differs from cell to cell: quoted words and numbers.
std::string shape_of(const std::string& message) {
  std::string shape;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const char c = message[i];
    if (c == '\'') {
      const std::size_t end = message.find('\'', i + 1);
      if (end != std::string::npos) {
        shape += "''";
        i = end;
        continue;
      }
    }
    if (std::isdigit(static_cast<unsigned char>(c)) == 0)
      shape += c;
    else if (shape.empty() || shape.back() != '#')
      shape += '#';
  }
  return shape;
}

using Cause = std::tuple<std::string, std::string, std::string, std::string>;

Cause cause_of(const Diagnostic& d, std::string words) {
  return {d.place.file, d.code, d.key, std::move(words)};
}

void take(std::vector<Folded>& out, std::map<Cause, std::size_t>& known, const Cause& cause,
          const Diagnostic& d) {
  const auto [at, fresh] = known.insert({cause, out.size()});
  if (fresh) {
    out.push_back({d, 1, {d.place}});
    return;
  }
  Folded& folded = out[at->second];
  ++folded.count;
  folded.places.push_back(d.place);
}

}  // namespace

std::vector<Folded> fold(std::span<const Diagnostic> diagnostics) {
  std::set<std::string> other_kind;
  std::map<Cause, std::size_t> alike, alike_in_file;
  for (const Diagnostic& d : diagnostics) {
    if (d.code == "other-kind") other_kind.insert(d.place.file);
    ++alike[cause_of(d, shape_of(d.message))];
    ++alike_in_file[{d.place.file, d.code, {}, shape_of(d.message)}];
  }
  std::vector<Folded> out;
  std::map<Cause, std::size_t> known;
  std::set<std::tuple<std::string, int, int, std::string, std::string>> said;
  for (const Diagnostic& d : diagnostics) {
    if (d.code != "other-kind" && other_kind.contains(d.place.file)) continue;
    // One file that was given twice has its faults once.
    if (!said.insert({d.place.file, d.place.line, d.place.column, d.code, d.message}).second) continue;
    const std::string shape = shape_of(d.message);
    const Cause of_key = cause_of(d, shape), of_file{d.place.file, d.code, {}, shape};
    // What lies in no line is not said of a place, and is the same only where its words are.
    const bool placed = d.place.line > 0;
    if (placed && alike_in_file[of_file] >= keys_at_least)
      take(out, known, of_file, d);
    else
      take(out, known, placed && alike[of_key] >= alike_at_least ? of_key : cause_of(d, d.message), d);
  }
  return out;
}

std::string message_of(const Folded& folded) {
  if (folded.count == 1) return folded.first.message;
  std::string lines;
  std::size_t shown = 0;
  int before = 0;
  for (const Place& place : folded.places) {
    if (place.line == 0 || place.line == before) continue;
    before = place.line;
    if (++shown > places_shown) break;
    lines += fmt::format("{}{}", lines.empty() ? "" : ", ", place.line);
  }
  if (shown > places_shown) lines += ", ...";
  return fmt::format("{} ({} of this kind{})", folded.first.message, folded.count,
                     lines.empty() ? "" : (shown == 1 ? ": line " : ": lines ") + lines);
}

std::string to_string(const Folded& folded) {
  Diagnostic d = folded.first;
  d.message = message_of(folded);
  return to_string(d);
}

std::string told(std::span<const Folded> all) {
  std::string text;
  std::set<std::string> hints;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i == most_told) {
      text += fmt::format("... and {} more; --json lists all of them, where the command has it\n",
                          all.size() - i);
      break;
    }
    Folded one = all[i];
    if (!one.first.hint.empty() && !hints.insert(one.first.hint).second) one.first.hint.clear();
    text += to_string(one) + "\n";
  }
  return text;
}

}  // namespace stroma::core
