#include "io/column_names.hpp"

#include <gtest/gtest.h>

#include <set>

namespace stroma::io {
namespace column_names_test {

TEST(ColumnNames, one_subject_however_it_is_written) {
  for (const char* name : {"mouse", "mouse_id", "Mouse ID", "MOUSE.ID", "animal", "patient", "donor",
                           "subject", "culture", "litter", "cage", "sample"})
    EXPECT_EQ(role_of_column(name), ColumnRole::subject) << name;
  for (const char* name : {"membrane", "plate", "experiment", "Batch"})
    EXPECT_EQ(role_of_column(name), ColumnRole::block) << name;
  EXPECT_EQ(role_of_column("replicate"), ColumnRole::replicate);
  EXPECT_EQ(role_of_column("Treatment group"), ColumnRole::group);
  EXPECT_EQ(role_of_column("OS_STATUS"), ColumnRole::status);
  EXPECT_EQ(role_of_column("caspase3"), ColumnRole::unknown);
  EXPECT_EQ(role_of_column("dose (uM)"), ColumnRole::dose);  // a unit is no part of the name
  EXPECT_EQ(role_of_column("time [h]"), ColumnRole::time);
  EXPECT_EQ(role_of_column("Mouse #"), ColumnRole::subject);
  EXPECT_EQ(role_of_column("donor_code"), ColumnRole::subject);
  EXPECT_EQ(role_of_column("protein code"), ColumnRole::unknown);
}

TEST(ColumnNames, no_name_has_two_roles) {
  std::multiset<std::string> names;
  for (const ColumnRole role :
       {ColumnRole::subject, ColumnRole::block, ColumnRole::replicate, ColumnRole::index, ColumnRole::time,
        ColumnRole::dose, ColumnRole::well, ColumnRole::group, ColumnRole::status})
    for (const std::string& name : names_of(role)) {
      EXPECT_EQ(names.count(name), 0u) << name;
      EXPECT_EQ(role_of_column(name), role) << name;
      names.insert(name);
    }
}

}  // namespace column_names_test
}  // namespace stroma::io
