// Flow cytometry standard FCS 3.1 (Spidlen et al., Cytometry A 2010): a header of fixed offsets, a TEXT
// segment of delimited keywords, a DATA segment of one row per event. Written are list-mode float32, little
// endian; read are FCS 2.0, 3.0, 3.1 and 3.2 in list mode, floats and integers of any number of bits, both
// byte orders (3,4,1,2 of integers too), supplemental TEXT, also several data sets in one file. Files that
// break the standard as instruments do are read where only one reading is possible, and say so in `notes`.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stroma::io {

struct FcsChannel {
  std::string name;    ///< $PnN, the short name, such as "FL1-A"; neither empty nor with a comma
  std::string stain;   ///< $PnS, what the channel shows, such as "Annexin V-FITC"; may be empty
  double range = 0.0;  ///< $PnR, one above the largest value of the scale; > 0
  /// $PnE of a logarithmic amplifier: a value x stands for offset x 10^(decades x / range). 0: linear.
  double decades = 0.0;
  double offset = 1.0;
  bool has_numbers = true;  ///< read: false where most events hold no finite number here; those are NaN
};

/// Something that was read against the standard, in words that do not name the file.
struct FcsNote {
  std::string code;  ///< "fcs-data-end"
  std::string message;
};

struct Fcs {
  std::vector<FcsChannel> channels;
  /// Row after row, `channels.size()` values each, raw scale (amplification $PnE is not applied).
  std::vector<double> events;
  /// Further keywords, such as {"$DATE", "01-JAN-2024"} or {"SAMPLE", "CAF-SN"}. The reader gives every
  /// keyword of the file here, in the order of the file and in upper case.
  std::vector<std::pair<std::string, std::string>> keywords;
  // What the reader says besides:
  std::vector<FcsNote> notes;
  std::size_t left_out = 0;  ///< events that held no finite number in a channel
  bool version2 = false;     ///< FCS 2.0

  std::size_t event_count() const { return channels.empty() ? 0 : events.size() / channels.size(); }
  /// The value of a keyword, or null; upper case.
  const std::string* keyword(std::string_view name) const;
};

/// The bytes of an FCS 3.1 file. $CYT is 'Stroma' unless `fcs.keywords` says otherwise; keywords of the
/// layout
/// ($TOT, $PAR, $PnN, offsets, ...) are the writer's own, and one given by the caller is a
/// core::InternalError, as are an event that float32 cannot hold, an empty name or value, and a range that is
/// not positive. The CRC field holds eight zeros, which in the standard means that none was computed.
std::string write_fcs(const Fcs& fcs);

/// Reads the bytes of a file called `file`. Throws core::InputError with one of the codes fcs-not-fcs,
/// fcs-version, fcs-truncated, fcs-bad-offset, fcs-bad-text, fcs-missing-keyword, fcs-duplicate-keyword,
/// fcs-bad-keyword, fcs-unsupported, fcs-wrong-total. Never allocates more than a few times
/// the size of `bytes`. A file of several data sets is fcs-unsupported here.
Fcs read_fcs(std::string_view bytes, const std::string& file);

/// The same of all data sets of a file ($NEXTDATA), in their order; at least one.
std::vector<Fcs> read_fcs_data_sets(std::string_view bytes, const std::string& file);

/// Instruments of Beckman Coulter write every tube twice: as FCS 2.0 with 10 bits, compensated by the
/// instrument, and as FCS 3.0 in full resolution, without stains. Of such pairs (equally many events) the
/// second is kept, with the stains and further keywords of the first, and a note.
std::vector<Fcs> merge_twins(std::vector<Fcs> sets);

/// Puts the events of channels with a logarithmic amplifier on the linear scale, offset 10^(decades x /
/// range), and marks those channels linear. Returns whether there was one.
bool linearise(Fcs& fcs);

/// Takes out the light that dyes spill into each other's channels, by the matrix that the file carries
/// ($SPILLOVER of FCS 3.1, SPILL or SPILLOVER before): row i says what one unit of dye i gives in every
/// channel, so that the dyes are the events times its inverse. Channels are named, or numbered from 1. Call
/// it on the linear scale. Throws core::InputError with fcs-bad-spillover where it is no matrix of channels
/// of this file that can be inverted.
struct Compensation {
  std::string keyword;                ///< that holds the matrix; empty where the file has none
  bool none = true;                   ///< no matrix, or one without spill: nothing was changed
  std::vector<std::size_t> channels;  ///< of the matrix
};
Compensation compensate(Fcs& fcs, const std::string& file);

}  // namespace stroma::io
