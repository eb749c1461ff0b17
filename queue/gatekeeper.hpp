#pragma once

// The door of the core: decides who comes in by tcp, follows the folder of enrolled keys, ends the connections of keys
// that are revoked, and counts and logs what is turned away. The decisions are Roster's.
//
// Owned by the core's thread. To be made before the sockets that it protects are bound, and destroyed after them.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/clock.hpp"
#include "queue/complaints.hpp"
#include "queue/roster.hpp"
#include "queue/socket.hpp"

namespace pushjudge {

// Nothing: tcp is open to all.
struct GateOptions {
  bool keys_needed = false;
  std::filesystem::path keys;  // the folder of those who are enrolled
  KeyPair own;
};

class Gatekeeper {
 public:
  Gatekeeper(SocketContext& context, GateOptions options);

  bool keys_needed() const { return options_.keys_needed; }
  // What is bound from now on by tcp asks for keys, if any are needed.
  void protect(Socket& socket, Door door, const std::string& pipe_owner = "") const;

  // Lets in whoever may come. `handle` can be read when there is something to do.
  void let_in(TimePoint now);
  void* handle() const { return port_.handle(); }
  // Looks into the folder of keys once a second; gives the keys that are revoked, whose connections are cut.
  std::vector<std::string> look_for_changes(TimePoint now);
  TimePoint next_look() const { return look_at_; }

  // Whether the message's sender may use this socket at all. If not it is counted, logged, and cut off.
  bool may_speak(Door door, const Letter& letter, TimePoint now);
  // The key of the sender; empty where none is needed.
  std::string key_of(const Letter& letter) const { return options_.keys_needed ? letter.sender.key : ""; }

  void refuse_frame(Door door, const std::string& key, std::string_view why, TimePoint now);
  void refuse_connection(Door door, std::string_view why, TimePoint now);
  void note_end(Door door, TimePoint now);
  void drop_malformed(Door door, const Letter& letter, TimePoint now);
  void drop_malformed(std::uint64_t count, TimePoint now);

  Roster& roster() { return roster_; }
  std::uint64_t malformed_frames() const { return malformed_frames_; }
  std::uint64_t refused_frames() const { return refused_frames_; }
  std::uint64_t refused_connections() const { return refused_connections_; }

 private:
  struct Known {
    std::string key;
    Connection connection;
  };

  void read_keys(TimePoint now);
  void remember(const Sender& sender);

  GateOptions options_;
  ZapPort port_;
  Roster roster_;
  Complaints complaints_;
  std::map<int, Known> connections_;   // by descriptor: those that have said something, as far as they are open
  std::vector<std::string> left_out_;  // of the folder, as said last
  std::vector<std::string> gone_;      // keys that were revoked, and that nobody has asked for yet
  TimePoint look_at_{};
  TimePoint looked_{};
  std::uint64_t malformed_frames_ = 0;
  std::uint64_t refused_frames_ = 0;
  std::uint64_t refused_connections_ = 0;
};

}  // namespace pushjudge
