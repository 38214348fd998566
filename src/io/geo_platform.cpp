#include "io/geo_platform.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <vector>

#include "core/text.hpp"
#include "io/geo_fields.hpp"

namespace stroma::io {
namespace {

// "Gene Symbol", "GENE_SYMBOL" and "gene symbol" are one name.
std::string plain(std::string_view name) {
  std::string out;
  for (const char c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

constexpr std::array<std::string_view, 8> symbol_columns = {"genesymbol",     "symbol",      "hgncsymbol",
                                                            "approvedsymbol", "genesymbols", "ilmngene",
                                                            "geneassignment", "gene"};

enum class Part { before, header, table, after };

class Reader {
 public:
  Reader(const std::string& file, const GeoPlatformOptions& options, core::Diagnostics& problems)
      : file_(file), options_(options), problems_(problems) {
    genes_.file = file;
  }

  bool line(std::string_view text, int number) {
    if (problems_.size() >= options_.problem_limit) {
      problems_.add("too-many-problems", {file_, number, 0}, file_,
                    fmt::format("reading stopped after {} problems", options_.problem_limit));
      return false;
    }
    if (text.starts_with("!platform_table_begin")) {
      part_ = Part::header;
      begin_ = number;
      marked_ = true;
      return true;
    }
    if (text.starts_with("!platform_table_end")) {
      part_ = Part::after;
      return true;
    }
    take_accession(text);
    const bool described = text.empty() || text[0] == '!' || text[0] == '^' || text[0] == '#';
    if (part_ == Part::after || (described && part_ != Part::table)) return true;
    if (const std::size_t bad = core::find_invalid_utf8(text); bad != std::string_view::npos) {
      problems_.add("not-utf8", {file_, number, static_cast<int>(bad) + 1}, file_,
                    fmt::format("the byte {} is not UTF-8", core::show_byte(text[bad])));
      return true;
    }
    fields_.clear();
    constexpr std::size_t most = 10'000;  // columns; the widest tables of GEO have some hundred
    if (const std::size_t columns = count_geo_fields(text); columns > most) {
      problems_.add("geo-too-many-columns", {file_, number, 0}, file_,
                    fmt::format("this line has {} columns; at most {} are read", columns, most));
      return false;
    }
    split_geo_line(text, fields_);
    if (part_ == Part::table) {
      if (!text.empty()) probe(number);
      return true;
    }
    return header(number);
  }

  assays::ProbeGenes finish() {
    if (part_ == Part::before || part_ == Part::header)
      problems_.add("geo-platform-no-table", {file_, 0, 0}, file_, "there is no table of probes in this file",
                    "a platform's SOFT file, annotation file (.annot.gz) or full table is needed");
    if (part_ == Part::table && marked_)
      problems_.add("geo-platform-not-ended", {file_, begin_, 0}, "!platform_table_begin",
                    "the table begins here but there is no !platform_table_end: the file is cut off",
                    "fetch the file again");
    if ((part_ == Part::after || !marked_) && column_ && genes_.probes == 0)
      problems_.add("geo-platform-empty", {file_, begin_, 0}, file_, "the table holds no probes");
    return std::move(genes_);
  }

 private:
  /// "^PLATFORM = GPL570", "!Platform_geo_accession = GPL570", "!Annotation_platform = GPL570".
  void take_accession(std::string_view text) {
    if (part_ != Part::before || !genes_.accession.empty()) return;
    for (const std::string_view key : {"^PLATFORM", "!Platform_geo_accession", "!Annotation_platform"}) {
      if (!text.starts_with(key)) continue;
      const std::size_t at = text.find("GPL", key.size());
      const std::size_t end =
          text.find_first_not_of("0123456789", at == std::string_view::npos ? at : at + 3);
      if (at != std::string_view::npos &&
          text.substr(key.size(), at - key.size()).find_first_not_of(" =\t\"") == std::string_view::npos)
        genes_.accession = text.substr(at, end == std::string_view::npos ? end : end - at);
    }
  }

  bool header(int number) {
    begin_ = begin_ == 0 ? number : begin_;
    columns_ = fields_.size();
    std::vector<std::string> names;
    for (const GeoField& f : fields_) names.emplace_back(f.text);
    const auto find = [&](const std::string& wanted) -> std::optional<std::size_t> {
      for (std::size_t c = 1; c < names.size(); ++c)
        if (plain(names[c]) == wanted) return c;
      return std::nullopt;
    };
    if (!options_.column.empty()) {
      column_ = find(plain(options_.column));
    } else {
      for (const std::string_view known : symbol_columns)
        if (!column_) column_ = find(std::string(known));
    }
    if (!column_) {
      std::string list;
      for (const std::string& n : names) list += fmt::format("{}'{}'", list.empty() ? "" : ", ", n);
      problems_.add("geo-no-symbol-column", {file_, number, 0},
                    options_.column.empty() ? "Gene Symbol" : options_.column,
                    "no column of this table holds gene symbols",
                    "name it with --symbol-column; the columns are " + list.substr(0, 400));
      return false;
    }
    genes_.column = names[*column_];
    part_ = Part::table;
    return true;
  }

  void probe(int number) {
    const std::string id(fields_[0].text);
    if (fields_.size() > columns_) {
      problems_.add(
          "geo-ragged-row", {file_, number, 0}, id,
          fmt::format("probe '{}' has {} fields, the table {} columns", id, fields_.size(), columns_));
      return;
    }
    ++genes_.probes;
    // Empty cells at the end of a line are often left out.
    const std::string cell = fields_.size() > *column_ ? std::string(fields_[*column_].text) : std::string();
    const assays::GeneOfProbe gene = assays::gene_of(cell);
    if (gene.several) ++genes_.with_several;
    if (gene.gene.empty() && !gene.several) ++genes_.without_gene;
    if (!genes_.gene.emplace(id, gene.gene).second)
      problems_.add("geo-duplicate-probe", {file_, number, 1}, id,
                    fmt::format("probe '{}' stands in this table already", id));
  }

  const std::string& file_;
  const GeoPlatformOptions& options_;
  core::Diagnostics& problems_;
  assays::ProbeGenes genes_;
  std::vector<GeoField> fields_;
  std::optional<std::size_t> column_;
  std::size_t columns_ = 0;
  Part part_ = Part::before;
  bool marked_ = false;
  int begin_ = 0;
};

}  // namespace

assays::ProbeGenes read_geo_platform(std::string_view bytes, const std::string& file,
                                     const GeoPlatformOptions& options) {
  core::Diagnostics problems;
  Reader reader(file, options, problems);
  const bool whole = for_each_line(bytes, file, options.limits, problems,
                                   [&](std::string_view text, int line) { return reader.line(text, line); });
  if (!whole || !problems.empty()) problems.throw_if_any();
  assays::ProbeGenes genes = reader.finish();
  problems.throw_if_any();
  return genes;
}

}  // namespace stroma::io
