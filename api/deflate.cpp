#include "api/deflate.hpp"

#include <boost/beast/zlib/deflate_stream.hpp>

#include "proto/base/result.hpp"

namespace pushjudge {
namespace {

namespace zlib = boost::beast::zlib;

constexpr int kLevel = 1;  // of 9: what is pushed is small and wanted soon
constexpr int kWindowBits = 15;
constexpr int kMemoryLevel = 8;
constexpr std::size_t kTailBytes = 4;  // 00 00 ff ff, which the receiver adds again

}  // namespace

std::string deflate(std::string_view payload) {
  static zlib::deflate_stream stream;  // a quarter of a megabyte, and so one for all
  stream.reset(kLevel, kWindowBits, kMemoryLevel, zlib::Strategy::normal);
  std::string out(stream.upper_bound(payload.size()) + kTailBytes + 1, '\0');
  zlib::z_params params;
  params.next_in = payload.data();
  params.avail_in = payload.size();
  params.next_out = out.data();
  params.avail_out = out.size();
  boost::system::error_code failed;
  stream.write(params, zlib::Flush::sync, failed);
  PJ_ASSERT(!failed && params.avail_in == 0 && params.total_out >= kTailBytes);
  out.resize(params.total_out - kTailBytes);
  return out;
}

}  // namespace pushjudge
