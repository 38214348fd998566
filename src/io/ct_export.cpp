#include "io/ct_export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "io/csv.hpp"
#include "io/lab_files.hpp"
#include "io/measured_table.hpp"

namespace stroma::io {
namespace {

const std::vector<std::string> ct_names{"cq", "cp", "c\xD1\x82", "ctvalue",
                                        "ct (cycles)"};  // one has a Cyrillic letter

std::vector<ColumnSpec> machine_columns() {
  return {{"sample", true, {"sample name", "name", "samplename", "content name"}},
          {"gene", true, {"target", "target name", "gene name", "detector", "detector name", "assay"}},
          {"ct", true, ct_names},
          {"task", false, {"content", "sample type"}},
          {"quantity", false, {"starting quantity", "starting quantity sq", "sq", "std conc"}}};
}

bool is_machine_header(const std::vector<core::Cell>& line) {
  bool sample = false, gene = false, ct = false;
  for (const core::Cell& cell : line) {
    const std::string plain = plain_name(cell.text);
    for (const ColumnSpec& spec : machine_columns()) {
      const bool named = plain == plain_name(spec.name) ||
                         std::any_of(spec.aliases.begin(), spec.aliases.end(),
                                     [&](const std::string& alias) { return plain == plain_name(alias); });
      sample = sample || (named && spec.name == "sample");
      gene = gene || (named && spec.name == "gene");
      ct = ct || (named && spec.name == "ct");
    }
  }
  return sample && gene && ct;
}

// A line with samples and cycles and no gene: an export of one gene per file.
const core::Cell* cycles_without_gene(const Sheet& sheet) {
  for (const std::vector<core::Cell>& line : sheet.lines) {
    bool sample = false;
    const core::Cell* ct = nullptr;
    for (const core::Cell& cell : line) {
      const std::string plain = plain_name(cell.text);
      sample = sample || plain == "name" || plain == "sample" || plain == "samplename";
      if (plain == "ct" || plain == "cq" || plain == "cp") ct = &cell;
    }
    if (sample && ct) return ct;
  }
  return nullptr;
}

bool is_own_header(const std::vector<core::Cell>& line) {
  return std::any_of(line.begin(), line.end(), [](const core::Cell& c) { return c.text == "arm"; }) &&
         std::any_of(line.begin(), line.end(), [](const core::Cell& c) { return c.text == "ct"; });
}

struct Lysate {
  std::string arm;
  int replicate = 1;
};
using Lysates = std::map<std::string, Lysate>;

Lysates read_samples(const NamedText& text, core::Diagnostics& problems) {
  Lysates out;
  if (text.text.empty()) return out;
  CsvOptions options;
  options.delimiter = delimiter_of(text.text);
  options.row_names = true;
  MeasuredTable table(read_csv(text.text, text.file, options, problems),
                      {{"sample", true, {"sample name"}}, {"arm"}, {"replicate", false}},
                      OtherColumns::refuse, problems);
  if (!table.complete()) return out;
  for (std::size_t r = 0; r < table.rows(); ++r)
    if (!out.insert({table.required_text(r, "sample"),
                     {table.required_text(r, "arm"), table.repeat(r, "replicate")}})
             .second)
      table.wrong(r, "sample", "sample-given-twice",
                  fmt::format("'{}' is there twice", table.text(r, "sample")));
  return out;
}

// "CAF supernatant_2" is replicate 2 of "CAF supernatant".
std::optional<Lysate> lysate_of_name(const std::string& sample) {
  const std::size_t at = sample.find_last_of('_');
  if (at == std::string::npos || at == 0) return std::nullopt;
  const core::ParsedNumber number = core::parse_number(sample.substr(at + 1));
  if (!number.error.empty() || number.value < 1.0 || number.value > 1e6 ||
      static_cast<double>(static_cast<int>(number.value)) != number.value)
    return std::nullopt;
  return Lysate{sample.substr(0, at), static_cast<int>(number.value)};
}

class MachineReader {
 public:
  MachineReader(MeasuredTable& table, const Lysates& lysates, bool sheet)
      : table_(table), lysates_(lysates), sheet_(sheet) {
    for (const auto& [sample, lysate] : lysates_) names_.push_back(sample);
  }

  CtExport read() {
    for (std::size_t r = 0; r < table_.rows(); ++r) read_line(r);
    return std::move(out_);
  }

