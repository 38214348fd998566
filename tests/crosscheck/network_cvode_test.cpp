// The exponential integrator in float32 against SUNDIALS CVODE (Adams, relative and absolute tolerance 1e-10)
// on the right-hand side of the slow twin: random networks from random states, and every cell type of
// models/hcc through a change of medium and the addition of drugs, in the coupling step that cultures use by
// default. Demanded: 1e-3 at every step.
#include <cvode/cvode.h>
#include <gtest/gtest.h>
#include <nvector/nvector_serial.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "io/model_folder.hpp"
#include "test_paths.hpp"
#include "unit/network/cases.hpp"

namespace stroma {
namespace network_cvode_test {

using network::testing::Case;

constexpr double default_step = 15.0;  // min, tissue::Setup::step
constexpr double accepted = 1e-3;

/// The state of one cell under constant inputs, by CVODE.
class Cvode {
 public:
  Cvode(const model::Model& model, model::Index cell_type, reference::NetworkInputs inputs,
        const std::vector<double>& x)
      : model_(model), cell_type_(cell_type), inputs_(std::move(inputs)), bounded_(x.size()) {
    SUNContext_Create(nullptr, &context_);
    state_ = N_VNew_Serial(static_cast<sunindextype>(x.size()), context_);
    std::copy(x.begin(), x.end(), N_VGetArrayPointer(state_));
    solver_ = CVodeCreate(CV_ADAMS, context_);
    iteration_ = SUNNonlinSol_FixedPoint(state_, 0, context_);
    check(CVodeInit(solver_, rate, 0.0, state_));
    check(CVodeSStolerances(solver_, 1e-10, 1e-10));
    check(CVodeSetUserData(solver_, this));
    check(CVodeSetMaxNumSteps(solver_, 10000000));
    check(CVodeSetNonlinearSolver(solver_, iteration_));
  }
  ~Cvode() {
    CVodeFree(&solver_);
    SUNNonlinSolFree(iteration_);
    N_VDestroy(state_);
    SUNContext_Free(&context_);
  }
  Cvode(const Cvode&) = delete;
  Cvode& operator=(const Cvode&) = delete;

  std::vector<double> advance_to(double minutes) {
    double reached = 0.0;
    check(CVode(solver_, minutes, state_, &reached, CV_NORMAL));
    const double* x = N_VGetArrayPointer(state_);
    return {x, x + bounded_.size()};
  }

 private:
  static void check(int flag) {
    if (flag < 0) throw std::runtime_error("CVODE failed with flag " + std::to_string(flag));
  }
  static int rate(double, N_Vector state, N_Vector derivative, void* self_pointer) {
    auto& self = *static_cast<Cvode*>(self_pointer);
    const double* x = N_VGetArrayPointer(state);
    double* dx = N_VGetArrayPointer(derivative);
    // The solver's trial states may leave [0, 1] by its tolerance, where x^n is not defined.
    for (std::size_t i = 0; i < self.bounded_.size(); ++i) self.bounded_[i] = std::clamp(x[i], 0.0, 1.0);
    reference::network_rate(self.model_, self.cell_type_, self.bounded_, self.inputs_,
                            {dx, self.bounded_.size()});
    return 0;
  }

