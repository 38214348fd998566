// Somebody else's laboratory: an assay of its own beside those of the program, on an experiment with a cell
// type, a drug, a substance and a mechanism of its own. laboratory EXPERIMENT MODELS: prints the mean of each
// readout and arm, and the raw files of the assay.
#include <cstdio>
#include <map>
#include <string>

#include "core/errors.hpp"
#include "ldh/ldh.hpp"
#include "report/study_report.hpp"
#include "store/results.hpp"
#include "store/study_folder.hpp"
#include "study/study.hpp"

namespace {

void print_means(const stroma::study::StudyResult& result) {
  std::map<std::string, std::pair<double, int>> sums;
  for (const auto& r : result.experiments.front().measurements.readouts) {
    if (!r.value) continue;
    auto& [sum, n] = sums[r.metric + "\t" + r.system + "\t" + r.arm];
    sum += *r.value;
    ++n;
  }
  for (const auto& [what, sum] : sums)
    std::printf("mean\t%s\t%d\t%.6f\n", what.c_str(), sum.second, sum.first / sum.second);
}

}  // namespace

int main(int, char** argv) {
  using namespace stroma;
  try {
    assays::Registry registry = assays::built_in();
    registry.add(outsider::ldh_assay());  // the one line
    const study::Study study = store::load_experiment(argv[1], {{argv[2]}, {}}, {}, registry);
    study::StudyOptions options;
    options.quick = true;
    const study::StudyResult result = study::run(study, nullptr, options);
    print_means(result);
    for (const auto& [name, bytes] : store::laboratory_files(study, result))
      if (name.ends_with("ldh.csv")) std::printf("file\t%s\n%s", name.c_str(), bytes.c_str());
    const report::Report page = report::make_report(study, result, {});
    for (const report::Section& section : page.sections)
      for (const report::Figure& figure : section.figures)
        std::printf("figure\t%s\t%s\n", figure.id.c_str(), figure.alt.c_str());
    std::printf("methods\t%s\n", page.methods.c_str());
  } catch (const core::InputError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 3;
  }
  return 0;
}
