// What is run again is compared with what was kept, bit for bit.
#include "store/ledger_comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stroma::store {
namespace ledger_comparison_test {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

// A ledger in memory.
struct Kept : study::Ledger {
  std::map<std::string, std::string, std::less<>> entries;
  std::optional<std::string> find(std::string_view key) override {
    const auto found = entries.find(key);
    return found == entries.end() ? std::nullopt : std::optional(found->second);
  }
  void store(std::string_view key, std::string_view, std::string_view payload) override {
    entries.emplace(key, payload);
  }
  void record_failure(std::string_view, std::string_view, std::string_view) override {}
};

TEST(LedgerComparison, answers_nothing_and_keeps_nothing) {
  Kept kept;
  kept.entries = {{"a", "1"}};
  LedgerComparison comparison(kept);
  EXPECT_FALSE(comparison.find("a"));
  comparison.store("b", "vessel", "2");
  EXPECT_EQ(kept.entries.size(), 1U);
}

TEST(LedgerComparison, tells_the_same_bits_from_one_flipped_bit_and_from_what_is_not_there) {
  Kept kept;
  kept.entries = {{"a", std::string("1\0x", 3)}, {"b", std::string("1\0x", 3)}};
  LedgerComparison comparison(kept);
  comparison.store("a", "vessel", std::string("1\0x", 3));
  EXPECT_EQ(comparison.same(), 1U);
  EXPECT_THAT(comparison.different(), IsEmpty());
  comparison.store("b", "vessel", std::string("1\0y", 3));
  comparison.store("c", "vessel", "1");
  EXPECT_EQ(comparison.same(), 1U);
  EXPECT_THAT(comparison.different(),
              ElementsAre(Pair("b", "other results"), Pair("c", "not in the ledger")));
}

TEST(LedgerComparison, expects_what_failed_to_fail_again) {
  Kept kept;
  kept.entries = {{"a", "1"}};
  LedgerComparison comparison(kept);
  comparison.record_failure("b", "vessel", "too many cells");
  EXPECT_EQ(comparison.same(), 1U);
  comparison.record_failure("a", "vessel", "too many cells");
  EXPECT_THAT(comparison.different(), ElementsAre(Pair("a", "failed: too many cells")));
}

}  // namespace ledger_comparison_test
}  // namespace stroma::store
