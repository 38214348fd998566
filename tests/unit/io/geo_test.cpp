// Series matrices and platform tables: what is read, and every fault with its own code and place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <map>

#include "io/file.hpp"
#include "io/geo_design.hpp"
#include "io/geo_platform.hpp"
#include "io/geo_series.hpp"
#include "io/resistance_genes.hpp"
#include "refused.hpp"
#include "support/series.hpp"
#include "test_paths.hpp"

namespace geo_test {

using namespace stroma;
using test::refused;
using testing::HasSubstr;

const std::string head =
    "!Series_geo_accession\t\"GSE9\"\n!Series_platform_id\t\"GPL9\"\n!Sample_title\t\"a\"\t\"b\"\n"
    "!Sample_geo_accession\t\"GSM1\"\t\"GSM2\"\n"
    "!Sample_characteristics_ch1\t\"treatment: CXCL12\"\t\"treatment: none\"\n"
    "!Sample_source_name_ch1\t\"Huh7\"\t\"Huh7\"\n!series_matrix_table_begin\n";
const std::string columns = "\"ID_REF\"\t\"GSM1\"\t\"GSM2\"\n";
const std::string end = "!series_matrix_table_end\n";

core::Diagnostic fault_of(const std::string& text) {
  return refused([&] { io::read_geo_series(text, "s.txt"); });
}

TEST(GeoSeries, values_samples_and_their_annotation_are_read_plain_and_packed) {
  const std::string text = head + columns + "\"p1\"\t1.5\t-2e-1\n\"p2\"\t\t3\n" + end;
  for (const std::string& bytes :
       {text, test::gzip(text), test::gzip(text.substr(0, 200)) + test::gzip(text.substr(200))}) {
    const assays::ExpressionSeries s = io::read_geo_series(bytes, "s.txt");
    EXPECT_EQ(s.accession, "GSE9");
    EXPECT_EQ(s.platform, "GPL9");
    ASSERT_EQ(s.samples.size(), 2u);
    EXPECT_EQ(s.samples[0].accession, "GSM1");
    EXPECT_EQ(s.samples[1].title, "b");
    const std::vector<std::pair<std::string, std::string>> notes = {{"treatment", "CXCL12"},
                                                                    {"source_name_ch1", "Huh7"}};
    EXPECT_EQ(s.samples[0].notes, notes);
    EXPECT_EQ(s.probes, (std::vector<std::string>{"p1", "p2"}));
    EXPECT_EQ(s.values(0, 0), 1.5);
    EXPECT_EQ(s.values(0, 1), -0.2);
    EXPECT_TRUE(std::isnan(s.values(1, 0)));  // an empty cell is a missing value
    EXPECT_EQ(s.missing, 1u);
  }
}

TEST(GeoSeries, byte_order_mark_crlf_and_blank_lines_are_tolerated) {
  std::string text = "\xEF\xBB\xBF" + head + columns + "p1\t1\t2\n\n" + end;
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) text.insert(at, "\r");
  EXPECT_EQ(io::read_geo_series(text, "s.txt").values(0, 1), 2.0);
}

