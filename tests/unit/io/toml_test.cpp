// TOML into core's tree: values, places, and every refusal.
#include "io/toml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/section.hpp"

namespace stroma::io {
namespace toml_test {

using core::Node;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Result {
  Node root;
  core::Diagnostics problems;
  std::vector<std::string> places() const {
    std::vector<std::string> out;
    for (const core::Diagnostic& d : problems.entries())
      out.push_back(d.code + " " + std::to_string(d.place.line) + ":" + std::to_string(d.place.column));
    return out;
  }
};

Result read(std::string_view text) {
  Result result;
  result.root = read_toml(text, "f.toml", result.problems);
  return result;
}

std::string at(const core::Place& place) {
  return place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

TEST(ReadToml, gives_values_in_the_order_of_the_file_with_their_places) {
  const Result r = read(
      "title = \"CAF\"\n"
      "\n"
      "[plate]\n"
      "  wells = 3\n"
      "  cells = { HepG2 = 10000, CAF = \"1e6 /mL\" }\n"
      "  doses = [\"0 uM\",\n"
      "           \"1 uM\"]\n"
      "  on = true\n"
      "[[readout]]\n"
      "assay = \"cck8\"\n"
      "[[readout]]\n"
      "assay = \"elisa\"\n");
  ASSERT_THAT(r.places(), IsEmpty());
  ASSERT_EQ(r.root.keys.size(), 3u);
  EXPECT_EQ(r.root.keys[0].first, "title");
  EXPECT_EQ(r.root.keys[1].first, "plate");
  EXPECT_EQ(r.root.keys[2].first, "readout");
  EXPECT_EQ(at(r.root.find("title")->place), "f.toml:1:9");
  EXPECT_EQ(at(r.root.find("title")->key_place), "f.toml:1:1");
  const Node& plate = *r.root.find("plate");
  EXPECT_EQ(at(plate.place), "f.toml:3:1");
  EXPECT_EQ(plate.find("wells")->kind, Node::Kind::number);
  EXPECT_EQ(plate.find("wells")->number, 3);
  EXPECT_EQ(at(plate.find("wells")->key_place), "f.toml:4:3");
  const Node& cells = *plate.find("cells");
  EXPECT_EQ(cells.keys[0].first, "HepG2");
  EXPECT_EQ(cells.keys[1].first, "CAF");
  EXPECT_EQ(at(cells.keys[1].second.place), "f.toml:5:34");
  const Node& doses = *plate.find("doses");
  EXPECT_EQ(doses.kind, Node::Kind::list);
  EXPECT_EQ(at(doses.items.at(1).place), "f.toml:7:12");
  EXPECT_TRUE(plate.find("on")->boolean);
  const Node& readout = *r.root.find("readout");
  ASSERT_EQ(readout.items.size(), 2u);
  EXPECT_EQ(readout.items[1].find("assay")->text, "elisa");
  EXPECT_EQ(at(readout.items[1].place), "f.toml:11:1");
}

TEST(ReadToml, numbers_keep_what_was_written) {
  const Result r = read(
      "a = 0.10\nb = 1_000\nc = 1e3 # note\nd = -0x10\ne = +5\nf = [1.50, 2]\ng = 9007199254740993\n\xC3\xA9 "
      "= 1\n");
  EXPECT_THAT(r.places(), ElementsAre(testing::StartsWith("bad-syntax 4")));  // TOML allows no sign before 0x
  const Result s = read(
      "a = 0.10\nb = 1_000\nc = 1e3 # note\nd = 0x10\ne = +5\nf = [1.50, 2]\ng = "
      "9007199254740993\n\"\xC3\xA9\" = 1.0\n");
  ASSERT_THAT(s.places(), IsEmpty());
  EXPECT_EQ(s.root.find("a")->text, "0.10");
  EXPECT_EQ(s.root.find("a")->number, 0.1);
  EXPECT_EQ(s.root.find("b")->text, "1000");
  EXPECT_EQ(s.root.find("c")->text, "1e3");
  EXPECT_EQ(s.root.find("d")->text, "16");
  EXPECT_EQ(s.root.find("e")->text, "+5");
  EXPECT_EQ(s.root.find("f")->items[0].text, "1.50");
  EXPECT_EQ(s.root.find("f")->items[1].text, "2");
  EXPECT_EQ(s.root.find("g")->text, "9007199254740993");
  EXPECT_EQ(s.root.find("\xC3\xA9")->text, "1.0");
}

TEST(ReadToml, a_byte_order_mark_and_crlf_are_tolerated) {
  const Result r = read(
      "\xEF\xBB\xBF"
      "a = 1.50\r\nb = 2.50\r\n");
  ASSERT_THAT(r.places(), IsEmpty());
  EXPECT_EQ(r.root.find("a")->text, "1.50");
  EXPECT_EQ(r.root.find("b")->text, "2.50");
}

TEST(ReadToml, refuses_dates_infinities_and_nan_all_at_once) {
  const Result r =
      read("a = 1979-05-27\nb = 07:32:00\nc = 1979-05-27T07:32:00Z\nd = inf\ne = -nan\nf = [1, +inf]\n");
  EXPECT_THAT(r.places(), ElementsAre("not-supported 1:5", "not-supported 2:5", "not-supported 3:5",
                                      "not-supported 4:5", "not-supported 5:5", "not-supported 6:9"));
}

TEST(ReadToml, a_number_outside_double_is_never_taken_for_another) {
  for (const char* text : {"a = 1e400\n", "a = -1e400\n"})
    EXPECT_THAT(read(text).places(), testing::SizeIs(1)) << text;
  // A denormal keeps its text; the reader of the value says that it is too small.
  Result r = read("a = 1e-310\n");
  const core::Keys keys{"", "", {core::number_key("a", core::Range::any(), "")}};
  core::Section section(r.root, keys, r.problems);
  section.quantity("a");
  EXPECT_THAT(r.places(), ElementsAre("bad-quantity 1:5"));
}

TEST(ReadToml, names_both_places_of_a_duplicate) {
  const auto message = [](const char* text) {
    const Result r = read(text);
    return r.problems.size() == 1 ? core::to_string(r.problems.entries()[0]) : "no problem or several";
  };
  EXPECT_THAT(
      message("a = 1\nb = 2\na = 3\n"),
      testing::AllOf(HasSubstr("f.toml:3:"), HasSubstr("'a' is written twice; the first is at f.toml:1:1"),
                     HasSubstr("duplicate-key")));
  EXPECT_THAT(message("[x]\na = 1\n[y]\na = 1\n  a = 2\n"), HasSubstr("the first is at f.toml:4:1"));
  EXPECT_THAT(message("[[x]]\na = 1\n[[x]]\na = 1\nlist = [\n [1],\n]\na = 2\n"),
              HasSubstr("the first is at f.toml:4:1"));
  EXPECT_THAT(message("[x.y]\na = 1\n[z]\n[x.y]\n"), HasSubstr("the first is at f.toml:1:4"));
  EXPECT_THAT(message("t = { a = 1, b = 2, a = 3 }\n"), HasSubstr("the first is at f.toml:1:7"));
  EXPECT_THAT(message("a.b = 1\na.c = 2\na.b = 3\n"), HasSubstr("the first is at f.toml:1:3"));
}

TEST(ReadToml, says_where_the_syntax_breaks) {
  EXPECT_THAT(read("a = 1\nb = 3 uM\n").places(), ElementsAre("bad-syntax 2:7"));
  EXPECT_THAT(read("a = 0,5\n").places(), ElementsAre(testing::StartsWith("bad-syntax 1:")));
  EXPECT_THAT(read("a = \"x\n").places(), ElementsAre(testing::StartsWith("bad-syntax 1:")));
  EXPECT_THAT(read("a\n").places(), ElementsAre(testing::StartsWith("bad-syntax 1:")));
  EXPECT_THAT(read(std::string_view("a = \"\0\"\n", 8)).places(),
              ElementsAre(testing::StartsWith("bad-syntax 1:")));
}

TEST(ReadToml, names_the_byte_that_is_not_utf8) {
  EXPECT_THAT(read("a = 1\n\xC3\xA9 = \"caf\xE9\"\n").places(), ElementsAre("not-utf8 2:9"));
}

TEST(ReadToml, an_empty_file_is_an_empty_table) {
  EXPECT_THAT(read("").places(), IsEmpty());
  EXPECT_TRUE(read("").root.keys.empty());
}

TEST(ReadToml, a_nesting_bomb_is_refused_before_it_recurses) {
  const auto bomb = [](std::string_view part, int times) {
    std::string out = "a = ";
    for (int i = 0; i < times; ++i) out += part;
    return out;
  };
  EXPECT_THAT(read(bomb("[", 1'000'000)).places(), ElementsAre("too-deep 1:37"));
  EXPECT_THAT(read(bomb("{a=", 1'000'000)).places(), ElementsAre(testing::StartsWith("too-deep 1:")));
  std::string dotted = "a";
  for (int i = 0; i < 400'000; ++i) dotted += ".a";
  EXPECT_THAT(read(dotted + " = 1\n").places(), ElementsAre(testing::StartsWith("too-deep 1:")));
  EXPECT_THAT(read("[" + dotted + "]\n").places(), ElementsAre(testing::StartsWith("too-deep 1:")));
  EXPECT_THAT(read("# " + dotted + "\na = \"" + dotted + "\"\nb = '''\n" + dotted + "'''\n").places(),
              IsEmpty());
  EXPECT_THAT(read(std::string((std::size_t{4} << 20) + 1, '\n')).places(),
              ElementsAre("file-too-large 0:0"));
}

}  // namespace toml_test
}  // namespace stroma::io
