// See mechanics.hpp. A step is two passes over chunks of bodies: forces at the present points, and, once the
// length of the step is known, the move itself.
#include "cells/mechanics.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <string>

#include "cells/kernel.hpp"
#include "cells/lists.hpp"
#include "core/errors.hpp"
#include "core/maths.hpp"
#include "core/random.hpp"

namespace stroma::cells {

namespace {

constexpr std::size_t chunk = 1024;
static_assert(Neighbourhood::rows % chunk == 0);
constexpr double longest_growth = 1.5;    // of one step to the next
constexpr double spring_fraction = 0.25;  // of the time constant of the stiffest springs
constexpr double most_steps = 1e7;        // in one call of move

/// The plan, ready for the kernels.
struct Forces {
  const MechanicsPlan& plan;
  const Motion& motion;
  Lattice lattice;
  kernel::Pairs pairs{};
  bool planes = false, links = false;
};

bool all_alike(const MechanicsPlan& plan) {
  const auto same = [&](const TypeMechanics& t) {
    return t.repulsion == plan.types.front().repulsion && t.adhesion == plan.types.front().adhesion;
  };
  const auto one = [](double a) { return a == 1.0; };
  return std::all_of(plan.types.begin(), plan.types.end(), same) &&
         std::all_of(plan.affinity.begin(), plan.affinity.end(), one);
}

/// sqrt(c_r), sqrt(c_a)/reach and type of every body.
void fill_stickiness(const Bodies& bodies, const MechanicsPlan& plan, const Motion& motion,
                     std::vector<float>& stickiness, core::Threads threads) {
  stickiness.resize(4 * bodies.size());
  core::for_chunks(bodies.size(), 4 * chunk, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const TypeMechanics& type = plan.types[bodies.type[i]];
      const double adhesion =
          motion.adhesion.empty() ? type.adhesion : static_cast<double>(motion.adhesion[i]);
      const double repulsion =
          motion.repulsion.empty() ? type.repulsion : static_cast<double>(motion.repulsion[i]);
      stickiness[4 * i] = static_cast<float>(std::sqrt(repulsion));
      stickiness[4 * i + 1] = static_cast<float>(std::sqrt(adhesion) / plan.reach);
      stickiness[4 * i + 2] = std::bit_cast<float>(static_cast<std::int32_t>(bodies.type[i]));
      stickiness[4 * i + 3] = 0.0F;
    }
  });
}

/// The springs of each body as rows of indices; rebuilt where bodies or springs changed.
void index_links(const Bodies& bodies, const Attachments& springs, Neighbourhood::Work& w) {
  if (w.bodies_revision == bodies.revision && w.attachments_revision == springs.revision) return;
  SpringEnds& ends = w.ends;
  find_ends(ends, springs, bodies);
  w.link_first.assign(bodies.size() + 2, 0);
  for (std::size_t s = 0; s < springs.size(); ++s) {
    if (ends.a[s] == no_body || ends.b[s] == no_body) continue;
    ++w.link_first[ends.a[s] + 2];
    ++w.link_first[ends.b[s] + 2];
  }
  for (std::size_t i = 2; i < w.link_first.size(); ++i) w.link_first[i] += w.link_first[i - 1];
  w.link_to.resize(w.link_first.back());
  w.link_stiffness.resize(w.link_first.back());
  w.link_rest.resize(w.link_first.back());
  for (std::size_t s = 0; s < springs.size(); ++s) {
    if (ends.a[s] == no_body || ends.b[s] == no_body) continue;
    for (const auto& [from, to] : {std::pair{ends.a[s], ends.b[s]}, std::pair{ends.b[s], ends.a[s]}}) {
      const std::uint32_t at = w.link_first[from + 1]++;
      w.link_to[at] = to;
      w.link_stiffness[at] = springs.stiffness[s];
      w.link_rest[at] = springs.rest[s];
    }
  }
  w.bodies_revision = bodies.revision;
  w.attachments_revision = springs.revision;
}

