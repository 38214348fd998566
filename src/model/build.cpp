// The order in which a model is built: what a row names must exist before the row is read. Every step reports
// what is wrong and goes on with a neutral value, so that one run names every problem of every file.
#include "model/build.hpp"

#include <memory>

#include "model/builder.hpp"

namespace stroma::model {

std::optional<Model> build(const Files& files, core::Diagnostics& problems) {
  const std::size_t before = problems.size();
  Builder builder(files, problems);
  builder.read_header();      // model.toml
  builder.read_references();  // the sources that every number names
  builder.read_substances();
  builder.read_drugs();           // a drug is also a substance
  builder.read_cell_type_tree();  // names and families
  builder.read_nodes();           // per cell type, inherited along families
  builder.read_cell_types();      // numbers of cell types: may name substances, drugs and nodes
  builder.read_transporters();
  builder.read_drug_targets();
  builder.read_mechanisms();
  builder.read_rules();
  builder.refuse_idle_rows();  // what can do nothing in any setting
  builder.refuse_idle_damage();
  builder.refuse_idle_parameters();
  builder.check_conversions();  // from which type to which
  if (problems.size() > before) return std::nullopt;
  builder.model.content_hash = files.content_hash;
  builder.model.files = std::make_shared<const Files>(files);
  return std::move(builder.model);
}

}  // namespace stroma::model
