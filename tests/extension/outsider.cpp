// Ten lines of somebody else's program: reads a model with the library and counts its mechanisms.
#include <cstdio>

#include "core/version.hpp"
#include "store/study_folder.hpp"

int main(int, char** argv) {
  const auto model = stroma::store::load_model(argv[1], {});
  std::printf("%s %s %zu\n", stroma::core::version, model->name.c_str(), model->mechanisms.size());
  return model->mechanisms.empty() ? 1 : 0;
}
