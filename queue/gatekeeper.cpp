#include "queue/gatekeeper.hpp"

#include <utility>

#include "proto/base/log.hpp"

namespace pushjudge {
namespace {

constexpr std::chrono::seconds kLookEvery{1};
// For a key that is not known: it may have been enrolled a moment ago.
constexpr std::chrono::milliseconds kLookAgain{100};
constexpr int kRequestsARound = 256;

// A key may be enrolled later. A worker asks with a new socket each time and is to hear at once that it was refused; a
// gateway keeps its sockets, which must try again by themselves.
ZapPort::Answer refusal_at(std::string_view socket) {
  const bool gateways = socket == to_string(Door::submit) || socket == to_string(Door::events);
  return gateways ? ZapPort::Answer::put_off : ZapPort::Answer::refuse;
}

}  // namespace

Gatekeeper::Gatekeeper(SocketContext& context, GateOptions options) : options_(std::move(options)), port_(context) {
  if (!options_.keys_needed) return;
  log::info("keys_needed", {{"server_key", options_.own.public_key}, {"folder", options_.keys.string()}});
  read_keys(Steady::now());
}

void Gatekeeper::protect(Socket& socket, Door door, const std::string& pipe_owner) const {
  if (options_.keys_needed) socket.require_keys(options_.own.secret_key, domain_of(door, pipe_owner));
}

void Gatekeeper::let_in(TimePoint now) {
  for (int i = 0; i < kRequestsARound; ++i) {
    const auto request = port_.next();
    if (!request) return;
    Roster::Answer answer = roster_.may_connect(request->domain, request->key);
    if (!answer.yes && now - looked_ >= kLookAgain) {
      read_keys(now);
      answer = roster_.may_connect(request->domain, request->key);
    }
    const std::string socket = request->domain.substr(0, request->domain.find(' '));
    port_.answer(*request, answer.yes ? ZapPort::Answer::let_in : refusal_at(socket));
    if (answer.yes) continue;
    // Counted by the monitor of the socket, as every handshake that fails.
    const std::string who = roster_.who(request->key);
    if (const auto unsaid = complaints_.may_say("in " + socket + who + request->address, now)) {
      log::warn(
          "key_refused",
          {{"socket", socket}, {"key", who}, {"address", request->address}, {"why", answer.why}, {"unsaid", *unsaid}});
    }
  }
}

std::vector<std::string> Gatekeeper::look_for_changes(TimePoint now) {
  if (options_.keys_needed && now >= look_at_) read_keys(now);
  return std::exchange(gone_, {});
}

void Gatekeeper::read_keys(TimePoint now) {
  looked_ = now;
  look_at_ = now + kLookEvery;
  std::vector<std::string> left_out;
  auto ring = read_keyring(options_.keys, left_out);
  if (!ring) {
    // Who was let in stays in until it is known that he may not.
    if (const auto unsaid = complaints_.may_say("keys", now)) {
      log::error("keys_not_read", {{"why", ring.error().message}, {"unsaid", *unsaid}});
    }
    return;
  }
  for (const auto& [key, enrolled] : *ring) {
    if (roster_.knows(key, enrolled)) continue;
    log::info("key_enrolled", {{"key", enrolled.name}, {"role", to_string(enrolled.role)}});
  }
  const std::vector<std::string> gone = roster_.replace(*std::move(ring));
  if (left_out != left_out_) {
    for (const std::string& sentence : left_out) log::warn("key_left_out", {{"why", sentence}});
    left_out_ = std::move(left_out);
  }
  for (const std::string& key : gone) {
    log::warn("key_revoked", {{"key", roster_.who(key)}});
    std::erase_if(connections_, [&key](const auto& entry) {
      const Known& known = entry.second;
      if (known.key == key) known.connection.cut();
      return known.key == key;
    });
  }
  gone_.insert(gone_.end(), gone.begin(), gone.end());
}

bool Gatekeeper::may_speak(Door door, const Letter& letter, TimePoint now) {
  const std::string key = key_of(letter);
  if (key.empty()) return true;
  const Roster::Answer answer = roster_.may_speak(door, key);
  if (answer.yes) {
    remember(letter.sender);
    return true;
  }
  refuse_frame(door, key, answer.why, now);
  Connection(letter.sender.connection).cut();
  return false;
}

// So that the connection can be ended when the key is revoked. One descriptor is one connection after another.
void Gatekeeper::remember(const Sender& sender) {
  Known known{sender.key, Connection(sender.connection)};
  connections_.insert_or_assign(sender.connection, std::move(known));
}

void Gatekeeper::refuse_frame(Door door, const std::string& key, std::string_view why, TimePoint now) {
  ++refused_frames_;
  const std::string who = roster_.who(key);
  if (const auto unsaid = complaints_.may_say("frame " + std::string(to_string(door)) + who, now)) {
    log::warn("frame_refused", {{"socket", to_string(door)}, {"key", who}, {"why", why}, {"unsaid", *unsaid}});
  }
}

void Gatekeeper::refuse_connection(Door door, std::string_view why, TimePoint now) {
  ++refused_connections_;
  if (const auto unsaid = complaints_.may_say("connection " + std::string(to_string(door)) + std::string(why), now)) {
    log::warn("connection_refused", {{"socket", to_string(door)}, {"why", why}, {"unsaid", *unsaid}});
  }
}

void Gatekeeper::note_end(Door door, TimePoint now) {
  if (const auto unsaid = complaints_.may_say("end " + std::string(to_string(door)), now)) {
    log::info("connection_ended", {{"socket", to_string(door)}, {"unsaid", *unsaid}});
  }
}

void Gatekeeper::drop_malformed(Door door, const Letter& letter, TimePoint now) {
  ++malformed_frames_;
  const std::string who = roster_.who(key_of(letter));
  if (const auto unsaid = complaints_.may_say("malformed " + std::string(to_string(door)) + who, now)) {
    log::warn("malformed_frame_dropped",
              {{"socket", to_string(door)}, {"bytes", letter.frame.size()}, {"key", who}, {"unsaid", *unsaid}});
  }
}

void Gatekeeper::drop_malformed(std::uint64_t count, TimePoint now) {
  if (count == 0) return;
  malformed_frames_ += count;
  if (const auto unsaid = complaints_.may_say("messages", now)) {
    log::warn("malformed_messages_dropped", {{"count", count}, {"unsaid", *unsaid}});
  }
}

}  // namespace pushjudge
