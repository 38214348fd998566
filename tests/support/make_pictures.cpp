// make_pictures FOLDER: writes drawn pictures of known truth for the tests of the command line.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "io/file.hpp"
#include "io/picture.hpp"
#include "support/pictures.hpp"

using namespace stroma;

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: make_pictures FOLDER\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const auto save = [&](const std::string& name, const imaging::Image& image) {
    io::write_file_atomically(folder / name, io::write_tiff(image, {true, 0, true}));
  };
  // Two arms of three animals with two fields each: 6 or 14 brown cells, give or take one by animal.
  std::string sheet = "file,arm,replicate,field\n", truth = "file,positive_pixels,iod\n";
  for (const auto& [arm, cells] : {std::pair{"vehicle", 6}, {"treated", 14}})
    for (int animal = 1; animal <= 3; ++animal)
      for (int field = 1; field <= 2; ++field) {
        test::StainedScene scene;
        scene.positive_cells = static_cast<std::size_t>(cells + animal - 2);
        scene.seed = static_cast<std::uint64_t>(1000 * cells + 10 * animal + field);
        test::StainedField drawn = test::stained_field(scene);
        drawn.image.um_per_pixel = 0.5;
        const std::string name = fmt::format("{}-{}-{}.tif", arm, animal, field);
        save(name, drawn.image);
        sheet += fmt::format("{},{},{}{},{}\n", name, arm, arm[0], animal, field);
        truth += fmt::format("{},{},{}\n", name, drawn.positive, drawn.dab);
      }
  io::write_file_atomically(folder / "sections.csv", sheet);
  io::write_file_atomically(folder / "sections-truth.csv", truth);

  sheet = "file,arm,replicate,field\n";
  for (const auto& [arm, every] : {std::pair{"vehicle", 4}, {"treated", 2}})
    for (int animal = 1; animal <= 3; ++animal) {
      test::FluorescentScene scene;
      scene.every = static_cast<std::size_t>(every);
      scene.height += 300.0 * animal;
      scene.seed = static_cast<std::uint64_t>(10 * every + animal);
      const std::string name = fmt::format("cells-{}-{}.tif", arm, animal);
      save(name, test::fluorescent_field(scene).image);
      sheet += fmt::format("{},{},{}{},1\n", name, arm, arm[0], animal);
    }
  io::write_file_atomically(folder / "cells.csv", sheet);

  // A membrane with two proteins, each its own picture, six lanes: two arms of three replicates.
  test::BlotScene target, control;
  target.volumes = {2e6, 2.2e6, 1.8e6, 4e6, 4.4e6, 3.6e6};
  control.volumes = {3e6, 3.3e6, 2.7e6, 3e6, 3.3e6, 2.7e6};
  control.seed = 2;
  save("p-ERK.tif", test::blot(target).image);
  save("actin.tif", test::blot(control).image);
  sheet = "file,protein,lane,arm,replicate\n";
  for (const auto& [file, protein] : {std::pair{"p-ERK.tif", "p-ERK"}, {"actin.tif", "beta-actin"}})
    for (int lane = 1; lane <= 6; ++lane)
      sheet += fmt::format("{},{},{},{},{}\n", file, protein, lane, lane <= 3 ? "vehicle" : "treated",
                           (lane - 1) % 3 + 1);
  io::write_file_atomically(folder / "blot.csv", sheet);

  sheet = "file,arm,replicate,plated\n";
  for (const auto& [arm, colonies] : {std::pair{"vehicle", 24}, {"treated", 9}})
    for (int replicate = 1; replicate <= 3; ++replicate) {
      test::ColonyScene scene;
      scene.single = static_cast<std::size_t>(colonies + 2 * replicate);
      scene.pairs = 2;
      scene.seed = static_cast<std::uint64_t>(100 * colonies + replicate);
      const std::string name = fmt::format("dish-{}-{}.tif", arm, replicate);
      save(name, test::colony_plate(scene).image);
      sheet += fmt::format("{},{},{},200\n", name, arm, replicate);
    }
  io::write_file_atomically(folder / "dishes.csv", sheet);
  return 0;
}
