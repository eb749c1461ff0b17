// The main of every test program.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "proto/base/log.hpp"

int main(int argc, char** argv) {
  // Tests make the programs warn on purpose; a failing assertion should not drown in it.
  pushjudge::log::start("test", "off");
  doctest::Context context(argc, argv);
  return context.run();
}
