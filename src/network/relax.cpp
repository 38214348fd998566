// Step control and bookkeeping around the vector kernel: each block of 64 cells takes substeps dt/2^k, halved
// where the error estimate exceeds the tolerance and doubled, on the grid of dt/2^k, where the next estimate
// will not.
#include "network/relax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/errors.hpp"
#include "core/maths.hpp"
#include "network/kernel.hpp"

namespace stroma::network {

void RelaxReport::add(const RelaxReport& other) {
  blocks += other.blocks;
  substeps += other.substeps;
  rejected += other.rejected;
  steady += other.steady;
  missed += other.missed;
  node_updates += other.node_updates;
  out_of_bounds += other.out_of_bounds;
  worst_excursion = std::max(worst_excursion, other.worst_excursion);
  largest_error = std::max(largest_error, other.largest_error);
}

namespace {

// Doubling the substep multiplies the estimate by 4 at most while it is small; the rest is margin.
constexpr float growth_per_doubling = 4.0f;
constexpr float margin = 1.5f;
// Occupancies and drug factors computed in float32 may exceed their range by their own rounding.
constexpr float input_rounding = 1e-6f;

void require_shape(bool holds, const char* what) {
  if (!holds) throw core::InternalError(fmt::format("network: {}", what));
}

}  // namespace

/// One call of relax or evaluate: what does not change from block to block.
class Relaxation {
 public:
  Relaxation(const Program& program, const Inputs& inputs, std::size_t cells, Workspace& workspace,
             core::Threads threads)
      : program_(program), cells_(cells), work_(workspace), threads_(std::max(threads.count, 1)) {
    size_workspace();
    list_values(inputs);
    spread_uniform_values();
  }

  /// Makes q and p of every level, unless the last call left them.
  void prepare_steps(double dt, const Accuracy& accuracy) {
    accuracy_ = accuracy;
    levels_ = static_cast<std::size_t>(accuracy.finest) + 1;
    const std::size_t nodes = program_.size();
    if (work_.dt_ == dt && work_.tau_ == program_.tau && work_.q_.size() == levels_ * nodes) return;
    work_.dt_ = dt;
    work_.tau_ = program_.tau;
    work_.q_.resize(levels_ * nodes);
    work_.p_.resize(levels_ * nodes);
    for (std::size_t level = 0; level < levels_; ++level)
      for (std::size_t i = 0; i < nodes; ++i) {
        const double z = std::ldexp(dt, -static_cast<int>(level)) / program_.tau[i];
        const double q = -core::maths::expm1(-z);
        // 1 - q/z loses all digits as z -> 0; there the series z/2 - z^2/6 + z^3/24 is exact to 1e-12.
        const double p = z < 1e-3 ? z * (0.5 - z * (1.0 / 6.0 - z / 24.0)) : 1.0 - q / z;
        work_.q_[level * nodes + i] = static_cast<float>(q);
        work_.p_[level * nodes + i] = static_cast<float>(p);
      }
  }

  /// Calls body(slot, first cell) for all blocks, each thread with its own slot and consecutive blocks. Which
  /// thread has which block does not matter to any result, and a failure is that of the lowest block.
  template <class Body>
  void for_blocks(const Body& body) {
    const std::size_t blocks = core::chunk_count(cells_, block_size);
    const std::size_t shares =
        std::min<std::size_t>(static_cast<std::size_t>(threads_), std::max<std::size_t>(blocks, 1));
    core::for_chunks(shares, 1, core::Threads{static_cast<int>(shares)}, [&](std::size_t share, std::size_t) {
      Workspace::Slot& slot = work_.slots_[share];
      slot.report = {};
      for (std::size_t b = blocks * share / shares; b < blocks * (share + 1) / shares; ++b) {
        point_at_inputs(slot, b * block_size);
        body(slot, b * block_size);
      }
    });
    for (std::size_t share = 0; share < shares; ++share) report_.add(work_.slots_[share].report);
  }

  void load(const Activities& activities, Workspace::Slot& slot, std::size_t first) const {
    for (std::size_t i = 0; i < program_.size(); ++i)
      copy_padded(activities.row(i) + first, live(first), slot.x.data() + i * block_size);
  }

  /// The block's rows back to `activities`; what lies beyond the last cell is padding there.
  void unload(Activities& activities, const float* rows, std::size_t first) const {
    for (std::size_t i = 0; i < program_.size(); ++i)
      std::copy_n(rows + i * block_size, block_size, activities.row(i) + first);
  }

