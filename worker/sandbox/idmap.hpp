#pragma once

#include <sys/types.h>

#include <string>

#include "worker/sandbox/fd.hpp"

namespace pushjudge::sandbox {

// Which ids of the host a box uses. As root: two of its own that no user has and no other box on this host uses while
// this object lives (the claim is a name in the abstract socket namespace, which ends with the process). As an ordinary
// user: the user's own, mapped to the program's id.
class IdMap {
 public:
  // False: `error` says why there are no ids.
  [[nodiscard]] bool claim(std::string& error);

  // Writes the maps of `pid`, which waits in its new user namespace. Returns an errno.
  [[nodiscard]] int write(pid_t pid) const;

  [[nodiscard]] bool two_ids() const { return two_ids_; }
  [[nodiscard]] uid_t program_uid() const { return program_uid_; }
  [[nodiscard]] gid_t program_gid() const { return program_gid_; }

 private:
  Fd claim_;
  bool two_ids_ = false;
  uid_t init_uid_ = 0;
  uid_t program_uid_ = 0;
  gid_t program_gid_ = 0;
};

}  // namespace pushjudge::sandbox
