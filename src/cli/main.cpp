#include "cli/app.hpp"

int main(int argc, char** argv) {
  return stroma::cli::run_program(argc, argv);
}
