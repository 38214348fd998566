// Sub-steps and their control. A transient sub-step of h is made three times: once of h and twice of h/2 by
// a first-order positive step; their difference estimates the error, and 2 c(h/2, h/2) - c(h) is second
// order and L-stable (Richardson). Why "difference <= target" is the right test: the difference and the
// error that the extrapolated solution gathers over a relaxation time both fall with h^2;
// docs/theory/fields.md.
#include "fields/advance.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/maths.hpp"
#include "fields/failures.hpp"
#include "fields/layer.hpp"
#include "fields/workspace.hpp"

namespace stroma::fields {

Workspace::Workspace() : impl_(std::make_unique<Impl>()) {}
Workspace::~Workspace() = default;
Workspace::Workspace(Workspace&&) noexcept = default;
Workspace& Workspace::operator=(Workspace&&) noexcept = default;

void Workspace::Impl::prepare(const Plan& p) {
  if (plan == &p) return;
  plan = &p;
  transports.clear();
  transports.reserve(p.substances.size());
  for (const SubstancePlan& substance : p.substances) transports.emplace_back(p.grid, substance);
  full = AlignedDoubles(p.grid.voxels());
  half = AlignedDoubles(p.grid.voxels());
  multigrid.reset();
  reports.resize(p.substances.size());
}

void Workspace::Impl::prepare(std::size_t substance, std::span<const double> mobility) {
  Transport& transport = transports[substance];
  const bool as_before = mobility.empty()
                             ? transport.as_planned
                             : !transport.as_planned && std::ranges::equal(mobility, transport.mobility);
  if (as_before) return;
  transport = Transport(plan->grid, plan->substances[substance], mobility);
  multigrid.reset();  // it holds the weights of what was before
}

Multigrid& Workspace::Impl::solver() {
  if (!multigrid) multigrid = std::make_unique<Multigrid>(plan->grid);
  return *multigrid;
}

namespace {

/// What one sub-step of the implicit method costs in sub-steps of the split one, on uniform grids and on
/// those with mobility or fixed voxels; measured, see docs/theory/fields.md. They decide between two methods
/// that both meet the target, so they cost time at worst.
constexpr double implicit_cost_uniform = 15.0, implicit_cost_general = 1.5;
/// What is remembered of the method that is not in use grows by this in each sub-step, so that it is tried
/// again.
constexpr double forgetting = 1.1;
/// min; what is remembered stays a number however long a run is.
constexpr double longest_step = 1e9;
/// Share of the error target that the solution of the equations of a sub-step may use.
constexpr double algebraic_share = 0.1;
/// A steady state whose balance is off by more is none (relative; rounding is below 1e-12).
constexpr double largest_imbalance = 1e-12;
constexpr int longest_wait = 64;
/// The length with which a backward Euler step is exact for decay alone: 1 + k h' = e^(k h). It is h to
/// first order, so that everything else keeps its order, and what is at rest stays at rest.
double fitted(double decay, double h) {
  return decay > 0.0 ? core::maths::expm1(decay * h) / decay : h;
}

/// What a step of h did, from what one of `fitted` did in its place: what comes in and is taken goes on for
/// h, and the rest of the change is decay. Exact where that inflow is constant.
Terms over(double h, double length, const Terms& terms) {
  if (length == h) return terms;
  const double share = h / length;
  Terms out = terms;
  for (double Terms::*flow : {&Terms::source, &Terms::boundary, &Terms::above, &Terms::fixed,
                              &Terms::uptake_linear, &Terms::uptake_saturable})
    out.*flow *= share;
  out.decayed = terms.decayed - (1.0 - share) * (terms.change() + terms.decayed);
  return out;
}

/// One substance in one call.
class Course {
 public:
  Course(Field& field, const Plan& plan, std::size_t substance, const Exchange& exchange, double minutes,
         Workspace::Impl& work, core::Threads threads)
      : field_(field),
        plan_(plan.substances[substance]),
        t_(work.transports[substance]),
        given_{&exchange, field.boundary_value.data(), field.fixed_value.data()},
        minutes_(minutes),
        volume_(plan.grid.voxel_volume()),
        c_(field.concentration.span()),
        work_(work),
        threads_(threads),
        report_(work.reports[substance]) {}

  void run() {
    report_ = {};
    hold_fixed_voxels();
    book_fixed_voxels();
    switch (plan_.method) {
      case Method::split:
      case Method::implicit:
        transient(plan_.method, false);
        break;
      case Method::quasi_steady:
        steady(false);
        break;
      case Method::automatic:
        if (try_steady()) break;
        transient(cheaper(minutes_), true);
        break;
    }
    finish();
  }

