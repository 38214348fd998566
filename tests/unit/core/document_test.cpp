// Section reads a tree key by key by its declaration and misses nothing: what is absent, wrong, out of range
// or unknown, and a key that nobody declared.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/errors.hpp"
#include "core/section.hpp"

namespace stroma::core {
namespace document_test {

using testing::HasSubstr;
namespace dim = dimension;

Node text(std::string value, int line) {
  Node node;
  node.kind = Node::Kind::text;
  node.text = std::move(value);
  node.place = {"f.toml", line, 8};
  node.key_place = {"f.toml", line, 1};
  return node;
}
Node number(std::string written, double value, int line) {
  Node node = text(std::move(written), line);
  node.kind = Node::Kind::number;
  node.number = value;
  return node;
}
Node table(std::vector<std::pair<std::string, Node>> keys) {
  Node node;
  node.keys = std::move(keys);
  node.place = {"f.toml", 1, 1};
  return node;
}
std::vector<std::string> codes(const Diagnostics& problems) {
  std::vector<std::string> out;
  for (const Diagnostic& d : problems.entries()) out.push_back(d.code);
  return out;
}

TEST(Section, reads_what_is_right) {
  Node flag;
  flag.kind = Node::Kind::boolean;
  flag.boolean = true;
  const Node node = table({{"dose", text("3 uM", 2)},
                           {"name", text("a", 3)},
                           {"n", number("3", 3, 4)},
                           {"on", flag},
                           {"weight", number("0.5", 0.5, 6)}});
  const Keys keys{"plate",
                  "",
                  {quantity_key("dose", dim::concentration, Range::positive(), "").required(),
                   text_key("name", "").required(), whole_key("n", 1, 100, "").required(),
                   boolean_key("on", ""), number_key("weight", Range::closed(0, 1), "").required(),
                   text_key("a", "").default_is("default"), whole_key("b", 0, 9, "").default_is("4"),
                   quantity_key("c", dim::time, Range::any(), "").default_is("7 min"),
                   word_key("d", {"up", "down"}, "").default_is("down"), boolean_key("e", "")}};
  Diagnostics problems;
  Section section(node, keys, problems);
  EXPECT_EQ(section.quantity("dose"), 3000);
  EXPECT_EQ(section.text("name"), "a");
  EXPECT_EQ(section.whole("n"), 3);
  EXPECT_TRUE(section.boolean("on"));
  EXPECT_EQ(section.quantity("weight"), 0.5);
  EXPECT_EQ(section.text("a"), "default");
  EXPECT_EQ(section.whole("b"), 4);
  EXPECT_EQ(section.quantity("c"), 7);
  EXPECT_EQ(section.quantity_or("c", 9), 9);
  EXPECT_EQ(section.word("d"), 1u);
  EXPECT_FALSE(section.boolean("e"));
  section.finish();
  EXPECT_TRUE(problems.empty());
}

TEST(Section, collects_every_problem_with_its_place) {
  const Node node = table({{"dose", text("3 min", 2)},
                           {"volume", text("100", 3)},
                           {"time", text("0,5 h", 4)},
                           {"replicates", number("0", 0, 5)},
                           {"wells", number("2.5", 2.5, 6)},
                           {"radius", text("-3 um", 7)},
                           {"name", number("3", 3, 8)},
                           {"titel", text("x", 9)},
                           {"density", text("-5 cells/mL", 10)}});
  const Keys keys{
      "plate",
      "",
      {quantity_key("dose", dim::concentration, Range::positive(), ""),
       quantity_key("volume", dim::volume, Range::positive(), ""),
       quantity_key("time", dim::time, Range::positive(), ""), whole_key("replicates", 1, 100, ""),
       whole_key("wells", 1, 96, ""), quantity_key("radius", dim::length, Range::positive(), ""),
       text_key("name", ""), text_key("title", "").required(),
       quantity_key("density", dim::density, Range::positive(), "")}};
  Diagnostics problems;
  Section section(node, keys, problems);
  for (const char* key : {"dose", "volume", "time"}) section.quantity(key);
  section.whole("replicates");
  section.whole("wells");
  section.quantity("radius");
  section.text("name");
  section.text("title");
  section.quantity("density");
  section.finish();
  EXPECT_THAT(
      codes(problems),
      testing::ElementsAre("wrong-dimension", "missing-unit", "bad-quantity", "out-of-range", "wrong-type",
                           "out-of-range", "wrong-type", "missing-key", "out-of-range", "unknown-key"));
  const auto entry = [&](std::size_t i) { return problems.entries()[i]; };
  EXPECT_THAT(entry(0).message, HasSubstr("plate.dose"));
  EXPECT_THAT(entry(0).message, HasSubstr("a time"));
  EXPECT_THAT(entry(0).message, HasSubstr("a concentration"));
  EXPECT_EQ(entry(1).hint, "write it as \"100 uL\"");
  EXPECT_THAT(entry(2).message, HasSubstr("decimal comma"));
  EXPECT_THAT(entry(5).message, HasSubstr("above 0 um"));
  EXPECT_THAT(entry(8).message, HasSubstr("above 0 cells/mL"));
  EXPECT_EQ(entry(9).key, "plate.titel");
  EXPECT_EQ(entry(9).hint, "did you mean 'title'?");
  EXPECT_EQ(entry(9).place.line, 9);
  EXPECT_EQ(entry(9).place.column, 1);  // at the key
  EXPECT_EQ(entry(0).place.column, 8);  // at the value
}

TEST(Section, every_dimension_can_be_out_of_range_without_an_internal_error) {
  for (const Dimension& d : {dim::length, dim::volume, dim::rate, dim::density, dim::dose, dim::molar_mass,
                             dim::none, Dimension{.length = 4, .time = -3}}) {
    Diagnostics problems;
    const ParsedQuantity unit_less = parse_quantity("-1");
    ASSERT_EQ(unit_less.error, "");
    const std::string description = describe(d);
    const std::size_t at = description.find("(such as ");
    const std::string unit = at == std::string::npos
                                 ? (d == dim::none ? "" : "um^4/min^3")
                                 : description.substr(at + 9, description.size() - at - 10);
    EXPECT_FALSE(check_quantity("-1 " + unit, d, Range::positive(), {"f", 1, 1}, "x", problems))
        << description;
    EXPECT_THAT(codes(problems), testing::ElementsAre("out-of-range"));
  }
}

TEST(Section, a_seed_of_64_bits_keeps_every_bit) {
  // 2^53 + 1 is the first whole number that a double cannot hold.
  const Node node = table({{"seed", number("9007199254740993", 9007199254740992.0, 1)},
                           {"most", number("9223372036854775807", 9223372036854775807.0, 2)},
                           {"more", number("9223372036854775808", 9223372036854775808.0, 3)},
                           {"exponent", number("1e6", 1e6, 4)},
                           {"plus", number("+7", 7, 5)}});
  Diagnostics problems;
  Keys keys;
  for (const char* key : {"seed", "most", "more", "exponent", "plus"})
    keys.all.push_back(whole_key(key, 0, 0x1p63, ""));
  Section section(node, keys, problems);
  EXPECT_EQ(section.whole("seed"), 9007199254740993);
  EXPECT_EQ(section.whole("most"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(section.whole("exponent"), 1000000);
  EXPECT_EQ(section.whole("plus"), 7);
  EXPECT_TRUE(problems.empty());
  section.whole("more");
  EXPECT_THAT(codes(problems), testing::ElementsAre("out-of-range"));
}

TEST(Section, tables_and_texts_take_one_or_many_and_name_what_is_neither) {
  Node list;
  list.kind = Node::Kind::list;
  list.items = {table({}), text("x", 4)};
  Node words;
  words.kind = Node::Kind::list;
  words.items = {text("a", 5), table({})};
  const Node node = table(
      {{"one", table({})}, {"many", list}, {"none", text("x", 3)}, {"words", words}, {"word", text("w", 6)}});
  const Keys below{"below", "", {}};
  Keys keys;
  for (const char* key : {"one", "many", "none", "absent"}) keys.all.push_back(tables_key(key, below, ""));
  for (const char* key : {"words", "word"}) keys.all.push_back(text_key(key, "").list());
  Diagnostics problems;
  Section section(node, keys, problems);
  EXPECT_EQ(section.tables("one").size(), 1u);
  EXPECT_EQ(section.tables("many").size(), 1u);
  EXPECT_EQ(section.tables("none").size(), 0u);
  EXPECT_EQ(section.tables("absent").size(), 0u);
  EXPECT_EQ(section.texts("words").size(), 1u);
  EXPECT_EQ(section.texts("word").size(), 1u);
  section.finish();
  EXPECT_THAT(codes(problems), testing::ElementsAre("wrong-type", "wrong-type", "wrong-type"));
}

TEST(Section, reads_nothing_that_is_not_declared) {
  const Node node = table({{"a", text("x", 2)}});
  const Keys keys{"t", "", {text_key("b", "")}};
  Diagnostics problems;
  Section section(node, keys, problems);
  EXPECT_THROW(section.text("a"), InternalError);
  EXPECT_THROW(section.has("a"), InternalError);
  section.finish();
  EXPECT_THAT(codes(problems), testing::ElementsAre("unknown-key"));
}

TEST(Section, says_when_a_key_is_read_and_which_words_are_allowed) {
  const Node node = table({{"shape", text("cube", 2)},
                           {"radius", text("1 um", 3)},
                           {"at", text("1 h", 4)},
                           {"every", text("2 h", 5)}});
  const Keys keys{
      "t",
      "",
      {word_key("shape", {"sphere", "box"}, "").default_is("box"),
       quantity_key("radius", dim::length, Range::positive(), "").only_with("shape", {"sphere"}),
       quantity_key("at", dim::time, Range::positive(), "").only_with("dose"),
       text_key("dose", "").expects("how much"),
       quantity_key("every", dim::time, Range::positive(), "").or_words({"never"}).default_is("never")}};
  Diagnostics problems;
  Section section(node, keys, problems);
  section.word("shape");
  section.missing("dose");
  EXPECT_FALSE(section.says_word("every"));
  EXPECT_EQ(section.quantity("every"), 120.0);
  section.finish();
  // The radius hangs on a shape that is wrong: one message for one cause.
  EXPECT_THAT(codes(problems), testing::ElementsAre("unknown-shape", "missing-key", "cannot-act"));
  EXPECT_EQ(problems.entries()[0].message, "t.shape: 'cube' is not a shape; expected sphere, box");
  EXPECT_EQ(problems.entries()[1].message, "t.dose is missing; expected how much");
  EXPECT_EQ(problems.entries()[2].message, "t.at: is read only with `dose`");
}

TEST(Section, takes_one_of_its_alternatives) {
  const Keys keys{
      "t", "", {text_key("drug", "").expects("a drug"), text_key("factor", "")}, {{{"drug", "factor"}}}};
  const auto chosen = [&](const Node& node) {
    Diagnostics problems;
    Section section(node, keys, problems);
    std::string out = section.chosen("drug");
    section.finish();
    for (const Diagnostic& d : problems.entries()) out += " " + d.code;
    return out;
  };
  EXPECT_EQ(chosen(table({{"factor", text("x", 1)}})), "factor");
  EXPECT_EQ(chosen(table({{"drug", text("x", 1)}, {"factor", text("x", 2)}})), "drug conflict");
  EXPECT_EQ(chosen(table({})), " missing-key");
}

TEST(Range, says_itself_in_words) {
  EXPECT_EQ(Range::positive().describe(), "above 0");
  EXPECT_EQ(Range::non_negative().describe(), "0 or more");
  EXPECT_EQ(Range::closed(0, 1).describe(), "from 0 to 1");
  EXPECT_EQ(Range::any().describe(), "any number");
  EXPECT_TRUE(Range::closed(0, 1).contains(0));
  EXPECT_FALSE(Range::positive().contains(0));
  EXPECT_FALSE(Range::any().contains(std::numeric_limits<double>::quiet_NaN()));
}

}  // namespace document_test
}  // namespace stroma::core
