#include "api/broadcast_room.hpp"

#include <utility>

namespace pushjudge {

class BroadcastRoom::Member final : public SocketUser {
 public:
  Member(BroadcastRoom& room, Socket& socket) : room_(room), socket_(socket) {}

  void on_open() override {
    static const SharedMessage greeting = make_text(kBroadcastGreeting);
    room_.deliver();  // what was said before is not for the newcomer
    index_ = room_.members_.size();
    room_.members_.push_back(this);
    socket_.send(greeting);
  }

  void on_message(bool binary, std::string data) override {
    if (room_.relay_) room_.relay_(binary, data);
    room_.tell_all(binary, data);
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

void BroadcastRoom::tell_all(bool binary, std::string_view data) {
  if (said_.empty()) round_.before_writing([this] { deliver(); });
  round_.note_news();
  said_.push_back(make_message(data, binary));
}

void BroadcastRoom::deliver() {
  const auto said = std::exchange(said_, {});
  if (said.empty()) return;
  for (Member* member : members_) {
    for (const SharedMessage& message : said) member->socket().send(message);
  }
}

}  // namespace pushjudge
