// A study: the experiments of a paper with its findings, run together and assessed together.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/model.hpp"
#include "study/experiment.hpp"
#include "study/findings.hpp"
#include "study/measure.hpp"

namespace stroma::study {

struct Study {
  std::string name;  ///< of its folder
  std::string title, source, question;
  std::shared_ptr<const model::Model> model;
  std::vector<Experiment> experiments;
  std::vector<Finding> findings;
  int paper_n = 3;  ///< replicates of the paper; verdicts are also given over all replicates
};

/// Reports findings that no experiment can answer: unknown experiment, system, arm or readout.
void check_findings(const Study& study, const core::Table& table, core::Diagnostics& problems);

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
  std::vector<std::string> failures;          ///< labels and reasons
  std::string state_hash;                     ///< over all vessels in order
  bool interrupted = false;
};

/// Runs what the ledger does not know, measures, and assesses the findings. Where interrupted, nothing is measured.
StudyResult run(const Study& study, Ledger* ledger, const StudyOptions& options);

}  // namespace stroma::study