 private:
  void hold_fixed_voxels() {
    double change = 0.0;
    for (std::size_t f = 0; f < plan_.fixed.size(); ++f) {
      double& c = c_[plan_.fixed[f].voxel];
      change += field_.fixed_value[f] - c;
      c = field_.fixed_value[f];
    }
    field_.content += change * volume_;
    field_.budget.fixed += change * volume_;
  }

  // What is given in a fixed voxel goes to whoever holds it, and what is taken comes from there.
  void book_fixed_voxels() {
    const Exchange& x = *given_.exchange;
    const auto at = [](std::span<const double> values, std::size_t v) {
      return values.empty() ? 0.0 : values[v];
    };
    Terms terms;
    for (const FixedVoxel& fixed : plan_.fixed) {
      const double c = c_[fixed.voxel], most = at(x.uptake_saturable, fixed.voxel);
      terms.source += at(x.source, fixed.voxel);
      terms.uptake_linear += at(x.uptake_linear, fixed.voxel) * c;
      if (most > 0.0) terms.uptake_saturable += most * c / (plan_.half_uptake + c);
    }
    terms.fixed = terms.uptake_linear + terms.uptake_saturable - terms.source;
    book(terms, minutes_);
  }

  // ---- transient -----------------------------------------------------------------------------------------

  /// One first-order step of h by the method in use, exact for decay.
  Terms fitted_step(std::span<double> result, std::span<const double> start, std::span<const double> guess,
                    double h) {
    const double length = fitted(plan_.decay, h);
    return over(h, length, base_step(result, start, guess, length));
  }

  /// One backward Euler step by the method in use.
  Terms base_step(std::span<double> result, std::span<const double> start, std::span<const double> guess,
                  double h) {
    if (report_.method == Method::split)
      return split_step(result.data(), start.data(), t_, given_, h, work_.split, threads_);
    if (guess.data() != result.data()) copy(result, guess);
    const Solved solved =
        work_.solver().step(result.data(), start.data(), t_, given_, h, algebraic_, threads_);
    report_.cycles += solved.cycles;
    if (!solved.converged) fail_to_converge(attempt(Method::implicit), result, solved);
    return solved.terms;
  }

  Method cheaper(double minutes) const {
    const Memory& m = field_.memory;
    const double split = m.step_split > 0.0 ? m.step_split : minutes;
    const double implicit = m.step_implicit > 0.0 ? m.step_implicit : minutes;
    const double steps_split = std::ceil(minutes / std::min(split, minutes));
    const double steps_implicit = std::ceil(minutes / std::min(implicit, minutes));
    const double cost = t_.uniform ? implicit_cost_uniform : implicit_cost_general;
    return steps_split <= cost * steps_implicit ? Method::split : Method::implicit;
  }

  void transient(Method method, bool may_switch) {
    report_.method = method;
    if (plan_.fixed_step > 0.0) {
      fixed_steps();
      return;
    }
    // Decay is exact, what goes on beside it is not: sub-steps are no longer than plain backward Euler's
    // difference, (k h)^2/4, would let them be.
    const double longest =
        plan_.decay > 0.0 ? 2.0 * std::sqrt(plan_.error_target) / plan_.decay : longest_step;
    // What is left of a field that decays has the errors of all of them.
    if (plan_.decay > 0.0) algebraic_ /= 1.0 + minutes_ / longest;
    double done = 0.0;
    while (done < minutes_) {
      double& remembered =
          report_.method == Method::split ? field_.memory.step_split : field_.memory.step_implicit;
      const double left = minutes_ - done;
      double h = std::min({remembered > 0.0 ? remembered : left, left, longest});
      // What is left is divided evenly, so that no sliver remains.
      const double steps = std::ceil(left / h * (1.0 - 1e-9));
      const bool last = steps <= 1.0;
      h = last ? left : left / steps;
      const double error = controlled_step(h);
      const double factor = error > 0.0 ? 0.9 * std::sqrt(plan_.error_target / error) : 4.0;
      if (error <= plan_.error_target) {
        report_.error_estimate = std::max(report_.error_estimate, error);
        ++report_.steps;
        remembered = std::max(h * std::clamp(factor, 0.5, 4.0), factor >= 1.0 ? remembered : 0.0);
        done = last ? minutes_ : done + h;
      } else {
        ++report_.rejected;
        remembered = h * std::clamp(factor, 0.1, 0.9);
        if (!(remembered > 1e-12 * minutes_)) fail_to_progress(attempt(report_.method), remembered);
      }
      if (!may_switch) continue;
      forget();
      if (done < minutes_) report_.method = cheaper(minutes_ - done);
    }
  }

