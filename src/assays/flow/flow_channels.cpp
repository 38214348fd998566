#include "assays/flow/flow_channels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/diagnostics.hpp"
#include "core/reading.hpp"
#include "core/units.hpp"

namespace stroma::assays {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Small letters and digits of each word: "Annexin V-FITC" -> annexin, v, fitc.
std::vector<std::string> tokens(const std::string& text) {
  std::vector<std::string> out(1);
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || is_digit(c))
      out.back() += c;
    else if (!out.back().empty())
      out.emplace_back();
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += word;
  return out;
}

bool has_token(const std::vector<std::string>& words, std::initializer_list<const char*> any) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::any_of(any.begin(), any.end(), [&](const char* a) { return word == a; });
  });
}

/// How a dye of dead cells is written, without signs, and what figures call it.
struct DeathDye {
  const char* written;
  bool whole_word;
  const char* name;
};
constexpr std::array<DeathDye, 26> death_dyes{{{"propidium", false, "PI"},
                                               {"propidiumiodide", false, "PI"},
                                               {"pi", true, "PI"},
                                               {"7aad", false, "7-AAD"},
                                               {"aad7", false, "7-AAD"},
                                               {"7amino", false, "7-AAD"},
                                               {"aad", true, "7-AAD"},
                                               {"dapi", false, "DAPI"},
                                               {"sytox", false, "SYTOX"},
                                               {"zombie", false, "Zombie"},
                                               {"livedead", false, "live/dead dye"},
                                               {"viability", false, "viability dye"},
                                               {"viab", true, "viability dye"},
                                               {"viadye", false, "viability dye"},
                                               {"fvd", true, "viability dye"},
                                               {"fvs", true, "viability dye"},
                                               {"fvs450", false, "viability dye"},
                                               {"fvs510", false, "viability dye"},
                                               {"fvs700", false, "viability dye"},
                                               {"fvs780", false, "viability dye"},
                                               {"ghost", true, "viability dye"},
                                               {"draq7", false, "DRAQ7"},
                                               {"topro", false, "TO-PRO"},
                                               {"helix", true, "Helix dye"},
                                               {"dead", true, "live/dead dye"},
                                               {"ethidium", false, "ethidium"}}};

const DeathDye* death_dye(const std::vector<std::string>& words) {
  const std::string all = joined(words);
  for (const DeathDye& dye : death_dyes)
    if (dye.whole_word ? std::find(words.begin(), words.end(), dye.written) != words.end()
                       : all.find(dye.written) != std::string::npos)
      return &dye;
  return nullptr;
}

bool says_annexin(const std::vector<std::string>& words) {
  const std::string all = joined(words);
  for (const char* part : {"annex", "anexin", "anxa5", "anxv", "anx5", "annv", "ann5"})
    if (all.find(part) != std::string::npos) return true;
  if (has_token(words, {"anx", "anv", "av"})) return true;
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if ((words[i] == "ann" || words[i] == "an") && (words[i + 1] == "v" || words[i + 1] == "5")) return true;
  return false;
}

/// A detector without what it measured: "FITC-A" and "FITC-H" are "fitc".
std::string detector(const std::string& name) {
  std::vector<std::string> words = tokens(name);
  while (words.size() > 1 && has_token({words.back()}, {"a", "h", "w", "area", "height", "width", "peak",
                                                        "lin", "log", "int", "loga", "logh", "lina", "linh"}))
    words.pop_back();
  if (words.size() > 1 && words.front() == "comp") words.erase(words.begin());
  return joined(words);
}

/// Of several measures of one detector: what an instrument's program compensated, then area, height, width.
int preference(const std::string& name) {
  const std::vector<std::string> words = tokens(name);
  int out = words.front() == "comp" ? -10 : 0;
  if (has_token(words, {"w", "width"})) out += 3;
  if (has_token(words, {"h", "height", "peak"})) out += 1;
  if (has_token(words, {"log", "logh", "loga"})) out += 1;
  return out;
}