  const model::Model& model_;
  model::Index cell_type_;
  reference::NetworkInputs inputs_;
  std::vector<double> bounded_;
  SUNContext context_ = nullptr;
  N_Vector state_ = nullptr;
  void* solver_ = nullptr;
  SUNNonlinearSolver iteration_ = nullptr;
};

/// What one population went through: the largest difference from CVODE at any step, and the work done.
struct Comparison {
  double worst = 0.0;
  network::RelaxReport report;
};

double difference(const network::Activities& activities, const network::Program& program, std::size_t cell,
                  const std::vector<double>& x) {
  double worst = 0.0;
  for (std::size_t s = 0; s < program.size(); ++s)
    worst = std::max(worst, std::abs(activities.at(s, cell) - x[static_cast<std::size_t>(program.nodes[s])]));
  return worst;
}

TEST(NetworkAgainstCvode, random_networks_from_random_states_at_the_default_step) {
  double worst = 0.0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    reference::RandomNetwork options;
    options.nodes = 15 + static_cast<int>(seed % 4) * 10;
    options.hills = {1.0, 1.5, 2.0, 2.7, 3.0, 4.0};
    const Case one(reference::random_network(options, seed), static_cast<model::Index>(seed % 2), 4, seed);
    std::vector<std::unique_ptr<Cvode>> exact;
    for (std::size_t c = 0; c < one.size(); ++c)
      exact.push_back(std::make_unique<Cvode>(one.model(), one.cell_type(), one.inputs_of(c), one.state(c)));
    network::Activities x = one.activities();
    network::Workspace workspace;
    double here = 0.0;
    for (int step = 1; step <= 32; ++step) {
      relax(x, one.program(), one.inputs(), default_step, {}, workspace, {});
      for (std::size_t c = 0; c < one.size(); ++c)
        here = std::max(here, difference(x, one.program(), c, exact[c]->advance_to(step * default_step)));
    }
    EXPECT_LT(here, accepted) << "seed " << seed;
    worst = std::max(worst, here);
  }
  RecordProperty("largest_difference", std::to_string(worst));
}

/// A cell type of models/hcc from its basal state: at rest, with every ligand, and with every drug beside the
/// ligands.
Comparison compare_through_a_treatment(const model::Model& model, model::Index cell_type, double step) {
  const network::Program program = network::compile(model, cell_type);
  reference::NetworkInputs inputs;
  inputs.occupancy.assign(model.mechanisms.size(), 0.0);
  inputs.multiplier.assign(model.nodes.size(), 1.0);
  for (const auto& target : model.drug_targets)
    inputs.drug_factor.push_back(target.mode == model::TargetMode::activates ? 0.0 : 1.0);
  network::Activities activities(program.size());
  activities.resize(1);
  std::vector<double> x(model.nodes.size(), 0.0);
  for (std::size_t s = 0; s < program.size(); ++s) {
    activities.at(s, 0) = static_cast<float>(program.basal[s]);
    x[static_cast<std::size_t>(program.nodes[s])] = activities.at(s, 0);
  }
  Comparison out;
  network::Workspace workspace;
  for (const int phase : {0, 1, 2}) {
    if (phase == 1)
      for (double& theta : inputs.occupancy) theta = 0.8f;
    if (phase == 2)
      for (std::size_t d = 0; d < inputs.drug_factor.size(); ++d)
        inputs.drug_factor[d] = model.drug_targets[d].mode == model::TargetMode::activates ? 0.7f : 0.2f;
    std::vector<network::InputValues> occupancies, drugs, multipliers;
    for (const auto& in : program.substance_inputs)
      occupancies.push_back(network::InputValues::same(
          static_cast<float>(inputs.occupancy[static_cast<std::size_t>(in.mechanism)])));
    for (const auto& in : program.drug_inputs)
      drugs.push_back(network::InputValues::same(
          static_cast<float>(inputs.drug_factor[static_cast<std::size_t>(in.drug_target)])));
    multipliers.assign(program.trait_inputs.size(), network::InputValues::same(1.0f));
    Cvode exact(model, cell_type, inputs, x);
    const double end = 24.0 * 60.0;
    for (int n = 1; n * step <= end + 1e-9; ++n) {
      out.report.add(relax(activities, program, {occupancies, drugs, multipliers}, step, {}, workspace, {}));
      x = exact.advance_to(n * step);
      out.worst = std::max(out.worst, difference(activities, program, 0, x));
    }
  }
  return out;
}

TEST(NetworkAgainstCvode, every_cell_type_of_hcc_through_ligands_and_drugs) {
  const model::Model model = io::load_model(STROMA_SOURCE_DIR "/models/hcc");
  int types = 0;
  for (std::size_t t = 0; t < model.cell_types.size(); ++t) {
    if (model.cell_types[t].abstract) continue;
    ++types;
    for (const double step : {default_step, 60.0, 1.0}) {
      const Comparison comparison = compare_through_a_treatment(model, static_cast<model::Index>(t), step);
      EXPECT_LT(comparison.worst, accepted) << model.cell_types[t].name << " at " << step << " min";
      RecordProperty(model.cell_types[t].name + "_at_" + std::to_string(static_cast<int>(step)) + "_min",
                     std::to_string(comparison.worst));
      EXPECT_EQ(comparison.report.out_of_bounds, 0u);
      EXPECT_EQ(comparison.report.missed, 0u);
    }
  }
  EXPECT_GE(types, 4);
}

}  // namespace network_cvode_test
}  // namespace stroma
