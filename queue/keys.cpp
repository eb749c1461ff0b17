#include "queue/keys.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <memory>

#include "proto/base/names.hpp"
#include "proto/base/unique_fd.hpp"

namespace pushjudge {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameCharactersMax = 64;
constexpr std::size_t kFileBytesMax = 4'096;
constexpr mode_t kSecretMode = 0600;
constexpr mode_t kPublicMode = 0644;
constexpr std::array<std::string_view, 3> kRoles{"worker", "gateway", "server"};

Error failure(const std::string& what, const fs::path& path) {
  Errc code = Errc::unavailable;
  if (errno == EEXIST) code = Errc::conflict;
  if (errno == ENOENT) code = Errc::not_found;
  // Ours, and over in a moment; it says nothing of the file.
  if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) code = Errc::busy;
  return Error{code, "cannot " + what + " " + path.string() + ": " + std::strerror(errno)};
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  return text;
}

// A new file, or none: whoever finds it finds it whole after a power cut too.
Result<void> write_new(const fs::path& path, const std::string& text, mode_t mode) {
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!file) return failure("make", path);
  const auto written = ::write(file.get(), text.data(), text.size());
  if (written != static_cast<ssize_t>(text.size()) || ::fsync(file.get()) != 0) {
    const Error error = failure("write", path);
    ::unlink(path.c_str());
    return error;
  }
  return {};
}

// Not for a pipe or a device that somebody put there: opening must not wait, reading must end.
Result<std::string> read_small(const UniqueFd& file, const fs::path& path) {
  std::string text(kFileBytesMax + 1, '\0');
  const auto got = ::read(file.get(), text.data(), text.size());
  if (got < 0) return failure("read", path);
  if (static_cast<std::size_t>(got) > kFileBytesMax)
    return Error{Errc::invalid, path.string() + " is too long for a key"};
  text.resize(static_cast<std::size_t>(got));
  return text;
}

Result<UniqueFd> open_file(const fs::path& path, struct stat& found) {
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file || ::fstat(file.get(), &found) != 0) return failure("read", path);
  if (!S_ISREG(found.st_mode)) return Error{Errc::invalid, path.string() + " is no file"};
  return file;
}

Result<PublicKey> read_public_key(const fs::path& path) {
  struct stat found {};
  const auto file = open_file(path, found);
  if (!file) return file.error();
  const auto text = read_small(*file, path);
  if (!text) return text.error();
  auto key = parse_public_key(*text);
  if (!key) return Error{key.error().code, path.string() + " " + key.error().message};
  return key;
}

std::string public_line(Role role, const std::string& key) {
  return std::string(to_string(role)) + " " + key + "\n";
}

fs::path enrolled_file(const fs::path& folder, const std::string& name) {
  return folder / (name + ".pub");
}

}  // namespace

std::string_view to_string(Role role) {
  return name_of(kRoles, role);
}

std::optional<Role> role_from(std::string_view text) {
  return with_name<Role>(kRoles, text);
}

bool is_key_name(std::string_view name) {
  const auto letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  return !name.empty() && name.size() <= kNameCharactersMax && letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || c == '.' || c == '_' || c == '-'; });
}

Result<PublicKey> parse_public_key(std::string_view text) {
  const std::string_view line = trimmed(text);
  const auto space = line.find(' ');
  const auto role = role_from(line.substr(0, space));
  if (space == std::string_view::npos || !role) {
    return Error{Errc::invalid, "does not begin with worker, gateway or server"};
  }
  const std::string_view key = line.substr(space + 1);
  if (!is_key(key)) return Error{Errc::invalid, "holds no key of 40 characters"};
  return PublicKey{*role, std::string(key)};
}

Result<std::string> write_new_keys(const fs::path& folder, const std::string& name, Role role) {
  if (!is_key_name(name)) {
    return Error{Errc::invalid, "'" + name + "' is no name for a key: letters, digits, '.', '_' and '-'"};
  }
  const KeyPair pair = make_keys();
  const fs::path secret_file = folder / (name + ".key");
  if (auto written = write_new(secret_file, pair.secret_key + "\n", kSecretMode); !written) return written.error();
  auto written = write_new(folder / (name + ".pub"), public_line(role, pair.public_key), kPublicMode);
  if (!written) {
    ::unlink(secret_file.c_str());
    return written.error();
  }
  return pair.public_key;
}

Result<std::string> read_secret_key(const fs::path& path) {
  struct stat found {};
  const auto file = open_file(path, found);
  if (!file) return file.error();
  if ((found.st_mode & 077) != 0) {
    return Error{Errc::invalid, path.string() + " may be read by others: chmod 600 it, and make a new key if one has"};
  }
  const auto text = read_small(*file, path);
  if (!text) return text.error();
  std::string key(trimmed(*text));
  if (!is_key(key)) return Error{Errc::invalid, path.string() + " holds no key of 40 characters"};
  return key;
}

