// The time loop of a tissue and its verbs. Each verb advances one process over one coupling step, in the
// order in which `advance` calls them: first-order splitting, whose order is measured by a test. Fields,
// networks and mechanics take as many steps of their own within it as their error targets need.
#pragma once

#include <utility>
#include <vector>

#include "cells/contacts.hpp"
#include "cells/neighbourhood.hpp"
#include "fields/advance.hpp"
#include "fields/sample.hpp"
#include "tissue/advance.hpp"
#include "tissue/behaviours.hpp"
#include "tissue/drive.hpp"
#include "tissue/tissue.hpp"

namespace stroma::tissue {

/// Scratch of one tissue; holds nothing that results depend on.
struct TissueWorkspace {
  struct PerPopulation : LifeWork, DriveWork {
    std::vector<std::uint32_t> body_of;             ///< [cell] index of its body
    std::vector<std::vector<float>> concentration;  ///< [field][cell], nM at the cell; empty: not read
    std::vector<float> pressure, contacts, dead_contacts, apoptotic_contacts, necrotic_contacts;  ///< [cell]
    std::vector<std::vector<float>> contacts_of_type;  ///< [population][cell]
    /// Contacts with the types that rules of this one name, types and families: [cell].
    std::vector<std::pair<model::Index, std::vector<float>>> contacts_with;
    std::vector<std::vector<float>> occupancy;   ///< [receptor input][cell]
    std::vector<double> lost, gained;            ///< [cell], as pharmacology::entry_rates
    std::vector<std::vector<double>> clearance;  ///< [drug][cell], um^3/min of the outside, total
  };
  std::vector<PerPopulation> populations;
  cells::Neighbourhood neighbourhood;
  cells::ContactSignals contact_signals;
  std::vector<float> speed, persistence, bias, attraction;       ///< per body (attraction: 3)
  std::vector<float> adhesion, repulsion;                        ///< per body; empty: those of the types
  std::vector<std::vector<cells::ContactActor>> contact_actors;  ///< [contact behaviour]
  std::vector<cells::ContactBehaviour> contact_behaviours;
  std::vector<std::size_t> contact_verb;  ///< [contact behaviour], into contact_verbs
  cells::ContactWork contact_work;
  cells::AttachmentWork attachments;
  std::vector<cells::ContactEvent> events;
  std::vector<cells::Change> converting;
  std::vector<std::uint8_t> law;  ///< per body: type x VolumeState
  std::vector<cells::VolumeLaw> laws;
  std::vector<std::uint32_t> ruptured, gone, touching;
  cells::Sorting sorting;
  std::vector<cells::Condition> condition;  ///< per body
  std::vector<std::uint32_t> voxel;         ///< per body
  fields::VoxelOrder by_voxel;
  std::vector<double> amount, sampled, gx, gy, gz;             ///< per body
  std::vector<std::vector<double>> source, sink, consumption;  ///< [field][voxel]; empty: none
  std::vector<std::vector<double>> efflux, clearance;  ///< [field][body], nM um^3/min, um^3/min; of drugs
  /// [field][voxel], nM, of fields that several draw from: before diffusion, then the mean over the step.
  std::vector<std::vector<double>> outside;
  std::vector<std::uint8_t> is_shared;       ///< [field]: several draw from it, or drugs enter cells
  std::vector<fields::Budget> taken_before;  ///< [field], before diffusion
  std::vector<double> drawn;                 ///< [population], and last what lies between the cells
  std::vector<double> sums;
  std::vector<fields::Exchange> exchange;
  fields::Workspace fields;
  network::Workspace network;
};

using TissueObserver = Watcher<TissueState, TissuePlan>;

/// Advances `s` to `end`. Steps end at multiples of the coupling step and at treatments, so that a run in
/// pieces that end there has the bits of a run at once. Throws core::NumericalError (tick, process, cell or
/// voxel, value, bound) or core::LimitError; the state is then not to be used.
void advance(TissueState& s, const TissuePlan& plan, TissueWorkspace& work, core::Tick end,
             TissueObserver* observer = nullptr);

Step next_step(const TissuePlan& plan, core::Tick now, core::Tick end);
void administer(const Step& step, const TissuePlan& plan, TissueState& s);
void sense(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work);
void exchange(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work);
void diffuse(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work);
void receive(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work);
void signal(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work);
void decide(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work);
void attach(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work);
void move(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work);
void grow(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work);
void commit(const Step& step, const TissuePlan& plan, TissueState& s, TissueWorkspace& work);
void require_physical(const Step& step, const TissuePlan& plan, const TissueState& s);

}  // namespace stroma::tissue
