// Fault 8 for every reader of a laboratory's tables: what may be tolerated is, what may not is named by line
// and column, and no reader lets a damaged byte through as a measurement.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "io/ct_export.hpp"
#include "io/densitometry_export.hpp"
#include "io/dose_table.hpp"
#include "io/lab_files.hpp"
#include "io/pk_table.hpp"
#include "io/synergy_table.hpp"
#include "support/codes.hpp"

namespace stroma::io {
namespace laboratory_tables_test {

using test::messages_of;
using testing::HasSubstr;
using testing::Not;

struct Reader {
  std::string name;
  std::string good;  ///< a table whose last field is a number
  std::function<void(const std::string&)> read;
};

std::string grid() {
  std::string out;
  for (const char row : {'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'}) {
    out += row;
    for (int c = 0; c < 12; ++c) out += ",0.25";
    out += "\n";
  }
  return out;
}

std::string checkerboard() {
  std::string out = "drug1,drug2,conc_unit,conc1,conc2,response\n";
  for (const char* a : {"0", "1", "2"})
    for (const char* b : {"0", "1", "2"}) out += std::string("A,B,uM,") + a + "," + b + ",40\n";
  return out;
}

std::vector<Reader> readers() {
  return {
      {"plate", grid(),
       [](const std::string& t) {
         read_plate({t, "f"}, {"well,role\nH12,blank\n", "map"}, "p");
       }},
      {"doses", "arm,dose_uM,response\nCAF,0,1\nCAF,1,0.5\n",
       [](const std::string& t) {
         read_dose_table({t, "f"}, {"d"});
       }},
      {"ct", "arm,replicate,gene,technical,ct\nCAF,1,F,1,24.5\n",
       [](const std::string& t) {
         read_ct_export({t, "f"}, {});
       }},
      {"machine", "Sample,Target,Cq\nCAF_1,F,24.5\n",
       [](const std::string& t) {
         read_ct_export({t, "f"}, {});
       }},
      {"series", "gene,quantity,ct\nF,1,20.5\n",
       [](const std::string& t) {
         read_ct_standards({t, "f"});
       }},
      {"blot", "membrane,lane,arm,replicate,protein,background,volume\nm,1,CAF,1,F,800,5000\n",
       [](const std::string& t) {
         read_densitometry_export({t, "f"}, {});
       }},
      {"pk", "subject,time_h,concentration (ng/mL)\nm1,1,5\n",
       [](const std::string& t) {
         read_pk_table({t, "f"});
       }},
      {"synergy", checkerboard(),
       [](const std::string& t) {
         read_synergy_table({t, "f"}, SynergyResponse::inhibition_percent);
       }},
  };
}

TEST(LaboratoryTables, tolerate_what_spreadsheets_add) {
  for (const Reader& r : readers()) {
    std::string crlf = "\xEF\xBB\xBF";
    for (const char c : r.good) crlf += c == '\n' ? "\r\n\r\n" : std::string(1, c);
    EXPECT_EQ(messages_of([&] { r.read(r.good); }), "none") << r.name;
    EXPECT_EQ(messages_of([&] { r.read(crlf); }), "none") << r.name;
    EXPECT_EQ(messages_of([&] { r.read(r.good.substr(0, r.good.size() - 1)); }), "none") << r.name;
  }
}

TEST(LaboratoryTables, name_damage_by_its_line) {
  for (const Reader& r : readers()) {
    const std::size_t last = r.good.find_last_of(',') + 1;
    const auto lines =
        std::count(r.good.begin(), r.good.begin() + static_cast<std::ptrdiff_t>(last), '\n') + 1;
    const std::string place = "f:" + std::to_string(lines) + ":";
    for (const std::string& damage :
         {std::string("\0", 1), std::string("\xE9"), std::string("1\"2"), std::string("\"12"),
          std::string("OVER"), std::string("nan"), std::string("1e999"), std::string("####")}) {
      if (damage == "nan" && r.name == "machine") continue;  // so Bio-Rad writes a well without a Cq
      const std::string said = messages_of([&] { r.read(r.good.substr(0, last) + damage + "\n"); });
      EXPECT_THAT(said, HasSubstr(place)) << r.name << ": " << damage;
    }
  }
}

TEST(LaboratoryTables, of_nothing_are_an_error_in_words) {
  for (const Reader& r : readers())
    for (const std::string& nothing :
         {std::string(), std::string("\n\n"), std::string("\xEF\xBB\xBF"), std::string(",,,\n")})
      EXPECT_THAT(messages_of([&] { r.read(nothing); }), Not(HasSubstr("none"))) << r.name;
}

}  // namespace laboratory_tables_test
}  // namespace stroma::io
