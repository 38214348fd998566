// Long tables: dose responses, concentrations in plasma, checkerboards, Ct tables of machines, densitometry
// of ImageJ.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/ct_export.hpp"
#include "io/densitometry_export.hpp"
#include "io/dose_table.hpp"
#include "io/lab_files.hpp"
#include "io/pk_table.hpp"
#include "io/synergy_table.hpp"
#include "support/codes.hpp"

namespace stroma::io {
namespace measured_tables_test {

using test::codes_of;
using test::messages_of;
using testing::HasSubstr;

std::string with_crlf_and_bom(const std::string& text) {
  std::string out = "\xEF\xBB\xBF";
  for (const char c : text) out += c == '\n' ? "\r\n" : std::string(1, c);
  return out;
}

std::string dose_codes(const std::string& text) {
  return codes_of([&] { read_dose_table({text, "t.csv"}, {"drug"}); });
}

TEST(DoseTable, takes_its_unit_from_the_header_or_from_every_cell) {
  for (const std::string text :
       {"arm,replicate,dose_uM,response\nCAF,1,2,0.5\n", "arm,replicate,dose (uM),response\nCAF,1,2,0.5\n",
        "arm;replicate;dose [µM];response\nCAF;1;2;0.5\n",
        "arm\treplicate\tdose\tresponse\nCAF\t1\t2 uM\t0.5\n",
        "arm,replicate,dose,response\nCAF,1,2000 nM,0.5\n"})
    for (const std::string& form : {text, with_crlf_and_bom(text)}) {
      const assays::DoseTable table = read_dose_table({form, "t.csv"}, {"drug"});
      ASSERT_EQ(table.rows.size(), 1u) << text;
      EXPECT_DOUBLE_EQ(table.rows[0].dose, 2000.0) << text;
      EXPECT_EQ(table.rows[0].arm, "CAF");
      EXPECT_EQ(table.rows[0].drug, "drug");
      EXPECT_TRUE(table.replicates_said);
    }
  EXPECT_EQ(read_dose_table({"arm,dose_uM,response (%)\nCAF,2,50\n", "t"}, {"d"}).scale,
            assays::ResponseScale::percent);
  EXPECT_EQ(read_dose_table({"arm,dose_uM,viability_fraction\nCAF,2,0.5\n", "t"}, {"d"}).scale,
            assays::ResponseScale::fraction);
}

TEST(DoseTable, names_what_is_wrong_with_line_and_column) {
  EXPECT_EQ(dose_codes("arm,dose,response\nCAF,2,0.5\n"), "missing-unit");
  EXPECT_EQ(dose_codes("arm,dose,response\nCAF,2 uM,0.5\nCAF,500 nM,0.7\n"), "two-units");
  EXPECT_EQ(dose_codes("arm,dose_uM,response\nCAF,2,0.5\nCAF,4 nM,0.7\n"), "two-units");
  EXPECT_EQ(dose_codes("arm,dose,response\nCAF,2 mg,0.5\n"), "wrong-dimension");
  EXPECT_EQ(dose_codes("arm,dose_mg,response\nCAF,2,0.5\n"), "unknown-unit");
  EXPECT_EQ(dose_codes("arm,dose_uM,response\n,-2,OVER\n"), "empty out-of-range bad-reading");
  EXPECT_EQ(dose_codes("arm,dose_uM,respons\nCAF,2,1\n"), "missing-column unknown-column");
  EXPECT_EQ(dose_codes("arm,dose_uM,response,response\nCAF,2,1,1\n"), "duplicate-column");
  EXPECT_EQ(dose_codes("arm,dose_uM,response\n"), "empty-table");
  EXPECT_EQ(dose_codes(""), "empty-file");
  EXPECT_EQ(dose_codes("arm,replicate,dose_uM,response\nCAF,1.5,2,1\n"), "not-whole");
  EXPECT_THAT(
      messages_of([] {
        read_dose_table({"arm,dose,response\nCAF,2 uM,0.5\nCAF,500 nM,0.7\n", "t.csv"}, {"d"});
      }),
      HasSubstr("t.csv:3:5: dose: '500 nM' is in nM, but that of 'd' is in uM (said in line 2, column 5)"));
}

TEST(DoseTable, may_have_decimal_commas_where_they_cannot_be_thousands) {
  const assays::DoseTable read =
      read_dose_table({"arm;dose_uM;response\nCAF;0,25;0,5\nCAF;2;1,125\n", "t"}, {"d"});
  EXPECT_DOUBLE_EQ(read.rows[0].dose, 250.0);
  EXPECT_DOUBLE_EQ(read.rows[0].response, 0.5);
  EXPECT_DOUBLE_EQ(read.rows[1].response, 1.125);
  // 1,125 alone may be a thousand; beside numbers with points a comma is an error.
  EXPECT_EQ(dose_codes("arm;dose_uM;response\nCAF;2;1,125\n"), "bad-reading");
  EXPECT_EQ(dose_codes("arm;dose_uM;response\nCAF;2;0,5\nCAF;2.5;0.5\nCAF;4;0.25\n"), "bad-reading");
}

TEST(DoseTable, does_not_count_a_line_twice) {
  const std::string head = "arm,replicate,technical,dose_uM,response\n";
  EXPECT_EQ(dose_codes(head + "a,1,1,2,0.51\na,1,2,2,0.52\n"), "none");
  EXPECT_EQ(dose_codes(head + "a,1,1,2,0.51\na,1,1,2,0.52\na,2,1,2,0.5\na,2,1,2,0.5\n"), "doubled-lines");
  EXPECT_THAT(messages_of([&] {
                read_dose_table({head + "a,1,1,2,0.5\na,1,1,2,0.5\na,1,1,2,0.5\n", "t"}, {"d"});
              }),
              HasSubstr("2 lines repeat what was measured before"));
  EXPECT_EQ(dose_codes("arm,plate,well,dose_uM,response\na,p,B2,2,0.5\na,q,B2,2,0.5\n"), "none");
  EXPECT_EQ(dose_codes("arm,plate,well,dose_uM,response\na,p,B2,2,0.5\na,p,B2,2,0.5\n"), "doubled-lines");
  // A replicate that some lines do not have is no first experiment.
  EXPECT_EQ(dose_codes("arm,replicate,dose_uM,response\na,1,2,0.5\na,,2,0.5\na,,2,0.4\n"), "empty-replicate");
  EXPECT_EQ(dose_codes("arm,replicate,dose_uM,response\na,,2,0.5\na,,2,0.4\n"), "none");
}

TEST(DoseTable, asks_which_of_several_times_is_meant) {
  const std::string text = "arm,time (h),dose_uM,response\na,24,2,0.5\na,48,2,0.4\n";
  EXPECT_EQ(dose_codes(text), "several-times");
  const assays::DoseTable one = read_dose_table({text, "t"}, {"d", "", "48", ""});
  ASSERT_EQ(one.rows.size(), 1u);
  EXPECT_EQ(one.rows[0].response, 0.4);
}

TEST(DoseTable, refuses_numbers_that_no_instrument_gives) {
  EXPECT_EQ(dose_codes("arm,dose_uM,response\na,2,-1e308\na,1e308,0.4\n"), "bad-reading bad-reading");
}

TEST(DoseTable, knows_inhibition_by_its_header) {
  const auto scale = [](const std::string& header) {
    return read_dose_table({"arm,dose_uM," + header + "\na,2,50\n", "t"}, {"d"}).scale;
  };
  EXPECT_EQ(scale("inhibition (%)"), assays::ResponseScale::inhibition_percent);
  EXPECT_EQ(scale("% inhibition"), assays::ResponseScale::inhibition_percent);
  EXPECT_EQ(scale("inhibition"), assays::ResponseScale::inhibition);
  EXPECT_EQ(scale("viability_percent"), assays::ResponseScale::percent);
}

TEST(DoseTable, may_hold_doses_by_mass_which_stay_so) {
  const auto first = [](const std::string& text) { return read_dose_table({text, "t"}, {"d"}).rows.front(); };
  for (const char* text : {"arm,dose_ug/mL,response\nCAF,2,50\n", "arm,dose (ug/mL),response\nCAF,2,50\n",
                           "arm,dose,response\nCAF,2 ug/mL,50\n"}) {
    EXPECT_DOUBLE_EQ(first(text).dose, 2000.0) << text;  // ng/mL
    EXPECT_EQ(first(text).dose_unit, "ug/mL") << text;
  }
  EXPECT_EQ(first("arm,dose_nM,response\nCAF,2000,50\n").dose_unit, "uM");
  // Each drug may have its own unit; one drug has one.
  const assays::DoseTable two =
      read_dose_table({"drug,arm,dose,response\nsorafenib,a,2 uM,1\ncetuximab,a,2 ug/mL,1\n", "t"}, {"d"});
  EXPECT_EQ(two.rows[0].dose_unit, "uM");
  EXPECT_EQ(two.rows[1].dose_unit, "ug/mL");
  EXPECT_THAT(
      messages_of([] {
        read_dose_table({"arm,dose,response\na,2 uM,1\na,2 ug/mL,1\n", "t"}, {"sorafenib"});
      }),
      HasSubstr("t:3:3: dose: '2 ug/mL' is in ug/mL, but that of 'sorafenib' is in uM (said in line 2, "
                "column 3)"));
}

TEST(DoseTable, with_a_delimiter_too_many_has_one_problem) {
  EXPECT_EQ(dose_codes("arm,dose_uM,response,\nCAF,2,1,\n"), "trailing-delimiter");
}

TEST(PkTable, reads_times_in_hours_and_what_is_below_the_limit) {
  const std::string text =
      "subject,time (min),concentration (ng/mL),dose_mg\nm1,30,12.5,0.6\nm2,60,<5,0.6\nm3,90,BLQ,0.6\n";
  for (const std::string& form : {text, with_crlf_and_bom(text)}) {
    const PkTable table = read_pk_table({form, "pk.csv"});
    ASSERT_EQ(table.samples.size(), 3u);
    EXPECT_DOUBLE_EQ(table.samples[0].time, 0.5);
    EXPECT_NEAR(*table.samples[0].concentration, 12.5, 1e-12);
    EXPECT_FALSE(table.samples[1].concentration);
    EXPECT_EQ(table.samples[1].limit, 5.0);
    EXPECT_FALSE(table.samples[2].concentration);
    EXPECT_NEAR(table.samples[0].dose, 0.6, 1e-12);
    EXPECT_EQ(table.concentration_unit, "ng/mL");
  }
  const auto codes = [](const std::string& t) { return codes_of([&] { read_pk_table({t, "pk.csv"}); }); };
  EXPECT_EQ(codes("subject,time_h,concentration (ng/mL)\nm1,x,OVER\n"), "bad-reading bad-reading");
  EXPECT_EQ(codes("subject,time_h,concentration\nm1,1,5 ng/mL\nm2,2,5 mg/L\n"), "two-units");
  EXPECT_EQ(codes("subject,time,concentration (ng/mL)\nm1,1,5\n"), "missing-unit");
  EXPECT_EQ(codes("time_h,concentration (ng/mL)\n1,5\n"), "missing-column");
}

std::string facts_of(const core::Understanding& understanding) {
  std::string out;
  for (const core::Fact& fact : understanding.facts()) out += core::to_string(fact) + "\n";
  return out;
}

TEST(PkTable, says_what_it_does_not_use_and_asks_for_units_once) {
  const PkTable table = read_pk_table(
      {"Subject,Wt,Dose (mg/kg),Time (h),conc (mg/L)\n1,79,4,0,0.7\n1,79,4,1,2\n1,79,4,2,NA\n", "t"});
  ASSERT_EQ(table.samples.size(), 2u);
  EXPECT_NEAR(table.samples[0].dose, 4.0, 1e-12);
  EXPECT_THAT(facts_of(table.understanding),
              testing::AllOf(HasSubstr("not used: column 'Wt'"), HasSubstr("1 lines")));
  const auto bare = [](const PkColumns& columns) {
    return [columns] { read_pk_table({"ID,TIME,DV\n1,0,1\n1,1,2\n1,2,3\n", "t"}, columns); };
  };
  EXPECT_EQ(codes_of(bare({})), "missing-unit");
  EXPECT_THAT(messages_of(bare({"", "", "", "", "", "stroma analyse pk t"})),
              HasSubstr("stroma analyse pk t --time-unit h --concentration-unit ng/mL"));
  EXPECT_EQ(codes_of(bare({"h", "mg/L", "", "", "", ""})), "none");
}

TEST(PkTable, of_nonmem_has_its_doses_in_lines_of_their_own) {
  const PkColumns units{"h", "mg/L", "mg", "", "", ""};
  const std::string text =
      "C PK "
      "data\nID,TIME,AMT,DV,EVID,MDV,CMT\n1,24,400,.,1,1,1\n1,25,.,0.5,0,0,2\n1,26,.,1.5,0,0,2\n1,28,.,.,0,1,"
      "2\n";
  const PkTable table = read_pk_table({text, "n"}, units);
  ASSERT_EQ(table.samples.size(), 2u);
  EXPECT_NEAR(table.samples[0].time, 1.0, 1e-12);  // after the dose
  EXPECT_NEAR(table.samples[1].dose, 400.0, 1e-9);
  EXPECT_EQ(table.samples[0].route, assays::Route::extravascular);  // from compartment 1 to 2
  EXPECT_EQ(table.samples[0].place.line, 4);
  EXPECT_EQ(codes_of([&] { read_pk_table({text + "1,48,400,.,1,1,1\n", "n"}, units); }), "several-doses");
}

TEST(PkTable, numbers_repeats_or_refuses_gaps_among_them) {
  const std::string header = "subject,time_h,concentration (ng/mL),replicate\n";
  EXPECT_EQ(read_pk_table({header + "1,1,5,1\n1,1,6,2\n", "t"}).samples[1].repeat, 2);
  EXPECT_EQ(codes_of([&] { read_pk_table({header + "1,1,5,1\n1,1,6,\n1,2,6,\n", "t"}); }), "empty");
  EXPECT_EQ(
      codes_of([] {
        read_pk_table({"subject,arm,group,time_h,conc (ng/mL)\n1,a,x,1,5\n2,a,y,1,5\n3,b,y,1,5\n", "t"});
      }),
      "which-arm");
  EXPECT_FALSE(read_pk_table({"subject,time_h,conc (ng/mL),BLQ\n1,1,5,1\n", "t"}).samples[0].concentration);
}

std::string board(const std::string& header, double scale, const std::string& units) {
  std::string out = header + "\n";
  for (const int a : {0, 1, 2})
    for (const int b : {0, 1, 2})
      out += "1,A,B," + std::to_string(a) + "," + std::to_string(b) + "," +
             std::to_string(scale * (a + b) / 4.0) + "," + units + "\n";
  return out;
}

TEST(SynergyTable, reads_both_forms_of_synergyfinder) {
  const std::string old = board("PairIndex,Drug1,Drug2,Conc1,Conc2,Response,ConcUnit", 80.0, "uM");
  const std::string current =
      board("block_id,drug_row,drug_col,conc_r,conc_c,response,conc_r_unit,conc_c_unit", 80.0, "uM,nM");
  for (const std::string& text : {old, current, with_crlf_and_bom(old)}) {
    const auto blocks = read_synergy_table({text, "s.csv"}, SynergyResponse::inhibition_percent);
    ASSERT_EQ(blocks.size(), 1u);
    EXPECT_EQ(blocks[0].board.rows(), 3u);
    EXPECT_NEAR(blocks[0].board.effects[blocks[0].board.cell(2, 1)][0], 0.6, 1e-12);
  }
  EXPECT_EQ(read_synergy_table({current, "s.csv"}, SynergyResponse::inhibition_percent)[0].unit2, "nM");
}

// The wells without any drug have all of the viability and none of the inhibition.
TEST(SynergyTable, tells_inhibition_from_viability_by_the_untreated_wells_or_asks) {
  const std::string inhibition = board("block_id,drug1,drug2,conc1,conc2,response,conc_unit", 80.0, "uM");
  const auto first = [](const std::string& text, SynergyResponse response) {
    return read_synergy_table({text, "s"}, response)[0].board.effects[0][0];
  };
  EXPECT_DOUBLE_EQ(first(inhibition, SynergyResponse::unknown), 0.0);
  EXPECT_EQ(codes_of([&] { first(inhibition, SynergyResponse::viability_percent); }),
            "inhibition-or-viability");
  std::string viability = "block_id,drug1,drug2,conc1,conc2,response,conc_unit\n", between = viability;
  for (const int a : {0, 1, 2})
    for (const int b : {0, 1, 2}) {
      const std::string doses = "1,A,B," + std::to_string(a) + "," + std::to_string(b) + ",";
      viability += doses + std::to_string(98 - 10 * (a + b)) + ",uM\n";
      between += doses + std::to_string(50 - 5 * (a + b)) + ",uM\n";
    }
  EXPECT_NEAR(first(viability, SynergyResponse::unknown), 0.02, 1e-12);
  EXPECT_EQ(codes_of([&] { first(viability, SynergyResponse::inhibition_percent); }),
            "inhibition-or-viability");
  EXPECT_EQ(codes_of([&] { first(between, SynergyResponse::unknown); }), "inhibition-or-viability");
}

TEST(SynergyTable, does_not_count_a_line_twice) {
  const std::string head = "block_id,drug1,drug2,conc1,conc2,replicate,response,conc_unit\n";
  std::string text = head;
  for (const int a : {0, 1, 2})
    for (const int b : {0, 1, 2})
      text += "1,A,B," + std::to_string(a) + "," + std::to_string(b) + ",1," + std::to_string(20 * (a + b)) +
              ",uM\n";
  const auto codes = [](const std::string& t) {
    return codes_of([&] { read_synergy_table({t, "s"}, SynergyResponse::unknown); });
  };
  EXPECT_EQ(codes(text), "none");
  EXPECT_EQ(codes(text + "1,A,B,1,1,1,40,uM\n"), "doubled-lines");
}

TEST(SynergyTable, spells_out_both_readings_of_fractions_and_percentages) {
  const std::string header = "block_id,drug1,drug2,conc1,conc2,response,conc_unit";
  const auto say = [&](double scale, SynergyResponse response) {
    return messages_of([&] { read_synergy_table({board(header, scale, "uM"), "s.csv"}, response); });
  };
  const std::string fraction = say(0.8, SynergyResponse::inhibition_percent);
  EXPECT_THAT(fraction, HasSubstr("read as per cent, nothing in the table exceeds 1 %"));
  EXPECT_THAT(fraction, HasSubstr("read as a fraction, it is 80 %"));
  EXPECT_THAT(fraction, HasSubstr("s.csv:10:"));
  EXPECT_THAT(say(80.0, SynergyResponse::inhibition_fraction), HasSubstr("percent-or-fraction"));
  EXPECT_EQ(say(0.8, SynergyResponse::inhibition_fraction), "none");
}

TEST(SynergyTable, names_missing_pairs_doses_and_units) {
  const std::string header = "block_id,drug1,drug2,conc1,conc2,response,conc_unit";
  const auto codes = [](const std::string& t) {
    return codes_of([&] { read_synergy_table({t, "s.csv"}, SynergyResponse::inhibition_percent); });
  };
  std::string text = board(header, 80.0, "uM");
  const std::string without = text.substr(0, text.find("1,A,B,1,1")) + text.substr(text.find("1,A,B,1,2"));
  EXPECT_EQ(codes(without), "missing-pair");
  EXPECT_EQ(codes(header + "\n1,A,B,1,1,50,uM\n"), "few-doses few-doses");
  std::string units = text;
  units.replace(units.rfind("uM"), 2, "nM");
  EXPECT_EQ(codes(units), "two-units");
  units.replace(units.rfind("nM"), 2, "xM");
  EXPECT_EQ(codes(units), "unknown-unit");
  EXPECT_EQ(codes("block_id,drug1,drug2,conc1,conc2,response\n1,A,B,0,0,0\n"), "missing-column");
}

const std::string quantstudio =
    "Block Type,96-Well 0.2-mL Block\nExperiment Name,CAF day 3\n\nWell,Well Position,Sample Name,Target "
    "Name,Task,Quantity,CT\n1,A1,CAF_1,FOLR1,UNKNOWN,,24.5\n2,A2,CAF_1,FOLR1,UNKNOWN,,24.7\n3,A3,CAF_1,GAPDH,"
    "UNKNOWN,,18.1\n"
    "4,A4,,,,,\n5,A5,std,FOLR1,STANDARD,100,20.1\n6,A6,NTC,FOLR1,NTC,,Undetermined\n7,A7,CAF_1,GAPDH,UNKNOWN,"
    ",Undetermined\n"
    "\nAnalysis Type,Singleplex\n";

TEST(CtExport, finds_its_table_behind_the_preamble_of_the_machine) {
  for (const std::string& form : {quantstudio, with_crlf_and_bom(quantstudio)}) {
    const CtExport table = read_ct_export({form, "ct.csv"}, {});
    ASSERT_EQ(table.rows.size(), 4u);
    EXPECT_EQ(table.rows[0].arm, "CAF");
    EXPECT_EQ(table.rows[0].replicate, 1);
    EXPECT_EQ(table.rows[1].technical, 2);
    EXPECT_FALSE(table.rows[3].ct);
    ASSERT_EQ(table.standards.size(), 1u);
    EXPECT_EQ(table.standards[0].quantity, 100.0);
  }
}

TEST(CtExport, of_other_machines_and_with_a_sample_sheet) {
  const std::string cfx =
      "Well\tFluor\tTarget\tContent\tSample\tCq\nA01\tSYBR\tFOLR1\tUnkn-1\ts1\t24.5\nA02\tSYBR\tGAPDH\tUnkn-"
      "1\ts1\t18.0\n";
  const CtExport table =
      read_ct_export({cfx, "ct.txt"}, {"sample,arm,replicate\ns1,CAF supernatant,2\n", "sheet.csv"});
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[0].arm, "CAF supernatant");
  EXPECT_EQ(table.rows[0].replicate, 2);
  EXPECT_EQ(read_ct_export({"arm,replicate,gene,technical,ct\nu,1,F,1,20\n", "t"}, {}).rows.size(), 1u);
  EXPECT_EQ(codes_of([&] { read_ct_export({cfx, "ct"}, {}); }), "sample-name");
  EXPECT_EQ(codes_of([&] {
              read_ct_export({cfx, "ct"}, {"sample,arm\ns2,CAF\n", "sheet"});
            }),
            "unknown-sample");
  EXPECT_EQ(codes_of([&] { read_ct_export({"a,b\n1,2\n", "ct"}, {}); }), "no-ct-table");
  EXPECT_EQ(codes_of([&] {
              read_ct_export({"Sample,Target,Cq\na_1,F,70\na_1,F,x\n", "ct"}, {});
            }),
            "out-of-range bad-reading");
}

TEST(CtExport, leaves_out_what_the_instrument_says_is_no_sample_and_lists_it) {
  const std::string header = "Well\tOmit\tSample\tTarget\tContent\tCq\n";
  const CtExport table =
      read_ct_export({header + "A1\tfalse\ta_1\tF\tUnkn-1\t24\nA2\ttrue\ta_1\tF\tUnkn-1\t35\n"
                               "A3\tfalse\ta_1\tF\tNRT-1\t36\nA4\tfalse\ta_1\tF\tNeg Ctrl\t37\n"
                               "A5\tfalse\ta_1\tF\tPos Ctrl\t12\nA6\tfalse\t\tF\tNTC-1\t38\n",
                      "t"},
                     {});
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(*table.rows[0].ct, 24.0);
  EXPECT_EQ(table.skipped, 5u);
  EXPECT_THAT(facts_of(table.understanding),
              testing::AllOf(HasSubstr("omitted by the instrument's program: A2"), HasSubstr("NRT: A3"),
                             HasSubstr("Neg Ctrl: A4"), HasSubstr("Pos Ctrl: A5"), HasSubstr("NTC: A6")));
  const CtExport light = read_ct_export(
      {"Include\tPos\tName\tTarget\tCp\nTrue\tA1\tc_1\tF\t25\nFalse\tA2\tc_1\tF\t33\n", "l"}, {});
  EXPECT_EQ(light.rows.size(), 1u);
  EXPECT_THAT(facts_of(light.understanding), HasSubstr("not included by the instrument's program: A2"));
  EXPECT_EQ(codes_of([] {
              read_ct_export({"Sample,Target,Task,Cq,Quantity\ns,F,STANDARD,20,\"1,250.0\"\n", "t"}, {});
            }),
            "no-samples");
}

TEST(CtExport, names_lysates_by_the_instruments_groups_or_by_their_own_names) {
  const CtExport sets = read_ct_export({"Well,Fluor,Target,Sample,Biological Set "
                                        "Name,Cq\nA1,FAM,,m1,PBS,20\nA1,VIC,,m1,PBS,18\nA2,FAM,,m2,PBS,21\n"
                                        "A2,VIC,,m2,PBS,18\n",
                                        "c"},
                                       {});
  ASSERT_EQ(sets.rows.size(), 4u);
  EXPECT_EQ(sets.rows[2].arm, "PBS");
  EXPECT_EQ(sets.rows[2].replicate, 2);
  EXPECT_EQ(sets.rows[1].gene, "VIC");
  const CtExport spaced =
      read_ct_export({"Sample,Target,Cq\nDMEM 1,F,20\nDMEM 2,F,20\nCAF 1,F,20\n", "s"}, {});
  EXPECT_EQ(spaced.rows[1].arm, "DMEM");
  EXPECT_EQ(spaced.rows[1].replicate, 2);
  EXPECT_THAT(facts_of(spaced.understanding), HasSubstr("assumed"));
  // One cause is one message.
  EXPECT_EQ(codes_of([] {
              read_ct_export({"Sample,Target,Cq\nDMEM,F,20\nCAF,F,20\nHGF 1,F,20\n", "s"}, {});
            }),
            "sample-name");
}

TEST(CtExport, of_a_cfx_with_two_names_of_a_sample_and_of_a_lightcycler) {
  EXPECT_EQ(
      read_ct_export(
          {",Well,Fluor,Target,Content,Sample,Biological Set Name,Cq\n,A01,SYBR,F,Unkn-1,a_1,,24.5\n", "cfx"},
          {})
          .rows.size(),
      1u);
  EXPECT_EQ(
      read_ct_export({"Color\tPosition\tSample Name\tGene Name\tCq\n#F\tA1\ta_1\tF\t24.5\n", "lc96"}, {})
          .rows[0]
          .gene,
      "F");
  EXPECT_THAT(messages_of([] {
                read_ct_export({"Experiment: x\nPos\tName\tCp\nA1\ta_1\t24.5\n", "lc480"}, {});
              }),
              HasSubstr("lc480:2:10: line 2 has samples and Cp, and no column says the gene"));
}

TEST(Tables, name_a_line_that_comes_twice_and_colonies_that_cannot_be) {
  const std::string blot = "membrane,lane,arm,replicate,protein,volume,background\n";
  EXPECT_THAT(messages_of([&] {
                read_densitometry({blot + "m,1,a,1,F,5,1\nm,1,a,1,F,6,1\n", "b"});
              }),
              HasSubstr("b:3:9: protein: membrane 'm', lane 1, F is there twice (first in line 2)"));
  const std::string colonies = "arm,replicate,technical,plated,colonies\n";
  EXPECT_THAT(messages_of([&] {
                read_colony_counts({colonies + "a,1,1,500,900\n", "c"});
              }),
              HasSubstr("c:2:11: colonies: 900 colonies of 500 cells plated"));
  EXPECT_EQ(codes_of([&] {
              read_colony_counts({colonies + "a,1,1,500,9\na,1,1,500,9\n", "c"});
            }),
            "duplicate-well");
  EXPECT_EQ(codes_of([&] {
              read_ct_table({"arm,replicate,gene,technical,ct\na,1,F,1,20\na,1,F,1,21\n", "c"});
            }),
            "duplicate-well");
}

TEST(DensitometryExport, joins_imagej_with_its_sheet) {
  const std::string imagej =
      " ,Label,Area,Mean,RawIntDen\n1,b1,100,90,9000\n2,b2,100,60,6000\n3,bg,200,10,2000\n";
  const std::string sheet =
      "label,membrane,lane,arm,replicate,protein,what\nb1,m,1,CAF,1,FOLR1,band\nb2,m,2,NF,1,FOLR1,band\nbg,m,"
      "1,,1,FOLR1,background\n";
  const auto bands = read_densitometry_export({imagej, "i.csv"}, {sheet, "s.csv"});
  ASSERT_EQ(bands.size(), 2u);
  EXPECT_DOUBLE_EQ(bands[0].volume, 9000.0);
  EXPECT_DOUBLE_EQ(bands[0].background, 1000.0);  // a mean grey value of 10 over an area of 100
  EXPECT_DOUBLE_EQ(bands[1].background, 1000.0);
  const auto codes = [&](const std::string& s) {
    return codes_of([&] { read_densitometry_export({imagej, "i.csv"}, {s, "s.csv"}); });
  };
  EXPECT_EQ(codes(""), "no-sheet");
  EXPECT_EQ(codes(sheet + "b9,m,1,NF,1,FOLR1,band\n"), "unknown-label");
  EXPECT_EQ(codes(sheet.substr(0, sheet.find("bg,"))), "no-background no-background");
  EXPECT_EQ(codes(sheet + "b1,m,1,NF,1,FOLR1,bnad\n"), "unknown-value");
}

}  // namespace measured_tables_test
}  // namespace stroma::io
