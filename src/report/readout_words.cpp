// What a reader calls a readout: "blot:CASP3" is the Western blot of what the model labels caspase-3,
// cleaved.
#include <fmt/format.h>

#include "report/study_report.hpp"

namespace stroma::report {

std::pair<std::string, std::string> metric_and_time(const std::string& metric) {
  const std::size_t at = metric.rfind(" at ");
  if (at == std::string::npos) return {metric, {}};
  return {metric.substr(0, at), metric.substr(at + 4)};
}

std::string target_words(const std::string& of, const study::Study& study) {
  const std::string metric = metric_and_time(of).first;
  const std::string target = metric.substr(metric.find(':') + 1);
  if (study.model == nullptr) return target;
  for (const auto& node : study.model->nodes)
    if (node.name == target && !node.label.empty()) return node.label;
  for (const auto& substance : study.model->substances)
    if (substance.name == target && !substance.label.empty()) return substance.label;
  return target;
}

const assays::Descriptor* assay_of(const std::string& of, const study::Study& study) {
  const std::string metric = metric_and_time(of).first;
  for (const study::Experiment& e : study.experiments)
    for (const study::ReadoutSpec& r : e.readouts)
      if (r.assay->target_of(metric)) return r.assay.get();
  return nullptr;
}

const assays::MetricWords* metric_words(const std::string& of, const study::Study& study) {
  const assays::Descriptor* assay = assay_of(of, study);
  return assay == nullptr ? nullptr : &assay->words;
}

std::string readout_words(const std::string& of, const study::Study& study) {
  const auto [metric, time] = metric_and_time(of);
  if (!time.empty()) return fmt::format("{} at {}", readout_words(metric, study), time);
  const assays::MetricWords* words = metric_words(metric, study);
  return words == nullptr ? metric : fmt::format(fmt::runtime(words->readout), target_words(metric, study));
}

}  // namespace stroma::report
