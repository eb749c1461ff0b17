#include "api/packages/zip.hpp"

#include <zip.h>

#include <memory>

namespace pushjudge::packages {

namespace {

struct FreeZipSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
struct DiscardZip {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};

Error zip_failed(const std::string& what) {
  return {Errc::internal, "no zip archive can be made: " + what};
}

Result<std::string> content_of(zip_source_t* source) {
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_source_stat(source, &stat) != 0 || zip_source_open(source) != 0) return zip_failed("it cannot be read back");
  std::string bytes(stat.size, '\0');
  const auto read = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  if (read != static_cast<zip_int64_t>(bytes.size())) return zip_failed("it cannot be read back");
  return bytes;
}

}  // namespace

Result<std::string> zip_archive(const std::vector<NamedBytes>& files) {
  zip_error_t error;
  zip_error_init(&error);
  const std::unique_ptr<zip_source_t, FreeZipSource> buffer(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (!buffer) return zip_failed("out of memory");
  std::unique_ptr<zip_t, DiscardZip> archive(zip_open_from_source(buffer.get(), ZIP_TRUNCATE, &error));
  if (!archive) return zip_failed(zip_error_strerror(&error));
  // The archive owns a reference of its own, which closing it gives back; the content is read from ours.
  zip_source_keep(buffer.get());
  for (const auto& [name, bytes] : files) {
    std::unique_ptr<zip_source_t, FreeZipSource> source(
        zip_source_buffer(archive.get(), bytes.data(), bytes.size(), 0));
    if (!source || zip_file_add(archive.get(), name.c_str(), source.get(), ZIP_FL_ENC_UTF_8) < 0) {
      return zip_failed(zip_strerror(archive.get()));
    }
    static_cast<void>(source.release());
  }
  if (zip_close(archive.get()) != 0) return zip_failed(zip_strerror(archive.get()));
  static_cast<void>(archive.release());
  return content_of(buffer.get());
}

}  // namespace pushjudge::packages
