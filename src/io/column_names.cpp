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
        "cloneid"}},
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
      {ColumnRole::group,
       {"group", "groups", "arm", "treatment", "treat", "trt", "condition", "factor", "instrument", "lab",
        "genotype", "cohort", "therapy", "drug", "treatmentgroup", "studyarm", "treatmentarm"}},
      {ColumnRole::status,
       {"status", "event", "events", "dead", "death", "died", "deceased", "alive", "censored", "censor",
        "cens", "osstatus", "dfsstatus", "pfsstatus", "vitalstatus"}},
  }};
  return names;
}

}  // namespace

ColumnRole role_of_column(std::string_view name) {
  const std::string plain = plain_name(name);
  for (const auto& [role, names] : table())
    if (std::find(names.begin(), names.end(), plain) != names.end()) return role;
  return ColumnRole::unknown;
}

const std::vector<std::string>& names_of(ColumnRole role) {
  for (const auto& [known, names] : table())
    if (known == role) return names;
  static const Names none;
  return none;
}

}  // namespace stroma::io