/// Largest sum of stiffness of one body: half a bound of the rates of the springs (Gershgorin).
double largest_stiffness(const Neighbourhood::Work& w, std::size_t n) {
  double largest = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    double sum = 0.0;
    for (std::uint32_t k = w.link_first[i]; k < w.link_first[i + 1]; ++k) {
      sum += static_cast<double>(w.link_stiffness[k]);
    }
    largest = std::max(largest, sum);
  }
  return largest;
}

Forces prepare(Bodies& bodies, const MechanicsPlan& plan, Neighbourhood& nb, const Motion& motion,
               const Attachments& springs, core::Threads threads) {
  core::require(!plan.types.empty() && plan.reach >= 1.0, "mechanics needs a validated plan");
  for (const std::span<const float>& values : {motion.adhesion, motion.repulsion})
    core::require(values.empty() || values.size() == bodies.size(),
                  "one adhesion and one repulsion per body");
  Forces f{plan, motion, lattice_of(plan.domain), {}, false, springs.size() > 0};
  for (std::size_t side = 0; side < 2 * static_cast<std::size_t>(plan.domain.dimensions); ++side) {
    f.planes |= plan.domain.faces[side].repulsion > 0.0 || plan.domain.faces[side].adhesion > 0.0;
  }
  f.pairs.reach = static_cast<float>(plan.reach);
  if (motion.adhesion.empty() && motion.repulsion.empty() && all_alike(plan)) {
    f.pairs.repulsion = static_cast<float>(plan.types.front().repulsion);
    f.pairs.adhesion = static_cast<float>(plan.types.front().adhesion / (plan.reach * plan.reach));
  } else {
    fill_stickiness(bodies, plan, motion, nb.work.stickiness, threads);
    f.pairs.stickiness = nb.work.stickiness.data();
    f.pairs.types = static_cast<std::int32_t>(plan.types.size());
    const std::size_t types = plan.types.size();
    std::vector<float>& affinity = nb.work.affinity;
    affinity.resize(plan.affinity.size());
    for (std::size_t k = 0; k < affinity.size(); ++k) {
      affinity[k] =
          static_cast<float>(std::sqrt(plan.affinity[k] * plan.affinity[k % types * types + k / types]));
    }
    f.pairs.affinity = affinity.empty() ? nullptr : affinity.data();
  }
  if (f.links) index_links(bodies, springs, nb.work);
  return f;
}

/// A unit vector from the body with the lower id to the other, for two bodies on one point.
std::array<double, 3> keyed_direction(std::uint64_t seed, std::uint64_t one, std::uint64_t other,
                                      int dimensions) {
  core::Stream stream(core::derive_seed(seed, std::min(one, other)), core::Purpose::contact,
                      std::max(one, other));
  const core::maths::OnCircle round = core::maths::on_circle(stream.uniform());
  const double cosine = dimensions == 3 ? 2.0 * stream.uniform() - 1.0 : 0.0;
  const double sine = std::sqrt(1.0 - cosine * cosine);
  return {sine * round.cosine, sine * round.sine, cosine};
}

/// Forces on body i by those on its own lattice point: the limit d -> 0 of the law, c_r - c_a. Returns their
/// number.
int part(const Forces& f, const Bodies& bodies, const Neighbourhood& nb, std::uint32_t i, float* velocity) {
  int met = 0;
  const Point& own = nb.points[i];
  const float reach2 = f.pairs.reach * f.pairs.reach;
  for (const std::uint32_t j : nb.of(i)) {
    const Point& other = nb.points[j];
    if (own.x != other.x || own.y != other.y || own.z != other.z) continue;
    ++met;
    float push = f.pairs.repulsion, pull = f.pairs.adhesion * reach2;
    if (f.pairs.stickiness != nullptr) {
      const float *const a = f.pairs.stickiness + 4 * std::size_t{i}, *const b = f.pairs.stickiness +
                                                                                 4 * std::size_t{j};
      push = a[0] * b[0];
      pull = a[1] * b[1] * reach2;
      if (f.pairs.affinity != nullptr) {
        pull *= f.pairs.affinity[bodies.type[i] * f.plan.types.size() + bodies.type[j]];
      }
    }
    const auto u = keyed_direction(f.motion.seed, bodies.id[i], bodies.id[j], f.plan.domain.dimensions);
    const double force = static_cast<double>(push - pull) * (bodies.id[i] < bodies.id[j] ? -1.0 : 1.0);
    for (std::size_t k = 0; k < 3; ++k) velocity[k] += static_cast<float>(force * u[k]);
  }
  return met;
}

