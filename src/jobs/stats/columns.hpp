// Which columns of a plain table mean what. Every choice is said (in `understood` and as a note), every fault
// of a chosen column is reported, and nothing is guessed where two readings are possible.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"
#include "io/group_rows.hpp"
#include "io/plain_table.hpp"
#include "jobs/stats/stats.hpp"
#include "stats/anova.hpp"

namespace stroma::jobs {

/// The values of one or more groups. Data with many constant leading digits are kept as distances from
/// `origin`, which every location-invariant statistic may use as they are: no digit that was written is lost.
struct Grouped {
  std::vector<std::string> names;
  std::vector<std::vector<double>> values;         ///< minus `origin`
  std::vector<std::vector<std::string>> subjects;  ///< as values; empty where there is no subject column
  std::vector<std::vector<std::string>> blocks;    ///< as values; empty where no block enters the model
  double origin = 0.0;
  std::string value_name, unit, block_name;

  stats::Groups groups() const { return {values.begin(), values.end()}; }
};

/// The columns of one request. Faults are collected; call `done` before computing.
class Columns {
 public:
  Columns(const io::PlainTable& table, StatsAnswer& answer) : table_(table), answer_(answer) {}

  /// The column with this name, which must be there; `role` is its option.
  const io::PlainColumn* named(const std::string& name, std::string_view role);
  /// `named`, with its faults as numbers.
  const io::PlainColumn* number(const std::string& name, std::string_view role);
  /// The first column whose name is one of `names` (small letters), or null.
  const io::PlainColumn* known(std::initializer_list<std::string_view> names) const;
  /// The column of subjects: the one called subject, animal, mouse, patient, donor or id, or null.
  const io::PlainColumn* subject() const;
  /// Reports the faults of a column that is used as numbers, and says what it is used for.
  const io::PlainColumn* use(const io::PlainColumn* column, std::string_view role, bool as_number);
  void wrong(std::string code, std::string message, std::string hint);
  core::Diagnostics& problems() { return problems_; }
  /// Throws what was wrong; otherwise writes `columns` into the answer, and with `say` their roles into what
  /// was understood.
  void done(bool say = true);

 private:
  const io::PlainTable& table_;
  StatsAnswer& answer_;
  core::Diagnostics problems_;
  nlohmann::ordered_json understood_ = nlohmann::ordered_json::object();
};

/// The values of a request by group: long (value and group column), or wide (every column of numbers is a
/// group), one per independent unit. `several`: a method of two or more groups; otherwise one group may be
/// all there is. Throws core::InputError, also where rows hang together in a way that the method cannot use.
Grouped grouped(const StatsRequest& request, const io::PlainTable& table, StatsAnswer& answer, bool several,
                const io::Ability& can);

/// The table with replicates that stand beside each other as rows, where it has them and the options allow
/// it; says so. Nothing where the table is to be read as it is.
std::optional<io::PlainTable> regrouped(const StatsRequest& request, const io::PlainTable& table,
                                        StatsAnswer& answer);

/// Throws StatisticsError where squares of the largest number would leave the range of a double.
void require_squares(std::span<const double> values, const std::string& name);

/// Distances of a column's numbers from its first one where its leading digits are constant, so that none is
/// lost; the numbers themselves (origin 0) otherwise.
double origin_of(std::span<const long double> values);

/// "1.234" at 6 significant digits for the text; JSON has all of them.
std::string shown(double value);
std::string shown_p(double p);

}  // namespace stroma::jobs
