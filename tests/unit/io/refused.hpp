// The diagnostics of an InputError that a call must throw.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "core/diagnostics.hpp"

namespace stroma::test {

template <class Call>
core::Diagnostic refused(const Call& call) {
  try {
    call();
  } catch (const core::InputError& error) {
    EXPECT_EQ(error.diagnostics().size(), 1u);
    return error.diagnostics()[0];
  }
  ADD_FAILURE() << "nothing was refused";
  return {};
}

}  // namespace stroma::test