void add_planes(const MechanicsPlan& plan, const Bodies& bodies, std::size_t i, float* velocity) {
  const std::array<double, 3> at = {bodies.x[i], bodies.y[i], bodies.z[i]};
  const auto radius = static_cast<double>(bodies.radius[i]);
  for (std::size_t side = 0; side < 2 * static_cast<std::size_t>(plan.domain.dimensions); ++side) {
    const Face& face = plan.domain.faces[side];
    const std::size_t axis = side / 2;
    const double d = side % 2 == 0 ? at[axis] - plan.domain.low[axis] : plan.domain.high[axis] - at[axis];
    if (d >= plan.reach * radius) continue;
    const double overlap = std::max(0.0, 1.0 - d / radius), tie = 1.0 - d / (plan.reach * radius);
    const double away = face.repulsion * overlap * overlap - face.adhesion * tie * tie;
    velocity[axis] += static_cast<float>(side % 2 == 0 ? away : -away);
  }
}

void add_links(const Neighbourhood::Work& w, const Bodies& bodies, std::size_t i, float* velocity) {
  double sum[3] = {0.0, 0.0, 0.0};
  for (std::uint32_t k = w.link_first[i]; k < w.link_first[i + 1]; ++k) {
    const std::uint32_t j = w.link_to[k];
    const double dx = bodies.x[j] - bodies.x[i], dy = bodies.y[j] - bodies.y[i],
                 dz = bodies.z[j] - bodies.z[i];
    const double d = std::sqrt(dx * dx + dy * dy + dz * dz);
    if (d == 0.0) continue;  // no direction; the forces of the pair part them
    const double pull =
        static_cast<double>(w.link_stiffness[k]) * (d - static_cast<double>(w.link_rest[k])) / d;
    sum[0] += pull * dx;
    sum[1] += pull * dy;
    sum[2] += pull * dz;
  }
  for (int k = 0; k < 3; ++k) velocity[k] += static_cast<float>(sum[k]);
}

/// Largest speed and change of velocity of all bodies (um/min), and pairs on one point.
struct Evaluation {
  double speed = 0.0, change = 0.0;
  std::int64_t coincidences = 0;
};

Evaluation evaluate(const Forces& f, Bodies& bodies, Neighbourhood& nb, core::Threads threads) {
  const std::size_t n = bodies.size();
  constexpr std::size_t results = 3;
  nb.work.velocity.resize(4 * n);
  nb.work.per_chunk.assign(results * core::chunk_count(n, chunk), 0.0);
  float* const velocity = nb.work.velocity.data();
  core::for_chunks(n, chunk, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint32_t> coincident;  // empty but for the rarest step
    kernel::add_forces(f.pairs, nb.points.data(), nb.entries[begin / Neighbourhood::rows].data(),
                       nb.first.data(), nb.count.data(), begin, end, velocity, coincident);
    double* const result = nb.work.per_chunk.data() + results * (begin / chunk);
    for (const std::uint32_t i : coincident)
      result[2] += part(f, bodies, nb, i, velocity + 4 * std::size_t{i});
    for (std::size_t i = begin; f.planes && i < end; ++i) add_planes(f.plan, bodies, i, velocity + 4 * i);
    for (std::size_t i = begin; f.links && i < end; ++i) add_links(nb.work, bodies, i, velocity + 4 * i);
    const kernel::Largest largest = kernel::largest_of(velocity, bodies.previous.data(), begin, end);
    result[0] = static_cast<double>(largest.speed);
    result[1] = static_cast<double>(largest.change);
  });
  Evaluation total;
  for (std::size_t c = 0; c < nb.work.per_chunk.size(); c += results) {
    const double* const result = nb.work.per_chunk.data() + c;
    if (!(result[0] <= total.speed)) total.speed = result[0];  // a NaN is kept
    if (!(result[1] <= total.change)) total.change = result[1];
    total.coincidences += static_cast<std::int64_t>(result[2]);
  }
  total.speed = std::sqrt(total.speed);
  total.change = std::sqrt(total.change);
  return total;
}

