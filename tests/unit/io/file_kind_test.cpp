// A file of another kind is named, whatever its name says, and no table or TOML file is taken for one.
#include "io/file_kind.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/csv.hpp"
#include "io/file.hpp"
#include "unit/io/refused.hpp"
#include "unit/io/temporary_folder.hpp"

namespace stroma::io {
namespace file_kind_test {

using namespace std::string_literals;
using testing::HasSubstr;

std::string kind_of(const std::string& bytes) {
  const auto kind = other_kind(bytes);
  return kind ? kind->name : std::string();
}

TEST(FileKind, names_what_people_give_in_place_of_a_table) {
  for (const auto& [bytes, name] : std::vector<std::pair<std::string, std::string>>{
           {"PK\x03\x04\x14\0\0\0xl/workbook.xml"s, "Excel workbook (.xlsx)"},
           {"PK\x03\x04\x14\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet"s, ".ods"},
           {"PK\x03\x04\x14\0word/document.xml"s, ".docx"},
           {"PK\x03\x04\x14\0plate.csv"s, "a zip archive"},
           {"PK\x05\x06"s + std::string(18, '\0'), "a zip archive"},
           {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0"s, ".xls"},
           {"%PDF-1.7\n", "PDF"},
           {"\x89HDF\r\n\x1A\n\0"s, "HDF5"},
           {"\x89PNG\r\n\x1A\n\0"s, "PNG"},
           {"\xFF\xD8\xFF\xE0"s, "JPEG"},
           {"II*\0\x08\0\0\0"s, "TIFF"},
           {"\x1F\x8B\x08\0"s, "gzip"},
           {"FCS3.1          ", "FCS"},
           {"<?xml version=\"1.0\"?>\n<sbml xmlns=\"http://www.sbml.org/sbml/level3/version1/core\">",
            "SBML"},
           {"\n <sbml level=\"2\">", "SBML"},
           {"<?xml version=\"1.0\"?><GraphPadPrismFile>", "Prism"},
           {"<?xml version=\"1.0\"?><plate/>", "XML"},
           {"<!DOCTYPE html>\n<html><title>Sign in</title>", "HTML"},
           {"{\n  \"a\": 1}", "JSON"},
           {"{\\rtf1\\ansi", "RTF"},
           {"RDX3\nX\n", "R data"},
           {"a\0b\0,\0c\0\n\0001\0,\0002\0\n\0"s, "UTF-16"},
           {std::string(64, '\0') + "\x01\x02\x03\x04", "binary"}})
    EXPECT_THAT(kind_of(bytes), HasSubstr(name)) << bytes;
}

TEST(FileKind, leaves_texts_alone) {
  for (const std::string& text : {"a,b\n1,2\n"s, "title = \"x\"\n[domain]\n"s, "[domain]\nsize = 1\n"s,
                                  "[[arm]]\n"s, "<5,3\n<6,4\n"s, ""s, "\n\n"s, "\xEF\xBB\xBFtime,value\n"s,
                                  "PK,AUC\n1,2\n"s, "a\tb\n1\t2\n"s, "{1},2\n"s, "x\0y\n1,2,3,4,5,6\n"s,
                                  "\xFF\xFE"
                                  "a\0,\0b\0\n\0"s,
                                  "BZ,b\n"s, "II,b\n1,2\n"s})
    EXPECT_EQ(kind_of(text), "") << text;
}

TEST(FileKind, decodes_utf16_of_either_order_with_its_mark) {
  EXPECT_EQ(as_utf8("\xFF\xFE"
                    "a\0\xB5\0M\0\n\0"s),
            "a\xC2\xB5M\n");
  EXPECT_EQ(as_utf8("\xFE\xFF\0a\0\xB5\0M\0\n"s), "a\xC2\xB5M\n");
  EXPECT_EQ(as_utf8("\xFF\xFE\x3D\xD8\x00\xDE"s), "\xF0\x9F\x98\x80");  // U+1F600, a pair
  EXPECT_EQ(as_utf8("\xFF\xFE\x3D\xD8"
                    "a\0"s),
            "\xEF\xBF\xBD"
            "a");  // half a pair
  EXPECT_EQ(as_utf8("\xFF\xFE"
                    "a\0b"s),
            "a\xEF\xBF\xBD");  // half a unit
  EXPECT_EQ(as_utf8("a\xB5"s), "a\xB5");
}

TEST(FileKind, one_diagnostic_with_a_remedy_comes_from_reading_the_file) {
  const test::TemporaryFolder folder;
  test::put(folder / "plate.csv", "PK\x03\x04\x14\0\0\0xl/workbook.xml"s);
  const core::Diagnostic d = test::refused([&] { read_text_file(folder / "plate.csv"); });
  EXPECT_EQ(d.code, "other-kind");
  EXPECT_THAT(d.message, HasSubstr("an Excel workbook"));
  EXPECT_THAT(d.hint, HasSubstr("CSV UTF-8"));
  test::put(folder / "sixteen.csv",
            "\xFF\xFE"
            "a\0,\0b\0\n\0001\0,\0002\0\n\0"s);
  EXPECT_EQ(read_text_file(folder / "sixteen.csv"), "a,b\n1,2\n");
}

}  // namespace file_kind_test
}  // namespace stroma::io