  /// An unsplit step is at least as accurate as a split one of its length.
  void forget() {
    Memory& m = field_.memory;
    if (report_.method == Method::implicit) {
      m.step_split = std::min(m.step_split * forgetting, longest_step);
    } else {
      m.step_implicit = std::min(m.step_implicit * forgetting, longest_step);
      if (m.step_implicit > 0.0) m.step_implicit = std::max(m.step_implicit, m.step_split);
    }
  }

  void fixed_steps() {
    const double steps = std::max(1.0, std::ceil(minutes_ / plan_.fixed_step * (1.0 - 1e-9)));
    for (double s = 0.0; s < steps; s += 1.0) {
      std::span<const double> start = c_;
      if (report_.method == Method::implicit) {
        copy(work_.half.span(), c_);
        start = work_.half.span();
      }
      accept(base_step(c_, start, c_, minutes_ / steps));
      ++report_.steps;
    }
  }

  /// Tries a step of h; keeps it where its error, which it returns, is within the target.
  double controlled_step(double h) {
    const std::span<double> full = work_.full.span(), half = work_.half.span();
    const Terms once = fitted_step(full, c_, c_, h);
    const Terms first = fitted_step(half, c_, full, 0.5 * h);
    const Terms second =
        report_.method == Method::split ? fitted_step(half, half, half, 0.5 * h) : second_half(half, full, h);
    const Terms twice = combine_halves(first, second);
    const Norms norms = work_.extrapolation.compare(half, full, threads_);
    require_finite(attempt(report_.method), half, norms.sum);
    const double scale = std::max(norms.largest, smallest_scale);
    const double error = norms.difference / scale;
    if (error > plan_.error_target) return error;
    Terms terms = combine(2.0, twice, -1.0, once);
    terms.lowest = std::min(0.0, norms.lowest);
    const bool limit = norms.lowest < 0.0 && twice.lowest >= 0.0;
    terms.content = limit ? work_.extrapolation.extrapolate_positively(c_, half, full, terms.content, plan_,
                                                                       field_.fixed_value, threads_)
                          : work_.extrapolation.extrapolate(c_, half, full, threads_);
    if (limit) {
      ++report_.limited;
      terms.lowest = 0.0;
    }
    accept(terms);
    return error;
  }

  /// The second half of an implicit step; the first one is needed beside the solution.
  Terms second_half(std::span<double> half, std::span<const double> full, double h) {
    if (work_.third.size() < c_.size()) work_.third = AlignedDoubles(c_.size());
    copy(work_.third.span(), half);
    return fitted_step(half, work_.third.span(), full, 0.5 * h);
  }

  static Terms combine_halves(const Terms& first, const Terms& second) {
    Terms both = combine(1.0, first, 1.0, second);
    both.content = second.content;
    both.lowest = second.lowest;
    return both;
  }

  /// Books a step that has been taken.
  void accept(const Terms& terms) {
    require_finite(attempt(report_.method), c_, terms.content);
    const double before = field_.content / volume_;
    const double scale = std::fabs(before) + std::fabs(terms.content) + terms.turnover();
    report_.balance_residual =
        std::max(report_.balance_residual,
                 std::fabs(terms.content - before - terms.change()) / std::max(scale, smallest_content));
    book(terms, 1.0);
    field_.content = terms.content * volume_;
    lowest_ = terms.lowest;
  }

  void book(const Terms& terms, double factor) {
    const double amount = volume_ * factor;
    Budget& b = field_.budget;
    b.source += terms.source * amount;
    b.boundary += terms.boundary * amount;
    b.above += terms.above * amount;
    b.fixed += terms.fixed * amount;
    b.decayed += terms.decayed * amount;
    b.uptake_linear += terms.uptake_linear * amount;
    b.uptake_saturable += terms.uptake_saturable * amount;
  }

  // ---- quasi-steady --------------------------------------------------------------------------------------

  bool try_steady() {
    Memory& m = field_.memory;
    if (!(t_.slowest_rate > 0.0)) return false;
    if (m.steady_wait > 0) {
      --m.steady_wait;
      return false;
    }
    if (steady(true)) {
      m.steady_fails = 0;
      return true;
    }
    m.steady_fails = std::min(m.steady_fails + 1, 16);
    m.steady_wait = std::min(longest_wait, 1 << m.steady_fails);
    return false;
  }

  /// What is missing of a steady state's balance over this call, against what there is as in `accept`: in
  /// equilibrium nothing is turned over, and rounding is not.
  double imbalance(const Terms& rates) const {
    const double scale =
        std::fabs(field_.content) / volume_ + std::fabs(rates.content) + rates.turnover() * minutes_;
    return std::fabs(rates.change()) * minutes_ / std::max(scale, smallest_content);
  }

