// What a tissue does when its cells come and go: bodies, and drugs in voxels. Private to the module.
#pragma once

#include "tissue/passage.hpp"
#include "tissue/tissue_perceive.hpp"

namespace stroma::tissue {

class OutsideOfTissue : public Outside {
 public:
  /// Without `work` (body_of of the cells as they are), cells may only arrive.
  OutsideOfTissue(const TissuePlan& plan, TissueState& s, core::Tick now, TissueWorkspace* work)
      : plan_(plan), s_(s), now_(now), work_(work) {}

  bool has_drug(std::size_t k, std::size_t d) const override { return field_of_drug(plan_, k, d) >= 0; }
  /// All types together have the room of the setup.
  std::size_t room(std::size_t k) const override;
  [[noreturn]] void refuse_growth(core::Tick now) const override;
  /// Half, as of the volume.
  double share(std::size_t, std::size_t, double& mothers) override { return mothers *= 0.5; }
  /// Into the voxel of the cell.
  void release(std::size_t k, std::size_t d, std::size_t cell, double amount) override;
  void hand_over(std::size_t k, std::size_t d, std::size_t to, double amount) override;
  /// Placed by the experimenter, and in the cells already.
  void bring(std::size_t k, std::size_t d, double amount) override;

  void born(std::size_t k, const cells::Change& change) override;
  void removed(std::size_t k, std::size_t cell) override;
  void converted(std::size_t k, std::size_t cell, std::size_t to) override;
  void vacated(std::size_t k, std::size_t cell) override;
  void arrived(std::size_t k, std::size_t first, const Arrival& arrival) override;

 private:
  std::size_t field(std::size_t k, std::size_t d) const {
    return static_cast<std::size_t>(field_of_drug(plan_, k, d));
  }
  std::vector<std::uint32_t>& body_of(std::size_t k) { return work_->populations[k].body_of; }
  void move_last(std::size_t k, std::size_t cell);

  const TissuePlan& plan_;
  TissueState& s_;
  core::Tick now_;
  TissueWorkspace* work_;
};

/// A cell of population k at rest, at a place.
cells::NewBody body_at(const std::array<double, 3>& position, std::size_t k, const TissuePlan& plan,
                       std::uint64_t id, std::uint32_t slot);

/// Throws LimitError where there are more cells than the setup allows.
void require_room(core::Tick now, const TissuePlan& plan, const TissueState& s);

}  // namespace stroma::tissue
