#pragma once

// The room at /ws/broadcast: greets, and passes each message, text or binary as it came, to every open client, the
// sender too. Net thread.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/socket.hpp"
#include "api/write_round.hpp"

namespace pushjudge {

inline constexpr std::string_view kBroadcastGreeting = "Hello! Message From Server!!";

class BroadcastRoom {
 public:
  explicit BroadcastRoom(WriteRound& round) : round_(round) {}

  // Told of each message of a client here, so that other gateways hear of it.
  void set_relay(std::function<void(bool binary, const std::string& data)> relay) { relay_ = std::move(relay); }

  // The member of the room that speaks over `socket`. The room outlives it.
  std::shared_ptr<SocketUser> make_member(Socket& socket);

  // A message of another gateway's client.
  void tell_all(bool binary, std::string_view data);

  std::size_t size() const { return members_.size(); }

 private:
  class Member;

  void deliver();

  WriteRound& round_;
  std::vector<Member*> members_;
  // Said, and not yet put into the members' outboxes: to go through a room of thousands once for all that was said
  // together is much cheaper than once a message, for each of them has left the processor's caches by then.
  std::vector<SharedMessage> said_;
  std::function<void(bool binary, const std::string& data)> relay_;
};

}  // namespace pushjudge
