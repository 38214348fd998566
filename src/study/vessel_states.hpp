// Where the states of vessels in hand are kept, so that one that was interrupted goes on and does not begin
// again.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/archive.hpp"
#include "core/errors.hpp"
#include "core/time.hpp"

namespace stroma::study {

/// Called from several threads at a time.
class VesselStates {
 public:
  virtual ~VesselStates() = default;
  /// Keeps what `walk` names as the state of the vessel of this key at `tick`. Throws core::IoError.
  virtual void save(const std::string& key, core::Tick tick,
                    const std::function<void(core::ArchiveWriter&)>& walk) = 0;
  /// The newest one that is whole; null where there is none.
  virtual std::unique_ptr<core::ArchiveReader> open(const std::string& key) = 0;
  /// One that was opened does not fit: the vessel begins again.
  virtual void refuse(const std::string& key, const core::InputError& why) = 0;
  /// The vessel is finished.
  virtual void drop(const std::string& key) = 0;
};

}  // namespace stroma::study
