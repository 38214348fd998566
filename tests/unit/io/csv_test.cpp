// Tables as people and spreadsheets write them, and as Stroma writes them.
#include "core/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/errors.hpp"
#include "io/csv.hpp"

namespace stroma::io {
namespace csv_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Result {
  core::Table table;
  core::Diagnostics problems;
  std::vector<std::vector<std::string>> texts() const {
    std::vector<std::vector<std::string>> out;
    const auto add = [&out](const std::vector<core::Cell>& cells) {
      out.emplace_back();
      for (const core::Cell& cell : cells) out.back().push_back(cell.text);
    };
    add(table.header);
    for (const auto& row : table.rows) add(row);
    return out;
  }
  /// "code line:column" of each problem.
  std::vector<std::string> places() const {
    std::vector<std::string> out;
    for (const core::Diagnostic& d : problems.entries())
      out.push_back(d.code + " " + std::to_string(d.place.line) + ":" + std::to_string(d.place.column));
    return out;
  }
};

Result read(std::string_view text, const CsvOptions& options = {}) {
  Result result;
  result.table = read_csv(text, "t.csv", options, result.problems);
  for (const auto& row : result.table.rows) EXPECT_EQ(row.size(), result.table.header.size());
  return result;
}

TEST(ReadCsv, reads_plain_quoted_and_multi_line_fields) {
  const Result r = read("id,note\na,\"x, \"\"y\"\"\nz\"\nb,\n\"\",\"\"\n");
  EXPECT_THAT(r.places(), IsEmpty());
  EXPECT_THAT(r.texts(), ElementsAre(ElementsAre("id", "note"), ElementsAre("a", "x, \"y\"\nz"),
                                     ElementsAre("b", ""), ElementsAre("", "")));
  EXPECT_EQ(r.table.rows[1][0].line, 4);  // after a field of two lines
  EXPECT_EQ(r.table.rows[0][1].column, 3);
}

TEST(ReadCsv, tolerates_what_spreadsheets_write) {
  const Result r = read("\xEF\xBB\xBFid,dose\r\n\r\na,1 uM\r\n\n   \nb,2 uM");
  EXPECT_THAT(r.places(), IsEmpty());
  EXPECT_THAT(r.texts(),
              ElementsAre(ElementsAre("id", "dose"), ElementsAre("a", "1 uM"), ElementsAre("b", "2 uM")));
  EXPECT_EQ(r.table.header[0].column, 1);
  EXPECT_EQ(r.table.rows[1][0].line, 6);
}

TEST(ReadCsv, skips_comments_only_where_they_are_allowed) {
  const std::string text = "# a table\nid,n\n# between\na,1\n\"#b\",2\n";
  CsvOptions options;
  options.comments = true;
  EXPECT_THAT(read(text, options).texts(),
              ElementsAre(ElementsAre("id", "n"), ElementsAre("a", "1"), ElementsAre("#b", "2")));
  EXPECT_THAT(read(text).places(), testing::Not(IsEmpty()));
}

TEST(ReadCsv, finds_the_wrong_delimiter_and_says_what_to_do) {
  for (const char* text : {"id;dose\na;0,5\n", "id\tdose\na\t1\n"}) {
    const Result r = read(text);
    ASSERT_THAT(r.places(), ElementsAre("wrong-delimiter 1:1")) << text;
    EXPECT_THAT(r.problems.entries()[0].hint, HasSubstr("comma-separated"));
    EXPECT_THAT(r.table.rows, IsEmpty());
  }
  CsvOptions tsv;
  tsv.delimiter = '\t';
  EXPECT_THAT(read("id,dose\na,1\n", tsv).places(), ElementsAre("wrong-delimiter 1:1"));
  EXPECT_THAT(read("id\tdose\na\t\"1\t2\"\n", tsv).texts(),
              ElementsAre(ElementsAre("id", "dose"), ElementsAre("a", "1\t2")));
}

TEST(ReadCsv, names_every_wrong_row_at_once) {
  const Result r = read(
      "id,dose,note\n"
      "a,1\n"      // a field is missing
      "b,1,x,y\n"  // one too many
      "c,1,x,\n"   // a trailing comma
      "d,0,5,x\n"  // a decimal comma makes one too many
      "e\n");      // two are missing
  EXPECT_THAT(r.places(), ElementsAre("missing-field 2:3", "extra-field 3:7", "trailing-delimiter 4:7",
                                      "extra-field 5:7", "missing-field 6:1"));
  EXPECT_THAT(r.problems.entries()[0].message,
              HasSubstr("row 1 has 2 fields instead of 3; nothing is left for 'note'"));
  EXPECT_THAT(r.problems.entries()[4].message, HasSubstr("'dose', 'note'"));
  EXPECT_EQ(r.table.rows.size(), 5u);
}

TEST(ReadCsv, names_damaged_bytes_by_row_and_column) {
  static constexpr char text[] = "id,no\0te\na,\xE9t\xE9\nb,\xC0\xAF\nc,a\rb\n";
  const Result r = read(std::string_view(text, sizeof text - 1));
  EXPECT_THAT(r.places(),
              ElementsAre("nul-byte 1:6", "not-utf8 2:3", "not-utf8 3:3", "stray-carriage-return 4:4"));
  EXPECT_EQ(r.problems.entries()[1].key, "no\xEF\xBF\xBDte");
  EXPECT_THAT(r.problems.entries()[1].message, HasSubstr("0xE9"));
}

TEST(ReadCsv, a_utf16_file_is_one_problem) {
  EXPECT_THAT(read(std::string_view("\xFF\xFEi\0d\0,\0n\0\n\0", 12)).places(), ElementsAre("not-utf8 1:1"));
}

TEST(ReadCsv, finds_quotes_out_of_place) {
  EXPECT_THAT(read("id,n\na\"b,1\n").places(), ElementsAre("stray-quote 2:2"));
  EXPECT_THAT(read("id,n\n\"a\"b,1\n").places(), ElementsAre("stray-quote 2:4"));
  EXPECT_THAT(read("id,n\na, \"b\"\n").places(), ElementsAre("stray-quote 2:4"));
  EXPECT_THAT(read("id,n\na,\"b\nc,d\n").places(), testing::Contains("unterminated-quote 2:3"));
  EXPECT_THAT(read("id,n\na,\"").places(), testing::Contains("unterminated-quote 2:3"));
}

TEST(ReadCsv, finds_an_empty_file_and_empty_names) {
  EXPECT_THAT(read("").places(), ElementsAre("empty-file 1:0"));
  EXPECT_THAT(read("\n\r\n  \n").places(), ElementsAre("empty-file 1:0"));
  EXPECT_THAT(read("\xEF\xBB\xBF").places(), ElementsAre("empty-file 1:0"));
  EXPECT_THAT(read("id,,n\n").places(), ElementsAre("empty-column-name 1:4"));
  // Names of rows, as R writes them, where the reader of the table has no use for them; another column needs
  // its name even then.
  CsvOptions names;
  names.row_names = true;
  core::Diagnostics problems;
  const core::Table table = read_csv("\"\",\"x\"\n\"1\",5\n\"2\",7\n", "t.csv", names, problems);
  EXPECT_TRUE(problems.empty());
  ASSERT_EQ(table.header.size(), 1u);
  EXPECT_EQ(table.header[0].text, "x");
  EXPECT_EQ(table.rows[1].at(0).text, "7");
  read_csv(",x,,y\n1,2,3,4\n", "t.csv", names, problems);
  EXPECT_EQ(problems.size(), 1u);
  EXPECT_THAT(read("id,n,\n").places(), ElementsAre("trailing-delimiter 1:6"));
  EXPECT_THAT(read("id,n").places(), IsEmpty());
}

TEST(ReadCsv, limits_fields_cells_and_problems) {
  CsvOptions options;
  options.field_limit = 10;
  EXPECT_THAT(read("id,n\na,12345678901\nb,1\n", options).places(), ElementsAre("field-too-long 2:3"));
  options = {};
  options.cell_limit = 10;
  EXPECT_THAT(read("a,b,c\n1,2,3\n1,2,3\n1,2,3\n1,2,3\n1,2,3\n", options).places(),
              ElementsAre("too-many-cells 1:0"));  // counted before any is read
  EXPECT_THAT(read("a\n,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n", options).places(),
              testing::Contains(testing::StartsWith("too-many-cells")));
  std::string text = "a,b\n";
  for (int i = 0; i < 200; ++i) text += "1\n";
  const Result r = read(text);
  EXPECT_EQ(r.problems.size(), 101u);
  EXPECT_EQ(r.problems.entries()[100].code, "too-many-problems");
  EXPECT_EQ(r.problems.entries()[100].place.line, 102);
}

TEST(ReadCsv, short_rows_under_a_long_header_do_not_cost_memory) {
  CsvOptions options;
  options.cell_limit = 100'000;
  std::string text = "a";
  for (int i = 0; i < 50'000; ++i) text += ",a";
  text += "\n1\n1\n1\n1\n";
  EXPECT_LE(read(text, options).table.rows.size(), 2u);
}

TEST(WriteCsv, escapes_what_a_spreadsheet_would_run) {
  const std::vector<std::string> columns = {"id", "value"};
  const std::vector<std::vector<core::CsvValue>> rows = {
      {"=1+1", -1.5}, {"@x", std::int64_t{-3}}, {"+a", 0.1}, {"-b", std::monostate{}}, {"a-b", 1e-300}};
  EXPECT_EQ(core::write_csv(columns, rows), "id,value\n'=1+1,-1.5\n'@x,-3\n'+a,0.1\n'-b,\na-b,1e-300\n");
}

TEST(WriteCsv, quotes_what_needs_it) {
  const std::vector<std::string> columns = {"a, b", "c"};
  const std::vector<std::vector<core::CsvValue>> rows = {
      {"say \"x\"", "two\nlines"}, {" lead", "trail "}, {"#no", ""}};
  EXPECT_EQ(core::write_csv(columns, rows),
            "\"a, b\",c\n\"say \"\"x\"\"\",\"two\nlines\"\n\" lead\",\"trail \"\n\"#no\",\n");
}

TEST(WriteCsv, writes_numbers_in_the_shortest_exact_form) {
  const double third = 1.0 / 3, inf = std::numeric_limits<double>::infinity();
  const std::vector<std::string> columns = {"x"};
  const std::vector<std::vector<core::CsvValue>> rows = {
      {third}, {1e300}, {0.0}, {inf}, {-inf}, {std::nan("")}, {std::numeric_limits<std::int64_t>::min()}};
  EXPECT_EQ(core::write_csv(columns, rows),
            "x\n0.3333333333333333\n1e+300\n0\nInf\n-Inf\n\"\"\n-9223372036854775808\n");
}

TEST(WriteCsv, a_row_of_another_length_is_a_bug) {
  const std::vector<std::string> columns = {"x", "y"};
  const std::vector<std::vector<core::CsvValue>> rows = {{1.0}};
  EXPECT_THROW(core::write_csv(columns, rows), core::InternalError);
}

TEST(Csv, an_escaped_text_is_read_back_as_it_was) {
  const std::vector<std::string> columns = {"x"};
  for (const std::string& text : {std::string("=1"), std::string("'=1"), std::string("''-"),
                                  std::string("'plain"), std::string("\tx"), std::string("'")}) {
    const std::vector<std::vector<core::CsvValue>> rows = {{text}};
    const Result r = read(core::write_csv(columns, rows));
    EXPECT_THAT(r.places(), IsEmpty());
    EXPECT_EQ(r.table.rows.at(0).at(0).text, text);
  }
}

}  // namespace csv_test
}  // namespace stroma::io
