#include "fields/layer.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/maths.hpp"

namespace stroma::fields {
namespace {

constexpr std::size_t top = faces - 1;
/// Share of the error target that the mean of a sub-call may be off by. The plane's own solutions, which are
/// good to the target, may jump where they take a sub-step more: tries that go on ask for less.
constexpr double share_of_mean = 1e-3;
constexpr int most_tries = 60;

class Layer {
 public:
  Layer(Field& field, const SubstancePlan& plan, const Transport& transport,
        const std::function<void(double)>& run, SubstanceReport& report, AlignedDoubles& start)
      : field_(field), plan_(plan), t_(transport), run_(run), report_(report), start_(start) {
    if (start_.size() != field_.concentration.size()) start_ = AlignedDoubles(field_.concentration.size());
    volume_ = layer_volume(t_.grid, plan_);
    const double voxel = t_.grid.voxel_volume();
    for (std::size_t v = 0; v < start_.size(); ++v)
      if (t_.is_fixed.empty() || t_.is_fixed[v] == 0) conductance_ += t_.sink_of(top, v) * voxel;
    exchange_ = conductance_ / volume_;
    loss_ = exchange_ + plan_.decay;
  }

  void advance(double minutes) {
    SubstanceReport all;
    double done = 0.0;
    while (done < minutes) {
      const double length = std::min(longest(), minutes - done);
      sub_call(length, all);
      done = length < minutes - done ? done + length : minutes;
    }
    report_ = all;
  }

 private:
  double& here() { return field_.boundary_value[top]; }

  /// What the plane would send back now, as the concentration that it seems to have.
  double below() const {
    if (!(conductance_ > 0.0)) return 0.0;
    double sum = 0.0;
    for (std::size_t v = 0; v < start_.size(); ++v)
      if (t_.is_fixed.empty() || t_.is_fixed[v] == 0) sum += t_.sink_of(top, v) * field_.concentration[v];
    return sum * t_.grid.voxel_volume() / conductance_;
  }

  /// The plane follows the mean of a sub-call, and so lags by half of what C changes in it: at most the error
  /// target of the larger of the two. Nor is it longer than the layer needs to empty, so that what is left of
  /// C is above zero.
  double longest() {
    const double c = here(), other = below();
    const double change = std::fabs(exchange_ * (other - c) - plan_.decay * c);
    double length = 1.0 / loss_;
    if (change > 0.0) length = std::min(length, 2.0 * plan_.error_target * std::max(c, other) / change);
    return length;
  }

  /// Mean of C over a sub-call that begins at c, while the plane sends back as if it were at `other`.
  double mean(double c, double other, double minutes) const {
    const double end = exchange_ * other / loss_, x = loss_ * minutes;
    return end + (c - end) * (x > 1e-8 ? -core::maths::expm1(-x) / x : 1.0 - 0.5 * x);
  }

  void sub_call(double minutes, SubstanceReport& all) {
    std::copy_n(field_.concentration.data(), start_.size(), start_.data());
    const double content = field_.content, c = here();
    const Budget budget = field_.budget;
    const Memory memory = field_.memory;
    double tolerance = share_of_mean * plan_.error_target;
    double held = mean(c, below(), minutes), last = held, last_miss = 0.0;
    for (int tries = 0; tries < most_tries; ++tries) {
      if (tries > 0) {
        std::copy_n(start_.data(), start_.size(), field_.concentration.data());
        field_.content = content;
        field_.budget = budget;
        field_.memory = memory;
      }
      here() = held;
      run_(minutes);
      add_report(all);
      // What a quasi-steady plane gained or lost meanwhile came from here too.
      field_.budget.above += field_.budget.storage - budget.storage;
      field_.budget.storage = budget.storage;
      const double given = field_.budget.above - budget.above;
      const double other = held - given / (conductance_ * minutes);
      const double miss = mean(c, other, minutes) - held;
      if (std::fabs(miss) <= tolerance * std::max(std::fabs(held), c)) {
        const double decayed = plan_.decay * held * minutes;
        here() = c - given / volume_ - decayed;
        field_.layer.decayed += decayed * volume_;
        return;
      }
      if (tries > 2) tolerance = std::min(4.0 * tolerance, plan_.error_target);
      // A larger C sends more back, though less than itself: the miss falls with C, between 0 and -1 of it.
      const double slope = tries == 0 ? -1.0 : (miss - last_miss) / (held - last);
      last = held;
      last_miss = miss;
      held -= miss / (slope < -0.1 ? slope : -1.0);
      if (!std::isfinite(held)) break;
    }
    throw core::NumericalError(
        fmt::format("{}: no concentration of the layer above is found over {} min, begun at {} nM",
                    plan_.name, minutes, c));
  }

  void add_report(SubstanceReport& all) const {
    all.method = report_.method;
    all.steps += report_.steps;
    all.rejected += report_.rejected;
    all.cycles += report_.cycles;
    all.limited += report_.limited;
    all.error_estimate = std::max(all.error_estimate, report_.error_estimate);
    all.balance_residual = std::max(all.balance_residual, report_.balance_residual);
    all.negative = report_.negative;
  }

  Field& field_;
  const SubstancePlan& plan_;
  const Transport& t_;
  const std::function<void(double)>& run_;
  SubstanceReport& report_;
  AlignedDoubles& start_;
  double volume_ = 0.0;                 ///< um^3
  double conductance_ = 0.0;            ///< um^3/min, of all voxels
  double exchange_ = 0.0, loss_ = 0.0;  ///< 1/min, of C
};

}  // namespace

void advance_under_layer(Field& field, const SubstancePlan& plan, const Transport& transport, double minutes,
                         const std::function<void(double)>& run, SubstanceReport& report,
                         AlignedDoubles& start) {
  Layer(field, plan, transport, run, report, start).advance(minutes);
}

}  // namespace stroma::fields
