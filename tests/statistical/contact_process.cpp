// Attack and phagocytosis as processes in time: what happens follows the closed forms at any step, and those
// who compete for a target share it by their rates. Each with the mutant of one event per actor and step.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "cells/contacts.hpp"
#include "support/statistics.hpp"

namespace stroma::cells {
namespace contact_process {

constexpr std::array steps{0.6, 6.0, 30.0};
constexpr double end = 30.0;
constexpr std::size_t clusters = 3000;
// Within this, two centres of cells of 8 um radius touch.
constexpr double apart = 15.5;

enum Type : std::uint8_t { killer, rival, eater, prey };

struct Place {
  Type type;
  double x, y;
};

// So many copies of a cluster of cells, far from each other, that nothing moves.
struct Clusters {
  Clusters(std::vector<Place> places, std::uint64_t run) : seed(run), size(places.size()) {
    plan.types.resize(4);
    plan.affinity.assign(16, 1.0);
    plan.domain.dimensions = 2;
    plan.domain.high = {100.0 * static_cast<double>(clusters), 100.0, 1.0};
    const float volume = static_cast<float>(4.0 / 3.0 * std::numbers::pi * 512.0);
    for (std::size_t c = 0; c < clusters; ++c)
      for (const Place& place : places)
        append(bodies, {100.0 * static_cast<double>(c) + 50.0 + place.x, 50.0 + place.y, 0.0,
                        bodies.size() + 1, place.type, 0, 0.75F * volume, 0.25F * volume});
    condition.assign(bodies.size(), Condition::live);
  }

  void add(Type type, float rate, Conditions acts_on, Condition leaves, std::vector<std::uint8_t> targets) {
    auto& mine = actors.emplace_back();
    for (std::uint32_t b = 0; b < bodies.size(); ++b)
      if (bodies.type[b] == type) mine.push_back({b, rate});
    targets_of.push_back(std::move(targets));
    behaviours.push_back({{}, {}, acts_on, leaves, 100U + behaviours.size()});
  }
  void kill(Type type, float rate) {
    add(type, rate, only(Condition::live), Condition::apoptotic, {0, 0, 0, 1});
  }
  void eat(float rate) { add(eater, rate, dying, Condition::gone, {}); }

  // All events until `until`; where `capped`, an actor's second in a step does not happen.
  std::vector<ContactEvent> run(double step, double until, bool capped, int threads = 1) {
    for (std::size_t b = 0; b < behaviours.size(); ++b) {
      behaviours[b].actors = actors[b];
      behaviours[b].is_target = targets_of[b];
    }
    std::vector<ContactEvent> all, events;
    const auto n = static_cast<int>(std::lround(until / step));
    for (int k = 0; k < n; ++k) {
      events.clear();
      const std::vector<Condition> before = condition;
      contact_events(bodies, plan, lists, behaviours, condition, seed,
                     core::to_tick(step * static_cast<double>(k)), step, {threads}, work, events);
      if (capped) {
        condition = before;
        std::vector<bool> acted(bodies.size(), false);
        std::erase_if(events, [&](const ContactEvent& e) {
          if (acted[e.actor]) return true;
          acted[e.actor] = true;
          condition[e.target] = behaviours[e.behaviour].leaves;
          return false;
        });
      }
      all.insert(all.end(), events.begin(), events.end());
    }
    return all;
  }

  // How many targets of each cluster are so.
  std::vector<std::size_t> count(Condition wanted) const {
    std::vector<std::size_t> counts(clusters, 0);
    for (std::size_t b = 0; b < bodies.size(); ++b)
      if (bodies.type[b] == prey && condition[b] == wanted) ++counts[b / size];
    return counts;
  }

