#include "api/message.hpp"

#include <doctest/doctest.h>

using namespace pushjudge;

namespace {

std::string header_of(std::size_t payload_bytes, bool binary) {
  const SharedMessage message = make_message(std::string(payload_bytes, 'x'), binary);
  CHECK(message->payload().size() == payload_bytes);
  CHECK(message->binary() == binary);
  return message->frame().substr(0, message->frame().size() - payload_bytes);
}

}  // namespace

TEST_CASE("message: is framed as RFC 6455 says, with the shortest form of each length") {
  CHECK(header_of(0, false) == std::string("\x81\0", 2));
  CHECK(header_of(125, false) == "\x81\x7d");
  CHECK(header_of(126, true) == std::string("\x82\x7e\0\x7e", 4));
  CHECK(header_of(65535, false) == "\x81\x7e\xff\xff");
  CHECK(header_of(65536, true) == std::string("\x82\x7f\0\0\0\0\0\x01\0\0", 10));
}

TEST_CASE("message: the payload stands behind the header as it was given") {
  const SharedMessage message = make_message(std::string("\0\xff", 2), true);
  CHECK(message->payload() == std::string_view("\0\xff", 2));
  CHECK(message->frame() == std::string("\x82\x02\0\xff", 4));
}
