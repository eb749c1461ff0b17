#include "tests/support/zip_file.hpp"

#include <zlib.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace pushjudge::testing {

namespace {

constexpr std::uint16_t kDeflate = 8;
constexpr std::uint16_t kByUnix = 3 << 8 | 20;  // version 2.0, whose modes are those of Unix
constexpr std::size_t kCountMax = 0xffff;       // more entries need the records of 64 bits

// Numbers stand least byte first.
void put(std::string& bytes, std::uint64_t number, int size) {
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(number >> (8 * i));
}

std::string deflated(const std::string& content) {
  z_stream stream{};
  if (::deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  std::string packed(::deflateBound(&stream, content.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  if (::deflate(&stream, Z_FINISH) != Z_STREAM_END) std::abort();
  packed.resize(stream.total_out);
  ::deflateEnd(&stream);
  return packed;
}

// What the header before the content and the one in the directory have in common.
std::string common(const ZipEntry& entry, std::size_t packed_size) {
  std::string bytes;
  put(bytes, 20, 2);  // needs version 2.0
  put(bytes, entry.flags, 2);
  put(bytes, entry.deflated ? kDeflate : entry.method, 2);
  put(bytes, 0, 2);       // midnight
  put(bytes, 0x5b21, 2);  // 2025-09-01
  const auto* content = reinterpret_cast<const Bytef*>(entry.content.data());
  put(bytes, entry.claimed_crc.value_or(::crc32(0, content, static_cast<uInt>(entry.content.size()))), 4);
  put(bytes, packed_size, 4);
  put(bytes, entry.claimed_size.value_or(entry.content.size()), 4);
  put(bytes, entry.name.size(), 2);
  put(bytes, 0, 2);  // no extra field
  return bytes;
}

void put_end(std::string& zip, std::size_t count, std::size_t directory, std::size_t size) {
  if (count > kCountMax) {
    const auto record = zip.size();
    zip += "PK\6\6";
    put(zip, 44, 8);
    put(zip, 45, 2);
    put(zip, 45, 2);
    put(zip, 0, 8);
    put(zip, count, 8);
    put(zip, count, 8);
    put(zip, size, 8);
    put(zip, directory, 8);
    zip += "PK\6\7";
    put(zip, 0, 4);
    put(zip, record, 8);
    put(zip, 1, 4);
    count = kCountMax;
  }
  zip += "PK\5\6";
  put(zip, 0, 4);
  put(zip, count, 2);
  put(zip, count, 2);
  put(zip, size, 4);
  put(zip, directory, 4);
  put(zip, 0, 2);
}

}  // namespace

std::string zip_of(const std::vector<ZipEntry>& entries) {
  std::string zip;
  std::string directory;
  for (const auto& entry : entries) {
    const auto offset = zip.size();
    const auto packed = entry.deflated ? deflated(entry.content) : entry.content;
    const auto header = common(entry, packed.size());
    zip += "PK\3\4" + header + entry.name + packed;
    directory += "PK\1\2";
    put(directory, kByUnix, 2);
    directory += header;
    put(directory, 0, 2);  // no comment
    put(directory, 0, 2);
    put(directory, 0, 2);
    put(directory, std::uint64_t{entry.mode} << 16, 4);
    put(directory, offset, 4);
    directory += entry.name;
  }
  const auto start = zip.size();
  zip += directory;
  put_end(zip, entries.size(), start, directory.size());
  return zip;
}

std::string zip_of_folder(const std::filesystem::path& folder) {
  std::vector<ZipEntry> entries;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    std::ifstream stream(file.path(), std::ios::binary);
    entries.push_back({file.path().lexically_relative(folder), {std::istreambuf_iterator<char>(stream), {}}});
  }
  return zip_of(entries);
}

}  // namespace pushjudge::testing
