// The schema of an experiment in space: a file that is right means what it says, in internal units; a file
// that is wrong is told everything that is wrong with it at once, with places; and what would not fit into
// memory is refused before it is made.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <numbers>

#include "core/errors.hpp"
#include "core/units.hpp"
#include "study/tissue_experiment.hpp"

namespace stroma::study {
namespace tissue_schema_test {

using core::Node;
using testing::HasSubstr;

// Documents made in code: unit tests of this module see no file format. A text is a value as it is written;
// places are lines in the order of writing.
int line = 0;

Node text(const std::string& value) {
  Node node;
  node.kind = Node::Kind::text;
  node.text = value;
  node.place = {"e.toml", ++line, 1};
  return node;
}

Node number(const std::string& value) {
  Node node = text(value);
  node.kind = Node::Kind::number;
  node.number = std::stod(value);
  return node;
}

Node table(std::vector<std::pair<std::string, Node>> keys) {
  Node node;
  node.kind = Node::Kind::table;
  node.place = {"e.toml", ++line, 1};
  node.keys = std::move(keys);
  return node;
}

Node list(std::vector<Node> items) {
  Node node;
  node.kind = Node::Kind::list;
  node.place = {"e.toml", ++line, 1};
  node.items = std::move(items);
  return node;
}

Node texts(const std::vector<std::string>& values) {
  std::vector<Node> items;
  for (const std::string& value : values) items.push_back(text(value));
  return list(std::move(items));
}

const model::Model& letters() {
  static const model::Model m = [] {
    model::Model out;
    for (const char* name : {"T", "S"}) {
      model::CellType type;
      type.name = type.label = name;
      type.parameters["volume"].value = 2000.0;
      out.cell_types.push_back(type);
    }
    model::Substance substance;
    substance.name = substance.label = "oxygen";
    substance.diffusivity = 1e5;
    substance.ambient = 1.8e5;
    out.substances.push_back(substance);
    substance = {};
    substance.name = substance.label = "unmeasured";
    out.substances.push_back(substance);
    return out;
  }();
  return m;
}

struct Read {
  TissueExperiment experiment;
  std::vector<std::string> problems;
};

Read read(const Node& document, double memory = 8e9, const TableReader& tables = {}) {
  core::Diagnostics problems;
  Read out{read_tissue_experiment(document, "e", letters(), 1, memory, tables, problems), {}};
  for (const core::Diagnostic& d : problems.entries()) out.problems.push_back(core::to_string(d));
  return out;
}

Node domain(const std::vector<std::string>& size, const std::string& voxel) {
  return table({{"size", texts(size)}, {"voxel", text(voxel)}});
}

Node oxygen() {
  return table({{"name", text("oxygen")}, {"boundary", text("surroundings")}});
}

Node experiment(Node box, std::vector<Node> substances, std::vector<std::pair<std::string, Node>> more = {},
                const std::string& dimensions = "2") {
  std::vector<std::pair<std::string, Node>> keys = {
      {"schema", number("1")},    {"title", text("t")},       {"dimensions", number(dimensions)},
      {"duration", text("24 h")}, {"domain", std::move(box)}, {"substance", list(std::move(substances))}};
  for (auto& key : more) keys.push_back(std::move(key));
  return table(std::move(keys));
}

TEST(TissueFile, that_is_right_means_what_it_says) {
  const auto [e, problems] = read(experiment(
      domain({"400 um", "0.2 mm"}, "20 um"), {oxygen()},
      {{"checkpoint_every", text("60 min")},
       {"treatment", list({table({{"at", text("2 h")},
                                  {"until", text("1 day")},
                                  {"substance", text("oxygen")},
                                  {"dose", text("5 uM")}})})},
       {"cells", list({table({{"type", text("T")},
                              {"points", list({texts({"10 um", "20 um"}), texts({"30 um", "20 um"})})}})})},
       {"probe", list({table({{"name", text("p")},
                              {"from", texts({"0 um", "100 um"})},
                              {"to", texts({"400 um", "100 um"})},
                              {"points", number("5")}})})}}));
  ASSERT_THAT(problems, testing::IsEmpty());
  EXPECT_EQ(e.setup.grid.n, (std::array<int, 3>{20, 10, 1}));
  EXPECT_EQ(e.duration, core::to_tick(1440.0));
  EXPECT_EQ(e.setup.step, core::to_tick(6.0));
  EXPECT_EQ(e.checkpoint_every, core::to_tick(60.0));
  ASSERT_EQ(e.setup.substances.size(), 1u);
  EXPECT_EQ(e.setup.substances[0].plan.boundary[3].kind, fields::Boundary::Kind::value);
  EXPECT_DOUBLE_EQ(e.setup.substances[0].plan.boundary[3].value, 1.8e5);
  EXPECT_EQ(e.setup.substances[0].plan.boundary[4].kind, fields::Boundary::Kind::flux);
  ASSERT_EQ(e.setup.treatments.size(), 1u);
  EXPECT_DOUBLE_EQ(e.setup.treatments[0].concentration, 5000.0);
  ASSERT_EQ(e.setup.cells.size(), 1u);
  EXPECT_EQ(e.setup.cells[0].positions.size(), 2u);
  ASSERT_EQ(e.probes.size(), 1u);
  EXPECT_EQ(e.probes[0].points, 5);
}

TEST(TissueFile, that_is_wrong_is_told_everything_at_once_with_places) {
  const auto [e, problems] = read(experiment(
      domain({"410 um", "400 um"}, "20 um"),
      {table({{"name", text("unmeasured")}, {"boundary", text("sealed")}}), table({{"name", text("oxygen")}}),
       table({{"name", text("oxigen")}, {"boundary", text("sealed")}}),
       table({{"name", text("x")}, {"diffusivity", text("-1 um^2/min")}, {"boundary", text("sealed")}}),
       table({{"name", text("y")},
              {"diffusivity", text("1 uM")},
              {"boundary",
               table({{"x_low", text("1 uM")}, {"top", text("sealed")}, {"all", text("sealed")}})}})},
      {{"step", text("25 h")},
       {"chekpoint_every", text("6 h")},
       {"treatment",
        list({table({{"at", text("2 h")}, {"drug", text("cisplatin")}, {"dose", text("5 min")}})})},
       {"cells", list({table({{"type", text("U")}, {"points", list({texts({"10 um", "20 um"})})}})})},
       {"probe", list({table({{"name", text("a/b")}, {"axis", text("w")}})})}}));
  const auto all = testing::PrintToString(problems);
  for (const char* said : {"not a whole number of voxels", "substance.diffusivity", "boundary", "oxigen",
                           "top", "longer than the run", "chekpoint_every", "did you mean", "cisplatin",
                           "treatment.dose", "no cell type 'U'", "file name", "not an axis"})
    EXPECT_THAT(all, HasSubstr(said));
  EXPECT_GE(problems.size(), 13u);
  for (const std::string& problem : problems) EXPECT_THAT(problem, testing::StartsWith("e.toml:"));
}

Node cells_at(const std::string& type, std::vector<Node> points) {
  return table({{"type", text(type)}, {"points", list(std::move(points))}});
}

TEST(TissueFile, ties_pairs_of_cell_types_by_springs) {
  const Node two =
      list({cells_at("T", {texts({"10 um", "20 um"})}), cells_at("S", {texts({"30 um", "20 um"})})});
  const auto tie = [](const std::string& one, const std::string& other) {
    return table({{"cells", texts({one, other})},
                  {"attach", text("0.6 1/h")},
                  {"detach", text("0.001 1/min")},
                  {"stiffness", text("0.05 1/min")}});
  };
  const Node box = domain({"400 um", "400 um"}, "20 um");
  const auto [e, problems] = read(experiment(box, {oxygen()},
                                             {{"cells", two},
                                              {"attachment", list({tie("T", "S"), tie("S", "S")})},
                                              {"attachments_per_cell", number("4")}}));
  ASSERT_THAT(problems, testing::IsEmpty());
  ASSERT_EQ(e.setup.attachments.size(), 2u);
  EXPECT_EQ(e.setup.attachments[0].one, letters().cell_type("T"));
  EXPECT_EQ(e.setup.attachments[0].other, letters().cell_type("S"));
  EXPECT_DOUBLE_EQ(e.setup.attachments[0].formation, 0.01);
  EXPECT_DOUBLE_EQ(e.setup.attachments[0].breaking, 0.001);
  EXPECT_DOUBLE_EQ(e.setup.attachments[0].stiffness, 0.05);
  EXPECT_EQ(e.setup.attachments_per_cell, 4u);
  // They decide the history: a checkpoint of a run without them is of another run.
  EXPECT_NE(configuration_hash(e),
            configuration_hash(read(experiment(box, {oxygen()}, {{"cells", two}})).experiment));

  const auto wrong = read(experiment(
      box, {oxygen()},
      {{"cells", list({cells_at("T", {texts({"10 um", "20 um"})})})},
       {"attachment",
        list({tie("T", "S"), tie("T", "T"), tie("T", "T"), tie("T", "Z"),
              table({{"cells", texts({"T"})}, {"attach", text("3 um")}, {"stifness", text("1 1/min")}}),
              table({{"attach", text("0 1/min")}, {"detach", text("-1 1/min")}})})},
       {"attachments_per_cell", number("0")}}));
  const auto all = testing::PrintToString(wrong.problems);
  for (const char* said : {"no cell of type 'S' in this experiment", "there twice", "no cell type 'Z'",
                           "expected two cell types", "attachment.attach", "stifness", "attachment.stiffness",
                           "attachment.detach", "attachments_per_cell"})
    EXPECT_THAT(all, HasSubstr(said));
  for (const std::string& problem : wrong.problems) EXPECT_THAT(problem, testing::StartsWith("e.toml:"));
}

TEST(TissueFile, a_grid_beyond_memory_is_refused_before_it_is_made) {
  const auto begin = std::chrono::steady_clock::now();
  const Node huge = experiment(domain({"1 m", "1 m", "1 m"}, "10 um"), {oxygen()}, {}, "3");
  try {
    read(huge, 24e9);
    FAIL() << "1e15 voxels were accepted";
  } catch (const core::LimitError& error) {
    EXPECT_THAT(error.what(), HasSubstr("1e+15 voxels"));
    EXPECT_THAT(error.what(), HasSubstr("GiB"));
  }
  // Just above the limit is above it; well below is not.
  const Node small = experiment(domain({"200 um", "200 um"}, "20 um"), {oxygen()});
  EXPECT_THROW(read(small, 100.0 * 32.0), core::LimitError);
  EXPECT_THAT(read(small, 1e6).problems, testing::IsEmpty());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
}

// Initial shapes are their closed forms at the centres of the voxels.
std::vector<double> initial(Node shape) {
  const auto [e, problems] =
      read(experiment(domain({"100 um", "60 um"}, "10 um"), {table({{"name", text("a")},
                                                                    {"diffusivity", text("1e5 um^2/min")},
                                                                    {"boundary", text("sealed")},
                                                                    {"initial", std::move(shape)}})}));
  EXPECT_THAT(problems, testing::IsEmpty());
  return e.setup.substances.at(0).initial;
}

TEST(TissueFile, initial_conditions_are_their_closed_forms) {
  const auto centre = [](std::size_t v) {
    const std::size_t row = v / 10;

    return std::array<double, 2>{5.0 + 10.0 * static_cast<double>(v % 10),
                                 5.0 + 10.0 * static_cast<double>(row)};
  };
  const auto cosine = initial(table({{"shape", text("cosine")},
                                     {"mean", text("2 uM")},
                                     {"amplitude", text("500 nM")},
                                     {"half_waves", number("3")}}));
  const auto gaussian = initial(table({{"shape", text("gaussian")},
                                       {"peak", text("1 uM")},
                                       {"width", text("15 um")},
                                       {"centre", texts({"40 um", "30 um"})},
                                       {"background", text("10 nM")}}));
  const auto sphere = initial(table({{"shape", text("sphere")},
                                     {"inside", text("1 uM")},
                                     {"outside", text("1 nM")},
                                     {"radius", text("20 um")}}));
  const auto point = initial(
      table({{"shape", text("point")}, {"amount", text("1 fmol")}, {"at", texts({"43 um", "17 um"})}}));
  ASSERT_EQ(cosine.size(), 60u);
  double amount = 0.0;
  for (std::size_t v = 0; v < 60; ++v) {
    const auto [x, y] = centre(v);
    EXPECT_NEAR(cosine[v], 2000.0 + 500.0 * std::cos(3.0 * std::numbers::pi * x / 100.0), 1e-9);
    EXPECT_NEAR(gaussian[v],
                10.0 + 1000.0 * std::exp(-0.5 * (std::pow(x - 40.0, 2) + std::pow(y - 30.0, 2)) / 225.0),
                1e-9);
    EXPECT_EQ(sphere[v], std::hypot(x - 50.0, y - 30.0) <= 20.0 ? 1000.0 : 1.0);
    amount += point[v] * (10.0 * 10.0 * 20.0);  // as thick as the default, not as a voxel
  }
  EXPECT_NEAR(amount, core::parse_quantity("1 fmol").quantity.value, 1e-9 * amount);
  EXPECT_GT(point[14], 0.0);
  EXPECT_EQ(initial(table({{"shape", text("uniform")}, {"concentration", text("3 uM")}})),
            std::vector<double>{3000.0});
}

TEST(TissueFile, that_names_tables_reads_them) {
  const TableReader tables = [](const std::string& name) {
    core::Table t;
    t.file = name;
    const bool is_places = name == "places.csv";
    const auto row = [&](const std::vector<std::string>& values, int at) {
      std::vector<core::Cell> cells;
      for (const std::string& value : values)
        cells.push_back({value, at, static_cast<int>(cells.size()) + 1});
      return cells;
    };
    t.header = is_places ? row({"x", "y"}, 1) : row({"i", "j", "concentration"}, 1);
    if (is_places) {
      t.rows = {row({"10 um", "20 um"}, 2), row({"0.03 mm", "20 um"}, 3)};
    } else {
      t.rows = {row({"1", "2", "5 nM"}, 2)};
      if (name == "twice.csv") t.rows.push_back(row({"1", "2", "6 nM"}, 3));
      if (name == "outside.csv") t.rows.push_back(row({"10", "0", "6 nM"}, 3));
    }
    return t;
  };
  const auto with = [&](const std::string& file) {
    return read(experiment(domain({"100 um", "60 um"}, "10 um"),
                           {table({{"name", text("a")},
                                   {"diffusivity", text("1e5 um^2/min")},
                                   {"boundary", text("sealed")},
                                   {"initial", table({{"shape", text("file")}, {"file", text(file)}})}})},
                           {{"cells", list({table({{"type", text("S")}, {"file", text("places.csv")}})})}}),
                8e9, tables);
  };
  const auto [e, problems] = with("good.csv");
  ASSERT_THAT(problems, testing::IsEmpty());
  EXPECT_EQ(e.setup.substances[0].initial[21], 5.0);
  EXPECT_EQ(e.setup.cells[0].positions[1][0], 30.0);
  EXPECT_THAT(with("twice.csv").problems, testing::ElementsAre(HasSubstr("there twice")));
  EXPECT_THAT(with("outside.csv").problems, testing::ElementsAre(HasSubstr("outside.csv:3")));
}

// A fork has the numbers of its history; only what is given after it may differ.
TEST(TissueFork, must_have_the_numbers_of_its_history) {
  const auto made = [](const std::string& diffusivity, const std::string& until) {
    std::vector<std::pair<std::string, Node>> given = {
        {"at", text("2 h")}, {"substance", text("a")}, {"dose", text("5 uM")}};
    if (!until.empty()) given.emplace_back("until", text(until));
    return read(experiment(domain({"100 um", "60 um"}, "10 um"),
                           {table({{"name", text("a")},
                                   {"diffusivity", text(diffusivity)},
                                   {"boundary", text("0 nM")}})},
                           {{"treatment", list({table(std::move(given))})}}))
        .experiment;
  };
  const TissueExperiment run = made("100 um^2/min", "4 h");
  const auto faults = [&](const TissueExperiment& after) {
    core::Diagnostics problems;
    check_fork(run, after, core::to_tick(360.0), "f.toml", problems);
    return problems.size();
  };
  EXPECT_EQ(faults(run), 0u);
  EXPECT_EQ(faults(made("200 um^2/min", "4 h")), 1u);
  EXPECT_EQ(faults(made("100 um^2/min", "5 h")), 1u);
  EXPECT_EQ(faults(made("100 um^2/min", "")), 1u);
}

}  // namespace tissue_schema_test
}  // namespace stroma::study
