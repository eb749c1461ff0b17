#include "api/broadcast_room.hpp"

namespace pushjudge {

class BroadcastRoom::Member final : public SocketUser {
 public:
  Member(BroadcastRoom& room, Socket& socket) : room_(room), socket_(socket) {}

  void on_open() override {
    static const auto greeting = std::make_shared<const std::string>(kBroadcastGreeting);
    index_ = room_.members_.size();
    room_.members_.push_back(this);
    socket_.send(greeting, false);
  }

  boost::asio::awaitable<void> on_message(bool binary, std::string data) override {
    if (room_.relay_) room_.relay_(binary, data);
    room_.tell_all(binary, std::move(data));
    co_return;
  }

  void on_closed() override {
    room_.members_[index_] = room_.members_.back();
    room_.members_[index_]->index_ = index_;
    room_.members_.pop_back();
  }

  Socket& socket() { return socket_; }

 private:
  BroadcastRoom& room_;
  Socket& socket_;
  std::size_t index_ = 0;  // in the room's list
};

std::shared_ptr<SocketUser> BroadcastRoom::make_member(Socket& socket) {
  return std::make_shared<Member>(*this, socket);
}

void BroadcastRoom::tell_all(bool binary, std::string data) {
  const auto shared = std::make_shared<const std::string>(std::move(data));
  for (Member* member : members_) member->socket().send(shared, binary);
}

}  // namespace pushjudge