Result<KeyPair> server_keys(const fs::path& data) {
  const fs::path secret_file = data / "server.key";
  std::error_code failed;
  if (!fs::exists(secret_file, failed)) {
    // Beside a secret that is gone it is of no use to anybody.
    fs::remove(data / "server.pub", failed);
    if (auto made = write_new_keys(data, "server", Role::server); !made) return made.error();
  }
  auto secret = read_secret_key(secret_file);
  if (!secret) return secret.error();
  return KeyPair{public_key_of(*secret), *std::move(secret)};
}

Result<std::optional<ClientKeys>> client_keys(const std::string& key_file, const std::string& server_key) {
  if (key_file.empty() && server_key.empty()) return std::optional<ClientKeys>{};
  if (key_file.empty()) return Error{Errc::invalid, "a server key is given, and no key of our own (--key)"};
  if (server_key.empty()) return Error{Errc::invalid, "a key is given, and not the core's (--server-key)"};
  auto secret = read_secret_key(key_file);
  if (!secret) return secret.error();
  ClientKeys keys;
  keys.own = {public_key_of(*secret), *std::move(secret)};
  // A path may be 40 characters of the same alphabet.
  std::error_code failed;
  if (is_key(server_key) && !fs::exists(server_key, failed)) {
    keys.server = server_key;
    return std::optional(keys);
  }
  const auto server = read_public_key(server_key);
  if (!server) return server.error();
  if (server->role != Role::server) {
    return Error{Errc::invalid, server_key + " is the key of a " + std::string(to_string(server->role)) +
                                    ", not of a core: take the core's server.pub"};
  }
  keys.server = server->key;
  return std::optional(keys);
}

Result<Keyring> read_keyring(const fs::path& folder, std::vector<std::string>& left_out) {
  struct Close {
    void operator()(DIR* opened) const { ::closedir(opened); }
  };
  std::unique_ptr<DIR, Close> opened(::opendir(folder.c_str()));
  if (!opened && errno == ENOENT) return Keyring{};
  const auto unreadable = [&folder](int code) {
    return Error{Errc::unavailable, "cannot read " + folder.string() + ": " + std::strerror(code)};
  };
  if (!opened) return unreadable(errno);
  std::vector<fs::path> files;
  errno = 0;  // by which an end is told from a failure (readdir(3))
  while (const dirent* entry = ::readdir(opened.get())) {
    fs::path file = folder / entry->d_name;
    if (file.extension() == ".pub") files.push_back(std::move(file));
    errno = 0;
  }
  if (errno != 0) return unreadable(errno);
  opened.reset();  // so that one descriptor is enough for it and then for its files
  // So that of two files with one key it is always the same one that counts.
  std::sort(files.begin(), files.end());
  Keyring ring;
  for (const fs::path& file : files) {
    const std::string name = file.stem();
    const auto key = read_public_key(file);
    if (!key && key.error().code == Errc::busy) return key.error();
    if (!key) {
      // Not there any more: it was revoked while we looked.
      if (key.error().code != Errc::not_found) left_out.push_back(key.error().message);
    } else if (!is_key_name(name)) {
      left_out.push_back(file.string() + " has no name for a key");
    } else if (key->role == Role::server) {
      left_out.push_back(file.string() + " is the key of a core");
    } else if (!ring.emplace(key->key, Enrolled{name, key->role}).second) {
      left_out.push_back(file.string() + " has the key of " + ring.at(key->key).name);
    }
  }
  return ring;
}

Result<std::string> enrol(const fs::path& folder, const fs::path& public_key_file) {
  const std::string name = public_key_file.stem();
  if (!is_key_name(name) || public_key_file.extension() != ".pub") {
    return Error{Errc::invalid, "'" + public_key_file.string() + "' is not called NAME.pub"};
  }
  const auto key = read_public_key(public_key_file);
  if (!key) return key.error();
  if (key->role == Role::server) return Error{Errc::invalid, "a core is not enrolled with itself"};
  std::error_code failed;
  fs::create_directories(folder, failed);
  fs::permissions(folder, fs::perms::owner_all, failed);
  if (failed) return Error{Errc::unavailable, "cannot make " + folder.string() + ": " + failed.message()};
  std::vector<std::string> left_out;
  const auto ring = read_keyring(folder, left_out);
  if (!ring) return ring.error();
  if (const auto known = ring->find(key->key); known != ring->end()) {
    return Error{Errc::conflict, "the key is enrolled already, as " + known->second.name};
  }
  auto written = write_new(enrolled_file(folder, name), public_line(key->role, key->key), kPublicMode);
  if (!written) return written.error();
  return name;
}

Result<void> revoke(const fs::path& folder, const std::string& name) {
  if (!is_key_name(name) || ::unlink(enrolled_file(folder, name).c_str()) != 0) {
    return Error{Errc::not_found, "nobody called '" + name + "' is enrolled in " + folder.string()};
  }
  return {};
}

}  // namespace pushjudge
