// What is run again is compared with what was kept, bit for bit.
#include "store/ledger_comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stroma::store {
namespace ledger_comparison_test {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

const std::string result("1\0x", 3);

// Of a run: a whole entry, and a damaged one.
std::optional<SqliteLedger::Entry> kept(std::string_view key) {
  if (key == "a" || key == "b") return SqliteLedger::Entry{result, true};
  if (key == "damaged") return SqliteLedger::Entry{result, false};
  return std::nullopt;
}

TEST(LedgerComparison, tells_the_same_bits_from_one_flipped_bit_and_from_what_is_not_there) {
  LedgerComparison comparison(kept, {}, true);
  EXPECT_FALSE(comparison.find("a"));
  comparison.store("a", "vessel", result);
  EXPECT_EQ(comparison.same(), 1U);
  EXPECT_THAT(comparison.different(), IsEmpty());
  comparison.store("b", "vessel", std::string("1\0y", 3));
  comparison.store("c", "vessel", result);
  comparison.store("damaged", "vessel", result);
  EXPECT_EQ(comparison.same(), 1U);
  EXPECT_THAT(comparison.different(), ElementsAre(Pair("b", "other results"), Pair("c", "not in the ledger"),
                                                  Pair("damaged", "its entry is damaged")));
}

TEST(LedgerComparison, holds_nothing_against_a_run_that_is_not_finished) {
  LedgerComparison comparison(kept, {}, false);
  comparison.store("a", "vessel", result);
  comparison.store("c", "vessel", result);
  comparison.record_failure("d", "vessel", "too many cells");
  EXPECT_EQ(comparison.same(), 1U);
  EXPECT_EQ(comparison.unfinished(), 2U);
  EXPECT_THAT(comparison.different(), IsEmpty());
}

TEST(LedgerComparison, expects_what_failed_to_fail_again) {
  LedgerComparison comparison(kept, {"d"}, true);
  comparison.record_failure("d", "vessel", "too many cells");
  EXPECT_EQ(comparison.same(), 1U);
  comparison.record_failure("a", "vessel", "too many cells");
  comparison.record_failure("e", "vessel", "too many cells");
  EXPECT_THAT(comparison.different(),
              ElementsAre(Pair("a", "failed: too many cells"), Pair("e", "not in the ledger")));
}

}  // namespace ledger_comparison_test
}  // namespace stroma::store
