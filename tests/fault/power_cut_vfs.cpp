#include "tests/fault/power_cut_vfs.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <mutex>
#include <new>
#include <stdexcept>
#include <utility>

namespace pushjudge::testing {
namespace {

constexpr const char* kName = "power-cut";

// Set while SQLite's own file system syncs: whether it synced a folder too.
thread_local bool folder_synced = false;
int (*open_folder)(const char*, int*) = nullptr;

int note_open_folder(const char* path, int* descriptor) {
  folder_synced = true;
  return open_folder(path, descriptor);
}

}  // namespace

struct PowerCutVfs::Shim : sqlite3_vfs {
  // One open file. SQLite gives the memory; the real file follows in it.
  struct File : sqlite3_file {
    Shim* shim = nullptr;
    std::string path;  // empty: a temporary file, which nothing is kept of

    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  };

  static Shim& of(sqlite3_vfs* vfs) { return *static_cast<Shim*>(vfs); }
  static File& of(sqlite3_file* file) { return *static_cast<File*>(file); }

  explicit Shim(sqlite3_vfs* system) : sqlite3_vfs(*system), real(system) {
    zName = kName;
    pNext = nullptr;
    szOsFile = static_cast<int>(sizeof(File)) + system->szOsFile;
    xOpen = &Shim::open;
    xDelete = &Shim::remove;
    fill_methods();
  }

  // Whether this call is to fail. Under the lock.
  bool fails(Calls kind) {
    if (fault.calls != kind) return false;
    ++counted;
    const bool failing = counted >= fault.first && counted - fault.first < fault.count;
    if (failing) ++failures;
    return failing;
  }
  void tell() const {
    if (watcher) watcher(disk);
  }

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* raw, int flags, int* flags_out) {
    Shim& shim = of(vfs);
    auto* file = new (raw) File;
    file->shim = &shim;
    file->pMethods = nullptr;
    const int code = shim.real->xOpen(shim.real, path, file->real(), flags, flags_out);
    if (code != SQLITE_OK) {
      file->~File();
      return code;
    }
    file->pMethods = &shim.methods;
    if (path != nullptr && (flags & SQLITE_OPEN_DELETEONCLOSE) == 0) {
      const std::lock_guard lock(shim.mutex);
      file->path = path;
      shim.disk.open(file->path);
    }
    return code;
  }

  static int remove(sqlite3_vfs* vfs, const char* path, int sync_folder) {
    Shim& shim = of(vfs);
    const int code = shim.real->xDelete(shim.real, path, sync_folder);
    const std::lock_guard lock(shim.mutex);
    if (code == SQLITE_OK) {
      shim.disk.remove(path);
      if (sync_folder != 0) shim.disk.sync_folder(folder_of(path));
      shim.tell();
    }
    return code;
  }

  static int close(sqlite3_file* raw) {
    File& file = of(raw);
    const int code = file.real()->pMethods->xClose(file.real());
    file.~File();
    return code;
  }

  static int read(sqlite3_file* raw, void* bytes, int count, sqlite3_int64 offset) {
    File& file = of(raw);
    {
      const std::lock_guard lock(file.shim->mutex);
      if (file.shim->fails(Calls::reads)) return SQLITE_IOERR_READ;
    }
    return file.real()->pMethods->xRead(file.real(), bytes, count, offset);
  }

  static int write(sqlite3_file* raw, const void* bytes, int count, sqlite3_int64 offset) {
    File& file = of(raw);
    Shim& shim = *file.shim;
    const std::lock_guard lock(shim.mutex);
    const bool failing = shim.fails(Calls::writes);
    // A disk that is full has often taken a part.
    const int taken = failing ? count / 2 : count;
    const int code = file.real()->pMethods->xWrite(file.real(), bytes, taken, offset);
    if (code != SQLITE_OK) return code;
    if (!file.path.empty()) {
      shim.disk.write(file.path, static_cast<std::uint64_t>(offset),
                      {static_cast<const char*>(bytes), static_cast<std::size_t>(taken)});
      shim.tell();
    }
    if (failing) return shim.fault.full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    return SQLITE_OK;
  }

  static int truncate(sqlite3_file* raw, sqlite3_int64 size) {
    File& file = of(raw);
    Shim& shim = *file.shim;
    const std::lock_guard lock(shim.mutex);
    if (shim.fails(Calls::writes)) return SQLITE_IOERR_TRUNCATE;
    const int code = file.real()->pMethods->xTruncate(file.real(), size);
    if (code == SQLITE_OK && !file.path.empty()) {
      shim.disk.truncate(file.path, static_cast<std::uint64_t>(size));
      shim.tell();
    }
    return code;
  }

  static int sync(sqlite3_file* raw, int flags) {
    File& file = of(raw);
    Shim& shim = *file.shim;
    const std::lock_guard lock(shim.mutex);
    if (shim.fails(Calls::writes)) return SQLITE_IOERR_FSYNC;
    folder_synced = false;
    if (file.path.empty()) return SQLITE_OK;
    if (!shim.disk.knows(file.path)) {
      const int code = file.real()->pMethods->xSync(file.real(), flags);
      if (code != SQLITE_OK) return code;
    }
    shim.tell();
    shim.disk.sync(file.path);
    if (folder_synced) shim.disk.sync_folder(folder_of(file.path));
    shim.tell();
    return SQLITE_OK;
  }

