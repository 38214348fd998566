// From a study and its results to the report: which figures, tables and sentences there are. Sentences state
// what was measured; none is written in advance of the numbers.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "report/document.hpp"
#include "study/run_record.hpp"
#include "study/study.hpp"

namespace stroma::report {

Report make_report(const study::Study& study, const study::StudyResult& result,
                   const study::RunRecord& record);

// Parts of it, each in a file of its own.

/// The figure of one specification; its caption carries the statistics of every panel.
Figure make_figure(const study::FigureSpec& spec, const study::Study& study,
                   const study::StudyResult& result);
/// Annexin V against propidium iodide of the arms of a figure, first replicate. `at`: the time in words where
/// there are several, else empty.
Figure make_flow_figure(const study::FigureSpec& spec, const std::string& at,
                        const study::Measurements& measurements);
/// Raw plates of an experiment, first replicate of every system.
Figure make_plate_figure(const study::Experiment& experiment, const study::Measurements& measurements);
/// Cell types on plates, which is where cells are tested; their rules and their network are shown.
std::set<model::Index> tested_types(const study::Study& study);
/// The network of these cell types; of all that the model has where the set is empty.
Figure network_figure(const model::Model& model, const std::set<model::Index>& types);
/// The citations behind the keys of a row ("chu2021; zhao2023"), in words; "assumption" stays what it is.
std::string citation_words(const model::Model& model, const std::string& keys);
/// Every work that the model cites.
std::vector<Reference> model_references(const model::Model& model);
/// The methods paragraphs, to paste.
std::string methods_text(const study::Study& study, const study::StudyResult& result,
                         const study::RunRecord& record);

/// Words of the assay of the study that reads a metric, with or without its time; null where none does.
const assays::Descriptor* assay_of(const std::string& metric, const study::Study& study);
const assays::MetricWords* metric_words(const std::string& metric, const study::Study& study);

/// What a reader calls a readout: "colony formation rate", "FOLR1, mRNA (qPCR)"; and its target alone, by the
/// model's label. A readout of unknown kind keeps its name.
std::string readout_words(const std::string& metric, const study::Study& study);
/// "apoptotic_fraction at 24 h" in its two parts; the second is empty where the experiment reads it once.
std::pair<std::string, std::string> metric_and_time(const std::string& metric);
std::string target_words(const std::string& metric, const study::Study& study);

/// Values of one readout, system and arm over replicates; missing ones are left out.
std::vector<double> values_of(const study::Measurements& measurements, const std::string& metric,
                              const std::string& system, const std::string& arm);

}  // namespace stroma::report