class Chooser {
 public:
  Chooser(const FlowSample& tube, const std::string& command) : tube_(tube), command_(command) {}

  FlowChannels choose(const std::string& annexin, const std::string& death) const {
    FlowChannels out;
    out.annexin = annexin.empty() ? found(FlowRole::annexin, death) : given(annexin, "--annexin");
    out.death = death.empty() ? found(FlowRole::death, annexin) : given(death, "--death");
    if (out.annexin.channel == out.death.channel)
      refuse("same-channel", "--death",
             fmt::format("channel {} cannot show annexin V and dead cells both",
                         channel_words(at(out.annexin.channel))),
             "name two channels: " + listed(all()));
    out.dye = dye_of(at(out.death.channel).stain);
    if (out.dye.empty()) out.dye = dye_of(at(out.death.channel).name);
    if (out.dye.empty()) out.dye = "dead-cell dye";
    out.forward = scatter(FlowRole::forward_scatter);
    out.side = scatter(FlowRole::side_scatter);
    return out;
  }

 private:
  const FlowChannel& at(std::size_t c) const { return tube_.channels[c]; }

  std::vector<std::size_t> all() const {
    std::vector<std::size_t> out;
    for (std::size_t c = 0; c < tube_.channels.size(); ++c) {
      const FlowRole role = flow_role(at(c).name);
      if (role != FlowRole::forward_scatter && role != FlowRole::side_scatter && role != FlowRole::time)
        out.push_back(c);
    }
    return out;
  }

  std::string listed(const std::vector<std::size_t>& channels) const {
    std::string out;
    for (const std::size_t c : channels) out += (out.empty() ? "" : ", ") + channel_words(at(c));
    return out.empty() ? "the file has none but scatter" : out;
  }

  [[noreturn]] void refuse(const char* code, const std::string& key, std::string message,
                           std::string hint) const {
    throw core::InputError({{code, {}, key, std::move(message), std::move(hint)}});
  }

  ChosenChannel given(const std::string& asked, const std::string& option) const {
    for (const bool by_name : {true, false}) {
      std::vector<std::size_t> fits;
      for (std::size_t c = 0; c < tube_.channels.size(); ++c)
        if ((by_name ? at(c).name : at(c).stain) == asked) fits.push_back(c);
      if (fits.size() == 1) return {fits.front(), true, false};
      if (fits.size() > 1) {
        const std::size_t best = best_of(fits);
        if (best != tube_.channels.size()) return {best, true, false};
        refuse("unknown-channel", option,
               fmt::format("tube '{}' has {} channels '{}'", tube_.arm, fits.size(), asked),
               "name one by its number from 1");
      }
    }
    const core::ParsedNumber number = core::parse_number(asked);
    if (number.error.empty() && number.value >= 1.0 &&
        number.value <= static_cast<double>(tube_.channels.size()))
      return {static_cast<std::size_t>(number.value) - 1, true, false};
    refuse("unknown-channel", option, fmt::format("tube '{}' has no channel '{}'", tube_.arm, asked),
           fmt::format("there are {}", listed(all())));
  }

  /// The best measure of one detector; the number of channels where these are several detectors.
  std::size_t best_of(const std::vector<std::size_t>& fits) const {
    std::size_t best = fits.front();
    for (const std::size_t c : fits) {
      if (detector(at(c).name) != detector(at(best).name)) return tube_.channels.size();
      if (preference(at(c).name) < preference(at(best).name)) best = c;
    }
    const auto ties =
        std::count_if(fits.begin(), fits.end(), [&](std::size_t c) { return at(c).name == at(best).name; });
    return ties > 1 ? tube_.channels.size() : best;
  }

