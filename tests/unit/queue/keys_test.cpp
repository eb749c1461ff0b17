#include "queue/keys.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "proto/base/unique_fd.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;

namespace {

mode_t mode_of(const std::string& path) {
  struct stat found {};
  REQUIRE(::stat(path.c_str(), &found) == 0);
  return found.st_mode & 0777;
}

}  // namespace

TEST_CASE("keys: a new pair is two files, the secret one for its owner alone, and is never overwritten") {
  const TemporaryFolder folder;
  const auto made = write_new_keys(folder.path(), "worker-7", Role::worker);
  REQUIRE(made);
  CHECK(is_key(*made));
  CHECK(mode_of(folder.file("worker-7.key")) == 0600);
  const auto secret = read_secret_key(folder.file("worker-7.key"));
  REQUIRE(secret);
  CHECK(public_key_of(*secret) == *made);
  CHECK(*secret != *made);
  const auto open = parse_public_key(read_file(folder.file("worker-7.pub")));
  REQUIRE(open);
  CHECK(open->role == Role::worker);
  CHECK(open->key == *made);

  CHECK(write_new_keys(folder.path(), "worker-7", Role::worker).error().code == Errc::conflict);
  CHECK(*read_secret_key(folder.file("worker-7.key")) == *secret);
  // Half of a pair is not left behind.
  folder.write("other.pub", "mine");
  CHECK(write_new_keys(folder.path(), "other", Role::worker).error().code == Errc::conflict);
  CHECK_FALSE(std::filesystem::exists(folder.file("other.key")));
  CHECK(read_file(folder.file("other.pub")) == "mine");
}

TEST_CASE("keys: names are plain") {
  for (const auto* name : {"a", "worker-7", "Worker_7.lab", "7"}) CHECK(is_key_name(name));
  for (const auto* name : {"", ".", "..", ".hidden", "-x", "a/b", "../x", "a b", "ä", "a\n"}) {
    CAPTURE(name);
    CHECK_FALSE(is_key_name(name));
    const TemporaryFolder folder;
    CHECK_FALSE(write_new_keys(folder.path(), name, Role::worker));
    CHECK(revoke(folder.path(), name).error().code == Errc::not_found);
  }
  CHECK(is_key_name(std::string(64, 'x')));
  CHECK_FALSE(is_key_name(std::string(65, 'x')));
}

TEST_CASE("keys: what is no public key is not taken for one") {
  const std::string key = make_keys().public_key;
  CHECK(parse_public_key("worker " + key)->role == Role::worker);
  CHECK(parse_public_key("gateway " + key + "\r\n")->key == key);
  CHECK(parse_public_key("server " + key + "\n")->role == Role::server);
  const std::string tail = key.substr(1);
  const std::vector<std::string> others{"",
                                        key,
                                        "worker",
                                        "worker ",
                                        "worker" + key,
                                        "admin " + key,
                                        "worker  " + key,
                                        "worker " + key + "x",
                                        "worker " + tail,
                                        "worker " + tail + "\"",
                                        "worker " + std::string(40, '#'),
                                        "worker " + tail + "\xff"};
  for (const std::string& text : others) {
    CAPTURE(text);
    CHECK_FALSE(parse_public_key(text));
  }
}