TEST(GeoSeries, each_fault_has_its_code_and_line) {
  EXPECT_EQ(fault_of("").code, "geo-no-table");
  EXPECT_EQ(fault_of("a,b\n1,2\n").code, "geo-no-table");

  const core::Diagnostic cut = fault_of(head + columns + "p1\t1\t2\n");
  EXPECT_EQ(cut.code, "geo-table-not-ended");
  EXPECT_EQ(cut.place.line, 7);  // where it begins

  EXPECT_EQ(fault_of(head + columns + end).code, "geo-empty-table");
  EXPECT_EQ(fault_of(head + end).code, "geo-empty-table");

  const core::Diagnostic twice = fault_of(head + columns + "p1\t1\t2\np2\t1\t2\np1\t3\t4\n" + end);
  EXPECT_EQ(twice.code, "geo-duplicate-probe");
  EXPECT_EQ(twice.place.line, 11);
  EXPECT_THAT(twice.message, HasSubstr("line 9"));

  const core::Diagnostic null = fault_of(head + columns + "p1\t1\tnull\n" + end);
  EXPECT_EQ(null.code, "geo-null");
  EXPECT_EQ(null.place.line, 9);
  EXPECT_EQ(null.place.column, 6);
  EXPECT_THAT(null.hint, HasSubstr("--missing null"));

  const core::Diagnostic comma = fault_of(head + columns + "p1\t1,5\t2\n" + end);
  EXPECT_EQ(comma.code, "geo-not-a-number");
  EXPECT_THAT(comma.hint, HasSubstr("decimal point"));
  EXPECT_EQ(fault_of(head + columns + "p1\tinf\t2\n" + end).code, "geo-not-a-number");
  EXPECT_EQ(fault_of(head + columns + "p1\t1e999\t2\n" + end).code, "geo-not-a-number");
  EXPECT_EQ(fault_of(head + columns + "p1\t1\n" + end).code, "geo-ragged-row");
  EXPECT_EQ(fault_of(head + columns + "p1\t1\t2\t3\n" + end).code, "geo-ragged-row");
  EXPECT_EQ(fault_of(head + columns + "\t1\t2\n" + end).code, "geo-empty-probe");
  EXPECT_EQ(fault_of(head + "probe\tGSM1\tGSM2\np1\t1\t2\n" + end).code, "geo-header");
  EXPECT_EQ(fault_of(head + "ID_REF\tGSM1\tGSM7\np1\t1\t2\n" + end).code, "geo-header");
  EXPECT_EQ(fault_of(head + "ID_REF\tGSM1\tGSM1\np1\t1\t2\n" + end).code, "geo-duplicate-sample");
  EXPECT_EQ(fault_of(head + columns + "p1\t1\t2\n" + head.substr(head.find("!series")) + end).code,
            "geo-table-twice");
  EXPECT_EQ(fault_of(head + columns + "p\xFF\t1\t2\n" + end).code, "not-utf8");
  EXPECT_EQ(fault_of(head + columns + std::string("p\0\t1\t2\n", 8) + end).code, "nul-byte");
}

TEST(GeoSeries, null_is_missing_once_the_user_says_so) {
  io::GeoSeriesOptions options;
  options.missing_words = {"NULL"};
  const assays::ExpressionSeries s =
      io::read_geo_series(head + columns + "p1\t1\tnull\n" + end, "s.txt", options);
  EXPECT_TRUE(std::isnan(s.values(0, 1)));
}

TEST(GeoSeries, every_problem_of_a_file_is_reported_at_once) {
  try {
    io::read_geo_series(head + columns + "p1\tx\t2\np2\t1\np1\tnull\t2\n" + end, "s.txt");
    FAIL();
  } catch (const core::InputError& error) {
    std::vector<std::string> codes;
    for (const core::Diagnostic& d : error.diagnostics()) codes.push_back(d.code);
    EXPECT_EQ(codes, (std::vector<std::string>{"geo-not-a-number", "geo-ragged-row", "geo-duplicate-probe",
                                               "geo-null"}));
  }
}

TEST(GeoSeries, a_table_of_nonsense_is_given_up_after_a_hundred_problems) {
  std::string text = head + columns;
  for (int i = 0; i < 5000; ++i) text += fmt::format("p{}\tx\ty\n", i);
  try {
    io::read_geo_series(text + end, "s.txt");
    FAIL();
  } catch (const core::InputError& error) {
    EXPECT_LE(error.diagnostics().size(), 103u);
    EXPECT_EQ(error.diagnostics().back().code, "too-many-problems");
  }
}

TEST(GeoSeries, a_packed_file_cut_anywhere_is_called_truncated_and_a_flipped_bit_corrupt) {
  test::PlantedSeries planted;
  planted.genes = 200;
  const std::string whole = test::gzip(test::series_matrix(planted));
  for (std::size_t size = 2; size < whole.size(); size += whole.size() / 37 + 1)
    EXPECT_EQ(fault_of(whole.substr(0, size)).code, "truncated-gzip") << size;
  EXPECT_EQ(fault_of(whole.substr(0, whole.size() - 1)).code, "truncated-gzip");
  std::string flipped = whole;
  flipped[whole.size() - 6] ^= 1;  // in the checksum of the end
  EXPECT_EQ(fault_of(flipped).code, "corrupt-gzip");
  EXPECT_EQ(fault_of(whole + "rest").code, "corrupt-gzip");
}

