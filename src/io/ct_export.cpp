#include "io/ct_export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

#include "io/csv.hpp"
#include "io/known_columns.hpp"
#include "io/lab_files.hpp"
#include "io/measured_table.hpp"

namespace stroma::io {
namespace {

const std::vector<std::string> ct_names{"cq", "cp", "c\xD1\x82", "ctvalue",
                                        "ct (cycles)"};  // one has a Cyrillic letter

}  // namespace

std::vector<ColumnSpec> ct_columns() {
  return {{"sample", true, {"sample name", "name", "samplename", "content name"}},
          {"gene", true, {"target", "target name", "gene name", "detector", "detector name", "assay"}},
          {"ct", true, ct_names},
          {"task", false, {"content", "sample type"}},
          {"quantity", false, {"starting quantity", "starting quantity sq", "sq", "std conc"}},
          {"position", false, {"well position", "pos"}},
          {"well", false},
          {"fluor", false, {"fluorophore", "dye", "reporter"}},
          {"set", false, {"biological set name", "biological group", "biogroup name", "biological set"}},
          {"omit", false, {"omitted", "exclude", "excluded"}},
          {"include", false, {"included"}}};
}

namespace {

bool is_machine_header(const std::vector<core::Cell>& line) {
  bool sample = false, gene = false, ct = false;
  for (const core::Cell& cell : line) {
    const std::string plain = plain_name(cell.text);
    for (const ColumnSpec& spec : ct_columns()) {
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
std::optional<Lysate> lysate_of_name(const std::string& sample, std::string_view separators) {
  const std::size_t at = sample.find_last_of(separators);
  if (at == std::string::npos || at == 0) return std::nullopt;
  const core::ParsedNumber number = core::parse_number(sample.substr(at + 1));
  if (!number.error.empty() || number.value < 1.0 || number.value > 1e6 ||
      static_cast<double>(static_cast<int>(number.value)) != number.value)
    return std::nullopt;
  return Lysate{sample.substr(0, at), static_cast<int>(number.value)};
}

// "1,250.000" of instruments that divide thousands.
std::string without_thousands(const std::string& text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::size_t first = text.find(',');
  if (first == std::string::npos || first == 0 || first > 3 || first > point) return text;
  for (std::size_t i = first; i < point; i += 4)
    if (text[i] != ',' || i + 4 > point ||
        text.substr(i + 1, 3).find_first_not_of("0123456789") != std::string::npos)
      return text;
  std::string out = text;
  std::erase(out, ',');
  return out;
}

// The same header twice, as some programs write it behind their table: the first is read.
void drop_second_columns(core::Table& table) {
  std::set<std::string> seen;
  for (core::Cell& cell : table.header)
    if (!cell.text.empty() && !seen.insert(plain_name(cell.text)).second) cell.text.clear();
  const auto quantity = std::find_if(table.header.begin(), table.header.end(), [](const core::Cell& cell) {
    const std::string plain = plain_name(cell.text);
    return plain == "quantity" || plain == "startingquantity" || plain == "startingquantitysq" ||
           plain == "sq";
  });
  if (quantity == table.header.end()) return;
  const auto c = static_cast<std::size_t>(quantity - table.header.begin());
  for (auto& row : table.rows) row[c].text = without_thousands(row[c].text);
}

// What a task or content says a well is.
enum class WellTask { sample, standard, control };

WellTask task_of(const std::string& text) {
  const std::string task = plain_name(text);
  for (const std::string_view word : {"standard", "std"})
    if (task.starts_with(word)) return WellTask::standard;
  for (const std::string_view word :
       {"ntc", "nrt", "nort", "notemplate", "noreverse", "neg", "pos", "blank", "nac", "ipc", "blocked",
        "empty", "water", "h2o", "calibratorcontrol", "interplate"})
    if (task.starts_with(word)) return WellTask::control;
  return task == "rt" ? WellTask::control : WellTask::sample;  // "-RT"
}

// Samples that are none by their names alone.
bool is_control_name(const std::string& sample) {
  const std::string plain = plain_name(sample);
  return plain == "ntc" || plain == "h2o" || plain == "water" || plain == "nrt" || plain == "nort" ||
         plain == "notemplate";
}

bool says_yes(const std::string& text) {
  const std::string plain = plain_name(text);
  return plain == "true" || plain == "yes" || plain == "1" || plain == "x" || plain == "omit" ||
         plain == "t" || plain == "y";
}

class MachineReader {
 public:
  MachineReader(MeasuredTable& table, const Lysates& lysates, bool sheet, core::Diagnostics& problems)
      : table_(table), lysates_(lysates), sheet_(sheet), problems_(problems) {
    for (const auto& [sample, lysate] : lysates_) names_.push_back(sample);
  }

  CtExport read() {
    choose_names();
    for (std::size_t r = 0; r < table_.rows(); ++r) read_line(r);
    say_unnamed();
    say_left_out();
    if (out_.rows.empty() && problems_.empty() && table_.rows() > 0)
      table_.wrong(0, "sample", "no-samples",
                   fmt::format("the table has no sample: {} standards, and {} wells that are none",
                               out_.standards.size(), out_.skipped),
                   "a dilution series alone goes in with --standards, beside the table of the samples");
    return std::move(out_);
  }

  /// The arm of a sample; empty where there is none of that name.
  std::string arm_of(const std::string& sample) const {
    if (const auto found = lysates_.find(sample); sheet_ && found != lysates_.end()) return found->second.arm;
    for (const auto& [name, lysate] : of_sets_)
      if (name.second == sample || name.first == sample) return lysate.arm;
    const auto lysate = sheet_ ? std::nullopt : lysate_of_name(sample, separators_);
    return lysate ? lysate->arm : std::string();
  }

 private:
  // Why a well is not analysed; empty where it is.
  std::string reason_against(std::size_t r) const {
    if (table_.has("omit") && says_yes(table_.text(r, "omit"))) return "omitted by the instrument's program";
    if (table_.has("include") && !table_.text(r, "include").empty() && !says_yes(table_.text(r, "include")))
      return "not included by the instrument's program";
    const std::string task = table_.text(r, "task");
    if (task_of(task) == WellTask::control) return fmt::format("no sample: {}", without_number(task));
    const std::string sample = table_.text(r, "sample");
    if (is_control_name(sample)) return fmt::format("no sample: '{}'", sample);
    if (gene_of(r).empty()) return "no gene";
    if (sample.empty() && task_of(task) != WellTask::standard) return "no sample name";
    return {};
  }

  // "Unkn-01" and "NTC-2" are numbered by the instrument.
  static std::string without_number(const std::string& task) {
    const std::size_t end = task.find_last_not_of("0123456789");
    return end != std::string::npos && end > 0 && end + 1 < task.size() && task[end] == '-'
               ? task.substr(0, end)
               : task;
  }

  std::string gene_of(std::size_t r) const {
    return fluors_are_genes_ ? table_.text(r, "fluor") : table_.text(r, "gene");
  }

  // How genes and lysates are called, which only the whole table can tell.
  void choose_names() {
    std::set<std::string> genes, fluors, stems;
    std::size_t samples = 0, with_set = 0, spaced = 0;
    for (std::size_t r = 0; r < table_.rows(); ++r) {
      if (const std::string gene = table_.text(r, "gene"); !gene.empty()) genes.insert(gene);
      if (const std::string fluor = table_.text(r, "fluor"); !fluor.empty()) fluors.insert(fluor);
    }
    fluors_are_genes_ = genes.empty() && fluors.size() > 1;
    if (fluors_are_genes_) out_.understanding.found("gene", "column 'fluor': no column names the target");
    for (std::size_t r = 0; r < table_.rows(); ++r) {
      if (!reason_against(r).empty() || task_of(table_.text(r, "task")) == WellTask::standard) continue;
      ++samples;
      with_set += !table_.text(r, "set").empty();
      if (const auto lysate = lysate_of_name(table_.text(r, "sample"), " -"); lysate) {
        ++spaced;
        stems.insert(lysate->arm);
      }
    }
    sets_are_arms_ = !sheet_ && samples > 0 && with_set == samples;
    const bool underscored = [&] {
      for (std::size_t r = 0; r < table_.rows(); ++r)
        if (reason_against(r).empty() && lysate_of_name(table_.text(r, "sample"), "_")) return true;
      return false;
    }();
    if (!underscored && samples > 0 && spaced == samples && stems.size() > 1) separators_ = " -";
    if (sheet_)
      out_.understanding.given("arms", fmt::format("the sample sheet, {} samples", lysates_.size()),
                               "--samples");
    else if (sets_are_arms_)
      out_.understanding.found(
          "arms", "the instrument's biological groups; every sample of one is a replicate", "--samples FILE");
    else if (separators_ != "_")
      out_.understanding.assumed("arms", "samples are called ARM NUMBER, such as 'CAF 2'", "--samples FILE");
    else
      out_.understanding.found("arms", "samples are called ARM_REPLICATE", "--samples FILE");
  }

  void read_line(std::size_t r) {
    const std::string reason = reason_against(r);
    if (!reason.empty()) {
      ++out_.skipped;
      if (reason != "no gene" && reason != "no sample name") left_out_[reason].push_back(place_of(r));
      return;
    }
    const std::string sample = table_.text(r, "sample"), gene = gene_of(r);
    const std::optional<double> ct = cycle(r);
    if (task_of(table_.text(r, "task")) == WellTask::standard) {
      const auto quantity = table_.number(r, "quantity", core::Range::positive());
      if (quantity && ct) out_.standards.push_back({gene, *quantity, *ct});
      return;
    }
    const std::optional<Lysate> lysate = lysate_of(r, sample);
    if (!lysate) return;
    const int technical = ++technical_[{lysate->arm, lysate->replicate, gene}];
    out_.rows.push_back({lysate->arm, lysate->replicate, gene, technical, ct});
  }

  std::string place_of(std::size_t r) const {
    for (const char* column : {"position", "well"})
      if (const std::string place = table_.text(r, column); !place.empty())
        return std::isalpha(static_cast<unsigned char>(place.front())) != 0 ? place : "well " + place;
    return fmt::format("line {}", table_.place(r, "sample").line);
  }

  void say_left_out() {
    for (const auto& [reason, places] : left_out_) {
      std::string listed;
      for (const std::string& place : places) listed += (listed.empty() ? "" : ", ") + place;
      out_.understanding.found("left out", fmt::format("{} well{}, {}: {}", places.size(),
                                                       places.size() == 1 ? "" : "s", reason, listed));
    }
  }

  // One cause is one message.
  void say_unnamed() {
    if (unnamed_.empty()) return;
    std::string listed;
    for (std::size_t i = 0; i < std::min<std::size_t>(unnamed_.size(), 5); ++i)
      listed += fmt::format("{}'{}'", i == 0 ? "" : ", ", unnamed_[i]);
    table_.wrong(
        unnamed_row_, "sample", "sample-name",
        unnamed_.size() == 1
            ? fmt::format("{} does not say arm and replicate as ARM_REPLICATE, such as CAF_2", listed)
            : fmt::format("{} samples do not say arm and replicate as ARM_REPLICATE, such as CAF_2: {}{}",
                          unnamed_.size(), listed, unnamed_.size() > 5 ? ", ..." : ""),
        "give a sample sheet (sample, arm, replicate): --samples FILE");
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
    if (sets_are_arms_) {
      const std::string arm = table_.text(r, "set");
      const auto there = of_sets_.find({arm, sample});
      if (there != of_sets_.end()) return there->second;
      return of_sets_.emplace(std::pair{arm, sample}, Lysate{arm, ++replicates_[arm]}).first->second;
    }
    const std::optional<Lysate> lysate = lysate_of_name(sample, separators_);
    if (!lysate && complained_.insert({sample, true}).second) {
      if (unnamed_.empty()) unnamed_row_ = r;
      unnamed_.push_back(sample);
    }
    return lysate;
  }

  MeasuredTable& table_;
  const Lysates& lysates_;
  bool sheet_, fluors_are_genes_ = false, sets_are_arms_ = false;
  std::string separators_ = "_";
  core::Diagnostics& problems_;
  std::map<std::string, std::vector<std::string>> left_out_;  // wells by reason
  std::map<std::pair<std::string, std::string>, Lysate> of_sets_;
  std::map<std::string, int> replicates_;
  std::vector<std::string> unnamed_;
  std::size_t unnamed_row_ = 0;
  std::vector<std::string> names_;
  std::map<std::string, bool> complained_;
  std::map<std::tuple<std::string, int, std::string>, int> technical_;
  CtExport out_;
};

}  // namespace

namespace {

// "Endogenous Control = GAPDH" before or behind the table, or with a delimiter between.
std::vector<std::pair<std::string, std::string>> settings_of(const Sheet& sheet) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const std::vector<core::Cell>& line : sheet.lines) {
    const std::string& first = line.front().text;
    const std::size_t equals = first.find(" = ");
    if (equals != std::string::npos)
      out.emplace_back(plain_name(first.substr(0, equals)), first.substr(equals + 3));
    else if (line.size() >= 2 && !line[1].text.empty())
      out.emplace_back(plain_name(first), line[1].text);
  }
  return out;
}

}  // namespace

CtExport read_ct_export(const NamedText& text, const NamedText& samples) {
  core::Diagnostics problems;
  const Sheet sheet = read_sheet(text, problems);
  if (std::any_of(sheet.lines.begin(), sheet.lines.end(), is_own_header)) {
    CtExport own;
    own.rows = read_ct_table(text);
    return own;
  }
  auto found = table_in(sheet, is_machine_header);
  if (found) drop_second_columns(*found);
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
    MeasuredTable table(*found, ct_columns(), OtherColumns::ignore, problems);
    if (table.complete()) {
      MachineReader reader(table, lysates, !samples.text.empty(), problems);
      out = reader.read();
      if (sheet.decimal_commas || table.decimal_commas())
        out.understanding.found("numbers", "with decimal commas");
      for (const auto& [name, value] : settings_of(sheet)) {
        if (name == "endogenouscontrol") out.endogenous.push_back(value);
        if (name == "referencesample") out.reference = reader.arm_of(value);
      }
    }
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
