#pragma once

// Copies of a database, and how one takes the place of a database that was lost. Blocking; any thread. Throw
// std::runtime_error, with the file's name, for whatever goes wrong; then no file of the wanted name was made.

#include <string>

namespace pushjudge {

// Writes one committed state of the database, which a core may have open and be writing to, into a new file; durable
// when this returns. Refuses where the file exists.
void back_up(const std::string& database, const std::string& copy);

// Makes a database of a copy. What clients remember of the lost one may lie ahead of the copy, so it gets a new epoch;
// and what workers still run for it must not be taken for work of the new one, so its incarnation lies above all that
// came before. Refuses where the database exists.
void restore(const std::string& copy, const std::string& database);

}  // namespace pushjudge
