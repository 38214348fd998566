#include "io/column_names.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "io/sheet.hpp"

namespace stroma::io {
namespace {

using Names = std::vector<std::string>;

const std::array<std::pair<ColumnRole, Names>, 9>& table() {
  static const std::array<std::pair<ColumnRole, Names>, 9> names = {{
      {ColumnRole::subject,
       {"subject",   "subjectid", "subjectno", "subj",        "animal",     "animalid",    "animalno",
        "mouse",     "mouseid",   "mouseno",   "mousenumber", "rat",        "ratid",       "patient",
        "patientid", "pat",       "patid",     "pid",         "donor",      "donorid",     "id",
        "ids",       "culture",   "cultureid", "litter",      "litterid",   "cage",        "cageid",
        "sample",    "sampleid",  "specimen",  "specimenid",  "individual", "participant", "case",
        "caseid",    "tumor",     "tumour",    "tumorid",     "tumourid",   "usubjid",     "clone",
        "cloneid",   "flask",     "dish",      "plant",       "chick",      "pup",         "volunteer",
        "eartag",    "isolate",   "organoid",  "biopsy"}},
      {ColumnRole::block,
       {"membrane", "blot", "gel", "plate", "plateid", "plateno", "experiment", "experimentid", "exp", "expt",
        "batch", "batchid", "run", "block", "biorep", "biologicalreplicate"}},
      {ColumnRole::replicate,
       {"replicate", "replicates", "rep", "repeat", "repl", "replicateno", "techrep", "technicalreplicate",
        "n"}},
      {ColumnRole::index,
       {"x", "row", "rowno", "rownumber", "no", "nr", "index", "obs", "number", "unnamed0"}},
      {ColumnRole::time,
       {"day", "days", "week", "weeks", "time", "hour", "hours", "month", "months", "visit", "minute",
        "minutes"}},
      {ColumnRole::dose, {"dose", "doses", "concentration", "conc", "dosage"}},
      {ColumnRole::well, {"well", "wells", "position", "wellposition", "pos"}},
      {ColumnRole::group, {"group",     "groups",       "arm",
                           "treatment", "treat",        "trt",
                           "condition", "factor",       "instrument",
                           "lab",       "genotype",     "cohort",
                           "therapy",   "drug",         "treatmentgroup",
                           "studyarm",  "treatmentarm", "code",
                           "grp",       "class",        "strain",
                           "diet",      "line",         "cellline",
                           "regimen",   "drugregimen",  "treatmentregimen"}},
      {ColumnRole::status,
       {"status", "event", "events", "dead", "death", "died", "deceased", "alive", "censored", "censor",
        "cens", "osstatus", "dfsstatus", "pfsstatus", "vitalstatus"}},
  }};
  return names;
}

ColumnRole role_of_word(std::string_view plain) {
  for (const auto& [role, names] : table())
    if (std::find(names.begin(), names.end(), plain) != names.end()) return role;
  return ColumnRole::unknown;
}

}  // namespace

ColumnRole role_of_column(std::string_view name) {
  // "dose (uM)", "time [h]" and "Mouse #" are dose, time and mouse.
  const std::size_t bracket = name.find_first_of("([");
  if (bracket != std::string_view::npos && bracket > 0)
    if (const ColumnRole role = role_of_column(name.substr(0, bracket)); role != ColumnRole::unknown)
      return role;
  std::string plain = plain_name(name);
  std::erase(plain, '#');
  if (plain.empty() && !name.empty()) return ColumnRole::index;
  if (const ColumnRole role = role_of_word(plain); role != ColumnRole::unknown) return role;
  constexpr std::array<std::string_view, 8> counters{"id",     "no",   "nr",   "num",
                                                     "number", "code", "name", "label"};
  for (const std::string_view counter : counters)
    if (plain.size() > counter.size() && plain.ends_with(counter)) {
      const ColumnRole role = role_of_word(std::string_view(plain).substr(0, plain.size() - counter.size()));
      if (role == ColumnRole::subject || role == ColumnRole::block || role == ColumnRole::replicate ||
          role == ColumnRole::group)
        return role;
    }
  return ColumnRole::unknown;
}

const std::vector<std::string>& names_of(ColumnRole role) {
  for (const auto& [known, names] : table())
    if (known == role) return names;
  static const Names none;
  return none;
}

}  // namespace stroma::io
