// From the tables of a model folder to a validated Model. The schema of every file is documented in
// docs/model.md.
#pragma once

#include <optional>

#include "core/document.hpp"
#include "core/table.hpp"
#include "model/model.hpp"

namespace stroma::model {

/// The files of a model folder, parsed but not understood.
struct Files {
  core::Node model;  ///< model.toml
  core::Table substances, cell_types, nodes, mechanisms, rules, drugs, drug_targets, references;
  std::string content_hash;
};

/// Builds and validates; everything that is wrong is added to `problems`. Returns nothing where anything is.
std::optional<Model> build(const Files& files, core::Diagnostics& problems);

}  // namespace stroma::model
