#include "io/geo_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

#include "core/text.hpp"
#include "io/geo_fields.hpp"

namespace stroma::io {
namespace {

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
         });
}

enum class Part { before, header, table, after };

class Reader {
 public:
  Reader(const std::string& file, const GeoSeriesOptions& options, core::Diagnostics& problems)
      : file_(file), options_(options), problems_(problems) {
    series_.file = file;
  }

  bool line(std::string_view text, int number) {
    const bool more = take(text, number);
    stopped_ = stopped_ || !more;
    return more;
  }

  /// Whether reading ended before the text did.
  bool stopped() const { return stopped_; }

  assays::ExpressionSeries finish() {
    if (!open_.empty()) open_quote();
    if (part_ == Part::before)
      problems_.add("geo-no-table", {file_, 0, 0}, file_,
                    "there is no line !series_matrix_table_begin: this is no series matrix file",
                    "download the file whose name ends in _series_matrix.txt.gz");
    if (part_ == Part::header || part_ == Part::table)
      problems_.add("geo-table-not-ended", {file_, begin_, 0}, "!series_matrix_table_begin",
                    "the table begins here but there is no !series_matrix_table_end: the file is cut off",
                    "fetch the file again");
    if (part_ == Part::after && !problems_seen_ && series_.probes.empty())
      problems_.add("geo-empty-table", {file_, begin_, 0}, "!series_matrix_table_begin",
                    "the table holds no values",
                    "series of sequencing keep their counts in supplementary files; a series matrix with "
                    "values is needed");
    series_.values.rows = series_.probes.size();
    series_.values.columns = series_.samples.size();
    return std::move(series_);
  }

 private:
  bool take(std::string_view text, int number) {
    if (problems_.size() >= options_.problem_limit) {
      problems_.add("too-many-problems", {file_, number, 0}, file_,
                    fmt::format("reading stopped after {} problems", options_.problem_limit));
      return false;
    }
    if (part_ == Part::table && !text.starts_with('!')) return probe(text, number);
    if (!open_.empty()) {
      if (!begins_anew(text)) return go_on(text, number);
      open_quote();
    }
    if (const std::size_t bad = core::find_invalid_utf8(text); bad != std::string_view::npos) {
      problems_.add("not-utf8", {file_, number, static_cast<int>(bad) + 1}, file_,
                    fmt::format("the byte {} is not UTF-8", core::show_byte(text[bad])));
      return true;
    }
    if (text.starts_with('!')) {
      if (is_open_geo_line(text)) {
        open_ = text;
        opened_ = number;
        return true;
      }
      return described(text, number);
    }
    return part_ != Part::header || header(text, number);
  }

  void wrong(std::string code, int line, int column, std::string key, std::string message,
             std::string hint = {}) {
    problems_seen_ = true;
    problems_.add(std::move(code), {file_, line, column}, std::move(key), std::move(message),
                  std::move(hint));
  }

  /// A value in quotation marks goes on: its line break is read as a blank.
  bool go_on(std::string_view text, int number) {
    constexpr std::size_t longest = std::size_t{1} << 20;  // of a line with such values, joined
    if (core::find_invalid_utf8(text) != std::string_view::npos || open_.size() + text.size() > longest) {
      open_quote();
      return true;
    }
    open_ += ' ';
    open_ += text;
    if (is_open_geo_line(open_)) return true;
    const std::string whole = std::exchange(open_, {});
    return described(whole, number);
  }

  /// Lines that no value goes on with.
  static bool begins_anew(std::string_view text) {
    return text.starts_with("!Sample_") || text.starts_with("!Series_") || text.starts_with("!series_matrix");
  }

  void open_quote() {
    const std::size_t tab = std::min(open_.rfind('\t'), open_.size() - 1);
    wrong("geo-open-quote", opened_, 0, open_.substr(0, open_.find('\t')).substr(0, 60),
          fmt::format("the quotation mark before '{}' is never closed",
                      core::replace_invalid_utf8(open_.substr(tab + 1, 40))),
          "fetch the file again, or close it");
    open_.clear();
  }

  bool too_many_samples(std::size_t samples, int number) {
    if (samples <= options_.sample_limit) return false;
    wrong("geo-too-many-samples", number, 0, file_,
          fmt::format("this line has values of {} samples; at most {} are read", samples,
                      options_.sample_limit),
          "a series matrix has a column per sample: leave out those that are not compared");
    return true;
  }

