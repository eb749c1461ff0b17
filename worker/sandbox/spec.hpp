#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "worker/sandbox/wire.hpp"

// What is to be run in a box, as the worker says it, and how it travels to the sandbox: one message and descriptors.
namespace pushjudge::sandbox {

inline constexpr std::size_t kArgumentsMax = 512;
inline constexpr std::size_t kEnvironmentMax = 128;
inline constexpr std::size_t kFilesMax = 64;
inline constexpr std::size_t kCollectMax = 32;
inline constexpr std::size_t kPathBytesMax = 512;
inline constexpr std::size_t kPathDepthMax = 16;
inline constexpr std::size_t kSharedFilesMax = 4;  // kept by a box at a time
inline constexpr std::size_t kSharedBytesMax = 16U << 20;

// Every limit holds for the whole box: the program, its threads, its children and what it left behind; but for those
// that say that they are each process's.
struct Limits {
  std::uint64_t cpu_us = 2'000'000;
  std::uint64_t wall_us = 10'000'000;
  std::uint64_t memory_bytes = 256ULL << 20;  // anonymous memory and what the program writes to /box, /tmp, /dev/shm
  std::uint64_t stack_bytes = 0;              // RLIMIT_STACK; 0 means as much as memory_bytes
  std::uint64_t stdout_bytes = 1ULL << 20;    // one byte more ends the run with output_limit
  std::uint64_t stderr_bytes = 256ULL << 10;
  std::uint64_t file_bytes = 64ULL << 20;  // RLIMIT_FSIZE: the largest file; more is signal 25 (SIGXFSZ)
  std::uint64_t box_bytes = 128ULL << 20;  // size of each of /box, /tmp and /dev/shm
  std::uint64_t box_inodes = 8192;         // files and folders in each of them
  std::uint64_t processes = 64;            // processes and threads together
  std::uint64_t open_files = 256;
  std::uint64_t collect_bytes = 64ULL << 20;  // the largest collected file, and the largest archive
  std::uint64_t collect_entries = 4096;       // files in the archive
  // Of each process, beside those of the box; 0: none. CPU time goes by whole seconds, rounded up: a process gets
  // SIGXCPU, and SIGKILL a second later. Memory is address space, of which no more can be had then.
  std::uint64_t process_cpu_us = 0;
  std::uint64_t process_memory_bytes = 0;
  // The program has descriptor 3 besides, a pipe of its own whose content comes back as Outcome::answers; more than so
  // many bytes end the run with output_limit. 0: it has none.
  std::uint64_t answer_bytes = 0;
};

// A file to make in /box before the program starts, owned by the program.
struct PlacedFile {
  std::string name;           // relative to /box; folders on the way are made; see valid_box_path
  std::uint32_t mode = 0644;  // permission bits only
  int fd = -1;                // a regular file or memfd, read from its beginning; borrowed
  // For what several runs need and none changes, above all a compiled program. A memfd that is sealed against writing,
  // growing and shrinking is then copied once for all runs and shown read-only: the program can execute and read it,
  // but neither change nor remove it. Anything else (and what is larger than kSharedBytesMax) is placed as usual.
  bool shared = false;
};

// One run. The descriptors are borrowed: they must stay open until Client::send returns and are never changed, with
// one exception: a memfd given as stdin is sealed against writing when it is not yet, since the program could reopen
// it.
struct Spec {
  std::vector<std::string> argv;  // argv[0] without a slash is looked up in the PATH of `env`
  std::vector<std::string> env;   // NAME=value; nothing else is in the program's environment
  std::string cwd = "/box";
  Limits limits;
  std::vector<PlacedFile> files;
  int archive = -1;   // an Outcome::archive of an earlier run, unpacked into /box before `files`
  int stdin_fd = -1;  // -1: empty. A regular file is read from its beginning, whatever its offset is
  // Where its standard output goes instead of into Outcome::out: a pipe or socket, above all to the program of another
  // box that runs at the same time. Nobody counts what goes there.
  int stdout_fd = -1;
  bool stderr_to_stdout = false;     // one stream, in the order written; Outcome::err is empty
  std::vector<std::string> collect;  // names below /box to return, each a copy of a regular file
  bool collect_tree = false;         // return all regular files of /box as one archive
  // Leaves /box and /tmp to the next run of this client, which then continues in them (its box_bytes and box_inodes
  // are those of the first). The next run without `keep` ends it.
  bool keep = false;
};

// True if `path` may name a file below /box: relative, without empty, "." and ".." parts, without NUL, bounded in
// length and depth. Whether it leads through a symlink is checked where it is opened.
[[nodiscard]] bool valid_box_path(std::string_view path);

// Why `spec` cannot be run, for the log; nothing when it can.
[[nodiscard]] std::optional<std::string> invalid(const Spec& spec);

struct EncodedSpec {
  std::vector<std::byte> bytes;
  std::vector<int> fds;  // borrowed, in the order of SpecView
};

// Fails (with a reason) for an invalid spec and for one that does not fit into one message.
[[nodiscard]] std::optional<EncodedSpec> encode(const Spec& spec, std::string& error);

struct SpecHeader {
  static constexpr std::uint32_t kMagic = 0x35534a50;  // "PJS5"; another layout is another magic
  static constexpr std::uint8_t kPlaced = 0xff;        // instead of a slot: the file comes with the message
  std::uint32_t magic;
  std::uint32_t argv_count;
  std::uint32_t env_count;
  std::uint32_t files_count;
  std::uint32_t collect_count;
  std::uint8_t has_stdin;
  std::uint8_t has_archive;
  std::uint8_t stderr_to_stdout;
  std::uint8_t collect_tree;
  std::uint8_t keep;
  std::uint8_t start;  // written by the keeper: the program is started at once, without another order
  std::uint8_t has_stdout;
  std::uint8_t zero;
  Limits limits;
  std::array<std::uint32_t, kFilesMax> file_modes;
  std::array<std::uint8_t, kFilesMax> file_shared;  // PlacedFile::shared
  std::array<std::uint8_t, kFilesMax> file_slots;   // written by the keeper: which shared file, or kPlaced
};

// A spec as it lies in a message: pointers into the buffer it was parsed from, which must outlive it. Neither parsing
// nor reading allocates, so that the box's init can use it. Descriptors come in the order stdin, stdout, archive, files
// (those without a slot).
struct SpecView {
  SpecHeader header;
  const char* cwd;
  std::array<const char*, kArgumentsMax + 1> argv;  // ends with nullptr
  std::array<const char*, kEnvironmentMax + 1> env;
  std::array<const char*, kFilesMax> files;
  std::array<const char*, kCollectMax> collect;

  // False when the message is no spec or breaks a rule of `invalid`.
  [[nodiscard]] bool parse(std::span<const std::byte> message);
  [[nodiscard]] std::size_t fds_count() const;
};

// Asks for the end of the run that is under way; ignored when there is none.
struct CancelMessage {
  static constexpr std::uint32_t kMagic = 0x58534a50;  // "PJSX"
  std::uint32_t magic = kMagic;
};

}  // namespace pushjudge::sandbox
