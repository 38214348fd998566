// make_case_pictures FOLDER: pictures of the kinds on which strangers got wrong numbers, drawn with known
// truth (tests/cli/cases_pictures.sh).
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "io/file.hpp"
#include "io/picture.hpp"
#include "io/png.hpp"
#include "support/pictures.hpp"

using namespace stroma;

namespace {

std::filesystem::path folder;

void save(const std::string& name, const imaging::Image& image) {
  io::write_file_atomically(folder / name, io::write_tiff(image, {true, 0, true}));
}

void save(const std::string& name, const std::string& text) {
  io::write_file_atomically(folder / name, text);
}

/// Discs of several heights in noise, twice: in the second one pixel of 262 144 is hot.
void hot_pixel() {
  imaging::Image image = test::blank(512, 512, {"signal"}, false, 16);
  test::Normal normal(5);
  std::vector<test::Disc> discs;
  for (int i = 0; i < 60; ++i) discs.push_back({32.0 + 64.0 * (i % 8), 32.0 + 64.0 * (i / 8), 14.0});
  double sum = 0.0;
  for (std::size_t y = 0; y < 512; ++y)
    for (std::size_t x = 0; x < 512; ++x) {
      double light = 300.0;
      for (std::size_t d = 0; d < discs.size(); ++d)
        if (discs[d].holds(x, y)) light += 400.0 + 5.0 * static_cast<double>(d);
      sum += light - 300.0;
      image.channels[0].plane.at(x, y) = test::digitised(light + 6.0 * normal(), 16);
    }
  save("hot-none.tif", image);
  image.channels[0].plane.at(250, 10) = 20000.0F;
  save("hot-one.tif", image);
  save("hot-truth.txt", fmt::format("{}\n", sum));
}

/// 15 % of brown in both arms; only the counterstain differs.
void counterstains() {
  std::string sheet = "file,arm,replicate\n";
  for (const auto& [arm, counterstain] : {std::pair{"vehicle", 0.07}, {"drug", 0.30}})
    for (int animal = 1; animal <= 4; ++animal) {
      test::StainedScene scene;
      scene.counterstain = counterstain;
      scene.nucleus = 3.0 * counterstain;
      scene.nuclei = 60;
      scene.positive_cells = 24;
      scene.noise = 1.0;
      scene.seed = static_cast<std::uint64_t>(animal);
      const std::string name = fmt::format("stain-{}-{}.tif", arm, animal);
      save(name, test::stained_field(scene).image);
      sheet += fmt::format("{},{},{}{}\n", name, arm, arm[0], animal);
    }
  save("stain.csv", sheet);
  test::StainedScene full;
  full.tissue_share = 1.0;
  full.counterstain = 0.25;
  full.nucleus = 0.6;
  full.positive_cells = 60;
  full.nuclei = 120;
  const test::StainedField drawn = test::stained_field(full);
  save("full.tif", drawn.image);
  save("full-truth.txt", fmt::format("{}\n", 100.0 * static_cast<double>(drawn.positive) / (320.0 * 240.0)));
}

/// Six lanes at distances of 60 to 130 pixels; then the same with an empty third lane on a stained membrane.
void blots() {
  const std::vector<double> centres{50.0, 125.0, 240.0, 330.0, 470.0, 555.0},
      volumes{4e5, 8e5, 16e5, 32e5, 2e5, 1e5};
  for (const bool haze : {false, true}) {
    imaging::Image image = test::blank(620, 180, {"grey"}, false, 16);
    test::Normal normal(7);
    for (std::size_t y = 0; y < 180; ++y)
      for (std::size_t x = 0; x < 620; ++x) {
        double light = 900.0;
        if (haze)  // spots as strong as a weak band, all over the membrane
          light += 60.0 *
                   (1.0 + std::sin(0.017 * static_cast<double>(x)) * std::sin(0.23 * static_cast<double>(y)));
        for (std::size_t l = 0; l < 6; ++l) {
          if (std::fabs(static_cast<double>(x) - centres[l]) > 35.0 || (haze && l == 2)) continue;
          const double z = (static_cast<double>(y) - 80.0) / 5.0;
          light += volumes[l] * (haze ? 4.0 : 1.0) / (70.0 * 5.0 * 2.5066) * std::exp(-0.5 * z * z);
        }
        image.channels[0].plane.at(x, y) = test::digitised(light + 10.0 * normal(), 16);
      }
    save(haze ? "haze.tif" : "uneven.tif", image);
  }
  std::string sheet = "file,protein,lane,arm,replicate\n", even = sheet;
  for (const auto& [file, protein] : {std::pair{"uneven.tif", "beta-actin"}, {"haze.tif", "p-ERK"}})
    for (int lane = 1; lane <= 6; ++lane)
      sheet += fmt::format("{},{},{},{},{}\n", file, protein, lane, lane < 4 ? "a" : "b", (lane - 1) % 3 + 1);
  save("haze.csv", sheet);
  for (int lane = 1; lane <= 6; ++lane)
    even += fmt::format("uneven.tif,beta-actin,{},{},{}\n", lane, lane < 4 ? "a" : "b", (lane - 1) % 3 + 1);
  save("uneven.csv", even);
}

/// 256 pairs of discs of radius 9 whose centres are 1.4 radii apart, in all directions.
void pairs() {
  imaging::Image image = test::blank(900, 900, {"nuclei"}, false, 16);
  std::mt19937_64 bits(11);
  const auto uniform = [&] { return static_cast<double>(bits() >> 11) * 0x1p-53; };
  for (float& v : image.channels[0].plane.values) v = 300.0F;
  for (int i = 0; i < 256; ++i) {
    const double x = 40.0 + 54.0 * (i % 16) + uniform(), y = 40.0 + 54.0 * (i / 16) + uniform(),
                 angle = 2.0 * std::numbers::pi * uniform(), half = 0.7 * 9.0;
    const test::Disc one{x + half * std::cos(angle), y + half * std::sin(angle), 9.0},
        other{x - half * std::cos(angle), y - half * std::sin(angle), 9.0};
    for (std::size_t v = 0; v < 900; ++v)
      for (std::size_t u = 0; u < 900; ++u)
        if (one.holds(u, v) || other.holds(u, v)) image.channels[0].plane.at(u, v) = 1300.0F;
  }
  save("pairs.tif", image);
}

/// A plate of six wells, colonies up to the wall; then one dish on which somebody wrote.
void dishes() {
  constexpr std::size_t side = 300;
  imaging::Image plate = test::blank(3 * side, 2 * side, {"red", "green", "blue"}, true, 8);
  std::string sheet = "file,arm,replicate,plated,dish\n", unplaced = "file,arm,replicate,plated\n", truth;
  for (std::size_t well = 0; well < 6; ++well) {
    test::ColonyScene scene;
    scene.side = side;
    scene.radius = 4.0;
    scene.single = 12 + 2 * well;
    scene.pairs = 1;
    scene.seed = well + 1;
    scene.reach = 0.93;  // of the radius; the wall is at 0.96
    const test::ColonyPlate drawn = test::colony_plate(scene);
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t y = 0; y < side; ++y)
        for (std::size_t x = 0; x < side; ++x)
          plate.channels[c].plane.at(well % 3 * side + x, well / 3 * side + y) =
              drawn.image.channels[c].plane.at(x, y);
    const std::string line = fmt::format("plate.tif,{},{},200", well < 3 ? "a" : "b", well % 3 + 1);
    sheet += fmt::format("{},{}{}\n", line, well < 3 ? 'A' : 'B', well % 3 + 1);
    unplaced += line + "\n";
    truth += fmt::format("{}\n", drawn.colonies.size());
  }
  save("plate.tif", plate);
  save("plate.csv", sheet);
  save("plate-unplaced.csv", unplaced);
  save("plate-truth.txt", truth);

