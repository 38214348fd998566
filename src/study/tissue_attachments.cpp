// [[attachment]]: springs between cells of two types that touch.
#include <fmt/format.h>

#include <algorithm>

#include "study/keys.hpp"
#include "study/reading.hpp"
#include "study/tissue_reader.hpp"

namespace stroma::study {

void TissueReader::read_attachment(const core::Node& node) {
  core::Section section(node, attachment_keys(), problems_);
  tissue::TissueSetup::Attachment out;
  const auto names = section.texts("cells");
  if (section.has("cells") && names.size() != 2) {
    section.wrong("cells", "wrong-length", "expected two cell types (the same twice for springs within one)");
  } else if (names.size() == 2) {
    const auto type = [&](const auto& named) {
      const auto& [name, place] = named;
      const model::Index index = read_cell_type(name, place, model_, problems_);
      const auto& there = experiment_.setup.cells;
      if (index != model::none &&
          std::none_of(there.begin(), there.end(), [&](const auto& cells) { return cells.type == index; }))
        problems_.add("no-such-cells", place, "attachment.cells",
                      fmt::format("there is no cell of type '{}' in this experiment", name),
                      "add a [[cells]] table with it");
      return index;
    };
    out.one = type(names[0]);
    out.other = type(names[1]);
  }
  out.formation = section.quantity("attach");
  out.breaking = section.quantity("detach");
  out.stiffness = section.quantity("stiffness");
  section.finish();
  for (const auto& before : experiment_.setup.attachments)
    if (out.one != model::none && std::minmax(before.one, before.other) == std::minmax(out.one, out.other))
      section.wrong("cells", "duplicate-name", "springs between these two types are there twice");
  experiment_.setup.attachments.push_back(out);
}

}  // namespace stroma::study