[[noreturn]] void fail(const Bodies& bodies, std::size_t i, core::Tick tick, const std::string& what) {
  throw core::NumericalError("mechanics: cell " + std::to_string(bodies.id[i]) + ", tick " +
                             std::to_string(tick.count) + ": " + what);
}

void require_finite_velocity(const Bodies& bodies, const std::vector<float>& velocity, core::Tick tick) {
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    for (std::size_t k = 0; k < 3; ++k) {
      const float v = velocity[4 * i + k];
      if (!std::isfinite(v)) fail(bodies, i, tick, "its velocity is " + std::to_string(v) + " um/min");
    }
  }
}

/// Reflects body i into the box; returns how often.
std::int64_t reflect(Bodies& bodies, std::size_t i, const Domain& domain, core::Tick tick) {
  std::int64_t reflections = 0;
  std::vector<double>* const axes[3] = {&bodies.x, &bodies.y, &bodies.z};
  for (std::size_t k = 0; k < static_cast<std::size_t>(domain.dimensions); ++k) {
    double& at = (*axes[k])[i];
    if (at >= domain.low[k] && at <= domain.high[k]) continue;
    const double was = at;
    at = at < domain.low[k] ? 2.0 * domain.low[k] - at : 2.0 * domain.high[k] - at;
    ++reflections;
    if (!(at >= domain.low[k] && at <= domain.high[k])) {
      fail(bodies, i, tick,
           "coordinate " + std::to_string(k) + " is " + std::to_string(was) + " um, far outside [" +
               std::to_string(domain.low[k]) + ", " + std::to_string(domain.high[k]) + "]");
    }
  }
  return reflections;
}

/// The longest step that accuracy allows now.
double allowed_step(const MechanicsPlan& plan, const Evaluation& now, double last, double stiffness) {
  double h = last > 0.0 ? std::min(plan.longest_step, longest_growth * last)
                        : std::min(plan.longest_step, plan.step);
  if (now.change > 0.0 && last > 0.0) h = std::min(h, std::sqrt(2.0 * last * plan.tolerance / now.change));
  if (now.speed > 0.0) h = std::min(h, plan.largest_move / now.speed);
  if (stiffness > 0.0) h = std::min(h, spring_fraction / stiffness);
  return h;
}

/// Bodies [begin, end) make one step.
struct Step {
  kernel::Advance how;
  core::Tick end;
};
struct StepResult {
  double displacement = 0.0, drift = 0.0;
  std::int64_t reflections = 0;
};

StepResult advance(const Forces& f, Bodies& bodies, Neighbourhood& nb, const Step& step, std::size_t begin,
                   std::size_t end) {
  const int dimensions = f.plan.domain.dimensions;
  std::array<double, 3 * chunk> path;
  const bool migrates = !f.motion.speed.empty();
  if (migrates) {
    for (std::size_t i = begin; i < end; ++i) {
      double p[3] = {0.0, 0.0, 0.0};
      migrate(bodies, i, f.motion, dimensions, step.how.step, p);
      std::copy_n(p, 3, path.data() + 3 * (i - begin));
    }
  }
  const kernel::Moved moved = kernel::advance(step.how, migrates ? path.data() : nullptr, bodies.x.data(),
                                              bodies.y.data(), bodies.z.data(), nb.points.data(), begin, end);
  StepResult result{std::sqrt(static_cast<double>(moved.displacement)), static_cast<double>(moved.drift), 0};
  if (moved.outside) {
    for (std::size_t i = begin; i < end; ++i) {
      const std::int64_t reflections = reflect(bodies, i, f.plan.domain, step.end);
      if (reflections == 0) continue;
      result.reflections += reflections;
      bool inside = true;
      nb.points[i] = point_of(bodies, i, f.plan.domain, f.lattice, inside);
    }
    result.drift = static_cast<double>(drift_of(nb, bodies, static_cast<float>(f.plan.reach), begin, end));
  }
  return result;
}

}  // namespace

