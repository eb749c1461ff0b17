#include "api/system_info.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/temporary_folder.hpp"

using namespace pushjudge;

namespace {

// A machine of the test's own making.
class Machine {
 public:
  void write(const std::string& path, const std::string& text) {
    const std::filesystem::path file = folder_.path() / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  nlohmann::ordered_json info() const { return system_info(folder_.path()); }

 private:
  testing::TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("system info: sizes are as free -h prints them") {
  struct Row {
    std::uint64_t bytes;
    const char* text;
  };
  constexpr std::uint64_t kGiB = 1ULL << 30;
  for (const Row& row : {Row{0, "0B"}, Row{999, "999B"}, Row{2'048, "2.0K"}, Row{8'267'812'864, "7.7G"},
                         Row{15 * kGiB + kGiB / 2, "15G"}, Row{1'000 * kGiB, "1.0T"}, Row{UINT64_MAX, "16E"}}) {
    CHECK(human_size(row.bytes) == row.text);
  }
}

TEST_CASE("system info: processors, caches and memory are told as lscpu names them") {
  Machine machine;
  std::string processors;
  for (int i = 0; i < 4; ++i) {
    processors += "processor\t: " + std::to_string(i) +
                  "\nvendor_id\t: GenuineExample\ncpu family\t: 6\nmodel\t\t: 85\n" +
                  "model name\t: Example 9000\nphysical id\t: 0\ncore id\t\t: " + std::to_string(i / 2) +
                  "\nflags\t\t: fpu lm hypervisor\nbogomips\t: 4800.00\n\n";
  }
  machine.write("proc/cpuinfo", processors);
  machine.write("proc/meminfo", "MemTotal:        8074036 kB\nMemFree: 1 kB\nSwapTotal:       0 kB\n");
  machine.write("sys/devices/system/cpu/online", "0-3\n");
  machine.write("sys/devices/system/cpu/present", "0-3\n");
  for (const auto& [index, level, type, size, shared] :
       {std::tuple{0, 1, "Data", "32K", "0-1"}, std::tuple{1, 1, "Instruction", "32K", "0-1"},
        std::tuple{2, 3, "Unified", "36608K", "0-3"}}) {
    const std::string folder = "sys/devices/system/cpu/cpu0/cache/index" + std::to_string(index);
    machine.write(folder + "/level", std::to_string(level));
    machine.write(folder + "/type", type);
    machine.write(folder + "/size", size);
    machine.write(folder + "/shared_cpu_list", shared);
  }
  machine.write("sys/devices/system/node/node0/cpulist", "0-3\n");
  machine.write("sys/devices/system/cpu/vulnerabilities/spec_store_bypass", "Vulnerable\n");
  auto info = machine.info();
  CHECK(info["Architecture"].is_string());
  info.erase("Architecture");
  CHECK(info.dump() ==
        R"x({"CPU op-mode(s)":"32-bit, 64-bit","Byte Order":"Little Endian","CPU(s)":"4","On-line CPU(s) list":"0-3",)x"
        R"x("Thread(s) per core":"2","Core(s) per socket":"2","Socket(s)":"1","Vendor ID":"GenuineExample",)x"
        R"x("CPU family":"6","Model":"85","Model name":"Example 9000","BogoMIPS":"4800.00",)x"
        R"x("Virtualization type":"full","L1d cache":"64 KiB","L1i cache":"64 KiB","L3 cache":"35.8 MiB",)x"
        R"x("NUMA node(s)":"1","NUMA node0 CPU(s)":"0-3","Vulnerability Spec store bypass":"Vulnerable",)x"
        R"x("Flags":"fpu lm hypervisor","Mem":"7.7G","Swap":"0B"})x");
}

TEST_CASE("system info: what a machine does not tell is left out, and this one tells something") {
  const Machine nothing;
  CHECK_FALSE(nothing.info().contains("CPU(s)"));
  CHECK_FALSE(nothing.info().contains("Mem"));
  const auto here = system_info();
  CHECK(here.contains("Mem"));
  for (const auto& [name, value] : here.items()) {
    CAPTURE(name);
    CHECK(value.is_string());
  }
}
