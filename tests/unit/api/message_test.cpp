#include "api/message.hpp"

#include <doctest/doctest.h>

#include <boost/beast/zlib/inflate_stream.hpp>
#include <random>

using namespace pushjudge;

namespace {

std::string header_of(std::size_t payload_bytes, bool binary) {
  const SharedMessage message = make_message(std::string(payload_bytes, 'x'), binary);
  CHECK(message->payload().size() == payload_bytes);
  CHECK(message->binary() == binary);
  return message->frame().substr(0, message->frame().size() - payload_bytes);
}

// As a receiver does it: the tail that was left out is added first (RFC 7692, section 7.2.2).
std::string inflate(std::string deflated) {
  namespace zlib = boost::beast::zlib;
  deflated += std::string("\0\0\xff\xff", 4);
  std::string out(1 << 20, '\0');
  zlib::inflate_stream stream;
  zlib::z_params params;
  params.next_in = deflated.data();
  params.avail_in = deflated.size();
  params.next_out = out.data();
  params.avail_out = out.size();
  boost::system::error_code failed;
  stream.write(params, zlib::Flush::sync, failed);
  CHECK(!failed);
  out.resize(params.total_out);
  return out;
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

TEST_CASE("message: to an event stream it is a chunk") {
  CHECK(make_chunk("0123456789abcdef0")->frame() == "11\r\n0123456789abcdef0\r\n");
  CHECK(make_chunk("0123456789abcdef0")->payload() == "0123456789abcdef0");
}

TEST_CASE("message: is compressed by itself, with RSV1, and reads as the payload again") {
  std::string payload;
  for (int i = 0; i < 40; ++i) payload += "{\"type\":\"event\",\"seq\":" + std::to_string(i) + "}";
  const SharedMessage message = make_text(payload);
  const std::string& frame = message->deflated_frame();
  CHECK(static_cast<unsigned char>(frame.at(0)) == 0xc1);
  CHECK(frame.size() < payload.size() / 2);
  CHECK(&message->deflated_frame() == &frame);  // made once
  const std::size_t header = frame.size() < 126 + 2 ? 2 : 4;
  CHECK(inflate(frame.substr(header)) == payload);
  // What went before it leaves no trace.
  CHECK(make_text(payload)->deflated_frame() == frame);
}

TEST_CASE("message: what compression does not make smaller is sent as it is") {
  CHECK(make_text("short")->deflated_frame() == make_text("short")->frame());
  std::string noise;
  std::minstd_rand dice(1);
  for (int i = 0; i < 1'000; ++i) noise += static_cast<char>(dice() >> 8 & 0xff);
  const SharedMessage message = make_message(noise, true);
  CHECK(message->deflated_frame() == message->frame());
}
