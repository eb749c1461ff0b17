// libFuzzer's side: `pushjudge-fuzz --target=NAME [libFuzzer's own options] [FOLDER ...]`, and --write-seeds=FOLDER,
// --list. libFuzzer passes over what begins with two dashes.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>

#include "tests/fuzz/target.hpp"

namespace {

using pushjudge::fuzz::Target;

const Target* chosen = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  std::string seeds;
  for (int i = 1; i < *count; ++i) {
    const std::string_view argument = (*arguments)[i];
    if (argument == "--list") {
      for (const Target& target : pushjudge::fuzz::targets()) std::printf("%s\n", std::string(target.name).c_str());
      std::exit(0);
    }
    if (argument.starts_with("--target=")) chosen = pushjudge::fuzz::find_target(argument.substr(9));
    if (argument.starts_with("--write-seeds=")) seeds = argument.substr(14);
  }
  if (chosen == nullptr) {
    std::fprintf(stderr, "say --target=NAME; --list names them\n");
    std::exit(2);
  }
  if (!seeds.empty()) {
    try {
      pushjudge::fuzz::write_seeds(*chosen, seeds);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
      std::exit(1);
    }
    std::exit(0);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chosen->run({reinterpret_cast<const char*>(data), size});
  return 0;
}
