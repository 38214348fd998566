// What does not change while substances diffuse: the grid and, for every substance, its transport, its
// boundaries and how it is to be solved,
//   dc/dt = div(D m(x) grad c) - k c - U(x) c - Vmax(x) c/(Km + c) + S(x).
// Concentrations are nM, lengths um, times min, amounts nM um^3 (design section 4).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"
#include "fields/grid.hpp"

namespace stroma::fields {

/// What happens at one face of the box.
struct Boundary {
  enum class Kind : std::uint8_t {
    flux,      ///< D m dc/dn = value: inward flux [nM um/min]; 0: sealed
    value,     ///< c = value [nM] at the face
    exchange,  ///< D m dc/dn = permeability (value - c at the face): mixed, `value` [nM] is outside
  };
  Kind kind = Kind::flux;
  double value = 0.0;         ///< at the start; the current one is Fields::boundary_value
  double permeability = 0.0;  ///< um/min, > 0; of `exchange` only
};

/// Faces in the order x low, x high, y low, y high, z low, z high.
inline constexpr int faces = 6;
inline constexpr std::array<std::string_view, faces> face_names{"x low",  "x high", "y low",
                                                                "y high", "z low",  "z high"};

/// A voxel whose concentration is given, such as one inside a vessel.
struct FixedVoxel {
  std::size_t voxel = 0;
  double value = 0.0;  ///< nM, at the start; the current one is Fields::fixed_value
};

/// How a substance is advanced.
enum class Method : std::uint8_t {
  automatic,     ///< chosen in each call from the error target; see docs/theory/fields.md
  split,         ///< locally one-dimensional implicit steps
  implicit,      ///< unsplit implicit steps, multigrid
  quasi_steady,  ///< dc/dt = 0 at the end of the call, multigrid
};
std::string_view to_string(Method method);

struct SubstancePlan {
  std::string name;
  double diffusivity = 0.0;  ///< D, um^2/min, > 0
  double decay = 0.0;        ///< k, 1/min, >= 0
  double half_uptake = 0.0;  ///< Km of saturable uptake, nM, > 0 where there is such uptake
  bool saturable = false;    ///< saturable uptake is to come, so that `validate` can ask for its Km
  std::array<Boundary, faces> boundary{};
  std::vector<FixedVoxel> fixed;  ///< ascending by voxel, each once
  /// m, relative diffusivity of each voxel in (0, 1]; empty: 1 everywhere. At a face: the harmonic mean.
  std::vector<double> mobility;
  Method method = Method::automatic;
  /// Largest relative error that one call may add: the estimated error of a sub-step, and the residual of a
  /// quasi-steady solve, both largest norm over largest concentration. In (0, 1).
  double error_target = 1e-2;
  /// > 0: sub-steps of at most this length [min], first-order backward Euler, without error control; for
  /// `split` and `implicit`. 0: sub-steps from the error target, second order (extrapolated).
  double fixed_step = 0.0;
  /// Of a plane under medium (`is_under_medium`), um: 0: what is above holds its concentration; > 0: it is a
  /// closed, well-mixed layer of this depth, whose concentration is the face's current value.
  double layer_depth = 0.0;
};

/// Whether a grid of two dimensions has medium above it: its face z high, which is as far away as the
/// permeability says, exchanges with it.
bool is_under_medium(const Grid& grid, const SubstancePlan& substance);
/// Volume of the layer above [um^3]; 0 where it is not closed.
double layer_volume(const Grid& grid, const SubstancePlan& substance);

struct Plan {
  Grid grid;
  std::vector<SubstancePlan> substances;
};

/// Adds what is wrong with a plan, every problem of every substance at once; `place` is where it was
/// written. Codes: those of the grid, "substance-diffusivity", "substance-decay", "substance-half-uptake",
/// "substance-error-target", "substance-fixed-step", "substance-mobility", "substance-fixed-voxel",
/// "boundary-value", "boundary-permeability", "boundary-unused-axis" (a face of an axis that is not used must
/// be sealed, but for z high of two dimensions, which may exchange), "layer-depth", "substance-steady"
/// (quasi-steady without decay, boundary, fixed voxel: no steady state for certain).
void validate(const Plan& plan, const core::Place& place, core::Diagnostics& diagnostics);

/// Bytes that the state and the workspace of a plan take, to be known before anything is allocated. Takes
/// the sizes from the arguments only, so `plan` need not be filled with arrays.
double memory_estimate(const Grid& grid, std::size_t substances, Method method, bool mobility = false);

}  // namespace stroma::fields