TEST(GeoSeries, a_small_file_that_unpacks_to_a_large_one_is_refused_early) {
  // 40 MiB of empty lines: 1000 to 1.
  const std::string bomb = test::gzip(head + columns + std::string(std::size_t{40} << 20, '\n'));
  ASSERT_LT(bomb.size(), 100'000u);
  const auto begin = std::chrono::steady_clock::now();
  const core::Diagnostic fault = fault_of(bomb);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(fault.code, "gzip-bomb");
  EXPECT_LT(took.count(), 2.0);
  EXPECT_EQ(fault_of(std::string(std::size_t{20} << 20, 'x')).code, "line-too-long");
}

TEST(GeoSeries, a_quoted_value_may_hold_a_line_break) {
  const std::string note = "!Sample_characteristics_ch1\t\"note: a\nb\"\t\"note: c\r\nd\n e\"\n";
  const std::string table = "!series_matrix_table_begin\n";
  const std::string before = head.substr(0, head.size() - table.size());
  const assays::ExpressionSeries s =
      io::read_geo_series(before + note + table + columns + "p1\t1\t2\n" + end, "s.txt");
  EXPECT_EQ(s.samples[0].notes.back(), (std::pair<std::string, std::string>{"note", "a b"}));
  EXPECT_EQ(s.samples[1].notes.back(), (std::pair<std::string, std::string>{"note", "c d  e"}));
  EXPECT_EQ(s.values(0, 1), 2.0);
  // A mark that nothing closes is said, and does not swallow what follows.
  const core::Diagnostic open =
      fault_of(before + "!Sample_description\t\"x\"\t\"y\n" + table + columns + "p1\t1\t2\n" + end);
  EXPECT_EQ(open.code, "geo-open-quote");
  EXPECT_EQ(open.place.line, 7);
}

TEST(GeoSeries, more_samples_than_a_series_can_have_are_refused_before_they_are_stored) {
  const std::string many = "!series_matrix_table_begin\nID_REF" + [] {
    std::string names;
    for (int k = 0; k < 3'000'000; ++k) names += "\ta";
    return names;
  }();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(fault_of(test::gzip(many)).code, "geo-too-many-samples");
  EXPECT_EQ(fault_of("!Sample_title" + std::string(30'000, '\t') + "\n").code, "geo-too-many-samples");
  io::GeoSeriesOptions few;
  few.annotation_limit = 3;
  EXPECT_EQ(refused([&] { io::read_geo_series(head, "s.txt", few); }).code, "geo-too-many-values");
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(took.count(), 5.0);
}

TEST(GeoDesign, patients_with_samples_on_both_sides_are_blocks_and_repeated_ones_are_refused) {
  assays::ExpressionSeries s;
  s.file = s.accession = "GSE7";
  for (int k = 0; k < 8; ++k)
    s.samples.push_back(
        {"GSM" + std::to_string(k),
         "t",
         {{"patient id", "P" + std::to_string(k % 4)}, {"tumor", "HCC"}, {"pool", k < 4 ? "1" : "2"}}});
  assays::SampleGroups groups;
  groups.side = {0, 0, 0, 0, 1, 1, 1, 1};
  core::Diagnostics problems;
  io::find_blocks(s, "", groups, problems);
  EXPECT_EQ(groups.block_column, "patient id");
  EXPECT_EQ(groups.block, (std::vector<int>{0, 1, 2, 3, 0, 1, 2, 3}));
  assays::SampleGroups none = groups;
  none.block.clear();
  none.block_column.clear();
  io::find_blocks(s, "none", none, problems);
  EXPECT_TRUE(none.block.empty());
  EXPECT_TRUE(problems.empty());
  io::find_blocks(s, "pool", none, problems);  // within a pool nothing can be compared
  io::find_blocks(s, "patnt", none, problems);
  // Two arrays of each patient, all of them on one side: four patients are not eight.
  for (int k = 0; k < 8; ++k)
    s.samples[static_cast<std::size_t>(k)].notes[0].second = "P" + std::to_string(k / 2);
  io::find_blocks(s, "", none, problems);
  ASSERT_EQ(problems.size(), 3u);
  EXPECT_EQ(problems.entries()[0].code, "no-blocks");
  EXPECT_EQ(problems.entries()[1].code, "unknown-annotation");
  EXPECT_EQ(problems.entries()[2].code, "repeated-subjects");
}

TEST(GeoPlatform, a_table_says_of_which_platform_it_is) {
  EXPECT_EQ(io::read_geo_platform(
                "^PLATFORM = GPL9001\n!platform_table_begin\nID\tSymbol\n1\tA\n!platform_table_end\n", "g")
                .accession,
            "GPL9001");
  EXPECT_EQ(io::read_geo_platform(
                "^Annotation\n!Annotation_platform = GPL570\n!platform_table_begin\nID\tSymbol\n1\tA\n"
                "!platform_table_end\n",
                "g")
                .accession,
            "GPL570");
  EXPECT_EQ(io::read_geo_platform("ID\tSymbol\n1\tA\n", "g").accession, "");
}

TEST(GeoPlatform, probes_with_one_several_and_no_genes_are_told_apart) {
  const std::string text =
      "^PLATFORM = GPL9\n!Platform_title = x\n#ID = probe\n!platform_table_begin\n"
      "ID\tGB_ACC\tGene Symbol\tENTREZ\n1_at\tX\tFOLR1\t2348\n2_at\tX\tA /// B\t1\n3_at\tX\tA /// "
      "A\t1\n4_at\tX\n"
      "5_at\tX\t---\t\n!platform_table_end\n";
  for (const std::string& bytes : {text, test::gzip(text)}) {
    const assays::ProbeGenes p = io::read_geo_platform(bytes, "GPL9.annot");
    EXPECT_EQ(p.column, "Gene Symbol");
    EXPECT_EQ(p.gene.at("1_at"), "FOLR1");
    EXPECT_EQ(p.gene.at("2_at"), "");
    EXPECT_EQ(p.gene.at("3_at"), "A");
    EXPECT_EQ(p.probes, 5u);
    EXPECT_EQ(p.with_several, 1u);
    EXPECT_EQ(p.without_gene, 2u);
  }
}

TEST(GeoPlatform, bare_tables_and_other_names_of_the_column_are_read) {
  EXPECT_EQ(io::read_geo_platform("#x\nID\tGENE_SYMBOL\nA_1\tCXCR4\n", "t").gene.at("A_1"), "CXCR4");
  EXPECT_EQ(
      io::read_geo_platform("ID\tgene_assignment\n7\tNM_1 // FOLR1 // folate receptor, alpha // 11q /// NM_2 "
                            "// FOLR1 // x // y\n",
                            "t")
          .gene.at("7"),
      "FOLR1");
  io::GeoPlatformOptions options;
  options.column = "my genes";
  EXPECT_EQ(io::read_geo_platform("ID\tMy_Genes\tSymbol\n7\tTNF\tX\n", "t", options).gene.at("7"), "TNF");
}

TEST(GeoPlatform, each_fault_has_its_code) {
  const auto fault = [](const std::string& text) {
    return refused([&] { io::read_geo_platform(text, "p"); }).code;
  };
  EXPECT_EQ(fault(""), "geo-platform-no-table");
  EXPECT_EQ(fault("!platform_table_begin\nID\tSymbol\n1\tA\n"), "geo-platform-not-ended");
  EXPECT_EQ(fault("!platform_table_begin\nID\tSymbol\n!platform_table_end\n"), "geo-platform-empty");
  EXPECT_EQ(fault("ID\tSequence\n1\tACGT\n"), "geo-no-symbol-column");
  EXPECT_EQ(fault("ID\tSymbol\n1\tA\n1\tB\n"), "geo-duplicate-probe");
  EXPECT_EQ(fault("ID\tSymbol\n1\tA\tB\n"), "geo-ragged-row");
}

TEST(ResistanceGenes, the_list_that_is_shipped_is_sound_and_names_folr1_and_cxcr4) {
  const std::string path = std::string(STROMA_SOURCE_DIR) + "/data/resistance_genes.csv";
  const auto genes = io::read_resistance_genes(io::read_file(path), path);
  EXPECT_GT(genes.size(), 60u);
  std::map<std::string, std::string> owner;  // every name belongs to one gene
  for (const assays::ResistanceGene& g : genes) {
    EXPECT_FALSE(g.role.empty()) << g.symbol;
    EXPECT_FALSE(g.statement.empty()) << g.symbol;
    EXPECT_TRUE(owner.emplace(g.symbol, g.symbol).second) << g.symbol;
    for (const std::string& other : g.also) EXPECT_TRUE(owner.emplace(other, g.symbol).second) << other;
  }
  EXPECT_EQ(owner.at("FOLR1"), "FOLR1");
  EXPECT_EQ(owner.at("PD-L1"), "CD274");
}

TEST(ResistanceGenes, faults_of_a_list_are_named) {
  const auto codes = [](const std::string& text) {
    std::vector<std::string> all;
    try {
      io::read_resistance_genes(text, "l.csv");
    } catch (const core::InputError& error) {
      for (const core::Diagnostic& d : error.diagnostics()) all.push_back(d.code);
    }
    return all;
  };
  EXPECT_THAT(codes("symbol,effect,paper\nA,up,x\n"), testing::SizeIs(1));
  EXPECT_THAT(codes("symbol,effect,paper\nA,raises,x\nA,lowers,x\n"), testing::ElementsAre("duplicate-gene"));
  EXPECT_THAT(codes("symbol,effect\nA,raises\n"), testing::SizeIs(1));
}

}  // namespace geo_test