  std::uint64_t seed;
  std::size_t size;
  Bodies bodies;
  MechanicsPlan plan;
  Neighbourhood lists;
  ContactWork work;
  std::vector<Condition> condition;
  std::vector<std::vector<ContactActor>> actors;
  std::vector<std::vector<std::uint8_t>> targets_of;
  std::vector<ContactBehaviour> behaviours;
};

std::vector<Place> one_among_six() {
  std::vector<Place> places = {{killer, 0.0, 0.0}};
  for (int k = 0; k < 6; ++k)
    places.push_back(
        {prey, apart * std::cos(std::numbers::pi * k / 3.0), apart * std::sin(std::numbers::pi * k / 3.0)});
  return places;
}

// P(kills = j) of a Poisson number with this mean that stops at `most`.
std::vector<double> stopped_poisson(double mean, std::size_t most) {
  std::vector<double> p(most + 1, 0.0);
  double term = std::exp(-mean), sum = 0.0;
  for (std::size_t j = 0; j < most; ++j) {
    p[j] = term;
    sum += term;
    term *= mean / static_cast<double>(j + 1);
  }
  p[most] = 1.0 - sum;
  return p;
}

// z of the chi-square of counts against probabilities (Wilson, Hilferty 1931).
double z_of_counts(const std::vector<std::size_t>& counts, const std::vector<double>& p) {
  std::vector<double> seen(p.size(), 0.0);
  for (const std::size_t count : counts) seen[count] += 1.0;
  const double n = static_cast<double>(counts.size()), df = static_cast<double>(p.size()) - 1.0;
  double chi = 0.0;
  for (std::size_t j = 0; j < p.size(); ++j) chi += (seen[j] - n * p[j]) * (seen[j] - n * p[j]) / (n * p[j]);
  return (std::cbrt(chi / df) - (1.0 - 2.0 / (9.0 * df))) / std::sqrt(2.0 / (9.0 * df));
}

TEST(ContactProcess, of_one_killer_among_six_is_a_poisson_process_at_any_step) {
  for (const double step : steps) {
    Clusters c(one_among_six(), 11), capped(one_among_six(), 11);
    for (Clusters* one : {&c, &capped}) one->kill(killer, 0.1F);
    c.run(step, end, false);
    EXPECT_LT(z_of_counts(c.count(Condition::apoptotic), stopped_poisson(3.0, 6)), test::chi_square_bound)
        << step;
    capped.run(step, end, true);
    if (step > 1.0) {
      EXPECT_GT(z_of_counts(capped.count(Condition::apoptotic), stopped_poisson(3.0, 6)),
                test::chi_square_bound)
          << "one kill per step is seen";
    }
  }
}

// Two killers on both sides of two cells: together they are one process of the sum of their rates, and each
// kill is the faster one's with its share of that sum.
TEST(ContactProcess, of_two_killers_of_the_same_targets_is_shared_by_their_rates) {
  const std::vector<Place> places = {
      {killer, -13.0, 0.0}, {rival, 13.0, 0.0}, {prey, 0.0, -8.0}, {prey, 0.0, 8.0}};
  for (const double step : steps) {
    Clusters c(places, 12), capped(places, 12);
    for (Clusters* one : {&c, &capped}) {
      one->kill(killer, 0.02F);
      one->kill(rival, 0.06F);
    }
    const auto events = c.run(step, end, false);
    EXPECT_LT(z_of_counts(c.count(Condition::apoptotic), stopped_poisson(2.4, 2)), test::chi_square_bound)
        << step;
    const auto by_rival = [&](const std::vector<ContactEvent>& all) {
      return static_cast<double>(
          std::ranges::count_if(all, [&](const ContactEvent& e) { return c.bodies.type[e.actor] == rival; }));
    };
    EXPECT_LT(std::abs(test::z_of_share(by_rival(events), static_cast<double>(events.size()), 0.75)),
              test::z_bound)
        << step;
    const auto fewer = capped.run(step, end, true);
    if (step == end) {
      EXPECT_GT(std::abs(test::z_of_share(by_rival(fewer), static_cast<double>(fewer.size()), 0.75)),
                test::z_bound);
    }
  }
}

// Killed at a, then eaten at e, both within a step or not: P(eaten by t) = 1 - (e exp(-a t) - a exp(-e t))/(e
// - a).
TEST(ContactProcess, of_a_killer_and_an_eater_is_a_chain_at_any_step) {
  const std::vector<Place> places = {{killer, -apart, 0.0}, {prey, 0.0, 0.0}, {eater, apart, 0.0}};
  const double a = 0.05, e = 0.15, t = end;
  const double eaten = 1.0 - (e * std::exp(-a * t) - a * std::exp(-e * t)) / (e - a);
  for (const double step : steps) {
    Clusters c(places, 13);
    c.kill(killer, 0.05F);
    c.eat(0.15F);
    c.run(step, t, false);
    double seen = 0.0;
    for (const std::size_t count : c.count(Condition::gone)) seen += static_cast<double>(count);
    EXPECT_LT(std::abs(test::z_of_share(seen, static_cast<double>(clusters), eaten)), test::z_bound) << step;
  }
  // The mutant that eats at the end of the step what was killed within it.
  Clusters late(places, 13);
  late.kill(killer, 0.05F);
  late.eat(0.15F);
  double seen_late = 0.0;
  for (const double from : {0.0, 6.0, 12.0, 18.0, 24.0}) {
    for (const std::size_t one : {1u, 0u}) {
      std::vector<ContactEvent> events;
      late.behaviours[one].actors = late.actors[one];
      late.behaviours[one].is_target = late.targets_of[one];
      contact_events(late.bodies, late.plan, late.lists, std::span(&late.behaviours[one], 1), late.condition,
                     late.seed, core::to_tick(from), 6.0, {1}, late.work, events);
    }
  }
  for (const std::size_t count : late.count(Condition::gone)) seen_late += static_cast<double>(count);
  EXPECT_GT(std::abs(test::z_of_share(seen_late, static_cast<double>(clusters), eaten)), test::z_bound);
}

// Whoever rings first: killers that kill each other, eaters, rates of all sizes.
TEST(ContactProcess, is_the_same_for_any_threads_and_any_order_of_the_bodies) {
  const auto run = [](bool backwards, int threads) {
    Clusters c(one_among_six(), 14);
    c.add(killer, 0.3F, only(Condition::live), Condition::apoptotic, {});
    c.add(prey, 0.1F, only(Condition::live), Condition::apoptotic, {});
    c.add(prey, 5.0F, dying, Condition::gone, {});
    if (backwards) {
      std::vector<std::uint32_t> order(c.bodies.size());
      for (std::uint32_t b = 0; b < order.size(); ++b)
        order[b] = static_cast<std::uint32_t>(order.size()) - 1 - b;
      std::vector<std::byte> old;
      permute(c.bodies, order, old);
      for (auto& actors : c.actors)
        for (ContactActor& actor : actors)
          actor.body = static_cast<std::uint32_t>(order.size()) - 1 - actor.body;
    }
    std::vector<std::array<std::uint64_t, 3>> out;
    for (const ContactEvent& event : c.run(6.0, 12.0, false, threads))
      out.push_back({c.bodies.id[event.actor], c.bodies.id[event.target], event.behaviour});
    return out;
  };
  const auto one = run(false, 1);
  EXPECT_GT(one.size(), 3000u);
  EXPECT_EQ(one, run(true, 1));
  EXPECT_EQ(one, run(true, 3));
  EXPECT_EQ(one, run(false, 2));
}

// A clock that rings a million times a minute rings once for each target.
TEST(ContactProcess, of_any_rate_ends_with_the_targets) {
  Clusters c(one_among_six(), 15);
  c.kill(killer, 1e6F);
  EXPECT_EQ(c.run(30.0, 30.0, false).size(), 6 * clusters);
  EXPECT_EQ(c.run(30.0, 30.0, false).size(), 0u);
}

}  // namespace contact_process
}  // namespace stroma::cells
