#include "io/plain_table.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace stroma::io {
namespace plain_table_test {

PlainTable read(std::string_view text) {
  core::Diagnostics problems;
  PlainTable table = read_plain_table(text, "t.csv", problems);
  EXPECT_TRUE(problems.empty());
  return table;
}

std::string problem_of(std::string_view text) {
  core::Diagnostics problems;
  read_plain_table(text, "t.csv", problems);
  return problems.empty() ? "" : problems.entries().front().code;
}

TEST(PlainTable, tells_numbers_from_words_and_counts_what_is_missing) {
  const PlainTable t = read("arm,y,note\na,1.5,\nb,NA,x\nb,-2e3,\n,4,\n");
  EXPECT_EQ(t.rows, 4u);
  const PlainColumn &arm = *t.find("arm"), &y = *t.find("y"), &note = *t.find("note");
  EXPECT_FALSE(arm.is_number);
  EXPECT_EQ(arm.missing, 1u);
  EXPECT_TRUE(y.is_number);
  EXPECT_TRUE(y.faults.empty());
  EXPECT_EQ(y.missing, 1u);
  EXPECT_EQ(y.values[2], -2000.0L);
  EXPECT_TRUE(std::isnan(y.values[1]));
  EXPECT_FALSE(note.is_number);
  EXPECT_EQ(t.find("z"), nullptr);
  EXPECT_FALSE(read("a,b\n,1\n,2\n").find("a")->is_number);  // nothing is no number
}

TEST(PlainTable, keeps_digits_that_a_double_would_lose) {
  const PlainTable t = read("y\n1000000000000.4\n1000000000000.3\n");
  const auto& y = t.columns[0].values;
  EXPECT_NEAR(static_cast<double>(y[0] - y[1]), 0.1, 1e-7);
  EXPECT_GT(std::abs((1000000000000.4 - 1000000000000.3) - 0.1), 1e-5);  // what double makes of it
}

TEST(PlainTable, reads_tabs) {
  const PlainTable t = read("x\ty\n1\ta b\n");
  ASSERT_EQ(t.columns.size(), 2u);
  EXPECT_EQ(t.columns[1].texts[0], "a b");
}

struct Fault {
  const char* cell;
  const char* code;
};

TEST(PlainTable, names_every_cell_that_is_no_number_with_its_place) {
  for (const Fault& f : {Fault{"\"1,5\"", "not-a-number"},
                         {"OVER", "not-a-number"},
                         {"<LOD", "not-a-number"},
                         {"<0.1", "beyond-range"},
                         {">3.5", "beyond-range"},
                         {"ten", "not-a-number"},
                         {"5 %", "percent-or-fraction"},
                         {"5 mg", "two-units"},
                         {"5 furlongs", "not-a-number"},
                         {"1e999", "not-a-number"},
                         {"inf", "not-a-number"},
                         {"0x10", "not-a-number"}}) {
    const PlainTable t = read("a,y\nu,1\nu,2\nv," + std::string(f.cell) + "\nv,3\n");
    const PlainColumn& y = *t.find("y");
    EXPECT_TRUE(y.is_number) << f.cell;
    ASSERT_EQ(y.faults.size(), 1u) << f.cell;
    EXPECT_EQ(y.faults[0].code, f.code) << f.cell;
    EXPECT_EQ(y.faults[0].place.line, 4) << f.cell;
    EXPECT_EQ(y.faults[0].place.column, 3) << f.cell;
    EXPECT_FALSE(y.faults[0].hint.empty()) << f.cell;
    EXPECT_TRUE(std::isnan(y.values[2])) << f.cell;
  }
}

TEST(PlainTable, one_unit_for_all_cells_is_kept) {
  const PlainColumn y = read("y\n5 mg\n7 mg\n\n6 mg\n").columns[0];
  EXPECT_EQ(y.unit, "mg");
  EXPECT_TRUE(y.faults.empty());
  EXPECT_EQ(y.values[1], 7.0L);
  EXPECT_EQ(read("y\n45 %\n50%\n").columns[0].unit, "%");
  // A fraction among percentages has two readings, and both are said.
  const auto fault = read("y\n45 %\n50 %\n0.4\n").columns[0].faults.at(0);
  EXPECT_NE(fault.message.find("0.4 %"), std::string::npos);
  EXPECT_NE(fault.message.find("40 %"), std::string::npos);
}

TEST(PlainTable, refuses_tables_that_are_none) {
  EXPECT_EQ(problem_of(""), "empty-file");
  EXPECT_EQ(problem_of("a,b\n"), "no-rows");
  EXPECT_EQ(problem_of("a,a\n1,2\n"), "duplicate-column");
  EXPECT_EQ(problem_of("a,,b\n1,2,3\n"), "empty-column-name");
  EXPECT_EQ(problem_of("a,b\n1\n"), "missing-field");
  EXPECT_EQ(problem_of("\"x\" \"y\"\n\"1\" 2 3\n"), "wrong-delimiter");  // write.table without a separator
}

TEST(PlainTable, reads_semicolons_where_the_header_has_them) {
  const PlainTable t = read("\"a, in mg\";b\n1;x, y\n2;z\n");
  ASSERT_EQ(t.columns.size(), 2u);
  EXPECT_EQ(t.columns[0].name, "a, in mg");
  EXPECT_EQ(t.columns[1].texts[0], "x, y");
  EXPECT_EQ(read("\"a;b\",c\n1,2\n").columns[0].name, "a;b");  // within quotation marks nothing divides
  // A decimal comma in such a table can mean nothing else; one between commas is refused, with its place.
  EXPECT_EQ(read("a;y\nu;1,5\nv;2\n").columns[1].values[0], 1.5L);
  const auto fault = read("a,y\nu,\"1,5\"\nv,2\n").columns[1].faults.at(0);
  EXPECT_EQ(fault.code, "not-a-number");
  EXPECT_EQ(fault.place.line, 2);
  EXPECT_EQ(fault.place.column, 3);
}

// What R's write.csv and write.table make of a data frame with row names.
TEST(PlainTable, keeps_the_names_of_rows_apart) {
  for (const char* text : {"\"\",\"x\",\"y\"\n\"r1\",1,\"u\"\n\"r2\",2,\"v\"\n",  // write.csv
                           ",x,y\nr1,1,u\nr2,2,v\n",                              // quote = FALSE
                           ";x;y\nr1;1;u\nr2;2;v\n", "Unnamed: 0,x,y\nr1,1,u\nr2,2,v\n",
                           "\xEF\xBB\xBFx\ty\nr1\t1\tu\nr2\t2\tv\n",            // write.table, tabs
                           "\"x\",\"y\"\n\"r1\",1,\"u\"\n\"r2\",2,\"v\"\n"}) {  // write.table, commas
    const PlainTable t = read(text);
    ASSERT_EQ(t.columns.size(), 2u) << text;
    EXPECT_EQ(t.columns[0].name, "x") << text;
    EXPECT_EQ(t.columns[0].values[1], 2.0L) << text;
    EXPECT_EQ(t.columns[1].texts[1], "v") << text;
    EXPECT_EQ(t.row_names, (std::vector<std::string>{"r1", "r2"})) << text;
  }
  EXPECT_EQ(read("x\ty\nr1\t1\tu\n").columns[1].place.column, 3);  // as in the file, not as it was completed
  EXPECT_TRUE(read("x,y\n1,2\n3,4\n").row_names.empty());
  // A column that repeats names no rows, and decimal commas are no names of rows.
  EXPECT_EQ(read("rownames,y\n1,2\n1,4\n").columns.size(), 2u);
  EXPECT_EQ(problem_of("x,y\n1,5,2\n3,5,4\n"), "extra-field");
  EXPECT_EQ(problem_of("y\n1,5\n2,5\n"), "extra-field");
  EXPECT_EQ(problem_of("\"x\",\"y\"\n\"1\",\"2\",\n\"3\",\"4\",\n"), "trailing-delimiter");
}

TEST(PlainTable, a_column_of_numbers_out_of_range_is_one_of_numbers) {
  const PlainColumn y = read("y\n1e-320\n1e400\n").columns[0];
  EXPECT_TRUE(y.is_number);
  EXPECT_EQ(y.faults.size(), 2u);
  EXPECT_FALSE(read("y\nnan-1\ninfinity\n").columns[0].is_number);
}

TEST(PlainTable, takes_none_for_a_name_among_words_and_for_nothing_among_numbers) {
  const PlainTable t = read("dose,y,sign\nnone,1,+\nnone,none,-\nhigh,3,+\n");
  EXPECT_EQ(t.find("dose")->texts[0], "none");
  EXPECT_EQ(t.find("dose")->missing, 0u);
  EXPECT_EQ(t.find("dose")->faults.size(), 3u);  // where numbers are wanted, no word is one
  EXPECT_EQ(t.find("y")->missing, 1u);
  EXPECT_TRUE(t.find("y")->is_number);
  EXPECT_EQ(t.find("sign")->texts[1], "-");
  EXPECT_EQ(read("word\n-\nup\n").columns[0].missing, 1u);
}

}  // namespace plain_table_test
}  // namespace stroma::io
