// Faults 1 to 4 and 8, as far as the readers and the validators of core show them: every problem of a file in
// one list, each with file, line and column, and nothing guessed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <locale>
#include <string>
#include <vector>

#include "core/csv.hpp"
#include "core/section.hpp"
#include "core/table.hpp"
#include "io/csv.hpp"
#include "io/toml.hpp"

namespace stroma::io {
namespace io_bad_input {

using core::Range;
using testing::ElementsAre;
using testing::HasSubstr;
namespace dim = core::dimension;

std::vector<std::string> printed(const core::Diagnostics& problems) {
  std::vector<std::string> out;
  try {
    problems.throw_if_any();
  } catch (const core::InputError& error) {
    for (const core::Diagnostic& d : error.diagnostics()) out.push_back(core::to_string(d));
  }
  return out;
}

TEST(BadExperiment, every_problem_is_reported_at_once_with_its_place) {
  core::Diagnostics problems;
  const core::Node root = read_toml(
      "titel = \"CAF\"\n"  // 1: misspelt
      "[plate]\n"
      "volume = \"100 min\"\n"          // 3: wrong dimension
      "duration = \"48\"\n"             // 4: unit missing
      "dose = \"0,25 uM\"\n"            // 5: decimal comma
      "radius = \"-3 um\"\n"            // 6: negative
      "diffusion = \"nan um^2/min\"\n"  // 7: NaN
      "decay = \"1e400 1/min\"\n"       // 8: beyond double
      "rate = \"1e-310 1/min\"\n"       // 9: denormal
      "level = inf\n"                   // 10: infinity
      "wells_per_arm = 0\n"             // 11: out of range
      "convertible = \"3 mmol/L\"\n"    // fine: converted
      "[palte]\n",                      // 13: unknown section
      "e.toml", problems);
  const core::Keys plate_keys{
      "plate",
      "",
      {core::quantity_key("volume", dim::volume, Range::positive(), ""),
       core::quantity_key("duration", dim::time, Range::positive(), ""),
       core::quantity_key("dose", dim::concentration, Range::non_negative(), ""),
       core::quantity_key("radius", dim::length, Range::positive(), ""),
       core::quantity_key("diffusion", dim::diffusivity, Range::positive(), ""),
       core::quantity_key("decay", dim::rate, Range::non_negative(), ""),
       core::quantity_key("rate", dim::rate, Range::non_negative(), ""),
       core::number_key("level", Range::any(), ""), core::whole_key("wells_per_arm", 1, 96, ""),
       core::quantity_key("convertible", dim::concentration, Range::positive(), "")}};
  const core::Keys keys{
      "", "", {core::text_key("title", "").required(), core::table_key("plate", plate_keys, "")}};
  core::Section top(root, keys, problems);
  top.text("title");
  const core::Node* node = top.node("plate");
  ASSERT_NE(node, nullptr);
  core::Section plate(*node, plate_keys, problems);
  for (const char* key : {"volume", "duration", "dose", "radius", "diffusion", "decay", "rate"})
    plate.quantity(key);
  plate.node("level");
  plate.whole("wells_per_arm");
  EXPECT_DOUBLE_EQ(plate.quantity("convertible"), 3e6);
  plate.finish();
  top.finish();
  EXPECT_THAT(
      printed(problems),
      ElementsAre(
          testing::AllOf(HasSubstr("e.toml:1:1: title is missing")),
          testing::AllOf(HasSubstr("e.toml:1:1: unknown key 'titel'"), HasSubstr("did you mean 'title'?")),
          testing::AllOf(HasSubstr("e.toml:3:10:"), HasSubstr("a time"), HasSubstr("a volume (such as uL)")),
          testing::AllOf(HasSubstr("e.toml:4:12:"), HasSubstr("no unit"), HasSubstr("\"48 h\"")),
          testing::AllOf(HasSubstr("e.toml:5:8:"), HasSubstr("decimal comma")),
          testing::AllOf(HasSubstr("e.toml:6:10:"), HasSubstr("allowed is above 0 um")),
          testing::AllOf(HasSubstr("e.toml:7:13:"), HasSubstr("not a number")),
          testing::AllOf(HasSubstr("e.toml:8:9:"), HasSubstr("outside the range of numbers")),
          testing::AllOf(HasSubstr("e.toml:9:8:"), HasSubstr("too small")),
          testing::AllOf(HasSubstr("e.toml:10:9:"), HasSubstr("not a finite number")),
          testing::AllOf(HasSubstr("e.toml:11:17:"), HasSubstr("from 1 to 96")),
          testing::AllOf(HasSubstr("e.toml:13:2: unknown key 'palte'"), HasSubstr("did you mean 'plate'?"))));
}

TEST(BadExperiment, a_duplicate_key_names_both_places) {
  core::Diagnostics problems;
  read_toml("[plate]\nvolume = \"1 uL\"\nwells = 3\nvolume = \"2 uL\"\n", "e.toml", problems);
  EXPECT_THAT(printed(problems), ElementsAre(testing::AllOf(HasSubstr("e.toml:4:"), HasSubstr("e.toml:2:1"),
                                                            HasSubstr("duplicate-key"))));
}

struct CommaPunctuation : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

TEST(Locale, files_mean_the_same_under_a_locale_with_decimal_commas) {
  const std::locale before = std::locale::global(std::locale(std::locale::classic(), new CommaPunctuation));
  core::Diagnostics problems;
  const core::Node root = read_toml("a = 1234.5\nb = 12345\n", "e.toml", problems);
  EXPECT_EQ(root.find("a")->number, 1234.5);
  EXPECT_EQ(root.find("a")->text, "1234.5");
  EXPECT_EQ(root.find("b")->text, "12345");
  const std::vector<std::string> columns = {"x", "n"};
  const std::vector<std::vector<core::CsvValue>> rows = {{1234.5, std::int64_t{12345}}};
  EXPECT_EQ(core::write_csv(columns, rows), "x,n\n1234.5,12345\n");
  std::locale::global(before);
  EXPECT_TRUE(problems.empty());
}

TEST(BadTable, damage_and_wrong_values_are_reported_together) {
  core::Diagnostics problems;
  static constexpr char text[] =
      "\xEF\xBB\xBFid,dose,note\r\n"
      "a,1 uM,fine\r\n"
      "\r\n"
      "b,0,1 uM,x\r\n"    // 4: a decimal comma splits the number
      "c,3 min,\xE9\r\n"  // 5: wrong dimension, and Latin-1
      "d,2 uM,\r\n"
      "e,1 uM,x,\r\n"     // 7: a trailing comma
      "f,5\r\n"           // 8: ragged, and no unit
      "g,1 uM,n\0l\r\n";  // 9: NUL
  const core::Table table = read_csv(std::string_view(text, sizeof text - 1), "t.csv", {}, problems);
  EXPECT_TRUE(core::check_columns(table, {"id", "dose"}, {"note"}, problems));
  for (std::size_t i = 0; i < table.rows.size(); ++i)
    core::Row(table, i, problems).quantity("dose", dim::concentration, Range::positive());
  EXPECT_THAT(
      printed(problems),
      ElementsAre(HasSubstr("t.csv:4:3: dose: '0' has no unit"),
                  HasSubstr("t.csv:4:10: row 2 has 4 fields instead of 3"),
                  HasSubstr("t.csv:5:3: dose: '3 min' is a time"), HasSubstr("t.csv:5:9: the byte 0xE9"),
                  HasSubstr("t.csv:7:10: row 5 ends with a comma"),

                  HasSubstr("t.csv:8:3: row 6 has 2 fields instead of 3"),
                  HasSubstr("t.csv:8:3: dose: '5' has no unit"), HasSubstr("t.csv:9:9: a NUL byte")));
}

TEST(BadTable, a_field_of_many_megabytes_is_one_problem) {
  core::Diagnostics problems;
  read_csv("id,note\na," + std::string(50'000'000, 'x') + "\nb,fine\n", "t.csv", {}, problems);
  EXPECT_THAT(printed(problems), ElementsAre(HasSubstr("t.csv:2:3: the field is longer than 1048576 bytes")));
}

}  // namespace io_bad_input
}  // namespace stroma::io
