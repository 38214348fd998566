// A closed, well-mixed layer of medium above a plane, which loses to the plane what cells take and gains what
// they secrete: with its concentration C, its volume V and the rates s_v of the voxels' exchange with it,
//   V dC/dt = - sum_v s_v (C - c_v) dV - k V C.
// C is the value of the face z high. A sub-call holds the mean that C has over it while the plane is advanced
// in its own sub-steps, and that mean is found so that it is the mean under what the plane sends back (secant
// method): second order in the length of sub-calls, which C's own change chooses, without loss of a bit of
// mass. Internal to the module.
#pragma once

#include <functional>

#include "fields/advance.hpp"
#include "fields/fields.hpp"
#include "fields/transport.hpp"

namespace stroma::fields {

/// Advances a field and the layer above it by `minutes`. `run` advances the field alone by the minutes it is
/// given, under the face's present value, and leaves its report in `report`, which comes back as that of all
/// sub-calls. Throws NumericalError where no mean is found.
void advance_under_layer(Field& field, const SubstancePlan& plan, const Transport& transport, double minutes,
                         const std::function<void(double)>& run, SubstanceReport& report,
                         AlignedDoubles& start);

}  // namespace stroma::fields
