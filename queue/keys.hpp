#pragma once

// Keys of the wire (CURVE): who a worker, a gateway or the core is, and the files they are kept in. Plain functions on
// files; any thread. A key is 40 characters of Z85 (ZeroMQ RFC 32).
//
//   NAME.key            one line, the secret key; mode 0600, and refused when others may read it
//   NAME.pub            one line, "worker PUBLIC", "gateway PUBLIC" or "server PUBLIC"
//   DATA/server.key     the core's own, made when it first listens on tcp; DATA/server.pub beside it
//   DATA/keys/NAME.pub  one for each worker and gateway that is let in: adding the file enrols, removing it revokes

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.hpp"
#include "queue/socket.hpp"

namespace pushjudge {

enum class Role { worker, gateway, server };

std::string_view to_string(Role role);
std::optional<Role> role_from(std::string_view text);

// Of a key file, without its ending: letters, digits, '.', '_' and '-', at most 64, beginning with a letter or digit.
bool is_key_name(std::string_view name);

// What a NAME.pub says.
struct PublicKey {
  Role role = Role::worker;
  std::string key;
};
Result<PublicKey> parse_public_key(std::string_view text);

// Makes a pair and writes FOLDER/NAME.key and FOLDER/NAME.pub; gives the public key. Error `conflict` when either is
// there already: a key is never overwritten.
Result<std::string> write_new_keys(const std::filesystem::path& folder, const std::string& name, Role role);

Result<std::string> read_secret_key(const std::filesystem::path& file);

// The core's own pair, from DATA/server.key; made when there is none.
Result<KeyPair> server_keys(const std::filesystem::path& data);

// What a worker or gateway needs to come by tcp: its secret key's file, and the core's public key, which is given as
// such or as the file that holds it. Nothing when both are empty; an error when one is.
Result<std::optional<ClientKeys>> client_keys(const std::string& key_file, const std::string& server_key);

struct Enrolled {
  std::string name;
  Role role = Role::worker;
  bool operator==(const Enrolled&) const = default;
};
using Keyring = std::map<std::string, Enrolled>;  // by public key

// Everybody who is enrolled in the folder. What is no key is left out, and said in `left_out`, a sentence each. A
// folder that is missing enrols nobody. An error when it cannot be told who is: then nobody is to be taken for revoked.
Result<Keyring> read_keyring(const std::filesystem::path& folder, std::vector<std::string>& left_out);

// Copies a NAME.pub into the folder, which is made if it is missing; gives the name. Error `conflict` when the name or
// the key is enrolled already.
Result<std::string> enrol(const std::filesystem::path& folder, const std::filesystem::path& public_key_file);
// Error `not_found` when nobody of that name is enrolled.
Result<void> revoke(const std::filesystem::path& folder, const std::string& name);

}  // namespace pushjudge
