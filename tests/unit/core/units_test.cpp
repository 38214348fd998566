// Quantities: every unit against its definition (SI brochure; 1 mmHg = 133.322387415 Pa), and everything that
// must be refused. Internal units: um, min, nM (hence 1 mol = 1e24 nM um^3), pg, kg of body, mmHg.
#include "core/units.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <clocale>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <locale>
#include <string>

#include "core/errors.hpp"

namespace stroma::core {
namespace units_test {

using testing::HasSubstr;
namespace dim = dimension;

struct Expected {
  const char* text;
  double value;
  Dimension dimension;
};

class EveryUnit : public testing::TestWithParam<Expected> {};

TEST_P(EveryUnit, has_its_factor_and_dimension) {
  const Expected expected = GetParam();
  const ParsedQuantity parsed = parse_quantity(expected.text);
  ASSERT_EQ(parsed.error, "") << expected.text;
  EXPECT_TRUE(parsed.has_unit);
  EXPECT_TRUE(parsed.quantity.dim == expected.dimension) << describe(parsed.quantity.dim);
  // Each factor is a product of at most three correctly rounded numbers: 4 ulp cover it.
  EXPECT_NEAR(parsed.quantity.value, expected.value,
              4 * std::numeric_limits<double>::epsilon() * expected.value);
}

INSTANTIATE_TEST_SUITE_P(
    Units, EveryUnit,
    testing::Values(
        Expected{"1 um", 1, dim::length}, Expected{"1 nm", 1e-3, dim::length},
        Expected{"1 mm", 1e3, dim::length}, Expected{"1 cm", 1e4, dim::length},
        Expected{"1 m", 1e6, dim::length}, Expected{"1 fL", 1, dim::volume},
        Expected{"1 pL", 1e3, dim::volume}, Expected{"1 nL", 1e6, dim::volume},
        Expected{"1 uL", 1e9, dim::volume}, Expected{"1 mL", 1e12, dim::volume},
        Expected{"1 L", 1e15, dim::volume}, Expected{"60 s", 1, dim::time}, Expected{"1 min", 1, dim::time},
        Expected{"1 h", 60, dim::time}, Expected{"1 d", 1440, dim::time}, Expected{"1 day", 1440, dim::time},
        Expected{"2 days", 2880, dim::time}, Expected{"1 week", 10080, dim::time},
        Expected{"2 weeks", 20160, dim::time}, Expected{"1 mol", 1e24, dim::amount},
        Expected{"1 mmol", 1e21, dim::amount}, Expected{"1 umol", 1e18, dim::amount},
        Expected{"1 nmol", 1e15, dim::amount}, Expected{"1 pmol", 1e12, dim::amount},
        Expected{"1 fmol", 1e9, dim::amount}, Expected{"1 amol", 1e6, dim::amount},
        Expected{"6.02214076e23 molecules", 1e24, dim::amount},
        Expected{"6.02214076 molecule", 10, dim::amount}, Expected{"1 M", 1e9, dim::concentration},
        Expected{"1 mM", 1e6, dim::concentration}, Expected{"1 uM", 1e3, dim::concentration},
        Expected{"1 nM", 1, dim::concentration}, Expected{"1 pM", 1e-3, dim::concentration},
        Expected{"1 mol/L", 1e9, dim::concentration}, Expected{"1 g", 1e12, dim::mass},
        Expected{"1 mg", 1e9, dim::mass}, Expected{"1 ug", 1e6, dim::mass}, Expected{"1 ng", 1e3, dim::mass},
        Expected{"1 pg", 1, dim::mass}, Expected{"1 fg", 1e-3, dim::mass},
        Expected{"1 g/mol", 1e-12, dim::molar_mass}, Expected{"1 Da", 1e-12, dim::molar_mass},
        Expected{"1 kDa", 1e-9, dim::molar_mass}, Expected{"30 mg/kg", 3e10, dim::dose},
        Expected{"1 ng/mL", 1e-9, dim::mass_concentration}, Expected{"1 mmHg", 1, dim::pressure},
        Expected{"133.322387415 Pa", 1, dim::pressure}, Expected{"0.133322387415 kPa", 1, dim::pressure}),
    [](const auto& parameter) {
      std::string name = parameter.param.text;
      for (char& c : name)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
      return name;
    });

INSTANTIATE_TEST_SUITE_P(
    Compound, EveryUnit,
    testing::Values(Expected{"1e6 /mL", 1e-6, dim::density}, Expected{"1e6 cells/mL", 1e-6, dim::density},
                    Expected{"2 1/h", 2.0 / 60, dim::rate}, Expected{"2 /h", 2.0 / 60, dim::rate},
                    Expected{"2 h^-1", 2.0 / 60, dim::rate}, Expected{"2 h-1", 2.0 / 60, dim::rate},
                    Expected{"1e5 um^2/min", 1e5, dim::diffusivity},
                    Expected{"1 um2/s", 60, dim::diffusivity}, Expected{"1 pg/h", 1.0 / 60, dim::mass_rate},
                    Expected{"3 um * um", 3, dim::area}, Expected{"50 %", 0.5, dim::none},
                    Expected{"10%", 0.1, dim::none}, Expected{"800 cells", 800, dim::none},
                    Expected{"1 cell", 1, dim::none}, Expected{"3uM", 3e3, dim::concentration},
                    Expected{" +3\tuM ", 3e3, dim::concentration},
                    Expected{"3 \xC2\xB5M", 3e3, dim::concentration},
                    Expected{"3 \xCE\xBCM", 3e3, dim::concentration}));

TEST(Quantity, cells_have_no_dimension_and_a_bare_number_has_no_unit) {
  const ParsedQuantity parsed = parse_quantity("0.25");
  EXPECT_EQ(parsed.error, "");
  EXPECT_FALSE(parsed.has_unit);
  EXPECT_EQ(parsed.quantity.value, 0.25);
  EXPECT_TRUE(parsed.quantity.dim == dim::none);
}

TEST(Quantity, a_dose_per_body_mass_is_not_a_pure_number) {
  EXPECT_FALSE(parse_quantity("30 mg/kg").quantity.dim == dim::none);
  EXPECT_TRUE(parse_quantity("30 mg/g").quantity.dim == dim::none);
}

TEST(Quantity, mass_and_molar_concentration_meet_through_the_molar_mass) {
  // 10 mg/L of sorafenib (464.8 g/mol) is 21.5 uM.
  const double mass = parse_quantity("10 mg/L").quantity.value;
  const double molar_mass = parse_quantity("464.8 g/mol").quantity.value;
  EXPECT_NEAR(in_unit(molar(mass, molar_mass), "uM"), 10e-3 / 464.8 * 1e6, 1e-12 * 21.5);
}

struct Refused {
  const char* text;
  const char* says;
};
class RefusedQuantity : public testing::TestWithParam<Refused> {};

TEST_P(RefusedQuantity, says_what_is_wrong) {
  const ParsedQuantity parsed = parse_quantity(GetParam().text);
  EXPECT_THAT(parsed.error, HasSubstr(GetParam().says)) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Texts, RefusedQuantity,
    testing::Values(Refused{"", "missing"}, Refused{"   ", "missing"}, Refused{"uM", "not a number"},
                    Refused{"abc", "not a number"}, Refused{"0,1 uM", "decimal comma"},
                    Refused{"0,1", "decimal comma"}, Refused{"1,000 uM", "decimal comma"},
                    Refused{"NaN", "not a number"}, Refused{"nan uM", "not a number"},
                    Refused{"inf", "not a number"}, Refused{"-inf uM", "outside the range"},
                    Refused{"-nan uM", "outside the range"}, Refused{"1e400 uM", "outside the range"},
                    Refused{"-1e400", "outside the range"}, Refused{"1e-400", "outside the range"},
                    Refused{"1e-310", "too small"}, Refused{"4.9e-324 uM", "too small"},
                    Refused{"1e300 mol", "outside the range"}, Refused{"1e-305 fg^2", "too small"},
                    Refused{"1e-300 nm^9", "too small"}, Refused{"3 uMol", "did you mean 'umol'"},
                    Refused{"3 uM/", "ends with an operator"}, Refused{"3 /", "ends with an operator"},
                    Refused{"3 uM//L", "two operators"}, Refused{"3 4", "unknown unit"},
                    Refused{"3 um^", "power"}, Refused{"3 um^-", "power"}, Refused{"3 um^0", "power"},
                    Refused{"+-3", "not a number"}, Refused{"--3", "not a number"},
                    Refused{"0x10", "unknown unit"}, Refused{"3 uM extra", "unknown unit"},
                    Refused{"1 um^9 um^9 um^9 um^9 um^9 um^9 um^9", "too high"}));

TEST(Quantity, exponents_do_not_wrap_round_to_those_of_another_dimension) {
  // 257 factors of um would be one um if the exponent were kept modulo 256.
  std::string text = "1";
  for (int i = 0; i < 257; ++i) text += " um";
  EXPECT_THAT(parse_quantity(text).error, HasSubstr("too high"));
}

TEST(Number, takes_the_whole_text_or_nothing) {
  EXPECT_EQ(parse_number("1.5e3").value, 1500);
  EXPECT_EQ(parse_number("-.5").value, -0.5);
  EXPECT_EQ(parse_number(" 7 ").value, 7);
  EXPECT_EQ(parse_number("2.2250738585072014e-308").error, "");  // the smallest normal double
  for (const char* text : {"", "1.5x", "1 2", "1,5", "nan", "inf", "1e400", "1e-320", "0x1p3", "1_000"})
    EXPECT_NE(parse_number(text).error, "") << text;
}

TEST(Unit, in_unit_is_the_inverse_of_unit) {
  EXPECT_EQ(in_unit(3000.0, "uM"), 3.0);
  EXPECT_DOUBLE_EQ(in_unit(unit("mg/kg") * 30, "mg/kg"), 30);
  EXPECT_THROW(unit("parsec"), InternalError);
  EXPECT_THROW(in_unit(1.0, "h/"), InternalError);
}

TEST(Dimension, every_example_in_a_message_is_a_unit_of_that_dimension) {
  for (const Dimension& d :
       {dim::length, dim::area, dim::volume, dim::time, dim::rate, dim::amount, dim::amount_rate, dim::mass,
        dim::mass_rate, dim::molar_mass, dim::concentration, dim::mass_concentration, dim::density,
        dim::diffusivity, dim::dose, dim::pressure}) {
    const std::string text = describe(d);
    const std::size_t begin = text.find("(such as ");
    ASSERT_NE(begin, std::string::npos) << text;
    const std::string example = text.substr(begin + 9, text.size() - begin - 10);
    const ParsedQuantity parsed = parse_quantity("1 " + example);
    EXPECT_EQ(parsed.error, "") << text;
    EXPECT_TRUE(parsed.quantity.dim == d) << text;
  }
  EXPECT_EQ(describe(Dimension{.length = 1, .mass = -2}), "length^1 mass^-2");
}

struct CommaPunctuation : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

TEST(Locale, parsing_does_not_depend_on_the_locale_of_cpp) {
  const std::locale before = std::locale::global(std::locale(std::locale::classic(), new CommaPunctuation));
  EXPECT_EQ(parse_quantity("0.25 uM").quantity.value, 250);
  EXPECT_THAT(parse_quantity("0,1 uM").error, HasSubstr("decimal comma"));
  EXPECT_THAT(parse_quantity("12345.5 uMM").error, Not(HasSubstr("12.345")));
  std::locale::global(before);
}

// A German locale is made for the test, because few machines have one.
TEST(Locale, parsing_does_not_depend_on_the_locale_of_c) {
  const std::string folder = ::testing::TempDir() + "stroma-locale-" + std::to_string(::getpid());
  std::filesystem::create_directory(folder);
  ASSERT_EQ(std::system(("localedef -i de_DE -f UTF-8 '" + folder + "/de_DE.UTF-8'").c_str()), 0)
      << "the package locales is missing: run tools/setup, which installs what tools/packages.txt lists";
  ASSERT_EQ(::setenv("LOCPATH", folder.c_str(), 1), 0);
  const std::string before = std::setlocale(LC_ALL, nullptr);
  ASSERT_NE(std::setlocale(LC_ALL, "de_DE.UTF-8"), nullptr);
  EXPECT_STREQ(std::localeconv()->decimal_point, ",");
  EXPECT_EQ(parse_quantity("0.25 uM").quantity.value, 250);
  EXPECT_NE(parse_quantity("0,1 uM").error, "");
  std::setlocale(LC_ALL, before.c_str());
  ::unsetenv("LOCPATH");
  std::filesystem::remove_all(folder);
}

}  // namespace units_test
}  // namespace stroma::core
