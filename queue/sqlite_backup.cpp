#include "queue/sqlite_backup.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string_view>

#include "proto/base/unique_fd.hpp"
#include "proto/ids.hpp"
#include "queue/sqlite_schema.hpp"

namespace pushjudge {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& path, std::string_view what) {
  throw std::runtime_error(path + ": " + std::string(what));
}

void sync(const std::string& path, int flags) {
  const UniqueFd descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags));
  if (!descriptor || ::fsync(descriptor.get()) != 0) fail(path, std::strerror(errno));
}

// A file under another name until it is whole.
class Unfinished {
 public:
  explicit Unfinished(std::string wanted) : wanted_(std::move(wanted)), path_(wanted_ + ".unfinished") {
    if (fs::exists(wanted_)) fail(wanted_, "the file exists");
    // Nobody else may read it, and a link that somebody has put there is not followed.
    const UniqueFd made(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!made) fail(path_, std::strerror(errno));
  }
  ~Unfinished() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  const std::string& path() const { return path_; }

  void finish() {
    sync(path_, 0);
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, wanted_.c_str(), RENAME_NOREPLACE) != 0) {
      fail(wanted_, std::strerror(errno));
    }
    const fs::path folder = fs::absolute(wanted_).parent_path();
    sync(folder.string(), O_DIRECTORY);
  }

 private:
  std::string wanted_;
  std::string path_;
};

void check(SQLite::Database& database, const std::string& path) {
  const std::string found = database.execAndGet("PRAGMA integrity_check(1)").getString();
  if (found != "ok") fail(path, "the database is damaged: " + found);
  if (!database.tableExists("meta")) fail(path, "no database of pushjudge");
  const auto version = static_cast<std::size_t>(database.execAndGet("PRAGMA user_version").getInt());
  if (version > kSchemaSteps.size()) fail(path, "written by a newer version of pushjudge");
}

}  // namespace

void back_up(const std::string& database, const std::string& copy) {
  if (!fs::exists(database)) fail(database, "there is no database");
  Unfinished unfinished(copy);
  try {
    SQLite::Database source(database, SQLite::OPEN_READONLY);
    source.setBusyTimeout(5'000);
    SQLite::Statement vacuum(source, "VACUUM INTO ?");
    vacuum.bind(1, unfinished.path());
    vacuum.exec();
    SQLite::Database written(unfinished.path(), SQLite::OPEN_READONLY);
    check(written, copy);
  } catch (const SQLite::Exception& e) {
    fail(copy, e.what());
  }
  unfinished.finish();
}

void restore(const std::string& copy, const std::string& database) {
  if (!fs::exists(copy)) fail(copy, "there is no such file");
  Unfinished unfinished(database);
  for (const char* rest : {"-wal", "-journal"}) {
    // It would be taken for a part of the new one.
    if (fs::exists(database + rest)) {
      fail(database + rest, "the file exists: move what is left of the old database away");
    }
  }
  try {
    fs::copy_file(copy, unfinished.path(), fs::copy_options::overwrite_existing);
    fs::permissions(unfinished.path(), fs::perms::owner_read | fs::perms::owner_write);
    SQLite::Database made(unfinished.path(), SQLite::OPEN_READWRITE);
    check(made, copy);
    SQLite::Statement epoch(made, "UPDATE meta SET v = ? WHERE k = 'epoch'");
    epoch.bind(1, to_hex(random_uuid()));
    epoch.exec();
    made.exec(std::string(kRaiseIncarnation));
  } catch (const SQLite::Exception& e) {
    fail(copy, e.what());
  } catch (const fs::filesystem_error& e) {
    fail(copy, e.code().message());
  }
  unfinished.finish();
}

}  // namespace pushjudge
