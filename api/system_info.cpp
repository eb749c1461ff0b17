#include "api/system_info.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>
#include <vector>

namespace pushjudge {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr std::size_t kFileBytesMax = 1 << 20;
constexpr std::size_t kCachesMax = 16;
constexpr std::size_t kNodesMax = 1'024;

// Empty when it cannot be read.
std::string read_text(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string text;
  for (char c = 0; text.size() < kFileBytesMax && stream.get(c);) text += c;
  while (text.ends_with('\n') || text.ends_with(' ')) text.pop_back();
  return text;
}

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc() && end != text.data() ? std::optional(number) : std::nullopt;
}

std::string trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(" \t") - from + 1));
}

using Fields = std::map<std::string, std::string, std::less<>>;

// "key : value" lines up to an empty one.
Fields fields_of(std::istream& stream) {
  Fields fields;
  for (std::string line; std::getline(stream, line) && !line.empty();) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    fields[trimmed(line.substr(0, colon))] = trimmed(line.substr(colon + 1));
  }
  return fields;
}

std::string field(const Fields& fields, std::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string() : found->second;
}

// How many numbers a list as "0-3,8" names.
std::uint64_t count_of_list(const std::string& list) {
  std::uint64_t count = 0;
  std::istringstream stream(list);
  for (std::string part; std::getline(stream, part, ',');) {
    const std::size_t dash = part.find('-');
    const auto first = number_of(part);
    const auto last = dash == std::string::npos ? first : number_of(std::string_view(part).substr(dash + 1));
    if (first && last && *last >= *first) count += *last - *first + 1;
  }
  return count;
}

// "64 KiB", "2 MiB", "1.5 MiB", as lscpu.
std::string cache_size(std::uint64_t bytes) {
  static constexpr std::array<const char*, 4> kUnits = {"B", "KiB", "MiB", "GiB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; size >= 1'024 && unit + 1 < kUnits.size(); ++unit) size /= 1'024;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(),
                size == static_cast<double>(static_cast<std::uint64_t>(size)) ? "%.0f %s" : "%.1f %s", size,
                kUnits[unit]);
  return text.data();
}

class Description {
 public:
  explicit Description(const fs::path& root) : root_(root), cpus_(root / "sys/devices/system/cpu") {
    std::ifstream stream(root / "proc/cpuinfo");
    first_ = fields_of(stream);
    std::set<std::pair<std::string, std::string>> cores;
    std::set<std::string> sockets;
    Fields fields = first_;
    for (; !fields.empty(); fields = fields_of(stream)) {
      ++count_;
      sockets.insert(field(fields, "physical id"));
      cores.insert({field(fields, "physical id"), field(fields, "core id")});
    }
    cores_ = cores.size();
    sockets_ = sockets.size();
  }

  ordered_json take() {
    kind();
    processors();
    caches();
    nodes();
    vulnerabilities();
    put("Flags", field(first_, "flags"));
    put("Flags", field(first_, "Features"));
    memory();
    return std::move(all_);
  }

 private:
  void put(const std::string& name, const std::string& value) {
    if (!value.empty()) all_[name] = value;
  }

  void kind() {
    utsname system{};
    if (::uname(&system) == 0) put("Architecture", static_cast<const char*>(system.machine));
    const std::string flags = " " + field(first_, "flags") + " ";
    if (flags.size() > 2) put("CPU op-mode(s)", flags.find(" lm ") != std::string::npos ? "32-bit, 64-bit" : "32-bit");
    put("Address sizes", field(first_, "address sizes"));
    put("Byte Order", std::endian::native == std::endian::little ? "Little Endian" : "Big Endian");
    hypervisor_ = flags.find(" hypervisor ") != std::string::npos;
  }

