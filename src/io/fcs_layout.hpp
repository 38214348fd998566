// Where the events of an FCS data set lie and how: the channels, the possible layouts of an event, and the
// one place and layout that agree with the number of events. Header and keywords say the place twice,
// instruments often differently; the reading that fits $TOT events to the byte is taken, and said.
#pragma once

#include <string_view>
#include <vector>

#include "io/fcs_events.hpp"
#include "io/fcs_text.hpp"

namespace stroma::io {

/// The channels as $PnN, $PnS, $PnR and $PnE say. Throws core::InputError: fcs-missing-keyword,
/// fcs-bad-keyword.
std::vector<FcsChannel> fcs_channels(FcsText& text, const FcsProblems& problems);

/// The events' bytes.
struct FcsData {
  FcsLayout layout;
  std::uint64_t begin = 0;  ///< first byte
  std::uint64_t events = 0;
};

/// Finds the events. `bytes`: of this data set, from its header to the next one's. Throws core::InputError:
/// fcs-unsupported, fcs-bad-offset, fcs-truncated, fcs-wrong-total, fcs-missing-keyword, fcs-bad-keyword.
FcsData find_fcs_data(std::string_view bytes, FcsText& text, const std::vector<FcsChannel>& channels,
                      const FcsProblems& problems);

}  // namespace stroma::io
