#include "worker/archive.hpp"

#include <sys/stat.h>
#include <zip.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "worker/sandbox/spec.hpp"

namespace pushjudge {

namespace {

using Archive = std::unique_ptr<zip_t, decltype(&zip_discard)>;
using File = std::unique_ptr<zip_file_t, decltype(&zip_fclose)>;

constexpr std::size_t kNameShownBytesMax = 80;

Error invalid_archive(std::string reason) {
  return {Errc::invalid, std::move(reason)};
}

// A name for a message: it may hold anything, and may be as long as the format allows.
std::string shown(std::string_view name) {
  std::string text;
  for (const char c : name.substr(0, kNameShownBytesMax)) text += c >= ' ' && c <= '~' ? c : '?';
  return "'" + text + (name.size() > kNameShownBytesMax ? "...'" : "'");
}

std::string reason_of(zip_error_t* error) {
  std::string reason = zip_error_strerror(error);
  zip_error_fini(error);
  return reason;
}

Result<Archive> open_archive(std::string_view zip) {
  if (zip.empty()) return invalid_archive("this is no zip archive that can be read: it is empty");  // libzip takes it
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(zip.data(), zip.size(), 0, &error);
  if (source == nullptr) return Error{Errc::unavailable, reason_of(&error)};
  zip_t* opened = zip_open_from_source(source, ZIP_RDONLY, &error);
  if (opened == nullptr) {
    zip_source_free(source);
    return invalid_archive("this is no zip archive that can be read: " + reason_of(&error));
  }
  zip_error_fini(&error);
  return Archive(opened, zip_discard);
}

// What libzip makes a blank of, since its names end at a NUL, is seen by nobody: there is no file of that name then.
bool has_forbidden_characters(std::string_view name) {
  return std::ranges::any_of(name, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f' || c == '\\'; });
}

// Which names are taken, and by what.
class Names {
 public:
  explicit Names(std::size_t entries_max) : entries_max_(entries_max) {}

  // Nothing, or why there is no place for a file or folder of this name.
  std::optional<Error> add(const std::string& name, bool folder) {
    for (auto slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
      if (auto error = add_one(name.substr(0, slash), true)) return error;
    }
    return add_one(name, folder);
  }

 private:
  std::optional<Error> add_one(const std::string& name, bool folder) {
    const auto [place, added] = is_folder_.emplace(name, folder);
    if (!added) {
      if (place->second && folder) return std::nullopt;
      if (place->second != folder) return invalid_archive(shown(name) + " is both a file and a folder");
      return invalid_archive(shown(name) + " is there twice");
    }
    if (is_folder_.size() <= entries_max_) return std::nullopt;
    return Error{Errc::too_large, "there are more than " + std::to_string(entries_max_) + " files and folders"};
  }

  std::size_t entries_max_;
  std::map<std::string, bool> is_folder_;
};

class Unpacking {
 public:
  Unpacking(zip_t* archive, const UnpackLimits& limits)
      : archive_(archive), bytes_max_(limits.bytes), bytes_left_(limits.bytes), names_(limits.entries) {}

  std::optional<Error> take(zip_uint64_t index) {
    const char* raw = zip_get_name(archive_, index, ZIP_FL_ENC_RAW);
    if (raw == nullptr) return invalid_archive("the name of an entry cannot be read");
    std::string name = raw;
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    if (zip_file_get_external_attributes(archive_, index, 0, &system, &attributes) < 0) attributes = 0;
    // The upper half is the mode of a file, from whoever knows such a thing, and 0 from others.
    const auto mode = static_cast<mode_t>(attributes >> 16);
    const bool folder = name.ends_with('/') || S_ISDIR(mode);
    if ((mode & S_IFMT) != 0 && !S_ISREG(mode) && !S_ISDIR(mode)) {
      return invalid_archive(shown(name) + (S_ISLNK(mode) ? " is a symbolic link" : " is neither a file nor a folder"));
    }
    if (name.ends_with('/')) name.pop_back();
    if (name.starts_with("./")) name.erase(0, 2);  // some programs write all names like this
    if (folder && (name.empty() || name == ".")) return std::nullopt;
    if (has_forbidden_characters(name) || !sandbox::valid_box_path(name)) {
      return invalid_archive("the name " + shown(name) + " is not allowed");
    }
    if (auto error = names_.add(name, folder)) return error;
    Unpacked file{std::move(name), {}, !folder && (mode & S_IXUSR) != 0, folder};
    if (folder) {
      files_.push_back(std::move(file));
      return std::nullopt;
    }
    if (auto error = read_content(index, file)) return error;
    files_.push_back(std::move(file));
    return std::nullopt;
  }

  std::vector<Unpacked> files() && { return std::move(files_); }

 private:
  std::optional<Error> read_content(zip_uint64_t index, Unpacked& file) {
    const File opened(zip_fopen_index(archive_, index, 0), zip_fclose);
    if (!opened) return unreadable(file, zip_get_error(archive_));
    std::array<char, 64 << 10> piece;
    while (true) {
      const auto got = zip_fread(opened.get(), piece.data(), piece.size());
      if (got < 0) return unreadable(file, zip_file_get_error(opened.get()));
      if (got == 0) return std::nullopt;
      const auto size = static_cast<std::size_t>(got);
      if (size > bytes_left_) {
        return Error{Errc::too_large,
                     "unpacked, the files are more than " + std::to_string(bytes_max_ / 1024) + " kB together"};
      }
      bytes_left_ -= size;
      file.content.append(piece.data(), size);
    }
  }

  static Error unreadable(const Unpacked& file, zip_error_t* error) {
    return invalid_archive(shown(file.name) + " cannot be read: " + zip_error_strerror(error));
  }

  zip_t* archive_;
  std::uint64_t bytes_max_;
  std::uint64_t bytes_left_;
  Names names_;
  std::vector<Unpacked> files_;
};

}  // namespace

Result<std::vector<Unpacked>> unpack(std::string_view zip, const UnpackLimits& limits) {
  const auto archive = open_archive(zip);
  if (!archive) return archive.error();
  const auto count = zip_get_num_entries(archive->get(), 0);
  if (count < 0 || static_cast<std::uint64_t>(count) > limits.entries) {
    return Error{Errc::too_large, "there are more than " + std::to_string(limits.entries) + " files and folders"};
  }
  Unpacking unpacking(archive->get(), limits);
  for (zip_uint64_t index = 0; index < static_cast<zip_uint64_t>(count); ++index) {
    if (auto error = unpacking.take(index)) return *std::move(error);
  }
  return std::move(unpacking).files();
}

}  // namespace pushjudge
