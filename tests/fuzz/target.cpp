#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <stdexcept>

namespace pushjudge::fuzz {
namespace {

constexpr std::array<Target, 12> kTargets = {{
    {"target", "the target of a request, its query, a form", read_target, target_seeds},
    {"head", "a whole request, as a connection reads it", read_head, head_seeds},
    {"attributes", "the attributes of submissions, alone and in a batch", read_attributes, attributes_seeds},
    {"push", "what clients say on /ws, and acknowledgements", read_push, push_seeds},
    {"wire", "frames between core, workers and gateways", read_wire, wire_seeds},
    {"manifest", "the manifest of a problem", read_manifest, manifest_seeds},
    {"function", "the metadata of a function, tests, answers", read_function, function_seeds},
    {"archive", "a zip archive", read_archive, archive_seeds},
    {"callback_url", "the URL of a callback", read_callback_url, callback_url_seeds},
    {"judge0_conf", "a judge0.conf", read_judge0_conf, judge0_conf_seeds},
    {"words", "compiler options and arguments", read_words, words_seeds},
    {"text", "base64, UTF-8 and event ids", read_text, text_seeds},
}};

}  // namespace

std::span<const Target> targets() {
  return kTargets;
}

const Target* find_target(std::string_view name) {
  const auto found =
      std::find_if(kTargets.begin(), kTargets.end(), [name](const Target& target) { return target.name == name; });
  return found == kTargets.end() ? nullptr : &*found;
}

void write_seeds(const Target& target, const std::string& folder) {
  const std::vector<std::string> seeds = target.seeds();
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    const std::string path = folder + "/seed-" + std::to_string(i);
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << seeds[i];
    file.close();
    if (!file) throw std::runtime_error("cannot write " + path);
  }
}

std::uint8_t take_byte(std::string_view& input) {
  if (input.empty()) return 0;
  const auto byte = static_cast<std::uint8_t>(input.front());
  input.remove_prefix(1);
  return byte;
}

}  // namespace pushjudge::fuzz
