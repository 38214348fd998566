// A study: the experiments of a paper with its findings, run together and assessed together.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/describe.hpp"
#include "model/model.hpp"
#include "study/executor.hpp"
#include "study/experiment.hpp"
#include "study/findings.hpp"
#include "study/measure.hpp"
#include "study/vessels.hpp"

namespace stroma::study {

/// What a figure of the report draws: readouts of arms of one experiment. It says nothing of what is to be
/// seen.
struct FigureSpec {
  std::string id, section, panel, title, experiment;
  std::vector<std::string> readouts, arms;
};

struct Study {
  std::string name;  ///< of its folder
  std::string title, source, question;
  std::shared_ptr<const model::Model> model;
  std::vector<Experiment> experiments;
  std::vector<Finding> findings;
  std::vector<FigureSpec> figures;  ///< where empty, one is made for every readout
  int paper_n = 3;                  ///< replicates of the paper; verdicts are also given over all replicates
};

/// What is odd and no error: rows of the model that do nothing in a setting with the cells of the experiments
/// in it.
std::vector<core::Diagnostic> warnings_of(const Study& study);

/// Reports findings that no experiment can answer: unknown experiment, system, arm or readout.
void check_findings(const Study& study, const core::Table& table, core::Diagnostics& problems);

/// What the study's model contains, for the report.
inline model::Description describe_model(const Study& study) {
  return model::describe(*study.model);
}

/// A figure per readout of every experiment, for studies that name none.
std::vector<FigureSpec> default_figures(const Study& study);
/// Reads a [[figure]] table and checks its names against the study's experiments.
FigureSpec read_figure(const core::Node& node, const Study& study, core::Diagnostics& problems);

struct StudyOptions {
  std::uint64_t seed = 1;
  bool quick = false;
  ExecutorOptions executor;
};

struct ExperimentResult {
  std::vector<Vessel> vessels;
  std::vector<Outcome> outcomes;
  Measurements measurements;
};

struct StudyResult {
  std::vector<ExperimentResult> experiments;  ///< as Study::experiments
  std::vector<Assessment> assessments;        ///< as Study::findings
  Progress progress;
  std::vector<std::string> failures;  ///< labels and reasons
  std::string state_hash;             ///< over all vessels, in the order of their keys
  bool interrupted = false;
};

/// Runs what the ledger does not know, measures, and assesses the findings. Where interrupted, nothing is
/// measured.
StudyResult run(const Study& study, Ledger* ledger, const StudyOptions& options);

}  // namespace stroma::study