  void processors() {
    if (count_ == 0) return;
    const std::string online = read_text(cpus_ / "online");
    put("CPU(s)", std::to_string(std::max(count_, count_of_list(read_text(cpus_ / "present")))));
    put("On-line CPU(s) list", online);
    if (!field(first_, "core id").empty()) {
      put("Thread(s) per core", std::to_string(count_ / cores_));
      put("Core(s) per socket", std::to_string(cores_ / sockets_));
      put("Socket(s)", std::to_string(sockets_));
    }
    put("Vendor ID", field(first_, "vendor_id"));
    put("CPU family", field(first_, "cpu family"));
    put("Model", field(first_, "model"));
    put("Model name", field(first_, "model name"));
    put("Stepping", field(first_, "stepping"));
    put("CPU MHz", field(first_, "cpu MHz"));
    put("BogoMIPS", field(first_, "bogomips"));
    put("BogoMIPS", field(first_, "BogoMIPS"));
    if (hypervisor_) put("Virtualization type", "full");
  }

  // Of all processors together: each cache is shared by some of them.
  void caches() {
    for (std::size_t i = 0; i < kCachesMax; ++i) {
      const fs::path cache = cpus_ / "cpu0/cache" / ("index" + std::to_string(i));
      const auto kib = number_of(read_text(cache / "size"));
      const std::string level = read_text(cache / "level");
      const std::string type = read_text(cache / "type");
      const std::uint64_t shared = count_of_list(read_text(cache / "shared_cpu_list"));
      if (!kib || shared == 0) continue;
      const std::uint64_t instances = std::max<std::uint64_t>(count_ / shared, 1);
      const std::string suffix = type == "Data" ? "d" : type == "Instruction" ? "i" : "";
      put("L" + level + suffix + " cache", cache_size(*kib * 1'024 * instances));
    }
  }

  void nodes() {
    const fs::path folder = root_ / "sys/devices/system/node";
    std::vector<std::pair<std::string, std::string>> found;
    for (std::size_t i = 0; i < kNodesMax; ++i) {
      const std::string list = read_text(folder / ("node" + std::to_string(i)) / "cpulist");
      if (list.empty()) break;
      found.emplace_back("NUMA node" + std::to_string(i) + " CPU(s)", list);
    }
    if (!found.empty()) put("NUMA node(s)", std::to_string(found.size()));
    for (const auto& [name, list] : found) put(name, list);
  }

  void vulnerabilities() {
    std::error_code failed;
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::directory_iterator(cpus_ / "vulnerabilities", failed)) {
      std::string name = entry.path().filename();
      std::replace(name.begin(), name.end(), '_', ' ');
      if (!name.empty()) name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
      found["Vulnerability " + name] = read_text(entry.path());
    }
    for (const auto& [name, text] : found) put(name, text);
  }

  void memory() {
    std::ifstream stream(root_ / "proc/meminfo");
    const Fields fields = fields_of(stream);
    for (const auto& [name, key] : {std::pair{"Mem", "MemTotal"}, std::pair{"Swap", "SwapTotal"}}) {
      if (const auto kib = number_of(field(fields, key))) put(name, human_size(*kib * 1'024));
    }
  }

  const fs::path root_;
  const fs::path cpus_;
  Fields first_;  // of the processors; they are alike
  std::uint64_t count_ = 0;
  std::uint64_t cores_ = 0;
  std::uint64_t sockets_ = 0;
  bool hypervisor_ = false;
  ordered_json all_ = ordered_json::object();
};

}  // namespace

std::string human_size(std::uint64_t bytes) {
  static constexpr std::string_view kUnits = "BKMGTPE";
  constexpr std::size_t kRoom = 4;
  if (bytes < 1'000) return std::to_string(bytes) + "B";
  auto size = static_cast<double>(bytes) / 1'024;
  for (std::size_t unit = 1;; ++unit, size /= 1'024) {
    for (const char* format : {"%.1f", "%.0f"}) {
      std::array<char, 40> text{};
      // Without a fraction it is rounded down.
      const double shown = format == std::string_view("%.0f") ? std::floor(size) : size;
      std::snprintf(text.data(), text.size(), format, shown);
      const std::string all = text.data() + std::string(1, kUnits[unit]);
      if (all.size() <= kRoom) return all;  // at the latest 16E, which is more than there can be
    }
  }
}

ordered_json system_info(const fs::path& root) {
  return Description(root).take();
}

}  // namespace pushjudge