TEST_CASE("keys: a secret key that others may read, or that is none, is refused") {
  const TemporaryFolder folder;
  REQUIRE(write_new_keys(folder.path(), "w", Role::worker));
  const std::string file = folder.file("w.key");
  for (const mode_t mode : {0640, 0604, 0660}) {
    REQUIRE(::chmod(file.c_str(), mode) == 0);
    CHECK(read_secret_key(file).error().message.find("chmod 600") != std::string::npos);
  }
  REQUIRE(::chmod(file.c_str(), 0400) == 0);
  CHECK(read_secret_key(file));
  CHECK_FALSE(read_secret_key(folder.file("missing.key")));
  CHECK_FALSE(read_secret_key(folder.path()));
  folder.write("long.key", std::string(5'000, 'x'));
  REQUIRE(::chmod(folder.file("long.key").c_str(), 0600) == 0);
  CHECK(read_secret_key(folder.file("long.key")).error().message.find("too long") != std::string::npos);
}

TEST_CASE("keys: the core's own are made once, and kept") {
  const TemporaryFolder folder;
  const auto first = server_keys(folder.path());
  REQUIRE(first);
  CHECK(mode_of(folder.file("server.key")) == 0600);
  CHECK(parse_public_key(read_file(folder.file("server.pub")))->key == first->public_key);
  const auto second = server_keys(folder.path());
  REQUIRE(second);
  CHECK(second->public_key == first->public_key);
  CHECK(second->secret_key == first->secret_key);
  REQUIRE(::chmod(folder.file("server.key").c_str(), 0644) == 0);
  CHECK_FALSE(server_keys(folder.path()));
}

TEST_CASE("keys: whoever connects needs both, and the core's may be a file") {
  const TemporaryFolder folder;
  const auto own = write_new_keys(folder.path(), "w", Role::worker);
  const auto server = server_keys(folder.path());
  REQUIRE(own);
  REQUIRE(server);
  const std::string file = folder.file("w.key");
  const auto none = client_keys("", "");
  REQUIRE(none);
  CHECK_FALSE(none->has_value());
  for (const std::string& given : {folder.file("server.pub"), server->public_key}) {
    const auto keys = client_keys(file, given);
    REQUIRE(keys);
    REQUIRE(keys->has_value());
    CHECK((*keys)->own.public_key == *own);
    CHECK((*keys)->server == server->public_key);
  }
  CHECK(client_keys(file, "").error().message.find("--server-key") != std::string::npos);
  CHECK(client_keys("", server->public_key).error().message.find("--key") != std::string::npos);
  CHECK(client_keys(file, folder.file("w.pub")).error().message.find("server.pub") != std::string::npos);
  CHECK_FALSE(client_keys(file, folder.file("missing.pub")));
  CHECK_FALSE(client_keys(folder.file("missing.key"), server->public_key));
}

TEST_CASE("keys: the ring is what is in the folder, and what is no key there is said") {
  const TemporaryFolder folder;
  std::vector<std::string> left_out;
  CHECK(read_keyring(folder.path() / "missing", left_out)->empty());
  CHECK(left_out.empty());

  const auto a = write_new_keys(folder.path(), "a", Role::worker);
  const auto b = write_new_keys(folder.path(), "b", Role::gateway);
  REQUIRE(a);
  REQUIRE(b);
  const auto ring = read_keyring(folder.path(), left_out);
  REQUIRE(ring);
  CHECK(left_out.empty());
  CHECK(*ring == Keyring{{*a, {"a", Role::worker}}, {*b, {"b", Role::gateway}}});

  folder.write("c.pub", "worker " + *a);
  folder.write("d.pub", "nonsense");
  folder.write("e e.pub", "worker " + make_keys().public_key);
  folder.write("f.pub", "server " + make_keys().public_key);
  folder.write("notes.txt", "nothing");
  CHECK(*read_keyring(folder.path(), left_out) == *ring);
  CHECK(left_out.size() == 4);
}

TEST_CASE("keys: a folder that cannot be read tells nothing of who is enrolled") {
  const TemporaryFolder folder;
  REQUIRE(write_new_keys(folder.path(), "a", Role::worker));
  std::vector<std::string> left_out;
  CHECK(read_keyring(folder.file("a.pub"), left_out).error().code == Errc::unavailable);

  // With every descriptor in use.
  rlimit limits{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &limits) == 0);
  std::vector<UniqueFd> all;
  const rlimit few{64, limits.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
  for (;;) {
    UniqueFd another(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!another) break;
    all.push_back(std::move(another));
  }
  const auto without_folder = read_keyring(folder.path(), left_out);
  all.pop_back();
  const auto with_one = read_keyring(folder.path(), left_out);
  all.clear();
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &limits) == 0);
  CHECK_FALSE(without_folder);
  // The folder is closed before its files are opened, so that one is enough.
  CHECK(with_one);
  CHECK(left_out.empty());
}

TEST_CASE("keys: enrolling takes a public key once, and revoking removes it") {
  const TemporaryFolder there;
  const TemporaryFolder here;
  const auto keys = here.path() / "keys";
  const auto key = write_new_keys(there.path(), "w", Role::worker);
  REQUIRE(key);
  const auto enrolled = enrol(keys, there.file("w.pub"));
  REQUIRE(enrolled);
  CHECK(*enrolled == "w");
  std::vector<std::string> left_out;
  CHECK(read_keyring(keys, left_out)->contains(*key));
  CHECK(enrol(keys, there.file("w.pub")).error().code == Errc::conflict);
  there.write("x.pub", "worker " + *key);
  CHECK(enrol(keys, there.file("x.pub")).error().message.find("as w") != std::string::npos);
  // A secret is not taken for a public key, whatever it is called.
  CHECK_FALSE(enrol(keys, there.file("w.key")));
  there.write("w2.pub", read_file(there.file("w.key")));
  CHECK_FALSE(enrol(keys, there.file("w2.pub")));
  REQUIRE(server_keys(there.path()));
  CHECK_FALSE(enrol(keys, there.file("server.pub")));

  CHECK(revoke(keys, "w"));
  CHECK(read_keyring(keys, left_out)->empty());
  CHECK(revoke(keys, "w").error().code == Errc::not_found);
  CHECK(left_out.empty());
}
