// How fields begin, and how an amount that others placed enters the budget.
#include "fields/fields.hpp"

#include "fields/sums.hpp"

namespace stroma::fields {

Fields make_fields(const Plan& plan) {
  Fields fields;
  fields.substances.reserve(plan.substances.size());
  for (const SubstancePlan& substance : plan.substances) {
    Field field;
    field.concentration = AlignedDoubles(plan.grid.voxels());
    for (const Boundary& boundary : substance.boundary) field.boundary_value.push_back(boundary.value);
    field.is_under_medium = is_under_medium(plan.grid, substance);
    field.layer.placed = substance.boundary[faces - 1].value * layer_volume(plan.grid, substance);
    for (const FixedVoxel& voxel : substance.fixed) field.fixed_value.push_back(voxel.value);
    fields.substances.push_back(std::move(field));
  }
  account(fields, plan);
  return fields;
}

void account(Field& field, const SubstancePlan& plan, const Grid& grid, double Budget::*as) {
  for (std::size_t f = 0; f < plan.fixed.size(); ++f)
    field.concentration[plan.fixed[f].voxel] = field.fixed_value[f];
  const double content = compensated_sum(field.concentration.span()) * grid.voxel_volume();
  field.budget.*as += content - field.content;
  field.content = content;
}

void pour_above(Field& field, const SubstancePlan& plan, const Grid& grid, double concentration) {
  field.boundary_value[faces - 1] += concentration;
  field.layer.placed += concentration * layer_volume(grid, plan);
}

void account(Fields& fields, const Plan& plan) {
  for (std::size_t s = 0; s < fields.substances.size(); ++s)
    account(fields.substances[s], plan.substances[s], plan.grid);
}

}  // namespace stroma::fields
