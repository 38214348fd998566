// The tubes of `analyse flow`: FCS files read, put on the linear scale, compensated, and named by the sheet,
// by keywords or by their files; what was found on the way, with counts over all files.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "assays/flow/flow_channels.hpp"
#include "assays/flow/flow_names.hpp"
#include "jobs/analyse/inputs.hpp"
#include "report/laboratory_mice.hpp"

namespace stroma::jobs {

struct FlowOptions {
  std::string gate, annexin, death, arms, debris;
  std::filesystem::path unstained, live, sheet;
  bool uncompensated = false;
};

/// What a sheet says of a file, by its path or its name; of one data set of it as "name#2".
using FlowSheet = std::map<std::string, assays::TubeName>;
FlowSheet read_flow_sheet(const std::filesystem::path& file);

/// Facts of one tube that its report does not hold.
struct TubeFacts {
  std::string path;           ///< as it was given
  std::string file;           ///< name without folder
  std::string matrix;         ///< keyword of the spillover matrix that was used; empty: not compensated
  bool identity = false;      ///< it carries a matrix without spill
  bool matrix_covers = true;  ///< both dyes are among its channels
  std::string date;           ///< $DATE
  std::size_t left_out = 0;
  bool by_keyword = false;  ///< its arm is the keyword ARM
};

struct FlowTubes {
  std::vector<report::AnalysedTube> all;
  std::vector<TubeFacts> facts;                        ///< of each tube
  std::vector<std::set<std::size_t>> matrix_channels;  ///< of each tube
  std::map<std::string, std::set<std::string>> notes;  ///< deviation -> files
  std::size_t logarithmic = 0;                         ///< tubes with channels of logarithmic amplifiers
};

/// Adds the tubes of one file. Throws core::InputError.
void read_tubes(const AssayFile& file, const FlowOptions& options, FlowTubes& tubes);

/// A control: one tube; what was odd about its file is noted in `tubes`.
struct FlowControl {
  assays::FlowSample sample;
  bool compensated = false;
};
FlowControl read_control(const std::filesystem::path& file, const FlowOptions& options, FlowTubes& tubes);

/// Gives every measured tube its arm and says how; adds a question where the names of files are doubtful.
void name_tubes(FlowTubes& tubes, const FlowSheet& sheet, const FlowOptions& options,
                const std::string& command, core::Understanding& understanding, core::Diagnostics& problems);

}  // namespace stroma::jobs
