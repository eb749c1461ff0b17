#include "api/echo.hpp"

namespace pushjudge {
namespace {

class Echo final : public SocketUser {
 public:
  explicit Echo(Socket& socket) : socket_(socket) {}

  void on_open() override {}
  void on_message(bool binary, std::string data) override { socket_.send(make_message(data, binary)); }
  void on_closed() override {}

 private:
  Socket& socket_;
};

}  // namespace

std::shared_ptr<SocketUser> make_echo(Socket& socket) {
  return std::make_shared<Echo>(socket);
}

}  // namespace pushjudge
