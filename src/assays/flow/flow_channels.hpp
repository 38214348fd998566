// Which channel shows what, by the stains as people write them ("AnnexinV-FITC", "ANXA5 APC", "PI", "7-AAD",
// "Zombie Aqua"). The stain ($PnS) goes before the name of the detector ($PnN), no channel has two roles, and
// where several readings are left the user is asked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assays/flow/flow.hpp"

namespace stroma::assays {

/// What a stain or a detector's name says.
enum class FlowRole {
  other,
  annexin,          ///< annexin V
  death,            ///< a dye that enters dead cells: PI, 7-AAD, DAPI, SYTOX, Zombie, fixable dyes, ...
  forward_scatter,  ///< FSC, FS
  side_scatter,     ///< SSC, SS
  time,
};
FlowRole flow_role(const std::string& words);

/// "annexin V", "PI", "7-AAD", "DAPI", ...: the dye of a stain, as figures call it; empty where it is none.
std::string dye_of(const std::string& words);

/// One channel and why it was taken.
struct ChosenChannel {
  std::size_t channel = 0;
  bool given = false;    ///< an option names it
  bool assumed = false;  ///< only its detector speaks for it: FITC or FL1 for annexin V
};

struct FlowChannels {
  ChosenChannel annexin, death;
  std::string dye;  ///< of the dead cells, as figures call it
  std::optional<std::size_t> forward, side;
};

/// The channels of a tube. `annexin`, `death`: as options say (a channel's name, its stain or its number from
/// 1); empty: found. Throws core::InputError: unknown-channel (an option names none or several),
/// which-channel (several or none could be; the candidates and the options are in the hint, each as `command`
/// with it), same-channel.
FlowChannels choose_channels(const FlowSample& tube, const std::string& annexin, const std::string& death,
                             const std::string& command);

/// "FITC-A (Annexin V)".
std::string channel_words(const FlowChannel& channel);

}  // namespace stroma::assays