  /// Advances slot.x over the whole step.
  void advance(Workspace::Slot& slot, std::size_t first) {
    const kernel::Block block{&program_, slot.inputs.data()};
    const std::size_t nodes = program_.size();
    const auto tolerance = static_cast<float>(accuracy_.tolerance);
    const auto finest = static_cast<std::size_t>(accuracy_.finest);
    const std::uint64_t whole = std::uint64_t{1} << finest;
    RelaxReport& report = slot.report;
    std::size_t level = 0;
    std::uint64_t position = 0;  // in units of the shortest substep
    std::uint64_t accepted = 0;
    const auto q = [&] { return work_.q_.data() + level * nodes; };
    const auto p = [&] { return work_.p_.data() + level * nodes; };
    while (position < whole) {
      const float distance = kernel::predict(block, slot.x.data(), q(), slot.f.data(), slot.x1.data());
      float error = 0.0f;
      const bool steady = distance <= static_cast<float>(accuracy_.steady);
      if (steady || accuracy_.first_order) {
        std::swap(slot.x, slot.x1);
        report.steady += steady ? 1 : 0;
      } else {
        error = kernel::correct(block, slot.x1.data(), slot.f.data(), p(), slot.next.data());
        while (!(error <= tolerance) && level < finest) {
          for (float expected = error; !(expected <= tolerance) && level < finest; ++level)
            expected /= growth_per_doubling;
          ++report.rejected;
          kernel::predict_again(nodes, slot.x.data(), q(), slot.f.data(), slot.x1.data());
          error = kernel::correct(block, slot.x1.data(), slot.f.data(), p(), slot.next.data());
        }
        report.missed += error <= tolerance ? 0 : 1;
        report.largest_error = std::max(report.largest_error, static_cast<double>(error));
        std::swap(slot.x, slot.next);
      }
      ++accepted;
      position += whole >> level;
      for (float expected = margin * growth_per_doubling * error;
           level > 0 && expected <= tolerance && position % (whole >> (level - 1)) == 0; --level)
        expected *= growth_per_doubling;
    }
    ++report.blocks;
    report.substeps += accepted;
    report.node_updates += accepted * nodes * live(first);
  }

  /// Checks the advanced block: rounding goes back on the bounds, the rest is counted or thrown.
  void settle(Workspace::Slot& slot, std::size_t first) const {
    if (kernel::settle(program_.size(), slot.x.data())) return;
    for (std::size_t i = 0; i < program_.size(); ++i)
      for (std::size_t cell = 0; cell < live(first); ++cell) {
        const float x = slot.x.data()[i * block_size + cell];
        if (!std::isfinite(x))
          throw core::NumericalError(fmt::format("network of {}: the activity of node '{}' of cell {} is {}",
                                                 program_.cell_type, program_.node_names[i], first + cell,
                                                 x));
        const float excursion = std::max(-x, x - 1.0f);
        if (excursion <= kernel::rounding) continue;
        ++slot.report.out_of_bounds;
        slot.report.worst_excursion = std::max(slot.report.worst_excursion, static_cast<double>(excursion));
      }
  }

  /// F of the block in slot.x, to slot.f.
  void evaluate(Workspace::Slot& slot) const {
    kernel::evaluate({&program_, slot.inputs.data()}, slot.x.data(), slot.f.data());
  }

  const RelaxReport& report() const { return report_; }

 private:
  std::size_t live(std::size_t first) const { return std::min(block_size, cells_ - first); }

  /// Lanes beyond the last cell repeat it, so that they change neither the error estimate nor anything else.
  static void copy_padded(const float* from, std::size_t live, float* to) {
    std::copy_n(from, live, to);
    std::fill(to + live, to + block_size, from[live - 1]);
  }

  void size_workspace() {
    const std::size_t nodes = program_.size(), inputs = program_.inputs();
    if (work_.slots_.size() < static_cast<std::size_t>(threads_))
      work_.slots_.resize(static_cast<std::size_t>(threads_));
    const auto fit = [](AlignedFloats& array, std::size_t size) {
      if (array.size() < size) array = AlignedFloats(size);
    };
    for (Workspace::Slot& slot : work_.slots_) {
      for (AlignedFloats* array : {&slot.x, &slot.f, &slot.x1, &slot.next}) fit(*array, nodes * block_size);
      fit(slot.padded, inputs * block_size);
      slot.inputs.resize(inputs);
    }
    fit(work_.uniform_, inputs * block_size);
    work_.values_.clear();
    work_.values_.reserve(inputs);
  }

