// What Stroma writes it reads back, and no bytes make a reader fail in another way than by saying what is
// wrong.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "core/csv.hpp"
#include "core/diagnostics.hpp"
#include "core/units.hpp"
#include "io/csv.hpp"
#include "io/fcs.hpp"
#include "io/toml.hpp"

namespace stroma::io {
namespace io_round_trips {

// Texts of the characters that matter to the format, and of any letter.
rc::Gen<std::string> text() {
  const auto piece =
      rc::gen::element<std::string>("a", "Z", "0", ",", ";", "\t", "\"", "'", "=", "+", "-", "@", "#", " ",
                                    "\n", "\r\n", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x94\xAC", "|", "/");
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                      [](const std::vector<std::string>& pieces) {
                        std::string out;
                        for (const std::string& p : pieces) out += p;
                        return out;
                      });
}

RC_GTEST_PROP(Csv, texts_and_numbers_are_read_back_exactly, ()) {
  const std::size_t columns = static_cast<std::size_t>(*rc::gen::inRange(1, 5));
  const std::size_t rows = static_cast<std::size_t>(*rc::gen::inRange(0, 6));
  const char delimiter = *rc::gen::element(',', '\t');
  std::vector<std::string> header;
  for (std::size_t i = 0; i < columns; ++i) header.push_back("c" + std::to_string(i));
  std::vector<std::vector<core::CsvValue>> values(rows);
  for (auto& row : values)
    for (std::size_t i = 0; i < columns; ++i) {
      if (*rc::gen::arbitrary<bool>())
        row.emplace_back(*text());
      else
        row.emplace_back(*rc::gen::arbitrary<double>());
    }
  CsvOptions options;
  options.delimiter = delimiter;
  options.comments = *rc::gen::arbitrary<bool>();
  core::Diagnostics problems;
  const core::Table table = read_csv(core::write_csv(header, values, delimiter), "t", options, problems);
  RC_ASSERT(problems.empty());
  RC_ASSERT(table.rows.size() == rows);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) {
      const std::string& cell = table.rows[r][c].text;
      if (const auto* written = std::get_if<std::string>(&values[r][c])) RC_ASSERT(cell == *written);
      if (const auto* number = std::get_if<double>(&values[r][c]))
        RC_ASSERT(core::parse_number(cell).value == *number);
    }
}

RC_GTEST_PROP(Csv, any_bytes_give_whole_rows_or_problems_with_places, (const std::string& bytes)) {
  core::Diagnostics problems;
  const core::Table table = read_csv(bytes, "t", {}, problems);
  for (const auto& row : table.rows) RC_ASSERT(row.size() == table.header.size());
  for (const core::Diagnostic& d : problems.entries()) RC_ASSERT(d.place.line >= 1);
}

RC_GTEST_PROP(Toml, texts_and_numbers_are_read_back_exactly, ()) {
  const double number = *rc::gen::arbitrary<double>();
  const std::int64_t whole = *rc::gen::arbitrary<std::int64_t>();
  std::string quoted;
  const std::string value = *text();
  for (const char c : value) {
    if (c == '"')
      quoted += "\\\"";
    else if (c == '\n')
      quoted += "\\n";
    else if (c == '\r')
      quoted += "\\r";
    else if (c == '\t')
      quoted += "\\t";
    else
      quoted += c;
  }
  std::string written = std::to_string(number);
  core::Diagnostics problems;
  const core::Node root =
      read_toml("\"k y\" = \"" + quoted + "\"\nn = " + written + "\nw = " + std::to_string(whole) + "\n", "f",
                problems);
  RC_ASSERT(problems.empty());
  RC_ASSERT(root.find("k y")->text == value);
  RC_ASSERT(root.find("n")->text == written);
  RC_ASSERT(root.find("w")->text == std::to_string(whole));
}

RC_GTEST_PROP(Toml, any_bytes_give_a_tree_or_problems, (const std::string& bytes)) {
  core::Diagnostics problems;
  const core::Node root = read_toml(bytes, "f", problems);
  RC_ASSERT(root.kind == core::Node::Kind::table);
}

// Instruments pad keywords with blanks, which readers take off.
std::string unpadded(std::string value) {
  constexpr const char* blanks = " \t\r\n\v\f";
  value.erase(0, std::min(value.find_first_not_of(blanks), value.size()));
  value.erase(value.find_last_not_of(blanks) + 1);
  return value;
}

RC_GTEST_PROP(Fcs, events_and_keywords_are_read_back_exactly, ()) {
  Fcs fcs;
  const int channels = *rc::gen::inRange(1, 5);
  for (int i = 0; i < channels; ++i) {
    const std::string stain = unpadded(*text());
    fcs.channels.push_back(
        {"C" + std::to_string(i), stain, static_cast<double>(*rc::gen::inRange(1, 1 << 20))});
  }
  const int events = *rc::gen::inRange(0, 20);
  for (int i = 0; i < events * channels; ++i) fcs.events.push_back(*rc::gen::arbitrary<float>());
  const std::string note = "n" + unpadded(*text());
  fcs.keywords = {{"NOTE", note}};
  const Fcs back = read_fcs(write_fcs(fcs), "f");
  RC_ASSERT(back.events == fcs.events);
  RC_ASSERT(*back.keyword("NOTE") == note);
  for (std::size_t i = 0; i < fcs.channels.size(); ++i)
    RC_ASSERT(back.channels[i].stain == fcs.channels[i].stain);
}

RC_GTEST_PROP(Fcs, one_changed_byte_is_refused_or_read_but_never_a_crash, ()) {
  Fcs fcs;
  fcs.channels = {{"A", "stain", 1024}, {"B", "", 1024}};
  fcs.events = {1, 2, 3, 4};
  std::string bytes = write_fcs(fcs);
  bytes[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(bytes.size())))] =
      *rc::gen::arbitrary<char>();
  try {
    const Fcs back = read_fcs(bytes, "f");
    RC_ASSERT(back.events.size() == 4u);
  } catch (const core::InputError& error) {
    RC_ASSERT(error.diagnostics().size() == 1u);
  }
}

}  // namespace io_round_trips
}  // namespace stroma::io