std::span<const float> velocities(Bodies& bodies, const MechanicsPlan& plan, Neighbourhood& nb,
                                  const Motion& motion, const Attachments& springs, core::Threads threads) {
  refresh(nb, bodies, plan, threads);
  const Forces f = prepare(bodies, plan, nb, motion, springs, threads);
  evaluate(f, bodies, nb, threads);
  return nb.work.velocity;
}

MoveReport move(Bodies& bodies, const MechanicsPlan& plan, Neighbourhood& nb, const Motion& motion,
                const Attachments& springs, core::Tick begin, double minutes, core::Threads threads) {
  MoveReport report;
  const std::size_t n = bodies.size();
  core::require(minutes >= 0.0, "time goes forwards");
  if (n == 0 || minutes == 0.0) return report;
  const std::uint64_t rebuilds = nb.rebuilds;
  refresh(nb, bodies, plan, threads);
  const Forces f = prepare(bodies, plan, nb, motion, springs, threads);
  const double stiffness = f.links ? largest_stiffness(nb.work, n) : 0.0;

  Step step{};
  step.how = place_in(plan.domain, f.lattice, plan.reach);
  double done = 0.0;
  double steps_left = std::max(1.0, std::ceil(minutes / plan.step - 1e-9));  // of equal length
  while (steps_left > 0.0) {
    const core::Tick tick = begin + core::to_tick(done);
    const Evaluation now = evaluate(f, bodies, nb, threads);
    if (!std::isfinite(now.speed)) require_finite_velocity(bodies, nb.work.velocity, tick);
    if (plan.tolerance > 0.0) {
      const double h = allowed_step(plan, now, bodies.step, stiffness);
      steps_left = std::max(1.0, std::ceil((minutes - done) / h - 1e-9));
    }
    if (!(static_cast<double>(report.steps) + steps_left < most_steps)) {
      fail(bodies, 0, tick,
           "the largest velocity, " + std::to_string(now.speed) +
               " um/min (of any cell), would need more than 1e7 steps");
    }
    const double h = (minutes - done) / steps_left;
    steps_left -= 1.0;
    done = steps_left == 0.0 ? minutes : done + h;

    step.how.step = h;
    step.how.blend = bodies.step > 0.0 ? h / (2.0 * bodies.step) : 0.0;
    step.how.velocity = nb.work.velocity.data();
    step.how.previous = bodies.previous.data();
    step.how.reference = bodies.reference.data();
    step.end = begin + core::to_tick(done);
    constexpr std::size_t results = 3;
    nb.work.per_chunk.assign(results * core::chunk_count(n, chunk), 0.0);
    core::for_chunks(n, chunk, threads, [&](std::size_t from, std::size_t to) {
      const StepResult r = advance(f, bodies, nb, step, from, to);
      double* const result = nb.work.per_chunk.data() + results * (from / chunk);
      result[0] = r.displacement;
      result[1] = r.drift;
      result[2] = static_cast<double>(r.reflections);
    });
    double drift = 0.0;
    for (std::size_t c = 0; c < nb.work.per_chunk.size(); c += results) {
      const double* const result = nb.work.per_chunk.data() + c;
      report.largest_displacement = std::max(report.largest_displacement, result[0]);
      drift = std::max(drift, result[1]);
      report.reflections += static_cast<std::int64_t>(result[2]);
    }
    report.largest_error = std::max(report.largest_error, step.how.blend * h * now.change);
    report.coincidences += now.coincidences;
    report.shortest_step = report.steps == 0 ? h : std::min(report.shortest_step, h);
    report.longest_step = std::max(report.longest_step, h);
    ++report.steps;
    bodies.previous.swap(nb.work.velocity);
    bodies.step = h;
    if (!lists_hold(nb, static_cast<float>(drift), f.lattice)) remake_lists(nb, bodies, plan, threads);
  }
  report.rebuilds = static_cast<std::int64_t>(nb.rebuilds - rebuilds);
  return report;
}

}  // namespace stroma::cells
