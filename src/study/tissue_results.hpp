// What a run in space left in its folder, as far as the report shows it: its tables and its pictures of
// sections, also those of earlier processes of a resumed run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace stroma::study {

/// A table of numbers; a cell that is empty or holds no number is NaN.
struct NumberTable {
  std::vector<std::string> columns;
  std::vector<std::vector<double>> rows;
  /// Index of a column; -1 where there is none of that name.
  int column(std::string_view name) const;
};

/// A picture of a section.
struct SectionPicture {
  std::string stain;  ///< "he" or "types"
  double hours = 0.0;
  std::string png;  ///< the file's bytes; empty: there, but not shown
};

struct TissueResults {
  NumberTable growth;                    ///< tables/growth.csv
  NumberTable profiles;                  ///< tables/profiles.csv, at the times that are shown
  std::vector<NumberTable> probes;       ///< as TissueExperiment::probes, at the times that are shown
  std::vector<SectionPicture> sections;  ///< ascending by time
};

/// Most times that profiles, probes and pictures show: the first, the last, others evenly between.
inline constexpr std::size_t most_times = 6;

/// Which of `count` things in order are shown: at most `most`, the first and the last among them, ascending.
std::vector<std::size_t> evenly_chosen(std::size_t count, std::size_t most);

}  // namespace stroma::study