  // SQLite asks the file first what it makes of a PRAGMA; SQLITE_OK is: it is done.
  static int control(sqlite3_file* raw, int operation, void* argument) {
    File& file = of(raw);
    if (operation == SQLITE_FCNTL_PRAGMA) {
      const auto* words = static_cast<char**>(argument);
      const std::lock_guard lock(file.shim->mutex);
      const bool asks = words[2] != nullptr && std::string_view(words[1]) == "synchronous";
      if (asks && std::string_view(words[2]) == "FULL" && !file.shim->full_allowed) return SQLITE_OK;
    }
    return file.real()->pMethods->xFileControl(file.real(), operation, argument);
  }

  static int map_shared(sqlite3_file* raw, int region, int size, int extend, void volatile** memory) {
    File& file = of(raw);
    if (extend != 0) {
      const std::lock_guard lock(file.shim->mutex);
      if (file.shim->fails(Calls::writes)) return SQLITE_IOERR_SHMSIZE;
    }
    return file.real()->pMethods->xShmMap(file.real(), region, size, extend, memory);
  }

  // Everything else is the real file's. Version 2: without memory mapping, which would write past us.
  void fill_methods() {
    methods.iVersion = 2;
    methods.xClose = &Shim::close;
    methods.xRead = &Shim::read;
    methods.xWrite = &Shim::write;
    methods.xTruncate = &Shim::truncate;
    methods.xSync = &Shim::sync;
    methods.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
      return of(f).real()->pMethods->xFileSize(of(f).real(), size);
    };
    methods.xLock = [](sqlite3_file* f, int level) { return of(f).real()->pMethods->xLock(of(f).real(), level); };
    methods.xUnlock = [](sqlite3_file* f, int level) { return of(f).real()->pMethods->xUnlock(of(f).real(), level); };
    methods.xCheckReservedLock = [](sqlite3_file* f, int* reserved) {
      return of(f).real()->pMethods->xCheckReservedLock(of(f).real(), reserved);
    };
    methods.xFileControl = &Shim::control;
    methods.xSectorSize = [](sqlite3_file* f) { return of(f).real()->pMethods->xSectorSize(of(f).real()); };
    methods.xDeviceCharacteristics = [](sqlite3_file* f) {
      return of(f).real()->pMethods->xDeviceCharacteristics(of(f).real());
    };
    methods.xShmMap = &Shim::map_shared;
    methods.xShmLock = [](sqlite3_file* f, int offset, int count, int flags) {
      return of(f).real()->pMethods->xShmLock(of(f).real(), offset, count, flags);
    };
    methods.xShmBarrier = [](sqlite3_file* f) { of(f).real()->pMethods->xShmBarrier(of(f).real()); };
    methods.xShmUnmap = [](sqlite3_file* f, int remove_it) {
      return of(f).real()->pMethods->xShmUnmap(of(f).real(), remove_it);
    };
  }

  sqlite3_vfs* real;
  sqlite3_io_methods methods{};

  mutable std::mutex mutex;  // guards what follows
  Disk disk;
  Watcher watcher;
  Fault fault;
  bool full_allowed = true;
  std::uint64_t counted = 0;
  std::uint64_t failures = 0;
};

PowerCutVfs::PowerCutVfs() : shim_(std::make_unique<Shim>(sqlite3_vfs_find(nullptr))) {
  const sqlite3_syscall_ptr original = shim_->real->xGetSystemCall(shim_->real, "openDirectory");
  open_folder = reinterpret_cast<int (*)(const char*, int*)>(original);
  shim_->real->xSetSystemCall(shim_->real, "openDirectory", reinterpret_cast<sqlite3_syscall_ptr>(&note_open_folder));
  if (sqlite3_vfs_register(shim_.get(), 1) != SQLITE_OK) throw std::runtime_error("the file system is not taken");
}

PowerCutVfs::~PowerCutVfs() {
  sqlite3_vfs_unregister(shim_.get());
  sqlite3_vfs_register(shim_->real, 1);
  shim_->real->xSetSystemCall(shim_->real, "openDirectory", nullptr);
}

void PowerCutVfs::watch(Watcher watcher) {
  const std::lock_guard lock(shim_->mutex);
  shim_->watcher = std::move(watcher);
}

void PowerCutVfs::power_on(const Disk::Files& files) {
  for (const auto& [path, bytes] : files) {
    std::filesystem::create_directories(folder_of(path));
    std::ofstream(path, std::ios::binary) << bytes;
  }
  const std::lock_guard lock(shim_->mutex);
  shim_->disk.adopt(files);
}

void PowerCutVfs::forget(const std::string& folder) {
  const std::lock_guard lock(shim_->mutex);
  shim_->disk.forget(folder);
}

void PowerCutVfs::allow_synchronous_full(bool allowed) {
  const std::lock_guard lock(shim_->mutex);
  shim_->full_allowed = allowed;
}

void PowerCutVfs::inject(const Fault& fault) {
  const std::lock_guard lock(shim_->mutex);
  shim_->fault = fault;
  shim_->counted = 0;
  shim_->failures = 0;
}

std::uint64_t PowerCutVfs::calls() const {
  const std::lock_guard lock(shim_->mutex);
  return shim_->counted;
}

std::uint64_t PowerCutVfs::failed() const {
  const std::lock_guard lock(shim_->mutex);
  return shim_->failures;
}

}  // namespace pushjudge::testing
