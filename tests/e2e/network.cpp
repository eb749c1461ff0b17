#include "tests/e2e/network.hpp"

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <stdexcept>

#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace pushjudge::testing {
namespace {

constexpr const char* kIp = "/usr/sbin/ip";
constexpr const char* kNsenter = "/usr/bin/nsenter";

// What `ip` complained of; empty when it did what it was told.
std::string complaint_of_ip(std::vector<std::string> arguments) {
  const TemporaryFolder folder;
  arguments.insert(arguments.begin(), kIp);
  Process command(std::move(arguments), folder.file("output"));
  if (command.wait() == 0) return "";
  return "ip: " + read_file(folder.file("output"));
}

void ip(std::vector<std::string> arguments) {
  const std::string complaint = complaint_of_ip(std::move(arguments));
  if (!complaint.empty()) throw std::runtime_error(complaint);
}

std::string subnet(int machine) {
  return "10.213." + std::to_string(machine) + ".";
}

}  // namespace

bool Network::possible(std::string& why) {
  if (::geteuid() != 0) {
    why = "only root can make network namespaces";
  } else if (!std::filesystem::exists(kIp) || !std::filesystem::exists(kNsenter)) {
    why = "there is no ip (iproute2) or no nsenter";
  } else {
    try {
      const Network probe(1);
      return true;
    } catch (const std::runtime_error& refusal) {
      why = refusal.what();
    }
  }
  return false;
}

Network::Network(int machines) : machines_(machines) {
  static std::atomic<int> made = 0;
  // An interface's name has at most 15 characters.
  prefix_ = "pj" + std::to_string(::getpid()) + static_cast<char>('a' + made++ % 26);
  try {
    for (int machine = 0; machine <= machines_; ++machine) {
      ip({"netns", "add", name(machine)});
      ip({"-n", name(machine), "link", "set", "lo", "up"});
    }
    for (int machine = 1; machine <= machines_; ++machine) {
      const std::string end = "to" + std::to_string(machine);
      ip({"-n", name(0), "link", "add", end, "type", "veth", "peer", "name", "wire", "netns", name(machine)});
      ip({"-n", name(0), "addr", "add", subnet(machine) + "1/24", "dev", end});
      ip({"-n", name(machine), "addr", "add", subnet(machine) + "2/24", "dev", "wire"});
      ip({"-n", name(machine), "link", "set", "wire", "up"});
      mend(machine);
    }
  } catch (...) {
    for (int machine = 0; machine <= machines_; ++machine) complaint_of_ip({"netns", "del", name(machine)});
    throw;
  }
}

Network::~Network() {
  // A wire goes with its ends. What cannot be removed is named after us and in nobody's way.
  for (int machine = 0; machine <= machines_; ++machine) complaint_of_ip({"netns", "del", name(machine)});
}

std::string Network::name(int machine) const {
  return prefix_ + std::to_string(machine);
}

std::vector<std::string> Network::on(int machine) const {
  // Not `ip netns exec`, which mounts another /sys, without the control groups.
  return {kNsenter, "--net=/run/netns/" + name(machine), "--"};
}

std::string Network::address_for(int machine) {
  return subnet(machine) + "1";
}

void Network::cut(int machine) const {
  set(machine, "down");
}

void Network::mend(int machine) const {
  set(machine, "up");
}

void Network::set(int machine, const char* state) const {
  ip({"-n", name(0), "link", "set", "to" + std::to_string(machine), state});
}

}  // namespace pushjudge::testing