  void list_values(const Inputs& inputs) {
    require_shape(inputs.occupancies.size() == program_.substance_inputs.size(),
                  "one occupancy per substance input is needed");
    require_shape(inputs.drug_factors.size() == program_.drug_inputs.size(),
                  "one factor per drug input is needed");
    require_shape(inputs.multipliers.size() == program_.trait_inputs.size(),
                  "one multiplier per trait input is needed");
    for (const auto values : {inputs.occupancies, inputs.drug_factors, inputs.multipliers})
      work_.values_.insert(work_.values_.end(), values.begin(), values.end());
    for (const InputValues& value : work_.values_)
      require_shape(value.per_cell.empty() || value.per_cell.size() == cells_,
                    "an input has another number of cells");
  }

  void spread_uniform_values() {
    if (cells_ == 0) return;  // where an empty span may also mean a value per cell
    for (std::size_t row = 0; row < work_.values_.size(); ++row) {
      if (!work_.values_[row].per_cell.empty()) continue;
      float* spread = work_.uniform_.data() + row * block_size;
      std::fill_n(spread, block_size, work_.values_[row].uniform);
      check_input(row, spread, 0);
    }
  }

  void point_at_inputs(Workspace::Slot& slot, std::size_t first) const {
    for (std::size_t row = 0; row < work_.values_.size(); ++row) {
      const auto values = work_.values_[row].per_cell;
      if (values.empty()) {
        slot.inputs[row] = work_.uniform_.data() + row * block_size;
        continue;
      }
      slot.inputs[row] = values.data() + first;
      if (live(first) < block_size) {
        float* padded = slot.padded.data() + row * block_size;
        copy_padded(values.data() + first, live(first), padded);
        slot.inputs[row] = padded;
      }
      check_input(row, slot.inputs[row], first);
    }
  }

  void check_input(std::size_t row, const float* values, std::size_t first) const {
    const bool odds = row >= program_.substance_inputs.size() + program_.drug_inputs.size();
    const float low = odds ? std::numeric_limits<float>::min() : -input_rounding;
    const float high = odds ? std::numeric_limits<float>::max() : 1.0f + input_rounding;
    if (kernel::all_within(values, low, high)) return;
    const auto wrong =
        std::find_if(values, values + block_size, [&](float v) { return !(v >= low && v <= high); });
    throw core::NumericalError(fmt::format(
        "network of {}: {} of cell {} is {}, outside {}", program_.cell_type, program_.describe_input(row),
        first + static_cast<std::size_t>(wrong - values), *wrong, odds ? "(0, infinity)" : "[0, 1]"));
  }

  const Program& program_;
  std::size_t cells_;
  Workspace& work_;
  int threads_;
  Accuracy accuracy_;
  std::size_t levels_ = 0;
  RelaxReport report_;
};

RelaxReport relax(Activities& activities, const Program& program, const Inputs& inputs, double dt,
                  const Accuracy& accuracy, Workspace& workspace, core::Threads threads) {
  require_shape(activities.nodes() == program.size(), "the activities belong to another program");
  require_shape(dt > 0.0 && std::isfinite(dt), "the step must be positive");
  require_shape(accuracy.finest >= 0 && accuracy.finest <= 20 && accuracy.tolerance > 0.0,
                "no such accuracy");
  Relaxation relaxation(program, inputs, activities.size(), workspace, threads);
  relaxation.prepare_steps(dt, accuracy);
  relaxation.for_blocks([&](auto& slot, std::size_t first) {
    relaxation.load(activities, slot, first);
    relaxation.advance(slot, first);
    relaxation.settle(slot, first);
    relaxation.unload(activities, slot.x.data(), first);
  });
  return relaxation.report();
}

void evaluate(Activities& targets, const Activities& activities, const Program& program, const Inputs& inputs,
              Workspace& workspace, core::Threads threads) {
  require_shape(activities.nodes() == program.size() && targets.nodes() == program.size(),
                "the activities belong to another program");
  targets.resize(activities.size());
  Relaxation relaxation(program, inputs, activities.size(), workspace, threads);
  relaxation.for_blocks([&](auto& slot, std::size_t first) {
    relaxation.load(activities, slot, first);
    relaxation.evaluate(slot);
    relaxation.unload(targets, slot.f.data(), first);
  });
}

}  // namespace stroma::network
