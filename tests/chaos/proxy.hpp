#pragma once

// A stretch of network that can fail: relays TCP between those who connect to one of its addresses (the near side) and
// the same port of 127.0.0.1 (the far side). Since only the host differs, whatever names a port to its peer, as the
// core does for workers' pipes, is reached through the proxy too.
//
// A fault holds for a range of ports until mend(), for the connections there are and for those that come; the next one
// comes after mend(). Any thread may call it; what is asked for has been done when the call returns.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace pushjudge::chaos {

struct Ports {
  std::uint16_t first = 0;
  std::uint16_t last = 65535;
};

class Proxy {
 public:
  // Listens on each port at `host`. Throws boost::system::system_error when one is taken.
  Proxy(const std::string& host, const std::vector<std::uint16_t>& ports);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  // Each connection is reset at both ends; new ones are welcome.
  void cut(Ports ports);
  // The same, and new ones are reset as well.
  void refuse(Ports ports);
  // Nothing passes and nobody is told of an end. What waited passes after mend().
  void stall(Ports ports);
  // One side's connections are reset; the other believes that its own live, and what it says is lost. They are reset
  // by mend(). While the near side believes, its new connections are taken and lead nowhere.
  enum class Side { near, far };
  void half_open(Ports ports, Side believer);
  void mend();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pushjudge::chaos
