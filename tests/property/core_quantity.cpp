// What is printed is read back: quantities over all units, numbers over all doubles.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/random.hpp"
#include "core/time.hpp"
#include "core/units.hpp"

namespace stroma::core {
namespace core_quantity {

// A double from its bits, so that every exponent is as likely as any other.
rc::Gen<double> any_normal() {
  return rc::gen::suchThat(rc::gen::map(rc::gen::arbitrary<std::uint64_t>(),
                                        [](std::uint64_t bits) {
                                          double value = 0;
                                          static_assert(sizeof value == sizeof bits);
                                          std::memcpy(&value, &bits, sizeof value);
                                          return value;
                                        }),
                           [](double x) { return x == 0.0 || std::isnormal(x); });
}

RC_GTEST_PROP(Number, printed_in_its_shortest_form_is_read_back_bit_for_bit, ()) {
  const double value = *any_normal();
  const ParsedNumber parsed = parse_number(fmt::format("{}", value));
  RC_ASSERT(parsed.error.empty());
  RC_ASSERT(parsed.value == value);
}

RC_GTEST_PROP(Quantity, printed_in_any_unit_is_read_back, ()) {
  const std::string name = *rc::gen::element<std::string>(
      "um", "mm", "uL", "mL", "h", "min", "days", "nmol", "uM", "nM", "ng", "kDa", "mmHg", "kPa", "%",
      "cells/mL", "1/h", "mg/kg", "um^2/min", "ng/mL", "g/mol", "molecules/min");
  const double value = *rc::gen::inRange<std::int64_t>(-1'000'000'000, 1'000'000'000) *
                       std::pow(10.0, *rc::gen::inRange(-12, 12));
  const ParsedQuantity parsed = parse_quantity(fmt::format("{} {}", value, name));
  RC_ASSERT(parsed.error.empty());
  RC_ASSERT(parsed.has_unit);
  // The unit's factor is applied once each way: two roundings.
  RC_ASSERT(std::abs(in_unit(parsed.quantity.value, name) - value) <=
            2 * std::numeric_limits<double>::epsilon() * std::abs(value));
}

RC_GTEST_PROP(Quantity, any_text_is_read_or_refused_in_words, ()) {
  const std::string text = *rc::gen::container<std::string>(rc::gen::oneOf(
      rc::gen::elementOf(std::string("0123456789.eE+-/*^ uMmLhn%,")), rc::gen::arbitrary<char>()));
  const ParsedQuantity parsed = parse_quantity(text);
  RC_ASSERT(!parsed.error.empty() || std::isfinite(parsed.quantity.value));
}

RC_GTEST_PROP(Tick, minutes_and_back_is_exact_within_ten_thousand_years, ()) {
  const std::int64_t count = *rc::gen::inRange<std::int64_t>(-525'600'000'000, 525'600'000'000);
  RC_ASSERT(to_tick(minutes(Tick{count})).count == count);
}

RC_GTEST_PROP(DidYouMean, one_changed_letter_of_a_long_word_is_found, ()) {
  const std::vector<std::string> known = {"sorafenib", "regorafenib", "lenvatinib", "cabozantinib"};
  std::string word = *rc::gen::elementOf(known);
  const std::string meant = word;
  word[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(word.size())))] =
      *rc::gen::inRange('a', 'z');
  RC_ASSERT(nearest(word, known) == meant);
}

RC_GTEST_PROP(Stream, is_the_same_however_it_is_interleaved,
              (std::uint64_t seed, std::uint64_t a, std::uint64_t b, std::int32_t tick)) {
  Stream one(seed, Purpose::test, a, tick), other(seed, Purpose::test, b, tick);
  Stream alone(seed, Purpose::test, a, tick);
  for (int i = 0; i < 20; ++i) {
    const std::uint32_t value = one();
    other();
    RC_ASSERT(value == alone());
  }
}

}  // namespace core_quantity
}  // namespace stroma::core