 private:
  void read_line(std::size_t r) {
    const std::string task = plain_name(table_.text(r, "task"));
    const std::string sample = table_.text(r, "sample"), gene = table_.text(r, "gene");
    const bool standard = task.starts_with("standard") || task.starts_with("std");
    if (task.starts_with("ntc") || plain_name(sample) == "ntc" || plain_name(sample) == "h2o" ||
        gene.empty() || (sample.empty() && !standard)) {
      ++out_.skipped;
      return;
    }
    const std::optional<double> ct = cycle(r);
    if (standard) {
      const auto quantity = table_.number(r, "quantity", core::Range::positive());
      if (quantity && ct) out_.standards.push_back({gene, *quantity, *ct});
      return;
    }
    const std::optional<Lysate> lysate = lysate_of(r, sample);
    if (!lysate) return;
    const int technical = ++technical_[{lysate->arm, lysate->replicate, gene}];
    out_.rows.push_back({lysate->arm, lysate->replicate, gene, technical, ct});
  }

  std::optional<double> cycle(std::size_t r) {
    const std::string plain = plain_name(table_.text(r, "ct"));
    if (plain == "undetermined" || plain == "undet" || plain == "n/a" || plain == "nan" || plain.empty())
      return std::nullopt;
    core::Range cycles = core::Range::positive();
    cycles.high = 60.0;
    return table_.number(r, "ct", cycles);
  }

  std::optional<Lysate> lysate_of(std::size_t r, const std::string& sample) {
    if (sheet_) {
      const auto found = lysates_.find(sample);
      if (found != lysates_.end()) return found->second;
      if (complained_.insert({sample, true}).second)
        table_.wrong(r, "sample", "unknown-sample", fmt::format("'{}' is not in the sample sheet", sample),
                     core::did_you_mean(sample, names_));
      return std::nullopt;
    }
    const std::optional<Lysate> lysate = lysate_of_name(sample);
    if (!lysate && complained_.insert({sample, true}).second)
      table_.wrong(r, "sample", "sample-name",
                   fmt::format("'{}' does not say arm and replicate as ARM_REPLICATE, such as CAF_2", sample),
                   "give a sample sheet (sample, arm, replicate): --samples FILE");
    return lysate;
  }

  MeasuredTable& table_;
  const Lysates& lysates_;
  bool sheet_;
  std::vector<std::string> names_;
  std::map<std::string, bool> complained_;
  std::map<std::tuple<std::string, int, std::string>, int> technical_;
  CtExport out_;
};

}  // namespace

CtExport read_ct_export(const NamedText& text, const NamedText& samples) {
  core::Diagnostics problems;
  const Sheet sheet = read_sheet(text, problems);
  if (std::any_of(sheet.lines.begin(), sheet.lines.end(), is_own_header)) return {read_ct_table(text), {}, 0};
  const auto found = table_in(sheet, is_machine_header);
  if (const core::Cell* cell = found ? nullptr : cycles_without_gene(sheet))
    problems.add(
        "no-gene", sheet.place(*cell), "gene",
        fmt::format("line {} has samples and {}, and no column says the gene", cell->line, cell->text),
        "add a column Target with the gene of each line, and put the genes of one run into one file");
  else if (!found && !sheet.lines.empty())
    problems.add(
        "no-ct-table", {text.file, sheet.lines.front().front().line, 0}, {},
        "there is no Ct table: expected a line with the columns Sample Name, Target Name and CT (or Cq, "
        "Cp), or arm, replicate, gene, technical, ct",
        "export the results table of the run as CSV or tab-separated text");
  const Lysates lysates = read_samples(samples, problems);
  CtExport out;
  if (found) {
    MeasuredTable table(*found, machine_columns(), OtherColumns::ignore, problems);
    if (table.complete()) out = MachineReader(table, lysates, !samples.text.empty()).read();
  }
  problems.throw_if_any();
  return out;
}

std::vector<assays::QpcrStandard> read_ct_standards(const NamedText& text) {
  core::Diagnostics problems;
  CsvOptions options;
  options.delimiter = delimiter_of(text.text);
  options.row_names = true;
  MeasuredTable table(read_csv(text.text, text.file, options, problems),
                      {{"gene", true, {"target", "target name"}},
                       {"quantity", true, {"dilution", "amount"}},
                       {"ct", true, ct_names}},
                      OtherColumns::refuse, problems);
  std::vector<assays::QpcrStandard> out;
  if (table.complete())
    for (std::size_t r = 0; r < table.rows(); ++r) {
      const auto quantity = table.number(r, "quantity", core::Range::positive());
      core::Range cycles = core::Range::positive();
      cycles.high = 60.0;
      const auto ct = table.number(r, "ct", cycles);
      if (quantity && ct) out.push_back({table.required_text(r, "gene"), *quantity, *ct});
    }
  problems.throw_if_any();
  return out;
}

}  // namespace stroma::io
