// Columns and rows of a table: every wrong column and every wrong cell, all at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/columns.hpp"

namespace stroma::core {
namespace table_test {

using testing::HasSubstr;

Table make(std::vector<std::string> header, std::vector<std::vector<std::string>> rows) {
  Table table;
  table.file = "t.csv";
  const auto cells = [](const std::vector<std::string>& texts, int line) {
    std::vector<Cell> out;
    int column = 1;
    for (const std::string& text : texts) {
      out.push_back({text, line, column});
      column += static_cast<int>(text.size()) + 1;
    }
    return out;
  };
  table.header = cells(header, 1);
  for (std::size_t i = 0; i < rows.size(); ++i) table.rows.push_back(cells(rows[i], static_cast<int>(i) + 2));
  return table;
}

TEST(Columns, missing_unknown_and_double_ones_are_all_named) {
  const Table table = make({"id", "dosee", "id"}, {});
  Diagnostics problems;
  EXPECT_FALSE(check_columns(table, {"id", "dose"}, {"note"}, problems));
  ASSERT_EQ(problems.size(), 3u);
  EXPECT_EQ(problems.entries()[0].code, "unknown-column");
  EXPECT_EQ(problems.entries()[0].hint, "did you mean 'dose'?");
  EXPECT_EQ(problems.entries()[0].place.column, 4);
  EXPECT_EQ(problems.entries()[1].code, "duplicate-column");
  EXPECT_THAT(problems.entries()[1].message, HasSubstr("first at column 1"));
  EXPECT_EQ(problems.entries()[2].code, "missing-column");
}

TEST(Columns, required_and_optional_ones_are_fine_in_any_order) {
  Diagnostics problems;
  EXPECT_TRUE(check_columns(make({"note", "dose", "id"}, {}), {"id", "dose"}, {"note"}, problems));
  EXPECT_TRUE(problems.empty());
}

TEST(Columns, a_declaration_says_which_there_are_and_which_must_be) {
  const Keys columns{"", "a table", {text_key("id", "who").required(), text_key("note", "free text")}};
  Diagnostics problems;
  EXPECT_TRUE(check_columns(make({"note", "id"}, {}), columns, problems));
  EXPECT_TRUE(check_columns(make({"id"}, {}), columns, problems));
  EXPECT_TRUE(problems.empty());
  EXPECT_FALSE(check_columns(make({"notes"}, {}), columns, problems));
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_EQ(problems.entries()[0].hint, "did you mean 'note'?");
  EXPECT_EQ(problems.entries()[1].code, "missing-column");
}

TEST(Row, collects_every_problem_of_its_cells) {
  const Table table = make({"id", "dose", "kind"}, {{"", "3 min", "activtes"}, {"a", "", "inhibits"}});
  Diagnostics problems;
  const std::vector<std::string> kinds = {"activates", "inhibits"};
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const Row row(table, i, problems);
    row.required_text("id");
    row.quantity("dose", dimension::concentration, Range::positive());
    row.choice("kind", kinds);
  }
  ASSERT_EQ(problems.size(), 4u);
  EXPECT_EQ(problems.entries()[0].code, "empty");
  EXPECT_EQ(problems.entries()[1].code, "wrong-dimension");
  EXPECT_EQ(problems.entries()[1].place.line, 2);
  EXPECT_EQ(problems.entries()[1].place.column, 2);
  EXPECT_EQ(problems.entries()[2].code, "unknown-value");
  EXPECT_EQ(problems.entries()[2].hint, "did you mean 'activates'?");
  EXPECT_EQ(problems.entries()[3].place.line, 3);
}

TEST(Row, an_empty_optional_quantity_is_its_fallback) {
  const Table table = make({"dose"}, {{""}, {"2 uM"}});
  Diagnostics problems;
  EXPECT_EQ(Row(table, 0, problems).quantity_or("dose", dimension::concentration, Range::any(), 5), 5);
  EXPECT_EQ(Row(table, 1, problems).quantity_or("dose", dimension::concentration, Range::any(), 5), 2000);
  EXPECT_EQ(Row(table, 1, problems).text("absent"), "");
  EXPECT_TRUE(problems.empty());
}

TEST(SplitList, trims_and_drops_what_is_empty) {
  EXPECT_THAT(split_list(" a; b c ;;d;"), testing::ElementsAre("a", "b c", "d"));
  EXPECT_TRUE(split_list("").empty());
  EXPECT_TRUE(split_list(" ; ").empty());
}

}  // namespace table_test
}  // namespace stroma::core