  // A line "!Name<tab>value<tab>value ...". False: reading stops.
  bool described(std::string_view text, int number) {
    if (text.starts_with("!series_matrix_table_begin")) {
      if (part_ != Part::before)
        wrong("geo-table-twice", number, 0, "!series_matrix_table_begin",
              fmt::format("a second table begins; the first one does on line {}", begin_));
      part_ = Part::header;
      begin_ = number;
      return true;
    }
    if (text.starts_with("!series_matrix_table_end")) {
      if (part_ == Part::header || part_ == Part::table) part_ = Part::after;
      return true;
    }
    const bool of_sample = text.starts_with("!Sample_");
    if (!of_sample && !text.starts_with("!Series_")) return true;
    const std::size_t count = count_geo_fields(text) - 1;
    if (of_sample && too_many_samples(count, number)) return false;
    annotations_ += count;
    if (annotations_ > options_.annotation_limit) {
      wrong("geo-too-many-values", number, 0, file_,
            fmt::format("the series is described by more than {} values", options_.annotation_limit));
      return false;
    }
    fields_.clear();
    split_geo_line(text, fields_);
    const std::string_view name = fields_[0].text;
    const auto first = [&] { return fields_.size() > 1 ? std::string(fields_[1].text) : std::string(); };
    if (name == "!Series_geo_accession") series_.accession = first();
    if (name == "!Series_title") series_.title = first();
    if (name == "!Series_platform_id" && series_.platform.empty()) series_.platform = first();
    if (!of_sample) return true;
    const std::size_t samples = fields_.size() - 1;
    if (of_each_ == 0) of_each_ = samples;
    const bool tells_groups = name == "!Sample_title" || name == "!Sample_geo_accession" ||
                              name.starts_with("!Sample_characteristics") ||
                              name.starts_with("!Sample_source_name");
    if (samples != of_each_ && tells_groups)
      wrong("geo-ragged-row", number, 0, std::string(name),
            fmt::format("'{}' has {} values, {} samples are described by the lines before", name, samples,
                        of_each_),
            "which sample a value belongs to cannot be told: fetch the file again");
    of_samples(name.substr(8));
    return true;
  }

  void of_samples(std::string_view name) {
    if (described_.size() < fields_.size() - 1) described_.resize(fields_.size() - 1);
    for (std::size_t s = 0; s + 1 < fields_.size(); ++s) {
      const std::string value(fields_[s + 1].text);
      assays::ExpressionSample& sample = described_[s];
      if (name == "geo_accession")
        sample.accession = value;
      else if (name == "title")
        sample.title = value;
      else if (const std::size_t colon = value.find(": ");
               name.starts_with("characteristics") && colon != std::string::npos)
        sample.notes.emplace_back(value.substr(0, colon), value.substr(colon + 2));
      else if (!value.empty())
        sample.notes.emplace_back(std::string(name), value);
    }
  }

  bool header(std::string_view text, int number) {
    part_ = Part::table;
    if (too_many_samples(count_geo_fields(text) - 1, number)) return false;
    fields_.clear();
    split_geo_line(text, fields_);
    if (fields_[0].text != "ID_REF" || fields_.size() < 2) {
      wrong("geo-header", number, 1, "ID_REF",
            "the first line of the table must be ID_REF and the accessions of the samples");
      return true;
    }
    std::unordered_map<std::string, std::size_t> by_accession;
    for (std::size_t s = 0; s < described_.size(); ++s) by_accession.emplace(described_[s].accession, s);
    std::unordered_map<std::string_view, int> seen;
    for (std::size_t c = 1; c < fields_.size(); ++c) {
      const std::string accession(fields_[c].text);
      if (const auto [at, is_new] = seen.emplace(fields_[c].text, fields_[c].column); !is_new)
        wrong("geo-duplicate-sample", number, fields_[c].column, accession,
              fmt::format("sample '{}' stands in column {} already", accession, at->second));
      const auto known = by_accession.find(accession);
      if (known == by_accession.end() && !described_.empty())
        wrong("geo-header", number, fields_[c].column, accession,
              fmt::format("sample '{}' is not among the {} of !Sample_geo_accession", accession,
                          described_.size()));
      series_.samples.push_back(known != by_accession.end()
                                    ? described_[known->second]
                                    : assays::ExpressionSample{accession, accession, {}});
    }
    if (!described_.empty() && described_.size() != series_.samples.size())
      wrong("geo-header", number, 0, "ID_REF",
            fmt::format("the table has {} samples, but {} are described", series_.samples.size(),
                        described_.size()));
    return true;
  }