  /// The steady state of what is given. While that is constant, what is left of a deviation d after this
  /// call is at most q d, q = exp(-slowest rate * minutes); a sequence of calls that each bring a new
  /// deviation d gathers at most d q/(1 - q). `only_if_close`: kept where that is within the target.
  bool steady(bool only_if_close) {
    const std::span<double> trial = work_.half.span();
    copy(trial, c_);
    const Solved solved =
        work_.solver().steady(trial.data(), t_, given_, algebraic_share * plan_.error_target, threads_);
    report_.cycles += solved.cycles;
    // A state that is beyond all numbers is not near either; the transient reaches it, or says where it
    // fails.
    if (only_if_close && !(solved.converged && std::isfinite(solved.terms.content))) return false;
    if (!solved.converged) fail_to_converge(attempt(Method::quasi_steady), trial, solved);
    require_finite(attempt(Method::quasi_steady), trial, solved.terms.content);
    double error = solved.error;
    if (only_if_close) {
      const Norms norms = work_.extrapolation.compare(trial, c_, threads_);
      const double q = core::maths::exp(-t_.slowest_rate * minutes_);
      error += norms.difference / std::max(norms.largest, smallest_scale) * q / (1.0 - q);
      if (!(error <= plan_.error_target)) return false;
      // Where more is drawn than flows in there is no steady state above zero; in time there still is one.
      if (solved.terms.lowest < 0.0 || imbalance(solved.terms) > largest_imbalance) return false;
    }
    copy(c_, trial);
    report_.method = Method::quasi_steady;
    report_.error_estimate = error;
    ++report_.steps;
    const double content = solved.terms.content * volume_;
    report_.balance_residual = std::max(report_.balance_residual, imbalance(solved.terms));
    book(solved.terms, minutes_);
    field_.budget.storage += content - field_.content - solved.terms.change() * minutes_ * volume_;
    field_.content = content;
    lowest_ = solved.terms.lowest;
    return true;
  }

  void finish() {
    if (lowest_ < 0.0)
      report_.negative =
          static_cast<std::size_t>(std::count_if(c_.begin(), c_.end(), [](double c) { return c < 0.0; }));
  }

  void copy(std::span<double> to, std::span<const double> from) const {
    work_.extrapolation.copy(to, from, threads_);
  }

  Attempt attempt(Method method) const { return {t_.grid, plan_, method}; }

  /// Fields below this everywhere [nM] have no relative error.
  static constexpr double smallest_scale = 1e-300;
  /// Nor do their contents have a relative balance; such a field is as good as empty.
  static constexpr double smallest_content = 1e-280;

  Field& field_;
  const SubstancePlan& plan_;
  const Transport& t_;
  Given given_;
  double minutes_, volume_;
  std::span<double> c_;
  Workspace::Impl& work_;
  core::Threads threads_;
  SubstanceReport& report_;
  double lowest_ = 0.0;
  double algebraic_ = algebraic_share * plan_.error_target;  ///< of the equations of an implicit sub-step
};

}  // namespace

StepReport advance(Fields& fields, const Plan& plan, std::span<const Exchange> exchange, double minutes,
                   Workspace& workspace, core::Threads threads) {
  core::require(fields.substances.size() == plan.substances.size(), "fields and plan do not belong together");
  core::require(exchange.empty() || exchange.size() == plan.substances.size(),
                "one exchange per substance, or none");
  core::require(minutes > 0.0 && std::isfinite(minutes), "fields advance by a positive time");
  Workspace::Impl& work = workspace.impl();
  work.prepare(plan);
  const Exchange none;
  StepReport report;
  for (std::size_t s = 0; s < plan.substances.size(); ++s) {
    const Exchange& given = exchange.empty() ? none : exchange[s];
    core::require(given.uptake_saturable.empty() || plan.substances[s].half_uptake > 0.0,
                  "saturable uptake has a half_uptake above 0");
    for (const std::span<const double> values :
         {given.uptake_linear, given.uptake_saturable, given.source, given.mobility})
      core::require(values.empty() || values.size() == plan.grid.voxels(),
                    "an exchange holds one value per voxel");
    work.prepare(s, given.mobility);
    Field& field = fields.substances[s];
    const auto run = [&](double length) { Course(field, plan, s, given, length, work, threads).run(); };
    if (plan.substances[s].layer_depth > 0.0)
      advance_under_layer(field, plan.substances[s], work.transports[s], minutes, run, work.reports[s],
                          work.start);
    else
      run(minutes);
    const SubstanceReport& r = work.reports[s];
    report.balance_residual = std::max(report.balance_residual, r.balance_residual);
    report.error_estimate = std::max(report.error_estimate, r.error_estimate);
    report.steps += r.steps;
    report.negative += r.negative;
  }
  report.substances = work.reports;
  return report;
}

}  // namespace stroma::fields
