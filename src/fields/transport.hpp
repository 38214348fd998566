// The coefficients of one substance's discrete equation. Finite volumes: for voxel v with neighbours n
//   dc_v/dt = sum_n a_vn (c_n - c_v) + sum_faces (inflow_f - sink_f c_v) - (k + U_v) c_v + S_v,
//   a_vn = D m_vn / h^2,  m_vn = 2 m_v m_n/(m_v + m_n),
// second order in h. Faces: value: sink = 2 D m/h^2; exchange: sink = 1/(h (1/P + h/(2 D m))), in series with
// half a voxel; inflow = sink * value; flux: inflow = value/h. Medium
// above a plane is the exchange of its face z high, whose h is the thickness. Internal to the module.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "fields/advance.hpp"
#include "fields/fields.hpp"
#include "fields/plan.hpp"
#include "fields/sums.hpp"

namespace stroma::fields {

/// Sink [1/min] of a face for the voxel at it: its width [um] across the face, its diffusivity [um^2/min].
double face_sink(const Boundary& boundary, double diffusivity, double width);

/// Made of the plan and the present mobility, which may change during a run.
struct Transport {
  /// `mobility` empty: that of the plan.
  Transport(const Grid& grid, const SubstancePlan& plan, std::span<const double> mobility = {});

  Grid grid;
  const SubstancePlan* plan = nullptr;
  std::vector<double> mobility;      ///< m per voxel; empty: 1
  bool as_planned = true;            ///< the mobility is that of the plan
  std::array<double, 3> rate{};      ///< D/h^2, 1/min; of every axis in use, else 0
  std::array<double, faces> sink{};  ///< 1/min, of a face voxel with mobility 1
  std::array<double, faces>
      inflow_per_value{};        ///< inflow = this times the face's current value (mobility 1)
  bool uniform = true;           ///< neither mobility nor fixed voxels nor medium above
  bool is_under_medium = false;  ///< the face z high of a plane exchanges in every voxel
  /// Mobility at the lower face of each voxel along each axis (0 at the box's face); empty: 1.
  std::array<std::vector<double>, 3> face_mobility;
  std::vector<std::uint8_t> is_fixed;  ///< per voxel; empty: none
  /// The axis whose line systems hold decay, uptake and sources: the last one that is used.
  int reaction_axis = 0;
  /// A lower bound of the slowest relaxation rate [1/min]: decay and diffusion to open faces only.
  double slowest_rate = 0.0;

  /// Sink [1/min] of a face for the voxel at it, and the voxel's inflow per value of the face.
  double sink_of(std::size_t face, std::size_t voxel) const {
    return mobility.empty() ? sink[face] : sink_at(face, mobility[voxel]);
  }
  double inflow_of(std::size_t face, std::size_t voxel) const {
    const bool flux = plan->boundary[face].kind == Boundary::Kind::flux;
    return flux ? inflow_per_value[face] : sink_of(face, voxel);
  }

 private:
  double sink_at(std::size_t face, double relative) const;
};

/// What is given during one sub-step.
struct Given {
  const Exchange* exchange = nullptr;
  const double* boundary_value = nullptr;  ///< six
  const double* fixed_value = nullptr;     ///< in the order of the plan's fixed voxels
};

/// What one sub-step did, as concentrations summed over voxels [nM]; times the voxel's volume they are
/// amounts.
struct Terms {
  double content = 0.0;  ///< sum of c afterwards
  double lowest = 0.0;   ///< the lowest c afterwards, or 0 where none is negative
  double source = 0.0, boundary = 0.0, above = 0.0, fixed = 0.0;      ///< in
  double decayed = 0.0, uptake_linear = 0.0, uptake_saturable = 0.0;  ///< out
  double change() const {
    return source + boundary + above + fixed - decayed - uptake_linear - uptake_saturable;
  }
  /// What went in and out without regard to sign: the scale of rounding errors, with the content.
  double turnover() const;
};
/// Sum of parts in their order, compensated.
Terms sum_terms(std::span<const Terms> parts);
/// x a + y b of every term.
Terms combine(double a, const Terms& x, double b, const Terms& y);

}  // namespace stroma::fields