  bool probe(std::string_view text, int number) {
    if (text.empty()) return true;  // spreadsheets leave some
    const std::size_t samples = series_.samples.size();
    if (samples == 0) return true;  // the header was wrong, and said so
    if ((series_.probes.size() + 1) * samples > options_.cell_limit) {
      wrong("geo-too-many-values", number, 0, file_,
            fmt::format("the table holds more than {} values", options_.cell_limit));
      return false;
    }
    fields_.clear();
    if (const std::size_t values = count_geo_fields(text) - 1;
        values > 2 * samples + 2) {  // not to be stored
      const std::string id =
          core::replace_invalid_utf8(text.substr(0, std::min<std::size_t>(text.find('\t'), 40)));
      wrong("geo-ragged-row", number, 0, id,
            fmt::format("probe '{}' has {} values, {} samples are expected", id, values, samples));
      return true;
    }
    split_geo_line(text, fields_);
    const std::string id(fields_[0].text);
    if (core::find_invalid_utf8(id) != std::string_view::npos) {
      wrong("not-utf8", number, 1, core::replace_invalid_utf8(id), "the name of this probe is not UTF-8");
      return true;
    }
    if (id.empty()) wrong("geo-empty-probe", number, 1, "ID_REF", "this line has no name of a probe");
    if (const auto [at, is_new] = line_of_.emplace(id, number); !is_new && !id.empty())
      wrong("geo-duplicate-probe", number, 1, id,
            fmt::format("probe '{}' stands on line {} already", id, at->second),
            "a probe has one line; which of them is meant only the submitter knows");
    if (fields_.size() != samples + 1) {
      wrong(
          "geo-ragged-row", number, 0, id,
          fmt::format("probe '{}' has {} values, {} samples are expected", id, fields_.size() - 1, samples));
      return true;
    }
    series_.probes.push_back(id);
    for (std::size_t c = 1; c < fields_.size(); ++c)
      series_.values.values.push_back(value(fields_[c], number, id));
    return true;
  }

  double value(const GeoField& field, int number, const std::string& id) {
    constexpr double missing = std::numeric_limits<double>::quiet_NaN();
    const std::string_view text = field.text;
    if (text.empty()) {
      ++series_.missing;
      return missing;
    }
    double v = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), v);
    if (error == std::errc() && end == text.data() + text.size() && std::isfinite(v)) return v;
    if (std::any_of(options_.missing_words.begin(), options_.missing_words.end(),
                    [&](const std::string& word) { return same_word(word, text); })) {
      ++series_.missing;
      return missing;
    }
    static constexpr std::string_view nothings[] = {"null", "na", "n/a", "nan", "none", "-", "missing"};
    const std::string shown = core::replace_invalid_utf8(text.substr(0, 40));
    if (std::any_of(std::begin(nothings), std::end(nothings),
                    [&](std::string_view word) { return same_word(word, text); }))
      wrong("geo-null", number, field.column, id,
            fmt::format("'{}' stands where a number is expected", shown),
            fmt::format("if it means a missing value, say so: --missing {}", shown));
    else
      wrong("geo-not-a-number", number, field.column, id, fmt::format("'{}' is no number", shown),
            text.find(',') != std::string_view::npos ? "numbers have a decimal point" : "");
    return missing;
  }

  const std::string& file_;
  const GeoSeriesOptions& options_;
  core::Diagnostics& problems_;
  assays::ExpressionSeries series_;
  std::vector<assays::ExpressionSample> described_;
  std::unordered_map<std::string, int> line_of_;
  std::vector<GeoField> fields_;
  Part part_ = Part::before;
  bool problems_seen_ = false, stopped_ = false;
  std::string open_;  // a line whose last value is not closed yet
  int opened_ = 0;
  std::size_t annotations_ = 0;
  int begin_ = 0;
  std::size_t of_each_ = 0;  // values of a line about samples
};

}  // namespace

assays::ExpressionSeries read_geo_series(std::string_view bytes, const std::string& file,
                                         const GeoSeriesOptions& options) {
  core::Diagnostics problems;
  Reader reader(file, options, problems);
  const bool whole = for_each_line(bytes, file, options.limits, problems,
                                   [&](std::string_view text, int line) { return reader.line(text, line); });
  // What the reader misses at the end of a text that could not be read to its end is no news.
  if (!whole || reader.stopped()) problems.throw_if_any();
  assays::ExpressionSeries series = reader.finish();
  problems.throw_if_any();
  return series;
}

}  // namespace stroma::io