  test::ColonyScene scene;
  scene.depth = 40.0;  // pale colonies, black pen
  scene.reach = 0.6;
  test::ColonyPlate drawn = test::colony_plate(scene);
  for (std::size_t y = 0; y < scene.side; ++y)
    for (std::size_t x = 0; x < scene.side; ++x) {
      const double dx = static_cast<double>(x) - drawn.dish.x, dy = static_cast<double>(y) - drawn.dish.y,
                   r = std::hypot(dx, dy) / drawn.dish.radius;
      if (r < 0.80 || r > 0.84 || dy > 0.3 * dx) continue;  // an arc below the wall
      for (imaging::Channel& channel : drawn.image.channels) channel.plane.at(x, y) = 15.0F;
    }
  save("pen.tif", drawn.image);
  save("pen.csv", "file,arm,replicate,plated\npen.tif,a,1,200\n");
  save("pen-truth.txt", fmt::format("{}\n", drawn.colonies.size()));

  imaging::Image texture = test::blank(400, 400, {"grey"}, false, 8);  // no dish, much to be seen
  test::Normal normal(13);
  for (float& v : texture.channels[0].plane.values) v = test::digitised(128.0 + 50.0 * normal(), 8);
  save("texture.tif", texture);
  save("texture.csv", "file,arm,replicate,plated\ntexture.tif,a,1,200\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: make_case_pictures FOLDER\n", stderr);
    return 2;
  }
  folder = argv[1];
  hot_pixel();
  counterstains();
  blots();
  pairs();
  dishes();
  // 300 dots per inch, as programs write them.
  const std::vector<std::uint8_t> grey(3 * 64 * 64, 100);
  save("dpi.png", io::png_bytes(64, 64, grey, 25400.0 / 300.0));
  return 0;
}