  /// By the stain, then by the detector's name, then for annexin V by the dye that it is sold with.
  ChosenChannel found(FlowRole role, const std::string& taken) const {
    const std::vector<std::size_t> channels = all();
    for (const int source : {0, 1, 2}) {
      std::vector<std::size_t> fits;
      for (const std::size_t c : channels) {
        if (!taken.empty() && (at(c).name == taken || at(c).stain == taken)) continue;
        const bool bare = at(c).stain.empty() || detector(at(c).stain) == detector(at(c).name);
        const bool fit = source == 0   ? flow_role(at(c).stain) == role
                         : source == 1 ? flow_role(at(c).name) == role &&
                                             (bare || flow_role(at(c).stain) == FlowRole::other)
                                       : role == FlowRole::annexin && by_custom(at(c));
        if (fit) fits.push_back(c);
      }
      if (fits.empty()) continue;
      const std::size_t best = best_of(fits);
      if (best == tube_.channels.size()) ask(role, fits);
      return {best, false, source == 2};
    }
    ask(role, channels);
  }

  /// FITC and the first fluorescence detector, where no stain says anything else.
  static bool by_custom(const FlowChannel& c) {
    const std::string name = detector(c.name), stain = detector(c.stain);
    const auto is = [](const std::string& word) {
      return word == "fitc" || word == "fl1" || word == "bl1" || word == "fitcalexafluor488" ||
             word == "fl1fitc" || word == "alexafluor488";
    };
    return is(name) ? c.stain.empty() || stain == name || is(stain) : is(stain);
  }

  [[noreturn]] void ask(FlowRole role, const std::vector<std::size_t>& candidates) const {
    const bool annexin = role == FlowRole::annexin;
    const std::string option = annexin ? "--annexin" : "--death";
    std::vector<core::Choice> readings;
    for (const std::size_t c : candidates)
      readings.push_back({channel_words(at(c)), fmt::format("{} '{}'", option, at(c).name)});
    refuse("which-channel", option,
           fmt::format("tube '{}' has {} channel whose stain says that it shows {}", tube_.arm,
                       candidates.size() < all().size() && candidates.size() > 1 ? "more than one" : "no",
                       annexin ? "annexin V" : "dead cells (PI, 7-AAD, DAPI, SYTOX, Zombie, ...)"),
           readings.empty() ? "the file has no channel but scatter" : core::choices(command_, readings));
  }

  std::optional<std::size_t> scatter(FlowRole role) const {
    std::optional<std::size_t> best;
    for (std::size_t c = 0; c < tube_.channels.size(); ++c)
      if (flow_role(at(c).name) == role && (!best || preference(at(c).name) < preference(at(*best).name)))
        best = c;
    return best;
  }

  const FlowSample& tube_;
  const std::string& command_;
};

}  // namespace

FlowRole flow_role(const std::string& text) {
  const std::vector<std::string> words = tokens(text);
  if (words.empty()) return FlowRole::other;
  const std::string& first = words.front();
  if (first == "time" || first == "hdr") return FlowRole::time;
  if (first.starts_with("fsc") || first == "fs" || first.starts_with("forward"))
    return FlowRole::forward_scatter;
  if (first.starts_with("ssc") || first == "ss" || first == "side" || first.starts_with("sidescatter"))
    return FlowRole::side_scatter;
  if (says_annexin(words)) return FlowRole::annexin;
  if (death_dye(words) != nullptr) return FlowRole::death;
  return FlowRole::other;
}

std::string dye_of(const std::string& text) {
  const std::vector<std::string> words = tokens(text);
  if (words.empty()) return {};
  if (says_annexin(words)) return "annexin V";
  const DeathDye* dye = death_dye(words);
  return dye == nullptr ? std::string{} : dye->name;
}

FlowChannels choose_channels(const FlowSample& tube, const std::string& annexin, const std::string& death,
                             const std::string& command) {
  return Chooser(tube, command).choose(annexin, death);
}

std::string channel_words(const FlowChannel& channel) {
  return channel.stain.empty() || channel.stain == channel.name
             ? channel.name
             : fmt::format("{} ({})", channel.name, channel.stain);
}

}  // namespace stroma::assays
