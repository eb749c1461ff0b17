#pragma once

// Other machines: network namespaces of this one, each with a wire to the first. Their names hold our process number;
// all of it is removed at the end of the scope, which must not be before the processes in it have ended.

#include <string>
#include <vector>

namespace pushjudge::testing {

class Network {
 public:
  // `machines` of them besides the first, number 0. Throws std::runtime_error when the system does not let us.
  explicit Network(int machines);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  // Whether the system lets us; if not, why.
  static bool possible(std::string& why);

  // What to put before a command line so that it runs there.
  std::vector<std::string> on(int machine) const;
  // The address of machine 0, as another reaches it.
  static std::string address_for(int machine);

  void cut(int machine) const;
  void mend(int machine) const;

 private:
  void set(int machine, const char* state) const;
  std::string name(int machine) const;

  int machines_;
  std::string prefix_;
};

}  // namespace pushjudge::testing
